// The page: what is chosen, what is checked, what is shown.

import { draw } from "./diagram.js";
import { html, plural } from "./dom.js";
import { Editor } from "./editor.js";
import { Engine } from "./engine.js";
import * as list from "./findings.js";
import { fromFragment, toFragment } from "./share.js";

const EXAMPLES = [
  ["http-without-port.json", "JSON: an exporter, and no traces"],
  ["configmap.yaml", "YAML: in a Kubernetes manifest"],
  ["sampling.toml", "TOML: a sample rate of 0"],
  ["gateway.tmpl", "A template"],
];

/** The largest file that is opened, in bytes. */
const LARGEST = 20_000_000;

/** How long, in milliseconds, the text must rest before it is checked. */
const REST = 120;

const part = (id) => document.getElementById(id);
const [format, edition, version, pedantic] = ["format", "edition", "version", "pedantic"].map(part);
const engine = new Engine();
const editor = new Editor(part("editor"), { changed, moved });

/** The name of the file; empty for a text that was typed or pasted. */
let name = "";
/** The findings that are shown, and where they begin and end in the field. */
let found = [];
let timer = 0;
/** Counts texts and choices: an answer about an earlier one is of no use. */
let round = 0;
/** The round whose findings are shown. */
let shownRound = -1;
let isBusy = false;

function choices() {
  return JSON.stringify({
    name,
    format: format.value,
    edition: edition.value,
    version: version.value,
    pedantic: pedantic.checked,
  });
}

function say(text) {
  part("note").textContent = text;
}

/** The text or a choice has changed: it is checked as soon as it rests. */
function changed() {
  round++;
  clearTimeout(timer);
  timer = setTimeout(check, REST);
}

async function check() {
  if (isBusy) return;
  isBusy = true;
  const asked = round;
  let answer;
  try {
    answer = await engine.call("check", editor.text.whole, choices());
  } catch (error) {
    answer = { failed: error.message };
  }
  isBusy = false;
  if (asked !== round) return check();
  shownRound = round;
  if (answer.failed === undefined) show(answer);
  else fail(answer.failed);
}

function fail(reason) {
  part("count").textContent = `Not checked: ${reason}.`;
  part("findings").replaceChildren();
  part("effective").replaceChildren();
  part("fix-all").hidden = true;
  found = [];
  editor.mark([]);
}

function span({ start, end }) {
  return { start: editor.text.offset(start), end: editor.text.offset(end) };
}

function show(answer) {
  const [file] = answer.report.files;
  found = file.findings.map((finding) => ({ ...span(finding.place), ...finding }));
  editor.mark(found.map(({ start, end, severity, message }) => ({ start, end, severity, message })));
  const counted = list.count(answer.report.summary, file.target, answer.notChecked);
  part("count").textContent = `${counted} Read as ${answer.format}.`;
  part("findings").replaceChildren(...list.items(file, { go, fix }));
  const all = part("fix-all");
  all.hidden = answer.safeFixes === 0;
  all.textContent = `Apply ${plural(answer.safeFixes, "safe fix").replace(/fixs$/, "fixes")}`;
  showEffective(answer);
  moved(editor.caret);
}

let inForce = [];

function showEffective({ effective, notEffective }) {
  inForce = effective;
  if (notEffective !== null) {
    part("effective").replaceChildren(html("p", {}, `Not known: this is ${notEffective}.`));
    return;
  }
  // Two figures of the same width: one for each configuration in the text.
  const figures = effective.slice(0, 10).map(({ text }) =>
    html("figure", {}, html("div", { class: "picture" }), html("pre", { tabindex: "0", "aria-label": "In words" }, text)),
  );
  const more = effective.length - figures.length;
  if (more > 0) figures.push(html("p", {}, `${plural(more, "more configuration")} not shown.`));
  part("effective").replaceChildren(...figures);
  drawPictures();
}

function drawPictures() {
  part("effective").querySelectorAll(".picture").forEach((place, nth) => {
    const picture = draw(inForce[nth].outline, Math.min(620, place.clientWidth));
    place.replaceChildren(...(picture === null ? [] : [picture]));
  });
}
let drawnWidth = 0;
new ResizeObserver(([{ contentRect }]) => {
  if (contentRect.width !== drawnWidth) drawPictures();
  drawnWidth = contentRect.width;
}).observe(part("effective"));

/** Goes to a place of the report. */
function go(place) {
  const { start, end } = span(place);
  editor.select(start, end);
}

