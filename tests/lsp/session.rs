//! A session over everything that the server can do.

use serde_json::{Value, json};

use crate::client::{Client, able, edited, position};

const URI: &str = "file:///nowhere/krakend.json";

/// Two exporters, one of which has a fault with a fix that changes what the gateway does; a name that
/// is used; a key in the wrong case with a safe fix, twice.
const TEXT: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "Trace_sample_rate": 0.15,
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "collector", "use_http": true },
          { "name": "second", "host": "second", "Port": 4317 }
        ]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "collector", "headers": { "api-key": "${KEY}" } }]
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders/{id}",
      "extra_config": {
        "telemetry/opentelemetry": {
          "exporters_override": { "trace_exporters": ["collector"] },
          "proxy": { "disable_metrics": true }
        }
      },
      "backend": [{ "url_pattern": "/", "host": ["http://orders"] }]
    }
  ]
}
"#;

fn started(options: Value) -> Client {
    let mut client = Client::in_folder(
        std::path::Path::new("."),
        &["--no-config", "--edition", "ee"],
        able(),
        options,
    );
    client.open(URI, "json", TEXT);
    client
}

fn at(needle: &str, by: usize) -> Value {
    json!({ "textDocument": { "uri": URI }, "position": position(TEXT, needle, by) })
}

/// The actions for all of the document, of these kinds.
fn actions(client: &mut Client, only: Value) -> Vec<Value> {
    let range = json!({
        "start": { "line": 0, "character": 0 },
        "end": { "line": 99, "character": 0 },
    });
    let mut context = json!({ "diagnostics": [] });
    if !only.is_null() {
        context["only"] = only;
    }
    let params = json!({ "textDocument": { "uri": URI }, "range": range, "context": context });
    client.request("textDocument/codeAction", params).as_array().expect("a list").clone()
}

/// The text after an action, whose edit is asked for if it is not there.
fn taken(client: &mut Client, action: &Value) -> String {
    let resolved = if action.get("edit").is_some() {
        action.clone()
    } else {
        client.request("codeAction/resolve", action.clone())
    };
    let change = &resolved["edit"]["documentChanges"][0];
    assert_eq!(change["textDocument"], json!({ "uri": URI, "version": 1 }));
    edited(TEXT, &change["edits"])
}

fn titled<'a>(actions: &'a [Value], title: &str) -> &'a Value {
    let found = actions.iter().find(|action| action["title"].as_str() == Some(title));
    let titles: Vec<_> = actions.iter().map(|action| &action["title"]).collect();
    found.unwrap_or_else(|| panic!("no {title} in {titles:?}"))
}

#[test]
fn a_diagnostic_says_all_that_a_finding_does() {
    let mut client = started(Value::Null);
    let diagnostics = client.diagnostics(URI, 1);
    let codes: Vec<_> = diagnostics.iter().map(|one| one["code"].as_str().expect("text")).collect();
    assert_eq!(codes, ["key-case", "otlp-http-without-port", "key-case", "unrendered-placeholder"]);
    let one = &diagnostics[1];
    assert_eq!(one["source"], "otel-lint");
    assert_eq!(one["severity"], 1);
    assert_eq!(diagnostics[0]["severity"], 2);
    let page = one["codeDescription"]["href"].as_str().expect("a link");
    assert!(page.ends_with("/docs/rules/otlp-http-without-port.md"), "{page}");
    assert_eq!(one["range"]["start"], position(TEXT, "{ \"name\": \"collector\", \"host\"", 0));
    let related = &one["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], URI);
    assert_eq!(related["location"]["range"]["start"], position(TEXT, "true }", 0));
    let message = one["message"].as_str().expect("text");
    assert!(message.contains("4317") && message.contains("4318"), "{message}");
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn what_has_no_effect_is_faded_and_what_is_old_is_struck_through() {
    let mut client = Client::new(able(), Value::Null);
    let otel = r#"{"version": 3, "extra_config": {"telemetry/opentelemetry":
        {"nonsense": 1, "exporters": {"otlp": [{"name": "c", "host": "c"}]}}}}"#;
    let census = r#"{"version": 3, "extra_config": {"telemetry/opencensus": {"exporters": {}}}}"#;
    let mut version = 1;
    let mut tags = |text: &str, code: &str| {
        version += 1;
        client.open(URI, "json", "");
        client.change(URI, version, json!([{ "text": text }]));
        let diagnostics = client.diagnostics(URI, version);
        let found = diagnostics.iter().find(|one| one["code"] == code);
        found.unwrap_or_else(|| panic!("no {code} in {diagnostics:?}"))["tags"].clone()
    };
    assert_eq!(tags(otel, "unknown-field"), json!([1]));
    assert_eq!(tags(census, "opencensus-deprecated"), json!([2]));
}

