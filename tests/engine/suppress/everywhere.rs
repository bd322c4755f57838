//! Every finding of every rule can be ignored in every object around it, and the key that does it is
//! taken for nothing else.

use std::path::Path;

use otel_lint::analysis::CheckedFile;
use otel_lint::finding::Finding;
use otel_lint::linter::{self, Options};
use otel_lint::rule::{Check, Group};
use otel_lint::rules;
use otel_lint::source::Source;
use otel_lint::target::{Edition, Version};
use serde_json::{Map, Value, json};

pub const KEY: &str = "@otel-lint";
const REASON: &str = "agreed upon";

fn check(value: &Value, edition: Edition, version: Option<Version>) -> CheckedFile {
    let source = Source::new("k.json", value.to_string());
    linter::check(source, &Options { version, edition, pedantic: true, ..Options::default() })
}

/// Every example of a rule and every fixture that is JSON, with the gateway it is for.
fn seeds() -> Vec<(Value, Edition, Option<Version>)> {
    let mut seeds = Vec::new();
    for example in rules::ALL.iter().flat_map(|rule| rules::examples(rule)) {
        if let Ok(value) = serde_json::from_str(example.text) {
            let version = example.version.map(|version| version.parse().expect("a version"));
            seeds.push((value, example.edition, version));
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for folder in ["invalid", "valid"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("fixtures") {
            let bytes = std::fs::read(entry.expect("an entry").path()).expect("readable");
            if let Ok(value) = serde_json::from_slice(&bytes) {
                seeds.extend(Edition::ALL.map(|edition| (Value::clone(&value), edition, None)));
            }
        }
    }
    assert!(seeds.len() > 250, "{}", seeds.len());
    seeds
}

fn told(findings: &[Finding]) -> Vec<String> {
    let line = |f: &Finding| format!("{} {} {} {}", f.severity, f.rule, f.pointer, f.message);
    let mut lines: Vec<_> = findings.iter().map(line).collect();
    lines.sort();
    lines
}

fn is_ignorable(finding: &Finding) -> bool {
    let rule = rules::get(finding.rule).expect("a rule");
    !matches!(rule.check, Check::Reader | Check::Linter) && rule.group != Group::Suppressions
}

/// Whether the object at `pointer` may carry the key.
fn may_carry(pointer: &str) -> bool {
    let list = pointer.rsplit('/').nth(1).unwrap_or_default();
    let is_item = list.starts_with("metrics_static_") || list.starts_with("traces_static_");
    !pointer.ends_with("/headers") && !is_item
}

/// The objects around what `pointer` names, from the inside out.
fn around<'p>(value: &Value, pointer: &'p str) -> Vec<&'p str> {
    let up = |place: &&'p str| place.rfind('/').map(|slash| &place[..slash]);
    let mut places: Vec<_> = std::iter::successors(Some(pointer), up).collect();
    places.retain(|place| value.pointer(place).is_some_and(Value::is_object));
    places
}

fn object<'v>(value: &'v mut Value, pointer: &str) -> &'v mut Map<String, Value> {
    value.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object")
}

#[test]
fn every_finding_can_be_ignored_in_every_object_around_it() {
    let mut ignored = std::collections::BTreeSet::new();
    for (value, edition, version) in seeds() {
        let before = check(&value, edition, version);
        for finding in before.findings.iter().filter(|finding| is_ignorable(finding)) {
            let places = around(&value, &finding.pointer);
            for place in places.into_iter().filter(|place| may_carry(place)) {
                let mut value = value.clone();
                let object = object(&mut value, place);
                if object.contains_key(KEY) {
                    continue;
                }
                object.insert(KEY.into(), json!({"ignore": {finding.rule: REASON}}));
                let after = check(&value, edition, version);
                let context = format!("{} at `{place}`: {value}", finding.rule);
                assert!(after.suppressed.iter().all(|one| one.reason == REASON), "{context}");
                let mut all: Vec<Finding> =
                    after.analysis.suppressed.into_iter().map(|one| one.finding).collect();
                assert!(told(&all).contains(&told(std::slice::from_ref(finding))[0]), "{context}");
                assert!(all.iter().all(|one| one.rule == finding.rule), "{context}");
                all.extend(after.analysis.findings);
                assert_eq!(told(&all), told(&before.analysis.findings), "{context}");
                ignored.insert(finding.rule);
            }
        }
    }
    let mut expected: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    expected.retain(|id| {
        let rule = rules::get(id).expect("a rule");
        !matches!(rule.check, Check::Reader | Check::Linter) && rule.group != Group::Suppressions
    });
    expected.sort_unstable();
    assert_eq!(ignored.into_iter().collect::<Vec<_>>(), expected);
}

/// Puts the key into every object that may carry it.
fn spread(value: &mut Value, place: &str, key: &Value) {
    match value {
        Value::Object(object) => {
            for (name, inner) in object.iter_mut() {
                let name = name.replace('~', "~0").replace('/', "~1");
                if !name.starts_with('@') {
                    spread(inner, &format!("{place}/{name}"), key);
                }
            }
            // Up to 2.11 viper loses an object without members, so that a key in it changes what it means.
            if may_carry(place) && !object.contains_key(KEY) && !object.is_empty() {
                object.insert(KEY.into(), key.clone());
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                spread(item, &format!("{place}/{index}"), key);
            }
        }
        _ => {}
    }
}

#[test]
fn the_key_is_taken_for_nothing_else() {
    for (value, edition, version) in seeds() {
        let before = check(&value, edition, version);
        // Of a rule that could never stand there, so that nothing else changes.
        let mut value = value;
        spread(&mut value, "", &json!({"ignore": {"known-broken-release": REASON}}));
        let mut after = check(&value, edition, version);
        after.findings.retain(|finding| finding.rule != "unused-suppression");
        after
            .analysis
            .findings
            .extend(after.analysis.suppressed.into_iter().map(|one| one.finding));
        let hushed = before.analysis.suppressed.into_iter().map(|one| one.finding);
        let mut before: Vec<Finding> = before.analysis.findings.into_iter().chain(hushed).collect();
        before.retain(|finding| finding.rule != "unused-suppression");
        assert_eq!(told(&after.analysis.findings), told(&before), "{value}");
    }
}
