// Elements. Everything that is shown becomes a text node: no text is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

/** An HTML element; attributes that are functions are listeners. */
export const html = (name, attributes = {}, ...children) => filled(document.createElement(name), attributes, children);

/** An SVG element. */
export const svg = (name, attributes = {}, ...children) =>
  filled(document.createElementNS(SVG, name), attributes, children);

/** Prose with code between backquotes. */
export const prose = (text) =>
  text.split("`").map((part, nth) => (nth % 2 === 1 ? html("code", {}, part) : part));

/** `1 error`, `2 errors`. */
export const plural = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
