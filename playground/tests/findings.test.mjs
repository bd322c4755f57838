// The engine in a browser says what the command line says, of every file.
//
//     SITE=target/site OTEL_LINT=target/release/otel-lint node --test playground/tests/
//
// CORPUS names more folders, separated by `:`.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import test from "node:test";

import { Browser, serve } from "./browser.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const site = path.resolve(process.env.SITE ?? path.join(root, "target/site"));
const program = path.resolve(process.env.OTEL_LINT ?? path.join(root, "target/debug/otel-lint"));

const folders = ["fixtures", "docs/playground/examples"].map((folder) => path.join(root, folder));
folders.push(...(process.env.CORPUS ?? "").split(":").filter((folder) => folder !== ""));

function files(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const all = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  return all.sort();
}

/** What the command line says of one file: its report, or why there is none. */
function told(file, flags) {
  const run = spawnSync(program, ["--no-config", "--output-format", "json", "--max-findings", "0", ...flags, file], {
    cwd: path.dirname(file),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  const report = JSON.parse(run.stdout);
  return { report, error: run.stderr };
}

const CHOICES = [
  { name: "", format: "", edition: "ce", version: "", pedantic: true },
  { name: "", format: "", edition: "ee", version: "2.9.4", pedantic: false },
];

function flags({ edition, version, pedantic }) {
  return [
    ...["--edition", edition],
    ...(version === "" ? [] : ["--krakend-version", version]),
    ...(pedantic ? ["--pedantic"] : []),
  ];
}

test("the findings are those of the command line", { timeout: 1_200_000 }, async (context) => {
  const server = await serve(site);
  const browser = new Browser();
  context.after(async () => {
    await browser.close();
    server.close();
  });
  const page = await browser.open(`${server.address}playground/index.html`);
  await page.evaluate(`import("./engine/engine.js").then(async (engine) => { await engine.default(); globalThis.engine = engine; })`);
  const differences = [];
  let [compared, findings, skipped] = [0, 0, 0];
  for (const file of folders.flatMap(files)) {
    const bytes = readFileSync(file);
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      // The page opens no such file, and says so.
      skipped++;
      continue;
    }
    for (const chosen of CHOICES) {
      const choices = JSON.stringify({ ...chosen, name: file });
      const answer = await page.evaluate(`engine.check(${JSON.stringify(text)}, ${JSON.stringify(choices)})`);
      const { report, error } = told(file, flags(chosen));
      const [here] = JSON.parse(answer).report.files;
      const [there] = report.files;
      // What was rendered as a part of a project, or could not be, was not checked on its own.
      if (report.files.length !== 1 || there.content === "rendered" || error.includes(": rendered with ")) {
        skipped++;
        continue;
      }
      compared++;
      findings += there.findings.length;
      // A fingerprint is of the path from the root of a repository, which the page does not have.
      const plain = ({ findings, suppressed }) =>
        JSON.stringify([findings, suppressed], (key, value) => (key === "fingerprint" ? undefined : value));
      const isUnread = there.content === null;
      const isSame = isUnread ? here.content === "unrecognised" && here.findings.length === 0 : plain(here) === plain(there);
      if (!isSame) differences.push(`${path.relative(root, file)} ${JSON.stringify(chosen)}\n  ${plain(here).slice(0, 400)}\n  ${plain(there).slice(0, 400)}\n  ${error.slice(0, 200)}`);
    }
  }
  context.diagnostic(`${compared} reports with ${findings} findings compared; ${skipped} not compared`);
  assert.deepEqual(differences, []);
  assert.ok(compared > 200 && findings > 150, `${compared} reports, ${findings} findings`);
});
