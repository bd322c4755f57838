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

/// Rules whose consequence the examples alone cannot show on a gateway of the Community Edition, each
/// with the reason. Rules of the Enterprise Edition alone need not be named.
const FROM_THE_SOURCE: &[(&str, &str)] = &[
    ("value-not-allowed", "its examples are of the Enterprise Edition"),
    ("http-client-plugin-hides-backend", "the plugin of the example does not exist"),
];

/// Rules about releases of which no executable has been run yet.
const NOT_RUN: &[&str] = &[
    "otlp-http-implies-tls",
    "skip-headers-unsupported",
    "field-not-in-version",
    "known-broken-release",
];

/// What an example shows that has no fixed one to compare it with: rule, example, and a part of a
/// fact; `!` before one that is missing. What the next good example shows is the contrary.
const SEEN: &[(&str, usize, &str)] = &[
    ("duplicate-key", 1, "exports: traces grpc://old-collector:4317 accepted"),
    ("missing-field", 0, "dial tcp 127.0.0.1:4317: connect: connection refused"),
    ("unrendered-placeholder", 0, "!exports: traces grpc://collector:4317 accepted"),
    ("unrendered-placeholder", 1, "!exports: traces grpc://collector:4317 accepted"),
    ("unrendered-placeholder", 2, "spans internal proxy: team={{ .team }}"),
    ("duplicate-otlp-target", 0, "twice: true"),
    ("duplicate-otlp-target", 1, "twice: true"),
    ("sample-rate-full", 0, "traces unsampled: all"),
    ("sample-rate-full", 1, "traces unsampled: all"),
    ("metric-period-low", 0, "first_metrics: within 8 s"),
    ("metric-period-low", 1, "first_metrics: within 8 s"),
    ("disable-stage-contradiction", 0, "metrics: http.client.duration"),
    ("semantic-convention-value", 2, "metrics: http.server.duration"),
    ("skip-headers-malformed", 2, "credentials: x-api-key in http.request.header.x-api-key"),
    ("static-attribute-shadows-builtin", 0, "metric_attributes: http.route=orders"),
    ("static-attribute-secret", 0, "spans internal proxy: api_key=7f3e9a1c55d2"),
    ("static-attribute-prometheus-label", 0, "team_name=payments;payments"),
    ("static-attribute-prometheus-label", 1, "is not a valid label name for metric"),
    ("prometheus-port-conflict", 0, "!ports: *:9090"),
    ("prometheus-port-conflict", 1, "!ports: *:9091"),
    ("prometheus-listen-ip-ignored", 0, "ports: *:9090"),
    ("opencensus-deprecated", 0, "exports: ? http://jaeger:14268/api/traces"),
    ("telemetry-coexistence", 0, "trace_headers_to_backends: X-B3-Traceid"),
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

/// Adds the facts in `value` as `path: text`.
fn state(facts: &mut BTreeSet<String>, path: &str, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| state(facts, path, item)),
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| state(facts, &format!("{path} {key}"), value));
        }
        Value::String(text) => {
            facts.insert(format!("{path}: {text}"));
        }
        value => {
            facts.insert(format!("{path}: {value}"));
        }
    }
}

impl Observation {
    fn logs(&self, part: &str) -> bool {
        self.log.iter().any(|line| line.contains(part))
    }

    /// What was seen of `fields`.
    fn facts(&self, fields: &[&str]) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        for field in fields {
            if let Some(value) = self.behaviour.get(*field) {
                state(&mut facts, field, value);
            }
        }
        facts
    }

    /// Whether `part` is in what was seen; with `!` before it, whether it is not.
    fn has(&self, part: &str) -> bool {
        if let Some(part) = part.strip_prefix('!') {
            return !self.has(part);
        }
        let fields: Vec<&str> = self.behaviour.keys().map(String::as_str).collect();
        let mut facts = self.facts(&fields);
        facts.extend(self.log.iter().chain(&self.log_of_scrapes).cloned());
        facts.iter().any(|fact| fact.contains(part))
    }

    /// Whether any telemetry gets anywhere. A page of Prometheus has its status, then telemetry.
    fn exports_something(&self) -> bool {
        let facts = self.facts(&["exports", "prometheus"]);
        facts.iter().any(|fact| fact.ends_with(" accepted") || fact.contains("_duration_count"))
    }

    /// What leaves the gateway, or can be had from it.
    fn gives_away(&self) -> BTreeSet<String> {
        self.facts(&["spans", "credentials", "exports", "ports"])
    }

    fn did_as(&self, other: &Self) -> bool {
        self.started == other.started && self.behaviour == other.behaviour
    }
}

/// What an example is compared with.
struct Beside<'e> {
    fixed: Option<&'e Observation>,
    good: Option<&'e Observation>,
    /// The same example without what is found in it.
    removed: Option<&'e Observation>,
    /// What it shows that `good` does not.
    fact: Option<&'static str>,
}

