//! What holds for every rule: its examples do what they claim, its fix is what it says, and the
//! files, the list and the names agree. There is no test code for a single rule.

use std::collections::BTreeSet;
use std::path::Path;

use otel_lint::document;
use otel_lint::finding::{Finding, Severity};
use otel_lint::linter::{self, Options};
use otel_lint::rule::{Availability, Check, Rule};
use otel_lint::rules::{self, Example, ExampleKind};
use otel_lint::source::{Format, Source};
use serde_json::Value;

use crate::edits;

fn check(example: &Example<'_>) -> Vec<Finding> {
    let source = Source::new("example", example.text.as_bytes()).with_format(example.format);
    let version = example.version.map(|version| version.parse().expect("a version"));
    let options =
        Options { version, edition: example.edition, pedantic: true, ..Options::default() };
    linter::check(source, &options).analysis.findings
}

fn describe(findings: &[Finding]) -> String {
    let line = |f: &Finding| format!("  {}[{}] {}", f.severity, f.rule, f.message);
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn of<'f>(rule: &Rule, findings: &'f [Finding]) -> Vec<&'f Finding> {
    findings.iter().filter(|finding| finding.rule == rule.id).collect()
}

fn errors_of_others(rule: &Rule, findings: &[Finding]) -> bool {
    findings.iter().any(|f| f.rule != rule.id && f.severity == Severity::Error)
}

#[test]
fn every_rule_has_a_bad_and_a_good_example() {
    for rule in rules::ALL {
        let whole = rules::examples(rule).into_iter().map(|e| e.kind);
        let projects = rules::project_examples(rule).into_iter().map(|e| e.kind);
        let kinds: Vec<_> = whole.chain(projects).collect();
        assert!(kinds.contains(&ExampleKind::Bad), "{}: no bad example", rule.id);
        assert!(kinds.contains(&ExampleKind::Good), "{}: no good example", rule.id);
    }
}

#[test]
fn a_bad_example_gives_one_finding_of_its_rule_and_no_other_error() {
    for rule in rules::ALL {
        for example in rules::examples(rule).iter().filter(|e| e.kind == ExampleKind::Bad) {
            let findings = check(example);
            let context = format!("{}:\n{}\n{}", rule.id, example.text, describe(&findings));
            assert_eq!(of(rule, &findings).len(), 1, "{context}");
            assert!(!errors_of_others(rule, &findings), "{context}");
        }
    }
}

/// `value` on one line; `escaped`: each character of its strings, but of keys, as `\uXXXX`.
fn line(value: &Value, escaped: bool) -> String {
    let list = |texts: Vec<String>| texts.join(",");
    match value {
        Value::String(text) if escaped => {
            let units = text.encode_utf16().map(|unit| format!("\\u{unit:04x}"));
            format!("\"{}\"", units.collect::<Vec<_>>().concat())
        }
        Value::Array(items) => {
            format!("[{}]", list(items.iter().map(|item| line(item, escaped)).collect()))
        }
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| {
                format!("{}:{}", Value::from(key.as_str()), line(value, escaped))
            };
            format!("{{{}}}", list(members.iter().map(member).collect()))
        }
        value => value.to_string(),
    }
}

#[test]
fn how_a_value_is_written_changes_no_finding() {
    let mut compared = 0;
    for rule in rules::ALL {
        for example in rules::examples(rule) {
            // What is wrong with the syntax is gone once the text is read and written again.
            let value = serde_json::from_str::<Value>(example.text);
            let (Ok(value), Format::Json) = (value, example.format) else { continue };
            let [plain, escaped] = [false, true].map(|escaped| {
                let text = line(&value, escaped);
                let findings = check(&Example { text: &text, ..example });
                findings.iter().map(|f| (f.rule, f.message.clone())).collect::<Vec<_>>()
            });
            assert_eq!(plain, escaped, "{}:\n{}", rule.id, example.text);
            compared += 1;
        }
    }
    assert!(compared > rules::ALL.len(), "{compared}");
}

#[test]
fn a_good_or_fixed_example_gives_no_finding_of_its_rule_and_no_error() {
    for rule in rules::ALL {
        for example in rules::examples(rule).iter().filter(|e| e.kind != ExampleKind::Bad) {
            let findings = check(example);
            let context = format!("{}:\n{}\n{}", rule.id, example.text, describe(&findings));
            assert!(of(rule, &findings).is_empty(), "{context}");
            assert!(!errors_of_others(rule, &findings), "{context}");
        }
    }
}

#[test]
fn a_fix_turns_the_bad_example_into_the_fixed_one() {
    for rule in rules::ALL {
        let examples = rules::examples(rule);
        for (index, bad) in examples.iter().enumerate() {
            if bad.kind != ExampleKind::Bad {
                continue;
            }
            let fixed = examples.get(index + 1).filter(|e| e.kind == ExampleKind::Fixed);
            let findings = check(bad);
            let fix = of(rule, &findings).first().and_then(|finding| finding.fix.clone());
            match (fixed, fix) {
                (Some(fixed), Some(fix)) => {
                    let source = Source::new("bad", bad.text.as_bytes()).with_format(bad.format);
                    let document = document::read(&source).document;
                    if bad.format != Format::Json {
                        assert_eq!(
                            edits::without(&document, &fix.edits),
                            fixed.text,
                            "{}",
                            rule.id
                        );
                        continue;
                    }
                    let result = edits::apply(&document, &fix.edits);
                    let expected: serde_json::Value =
                        serde_json::from_str(fixed.text).expect("a fixed example is JSON");
                    assert_eq!(result, expected, "{}: {}", rule.id, fix.title);
                }
                (Some(_), None) => panic!("{}: a fixed example, but no fix", rule.id),
                (None, Some(_)) => panic!("{}: a fix, but no fixed example", rule.id),
                (None, None) => {}
            }
        }
    }
}