async function fix(nth) {
  // The number is one of the findings that are shown; all safe fixes are those of the text as it is.
  if (nth !== undefined && shownRound !== round) return say("The text is being checked. Try again.");
  const asked = round;
  try {
    const fixed = await engine.call("fix", editor.text.whole, choices(), nth);
    if (asked !== round) return;
    if (fixed.count === 0) return say("Nothing can be changed here.");
    editor.replace(fixed.text);
    changed();
    say(`${plural(fixed.count, "fix").replace(/fixs$/, "fixes")} applied. Undo takes it back.`);
  } catch (error) {
    say(`Not fixed: ${error.message}.`);
  }
}

/** The finding at the caret is the current one in the list. */
function moved(caret) {
  const current = found.findIndex(({ start, end }) => start <= caret && caret <= end);
  for (const item of part("findings").querySelectorAll("[aria-current]")) item.removeAttribute("aria-current");
  part(`finding-${current}`)?.setAttribute("aria-current", "true");
}

function next(step) {
  if (found.length === 0) return say("There are no findings.");
  const caret = editor.caret;
  const starts = found.map(({ start }) => start);
  const after = step > 0 ? starts.findIndex((start) => start > caret) : starts.findLastIndex((start) => start < caret);
  const nth = after !== -1 ? after : step > 0 ? 0 : found.length - 1;
  const { start, end, severity, message } = found[nth];
  editor.select(start, end);
  part(`finding-${nth}`)?.scrollIntoView({ block: "nearest" });
  say(`${severity}: ${message.replaceAll("`", "")}`);
}

/** Shows a text from elsewhere. */
function open(text, called) {
  name = called;
  editor.open(text);
  part("source-title").textContent = called === "" ? "Configuration" : called;
  changed();
}

async function openFile(file) {
  if (file.size > LARGEST) return say(`${file.name} is not opened: it is larger than 20 MB. The command line takes it.`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer());
    format.value = "";
    open(text, file.name);
    say(`${file.name} is open.`);
  } catch {
    say(`${file.name} is not opened: it is not text in UTF-8.`);
  }
}

function save() {
  const link = html("a", { download: name || "krakend.json" });
  link.href = URL.createObjectURL(new Blob([editor.text.whole], { type: "text/plain" }));
  link.click();
  URL.revokeObjectURL(link.href);
}

async function share() {
  const shared = { ...JSON.parse(choices()), text: editor.text.whole };
  history.replaceState(null, "", `#${await toFragment(shared)}`);
  const warning = "It holds the whole text: take passwords and tokens out before you share it.";
  try {
    await navigator.clipboard.writeText(location.href);
    say(`The link is copied. ${warning}`);
  } catch {
    say(`The link is in the address bar. ${warning}`);
  }
}

async function openLink() {
  try {
    const shared = await fromFragment(location.hash.slice(1));
    // What is not among the options leaves a choice as it is.
    for (const select of [format, edition, version]) {
      const options = [...select.options].map(({ value }) => value);
      if (options.includes(shared[select.id])) select.value = shared[select.id];
    }
    pedantic.checked = shared.pedantic === true;
    open(shared.text, typeof shared.name === "string" ? shared.name : "");
  } catch (error) {
    say(`The link cannot be read: ${error.message}.`);
  }
}

async function openExample(file) {
  const answer = await fetch(`examples/${file}`);
  if (!answer.ok) return say(`The example cannot be loaded: ${answer.status}.`);
  format.value = "";
  open(await answer.text(), file);
}

part("open").addEventListener("click", () => part("file").click());
part("file").addEventListener("change", ({ target }) => {
  if (target.files.length > 0) openFile(target.files[0]);
  target.value = "";
});
part("save").addEventListener("click", save);
part("share").addEventListener("click", share);
part("fix-all").addEventListener("click", () => fix(undefined));
part("example").append(...EXAMPLES.map(([file, title]) => html("option", { value: file }, title)));
part("example").addEventListener("change", ({ target }) => target.value !== "" && openExample(target.value));
for (const choice of [format, edition, version, pedantic]) choice.addEventListener("change", changed);
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
document.addEventListener("keydown", (event) => {
  if (event.key !== "F8") return;
  event.preventDefault();
  next(event.shiftKey ? -1 : 1);
});
for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });
}
document.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length === 0) return;
  event.preventDefault();
  openFile(event.dataTransfer.files[0]);
});
addEventListener("hashchange", openLink);

try {
  const { releases } = await engine.call("about");
  version.append(...releases.map((release) => html("option", {}, release)));
} catch (error) {
  fail(error.message);
}
if (location.hash.length > 1) await openLink();
else await openExample(EXAMPLES[0][0]);
