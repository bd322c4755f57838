//! Whatever a configuration holds, the linter ends with a report that makes sense: over every
//! example and fixture, mutated in types, keys, order and bytes, for every gateway.

use std::path::Path;

use otel_lint::analysis::CheckedFile;
use otel_lint::document::{self, json};
use otel_lint::effective::Effective;
use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::outline::{self, Outline};
use otel_lint::policy::Policy;
use otel_lint::report::concise;
use otel_lint::report::human::{self, Style};
use otel_lint::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use otel_lint::rules;
use otel_lint::source::{Format, Source};
use otel_lint::target::{Edition, Target, Version};
use serde_json::{Map, Value, json};

const STYLE: Style = Style { width: 80, color: false, links: false, unicode: true };

/// A small generator (xorshift), so that a failing round can be named.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }
}

/// Every example of a rule and every fixture that is JSON.
fn seeds() -> Vec<Value> {
    let examples = rules::ALL.iter().flat_map(|rule| rules::examples(rule));
    let mut seeds: Vec<Value> =
        examples.filter_map(|example| serde_json::from_str(example.text).ok()).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    for folder in ["invalid", "valid"] {
        for entry in std::fs::read_dir(root.join(folder)).expect("fixtures") {
            let bytes = std::fs::read(entry.expect("an entry").path()).expect("readable");
            seeds.extend(serde_json::from_slice(&bytes));
        }
    }
    assert!(seeds.len() > 150, "{}", seeds.len());
    seeds
}

fn some_value(random: &mut Random) -> Value {
    match random.below(14) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(0),
        4 => json!(70000.5),
        5 => json!(""),
        6 => json!("collector:4317"),
        7 => json!("https://user:pw@[::1]:1/päth?#"),
        8 => json!([]),
        9 => json!([null, 1, "x", {}]),
        10 => json!({}),
        11 => json!({"key": "a", "value": "b", "name": "c", "host": "{{ .h }}"}),
        12 => json!(["Authorization", "x-*", "", "/users/{id}"]),
        _ => json!("${HOST}"),
    }
}

/// Changes one thing somewhere in `value`.
fn mutate(value: &mut Value, random: &mut Random) {
    match value {
        Value::Object(object) if !object.is_empty() && random.below(8) > 0 => {
            let index = random.below(object.len());
            let key = object.keys().nth(index).expect("in bounds").clone();
            match random.below(12) {
                0 => {
                    object.shift_remove(&key);
                }
                1 => {
                    let moved = object.shift_remove(&key).expect("it is there");
                    object.insert(key.to_uppercase(), moved);
                }
                2 => {
                    let copy = object[&key].clone();
                    object.insert(format!("{key}x"), copy);
                }
                3 => {
                    object.insert(key, some_value(random));
                }
                _ => mutate(&mut object[&key], random),
            }
        }
        Value::Array(items) if !items.is_empty() && random.below(8) > 0 => {
            let index = random.below(items.len());
            match random.below(8) {
                0 => {
                    items.remove(index);
                }
                1 => items.push(items[index].clone()),
                2 => items[index] = some_value(random),
                _ => mutate(&mut items[index], random),
            }
        }
        other => *other = some_value(random),
    }
}

fn options(random: &mut Random) -> Options {
    let version = Version::PATCHES[random.below(Version::PATCHES.len())];
    Options {
        version: (random.below(4) > 0).then_some(version),
        edition: Edition::ALL[random.below(2)],
        pedantic: random.below(2) == 0,
        ..Options::default()
    }
}

/// What holds of every report.
fn sensible(report: &CheckedFile, context: &str) {
    let len = report.source.bytes().len() as u32;
    let mut seen = std::collections::HashSet::new();
    let mut last = 0;
    for finding in &report.findings {
        assert!(rules::get(finding.rule).is_some(), "{} is not a rule: {context}", finding.rule);
        assert!(finding.primary.span.start >= last, "not sorted: {context}");
        last = finding.primary.span.start;
        for label in std::iter::once(&finding.primary).chain(&finding.related) {
            let span = label.span;
            assert!(span.start <= span.end && span.end <= len, "{}: {context}", finding.rule);
        }
        assert!(
            seen.insert((finding.rule, finding.primary.span, finding.message.clone())),
            "{} twice: {context}",
            finding.rule
        );
        assert!(!finding.help.is_empty(), "{} does not help: {context}", finding.rule);
    }
    let _ = human::render(report, STYLE);
    let _ = concise::render(report);
}

