#!/usr/bin/env node
// Starts the program of the package for this system, which npm installed beside this one.
"use strict";
const { spawnSync } = require("node:child_process");
const { constants } = require("node:os");

const name = `${process.platform}-${process.arch}`;
const file = process.platform === "win32" ? "otel-lint.exe" : "otel-lint";

function find() {
  if (process.env.OTEL_LINT_BINARY) return process.env.OTEL_LINT_BINARY;
  try {
    return require.resolve(`@otel-lint/${name}/${file}`);
  } catch {
    console.error(
      `otel-lint: the package @otel-lint/${name} is not installed. Either there is none for this system, or npm ` +
        "was told to leave out optional dependencies (--omit=optional), which hold the program. Other ways to " +
        "install it: https://github.com/otel-lint/otel-lint#install",
    );
    process.exit(2);
  }
}

const run = spawnSync(find(), process.argv.slice(2), { stdio: "inherit", windowsHide: true });
if (run.error) {
  console.error(`otel-lint: cannot start the program: ${run.error.message}`);
  process.exit(2);
}
// Ended by a signal: the status that a shell would give.
process.exit(run.signal ? 128 + (constants.signals[run.signal] ?? 0) : run.status);
