//! The engine: from a source to what is to be said about it.
//!
//! One direction: read, find the places, compute what is effective, run schema and rules, drop
//! superseded findings, sort. Nothing here prints, reads a file or fails.

mod embedded;
mod fixing;
mod guess;
mod internal_error;
mod kubernetes;
mod outcome;
mod settle;
mod suppress;
mod template;

use std::collections::HashSet;
use std::iter;
use std::sync::Arc;

pub use self::fixing::{Fixed, fix};
pub use self::internal_error::RULE as INTERNAL_ERROR;

use self::settle::{label_aliases, settle, soften};
use crate::analysis::{Analysis, CheckedFile};
use crate::document::template::chart;
use crate::document::{self, Document, Kind, Parsed};
use crate::effective::Effective;
use crate::finding::{Finding, Severity};
use crate::parallel::{self, Executor, Sequential};
use crate::policy::Policy;
use crate::recognise::{self, Content, Marks};
use crate::rule::{Check, Context, Rule};
use crate::source::{Format, Source, Span};
use crate::target::{Edition, Origin, Target, Version, version_of_schema};
use crate::{rules, schema};

/// How to check.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The release to check against, given on the command line; `None` to take the next.
    pub version: Option<Version>,
    /// The release to check against, given by the settings; `None` to take the one `$schema` names,
    /// else the newest.
    pub settings_version: Option<Version>,
    /// The edition to check against. Never inferred: a block of the Enterprise Edition pasted into
    /// the Community Edition is a fault.
    pub edition: Edition,
    /// Whether to report infos.
    pub pedantic: bool,
    /// What the users decided about rules and for themselves.
    pub policy: Arc<Policy>,
}

/// What the program around the engine lends to it.
#[derive(Clone, Copy)]
pub struct Host<'h> {
    /// Where parallel work runs.
    pub executor: &'h dyn Executor,
    /// Whether nobody wants the result any more. Asked between rules and between readings of a
    /// template.
    pub is_cancelled: &'h (dyn Fn() -> bool + Sync),
}

impl Host<'static> {
    /// A host with one thread that waits for every result.
    pub const PLAIN: Self = Self { executor: &Sequential, is_cancelled: &|| false };
}

/// Checks `source` on this thread. Whatever it holds, the result is an analysis.
#[must_use]
pub fn check(source: Source, options: &Options) -> CheckedFile {
    let analysis = analyze(&source, options, Host::PLAIN).unwrap_or_default();
    CheckedFile { source, analysis }
}

/// Checks `source`; `None` if the host cancelled it.
#[must_use]
pub fn analyze(source: &Source, options: &Options, host: Host<'_>) -> Option<Analysis> {
    analyze_parsed(&mut document::read(source), options, host)
}

/// Checks a document that the host has read and keeps; `None` if the host cancelled it.
#[must_use]
pub fn analyze_parsed(
    parsed: &mut Parsed<'_>,
    options: &Options,
    host: Host<'_>,
) -> Option<Analysis> {
    let source = parsed.document.source();
    if document::template::is_template(parsed) {
        if source.format() == Format::Yaml && chart::is_chart(source.bytes()) {
            let found = embedded::check(source, options, host, 0)?;
            let is_ours = |analysis: &Analysis| analysis.content != Content::Unrecognised;
            if let Some(analysis) = found.filter(is_ours) {
                return Some(analysis);
            }
        }
        return template::check(source, options, host);
    }
    analyze_rendered(parsed, options, host)
}

/// Checks a document that is no template, as what one was rendered to; `None` if the host cancelled it. An
/// action that is still in it is a fault.
#[must_use]
pub fn analyze_rendered(
    parsed: &mut Parsed<'_>,
    options: &Options,
    host: Host<'_>,
) -> Option<Analysis> {
    let source = parsed.document.source();
    if let Some(key) = recognise::key_of(&parsed.document) {
        return outcome::of_value(parsed, key, options, host);
    }
    if let Some(analysis) = template::check_spliced(parsed, options, host)? {
        return Some(analysis);
    }
    if recognise::of(parsed).content != Content::Configuration
        && Marks::of(source.bytes()).is_plausible()
        && let Some(analysis) = embedded::check(source, options, host, 0)?
    {
        return Some(analysis);
    }
    outcome::of(parsed, options, host)
}

