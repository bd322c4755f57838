//! The embedded table is what the evidence shows.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use otel_lint::rules;
use otel_lint::target::Version;

use crate::is_from_the_source;
use crate::recorded::{Verdict, evidence_of, root};

fn newest_first(releases: &mut [String]) {
    let number = |release: &String| release.parse::<Version>().expect("a release");
    releases.sort_by_key(|release| std::cmp::Reverse(number(release)));
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
