// A session of the library that the extension's client is made of, with a real server: the one that
// OTEL_LINT names, else the one on the PATH.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import test from "node:test";
import protocol from "vscode-languageserver-protocol/node.js";

const {
  CodeActionRequest, CodeActionResolveRequest, CompletionRequest, DefinitionRequest,
  DidChangeTextDocumentNotification, DidOpenTextDocumentNotification, DocumentSymbolRequest,
  ExitNotification, HoverRequest, InitializeRequest, InitializedNotification, InlayHintRequest,
  PublishDiagnosticsNotification, RenameRequest, ShutdownRequest, createProtocolConnection,
  StreamMessageReader, StreamMessageWriter,
} = protocol;

const uri = "file:///nowhere/krakend.json";
const text = `{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "😀", "host": "collector", "use_http": true }]
      }
    }
  }
}
`;

test("the server and the client library understand each other", async () => {
  const server = spawn(process.env.OTEL_LINT ?? "otel-lint", ["lsp", "--no-config"]);
  const ended = new Promise((resolve) => server.on("exit", resolve));
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const published = [];
  let wake = () => {};
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    published.push(params);
    wake();
  });
  const diagnostics = async (version) => {
    for (;;) {
      const found = published.find((params) => params.version === version);
      if (found) {
        return found.diagnostics;
      }
      await new Promise((resolve) => (wake = resolve));
    }
  };
  connection.listen();
  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    initializationOptions: { inlayHints: true },
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      textDocument: {
        codeAction: { resolveSupport: { properties: ["edit"] } },
        documentSymbol: { hierarchicalDocumentSymbolSupport: true },
      },
    },
  });
  assert.equal(capabilities.positionEncoding, "utf-16");
  await connection.sendNotification(InitializedNotification.type, {});
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "json", version: 1, text },
  });
  const [finding] = await diagnostics(1);
  assert.equal(finding.code, "otlp-http-without-port");

  const textDocument = { uri };
  const actions = await connection.sendRequest(CodeActionRequest.type, {
    textDocument,
    range: finding.range,
    context: { diagnostics: [finding] },
  });
  const suppress = actions.find((action) => action.title.startsWith("Ignore"));
  const resolved = await connection.sendRequest(CodeActionResolveRequest.type, suppress);
  assert.match(resolved.edit.changes[uri][0].newText, /otlp-http-without-port/);

  // Behind an astral character, columns are UTF-16 code units.
  const line = text.split("\n")[5];
  const at = (needle) => ({ line: 5, character: line.indexOf(needle) + 1 });
  const hover = await connection.sendRequest(HoverRequest.type, { textDocument, position: at('"use_http"') });
  assert.equal(hover.range.start.character, line.indexOf('"use_http"'));
  const items = await connection.sendRequest(CompletionRequest.type, { textDocument, position: at('"use_http"') });
  assert.ok(items.some((item) => item.label === "disable_metrics"));
  const [place] = await connection.sendRequest(DefinitionRequest.type, { textDocument, position: at('"😀"') });
  assert.equal(place.range.start.character, line.indexOf('"😀"'));
  const renamed = await connection.sendRequest(RenameRequest.type, {
    textDocument, position: at('"😀"'), newName: "main",
  });
  assert.equal(renamed.changes[uri][0].newText, '"main"');
  const [symbol] = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
  assert.equal(symbol.children[0].name, "😀");
  const whole = { start: { line: 0, character: 0 }, end: { line: 20, character: 0 } };
  const hints = await connection.sendRequest(InlayHintRequest.type, { textDocument, range: whole });
  assert.ok(hints.some((hint) => hint.label === "port 4317"));

  const fix = actions.find((action) => action.title.startsWith("Set the port"));
  await connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: fix.edit.changes[uri].map(({ range, newText }) => ({ range, text: newText })),
  });
  assert.deepEqual(await diagnostics(2), []);
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  assert.equal(await ended, 0);
  connection.dispose();
});
