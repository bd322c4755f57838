//! Settings files: found, open, wrong; and projects of flexible configurations.

use serde_json::{Value, json};

use crate::client::{Client, able, uri};
use crate::program::{BAD, Folder, WARN};

fn codes(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|one| one["code"].as_str().unwrap_or("-")).collect()
}

#[test]
fn settings_are_found_and_read_again() {
    let folder = Folder::new("lsp-settings");
    folder.write("a/krakend.json", WARN).write("otel-lint.toml", "");
    let config = uri(&folder.path("a/krakend.json"));
    let mut client = Client::in_folder(&folder.0, &[], able(), Value::Null);
    let registered = client.wait_for("client/registerCapability");
    assert_eq!(registered["registrations"][0]["method"], "workspace/didChangeWatchedFiles");
    client.open(&config, "json", WARN);
    assert_eq!(codes(&client.diagnostics(&config, 1)), ["otlp-port-protocol-mismatch"]);

    // On the disk: the editor tells that it changed.
    folder.write("otel-lint.toml", "ignore = [\"exporters\"]\n");
    let settings = uri(&folder.path("otel-lint.toml"));
    let changed = json!({ "changes": [{ "uri": settings, "type": 2 }] });
    client.notify("workspace/didChangeWatchedFiles", changed);
    assert!(client.diagnostics(&config, 1).is_empty());

    // Open and not yet saved: what is typed counts.
    client.open(&settings, "toml", "[rules]\nexporters = \"error\"\n");
    let found = client.diagnostics(&config, 1);
    assert_eq!(found[0]["severity"], 1, "{found:?}");

    // Wrong: said in both places, and nothing is checked with it.
    client.change(&settings, 2, json!([{ "text": "[rules]\nexporters = \"loud\"\n" }]));
    let found = client.diagnostics(&settings, 2);
    assert_eq!(codes(&found), ["invalid-settings"]);
    assert_eq!(found[0]["range"]["start"], json!({ "line": 1, "character": 12 }));
    let found = client.diagnostics(&config, 1);
    assert_eq!(found.len(), 1);
    let message = found[0]["message"].as_str().expect("text");
    assert!(message.starts_with("not checked, because its settings are wrong"), "{message}");

    // Closed: what is on the disk counts again.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": settings } }));
    assert!(client.diagnostics(&config, 1).is_empty());
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn flags_of_the_server_are_those_of_the_command_line() {
    let folder = Folder::new("lsp-flags");
    folder.write("otel-lint.toml", "ignore = [\"exporters\"]\n");
    let config = uri(&folder.path("krakend.json"));
    let flags = ["--no-config", "--error", "otlp-port-protocol-mismatch"];
    let mut client = Client::in_folder(&folder.0, &flags, able(), Value::Null);
    client.open(&config, "json", WARN);
    assert_eq!(client.diagnostics(&config, 1)[0]["severity"], 1);
    assert_eq!(client.leave(), Some(0));
}

const BASE: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [{ "name": "c", "host": "c", "port": {{ .otel.port }} }] }
    }
  }
}
"#;

#[test]
fn a_project_is_checked_as_it_is_rendered() {
    let folder = Folder::new("lsp-project");
    let otel = "{\"port\": 70000}\n";
    folder.write("krakend.tmpl", BASE).write("settings/otel.json", otel);
    let base = uri(&folder.path("krakend.tmpl"));
    let settings = uri(&folder.path("settings/otel.json"));
    let options = json!({ "flexible": [{ "base": "krakend.tmpl", "settings": "settings" }] });
    let mut client = Client::in_folder(&folder.0, &["--no-config"], able(), options);
    client.open(&base, "json", BASE);
    assert!(client.diagnostics(&base, 1).is_empty());
    // The fault is in a file that is not open.
    let params = client.wait_for("textDocument/publishDiagnostics");
    assert_eq!(params["uri"], settings);
    assert_eq!(params["diagnostics"][0]["code"], "port-range");
    assert_eq!(params["diagnostics"][0]["range"]["start"], json!({ "line": 0, "character": 9 }));
    // What writes it is in the base.
    let line = BASE.lines().nth(4).expect("the exporters");
    let (start, end) = (line.find("{{ .otel"), line.find(" }] }"));
    let place = |character| json!({ "line": 4, "character": character });
    let written = json!({
        "location": { "uri": base, "range": { "start": place(start), "end": place(end) } },
        "message": "written from here",
    });
    assert_eq!(params["diagnostics"][0]["relatedInformation"], json!([written]));

    // Open, it is what is typed that counts, for all files of the project.
    client.open(&settings, "json", otel);
    assert_eq!(codes(&client.diagnostics(&settings, 1)), ["port-range"]);
    client.change(&settings, 2, json!([{ "text": "{\"port\": 4317}\n" }]));
    assert!(client.diagnostics(&settings, 2).is_empty());
    client.change(
        &base,
        2,
        json!([{ "text": BASE.replace(".otel.port", ".otel.port | nonsense") }]),
    );
    assert_eq!(codes(&client.diagnostics(&base, 2)), ["unknown-function"]);
    client.change(&base, 3, json!([{ "text": BAD }]));
    assert_eq!(codes(&client.diagnostics(&base, 3)), ["port-range"]);
    assert_eq!(client.leave(), Some(0));
}
