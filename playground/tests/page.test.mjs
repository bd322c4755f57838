// The page as people use it, in a headless Chromium.
//
//     SITE=target/site node --test playground/tests/
//
// PICTURES names a folder for pictures of it.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { Browser, serve } from "./browser.mjs";

const site = path.resolve(process.env.SITE ?? path.join(import.meta.dirname, "../../target/site"));
const pictures = process.env.PICTURES;
const folder = mkdtempSync(path.join(tmpdir(), "playground-files-"));

let server;
let browser;
let address;

before(async () => {
  server = await serve(site);
  address = `${server.address}playground/index.html`;
  browser = new Browser();
  if (pictures !== undefined) mkdirSync(pictures, { recursive: true });
});

after(async () => {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
});

const CHECKED = "document.querySelector('#count').textContent.includes('Checked against')";

/** The page with its first example checked. */
async function opened(options, fragment = "") {
  const page = await browser.open(address + fragment, options);
  await page.until(CHECKED);
  return page;
}

/** Everything that is listed: rule, and the text that is selected by the button of its place. */
const LISTED = `[...document.querySelectorAll(".finding")].map((item) => {
  item.querySelector(".place").click();
  const field = document.querySelector("textarea");
  return [item.querySelector("a").textContent, field.value.slice(field.selectionStart, field.selectionEnd)];
})`;

/** Puts `text` in the place of what the field shows, as somebody who types. */
async function write(page, text) {
  await page.evaluate("document.querySelector('textarea').focus()");
  await page.press("a", 2);
  await page.type(text);
}

async function openFile(page, name, content) {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  const { result } = await page.send("Runtime.evaluate", { expression: "document.querySelector('#file')" });
  await page.send("DOM.setFileInputFiles", { files: [file], objectId: result.objectId });
}

async function picture(page, name, whole = false) {
  if (pictures !== undefined) writeFileSync(path.join(pictures, `${name}.png`), await page.picture(whole));
}

const CONFIGURATION = (exporter) =>
  `{ "version": 3, "extra_config": { "telemetry/opentelemetry": { "exporters": { "otlp": [${exporter}] } } }, "endpoints": [] }`;

test("findings appear while somebody types, at their places", async () => {
  const page = await opened();
  await write(page, CONFIGURATION('{ "name": "😀c", "host": "h", "port": 70000 }'));
  await page.until("document.querySelector('#count').textContent.startsWith('1 error')");
  assert.deepEqual(await page.evaluate(LISTED), [["port-range", "70000"]]);
  const marked = await page.evaluate("[...document.querySelectorAll('mark')].map((mark) => mark.textContent)");
  assert.deepEqual(marked, ["70000"]);
  // The mark lies behind the very text: one that is as wide as the text before it begins there.
  const { left, width } = await page.evaluate(`(() => {
    const mark = document.querySelector("mark").getBoundingClientRect();
    return { left: mark.left - document.querySelector("textarea").getBoundingClientRect().left, width: mark.width };
  })()`);
  assert.ok(left > 100 && width > 20, `${left} ${width}`);
  await page.type(" ");
  await page.until("document.querySelector('mark') !== null");
  assert.deepEqual(page.errors, []);
  await page.close();
});

test("a file with CRLF and characters of two units keeps them, and its places are right", async () => {
  const page = await opened();
  const lines = ["{", '  "version": 3, "name": "📚📚",', '  "extra_config": { "telemetry/opentelemetry": {', '    "exporters": {'];
  lines.push('      "otlp": [{ "name": "📚", "host": "h", "port": 70000 }]', "    } } }", "}", "");
  const text = lines.join("\r\n");
  await openFile(page, "krakend.json", text);
  await page.until("document.querySelector('#count').textContent.startsWith('1 error')");
  assert.deepEqual(await page.evaluate(LISTED), [["port-range", "70000"]]);
  // A line that is typed ends as the others.
  await page.evaluate("document.querySelector('textarea').setSelectionRange(1, 1)");
  await page.type("\n ");
  await page.until(`!document.querySelector(".finding .where").textContent.includes("line 5")`);
  assert.deepEqual(await page.evaluate(LISTED), [["port-range", "70000"]]);
  await page.evaluate("document.querySelector('#share').click()");
  await page.until("location.hash.length > 1");
  const shared = await page.evaluate("import('./share.js').then((share) => share.fromFragment(location.hash.slice(1)))");
  assert.equal(shared.text, text.replace("{", "{\r\n "));
  assert.equal(shared.name, "krakend.json");
  await page.close();
});

