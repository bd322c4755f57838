//! A finding keeps its fingerprint, whatever is done to the layout of its file and to the order of lists.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use otel_lint::analysis::CheckedFile;
use otel_lint::identity;
use otel_lint::linter::{self, Options};
use otel_lint::rules;
use otel_lint::source::Source;
use otel_lint::target::{Edition, Version};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A configuration and the gateway it is for.
type Seed = (String, Edition, Option<Version>);

/// Every example of a rule and every fixture, broken ones included.
pub fn seeds() -> Vec<Seed> {
    let mut seeds = Vec::new();
    for example in rules::ALL.iter().flat_map(|rule| rules::examples(rule)) {
        let version = example.version.map(|version| version.parse().expect("a version"));
        seeds.push((example.text.to_owned(), example.edition, version));
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for folder in ["invalid", "valid"] {
        for entry in fs::read_dir(root.join(folder)).expect("fixtures") {
            let path = entry.expect("an entry").path();
            let Ok(text) = fs::read_to_string(&path) else { continue };
            if path.extension().is_some_and(|extension| extension == "json") {
                seeds.extend(Edition::ALL.map(|edition| (text.clone(), edition, None)));
            }
        }
    }
    assert!(seeds.len() > 250, "{}", seeds.len());
    seeds
}

pub fn check(text: &str, edition: Edition, version: Option<Version>) -> CheckedFile {
    let options = Options { version, edition, pedantic: true, ..Options::default() };
    linter::check(Source::new("k.json", text), &options)
}

/// The fingerprints of all findings, those that are suppressed included, with their numbers.
fn fingerprints(report: &CheckedFile) -> BTreeMap<(String, String), usize> {
    let mut counts = BTreeMap::new();
    let suppressed = report.suppressed.iter().map(|one| &one.finding);
    for finding in report.findings.iter().chain(suppressed) {
        let told = format!("{} {}", finding.rule, finding.identity);
        *counts.entry((identity::fingerprint("k.json", finding), told)).or_default() += 1;
    }
    counts
}

/// The tokens of a JSON text.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let mut token = String::from(c);
        match c {
            c if c.is_whitespace() => continue,
            '"' => {
                while let Some(c) = rest.next() {
                    token.push(c);
                    if c == '\\' {
                        token.extend(rest.next());
                    } else if c == '"' {
                        break;
                    }
                }
            }
            '{' | '}' | '[' | ']' | ',' | ':' => {}
            _ => {
                while let Some(c) = rest.next_if(|c| !c.is_whitespace() && !"{}[],:\"".contains(*c))
                {
                    token.push(c);
                }
            }
        }
        tokens.push(token);
    }
    tokens
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn white_space_changes_no_fingerprint(
        gaps in prop::collection::vec(
            prop::sample::select(vec!["", " ", "\n", "\r\n", "\t", "    ", "\n\t\t", "\r", "\n\n\n"]),
            1..40,
        ),
    ) {
        for (text, edition, version) in seeds() {
            if serde_json::from_str::<Value>(&text).is_err() {
                continue;
            }
            let mut gap = gaps.iter().cycle();
            let mut laid_out = String::new();
            for token in tokens(&text) {
                laid_out += gap.next().expect("a cycle has no end");
                laid_out += &token;
            }
            let before = check(&text, edition, version);
            let after = check(&laid_out, edition, version);
            prop_assert_eq!(fingerprints(&before), fingerprints(&after), "{}", laid_out);
        }
    }
}

#[test]
fn the_usual_layouts_change_no_fingerprint() {
    for (text, edition, version) in seeds() {
        let Ok(value) = serde_json::from_str::<Value>(&text) else { continue };
        let minified = value.to_string();
        if tokens(&text).concat() != minified {
            continue; // A key that is given twice is lost in a value, and a number may be rewritten.
        }
        let before = fingerprints(&check(&text, edition, version));
        for layout in [
            minified,
            format!("{value:#}"),
            format!("{value:#}").replace('\n', "\r\n"),
            format!("{value:#}").lines().map(tabbed).collect(),
            format!("\n\n{value:#}\n\n"),
        ] {
            assert_eq!(before, fingerprints(&check(&layout, edition, version)), "{layout}");
        }
    }
}

/// A line with a tab for each level in place of two blanks.
fn tabbed(line: &str) -> String {
    let text = line.trim_start();
    format!("{}{text}\n", "\t".repeat((line.len() - text.len()) / 2))
}

/// The lists whose items are named: moving one changes no meaning that a finding is about.
pub fn lists(value: &mut Value) -> Vec<&mut Vec<Value>> {
    let mut lists = Vec::new();
    let mut rest = vec![("", value)];
    while let Some((name, value)) = rest.pop() {
        match value {
            Value::Object(object) => {
                rest.extend(object.iter_mut().map(|(name, value)| (name.as_str(), value)));
            }
            Value::Array(items)
                if ["endpoints", "otlp", "prometheus", "backend", "async_agent"]
                    .contains(&name) =>
            {
                lists.push(items);
            }
            _ => {}
        }
    }
    lists
}

/// Adds to each of the lists a copy of each item under another name.
fn doubled(value: &Value) -> Value {
    let mut value = value.clone();
    for list in lists(&mut value) {
        let copies = list.clone().into_iter().map(|mut item| {
            for name in ["name", "endpoint", "url_pattern"] {
                if let Some(Value::String(text)) = item.get_mut(name) {
                    text.push_str("-2");
                }
            }
            item
        });
        list.extend(copies.collect::<Vec<_>>());
    }
    value
}

#[test]
fn moving_an_item_changes_no_fingerprint() {
    let mut moved = 0;
    for (text, edition, version) in seeds() {
        let Ok(one) = serde_json::from_str::<Value>(&text) else { continue };
        for value in [doubled(&one), one] {
            let before = fingerprints(&check(&value.to_string(), edition, version));
            for nth in 0..lists(&mut value.clone()).len() {
                for turn in 1..lists(&mut value.clone())[nth].len() {
                    let mut other = value.clone();
                    lists(&mut other)[nth].rotate_left(turn);
                    let after = fingerprints(&check(&other.to_string(), edition, version));
                    assert_eq!(before, after, "{value}\n{other}");
                    moved += 1;
                }
            }
        }
    }
    assert!(moved > 400, "{moved}");
}

#[test]
fn a_newcomer_leaves_the_others_known() {
    for (text, edition, version) in seeds() {
        let Ok(mut value) = serde_json::from_str::<Value>(&text) else { continue };
        let before = fingerprints(&check(&value.to_string(), edition, version));
        let Some(Value::Array(endpoints)) = value.pointer_mut("/endpoints") else { continue };
        let backend = json!({"url_pattern": "/new", "host": ["http://new"]});
        endpoints.insert(0, json!({"endpoint": "/new", "backend": [backend]}));
        let after = fingerprints(&check(&value.to_string(), edition, version));
        for (fingerprint, count) in &before {
            assert!(after.get(fingerprint) >= Some(count), "{fingerprint:?}\n{value}");
        }
    }
}
