// The text field, with line numbers beside it and marks behind it. Only what can be seen is drawn.

import { html } from "./dom.js";
import { Text, difference } from "./text.js";

/** A line that is longer has no marks: it would be laid out a second time. */
const LONGEST_LINE = 100_000;

/** The most marks in a line. */
const MOST_MARKS = 200;

const SEVERITIES = ["info", "warning", "error"];

export class Editor {
  #field;
  #gutter;
  #layer;
  #marks = [];
  #isWaiting = false;

  /** `changed` is called when the text is another one, `moved` with the offset of the caret. */
  constructor(root, { changed, moved }) {
    this.#field = root.querySelector("textarea");
    this.#gutter = root.querySelector(".gutter");
    this.#layer = root.querySelector(".marks");
    this.text = new Text("");
    const redraw = () => this.#redraw();
    this.#field.addEventListener("scroll", redraw);
    new ResizeObserver(redraw).observe(this.#field);
    this.#field.addEventListener("input", () => {
      const change = difference(this.text.shown, this.#field.value);
      this.text = this.text.edited(this.#field.value, change);
      this.#move(change);
      this.#redraw();
      changed();
    });
    document.addEventListener("selectionchange", () => {
      if (document.activeElement === this.#field) moved(this.#field.selectionStart);
    });
    this.#field.addEventListener("mousemove", (event) => this.#explain(event));
  }

  /** Shows another text, of which nothing can be undone. */
  open(whole) {
    this.text = new Text(whole);
    this.#field.value = this.text.shown;
    this.#field.setSelectionRange(0, 0);
    this.#field.scrollTo(0, 0);
    this.#marks = [];
    this.#redraw();
  }

  /** Makes the text `whole`, as one edit that can be undone. */
  replace(whole) {
    const after = new Text(whole);
    const { start, end, text } = difference(this.#field.value, after.shown);
    this.#field.focus();
    this.#field.setSelectionRange(start, end);
    const command = text === "" ? "delete" : "insertText";
    if (!document.execCommand(command, false, text)) this.#field.setRangeText(text, start, end, "end");
    if (this.#field.value !== after.shown) this.#field.value = after.shown;
    this.text = after;
    this.mark([]);
  }

  /** Marks each of `marks`: where it begins and ends, its severity, and what is said about it. */
  mark(marks) {
    this.#marks = marks.map((mark) => ({
      ...mark,
      first: this.text.line(mark.start),
      last: this.text.line(Math.max(mark.start, mark.end - 1)),
    }));
    this.#redraw();
  }

  /** Selects a part of the text and brings it into view. */
  select(start, end) {
    this.#field.focus({ preventScroll: true });
    this.#field.setSelectionRange(start, end);
    const line = this.text.line(start);
    const { height, top, left } = this.#metrics();
    const visible = this.#field.clientHeight;
    const at = line * height;
    if (at < this.#field.scrollTop || at + height + 2 * top > this.#field.scrollTop + visible) {
      this.#field.scrollTop = Math.max(0, at - visible / 3);
    }
    const character = this.#characterWidth();
    const from = (start - this.text.lines[line]) * character;
    const until = from + Math.min(end - start, 40) * character + 2 * left;
    const { scrollLeft, clientWidth } = this.#field;
    if (from < scrollLeft || until > scrollLeft + clientWidth) {
      this.#field.scrollLeft = until < clientWidth ? 0 : Math.max(0, from - clientWidth / 3);
    }
    this.#field.closest(".editor").scrollIntoView({ block: "nearest" });
  }

  /** Marks stay with their text until it was checked again. */
  #move({ start, end, text }) {
    const shift = text.length - (end - start);
    const moved = (offset) => (offset < end ? Math.min(offset, start) : offset + shift);
    const marks = this.#marks.filter((mark) => mark.end <= start || mark.start >= end);
    this.mark(marks.map((mark) => ({ ...mark, start: moved(mark.start), end: moved(mark.end) })));
  }

