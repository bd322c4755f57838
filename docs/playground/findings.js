// The list of findings.

import { html, plural, prose } from "./dom.js";

/** The most findings that are listed: nobody reads more, and a page of them would take long to lay out. */
const MOST = 300;

const NAMES = { error: "Error", warning: "Warning", info: "Advice" };

/** The items of the list; `go` is called with a place of the report, `fix` with the number of a finding. */
export function items(file, { go, fix }) {
  const shown = file.findings.slice(0, MOST).map((finding, nth) => item(finding, nth, { go, fix }));
  const more = file.findings.length - shown.length;
  if (more > 0) shown.push(html("li", {}, `${plural(more, "more finding")} not listed: the command line shows all.`));
  for (const { finding, reason } of file.suppressed.slice(0, MOST)) {
    const text = `${finding.rule}, line ${finding.place.start.line}: ignored by the text itself. Reason: ${reason}`;
    shown.push(html("li", { class: "suppressed" }, text));
  }
  return shown;
}

/** A button that leads to a place. */
function place({ start }, go) {
  const text = `line ${start.line}, column ${start.column}`;
  return html("button", { type: "button", class: "place", click: go }, text);
}

function item(finding, nth, { go, fix }) {
  const page = {
    href: `../rules/${finding.rule}.html`,
    target: "_blank",
    rel: "noopener",
    "aria-label": `${finding.rule}: the page of the rule, in a new tab`,
  };
  const related = finding.related.filter(({ label }) => label !== "");
  return html(
    "li",
    { class: `finding ${finding.severity}`, id: `finding-${nth}` },
    html("h3", {}, html("span", { class: "severity" }, NAMES[finding.severity]), " ", prose(finding.message)),
    html("p", { class: "where" }, place(finding.place, () => go(finding.place)), " · ", html("a", page, finding.rule)),
    finding.help === "" ? null : html("p", {}, prose(finding.help)),
    finding.consequence === null ? null : html("p", { class: "consequence" }, prose(finding.consequence.text)),
    related.length === 0
      ? null
      : html("ul", {}, related.map((it) => html("li", {}, place(it, () => go(it)), ": ", prose(it.label)))),
    finding.fix === null ? null : repair(finding.fix, () => fix(nth)),
  );
}

function repair({ title, safety }, fix) {
  const warning = safety === "safe" ? "" : "This changes what the gateway does.";
  return html(
    "p",
    { class: "fix" },
    html("button", { type: "button", click: fix }, "Fix: ", prose(title)),
    warning === "" ? null : html("small", {}, " ", warning),
  );
}

/** What was found, in a line. */
export function count(summary, target, notChecked) {
  if (notChecked !== null) return `Not checked: ${notChecked}.`;
  const words = [
    [summary.errors, "error"],
    [summary.warnings, "warning"],
    [summary.infos, "piece of advice"],
    [summary.suppressed, "suppressed"],
  ];
  const counted = words.filter(([count]) => count > 0).map(([count, word]) => amount(count, word));
  const why = { default: "newest", settings: "chosen here", schema: "named by $schema" }[target.origin];
  const gateway = `KrakenD ${target.edition.toUpperCase()} ${target.version} (${why})`;
  return `${counted.join(", ") || "No findings"}. Checked against ${gateway}.`;
}

function amount(count, word) {
  if (word === "suppressed") return `${count} suppressed`;
  return word === "piece of advice" && count !== 1 ? `${count} pieces of advice` : plural(count, word);
}
