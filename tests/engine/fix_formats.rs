//! Fixes in every format: each fix of a bad example, written in YAML and TOML in several manners, does
//! what its edits mean, removes its finding, adds no error, and leaves nothing to do.

use std::collections::BTreeMap;

use otel_lint::analysis::CheckedFile;
use otel_lint::document;
use otel_lint::finding::{Finding, Severity};
use otel_lint::fix;
use otel_lint::linter::{self, Options};
use otel_lint::rules::{self, Example, ExampleKind};
use otel_lint::source::{Format, Source};
use serde_json::{Map, Value};

use crate::edits;
use crate::written::{self, Yaml};

const PLAIN: Yaml =
    Yaml { unit: 2, indented_lists: true, quote: ' ', flow_lists: false, comment: "" };

/// A manner of writing: its name, its format, and the text of a value.
type Manner = (&'static str, Format, fn(&Value) -> Option<String>);

const MANNERS: &[Manner] = &[
    ("block", Format::Yaml, |value| Some(written::yaml(value, PLAIN))),
    ("lists at their key", Format::Yaml, |value| {
        Some(written::yaml(value, Yaml { indented_lists: false, unit: 4, ..PLAIN }))
    }),
    ("single quotes", Format::Yaml, |value| {
        Some(written::yaml(value, Yaml { quote: '\'', flow_lists: true, ..PLAIN }))
    }),
    ("comments", Format::Yaml, |value| {
        Some(written::yaml(value, Yaml { comment: " # it's: {here}, - x", ..PLAIN }))
    }),
    ("CRLF", Format::Yaml, |value| Some(written::yaml(value, PLAIN).replace('\n', "\r\n"))),
    ("no last line end", Format::Yaml, |value| {
        Some(written::yaml(value, PLAIN).trim_end().to_owned())
    }),
    ("JSON in YAML", Format::Yaml, |value| serde_json::to_string_pretty(value).ok()),
    ("JSON in YAML on one line", Format::Yaml, |value| Some(value.to_string())),
    ("tables", Format::Toml, |value| written::toml(value, false)),
    ("inline", Format::Toml, |value| written::toml(value, true)),
    ("CRLF in TOML", Format::Toml, |value| {
        Some(written::toml(value, false)?.replace('\n', "\r\n"))
    }),
];

fn options(example: &Example<'_>) -> Options {
    let version = example.version.map(|version| version.parse().expect("a version"));
    Options { version, edition: example.edition, pedantic: true, ..Options::default() }
}

fn check(text: &str, format: Format, example: &Example<'_>) -> CheckedFile {
    linter::check(Source::new("example", text).with_format(format), &options(example))
}

/// The bad examples in JSON with what comes after each.
fn bad() -> impl Iterator<Item = (&'static str, Example<'static>, Option<Example<'static>>)> {
    rules::ALL.iter().flat_map(|rule| {
        let examples: Vec<_> =
            rules::examples(rule).into_iter().filter(|e| e.format == Format::Json).collect();
        let next = examples.iter().skip(1).copied().map(Some).chain([None]).collect::<Vec<_>>();
        let pairs = examples.into_iter().zip(next);
        pairs
            .filter(|(example, _)| example.kind == ExampleKind::Bad)
            .filter(|(example, _)| serde_json::from_str::<Value>(example.text).is_ok())
            .map(|(bad, next)| (rule.id, bad, next.filter(|next| next.kind == ExampleKind::Fixed)))
    })
}

fn value(text: &str, format: Format) -> Option<Value> {
    let source = Source::new("example", text).with_format(format);
    let parsed = document::read(&source);
    let is_readable = parsed.reliable && parsed.faults.iter().all(|fault| fault.is_warning);
    is_readable.then(|| parsed.document.to_value(parsed.document.root().expect("a root"), 64))
}

/// `value` without empty overrides, and without an `extra_config` that has nothing else.
pub(crate) fn without_empty_blocks(value: Value) -> Value {
    let is_empty = |(name, value): &(String, Value)| {
        ["extra_config", "telemetry/opentelemetry"].contains(&&**name)
            && value.as_object().is_some_and(Map::is_empty)
    };
    match value {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, it)| (name, without_empty_blocks(it)));
            Value::Object(members.filter(|member| !is_empty(member)).collect())
        }
        Value::Array(items) => items.into_iter().map(without_empty_blocks).collect(),
        value => value,
    }
}

