//! The engine: from a source to a report.
//!
//! One direction: read, find the places, compute what is effective, let schema and rules speak,
//! settle who gives way to whom, sort. Nothing here prints, reads a file or fails.

mod suppress;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::document::{self, Document, Kind, Parsed};
use crate::effective::Effective;
use crate::finding::{Finding, Label, Severity};
use crate::policy::Policy;
use crate::report::FileReport;
use crate::rule::{Check, Context, Rule};
use crate::rules;
use crate::source::Source;
use crate::target::{Edition, Origin, Target, Version, version_of_schema};
use crate::{fix, identity, schema, secrets};

/// How to check.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The release to judge for, as told on the command line; `None` to take the next.
    pub version: Option<Version>,
    /// The release to judge for, as told by the settings; `None` to take the one `$schema` names,
    /// else the newest.
    pub settings_version: Option<Version>,
    /// The edition to judge for. Never inferred: a block of the Enterprise Edition pasted into the
    /// Community Edition is a fault.
    pub edition: Edition,
    /// Whether to report infos.
    pub pedantic: bool,
    /// What the users decided about rules and for themselves.
    pub policy: Arc<Policy>,
}

/// Checks `source`. Whatever it holds, the result is a report.
#[must_use]
#[expect(clippy::needless_pass_by_value, reason = "most callers make it for this one call")]
pub fn check(source: Source, options: Options) -> FileReport {
    let parsed = document::read(&source);
    let policy = &*options.policy;
    let target = target_of(&parsed.document, &options);
    let effective = Effective::new(&parsed.document, target);
    let mut findings = judge(&parsed, &effective, policy);
    if target.origin == Origin::Schema && target.version != Version::NEWEST {
        let newest = Target { version: Version::NEWEST, ..target };
        let newest = Effective::new(&parsed.document, newest);
        soften(&mut findings, &judge(&parsed, &newest, policy));
    }
    // First what is ignored, then what is hidden: a suppression of an info is no less used.
    let mut suppressed = suppress::apply(&parsed, target, policy, &mut findings);
    for finding in findings.iter_mut().chain(suppressed.iter_mut().map(|one| &mut one.finding)) {
        finding.severity = policy.severity(finding.rule, finding.severity);
        if finding.identity.is_empty() {
            finding.identity = identity::of(&parsed.document, &finding.pointer);
        }
    }
    let is_shown = |finding: &Finding| {
        options.pedantic
            || finding.severity > Severity::Info
            || policy.wanted.contains(finding.rule)
    };
    suppressed.retain(|suppressed| is_shown(&suppressed.finding));
    let (mut findings, hidden): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_shown);
    fix::lower(&parsed.document, &mut findings);
    let has_telemetry = effective.has_telemetry();
    let secrets = secrets::near(&parsed.document, &findings, &policy.sensitive_headers);
    drop(effective);
    let fail_on = policy.fail_on;
    let off = rules::ALL.iter().map(|rule| rule.id).filter(|id| !policy.is_on(id)).collect();
    let report = FileReport::new(source, target);
    FileReport { has_telemetry, findings, secrets, suppressed, hidden, off, fail_on, ..report }
}

/// Which gateway `doc` is judged for, and why.
#[must_use]
pub fn target_of(doc: &Document<'_>, options: &Options) -> Target {
    let edition = options.edition;
    if let Some(version) = options.version {
        return Target { edition, version, origin: Origin::Flag };
    }
    if let Some(version) = options.settings_version {
        return Target { edition, version, origin: Origin::Settings };
    }
    let root = doc.root().filter(|&root| doc.kind(root) == Kind::Object);
    let url = root.and_then(|root| doc.get(root, "$schema")).and_then(|url| doc.str(url.value));
    match url.as_deref().and_then(version_of_schema) {
        Some(version) => Target { edition, version, origin: Origin::Schema },
        None => Target { edition, ..Target::default() },
    }
}