#[test]
fn a_rule_gives_a_fix_as_often_as_it_claims() {
    for rule in rules::ALL {
        let bad: Vec<_> =
            rules::examples(rule).into_iter().filter(|e| e.kind == ExampleKind::Bad).collect();
        let fixable = bad
            .iter()
            .filter(|example| of(rule, &check(example)).iter().any(|f| f.fix.is_some()))
            .count();
        let claim = rule.fix;
        let holds = match claim {
            Availability::Never => fixable == 0,
            Availability::Sometimes => fixable > 0,
            Availability::Always => fixable == bad.len(),
        };
        assert!(holds, "{}: claims {claim:?}, {fixable} of {} fixed", rule.id, bad.len());
    }
}

#[test]
fn words_are_plain_and_end_where_they_should() {
    for rule in rules::ALL {
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(rule.id.chars().all(kebab), "{}", rule.id);
        assert!(!rule.summary.ends_with('.'), "{}: a summary is not a sentence", rule.id);
        assert!(rule.summary.len() <= 100, "{}: a summary is one line", rule.id);
        assert!(!rule.evidence.is_empty(), "{}: nothing shows it", rule.id);
        for example in rules::examples(rule).iter().filter(|e| e.kind == ExampleKind::Bad) {
            for finding in of(rule, &check(example)) {
                let Finding { message, help, .. } = finding;
                assert!(!message.ends_with('.'), "{}: {message}", rule.id);
                assert!(help.ends_with(['.', '?']), "{}: {help}", rule.id);
                assert!(message.len() <= 120, "{}: too long: {message}", rule.id);
            }
        }
    }
}

#[test]
fn what_a_rule_supersedes_exists() {
    for rule in rules::ALL {
        for id in rule.supersedes {
            assert!(rules::get(id).is_some(), "{} supersedes {id}, which is not a rule", rule.id);
        }
    }
}

#[test]
fn each_file_is_a_rule_and_each_rule_a_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("src/rules is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter_map(|name| name.strip_suffix(".rs").map(|stem| stem.replace('_', "-")))
        .filter(|name| name != "mod")
        .collect();
    let listed: BTreeSet<String> = rules::ALL.iter().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(files, listed);
    assert_eq!(listed.len(), rules::ALL.len(), "a rule is listed twice");
}

#[test]
fn every_rule_is_found_by_somebody() {
    // A rule that the reader or the schema pass finds has examples that reach it there; this
    // guards against one that nobody implements.
    for rule in rules::ALL {
        if matches!(rule.check, Check::Semantic(_)) {
            continue;
        }
        let found = rules::examples(rule)
            .iter()
            .filter(|e| e.kind == ExampleKind::Bad)
            .any(|e| !of(rule, &check(e)).is_empty());
        // What is wrong with projects is tested with them.
        let found = found || !rules::project_examples(rule).is_empty();
        assert!(found, "{}", rule.id);
    }
}

/// The rules about what spans hold, or how many there are.
const ABOUT_SPANS: [&str; 9] = [
    "propagation-to-backends-off",
    "query-credentials-in-spans",
    "report-headers-leaks-credentials",
    "sample-rate-full",
    "sample-rate-zero",
    "sampling-not-passed-on",
    "skip-headers-inconsistent",
    "skip-headers-not-canonical",
    "skip-headers-unsupported",
];

/// The configuration of `example` with its telemetry block changed.
fn with_block(example: &Example<'_>, change: impl Fn(&mut Value)) -> Vec<Finding> {
    let mut value: Value = serde_json::from_str(example.text).expect("JSON");
    change(&mut value["extra_config"]["telemetry/opentelemetry"]);
    let text = serde_json::to_string_pretty(&value).expect("JSON");
    check(&Example { text: &text, ..*example })
}

#[test]
fn where_there_are_no_spans_there_is_no_warning_about_them() {
    for rule in rules::ALL.iter().filter(|rule| ABOUT_SPANS.contains(&rule.id)) {
        let examples = rules::examples(rule).into_iter();
        let bad = examples.filter(|e| e.kind == ExampleKind::Bad && e.format == Format::Json);
        let mut count = 0;
        for example in bad {
            count += 1;
            let as_it_is = with_block(&example, |_| ());
            assert!(!of(rule, &as_it_is).is_empty(), "{}:\n{}", rule.id, example.text);
            let findings = with_block(&example, |block| {
                for exporter in block["exporters"]["otlp"].as_array_mut().into_iter().flatten() {
                    exporter["disable_traces"] = true.into();
                }
            });
            let context = describe(&findings);
            let is_told = |finding: &&Finding| finding.severity > Severity::Info;
            let found = of(rule, &findings);
            assert!(!found.iter().any(is_told), "{}:\n{context}", example.text);
        }
        assert!(count > 0, "{}: no example in JSON", rule.id);
    }
}
