//! The protocol itself: its beginning and end, mistakes, cancellation, diagnostics that are asked for.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::{Client, able};
use crate::program::{BAD, CLEAN};

const URI: &str = "file:///nowhere/krakend.json";

#[test]
fn nothing_works_before_the_beginning_and_after_the_end() {
    let mut client = Client::silent(Path::new("."), &[]);
    let error = client.error("textDocument/hover", json!({}));
    assert_eq!(error["code"], -32002);
    client.request("initialize", json!({ "capabilities": {} }));
    client.notify("initialized", json!({}));
    assert!(client.request("shutdown", Value::Null).is_null());
    assert_eq!(client.error("textDocument/hover", json!({}))["code"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), Some(0));
}

#[test]
fn an_end_without_shutdown_is_an_error() {
    let mut client = Client::new(able(), Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.status(), Some(1));
    // An editor that is gone is noticed.
    let mut client = Client::new(able(), Value::Null);
    assert_eq!(client.status(), Some(1));
}

#[test]
fn what_cannot_be_understood_harms_nothing() {
    let mut client = Client::new(able(), json!({ "inlayHints": 7, "flexible": "x" }));
    let warned = client.wait_for("window/showMessage");
    assert!(warned["message"].as_str().expect("text").contains("inlayHints"), "{warned}");
    assert_eq!(client.error("textDocument/nonsense", json!({}))["code"], -32601);
    assert_eq!(client.error("textDocument/hover", json!({ "x": 1 }))["code"], -32602);
    client.notify("textDocument/didChange", json!({ "x": 1 }));
    client.notify("$/unknown", json!({}));
    // A document that nobody opened.
    client.change(URI, 2, json!([{ "text": "{" }]));
    let place =
        json!({ "textDocument": { "uri": URI }, "position": { "line": 0, "character": 0 } });
    assert!(client.request("textDocument/hover", place).is_null());
    client.open(URI, "json", BAD);
    assert_eq!(client.diagnostics(URI, 1).len(), 1);
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn what_is_not_ours_is_left_alone() {
    let mut client = Client::new(able(), Value::Null);
    for (name, text) in [
        ("package.json", r#"{"name": "x", "version": "1", "#),
        ("values.yaml", "a: [\n"),
        ("x.json", "not json at all"),
        ("otel.yaml", "receivers: {otlp: {}}\nexporters: {otlp: {endpoint: c}}\nservice: {}\n"),
    ] {
        let uri = format!("file:///nowhere/{name}");
        client.open(&uri, "json", text);
        assert!(client.diagnostics(&uri, 1).is_empty(), "{name}");
        let place =
            json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 3 } });
        assert!(client.request("textDocument/hover", place.clone()).is_null());
        let offered = client.request("textDocument/completion", place);
        assert!(offered.is_null() || offered == json!([]), "{name}: {offered}");
    }
    // Half a configuration is ours, and what is wrong with it is said.
    client.open(URI, "json", &BAD[..BAD.len() - 8]);
    let found = client.diagnostics(URI, 1);
    assert_eq!(found[0]["code"], "invalid-json", "{found:?}");
}

#[test]
fn a_closed_document_has_no_diagnostics() {
    let mut client = Client::new(able(), Value::Null);
    client.open(URI, "json", BAD);
    assert_eq!(client.diagnostics(URI, 1).len(), 1);
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": URI } }));
    let params = client.wait_for("textDocument/publishDiagnostics");
    assert_eq!(params, json!({ "uri": URI, "diagnostics": [] }));
}

#[test]
fn an_editor_that_asks_is_told_nothing_unasked() {
    let mut able = able();
    able["textDocument"]["diagnostic"] = json!({ "dynamicRegistration": false });
    able["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    let mut client = Client::new(able, Value::Null);
    assert_eq!(client.capabilities["diagnosticProvider"]["interFileDependencies"], true);
    client.open(URI, "json", BAD);
    let document = json!({ "textDocument": { "uri": URI } });
    let report = client.request("textDocument/diagnostic", document.clone());
    assert_eq!(report["kind"], "full");
    assert_eq!(report["items"][0]["code"], "port-range");
    let mut again = document.clone();
    again["previousResultId"] = report["resultId"].clone();
    let report = client.request("textDocument/diagnostic", again.clone());
    assert_eq!(report["kind"], "unchanged");
    // Settings that change may change everything.
    client.notify(
        "workspace/didChangeWatchedFiles",
        json!({ "changes": [{ "uri": "file:///nowhere/otel-lint.toml", "type": 2 }] }),
    );
    client.wait_for("workspace/diagnostic/refresh");
    let report = client.request("textDocument/diagnostic", again);
    assert_eq!(report["kind"], "full");
    client.change(URI, 2, json!([{ "text": CLEAN }]));
    let report = client.request("textDocument/diagnostic", document);
    assert_eq!(report["items"], json!([]));
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn many_changes_at_once_are_checked_when_the_last_has_come() {
    let mut client = Client::new(able(), Value::Null);
    client.open(URI, "json", CLEAN);
    for version in 2..200 {
        client.change(
            URI,
            version,
            json!([{ "text": if version % 2 == 0 { BAD } else { CLEAN } }]),
        );
    }
    client.change(URI, 200, json!([{ "text": BAD }]));
    assert_eq!(client.diagnostics(URI, 200).len(), 1);
}

#[test]
fn a_request_that_is_cancelled_in_time_is_not_answered() {
    let mut client = Client::new(able(), Value::Null);
    // While the first is computed, the second is cancelled: both wait in the inbox.
    let long = format!("{}{}", " ".repeat(4_000_000), BAD);
    client.open(URI, "json", &long);
    let place =
        json!({ "textDocument": { "uri": URI }, "position": { "line": 4, "character": 9 } });
    let first = client.ask("textDocument/hover", place.clone());
    let second = client.ask("textDocument/hover", place);
    client.notify("$/cancelRequest", json!({ "id": second }));
    assert!(client.answer(first).get("error").is_none());
    let answer = client.answer(second);
    // It may have been too late.
    assert!(answer["error"]["code"] == -32800 || answer.get("result").is_some(), "{answer}");
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn an_editor_that_cannot_be_told_to_ask_again_is_told_unasked() {
    let mut able = able();
    able["textDocument"]["diagnostic"] = json!({ "dynamicRegistration": false });
    let mut client = Client::new(able, Value::Null);
    assert_eq!(client.capabilities.get("diagnosticProvider"), None);
    client.open(URI, "json", BAD);
    assert_eq!(client.diagnostics(URI, 1).len(), 1);
    assert_eq!(client.leave(), Some(0));
}
