//! A configuration means the same in every format: each example of each rule, written in another
//! format, gives the same findings at the same pointers, and each finding points at the same thing.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use otel_lint::analysis::CheckedFile;
use otel_lint::document;
use otel_lint::finding::{Finding, Severity};
use otel_lint::linter::{self, Options};
use otel_lint::rules::{self, Example};
use otel_lint::source::{Format, Source};
use serde_json::Value;

/// Rules whose examples cannot be written in another format.
const ONLY_JSON: &[(&str, &str)] = &[
    ("unjudged-template", "its examples are templates, and no format by themselves"),
    ("template-error", "its examples are templates, and no format by themselves"),
    ("invalid-json", "its bad examples are not JSON that could be converted"),
    ("duplicate-key", "in YAML and TOML a key that stands twice is a fault in the syntax"),
];

/// The ways to write a document down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Block,
    Flow,
    /// Block style, in which what stands twice is written once.
    Aliases,
}

/// The formats, and the ways to write each.
const FORMATS: [(Format, Style); 3] =
    [(Format::Yaml, Style::Block), (Format::Yaml, Style::Flow), (Format::Yaml, Style::Aliases)];

impl Style {
    fn yaml(self, value: &Value) -> String {
        let mut yaml = Yaml { aliases: self == Self::Aliases, ..Yaml::default() };
        if yaml.aliases {
            yaml.count(value);
        }
        match self {
            Self::Flow => yaml.flow(value),
            _ => yaml.block(value, 0),
        }
        yaml.text.push('\n');
        yaml.text
    }
}

/// A small writer of YAML in many notations.
#[derive(Default)]
struct Yaml {
    text: String,
    /// How many scalars there are, so that each is written otherwise than the last.
    scalars: usize,
    aliases: bool,
    /// How often each value stands in the document.
    counts: HashMap<String, usize>,
    anchors: HashMap<String, usize>,
}

impl Yaml {
    fn count(&mut self, value: &Value) {
        *self.counts.entry(value.to_string()).or_default() += 1;
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.count(item)),
            Value::Object(members) => members.values().for_each(|value| self.count(value)),
            _ => {}
        }
    }

    /// Writes an alias if the value stands before, or an anchor if it stands again; whether all is
    /// said.
    fn is_said(&mut self, value: &Value) -> bool {
        let key = value.to_string();
        if !self.aliases || self.counts.get(&key).is_none_or(|count| *count < 2) {
            return false;
        }
        if let Some(anchor) = self.anchors.get(&key) {
            let _ = write!(self.text, " *a{anchor}");
            return true;
        }
        // An anchor may be used only after its end.
        let anchor = self.anchors.len();
        let _ = write!(self.text, " &a{anchor}");
        self.anchors.insert(key, anchor);
        false
    }

    fn block(&mut self, value: &Value, indent: usize) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 {
                        let _ = write!(self.text, "\n{:indent$}", "");
                    }
                    self.string(key);
                    self.text.push(':');
                    self.child(value, indent);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        let _ = write!(self.text, "\n{:indent$}", "");
                    }
                    self.text.push('-');
                    self.child(item, indent);
                }
            }
            _ => self.flow(value),
        }
    }

    /// What stands behind a colon or dash.
    fn child(&mut self, value: &Value, indent: usize) {
        if self.is_said(value) {
            return;
        }
        let is_block = value.as_object().is_some_and(|members| !members.is_empty())
            || value.as_array().is_some_and(|items| !items.is_empty());
        if is_block {
            let inner = indent + 2;
            let _ = write!(self.text, "  # below\n{:inner$}", "");
            self.block(value, inner);
        } else {
            self.text.push(' ');
            self.flow(value);
        }
    }

    fn flow(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                self.text.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    self.text.push_str(if index > 0 { ", " } else { "" });
                    self.string(key);
                    self.text.push_str(": ");
                    self.flow(value);
                }
                self.text.push('}');
            }
            Value::Array(items) => {
                self.text.push('[');
                for (index, item) in items.iter().enumerate() {
                    self.text.push_str(if index > 0 { ",\n " } else { "" });
                    self.flow(item);
                }
                self.text.push(']');
            }
            Value::String(text) => self.string(text),
            Value::Null => self.text.push('~'),
            Value::Number(number) if number.as_u64().is_some_and(|n| n > 99) => {
                let number = number.as_u64().expect("just seen");
                let _ = match self.turn() {
                    0 => write!(self.text, "{number:#x}"),
                    1 => write!(self.text, "0o{number:o}"),
                    _ => write!(self.text, "{number}"),
                };
            }
            other => self.text.push_str(&other.to_string()),
        }
    }

    /// A number from 0 to 2, the next one each time.
    fn turn(&mut self) -> usize {
        self.scalars += 1;
        self.scalars % 3
    }

    fn string(&mut self, text: &str) {
        let is_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./".contains(&b))
            && !matches!(text, "true" | "false" | "null");
        let is_plain = !text.chars().any(char::is_control);
        match self.turn() {
            0 if is_word => self.text.push_str(text),
            1 if is_plain => {
                let _ = write!(self.text, "'{}'", text.replace('\'', "''"));
            }
            _ => self.text.push_str(&Value::from(text).to_string()),
        }
    }
}

