// Starts `otel-lint lsp` for the files of this editor. All that is known about them, the server knows.

import { existsSync } from "node:fs";
import * as path from "node:path";
import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

/** The program: the one that the user names, the one in the extension, or the one on the PATH. */
function program(context: vscode.ExtensionContext): string {
  const named = vscode.workspace.getConfiguration("otel-lint").get<string>("path", "");
  if (named !== "") {
    return named;
  }
  const name = process.platform === "win32" ? "otel-lint.exe" : "otel-lint";
  const bundled = path.join(context.extensionPath, "bin", name);
  return existsSync(bundled) ? bundled : name;
}

/** What the server is told about the user's choices. */
function options(): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration("otel-lint");
  return { inlayHints: settings.get("inlayHints"), flexible: settings.get("flexible") };
}

async function start(context: vscode.ExtensionContext): Promise<void> {
  const flags = vscode.workspace.getConfiguration("otel-lint").get<string[]>("arguments", []);
  const command = program(context);
  const server: ServerOptions = { command, args: ["lsp", ...flags] };
  const files: LanguageClientOptions = {
    documentSelector: [
      ...["json", "jsonc", "yaml", "toml", "helm"].map((language) => ({ language })),
      { pattern: "**/*.{tmpl,tpl,gotmpl}" },
      { pattern: "**/{otel-lint,.otel-lint}.toml" },
    ],
    initializationOptions: options(),
    synchronize: { configurationSection: "otel-lint" },
  };
  client = new LanguageClient("otel-lint", "otel-lint", server, files);
  try {
    await client.start();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const settings = "Open Settings";
    const chosen = await vscode.window.showErrorMessage(
      `otel-lint: cannot start ${command}: ${reason}`,
      settings,
    );
    if (chosen === settings) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "otel-lint.path");
    }
  }
}

async function restart(context: vscode.ExtensionContext): Promise<void> {
  await deactivate();
  await start(context);
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("otel-lint.restart", () => restart(context)),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("otel-lint.path") || change.affectsConfiguration("otel-lint.arguments")) {
        await restart(context);
      }
    }),
  );
  await start(context);
}

export async function deactivate(): Promise<void> {
  await client?.dispose();
  client = undefined;
}