/// The gateway that `doc` is checked against, and why.
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

/// The findings of a document, sorted by place.
struct RuleFindings {
    /// What the document was checked as.
    content: Content,
    /// The gateway it was checked against.
    target: Target,
    findings: Vec<Finding>,
    /// Whether there is any telemetry block, right or wrong.
    has_telemetry: bool,
}

/// Runs the rules on a document. Its errors are as certain as its target is.
fn check_document(
    parsed: &Parsed<'_>,
    content: Content,
    target: Target,
    policy: &Policy,
    host: Host<'_>,
) -> Option<RuleFindings> {
    let mut found = run_all(parsed, content, target, policy, host)?;
    if target.origin == Origin::Schema && target.version != Version::NEWEST {
        let newest = Target { version: Version::NEWEST, ..target };
        let lasting = run_all(parsed, content, newest, policy, host)?;
        soften(&mut found.findings, &lasting.findings);
    }
    Some(found)
}

/// The parts of a document that are checked on their own, and whether errors in them are certain: of
/// a fragment each block, and one that a template may yet complete is not certain.
pub(crate) fn parts<'d>(
    doc: &'d Document<'d>,
    content: Content,
    target: Target,
) -> Vec<(Effective<'d>, bool)> {
    match content {
        Content::Fragment => recognise::blocks(doc)
            .into_iter()
            .map(|found| (Effective::of_fragment(doc, target, found), found.named))
            .collect(),
        Content::Unrecognised => Vec::new(),
        _ => vec![(Effective::new(doc, target), true)],
    }
}

/// What looks at a whole document and changes nothing.
enum Pass {
    Schema,
    Rule(&'static Rule),
}

/// Runs the schema and every rule on a document for `target`.
///
/// A rule that is off does not supersede either: whoever silences a warning must not lose the error
/// behind it.
fn run_all(
    parsed: &Parsed<'_>,
    content: Content,
    target: Target,
    policy: &Policy,
    host: Host<'_>,
) -> Option<RuleFindings> {
    let mut findings: Vec<Finding> = parsed.faults.iter().map(rules::of_fault).collect();
    let parts = parts(&parsed.document, content, target);
    let passes: Vec<Pass> =
        iter::once(Pass::Schema).chain(rules::ALL.iter().copied().map(Pass::Rule)).collect();
    if parsed.reliable {
        for (effective, is_certain) in &parts {
            let before = findings.len();
            let run_pass = |pass: &Pass| {
                let mut findings = Vec::new();
                if (host.is_cancelled)() {
                    return None;
                }
                match pass {
                    Pass::Schema => schema::pass::check(effective, &mut findings),
                    Pass::Rule(rule) => run(rule, effective, policy, &mut findings),
                }
                Some(findings)
            };
            for found in parallel::map(host.executor, &passes, run_pass) {
                findings.extend(found?);
            }
            for finding in findings[before..].iter_mut().filter(|_| !is_certain) {
                finding.severity = finding.severity.min(Severity::Warning);
            }
        }
        // A placeholder for a value that could not be read is not worth checking.
        let broken: HashSet<Span> = parsed.faults.iter().map(|fault| fault.span).collect();
        findings.retain(|finding| {
            rules::is_syntax(finding.rule) || !broken.contains(&finding.primary.span)
        });
    }
    findings.retain(|finding| policy.is_on(finding.rule));
    label_aliases(&parsed.document, &mut findings);
    settle(&mut findings);
    // Not before: they supersede others as they do in a whole configuration.
    if content == Content::Fragment {
        findings.retain(|finding| !rules::is_about_the_whole(finding.rule));
    }
    let has_telemetry = parts.iter().any(|(effective, _)| effective.has_telemetry());
    Some(RuleFindings { content, target, findings, has_telemetry })
}

/// Runs `rule` on `effective`, if it applies to such a gateway and has a check of its own. If that
/// panics, a finding of [`INTERNAL_ERROR`] says so.
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
        internal_error::guarded(rule, effective.doc, findings, |findings| {
            check(&mut Context::new(effective.doc, effective, policy, rule, findings));
        });
    }
}
