//! The evidence in `fixtures/evidence/` shows what the rules claim, and the embedded table says what
//! the evidence shows. `conformance/` records evidence; no gateway runs here.

mod lists;
mod observation;
mod recorded;
mod table;

use std::fmt::Write;
use std::fs;

use otel_lint::evidence::{self, Shown};
use otel_lint::identity;
use otel_lint::rule::Rule;
use otel_lint::rules::{self, ExampleKind};
use otel_lint::target::Edition;

use crate::lists::{FROM_THE_SOURCE, NOT_RUN, OTHERWISE, SEEN};
use crate::recorded::{evidence_of, read, root};

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
        if examples.is_empty() && !rules::project_examples(rule).is_empty() {
            continue;
        }
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
        let examples = rules::examples(rule);
        let anywhere = |index: &usize| {
            let example = &examples[*index];
            example.kind == ExampleKind::Bad
                && (example.version, example.edition) == (None, Edition::Community)
        };
        for index in (0..examples.len()).filter(anywhere) {
            if !verdicts.is_empty() && verdicts.iter().all(|verdict| verdict.example != index) {
                let _ = writeln!(wrong, "{}, example {index}: no evidence", rule.id);
            }
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
                        verdict.consequence.as_str()
                    )
                );
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
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