test("texts keep their line ends whatever is edited", async () => {
  const page = await opened();
  const wrong = await page.evaluate(`import("./text.js").then(({ Text }) => {
    let seed = 7;
    const random = (most) => (seed = (seed * 48271) % 2147483647) % most;
    const word = (most) => Array.from({ length: random(most) }, () => ["a", "\\r\\n", "\\n", "😀", "\\r", " "][random(6)]).join("");
    const wrong = [];
    for (let round = 0; round < 3000; round++) {
      const text = new Text(word(14));
      const from = random(text.shown.length + 1);
      const until = from + random(text.shown.length - from + 1);
      const shown = text.shown.slice(0, from) + word(4).replace(/\\r\\n?/g, "\\n") + text.shown.slice(until);
      const edited = text.edited(shown);
      if (edited.shown !== shown) wrong.push(["shown", text.whole, shown]);
      // Places of the report, which counts lines by LF, in what is shown.
      let [line, utf16] = [1, 1];
      for (let at = 0; at < edited.whole.length; at++) {
        const expected = edited.whole.slice(0, at).replace(/\\r\\n?/g, "\\n").length;
        const isPair = edited.whole[at - 1] === "\\r" && edited.whole[at] === "\\n";
        if (!isPair && edited.offset({ line, utf16 }) !== expected) wrong.push(["offset", edited.whole, at]);
        [line, utf16] = edited.whole[at] === "\\n" ? [line + 1, 1] : [line, utf16 + 1];
      }
    }
    const crlf = new Text("a\\r\\nb\\r\\n").edited("a\\nx\\nb\\n").whole;
    if (crlf !== "a\\r\\nx\\r\\nb\\r\\n") wrong.push(["line end", crlf]);
    return wrong.slice(0, 3);
  })`);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("one fix and all safe fixes change the text, and can be undone", async () => {
  const page = await opened();
  const bad = CONFIGURATION('{ "name": "c", "host": "collector", "port": 4318, "use_http": "true" }');
  await write(page, bad);
  // The findings of the text before may still be there.
  const item = `[...document.querySelectorAll(".finding")].find((one) => [...one.querySelectorAll("a")].some((a) => a.textContent === "wrong-type"))`;
  await page.until(`${item}?.querySelector(".fix button")`);
  const rule = "wrong-type";
  await page.evaluate(`${item}.querySelector(".fix button").click()`);
  await page.until(`document.querySelector("textarea").value.includes('"use_http": true')`);
  await page.until(`${CHECKED} && ![...document.querySelectorAll(".finding a")].some((a) => a.textContent === ${JSON.stringify(rule)})`);
  await page.press("z", 2);
  await page.until(`document.querySelector("textarea").value.includes('"use_http": "true"')`);
  assert.equal(await page.evaluate("document.querySelector('textarea').value"), bad);
  await page.until("!document.querySelector('#fix-all').hidden");
  await page.evaluate("document.querySelector('#fix-all').click()");
  await page.until(`document.querySelector("textarea").value.includes('"use_http": true')`);
  await page.until("document.querySelector('#fix-all').hidden");
  await page.close();
});

test("a link brings back the text and what was chosen", async () => {
  const page = await opened();
  await write(page, CONFIGURATION('{ "name": "größe 😀", "host": "h", "port": 4317 }'));
  await page.evaluate(`for (const [id, value] of [["format", "yaml"], ["edition", "ee"], ["version", "2.9.4"]]) {
    document.getElementById(id).value = value;
  }
  document.getElementById("pedantic").click();
  document.getElementById("share").click();`);
  await page.until("location.hash.length > 1");
  const fragment = await page.evaluate("location.hash");
  assert.match(fragment, /^#[\w-]+$/);
  const again = await opened({}, fragment);
  const state = `JSON.stringify(["text", "format", "edition", "version"].map((id) => document.getElementById(id).value))
    + document.getElementById("pedantic").checked`;
  assert.equal(await again.evaluate(state), await page.evaluate(state));
  const count = "document.getElementById('count').textContent";
  assert.match(await again.evaluate(count), /Checked against KrakenD EE 2\.9\.4 \(chosen here\)\. Read as YAML\./);
  await page.close();
  await again.close();
});

test("a link that is none, or comes to too much, is refused", async () => {
  const page = await opened();
  const bomb = await page.evaluate(`import("./share.js").then((share) => share.toFragment({ text: " ".repeat(30_000_000) }))`);
  assert.ok(bomb.length < 100_000);
  for (const fragment of ["x", "AAAA", "%00", bomb]) {
    await page.evaluate("document.getElementById('note').textContent = ''");
    await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);
    await page.until("document.getElementById('note').textContent.startsWith('The link cannot be read')");
  }
  await page.close();
});

test("everything can be done with the keyboard", async () => {
  const page = await opened();
  const seen = [];
  for (let step = 0; step < 40; step++) {
    await page.press("Tab");
    const where = await page.evaluate(`(() => {
      const { id, className, tagName, textContent } = document.activeElement;
      return id || className || (tagName === "A" ? "a" : tagName === "BODY" ? "" : textContent);
    })()`);
    if (where === "") break;
    seen.push(where);
  }
  for (const id of ["skip", "example", "format", "edition", "version", "pedantic", "open", "save", "share", "text", "place"]) {
    assert.ok(seen.includes(id), `${id} is not reached: ${seen}`);
  }
  assert.ok(seen.some((text) => text.startsWith("Fix: ")), `no fix is reached: ${seen}`);
  // From finding to finding, and the one at the caret is the current one in the list.
  await page.evaluate("document.querySelector('textarea').focus(); document.querySelector('textarea').setSelectionRange(0, 0)");
  const current = "document.querySelector('[aria-current]')?.id";
  const order = [];
  for (let step = 0; step < 3; step++) {
    const last = order.at(-1) ?? (await page.evaluate(`${current} ?? ""`));
    await page.press("F8");
    // The list follows the caret, a moment later.
    await page.until(`${current} !== undefined && ${current} !== ${JSON.stringify(last)}`);
    order.push(await page.evaluate(current));
  }
  assert.equal(new Set(order).size > 1, true, `${order}`);
  await page.press("F8", 8);
  assert.equal(await page.evaluate("document.activeElement.id"), "text");
  // A fix by Enter.
  const before = await page.evaluate("document.querySelector('textarea').value");
  await page.evaluate("document.querySelector('.fix button').focus()");
  await page.press("Enter");
  await page.until(`document.querySelector("textarea").value !== ${JSON.stringify(before)}`);
  await page.close();
});

test("everything has a name for screen readers, and the count is told", async () => {
  const page = await opened();
  await page.send("Accessibility.enable");
  const { nodes } = await page.send("Accessibility.getFullAXTree");
  const roles = ["button", "textbox", "combobox", "checkbox", "link", "image", "heading"];
  const nameless = nodes.filter(({ ignored, role, name }) => !ignored && roles.includes(role?.value) && !name?.value);
  assert.deepEqual(nameless.map(({ role, properties }) => [role.value, properties]), []);
  assert.equal(await page.evaluate("document.getElementById('count').getAttribute('aria-live')"), "polite");
  await page.close();
});

/** The least contrast of texts with what is behind them, by the formula of WCAG. */
const CONTRAST = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, nth) => sum + c * [0.2126, 0.7152, 0.0722][nth], 0);
  const behind = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color[3] !== 0) return color;
    }
    return [255, 255, 255];
  };
  let worst = [99, ""];
  for (const element of document.querySelectorAll("body *")) {
    const isText = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
    if (!isText || element.closest(".marks, svg, noscript, .skip") || element.offsetParent === null) continue;
    const [a, b] = [light(channels(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < worst[0]) worst = [contrast, element.outerHTML.slice(0, 80)];
  }
  return worst;
})()`;

for (const [name, options] of Object.entries({
  desktop: {},
  dark: { isDark: true },
  phone: { width: 360, height: 740, isPhone: true },
  "phone-dark": { width: 360, height: 740, isPhone: true, isDark: true },
})) {
  test(`it fits and can be read: ${name}`, async () => {
    const page = await opened(options);
    const [wide, inside] = await page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]");
    assert.ok(wide <= inside, `${wide} pixels in a window of ${inside}`);
    const [contrast, element] = await page.evaluate(CONTRAST);
    assert.ok(contrast >= 4.5, `${contrast}: ${element}`);
    const ground = await page.evaluate("getComputedStyle(document.body).backgroundColor");
    assert.equal(ground === "rgb(255, 255, 255)", !options.isDark);
    assert.ok(await page.evaluate("document.querySelector('svg.diagram text') !== null"));
    await picture(page, name);
    await picture(page, `${name}-whole`, true);
    for (const example of ["configmap.yaml", "sampling.toml", "gateway.tmpl"]) {
      await page.evaluate(`(() => {
        const select = document.getElementById("example");
        select.value = ${JSON.stringify(example)};
        select.dispatchEvent(new Event("change"));
      })()`);
      await page.until(`document.getElementById("source-title").textContent === ${JSON.stringify(example)} && ${CHECKED}`);
      await page.until("document.querySelector('.finding') !== null");
      await picture(page, `${name}-${example}`);
    }
    assert.deepEqual(page.errors, []);
    await page.close();
  });
}

test("nothing leaves the browser", async () => {
  const page = await opened();
  const loaded = page.requests.length;
  assert.ok(page.requests.every((url) => url.startsWith(server.address) || url.startsWith("data:")), `${page.requests}`);
  await write(page, CONFIGURATION('{ "name": "c", "host": "h", "port": 70000 }'));
  await page.until("document.querySelector('#count').textContent.startsWith('1 error')");
  await page.evaluate("document.getElementById('share').click()");
  await page.until("location.hash.length > 1");
  assert.deepEqual(page.requests.slice(loaded), []);
  const elsewhere = "http://127.0.0.1:1/";
  for (const attempt of [
    `fetch(${JSON.stringify(elsewhere)})`,
    `new Promise((resolve, reject) => {
      const image = new Image();
      [image.onload, image.onerror] = [resolve, () => reject(new Error("refused"))];
      image.src = ${JSON.stringify(elsewhere)};
    })`,
  ]) {
    await assert.rejects(page.evaluate(attempt));
  }
  const refused = page.errors.filter((text) => text.includes("Content Security Policy"));
  assert.equal(refused.length >= 2, true, `${page.errors}`);
  await page.close();
});

test("rules link to their pages in the site", async () => {
  const page = await opened();
  const links = await page.evaluate("[...document.querySelectorAll('.finding a')].map((a) => new URL(a.href).pathname)");
  assert.ok(links.length > 0);
  for (const link of links) assert.ok(existsSync(path.join(site, link)), link);
  await page.close();
});

test("whatever is opened, the page says what became of it and goes on", async () => {
  const page = await opened();
  const note = "document.getElementById('note').textContent";
  await openFile(page, "latin.json", Buffer.from([0x7b, 0xe9, 0x7d]));
  await page.until(`${note}.includes("not text in UTF-8")`);
  const count = "document.getElementById('count').textContent";
  for (const [name, text] of [
    ["empty.json", ""],
    ["deep.json", "[".repeat(100_000)],
    ["deep-objects.json", '{"a":'.repeat(9_000) + "1" + "}".repeat(9_000)],
    ["deep.yaml", "[".repeat(9_000)],
    ["deep-block.yaml", Array.from({ length: 2_000 }, (_, n) => `${" ".repeat(n)}a:`).join("\n")],
    ["actions.tmpl", "{{ if a }}".repeat(5_000)],
    ["markup.json", '{"version":3,"name":"<img src=x onerror=alert(1)>","extra_config":{"telemetry/opentelemetry":{"exporters":{"otlp":[{"name":"<b>x</b>","host":"<script>","port":0.5}]}}}}'],
  ]) {
    await openFile(page, name, text);
    await page.until(`document.getElementById("source-title").textContent === ${JSON.stringify(name)}`);
    await page.until(`/Checked against|Not checked|No findings/.test(${count}) && document.querySelector("#effective").childNodes.length >= 0`);
    await page.until("document.querySelector('b, img, #findings script') === null");
  }
  // After all that it still works.
  await write(page, CONFIGURATION('{ "name": "c", "host": "h", "port": 70000 }'));
  await page.evaluate("document.getElementById('format').value = 'json'; document.getElementById('format').dispatchEvent(new Event('change'))");
  await page.until(`${count}.startsWith("1 error")`);
  await page.close();
});
