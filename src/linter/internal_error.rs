//! A fault of the linter itself: one rule fails, the others go on.

use std::panic::{self, AssertUnwindSafe};

use crate::document::{Document, Pointer};
use crate::finding::Finding;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// A rule panicked. No rule about configurations: it is not in [`crate::rules::ALL`].
pub static RULE: Rule = Rule {
    id: "internal-error",
    summary: "a rule failed: a fault of otel-lint, not of the configuration",
    group: Group::Shape,
    severity: crate::finding::Severity::Error,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r"
A rule stopped in a way that should not be possible, so what it would have found in this file is not
known. All other rules were run. It is an error because a check that did not happen must not pass for
one that found nothing.

Please report it with the smallest file that shows it, without its secrets. Until that is done,
`--ignore` with the name of the rule leaves that rule out.
",
    evidence: &[],
    check: Check::Linter,
};

/// Runs `check`, the check of `rule` on `doc`. If it panics, what it has found is dropped and the
/// finding says so.
pub(super) fn guarded(
    rule: &'static Rule,
    doc: &Document<'_>,
    findings: &mut Vec<Finding>,
    check: impl FnOnce(&mut Vec<Finding>),
) {
    let before = findings.len();
    // What a panic leaves half done is only the list of findings, which is cut back.
    let caught = panic::catch_unwind(AssertUnwindSafe(|| check(findings)));
    if caught.is_err() {
        findings.truncate(before);
        findings.push(finding(rule, doc));
    }
}

fn finding(rule: &'static Rule, doc: &Document<'_>) -> Finding {
    let start = doc.root().map_or(0, |root| doc.span(root).start);
    let end = doc.source().bytes().len().min(start as usize + 1) as u32;
    let message = format!("the rule `{}` failed on this file: a fault of otel-lint", rule.id);
    Finding::new(&RULE, Span { start: start.min(end), end }, &Pointer::root(), message)
        .labelled("not checked by this rule")
        .help(format!(
            "Report it at {}/issues, with a file that shows it. `--ignore {}` leaves the rule out; \
             all others were run.",
            crate::HOME,
            rule.id
        ))
        .known_as(format!("internal-error/{}", rule.id))
}
