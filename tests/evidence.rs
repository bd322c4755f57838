//! The evidence in `fixtures/evidence/` shows what the rules claim, and the embedded table says what
//! the evidence shows. `conformance/` records evidence; no gateway runs here.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use otel_lint::evidence::{self, Shown};
use otel_lint::identity;
use otel_lint::rule::{Consequence, Rule};
use otel_lint::rules::{self, ExampleKind};
use otel_lint::target::{Edition, Version};
use serde::Deserialize;
use serde_json::Value;

/// Rules whose consequence no run of the Community Edition can show by their examples alone, each with
/// the reason. Rules of the Enterprise Edition alone need not be named.
const FROM_THE_SOURCE: &[(&str, &str)] = &[
    ("value-not-allowed", "its examples are of the Enterprise Edition"),
    ("otlp-http-implies-tls", "about releases that were not run"),
    ("skip-headers-unsupported", "about releases that were not run"),
    ("field-not-in-version", "about releases that were not run"),
    ("known-broken-release", "about releases that were not run"),
];

/// Examples that did something else than the rule says: rule, example, reason.
const OTHERWISE: &[(&str, usize, &str)] = &[
    ("duplicate-key", 0, "the good example has the value that wins"),
    ("unjudged-template", 0, "an unrendered template does not start; the rule is about the linter"),
    ("value-out-of-range", 0, "an empty list of exporters has no effect beside another exporter"),
    ("exporter-name-missing", 0, "no harm while one exporter has no name"),
    ("exporter-name-missing", 2, "no harm while one exporter has no name"),
    ("exporter-not-object", 1, "null is an exporter to localhost: exports fail"),
    ("otlp-host-invalid", 3, "with HTTP the credentials are lost, and exports arrive"),
    ("otlp-host-scheme", 2, "with HTTP the whole block is dropped"),
    (
        "otlp-host-contains-path",
        0,
        "port and path are lost: exports arrive at 443 if that is listened on",
    ),
    (
        "otlp-host-contains-path",
        2,
        "port and path are lost: exports arrive at 443 if that is listened on",
    ),
    ("otlp-host-contains-path", 3, "the slash alone is harmless where the host has its port"),
    ("exporter-does-nothing", 0, "the finding points at the setting that makes it do nothing"),
    (
        "detail-without-round-trip",
        0,
        "the finding points at what is missing, which cannot be removed",
    ),
    ("all-layers-disabled", 0, "off is the signal whose layers are disabled, not the other one"),
    ("read-payload-implies-round-trip", 0, "the good example says what the bad one implies"),
    ("prometheus-host-undocumented", 0, "the host is in force: the exporter listens there alone"),
    (
        "prometheus-host-undocumented",
        1,
        "the host is in force: the exporter does not listen at all",
    ),
    (
        "prometheus-disabled-still-listens",
        0,
        "the page is empty; what has no effect is the open port",
    ),
    ("otel-wrong-scope", 2, "what is in the wrong scope is ignored; the service's own block works"),
    ("override-replaces-not-merges", 0, "without input_headers the layer sees no headers"),
];

#[derive(Deserialize)]
struct Evidence {
    rule: String,
    examples: Vec<ExampleSeen>,
}

#[derive(Deserialize)]
struct ExampleSeen {
    kind: String,
    example: usize,
    digest: String,
    observed: Vec<ReleaseSeen>,
}

#[derive(Deserialize)]
struct ReleaseSeen {
    releases: Vec<String>,
    #[serde(flatten)]
    seen: Observation,
}

#[derive(Clone, Deserialize)]
struct Observation {
    started: bool,
    #[serde(default)]
    log: BTreeSet<String>,
    #[serde(default)]
    log_of_scrapes: BTreeSet<String>,
    /// Everything else.
    #[serde(flatten)]
    behaviour: serde_json::Map<String, Value>,
}

/// The texts anywhere in `value`.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

impl Observation {
    fn logs(&self, part: &str) -> bool {
        self.log.iter().any(|line| line.contains(part))
    }

    fn texts(&self, field: &str) -> Vec<&str> {
        self.behaviour.get(field).map(texts).unwrap_or_default()
    }

    /// Whether any telemetry gets anywhere. A page of Prometheus begins with its status; what follows
    /// is telemetry.
    fn exports_something(&self) -> bool {
        let page = self.texts("prometheus");
        self.texts("exports").iter().any(|export| export.ends_with("accepted"))
            || page.iter().any(|text| text.starts_with(|c: char| c.is_alphabetic()))
    }