  get caret() {
    return this.#field.selectionStart;
  }

  #metrics() {
    const style = getComputedStyle(this.#field);
    const [height, top, left] = [style.lineHeight, style.paddingTop, style.paddingLeft].map(parseFloat);
    return { height, top, left };
  }

  #characterWidth() {
    const probe = html("span", { class: "probe" }, "0".repeat(100));
    this.#layer.append(probe);
    const { width } = probe.getBoundingClientRect();
    probe.remove();
    return width / 100;
  }

  #redraw() {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    requestAnimationFrame(() => {
      this.#isWaiting = false;
      this.#draw();
    });
  }

  #draw() {
    const { height, top, left } = this.#metrics();
    const { scrollTop, scrollLeft, clientHeight } = this.#field;
    const first = Math.max(0, Math.floor((scrollTop - top) / height));
    const last = Math.min(this.text.lines.length - 1, Math.ceil((scrollTop + clientHeight - top) / height));
    const worst = new Map();
    const pieces = new Map();
    for (const mark of this.#marks) {
      if (mark.last < first || mark.first > last) continue;
      const rank = SEVERITIES.indexOf(mark.severity);
      if (rank > (worst.get(mark.first) ?? -1)) worst.set(mark.first, rank);
      for (let line = Math.max(first, mark.first); line <= Math.min(last, mark.last); line++) {
        if (!pieces.has(line)) pieces.set(line, []);
        pieces.get(line).push(mark);
      }
    }
    const place = (line) => `${top + line * height - scrollTop}px`;
    const numbers = [];
    for (let line = first; line <= last; line++) {
      const rank = worst.get(line);
      const number = html("div", { class: rank === undefined ? "" : SEVERITIES[rank] }, String(line + 1));
      number.style.top = place(line);
      numbers.push(number);
    }
    this.#gutter.style.width = `${Math.max(3, String(this.text.lines.length).length) + 2}ch`;
    this.#gutter.replaceChildren(...numbers);
    const rows = [...pieces].map(([line, marks]) => {
      const row = html("div", { class: "row" }, this.#row(line, marks));
      row.style.top = place(line);
      row.style.left = `${left - scrollLeft}px`;
      return row;
    });
    this.#layer.replaceChildren(...rows);
  }

  /** A line up to its last mark, cut where marks begin and end; each piece is as its worst mark. */
  #row(line, marks) {
    const start = this.text.lines[line];
    const end = (this.text.lines[line + 1] ?? this.text.shown.length + 1) - 1;
    if (end - start > LONGEST_LINE) return [];
    const inside = marks.slice(0, MOST_MARKS).map((mark) => {
      const from = Math.min(Math.max(mark.start, start), end);
      return { mark, from, to: Math.min(Math.max(mark.end, from + 1), end + 1) };
    });
    const cuts = [...new Set([start, ...inside.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
    return cuts.slice(0, -1).map((cut, nth) => {
      // A place at the end of a line is as wide as a blank.
      const text = this.text.shown.slice(cut, Math.min(cuts[nth + 1], end)) || " ";
      const here = inside.filter(({ from, to }) => from <= cut && cut < to).map(({ mark }) => mark);
      if (here.length === 0) return text;
      const rank = Math.max(...here.map((mark) => SEVERITIES.indexOf(mark.severity)));
      const piece = html("mark", { class: SEVERITIES[rank] }, text);
      piece.dataset.message = here.map((mark) => mark.message).join("\n");
      return piece;
    });
  }

  /** What is said about the mark below the pointer is the tooltip of the field. */
  #explain({ clientX, clientY }) {
    const isBelow = ({ left, right, top, bottom }) =>
      left <= clientX && clientX <= right && top <= clientY && clientY <= bottom;
    const marks = [...this.#layer.querySelectorAll("mark")];
    const mark = marks.find((mark) => isBelow(mark.getBoundingClientRect()));
    this.#field.title = mark?.dataset.message ?? "";
  }
}

