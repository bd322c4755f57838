//! Lines and columns in each encoding, with characters beyond the Basic Multilingual Plane, tabs and
//! every line end.

use serde_json::{Value, json};

use crate::client::{Client, able};

const URI: &str = "file:///nowhere/krakend.json";

/// How wide `text` is in the unit of `encoding`.
fn width(text: &str, encoding: &str) -> usize {
    match encoding {
        "utf-8" => text.len(),
        "utf-16" => text.encode_utf16().count(),
        _ => text.chars().count(),
    }
}

/// The position of `needle`, found by splitting at each line end.
fn position(text: &str, needle: &str, encoding: &str) -> Value {
    let at = text.find(needle).expect("it is there");
    let before = text[..at].replace("\r\n", "\n").replace('\r', "\n");
    let line = before.matches('\n').count();
    let last = before.rsplit('\n').next().unwrap_or_default();
    json!({ "line": line, "character": width(last, encoding) })
}

#[test]
fn columns_are_in_the_unit_that_was_agreed_on() {
    for (offered, agreed) in [
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-8"]), "utf-8"),
        (json!(["utf-32"]), "utf-32"),
        (json!(["utf-32", "utf-16", "utf-8"]), "utf-8"),
        (json!(["utf-7"]), "utf-16"),
        (Value::Null, "utf-16"),
    ] {
        let mut able = able();
        able["general"]["positionEncodings"] = offered;
        let mut client = Client::new(able, Value::Null);
        assert_eq!(client.capabilities["positionEncoding"], agreed);
        for end in ["\n", "\r\n", "\r"] {
            let uri = format!("{URI}?{}", end.len() + end.as_bytes()[0] as usize);
            let text = [
                "{\"version\": 3,",
                "\t\"name\": \"é 😀 𝒳\", \"extra_config\": {",
                "\t\t\"telemetry/opentelemetry\": {\"service_name\": \"😀\", \"exporters\":",
                "\t{\"otlp\": [{\"name\": \"𝒳\u{301}\", \"host\": \"c\", \"port\": 70000}]}}}}",
            ]
            .join(end);
            client.open(&uri, "json", &text);
            let found = client.diagnostics(&uri, 1);
            let at = position(&text, "70000", agreed);
            assert_eq!(found[0]["code"], "port-range", "{found:?}");
            assert_eq!(found[0]["range"]["start"], at, "{agreed} {end:?}");
            // An edit there puts things right: the range is that of the value.
            let range = found[0]["range"].clone();
            client.change(&uri, 2, json!([{ "range": range, "text": "4317" }]));
            assert!(client.diagnostics(&uri, 2).is_empty(), "{agreed} {end:?}");
            let answer =
                client.request("otel-lint/text", json!({ "textDocument": { "uri": uri } }));
            assert_eq!(answer["text"], text.replace("70000", "4317"));
            // The way back: the setting under a place behind wide characters.
            let place = position(&text, "\"port\"", agreed);
            let asked = json!({ "textDocument": { "uri": uri }, "position": place });
            let hover = client.request("textDocument/hover", asked);
            let told = hover["contents"]["value"].as_str().expect("text");
            assert!(told.contains("Collector port"), "{agreed} {end:?}: {told}");
            assert_eq!(hover["range"]["start"], place);
        }
        assert_eq!(client.leave(), Some(0));
    }
}
