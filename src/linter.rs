//! The engine: from a source to a report.
//!
//! One direction: read, find the places, compute what is effective, let schema and rules speak,
//! settle who gives way to whom, sort. Nothing here prints, reads a file or fails.

mod carrier;

use std::collections::{HashMap, HashSet};

use self::carrier::Cargo;
use crate::document::{self, Document, Kind, Parsed};
use crate::effective::{Effective, fragment};
use crate::finding::{Finding, Severity};
use crate::report::{Content, FileReport};
use crate::rule::{Check, Context, Rule};
use crate::rules;
use crate::source::{Source, Span};
use crate::target::{Edition, Origin, Target, Version, version_of_schema};
use crate::{content, identity, schema, secrets};

/// How to check.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The release to judge for; `None` to take the one `$schema` names, else the newest.
    pub version: Option<Version>,
    /// The edition to judge for. Never inferred: a block of the Enterprise Edition pasted into the
    /// Community Edition is a fault.
    pub edition: Edition,
    /// Whether to report infos.
    pub pedantic: bool,
}

/// Checks `source`. Whatever it holds, the result is a report.
#[must_use]
pub fn check(source: Source, options: Options) -> FileReport {
    let mut parsed = document::read(&source);
    let is_other = content::of(&parsed.document) != Content::Configuration;
    if is_other && let Some(cargo) = Cargo::of(&source, options) {
        drop(parsed);
        return cargo.report(source, options);
    }
    let verdict = Verdict::of(&mut parsed, options);
    drop(parsed);
    verdict.report(source)
}

/// What is to be said about one document, before it is a report.
struct Verdict {
    target: Target,
    content: Content,
    has_telemetry: bool,
    findings: Vec<Finding>,
    secrets: Vec<Span>,
}

impl Verdict {
    fn of(parsed: &mut Parsed<'_>, options: Options) -> Self {
        let content = content_of(parsed);
        let doc = &parsed.document;
        let target = target_of(doc, options);
        let frames = frames(doc, content, target);
        let mut findings = judge(parsed, &frames);
        if target.origin == Origin::Schema && target.version != Version::NEWEST {
            let newest = Target { version: Version::NEWEST, ..target };
            soften(&mut findings, &judge(parsed, &self::frames(doc, content, newest)));
        }
        if !options.pedantic {
            findings.retain(|finding| finding.severity > Severity::Info);
        }
        for finding in &mut findings {
            finding.identity = identity::of(doc, &finding.pointer);
        }
        let has_telemetry = frames.iter().any(|(frame, _)| frame.has_telemetry());
        let secrets = secrets::near(doc, &findings);
        Self { target, content, has_telemetry, findings, secrets }
    }

    fn report(self, source: Source) -> FileReport {
        let Self { target, content, has_telemetry, findings, secrets } = self;
        FileReport { has_telemetry, findings, secrets, content, ..FileReport::new(source, target) }
    }
}

/// Which gateway `doc` is judged for, and why.
#[must_use]
pub fn target_of(doc: &Document<'_>, options: Options) -> Target {
    let edition = options.edition;
    if let Some(version) = options.version {
        return Target { edition, version, origin: Origin::Flag };
    }
    let root = doc.root().filter(|&root| doc.kind(root) == Kind::Object);
    let url = root.and_then(|root| doc.get(root, "$schema")).and_then(|url| doc.str(url.value));
    match url.as_deref().and_then(version_of_schema) {
        Some(version) => Target { edition, version, origin: Origin::Schema },
        None => Target { edition, ..Target::default() },
    }
}

/// What was read. A text with errors is taken for a configuration: what it lacks may be where they
/// are. That its root is a list is no error in a fragment.
fn content_of(parsed: &mut Parsed<'_>) -> Content {
    let doc = &parsed.document;
    let content = content::of(doc);
    if let (Content::Fragment, Some(list)) = (content, doc.root())
        && doc.kind(list) == Kind::Array
        && parsed.faults.iter().all(|fault| fault.span == doc.span(list) || fault.is_warning)
    {
        parsed.faults.retain(|fault| fault.is_warning);
        parsed.reliable = true;
    }
    let is_wrong = !parsed.reliable || parsed.faults.iter().any(|fault| !fault.is_warning);
    if content == Content::Unrecognised && is_wrong { Content::Configuration } else { content }
}

/// What is to be judged, and whether errors in it are certain: of a fragment each block on its own,
/// and one that a template may yet complete is not certain.
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

/// Everything that is to be said about a document, sorted by place.
fn judge(parsed: &Parsed<'_>, frames: &[(Effective<'_>, bool)]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = parsed.faults.iter().map(rules::of_fault).collect();
    if parsed.reliable {
        for (effective, is_certain) in frames {
            let before = findings.len();
            schema::pass::check(effective, &mut findings);
            for rule in rules::ALL {
                run(rule, effective, &mut findings);
            }
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
    settle(&mut findings);
    // Not before: to others they give way as they do in a whole configuration.
    if frames.iter().any(|(frame, _)| !frame.is_whole) {
        findings.retain(|finding| rules::OF_THE_WHOLE.iter().all(|rule| rule.id != finding.rule));
    }
    findings
}

fn run<'a>(rule: &'static Rule, effective: &'a Effective<'a>, findings: &mut Vec<Finding>) {
    if let Check::Semantic(check) = rule.check
        && rule.applies.to(effective.target)
    {
        check(&mut Context::new(effective.doc, effective, rule, findings));
    }
}

/// One fault, one finding: drops findings where a rule that supersedes theirs speaks of the same
/// place or of one above it, drops repetitions, and sorts by place.
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
    findings.sort_by(|a, b| {
        let place = |finding: &Finding| (finding.primary.span, finding.rule);
        place(a).cmp(&place(b)).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup_by(|a, b| (a.primary.span, a.rule) == (b.primary.span, b.rule));
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
