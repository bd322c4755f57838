//! What a file is taken for, and what is said about a part of a configuration: nothing that would
//! not be said about the whole.

use std::collections::BTreeSet;
use std::path::Path;

use otel_lint::analysis::CheckedFile;
use otel_lint::document;
use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::recognise::Content;
use otel_lint::recognise::Marks;
use otel_lint::rules;
use otel_lint::source::{Format, Source};
use serde_json::{Value, json};

const NAMESPACE: &str = "telemetry/opentelemetry";

fn check(text: &str, options: &Options) -> CheckedFile {
    linter::check(Source::new("k.json", text.as_bytes()), options)
}

fn lint(value: &Value) -> CheckedFile {
    check(&value.to_string(), &Options { pedantic: true, ..Options::default() })
}

fn ids(report: &CheckedFile) -> Vec<&'static str> {
    report.findings.iter().map(|finding| finding.rule).collect()
}

/// A block with one fault: the port does not exist.
fn bad_block() -> Value {
    json!({"exporters": {"otlp": [{"name": "c", "host": "collector", "port": 70000}]}})
}

#[test]
fn a_file_is_taken_for_what_it_is() {
    let table: &[(&str, Content)] = &[
        (r#"{"version": 3}"#, Content::Configuration),
        (r#"{"$schema": "https://www.krakend.io/schema/krakend.json"}"#, Content::Configuration),
        (r#"{"endpoints": []}"#, Content::Configuration),
        (r#"{"async_agent": []}"#, Content::Configuration),
        (r#"{"extra_config": {}}"#, Content::Configuration),
        (
            r#"{"endpoint": "/a", "extra_config": {"telemetry/opentelemetry": {}}}"#,
            Content::Fragment,
        ),
        (r#"{"a": [{"telemetry/opentelemetry": {}}]}"#, Content::Fragment),
        (r#"{"a": {"telemetry/opentelemetry-security": {}}}"#, Content::Fragment),
        (r#"{"prod": {"exporters": {"otlp": [{"name": "c"}]}}}"#, Content::Fragment),
        (
            r#"[{"endpoint": "/a", "extra_config": {"telemetry/opentelemetry": {}}}]"#,
            Content::Fragment,
        ),
        (r#"{"apiVersion": "v1", "version": 3}"#, Content::Unrecognised),
        (r#"{"version": 3, "services": {}}"#, Content::Unrecognised),
        (r#"{"version": "3.1.0", "name": "a package"}"#, Content::Unrecognised),
        (r#"{"exporters": ["otlp"]}"#, Content::Unrecognised),
        (r#"{"exporters": {"otlp": {"endpoint": "collector:4317"}}}"#, Content::Unrecognised),
        ("{}", Content::Unrecognised),
        // A broken file is a broken configuration.
        (r#"{"a": 1"#, Content::Configuration),
        ("[1]", Content::Unrecognised),
        ("", Content::Configuration),
    ];
    for (text, content) in table {
        let report = check(text, &Options::default());
        assert_eq!(report.content, *content, "{text}");
        if matches!(content, Content::Fragment) {
            assert!(Marks::of(text.as_bytes()).is_plausible(), "{text}");
            assert!(report.findings.iter().all(|f| f.rule != "invalid-json"), "{text}");
        }
    }
}

#[test]
fn a_block_is_checked_wherever_it_stands() {
    let block = bad_block();
    for whole in [
        json!({"prod": {NAMESPACE: block}}),
        json!([[{"telemetry": {NAMESPACE: block}}]]),
        json!({"chart": {"config": {"version": 3, "extra_config": {NAMESPACE: block}}}}),
        json!({"spec": [{"extra_config": {NAMESPACE: block}}]}),
    ] {
        let report = lint(&whole);
        assert_eq!(ids(&report), ["port-range"], "{whole}");
        assert_eq!(report.findings[0].severity, Severity::Error);
        assert!(report.findings[0].pointer.ends_with("/exporters/otlp/0/port"));
        assert!(report.has_telemetry);
    }
    let several = json!({"dev": {NAMESPACE: block}, "prod": {NAMESPACE: block}, "x": block});
    assert_eq!(ids(&lint(&several)), ["port-range"; 3]);
}

#[test]
fn what_a_template_may_complete_is_no_error() {
    let report = lint(&json!({"otel": bad_block()}));
    assert_eq!(ids(&report), ["port-range"]);
    assert_eq!(report.findings[0].severity, Severity::Warning);
}

#[test]
fn an_override_is_checked_by_what_is_around_it() {
    let bad = json!({NAMESPACE: {"proxy": {"disable_metrics": "yes"}}});
    let backend = json!({NAMESPACE: {"backend": {"traces": {"disable_stage": "yes"}}}});
    for (whole, expected) in [
        (json!({"endpoint": "/a", "backend": [], "extra_config": bad}), "override-wrong-type"),
        (json!({"url_pattern": "/a", "extra_config": backend}), "override-wrong-type"),
        (
            json!({"backends": [{"url_pattern": "/a", "extra_config": backend}]}),
            "override-wrong-type",
        ),
    ] {
        assert_eq!(ids(&lint(&whole)), [expected], "{whole}");
    }
}

#[test]
fn what_is_missing_may_be_elsewhere() {
    for block in [json!({}), json!({"layers": {}}), json!({"trace_sample_rate": 0.1})] {
        let report = lint(&json!({"a": {NAMESPACE: block}}));
        assert!(report.findings.is_empty(), "{:?}", ids(&report));
    }
}

/// Every example of a rule and every fixture that is JSON, with how it is checked.
fn wholes() -> Vec<(Value, Options)> {
    let mut wholes = Vec::new();
    for example in rules::ALL.iter().flat_map(|rule| rules::examples(rule)) {
        let version = example.version.map(|version| version.parse().expect("a version"));
        let options =
            Options { version, edition: example.edition, pedantic: true, ..Options::default() };
        if example.format == Format::Json
            && let Ok(value) = serde_json::from_str(example.text)
        {
            wholes.push((value, options));
        }
    }
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/real");
    folders.extend(corpus.is_dir().then_some(corpus));
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(value) = serde_json::from_slice(&std::fs::read(path).expect("bytes")) {
                wholes.push((value, Options { pedantic: true, ..Options::default() }));
            }
        }
    }
    wholes
}

/// Rule and place in the block of each finding below `pointer`.
fn found_below(report: &CheckedFile, pointer: &str) -> BTreeSet<(&'static str, String)> {
    let below = report.findings.iter().filter_map(|finding| {
        let place = finding.pointer.strip_prefix(pointer)?;
        Some((finding.rule, place.to_owned()))
    });
    below.collect()
}

#[test]
fn a_fragment_has_no_finding_that_the_whole_has_not() {
    let (mut compared, mut found) = (0, 0);
    for (whole, options) in wholes() {
        let Some(block) = whole["extra_config"].get(NAMESPACE).filter(|b| b.is_object()) else {
            continue;
        };
        // `$schema` tells the release of the whole.
        let source = Source::new("k", whole.to_string());
        let target = linter::target_of(&document::read(&source).document, &options);
        let options = Options { version: Some(target.version), ..options };
        let report = check(&whole.to_string(), &options);
        // What the whole says to ignore stands outside of the part.
        if !report.suppressed.is_empty() {
            continue;
        }
        let of_whole = found_below(&report, "/extra_config/telemetry~1opentelemetry");
        let part = json!({"a": {NAMESPACE: block}});
        let report = check(&part.to_string(), &options);
        assert_eq!(report.content, Content::Fragment);
        let of_part = found_below(&report, "/a/telemetry~1opentelemetry");
        let more: Vec<_> = of_part.difference(&of_whole).collect();
        assert!(more.is_empty(), "{more:?}\n{block:#}");
        let mut without = block.clone();
        without.as_object_mut().expect("checked above").shift_remove("exporters");
        let part = json!({"a": {NAMESPACE: without}});
        let of_rest =
            found_below(&check(&part.to_string(), &options), "/a/telemetry~1opentelemetry");
        let more: Vec<_> = of_rest.difference(&of_whole).collect();
        assert!(more.is_empty(), "without exporters: {more:?}\n{block:#}");
        compared += 1;
        found += of_part.len();
    }
    assert!(compared > 100 && found > 80, "{compared} {found}");
}

#[test]
fn text_without_a_name_tells_its_format() {
    let table: &[(&str, Format)] = &[
        ("", Format::Json),
        ("\n \n", Format::Json),
        ("\u{FEFF}{\"a\": 1}", Format::Json),
        ("\r\n  {", Format::Json),
        ("[]", Format::Json),
        ("[{\"endpoint\": \"/\"}]", Format::Json),
        ("[[1]]", Format::Json),
        ("# c\n\nversion = 3", Format::Toml),
        ("\"a b\".c=1", Format::Toml),
        ("[extra_config.\"telemetry/opentelemetry\"]", Format::Toml),
        ("[[endpoints]] # c", Format::Toml),
        ("---\nversion: 3", Format::Yaml),
        ("version: 3", Format::Yaml),
        ("# c\nurl: http://h/?a=b", Format::Yaml),
        ("- a", Format::Yaml),
        ("no format at all", Format::Yaml),
    ];
    for (text, format) in table {
        assert_eq!(Format::of_text(text.as_bytes()), *format, "{text}");
    }
}