/// Whether `seen` shows `consequence`.
fn shows(consequence: Consequence, seen: &Observation, beside: &Beside<'_>) -> bool {
    if consequence == Consequence::DoesNotStart {
        return !seen.started && seen.behaviour.contains_key("exit");
    }
    let differs = |how: &dyn Fn(&Observation) -> bool| match beside.fact {
        Some(fact) => seen.has(fact) && beside.good.is_some_and(|good| !good.has(fact)),
        None => beside.fixed.is_some_and(how),
    };
    seen.started
        && match consequence {
            Consequence::DoesNotStart => false,
            Consequence::TelemetryOffLogged => {
                !seen.exports_something() && seen.logs("cannot register exporters")
            }
            Consequence::TelemetryOffSilently => {
                !seen.exports_something() && !seen.logs("OpenTelemetry")
            }
            Consequence::ExportErrors => {
                seen.logs("traces export") || seen.logs("failed to upload metrics")
            }
            Consequence::WrongData => differs(&|fixed| !seen.did_as(fixed)),
            Consequence::DataLeaks => {
                differs(&|fixed| !seen.gives_away().is_subset(&fixed.gives_away()))
            }
            Consequence::NoEffect => [beside.fixed, beside.good, beside.removed]
                .into_iter()
                .flatten()
                .any(|other| seen.did_as(other)),
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
                let behind = examples.get(index + 1);
                let is_fixed = behind.is_some_and(|next| next.kind == ExampleKind::Fixed);
                let mut others = (index + 1..examples.len()).chain(0..index);
                let beside = Beside {
                    fixed: is_fixed.then(|| self.on(&["fixed"], index + 1, release)).flatten(),
                    good: others.find_map(|other| self.on(&["fixed", "good"], other, release)),
                    removed: self.on(&["removed"], index, release),
                    fact: SEEN
                        .iter()
                        .find(|(id, at, _)| *id == rule.id && *at == index)
                        .map(|(_, _, fact)| *fact),
                };
                let usual: BTreeSet<&String> = (0..examples.len())
                    .filter_map(|other| self.on(&["fixed", "good"], other, release))
                    .flat_map(|other| other.log.iter().chain(&other.log_of_scrapes))
                    .collect();
                verdicts.push(Verdict {
                    example: index,
                    release: release.to_owned(),
                    holds: shows(rule.consequence, seen, &beside),
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

fn is_from_the_source(rule: &Rule) -> bool {
    FROM_THE_SOURCE.iter().any(|(id, _)| *id == rule.id)
        || !rule.applies.editions.contains(&Edition::Community)
}

#[test]
fn the_lists_name_rules_and_examples() {
    let examples = SEEN.iter().chain(OTHERWISE).map(|(id, example, _)| (*id, *example));
    let ids =
        FROM_THE_SOURCE.iter().map(|(id, _)| (*id, 0)).chain(NOT_RUN.iter().map(|id| (*id, 0)));
    for (id, example) in examples.chain(ids) {
        let Some(rule) = rules::get(id) else { panic!("there is no rule {id}") };
        let examples = rules::examples(rule);
        assert_eq!(examples.get(example).map(|e| e.kind), Some(ExampleKind::Bad), "{id} {example}");
    }
}

#[test]
fn each_rule_is_shown_or_says_why_not() {
    let mut wrong = String::new();
    for rule in rules::ALL {
        if is_from_the_source(rule) {
            continue;
        }
        let verdicts = evidence_of(rule).map(|found| found.verdicts(rule)).unwrap_or_default();
        if verdicts.is_empty() != NOT_RUN.contains(&rule.id) {
            let what = if verdicts.is_empty() { "no evidence" } else { "was run" };
            let _ = writeln!(wrong, "{}: {what}", rule.id);
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
        let evidence = evidence_of(rule).filter(|_| !is_from_the_source(rule));
        let Some(evidence) = evidence else { continue };
        let verdicts = evidence.verdicts(rule);
        let releases: BTreeSet<&String> = verdicts.iter().map(|verdict| &verdict.release).collect();
        let holds = |release: &String| {
            let mut of = verdicts.iter().filter(|verdict| verdict.release == *release);
            of.any(|verdict| verdict.holds)
        };
        let mut releases: Vec<String> =
            releases.into_iter().filter(|release| holds(release)).cloned().collect();
        newest_first(&mut releases);
        let lines = lines(&verdicts);
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

/// Lines of the log to embed: in turn one of each example, so that no example has them all.
fn lines(verdicts: &[Verdict]) -> Vec<String> {
    let mut lines = BTreeSet::new();
    let most = verdicts.iter().map(|verdict| verdict.log.len()).max().unwrap_or(0);
    for nth in 0..most {
        for verdict in verdicts {
            if let Some(line) = verdict.log.iter().rev().nth(nth).filter(|_| lines.len() < LINES) {
                lines.insert(line.clone());
            }
        }
    }
    lines.into_iter().collect()
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

#[test]
fn the_command_line_finds_a_rule_by_a_line_of_the_log() {
    let explain = |log: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_otel-lint"));
        command.args(["explain", "--log", log]).output().expect("the program runs")
    };
    let found = explain(
        "2026/11/28 19:38:13 KRAKEND ERROR: [SERVICE: OpenTelemetry] cannot register exporters: json: \
         cannot unmarshal string into Go struct field OTLPExporter.exporters.otlp.port of type int",
    );
    let text = String::from_utf8(found.stdout).expect("UTF-8");
    assert!(text.starts_with("wrong-type: "), "{text}");
    assert_eq!(found.status.code(), Some(0));
    let nothing = explain("INFO: Listening on port: 8080");
    assert_eq!((nothing.status.code(), nothing.stdout.len()), (Some(2), 0));
}
