//! Keys in the wrong place: each is moved to the one place where it works, in every format, with its text
//! and its comments; and where there is no such place, or something is there already, nothing is offered.

mod cases;
mod texts;

use otel_lint::analysis::CheckedFile;
use otel_lint::document;
use otel_lint::finding::Safety;
use otel_lint::fix;
use otel_lint::linter::{self, Options};
use otel_lint::source::{Format, Source};
use otel_lint::target::Edition;
use serde_json::Value;

use self::cases::Case;
use crate::edits;
use crate::fix_formats::without_empty_blocks;
use crate::written::{self, Yaml};

const PLAIN: Yaml =
    Yaml { unit: 2, indented_lists: true, quote: ' ', flow_lists: false, comment: "" };

/// A manner of writing: its name, its format, and the text of a value.
type Manner = (&'static str, Format, fn(&Value) -> Option<String>);

const MANNERS: &[Manner] = &[
    ("JSON", Format::Json, |value| serde_json::to_string_pretty(value).ok()),
    ("JSON on one line", Format::Json, |value| Some(value.to_string())),
    ("block", Format::Yaml, |value| Some(written::yaml(value, PLAIN))),
    ("comments", Format::Yaml, |value| {
        Some(written::yaml(value, Yaml { comment: " # it's: {here}, - x", ..PLAIN }))
    }),
    ("lists at their key, CRLF", Format::Yaml, |value| {
        let style = Yaml { indented_lists: false, unit: 4, quote: '\'', ..PLAIN };
        Some(written::yaml(value, style).replace('\n', "\r\n"))
    }),
    ("no last line end", Format::Yaml, |value| {
        Some(written::yaml(value, PLAIN).trim_end().to_owned())
    }),
    ("flow", Format::Yaml, |value| Some(value.to_string())),
    ("tables", Format::Toml, |value| written::toml(value, false)),
    ("inline tables", Format::Toml, |value| written::toml(value, true)),
];

fn check(text: &str, format: Format, edition: Edition) -> CheckedFile {
    let options = Options { edition, pedantic: true, ..Options::default() };
    linter::check(Source::new("t", text).with_format(format), &options)
}

fn value(text: &str, format: Format) -> Option<Value> {
    let source = Source::new("t", text).with_format(format);
    let parsed = document::read(&source);
    let is_readable = parsed.reliable && parsed.faults.is_empty();
    is_readable.then(|| parsed.document.to_value(parsed.document.root().expect("a root"), 64))
}

/// `text` after the fix of `rule`, if there is one.
fn fixed(text: &str, format: Format, edition: Edition, rule: &str) -> Option<String> {
    let file = check(text, format, edition);
    let finding = file.findings.iter().find(|finding| finding.rule == rule);
    let finding = finding.unwrap_or_else(|| panic!("no {rule} in:\n{text}"));
    let fix = finding.fix.as_ref()?;
    assert_eq!(fix.safety, Safety::Unsafe, "what had no effect has one then");
    let result = fix::replace(text.as_bytes(), &fix.replacements);
    let result = String::from_utf8(result).expect("UTF-8");
    let parsed = document::read(&file.source);
    let meant = edits::apply(&parsed.document, &fix.edits);
    assert_eq!(value(&result, format), Some(meant), "{text}\n-----\n{result}");
    Some(result)
}

#[test]
fn a_key_goes_where_it_works_in_every_format() {
    for Case { rule, edition, before, after } in cases::all() {
        for (manner, format, write) in MANNERS {
            let text = write(&before).expect("it can be written");
            let result = fixed(&text, *format, edition, rule);
            // The comment of what goes would be lost.
            if *manner == "comments" && before["endpoints"].to_string().contains("layers") {
                assert_eq!(result, None, "{text}");
                continue;
            }
            let read = result.as_deref().and_then(|result| value(result, *format));
            let shown = result.as_deref().unwrap_or("nothing");
            // What has a comment of its own stays, though it is empty.
            let read = match *manner {
                "comments" => read.map(without_empty_blocks),
                _ => read,
            };
            assert_eq!(read, after, "{rule}, {manner}:\n{text}\n-----\n{shown}");
            let Some(result) = result else { continue };
            let findings = &check(&result, *format, edition).findings;
            let left = findings.iter().find(|finding| finding.rule == rule);
            assert!(left.is_none(), "{manner}:\n{text}\n-----\n{result}");
            let comments = |text: &str| text.matches("# it's").count();
            assert_eq!(comments(&text), comments(&result), "{text}\n-----\n{result}");
            if manner.ends_with("CRLF") {
                assert_eq!(result.matches('\n').count(), result.matches("\r\n").count());
            }
        }
    }
}

#[test]
fn the_text_and_the_comments_of_a_key_go_with_it() {
    let all = [texts::YAML, texts::TOML, texts::PARTS].concat();
    for (format, rule, before, after) in all {
        for crlf in [false, true] {
            let written =
                |text: &str| if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
            let file = check(&written(before), format, Edition::Community);
            let finding = file.findings.iter().find(|finding| finding.rule == rule);
            let finding = finding.unwrap_or_else(|| panic!("no {rule} in:\n{before}"));
            let result = finding.fix.as_ref().map(|fix| {
                let result = fix::replace(file.source.bytes(), &fix.replacements);
                String::from_utf8(result).expect("UTF-8")
            });
            assert_eq!(result, after.map(written), "{before}");
        }
    }
}

#[test]
fn a_secret_in_a_comment_that_moves_is_not_shown() {
    let text = "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    \
                exporters: {otlp: [{name: c, host: c}]}\n    layers:\n      global:\n        \
                disable_traces: true\n        # api-key: 5f4dcc3b5aa765d61d83\n        skip_paths: [/x]\n";
    let fix_of = |text: &str| {
        let file = check(text, Format::Yaml, Edition::Community);
        let finding = file.findings.iter().find(|finding| finding.rule == "unknown-field");
        finding.expect("the paths are in a layer").fix.clone().expect("they can be moved")
    };
    assert!(fix_of(text).shown().is_empty());
    assert!(
        !fix_of(&text.replace("api-key: 5f4dcc3b5aa765d61d83", "all of them")).shown().is_empty()
    );
}

#[test]
fn a_setting_moves_within_embedded_text() {
    let block = r#"{"exporters": {}, "layers": {"global": {"skip_paths": ["/x"]}}}"#;
    let inner = serde_json::to_string_pretty(&cases::service(block));
    let inner = inner.expect("JSON").replace('\n', "\n    ");
    let text = format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  krakend.json: |\n    {inner}\n");
    let file = check(&text, Format::Yaml, Edition::Community);
    let finding = file.findings.iter().find(|finding| finding.rule == "unknown-field");
    let fix = finding.expect("the paths are in a layer").fix.as_ref().expect("they can be moved");
    let result =
        String::from_utf8(fix::replace(text.as_bytes(), &fix.replacements)).expect("UTF-8");
    let paths = "\n          \"skip_paths\": [\n            \"/x\"\n          ],\n          \"exporters\": {";
    assert!(result.contains(paths), "{result}");
    assert!(result.contains("\"global\": {}"), "{result}");
}
