//! The docs, the schema and the reader know the same keys.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use otel_lint::settings::{self, Settings};
use serde_json::Value;

use super::faults::FAULTS;
use super::{good, read};

/// The texts of the `toml` blocks of the docs, with the heading each stands below.
fn examples() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    let docs = fs::read_to_string(path).expect("docs/settings.md").replace("\r\n", "\n");
    let mut examples = Vec::new();
    let (mut heading, mut block) = (String::new(), None::<String>);
    for line in docs.lines() {
        match (&mut block, line) {
            (Some(text), "```") => {
                examples.push((heading.clone(), std::mem::take(text)));
                block = None;
            }
            (Some(text), line) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, "```toml") => block = Some(String::new()),
            (None, line) if line.starts_with('#') => {
                line.trim_start_matches(['#', ' ', '`'])
                    .trim_end_matches('`')
                    .clone_into(&mut heading);
            }
            _ => {}
        }
    }
    examples
}

fn keys(schema: &Value) -> BTreeSet<String> {
    schema["properties"].as_object().expect("properties").keys().cloned().collect()
}

#[test]
fn every_key_has_an_example_in_the_docs_that_is_read() {
    let examples = examples();
    for (heading, text) in &examples {
        let settings = good(text);
        if settings::schema()["properties"].get(heading).is_some() {
            assert!(text.contains(heading.as_str()), "{heading}: {text}");
            assert_ne!(format!("{settings:?}"), format!("{:?}", Settings::default()), "{heading}");
        }
    }
    let shown: BTreeSet<String> = examples.into_iter().map(|(heading, _)| heading).collect();
    for key in keys(&settings::schema()) {
        assert!(shown.contains(&key), "docs/settings.md has no example of `{key}`");
    }
}

#[test]
fn the_schema_knows_the_keys_that_are_read() {
    let schema = settings::schema();
    let items = &schema["properties"]["overrides"]["items"];
    let prefix = "[[overrides]]\npaths = ['a']\n";
    for (part, before) in [(&schema, ""), (items, prefix)] {
        for key in keys(part) {
            // No key takes a date: so a key that is read says so, and no other.
            let text = if key == "paths" {
                "[[overrides]]\npaths = 2026-11-22\n".to_owned()
            } else {
                format!("{before}{key} = 2026-11-22\n")
            };
            let report = read(&text).expect_err("a date");
            let messages: Vec<_> = report.findings.iter().map(|f| f.message.as_str()).collect();
            assert!(messages.iter().any(|m| m.contains("not a datetime")), "{key}: {messages:?}");
            assert!(part["properties"][&key]["description"].is_string(), "{key} is not explained");
        }
    }
    let help = read("xyzzyx = 1").expect_err("no such key").findings[0].help.clone();
    for key in keys(&schema) {
        assert!(help.contains(&key), "`{key}` is never suggested");
    }
    let help =
        read(&format!("{prefix}xyzzyx = 1")).expect_err("no such key").findings[0].help.clone();
    for key in keys(items) {
        assert!(help.contains(&key), "`{key}` is never suggested in an override");
    }
}

#[test]
fn the_committed_schema_is_the_one_that_is_generated() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/settings.json");
    let text = otel_lint::schema::pretty(&settings::schema());
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        fs::write(&path, &text).expect("schemas/ is writable");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == text, "schemas/settings.json is stale: set UPDATE_SCHEMAS=1");
}

#[test]
fn the_schema_takes_the_examples_and_refuses_the_faults() {
    let schema = settings::schema();
    jsonschema::meta::validate(&schema).expect("a schema");
    let validator = jsonschema::draft7::new(&schema).expect("a schema");
    let json = |text: &str| -> Option<Value> {
        serde_json::to_value(toml::from_str::<toml::Table>(text).ok()?).ok()
    };
    for (heading, text) in examples() {
        let value = json(&text).expect("TOML");
        assert!(validator.is_valid(&value), "{heading}: {:?}", validator.validate(&value));
    }
    // What only the reader knows: what a version, a host or a pattern may be, and what always speaks.
    let finer = ["'2.5'", "invalid-json", "'{a'", "''", "X Session", "http://x/", "a.*.b"];
    for (marked, ..) in FAULTS.iter().filter(|(text, ..)| !finer.iter().any(|f| text.contains(f))) {
        if let Some(value) = json(&marked.replace(['«', '»'], "")) {
            assert!(!validator.is_valid(&value), "{marked}");
        }
    }
}