fn check(text: &str, format: Format, example: &Example<'_>) -> CheckedFile {
    let source = Source::new("example", text).with_format(format);
    let version = example.version.map(|version| version.parse().expect("a version"));
    let options =
        Options { version, edition: example.edition, pedantic: true, ..Options::default() };
    linter::check(source, &options)
}

type About<'f> = (&'static str, Severity, &'f str);

fn about(finding: &Finding) -> About<'_> {
    (finding.rule, finding.severity, &finding.pointer)
}

/// Every example of a rule that is JSON, and its value.
fn examples() -> Vec<(&'static str, Example<'static>, Value)> {
    let all = rules::ALL
        .iter()
        .flat_map(|rule| rules::examples(rule).into_iter().map(|example| (rule.id, example)));
    let mut examples = Vec::new();
    for (id, example) in all.filter(|(_, example)| example.format == Format::Json) {
        if ONLY_JSON.iter().any(|(other, _)| *other == id) {
            continue;
        }
        let value = serde_json::from_str(example.text).unwrap_or_else(|e| panic!("{id}: {e}"));
        examples.push((id, example, value));
    }
    assert!(examples.len() > 150, "{}", examples.len());
    examples
}

/// What a finding points at, as a value; `None` for an object or a list.
fn pointed_at(report: &CheckedFile, finding: &Finding) -> Option<Value> {
    let slice = report.source.slice(finding.primary.span);
    let text = std::str::from_utf8(slice).expect("UTF-8");
    if text.starts_with(['{', '[']) {
        return None;
    }
    if report.source.format() == Format::Json {
        return Some(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)));
    }
    let source = Source::new("slice", format!("k: {text}")).with_format(report.source.format());
    let parsed = document::read(&source);
    let root = parsed.document.root().expect("a root");
    Some(parsed.document.to_value(root, 9)["k"].clone())
}

#[test]
fn an_example_gives_the_same_findings_in_every_format() {
    let mut compared = 0;
    for (id, example, value) in examples() {
        let json = check(example.text, Format::Json, &example);
        for (format, style) in FORMATS {
            let text = style.yaml(&value);
            let report = check(&text, format, &example);
            let context = format!("{id}, {format:?}, {style:?}:\n{text}");
            let expected: BTreeSet<_> = json.findings.iter().map(about).collect();
            let found: BTreeSet<_> = report.findings.iter().map(about).collect();
            if style == Style::Aliases {
                // Findings about what is written once are one finding, at the first pointer.
                let strays: Vec<_> = found.difference(&expected).collect();
                assert!(strays.is_empty(), "{strays:?}: {context}");
                let rules =
                    |set: &BTreeSet<About<'_>>| set.iter().map(|f| f.0).collect::<BTreeSet<_>>();
                assert_eq!(rules(&expected), rules(&found), "{context}");
                continue;
            }
            assert_eq!(expected, found, "{context}");
            assert_eq!(json.findings.len(), report.findings.len(), "{context}");
            for finding in &json.findings {
                let mut same =
                    report.findings.iter().filter(|other| about(other) == about(finding));
                let Some(expected) = pointed_at(&json, finding) else { continue };
                let found =
                    same.any(|other| pointed_at(&report, other).as_ref() == Some(&expected));
                assert!(found, "{} does not point at {expected}: {context}", finding.rule);
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "{compared}");
}

#[test]
fn what_cannot_be_converted_has_a_reason() {
    for (id, reason) in ONLY_JSON {
        assert!(rules::get(id).is_some() && reason.len() > 20, "{id}");
    }
}
