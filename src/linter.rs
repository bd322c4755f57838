//! The engine: from a source to a report.
//!
//! One direction: read, find the places, compute what is effective, let schema and rules speak,
//! settle who gives way to whom, sort. Nothing here prints, reads a file or fails.

mod carrier;
mod guess;
mod settle;
mod suppress;
mod template;
mod verdict;

use std::sync::Arc;

use self::carrier::Cargo;
use self::settle::{settle, show_uses, soften};
use self::verdict::Verdict;
use crate::document::{self, Document, Kind, Parsed};
use crate::effective::{Effective, fragment};
use crate::finding::{Finding, Severity};
use crate::policy::Policy;
use crate::report::{Content, FileReport};
use crate::rule::{Check, Context, Rule};
use crate::source::Source;
use crate::target::{Edition, Origin, Target, Version, version_of_schema};
use crate::{content, parallel, rules, schema};

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
    let mut parsed = document::read(&source);
    if document::template::is_template(&parsed) {
        drop(parsed);
        return template::check(source, &options);
    }
    let is_other = content::of(&parsed.document) != Content::Configuration;
    if is_other && let Some(cargo) = Cargo::of(&source, &options) {
        drop(parsed);
        return cargo.report(source, &options);
    }
    let verdict = Verdict::of(&mut parsed, &options);
    drop(parsed);
    verdict.report(source)
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

/// What the rules say about a document, sorted by place.
struct Judged {
    findings: Vec<Finding>,
    /// Whether there is any telemetry block, right or wrong.
    has_telemetry: bool,
}

/// Judges a document, as sure as its target is.
fn weigh(parsed: &Parsed<'_>, content: Content, target: Target, policy: &Policy) -> Judged {
    let mut judged = judge(parsed, content, target, policy);
    if target.origin == Origin::Schema && target.version != Version::NEWEST {
        let newest = Target { version: Version::NEWEST, ..target };
        soften(&mut judged.findings, &judge(parsed, content, newest, policy).findings);
    }
    judged
}

/// What is to be judged of a document, and whether errors in it are certain: of a fragment each block
/// on its own, and one that a template may yet complete is not certain.
fn frames<'d>(
    doc: &'d Document<'d>,
    content: Content,
    target: Target,
) -> Vec<(Effective<'d>, bool)> {
    match content {
        Content::Fragment => fragment::find(doc)
            .into_iter()
            .map(|found| (Effective::of_fragment(doc, target, found), found.named))
            .collect(),
        Content::Unrecognised => Vec::new(),
        _ => vec![(Effective::new(doc, target), true)],
    }
}

/// The number of nodes from which on the rules take longer than it takes to start a thread.
const LARGE: usize = 50_000;

/// Judges a document for `target`.
///
/// A rule that is off has nothing to say, also not that another gives way to it: whoever silences a
/// warning must not lose the error behind it.
fn judge(parsed: &Parsed<'_>, content: Content, target: Target, policy: &Policy) -> Judged {
    let mut findings: Vec<Finding> = parsed.faults.iter().map(rules::of_fault).collect();
    let frames = frames(&parsed.document, content, target);
    if parsed.reliable {
        for (effective, is_certain) in &frames {
            let before = findings.len();
            schema::pass::check(effective, &mut findings);
            let say = |rule: &&'static Rule| {
                let mut findings = Vec::new();
                run(rule, effective, policy, &mut findings);
                findings
            };
            // A rule sees all and changes nothing: those of a large file can speak at once.
            let said: Vec<Vec<Finding>> = match parsed.document.len() {
                0..LARGE => rules::ALL.iter().map(say).collect(),
                LARGE.. => parallel::map(rules::ALL, say),
            };
            findings.extend(said.into_iter().flatten());
            for finding in findings[before..].iter_mut().filter(|_| !is_certain) {
                finding.severity = finding.severity.min(Severity::Warning);
            }
        }
        // What stands in for a value that could not be read is not worth judging.
        findings.retain(|finding| {
            rules::is_syntax(finding.rule)
                || !parsed.faults.iter().any(|fault| fault.span == finding.primary.span)
        });
    }
    findings.retain(|finding| policy.is_on(finding.rule));
    show_uses(&parsed.document, &mut findings);
    settle(&mut findings);
    // Not before: to others they give way as they do in a whole configuration.
    if content == Content::Fragment {
        findings.retain(|finding| rules::OF_THE_WHOLE.iter().all(|rule| rule.id != finding.rule));
    }
    let has_telemetry = frames.iter().any(|(effective, _)| effective.has_telemetry());
    Judged { findings, has_telemetry }
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