#[test]
fn each_action_does_what_it_says() {
    let mut client = started(Value::Null);
    let all = actions(&mut client, Value::Null);

    let port = titled(&all, "Set the port to 4318 (changes what the gateway does)");
    assert!(port.get("isPreferred").is_none());
    assert!(taken(&mut client, port).contains("\"port\": 4318"));

    let safe: Vec<_> = all.iter().filter(|action| action["isPreferred"] == true).collect();
    assert_eq!(safe.len(), 2, "{all:?}");
    assert!(taken(&mut client, safe[0]).contains("\"trace_sample_rate\": 0.15"));

    let rule = titled(&all, "Fix all findings of key-case").clone();
    let fixed = taken(&mut client, &rule);
    assert!(fixed.contains("\"trace_sample_rate\"") && fixed.contains("\"port\": 4317"), "{fixed}");
    assert!(!fixed.contains("4318"));

    let all_safe = titled(&all, "Apply all safe fixes of otel-lint").clone();
    assert_eq!(all_safe["kind"], "source.fixAll.otel-lint");
    assert_eq!(taken(&mut client, &all_safe), fixed);
    for only in ["source.fixAll", "source", "source.fixAll.otel-lint"] {
        let on_save = actions(&mut client, json!([only]));
        assert_eq!(on_save.len(), 1, "{only}");
        assert_eq!(taken(&mut client, &on_save[0]), fixed);
    }
    assert!(actions(&mut client, json!(["refactor"])).is_empty());

    let title = "Ignore otlp-http-without-port here, with a reason";
    let ignored = taken(&mut client, titled(&all, title));
    assert!(ignored.contains(r#""otlp-http-without-port": "TODO: say why""#), "{ignored}");
    client.change(URI, 2, json!([{ "text": ignored }]));
    let left = client.diagnostics(URI, 2);
    assert!(left.iter().all(|one| one["code"] != "otlp-http-without-port"), "{left:?}");

    let explain = titled(&all, "Explain otlp-http-without-port");
    let command = &explain["command"];
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    client.request("workspace/executeCommand", params);
    let shown = client.wait_for("window/showDocument");
    assert_eq!(shown["external"], true);
    assert!(shown["uri"].as_str().expect("text").ends_with("/otlp-http-without-port.md"));

    let command = &titled(&all, title)["command"];
    let params = json!({ "command": command["command"], "arguments": command["arguments"] });
    client.request("workspace/executeCommand", params);
    let shown = client.wait_for("window/showDocument");
    let begin = position(&ignored, "TODO: say why", 0);
    assert_eq!(shown["selection"]["start"], begin);
}

#[test]
fn an_editor_that_can_do_little_gets_what_it_understands() {
    let mut client = Client::in_folder(
        std::path::Path::new("."),
        &["--no-config", "--edition", "ee"],
        json!({}),
        Value::Null,
    );
    assert_eq!(client.capabilities["positionEncoding"], "utf-16");
    client.open(URI, "json", TEXT);
    let diagnostics = client.diagnostics(URI, 1);
    assert!(diagnostics.iter().all(|one| one.get("relatedInformation").is_none()));
    let all = actions(&mut client, Value::Null);
    let rule = titled(&all, "Fix all findings of key-case");
    let fixed = edited(TEXT, &rule["edit"]["changes"][URI]);
    assert!(fixed.contains("\"trace_sample_rate\""));
    let hover = client.request("textDocument/hover", at("Trace_sample_rate", 1));
    assert_eq!(hover["contents"]["kind"], "plaintext");
    let text = hover["contents"]["value"].as_str().expect("text");
    assert!(!text.contains("**") && !text.contains('`'), "{text}");
    let symbols = client.request("textDocument/documentSymbol", at("{", 0));
    let names: Vec<_> =
        symbols.as_array().expect("a list").iter().map(|one| &one["name"]).collect();
    assert!(names.contains(&&json!("second")), "{names:?}");
    let explained = json!({ "command": "otel-lint.explain", "arguments": ["key-case"] });
    client.request("workspace/executeCommand", explained);
    let shown = client.wait_for("window/showMessage");
    assert!(shown["message"].as_str().expect("text").starts_with("key-case: "));
}

#[test]
fn a_hover_tells_what_is_in_force() {
    let mut client = started(Value::Null);
    let mut told = |needle: &str| {
        let hover = client.request("textDocument/hover", at(needle, 1));
        assert_eq!(hover["range"]["start"], position(TEXT, needle, 0));
        hover["contents"]["value"].as_str().expect("text").to_owned()
    };
    let rate = told("\"Trace_sample_rate\"");
    assert!(rate.contains("range: 0 to 1") && rate.contains("Default: `1`"), "{rate}");
    assert!(rate.contains("15 % of new traces; from line 5"), "{rate}");
    let http = told("\"use_http\"");
    assert!(http.contains("`http://collector:4317/v1/traces` by OTLP over HTTP"), "{http}");
    let over = told("\"proxy\"");
    assert!(over.contains("for GET /orders/{id}:"), "{over}");
    assert!(over.contains("`proxy.metrics`: off instead of on"), "{over}");
    let override_ = told("\"exporters_override\"");
    assert!(override_.contains("Enterprise Edition only"), "{override_}");
    assert!(client.request("textDocument/hover", at("\"/orders", 2)).is_null());
}

#[test]
fn names_lead_to_each_other_and_change_together() {
    let mut client = started(Value::Null);
    let uses = at("[\"collector\"]", 3);
    let places = |value: &Value| -> Vec<Value> {
        let list = value.as_array().expect("a list").iter();
        list.map(|place| place["range"]["start"].clone()).collect()
    };
    let definition = position(TEXT, "\"collector\", \"host\"", 0);
    let security = position(TEXT, "\"collector\", \"headers\"", 0);
    let chosen = position(TEXT, "\"collector\"]", 0);
    let found = client.request("textDocument/definition", uses.clone());
    assert_eq!(places(&found), std::slice::from_ref(&definition));
    let mut params = at("\"collector\", \"host\"", 2);
    params["context"] = json!({ "includeDeclaration": true });
    let found = client.request("textDocument/references", params.clone());
    assert_eq!(places(&found), [definition.clone(), security.clone(), chosen.clone()]);
    params["context"]["includeDeclaration"] = json!(false);
    let found = client.request("textDocument/references", params);
    assert_eq!(places(&found), [security, chosen.clone()]);
    let found = client.request("textDocument/documentHighlight", uses.clone());
    assert_eq!(places(&found).len(), 3);

    let range = client.request("textDocument/prepareRename", uses.clone());
    assert_eq!(range["start"]["character"], chosen["character"].as_u64().expect("a number") + 1);
    let mut params = uses.clone();
    params["newName"] = json!("main");
    let edit = client.request("textDocument/rename", params.clone());
    let renamed = edited(TEXT, &edit["documentChanges"][0]["edits"]);
    assert_eq!(renamed, {
        let text = TEXT.replace("{ \"name\": \"collector\"", "{ \"name\": \"main\"");
        text.replace("[\"collector\"]", "[\"main\"]")
    });
    params["newName"] = json!("second");
    let error = client.error("textDocument/rename", params);
    assert!(error["message"].as_str().expect("text").contains("all telemetry is off"));
    // The host is called the same, and is not a name.
    let host = client.request("textDocument/definition", at("\"host\": \"collector\"", 10));
    assert_eq!(host, json!([]));
}

#[test]
fn symbols_hints_and_links_are_where_they_belong() {
    let mut client = started(json!({ "inlayHints": true }));
    let document = json!({ "textDocument": { "uri": URI } });
    let symbols = client.request("textDocument/documentSymbol", document.clone());
    let names: Vec<_> = symbols.as_array().expect("a list").iter().map(|it| &it["name"]).collect();
    assert_eq!(
        names,
        ["telemetry/opentelemetry", "telemetry/opentelemetry-security", "telemetry/opentelemetry"]
    );
    assert_eq!(symbols[0]["children"][1]["name"], "second");
    assert_eq!(symbols[2]["detail"], "GET /orders/{id}");

    let all =
        json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let mut params = document.clone();
    params["range"] = all.clone();
    let hints = client.request("textDocument/inlayHint", params.clone());
    let port = json!({ "line": 7, "character": TEXT.lines().nth(7).expect("a line").len() });
    let port_hint = hints.as_array().expect("a list").iter().find(|it| it["position"] == port);
    assert_eq!(port_hint.expect("a hint")["label"], "port 4317");
    // They are off unless somebody wants them.
    client.notify(
        "workspace/didChangeConfiguration",
        json!({ "settings": { "otel-lint": { "inlayHints": false } } }),
    );
    assert!(client.request("textDocument/inlayHint", params).is_null());

    let ignoring = TEXT.replace(
        "\"Trace_sample_rate\": 0.15,",
        r#""@otel-lint": {"ignore": {"sample-rate-full": "why"}},"#,
    );
    client.change(URI, 2, json!([{ "text": ignoring }]));
    let links = client.request("textDocument/documentLink", document);
    assert_eq!(links[0]["range"]["start"], position(&ignoring, "\"sample-rate-full\"", 0));
    assert!(links[0]["target"].as_str().expect("text").ends_with("/sample-rate-full.md"));
}

#[test]
fn completions_are_edits_that_fit() {
    let mut client = started(Value::Null);
    let items = client.request("textDocument/completion", at("\"use_http\"", 3));
    let item = items.as_array().expect("a list").iter().find(|it| it["label"] == "disable_traces");
    let item = item.expect("a setting of an exporter");
    assert_eq!(item["kind"], 10);
    assert_eq!(item["textEdit"]["newText"], "\"disable_traces\"");
    assert_eq!(item["filterText"], "\"disable_traces\"");
    assert_eq!(item["textEdit"]["range"]["start"], position(TEXT, "\"use_http\"", 0));
    assert_eq!(item["insertTextFormat"], 2);
    assert!(item["documentation"]["value"].as_str().expect("text").contains("Send no traces"));
    let labels = |items: &Value| -> Vec<String> {
        let items = items.as_array().expect("a list").iter();
        items.map(|item| item["label"].as_str().expect("text").to_owned()).collect()
    };
    assert!(!labels(&items).contains(&"host".to_owned()), "it is there already");
    let items = client.request("textDocument/completion", at("[\"collector\"]", 4));
    assert_eq!(labels(&items), ["collector", "second"]);
}