#[test]
fn mutated_configurations_get_sensible_reports() {
    let seeds = seeds();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let (mut clean, mut found) = (0, 0);
    for _ in 0..12_000 {
        let mut value = seeds[random.below(seeds.len())].clone();
        for _ in 0..=random.below(4) {
            mutate(&mut value, &mut random);
        }
        let text = value.to_string();
        let options = options(&mut random);
        let report = linter::check(Source::new("k.json", text.as_bytes()), &options);
        sensible(&report, &text);
        let again = linter::check(Source::new("k.json", text.as_bytes()), &options);
        assert_eq!(report.findings, again.findings, "{text}");
        if report.findings.is_empty() {
            clean += 1;
        } else {
            found += 1;
        }
        let parsed = json::read(&report.source);
        let outline = Outline::new(&Effective::new(&parsed.document, report.target));
        let _ = outline.json();
        let _ = outline::human::render(&outline, false);
        let _ = outline::mermaid::render(&outline);
    }
    assert!(clean > 100 && found > 1000, "{clean} clean, {found} with findings");
}

#[test]
fn mutated_bytes_get_sensible_reports() {
    let seeds: Vec<String> = seeds().iter().map(|seed| format!("{seed:#}")).collect();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let tokens: &[&[u8]] = &[
        b"{", b"}", b"[", b"]", b",", b":", b"\"", b"//x\n", b"NaN", b"'", b"\xff", b"\0", b"\\u",
    ];
    for _ in 0..8_000 {
        let mut bytes = seeds[random.below(seeds.len())].clone().into_bytes();
        for _ in 0..=random.below(3) {
            let at = random.below(bytes.len());
            match random.below(4) {
                0 => bytes.truncate(at),
                1 => drop(bytes.splice(at..at, tokens[random.below(tokens.len())].iter().copied())),
                2 if !bytes.is_empty() => drop(bytes.remove(at)),
                _ if !bytes.is_empty() => bytes[at] = random.next() as u8,
                _ => {}
            }
        }
        let report = linter::check(Source::new("k.json", bytes.clone()), &options(&mut random));
        sensible(&report, &String::from_utf8_lossy(&bytes));
    }
}

/// Puts `secret` where configurations hold secrets.
fn plant(value: &mut Value, secret: &str) {
    match value {
        Value::Object(object) => {
            if object.contains_key("headers") || object.contains_key("host") {
                object.insert("password".into(), secret.into());
            }
            if let Some(Value::Object(headers)) = object.get_mut("headers") {
                let planted: Map<String, Value> =
                    headers.keys().map(|key| (key.clone(), secret.into())).collect();
                *headers = planted;
            }
            if let Some(Value::String(host)) = object.get_mut("host") {
                *host = format!("http://user:{secret}@{host}");
            }
            object.values_mut().for_each(|value| plant(value, secret));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| plant(item, secret)),
        _ => {}
    }
}

#[test]
fn no_secret_is_shown() {
    let secret = "zq7ReallySecretValue";
    let mut shown = 0;
    for seed in seeds() {
        let mut value = seed;
        plant(&mut value, secret);
        for text in [value.to_string(), format!("{value:#}")] {
            for edition in Edition::ALL {
                let options = Options { edition, pedantic: true, ..Options::default() };
                let report = linter::check(Source::new("k.json", text.as_bytes()), &options);
                let output = human::render(&report, STYLE) + &concise::render(&report);
                assert!(!output.contains(secret), "{output}");
                let parsed = json::read(&report.source);
                for version in Version::PATCHES {
                    let target = Target { version, ..report.target };
                    let outline = Outline::new(&Effective::new(&parsed.document, target));
                    let output = outline.json() + &outline::human::render(&outline, false);
                    assert!(!output.contains(secret), "{output}");
                }
                shown += usize::from(output.contains("***"));
            }
        }
    }
    assert!(shown > 20, "too few secrets were near a finding: {shown}");
}