/// Everything that is to be said about a document, sorted by place.
///
/// A rule that is off has nothing to say, also not that another gives way to it: whoever silences a
/// warning must not lose the error behind it.
fn judge(parsed: &Parsed<'_>, effective: &Effective<'_>, policy: &Policy) -> Vec<Finding> {
    let mut findings: Vec<Finding> = parsed.faults.iter().map(rules::of_fault).collect();
    if parsed.reliable {
        schema::pass::check(effective, &mut findings);
        for rule in rules::ALL {
            run(rule, effective, policy, &mut findings);
        }
        // What stands in for a value that could not be read is not worth judging.
        findings.retain(|finding| {
            rules::is_syntax(finding.rule)
                || !parsed.faults.iter().any(|fault| fault.span == finding.primary.span)
        });
    }
    findings.retain(|finding| policy.is_on(finding.rule));
    if parsed.document.has_uses() {
        for finding in &mut findings {
            show_use(&parsed.document, finding);
        }
    }
    settle(&mut findings);
    findings
}

/// The words at an alias that a finding is about.
const USED: &str = "used here";

/// The number of such places that are worth showing.
const MAX_USES: usize = 3;

/// Labels the alias through which what `finding` is about is in force, if it is written elsewhere.
fn show_use(doc: &Document<'_>, finding: &mut Finding) {
    let node = doc.nearest(&finding.pointer);
    if let Some(span) = node.and_then(|node| doc.uses(node)) {
        finding.related.push(Label::new(span, USED));
    }
}

/// Runs `rule` on `effective`, if it is about such a gateway and has a check of its own.
pub fn run<'a>(
    rule: &'static Rule,
    effective: &'a Effective<'a>,
    policy: &'a Policy,
    findings: &mut Vec<Finding>,
) {
    if let Check::Semantic(check) = rule.check
        && rule.applies.to(effective.target)
        && policy.is_on(rule.id)
    {
        check(&mut Context::new(effective.doc, effective, policy, rule, findings));
    }
}

/// One fault, one finding: drops findings where a rule that supersedes theirs speaks of the same
/// place or of one above it, and sorts.
fn settle(findings: &mut Vec<Finding>) {
    let mut speaking: HashMap<String, Vec<&'static str>> = HashMap::new();
    for finding in findings.iter() {
        let superseded = rules::get(finding.rule).map_or(&[][..], |rule| rule.supersedes);
        if !superseded.is_empty() {
            speaking.entry(finding.pointer.clone()).or_default().extend(superseded);
        }
    }
    if !speaking.is_empty() {
        findings.retain(|finding| {
            !prefixes(&finding.pointer).any(|place| {
                speaking.get(place).is_some_and(|superseded| superseded.contains(&finding.rule))
            })
        });
    }
    sort(findings);
}

/// Sorts by place, and drops repetitions.
fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| {
        let place = |finding: &Finding| (finding.primary.span, finding.rule);
        place(a).cmp(&place(b)).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup_by(|next, first| {
        let same = (next.primary.span, next.rule) == (first.primary.span, first.rule);
        if same {
            keep_uses(next, first);
        }
        same
    });
}

/// Shows in `first` also where `next`, the same finding, is used.
fn keep_uses(next: &mut Finding, first: &mut Finding) {
    for label in next.related.drain(..).filter(|label| label.text == USED) {
        let shown = first.related.iter().filter(|label| label.text == USED).count();
        if shown < MAX_USES && !first.related.contains(&label) {
            first.related.push(label);
        }
    }
}

/// `pointer` and all pointers above it.
fn prefixes(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |place| place.rfind('/').map(|slash| &place[..slash]))
}

/// Where only `$schema` tells the release, an error that the newest release would not give is no
/// certain error: the file may have outlived the release it names.
fn soften(findings: &mut [Finding], lasting: &[Finding]) {
    let place = |finding: &Finding| (finding.rule, finding.primary.span);
    let errors = lasting.iter().filter(|finding| finding.severity == Severity::Error);
    let certain: HashSet<_> = errors.map(place).collect();
    for finding in findings.iter_mut().filter(|finding| finding.severity == Severity::Error) {
        if !certain.contains(&place(finding)) {
            finding.severity = Severity::Warning;
        }
    }
}
