//! The readers against the gateway's own: Go's `encoding/json`, `go.yaml.in/yaml/v3` 3.0.4 and
//! `pelletier/go-toml` 1.9.5.
//!
//! `fixtures/readers/*.json` holds texts, each with what the gateway's reader makes of it; without a
//! value, it refuses the text. `suites.tsv` holds its verdicts on the cases of the public suites,
//! which are not part of this repository: `JSONTestSuite`, `toml-test`, and the branch `data` of
//! `yaml-test-suite`, each a folder of this name in `../suites` or in what `OTEL_LINT_SUITES` names.

use std::fs;
use std::path::{Path, PathBuf};

use otel_lint::document;
use otel_lint::source::{Format, Source};
use serde_json::Value;

/// Cases in which this reader and the gateway's differ.
const KNOWN: &[(&str, &str)] = &[
    ("yaml-test-suite/2SXE", "a colon in the name of an anchor ends it: a warning here"),
    ("yaml-test-suite/9KBC", "a mapping on the line of a second `---`"),
    ("yaml-test-suite/S98Z", "a block scalar that begins with blank lines of growing indentation"),
    ("yaml-test-suite/U99R", "a comma is a part of a tag"),
    ("yaml-test-suite/WZ62", "a comma is a part of a tag"),
    ("yaml-test-suite/Y79Y/003", "a tab as the indentation between brackets in a block"),
    ("yaml-test-suite/YJV2", "a lone dash between brackets"),
    ("toml-test/tests/invalid/key/after-array", "a key on the line of a header"),
    ("toml-test/tests/invalid/key/after-table", "a key on the line of a header"),
    ("toml-test/tests/invalid/key/newline-02", "a key in plain quotes that spans lines"),
    ("toml-test/tests/invalid/key/newline-03", "a key in plain quotes that spans lines"),
    ("toml-test/tests/invalid/string/no-close-10", "a string in single quotes that spans lines"),
    (
        "toml-test/tests/invalid/table/duplicate-key-10",
        "a list of tables within what is not a table",
    ),
    ("toml-test/tests/invalid/table/newline-02", "a name in plain quotes that spans lines"),
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/readers")
}

/// Equality, for which `1e3` is 1000.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

#[test]
fn a_text_is_read_or_refused_as_the_gateway_does() {
    for (name, format) in [("json", Format::Json), ("yaml", Format::Yaml), ("toml", Format::Toml)] {
        let file = fixtures().join(format!("{name}.json"));
        let cases = fs::read(file).expect("the recorded texts");
        let cases: Vec<Value> = serde_json::from_slice(&cases).expect("JSON");
        assert!(cases.len() > 10);
        for case in cases {
            let text = case["text"].as_str().expect("a text");
            let source = Source::new("case", text.as_bytes()).with_format(format);
            let parsed = document::read(&source);
            let errors: Vec<_> = parsed.faults.iter().filter(|it| !it.is_warning).collect();
            assert_eq!(errors.is_empty(), case.get("value").is_some(), "{text:?}: {errors:?}");
            if let Some(value) = case.get("value") {
                let root = parsed.document.root().expect("a root");
                let found = parsed.document.to_value(root, 100);
                assert!(same(&found, value), "{text:?}: {found}, not {value}");
            }
        }
    }
}

/// The case `bytes` below `version`, and below a key of its own.
fn forms(format: Format, bytes: &[u8]) -> [Vec<u8>; 2] {
    let around = |before: &[u8], after: &[u8]| [before, bytes, after].concat();
    match format {
        Format::Json => [
            around(b"{\"version\":3,\"x\":", b"}"),
            around(b"{\"version\":3,\"x\":{\"y\":[", b"]}}"),
        ],
        Format::Toml => [around(b"version = 3\n", b""), around(b"version = 3\n[x]\n", b"")],
        Format::Yaml => {
            let indented = |line: &[u8]| {
                let is_blank = line.iter().all(|byte| *byte == b'\r');
                if is_blank { line.to_vec() } else { [b"  ", line].concat() }
            };
            let lines: Vec<_> = bytes.split(|byte| *byte == b'\n').map(indented).collect();
            [
                around(b"version: 3\n", b""),
                [b"version: 3\nx:\n", lines.join(&b'\n').as_slice()].concat(),
            ]
        }
    }
}

#[test]
fn the_public_suites_are_checked_as_the_gateway_does() {
    let suites = std::env::var_os("OTEL_LINT_SUITES")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../suites"), PathBuf::from);
    let verdicts = fs::read_to_string(fixtures().join("suites.tsv")).expect("the verdicts");
    let verdicts = verdicts.lines().filter(|line| !line.starts_with('#'));
    let verdicts: Vec<_> = verdicts.filter_map(|line| line.split_once('\t')).collect();
    for (name, _) in KNOWN {
        assert!(verdicts.iter().any(|(case, _)| case.starts_with(name)), "{name}");
    }
    let mut differ = Vec::new();
    for (suite, format) in [
        ("JSONTestSuite", Format::Json),
        ("yaml-test-suite", Format::Yaml),
        ("toml-test", Format::Toml),
    ] {
        if !suites.join(suite).is_dir() {
            eprintln!("skipped: there is no {suite} in {}", suites.display());
            continue;
        }
        let of_suite = verdicts.iter().filter(|(name, _)| name.starts_with(suite));
        for (name, verdict) in of_suite {
            let bytes = fs::read(suites.join(name)).unwrap_or_else(|it| panic!("{name}: {it}"));
            let forms = forms(format, &bytes).into_iter().zip(verdict.chars());
            let is_known = KNOWN.iter().any(|(known, _)| name.starts_with(known));
            let differs = forms.filter(|(form, verdict)| {
                let source = Source::new("case", form.as_slice()).with_format(format);
                let faults = document::read(&source).faults;
                faults.iter().all(|fault| fault.is_warning) != (*verdict == 'a')
            });
            if (differs.count() > 0) != is_known {
                differ.push((*name, is_known));
            }
        }
    }
    assert!(differ.is_empty(), "these differ, or no longer do (true): {differ:#?}");
}