    /// What leaves the gateway, or can be had from it.
    fn gives_away(&self) -> BTreeSet<&str> {
        ["spans", "credentials", "exports", "ports"]
            .into_iter()
            .flat_map(|field| self.texts(field))
            .collect()
    }

    /// Whether it shows `consequence`, beside what an example without the fault does, and the same
    /// example without what is found in it.
    fn shows(
        &self,
        consequence: Consequence,
        without_fault: Option<&Self>,
        removed: Option<&Self>,
    ) -> bool {
        let alike =
            |other: &Self| self.started == other.started && self.behaviour == other.behaviour;
        match consequence {
            Consequence::DoesNotStart => !self.started && self.behaviour.contains_key("exit"),
            Consequence::TelemetryOffLogged => {
                self.started && !self.exports_something() && self.logs("cannot register exporters")
            }
            Consequence::TelemetryOffSilently => {
                self.started && !self.exports_something() && !self.logs("OpenTelemetry")
            }
            Consequence::ExportErrors => {
                self.started
                    && (self.logs("traces export") || self.logs("failed to upload metrics"))
            }
            Consequence::WrongData => self.started && without_fault.is_some_and(|o| !alike(o)),
            Consequence::DataLeaks => {
                self.started
                    && without_fault.is_some_and(|o| !self.gives_away().is_subset(&o.gives_away()))
            }
            Consequence::NoEffect => {
                self.started && [without_fault, removed].into_iter().flatten().any(alike)
            }
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> Evidence {
    let text = fs::read_to_string(path).expect("a file of evidence");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn evidence_of(rule: &Rule) -> Option<Evidence> {
    let path = root().join("fixtures/evidence").join(format!("{}.json", rule.id));
    path.exists().then(|| read(&path))
}

/// What one bad example did on one release, and whether that is what its rule says.
struct Verdict {
    example: usize,
    release: String,
    holds: bool,
    /// Lines of its log that no example without the fault has.
    log: BTreeSet<String>,
}

impl Evidence {
    fn on(&self, kinds: &[&str], example: usize, release: &str) -> Option<&Observation> {
        let example = self
            .examples
            .iter()
            .find(|seen| seen.example == example && kinds.contains(&seen.kind.as_str()))?;
        let seen = example.observed.iter().find(|seen| seen.releases.iter().any(|r| r == release));
        seen.map(|seen| &seen.seen)
    }

    fn releases(&self, example: usize) -> BTreeSet<&str> {
        let seen = self.examples.iter().filter(|seen| seen.example == example);
        seen.flat_map(|seen| &seen.observed)
            .flat_map(|observed| observed.releases.iter().map(String::as_str))
            .collect()
    }

    fn verdicts(&self, rule: &Rule) -> Vec<Verdict> {
        let examples = rules::examples(rule);
        let bad = |index: &usize| examples[*index].kind == ExampleKind::Bad;
        let mut verdicts = Vec::new();
        for index in (0..examples.len()).filter(bad) {
            for release in self.releases(index) {
                let Some(seen) = self.on(&["bad"], index, release) else { continue };
                // The fixed example stands behind its bad one; where there is none, the next good one.
                let others = (index + 1..examples.len()).chain(0..index);
                let mut others =
                    others.filter_map(|other| self.on(&["fixed", "good"], other, release));
                let without_fault = others.next();
                let removed = self.on(&["removed"], index, release);
                let usual: BTreeSet<&String> = (0..examples.len())
                    .filter_map(|other| self.on(&["fixed", "good"], other, release))
                    .flat_map(|other| other.log.iter().chain(&other.log_of_scrapes))
                    .collect();
                verdicts.push(Verdict {
                    example: index,
                    release: release.to_owned(),
                    holds: seen.shows(rule.consequence, without_fault, removed),
                    log: seen.log.iter().filter(|line| !usual.contains(line)).cloned().collect(),
                });
            }
        }
        verdicts
    }
}

fn newest_first(releases: &mut [String]) {
    let number = |release: &String| release.parse::<Version>().expect("a release");
    releases.sort_by_key(|release| std::cmp::Reverse(number(release)));
}

#[test]
fn evidence_is_of_a_rule_and_of_its_present_examples() {
    for entry in fs::read_dir(root().join("fixtures/evidence")).expect("the folder of evidence") {
        let path = entry.expect("an entry").path();
        let evidence = read(&path);
        assert_eq!(path.file_stem().and_then(|stem| stem.to_str()), Some(evidence.rule.as_str()));
        let Some(rule) = rules::get(&evidence.rule) else {
            panic!("there is no rule {}", evidence.rule)
        };
        let examples = rules::examples(rule);
        for seen in &evidence.examples {
            let present =
                examples.get(seen.example).map(|example| identity::digest(&[example.text]));
            assert_eq!(
                present.as_ref(),
                Some(&seen.digest),
                "{}, example {}: the evidence is of another text; run `conformance/run --rule {}`",
                rule.id,
                seen.example,
                rule.id
            );
        }
    }
}

#[test]
fn each_rule_is_shown_or_says_why_not() {
    let mut wrong = String::new();
    for rule in rules::ALL {
        let excused = FROM_THE_SOURCE.iter().any(|(id, _)| *id == rule.id)
            || !rule.applies.editions.contains(&Edition::Community);
        let verdicts =
            evidence_of(rule).map(|evidence| evidence.verdicts(rule)).unwrap_or_default();
        if verdicts.is_empty() != excused {
            let _ = writeln!(
                wrong,
                "{}: {}",
                rule.id,
                if excused { "has evidence now" } else { "no evidence" }
            );
        }
        for verdict in verdicts {
            let named =
                OTHERWISE.iter().any(|(id, at, _)| *id == rule.id && *at == verdict.example);
            if verdict.holds == named {
                let _ = writeln!(
                    wrong,
                    "{}, example {}, on {}: {}",
                    rule.id,
                    verdict.example,
                    verdict.release,
                    format_args!(
                        "{} {}",
                        if named { "named as an exception, but shows" } else { "does not show" },
                        rule.consequence.as_str()
                    )
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// Lines of the log that are embedded of one rule, at most.
const LINES: usize = 3;

#[test]
fn the_embedded_table_is_what_the_evidence_shows() {
    let mut rows: Vec<(&str, Vec<String>, Vec<String>)> = Vec::new();
    for rule in rules::ALL {
        let Some(evidence) = evidence_of(rule) else { continue };
        let verdicts = evidence.verdicts(rule);
        let releases: BTreeSet<&String> = verdicts.iter().map(|verdict| &verdict.release).collect();
        let holds = |release: &String| {
            let mut of = verdicts.iter().filter(|verdict| verdict.release == *release);
            of.any(|verdict| verdict.holds)
        };
        let mut releases: Vec<String> =
            releases.into_iter().filter(|release| holds(release)).cloned().collect();
        newest_first(&mut releases);
        let lines: BTreeSet<&String> = verdicts.iter().flat_map(|verdict| &verdict.log).collect();
        let lines = lines.into_iter().take(LINES).cloned().collect();
        if !releases.is_empty() {
            rows.push((rule.id, releases, lines));
        }
    }
    rows.sort_unstable();
    let path = root().join("src/evidence/table.rs");
    if std::env::var_os("UPDATE_EVIDENCE").is_some() {
        fs::write(&path, table(&rows)).expect("the table");
        return;
    }
    let text = fs::read_to_string(&path).expect("the table").replace("\r\n", "\n");
    assert!(
        text == table(&rows),
        "src/evidence/table.rs is stale: run `UPDATE_EVIDENCE=1 cargo test --test evidence`"
    );
}

fn table(rows: &[(&str, Vec<String>, Vec<String>)]) -> String {
    let mut text = "//! Generated from `fixtures/evidence/` by `UPDATE_EVIDENCE=1 cargo test --test evidence`.\n\n\
        use super::Shown;\n\n#[rustfmt::skip]\npub(super) static SHOWN: &[Shown] = &[\n"
        .to_owned();
    for (rule, releases, log) in rows {
        let _ = writeln!(
            text,
            "    Shown {{\n        rule: {rule:?},\n        releases: &{releases:?},"
        );
        text.push_str("        log: &[");
        for line in log {
            let _ = write!(text, "\n            {line:?},");
        }
        text.push_str(if log.is_empty() { "],\n    },\n" } else { "\n        ],\n    },\n" });
    }
    text + "];\n"
}

#[test]
fn a_line_of_the_log_leads_to_its_rule() {
    for shown in evidence::all() {
        for line in shown.log {
            let logged = format!("2026/11/28 19:38:13 KRAKEND {}", line.replace('…', "40001"));
            let found = evidence::search(&logged);
            let ids: Vec<&str> = found.iter().map(|found| found.shown.rule).collect();
            assert!(ids.contains(&shown.rule), "{line} leads to {ids:?}");
        }
    }
    let Shown { log, .. } = evidence::of("wrong-type").expect("wrong-type was shown");
    assert!(log.iter().any(|line| line.contains("cannot register exporters")));
    assert!(evidence::search("INFO: Listening on port: 8080").is_empty());
}
