//! What is wrong with a settings file, as findings: the same reporters show them.

use crate::document::Pointer;
use crate::finding::Finding;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// The settings file says something that cannot be meant. No rule about configurations: it is not
/// in [`crate::rules::ALL`].
pub static RULE: Rule = Rule {
    id: "invalid-settings",
    summary: "the settings file of the linter is wrong",
    group: Group::Shape,
    severity: crate::finding::Severity::Error,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r"
`otel-lint.toml`, or `.otel-lint.toml`, is not TOML, has a key that is not a setting, or a value that the
setting does not take. Nothing is checked with settings like that, and the exit status is 2: a
misspelt `ignore` must not pass for one.

`docs/settings.md` describes every key. An editor that knows TOML and JSON Schema finds such faults
while you type: `otel-lint schema --scope settings` prints the schema.
",
    evidence: &[],
    check: Check::Reader,
};

/// A fault at `span`.
pub(super) fn at(span: Span, message: impl Into<String>) -> Finding {
    Finding::new(&RULE, span, &Pointer::root(), message)
}
