//! Every rule finds in TOML what it finds in JSON.

use std::fmt::Write;

use otel_lint::analysis::CheckedFile;
use otel_lint::linter::{self, Options};
use otel_lint::rules;
use otel_lint::source::{Format, Source};
use serde_json::{Map, Value};

/// How a value is laid out.
#[derive(Clone, Copy)]
enum Layout {
    /// Tables with headers, lists of tables with `[[…]]`.
    Headers,
    /// One key for each member of the root, everything else between brackets.
    Inline,
    /// As many dotted keys as there can be.
    Dotted,
}

fn key(name: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.chars().all(bare) { name.to_owned() } else { quoted(name) }
}

/// JSON and TOML escape alike, as far as JSON does.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

fn inline(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let members: Vec<_> = map
                .iter()
                .map(|(name, value)| format!("{} = {}", key(name), inline(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(inline).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

fn is_tables(value: &Value) -> bool {
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(Value::is_object))
}

fn write(map: &Map<String, Value>, path: &str, layout: Layout, text: &mut String) {
    let below = |name: &str| {
        if path.is_empty() { key(name) } else { format!("{path}.{}", key(name)) }
    };
    match layout {
        Layout::Inline => {
            for (name, value) in map {
                let _ = writeln!(text, "{} = {}", key(name), inline(value));
            }
        }
        Layout::Dotted => {
            for (name, value) in map {
                match value {
                    Value::Object(inner) if !inner.is_empty() => {
                        write(inner, &below(name), layout, text);
                    }
                    value => {
                        let _ = writeln!(text, "{} = {}", below(name), inline(value));
                    }
                }
            }
        }
        Layout::Headers => {
            let is_table = |value: &Value| value.is_object() || is_tables(value);
            for (name, value) in map.iter().filter(|(_, value)| !is_table(value)) {
                let _ = writeln!(text, "{} = {}", key(name), inline(value));
            }
            for (name, value) in map.iter().filter(|(_, value)| is_table(value)) {
                let path = below(name);
                if let Value::Object(inner) = value {
                    let _ = writeln!(text, "\n[{path}]");
                    write(inner, &path, layout, text);
                }
                for item in value.as_array().into_iter().flatten().filter_map(Value::as_object) {
                    let _ = writeln!(text, "\n[[{path}]]");
                    write(item, &path, layout, text);
                }
            }
        }
    }
}

fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(map) => map.values().any(has_null),
        _ => false,
    }
}

type Found = Vec<(&'static str, String, String)>;

fn found(report: &CheckedFile) -> Found {
    let line =
        |f: &otel_lint::finding::Finding| (f.rule, f.severity.to_string(), f.pointer.clone());
    let mut found: Found = report.findings.iter().map(line).collect();
    found.sort();
    found
}

/// Examples that say something only JSON can say.
fn is_json_only(rule: &str, text: &str) -> Option<&'static str> {
    let Ok(value) = serde_json::from_str::<Value>(text) else { return Some("no valid JSON") };
    if !value.is_object() {
        return Some("TOML's root is always a table");
    }
    if has_null(&value) {
        return Some("TOML has no null");
    }
    // Such a key is refused by the reader, unless it is inside brackets.
    (rule == "duplicate-key").then_some("the copy that is converted has each key once")
}

#[test]
fn every_example_gives_the_same_findings_as_in_json() {
    let mut compared = 0;
    for rule in rules::ALL {
        for example in rules::examples(rule) {
            if example.format != Format::Json || is_json_only(rule.id, example.text).is_some() {
                continue;
            }
            let value: Value = serde_json::from_str(example.text).expect("checked above");
            let version = example.version.map(|version| version.parse().expect("a version"));
            let options =
                Options { version, edition: example.edition, pedantic: true, ..Options::default() };
            let json = linter::check(Source::new("k.json", example.text.as_bytes()), &options);
            for layout in [Layout::Headers, Layout::Inline, Layout::Dotted] {
                let mut text = String::from("# é\r\n");
                write(value.as_object().expect("checked above"), "", layout, &mut text);
                let source = Source::new("k.toml", text.as_bytes()).with_format(Format::Toml);
                let toml = linter::check(source, &options);
                assert_eq!(found(&toml), found(&json), "{}:\n{text}", rule.id);
                places(&toml, &json);
            }
            compared += 1;
        }
    }
    assert!(compared > 200, "{compared}");
}

/// A finding at a scalar points at the same words in both.
fn places(toml: &CheckedFile, json: &CheckedFile) {
    let slice = |report: &CheckedFile, span| {
        String::from_utf8_lossy(report.source.slice(span)).trim_matches('"').to_owned()
    };
    for finding in &json.findings {
        let same = toml.findings.iter().find(|f| {
            (f.rule, &f.pointer, &f.message) == (finding.rule, &finding.pointer, &finding.message)
        });
        let (expected, Some(same)) = (slice(json, finding.primary.span), same) else { continue };
        if !expected.starts_with(['{', '[']) {
            assert_eq!(slice(toml, same.primary.span), expected, "{}", finding.rule);
        }
    }
}