#[test]
fn no_secret_is_shown_where_the_reader_stopped() {
    let secret = "zq7ReallySecretValue";
    for text in [
        "{\"version\":3}\n{\"headers\":{\"api-key\":\"SECRET\"}}\n",
        "{\"version\":3}\n{\"headers\":[\"api-key: SECRET\"]}",
        "{\"a\":1}} \"password\":\"SECRET\"",
        "{\"a\":1}} \"password\": SECRET",
        "{\"a\":1}} 'token':'SECRET",
        "{\"password\" \"SECRET\"}",
        "{\"password\":\"SECRET",
        "[1]]\n\"url\":\"http://u:SECRET@h\"",
    ] {
        let source = Source::new("k.json", text.replace("SECRET", secret));
        let report = linter::check(source, &Options::default());
        let output = human::render(&report, STYLE) + &concise::render(&report);
        assert!(report.findings.iter().any(|f| f.rule == "invalid-json"), "{text}");
        assert!(!output.contains(secret), "{output}");
    }
    for text in [
        "a = x\npassword = \"SECRET\"",
        "a = x\npassword = SECRET",
        "a = [\n{\"X-Own\" = 1}, headers = {\"X-Own\" = \"SECRET\"}\n",
        "a = [1 2]\nb.headers.\"X-Own\" = \"SECRET\"",
        "[a\n[x.headers]\nX-Own = \"SECRET\"",
        "[a]\nb = 1 2\n[x.headers]\nX-Own = [\"SECRET\"]",
        "a = x\npassword = \"\"\"\nSECRET\"\"\"",
        "a = x\nurl = 'http://u:SECRET@h'",
    ] {
        let source = Source::new("k", text.replace("SECRET", secret)).with_format(Format::Toml);
        let report = linter::check(source, &Options::default());
        let output = human::render(&report, STYLE) + &concise::render(&report);
        assert!(report.findings.iter().any(|f| f.rule == "invalid-toml"), "{text}");
        assert!(!output.contains(secret), "{output}");
    }
}

#[test]
fn real_configurations_are_checked_without_a_crash() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        eprintln!("skipped: there is no corpus of real configurations here");
        return;
    }
    let mut folders = vec![corpus];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "json") {
                files += 1;
                let bytes = std::fs::read(&path).expect("readable");
                for edition in Edition::ALL {
                    let source = Source::new(path.display().to_string(), bytes.clone());
                    let options = Options { edition, pedantic: true, ..Options::default() };
                    sensible(&linter::check(source, &options), &path.display().to_string());
                }
            }
        }
    }
    assert!(files > 50, "{files}");
}

#[test]
fn severity_is_never_hidden() {
    // Pedantic or not, warnings and errors are the same.
    for seed in seeds() {
        let text = seed.to_string();
        let check = |pedantic| {
            let options = Options { pedantic, ..Options::default() };
            let mut findings =
                linter::check(Source::new("k", text.as_bytes()), &options).analysis.findings;
            findings.retain(|finding| finding.severity > Severity::Info);
            findings
        };
        assert_eq!(check(true), check(false), "{text}");
    }
}

/// A rule that panics after it has reported something.
static PANICS: Rule = Rule {
    id: "panics",
    summary: "",
    group: Group::Shape,
    severity: Severity::Info,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: "",
    evidence: &[],
    check: Check::Semantic(|cx| {
        let root = cx.effective.root.expect("a configuration has a root");
        let finding = cx.at(root, "half of what there is to say");
        cx.report(finding);
        panic!("with a value of the file: SECRETX");
    }),
};

#[test]
fn a_panic_in_a_rule_is_a_finding_that_names_the_rule() {
    let source = Source::new("t", r#" {"version": 3}"#);
    let parsed = document::read(&source);
    let effective = Effective::new(&parsed.document, Target::default());
    let policy = Policy::default();
    let mut findings = Vec::new();
    for rule in [&PANICS, &PANICS] {
        linter::run(rule, &effective, &policy, &mut findings);
    }
    assert_eq!(findings.len(), 2, "what the rule said before is dropped: {findings:?}");
    for finding in findings {
        assert_eq!((finding.rule, finding.severity), ("internal-error", Severity::Error));
        assert!(finding.message.contains("`panics`"), "{}", finding.message);
        assert_eq!(source.slice(finding.primary.span), b"{");
        assert!(!format!("{finding:?}").contains("SECRETX"));
    }
}