fn errors(report: &CheckedFile) -> usize {
    report.findings.iter().filter(|finding| finding.severity == Severity::Error).count()
}

fn same(finding: &Finding) -> impl Fn(&&Finding) -> bool + '_ {
    move |other| {
        other.rule == finding.rule
            && other.pointer == finding.pointer
            && other.message == finding.message
    }
}

#[test]
fn a_fix_means_the_same_in_every_format() {
    let mut tried: BTreeMap<&str, usize> = BTreeMap::new();
    let mut missing: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (rule, example, next) in bad() {
        let plain: Value = serde_json::from_str(example.text).expect("JSON");
        let in_json = check(example.text, Format::Json, &example);
        for (manner, format, write) in MANNERS {
            let Some(text) = write(&plain) else { continue };
            assert_eq!(value(&text, *format), Some(plain.clone()), "{rule}, {manner}:\n{text}");
            let report = check(&text, *format, &example);
            let parsed = document::read(&report.source);
            for finding in in_json.findings.iter().filter(|finding| finding.fix.is_some()) {
                let Some(same) = report.findings.iter().find(same(finding)) else { continue };
                if same.fix.is_none() {
                    *missing.entry((finding.rule, manner)).or_default() += 1;
                }
            }
            for finding in &report.findings {
                let Some(fix) = &finding.fix else { continue };
                let context =
                    || format!("{rule} ({}), {manner}: {}\n{text}", finding.rule, fix.title);
                let result = fix::replace(report.source.bytes(), &fix.replacements);
                let result = String::from_utf8(result).expect("UTF-8");
                let meant = edits::apply(&parsed.document, &fix.edits);
                let read = value(&result, *format);
                assert_eq!(read, Some(meant), "{}\n-----\n{result}", context());
                let after = check(&result, *format, &example);
                let left = after.findings.iter().filter(same(finding)).count();
                let before = report.findings.iter().filter(same(finding)).count();
                assert!(left < before, "{}\n-----\n{result}", context());
                assert!(errors(&after) <= errors(&report), "{}\n-----\n{result}", context());
                if manner.starts_with("JSON") {
                    assert!(serde_json::from_str::<Value>(&result).is_ok(), "{result}");
                }
                if *manner == "CRLF" {
                    assert_eq!(result.matches('\n').count(), result.matches("\r\n").count());
                }
                *tried.entry(manner).or_default() += 1;
                if let Some(next) = next.filter(|_| finding.rule == rule) {
                    let fixed: Value = serde_json::from_str(next.text).expect("JSON");
                    // What has a comment of its own stays, though it is empty.
                    let read = match *manner {
                        "comments" => read.map(without_empty_blocks),
                        _ => read,
                    };
                    assert_eq!(read, Some(fixed), "{}\n-----\n{result}", context());
                }
            }
        }
    }
    // What would be a table in the middle of another's keys.
    let known = ["CRLF in TOML", "tables"].map(|it| (("endpoint-backend-override-ee-only", it), 1));
    assert_eq!(missing, BTreeMap::from(known), "fixes that another format does not have");
    for (manner, format, _) in MANNERS {
        let most = if *format == Format::Toml { 40 } else { 60 };
        assert!(tried[manner] >= most, "{manner}: {}", tried[manner]);
    }
}

#[test]
fn what_is_fixed_stays_fixed() {
    for (rule, example, _) in bad() {
        let plain: Value = serde_json::from_str(example.text).expect("JSON");
        let json: Manner = ("JSON", Format::Json, |value| serde_json::to_string_pretty(value).ok());
        for (manner, format, write) in MANNERS.iter().chain([&json]) {
            let Some(text) = write(&plain) else { continue };
            let again = |source| linter::check(source, &options(&example));
            let report = check(&text, *format, &example);
            let fixed = linter::fix(report.clone(), true, again);
            let result = String::from_utf8_lossy(fixed.file.source.bytes()).into_owned();
            assert!(fixed.is_complete, "{rule}, {manner}:\n{text}\n-----\n{result}");
            assert!(value(&result, *format).is_some(), "{rule}, {manner}:\n{result}");
            assert!(errors(&fixed.file) <= errors(&report), "{rule}, {manner}:\n{result}");
            let second = linter::fix(check(&result, *format, &example), true, again);
            assert_eq!(second.count, 0, "{rule}, {manner}:\n{result}");
        }
    }
}
