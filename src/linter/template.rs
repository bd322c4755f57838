//! Checking a template: what is true of every file it can become.
//!
//! Each reading of the template, which is one choice of its branches, is checked with nothing in the
//! place of what is unknown, and then with one guess after the other. A finding counts if all of them
//! give it, of the same rule at the same place; and if every other reading gives it too, unless that
//! leaves out its place. So no rule need know that there are templates.

use std::collections::HashMap;

use super::guess::Guesses;
use super::{Host, Options, RuleFindings, check_document, outcome, parts, target_of};
use crate::analysis::Analysis;
use crate::document::template::{self, Reading, Template, chart};
use crate::document::{Document, Kind, NodeId, Parsed};
use crate::effective::Effective;
use crate::finding::{Edit, Finding, Fix, Severity};
use crate::policy::{Level, Policy};
use crate::recognise::{self, Content, Reason};
use crate::rules::{self, template_error, unjudged_template};
use crate::source::{Format, Source, Span};
use crate::target::Target;
use crate::template::{ErrorKind, Limits, Project, render};
use crate::{identity, secrets, suppress};

/// Bytes that are checked, all readings and guesses together, before it is too much.
const BUDGET: usize = 32 << 20;

/// What every check costs beside its bytes, in bytes: a template of 700 bytes may have thousands of guesses.
const EACH_CHECK: usize = 4096;

/// What every finding of a check costs, in bytes.
const EACH_FINDING: usize = 1024;

/// The most places where something is unknown, before it is too much.
const MOST_HOLES: usize = 4096;

/// Why a template gives no analysis.
enum Stop {
    /// It would take too long.
    Budget,
    /// The host cancelled it.
    Cancelled,
}

/// Checks the template `source`; `None` if the host cancelled it.
pub(super) fn check(source: &Source, options: &Options, host: Host<'_>) -> Option<Analysis> {
    let read = template::read(source).ok_or(Stop::Budget);
    match read.and_then(|template| all_readings(&template, options, host)) {
        Ok(analysis) => Some(analysis),
        Err(Stop::Cancelled) => None,
        Err(Stop::Budget) => {
            let document = Document::empty(source);
            let target = target_of(&document, options);
            let mut findings = vec![match syntax_error(source) {
                Some(finding) => finding,
                None => unjudged_template::finding(source),
            }];
            findings.retain(|finding| options.policy.is_on(finding.rule));
            let content = Content::Template;
            let found = RuleFindings { content, target, findings, has_telemetry: false };
            let analysis = outcome::settled(&parsed(document), found, options, host)?;
            let is_chart = chart::is_chart(source.bytes());
            let reason = if is_chart { Reason::Chart } else { Reason::Unrendered };
            Some(Analysis { reason, ..analysis })
        }
    }
}

/// What is wrong with the syntax of a template that was not rendered. It may be of a kind that this
/// program does not know, so that is not a certain error.
fn syntax_error(source: &Source) -> Option<Finding> {
    let project = Project::new(source.name(), source.clone());
    let errors = render(&project, &Limits { steps: 0, ..Limits::default() }).errors;
    let error = errors.into_iter().find(|error| error.kind == ErrorKind::Syntax)?;
    let mut finding = template_error::finding(error.place.span, &error.message);
    finding.severity = Severity::Warning;
    Some(finding)
}

/// Checks text that is not JSON on its own but may be what a template includes: members without
/// braces, items one after the other. The inner `None` means that it is no such text, the outer one
/// that the host cancelled it.
#[expect(clippy::option_option, reason = "the outer one is for `?`")]
pub(super) fn check_spliced(
    parsed: &Parsed<'_>,
    options: &Options,
    host: Host<'_>,
) -> Option<Option<Analysis>> {
    let Some(template) = recognise::spliced(parsed) else { return Some(None) };
    match all_readings(&template, options, host) {
        Ok(analysis) if analysis.has_telemetry => {
            Some(Some(Analysis { content: Content::Fragment, reason: Reason::Spliced, ..analysis }))
        }
        Ok(analysis) => Some(Some(Analysis {
            content: Content::Unrecognised,
            reason: Reason::Included,
            findings: Vec::new(),
            hidden: Vec::new(),
            ..analysis
        })),
        Err(Stop::Cancelled) => None,
        Err(Stop::Budget) => Some(None),
    }
}

/// A document without faults: a template is none of a format.
fn parsed(document: Document<'_>) -> Parsed<'_> {
    Parsed { document, faults: Vec::new(), reliable: true }
}

/// What is true of every reading of `template`.
fn all_readings(
    template: &Template<'_>,
    options: &Options,
    host: Host<'_>,
) -> Result<Analysis, Stop> {
    let first = template.readings.first().ok_or(Stop::Budget)?;
    let target = target_of(&first.document, options);
    let mut has_telemetry = false;
    let mut hides_exporters = true;
    let policy = &*options.policy;
    let mut checker = ReadingChecker { template, target, policy, host, spent: 0 };
    let mut certain: Vec<Vec<Finding>> = Vec::with_capacity(template.readings.len());
    for reading in &template.readings {
        let content = recognise::of_reading(&reading.document);
        let parts = parts(&reading.document, content, target);
        has_telemetry |= parts.iter().any(|(effective, _)| effective.has_telemetry());
        hides_exporters &=
            parts.iter().all(|(effective, _)| are_exporters_unknown(reading, effective));
        certain.push(if parts.is_empty() {
            Vec::new()
        } else {
            checker.certain(reading, content)?
        });
    }
    let mut findings: Vec<Finding> = Vec::new();
    let places: Vec<_> = certain.iter().map(|found| by_place(found)).collect();
    for (index, (reading, found)) in template.readings.iter().zip(&certain).enumerate() {
        let known = by_place(&findings);
        let new =
            |finding: &&Finding| !at_place(&known, finding).any(|other| is_same(finding, other));
        let lasts = |finding: &&Finding| {
            template.readings.iter().zip(&places).all(|(other, found)| {
                other.dropped.iter().any(|span| span.contains(finding.primary.span))
                    || at_place(found, finding).any(|other| is_at_one_place(finding, other))
            })
        };
        let mut new: Vec<Finding> = found.iter().filter(new).filter(lasts).cloned().collect();
        for finding in &mut new {
            finding.identity = identity::of(&reading.document, &finding.pointer);
            // Edits name nodes: those of one reading only can be carried out.
            finding.fix.take_if(|_| index > 0);
        }
        findings.extend(new);
    }
    findings.sort_by_key(|finding| (finding.primary.span, finding.rule));
    let first = parsed(template.readings.first().ok_or(Stop::Budget)?.document.clone());
    let found = RuleFindings { content: Content::Template, target, findings, has_telemetry };
    let analysis = outcome::settled(&first, found, options, host);
    let mut analysis = analysis.ok_or(Stop::Cancelled)?;
    // What is exported where is what this program is for: without it nothing was checked.
    analysis.has_telemetry &= !(hides_exporters && analysis.has_nothing_to_show());
    let is_checked = analysis.has_telemetry;
    analysis.reason = if is_checked { Reason::Template } else { Reason::Unrendered };
    let source = first.document.source();
    if source.format() != Format::Json {
        for finding in &mut analysis.findings {
            finding.fix.take_if(|fix| shares_a_line(source, fix, &template.actions));
        }
    }
    for other in &template.readings[1..] {
        let (findings, suppressed) = (&mut analysis.findings, &mut analysis.suppressed);
        let near = outcome::protect(&[&other.document], findings, suppressed, policy);
        analysis.secrets.extend(near);
    }
    analysis.secrets = secrets::joined(analysis.secrets);
    Ok(analysis)
}

/// Whether `effective` has a telemetry block of the service whose exporters an action writes, all of
/// them.
fn are_exporters_unknown(reading: &Reading<'_>, effective: &Effective<'_>) -> bool {
    let doc = &reading.document;
    let Some(block) = &effective.block else { return false };
    let exporters = doc.get(block.node, "exporters").map_or(block.node, |member| member.value);
    let mut holes = reading.unknown.iter().chain(&reading.open);
    effective.service.otlp.is_empty()
        && effective.service.prometheus.is_empty()
        && holes.any(|&hole| doc.is_within(hole, exporters))
}

/// Whether `fix` changes lines with one of `actions` in them: without brackets, a child has the whole of
/// its lines.
fn shares_a_line(source: &Source, fix: &Fix, actions: &[Span]) -> bool {
    fix.replacements.iter().any(|replacement| {
        let first = source.line(source.position(replacement.span.start).line);
        let last = source.line(source.position(replacement.span.end).line);
        let lines = Span { start: first.start, end: last.end };
        actions.iter().any(|action| action.start < lines.end && lines.start < action.end)
    })
}

/// Checks one reading after the other.
struct ReadingChecker<'t> {
    template: &'t Template<'t>,
    target: Target,
    policy: &'t Policy,
    host: Host<'t>,
    /// Bytes checked so far.
    spent: usize,
}

impl ReadingChecker<'_> {
    /// The findings that `reading` gives whatever is unknown in it.
    fn certain(&mut self, reading: &Reading<'_>, content: Content) -> Result<Vec<Finding>, Stop> {
        let doc = &reading.document;
        let mut certain = self.findings(doc.clone(), content, self.policy)?;
        if !certain.is_empty() && reading.unknown.len() + reading.open.len() > MOST_HOLES {
            return Err(Stop::Budget);
        }
        let ignored = perhaps_ignored(reading);
        certain.retain(|finding| {
            let place = finding.primary.span;
            // A string with an action in it is a string whatever the action gives.
            let is_certain = |&&node: &&NodeId| {
                doc.kind(node) == Kind::String && rules::is_about_types(finding.rule)
            };
            let unknown = reading.unknown.iter().filter(|node| !is_certain(node));
            let unknown = unknown.map(|&node| doc.span(node));
            !unknown.chain(ignored.iter().copied()).any(|span| span.contains(place))
        });
        for finding in &mut certain {
            finding.fix.take_if(|fix| !fix.edits.iter().all(|edit| self.is_plain(doc, edit)));
        }
        if certain.is_empty() || (reading.unknown.is_empty() && reading.open.is_empty()) {
            return Ok(certain);
        }
        let guesses = Guesses::new(reading, self.target);
        let mut policy = only(self.policy, &certain);
        for document in guesses.documents() {
            let others = self.findings(document, content, &policy)?;
            let before = certain.len();
            let others = by_place(&others);
            certain.retain_mut(|finding| outlasts(finding, &others));
            if certain.is_empty() {
                break;
            }
            if certain.len() < before {
                policy = only(self.policy, &certain);
            }
        }
        Ok(certain)
    }

    /// The findings in one document.
    fn findings(
        &mut self,
        document: Document<'_>,
        content: Content,
        policy: &Policy,
    ) -> Result<Vec<Finding>, Stop> {
        self.spent += document.source().bytes().len() + EACH_CHECK;
        if self.spent > BUDGET {
            return Err(Stop::Budget);
        }
        let found = check_document(&parsed(document), content, self.target, policy, self.host);
        let findings = found.ok_or(Stop::Cancelled)?.findings;
        self.spent += findings.len() * EACH_FINDING;
        Ok(findings)
    }

    /// Whether what `edit` touches is text without actions.
    fn is_plain(&self, doc: &Document<'_>, edit: &Edit) -> bool {
        let parent = |node: NodeId| doc.parent(node).unwrap_or(node);
        let touched = match edit {
            Edit::Replace { node, .. } => vec![doc.span(*node)],
            Edit::Rename { key, .. } => vec![doc.span(*key)],
            Edit::Remove { node } => vec![doc.span(parent(*node))],
            Edit::Insert { object, .. } => vec![doc.span(*object)],
            Edit::Append { array, .. } => vec![doc.span(*array)],
            Edit::Move { key, object, .. } => vec![doc.span(parent(*key)), doc.span(*object)],
            Edit::Delete { span } => vec![*span],
        };
        let actions = &self.template.actions;
        !actions.iter().any(|&action| touched.iter().any(|span| span.contains(action)))
    }
}

/// `policy` with all rules off that neither find `findings` nor make them give way: that saves most
/// of the work, and none of these is lost or kept by it.
fn only(policy: &Policy, findings: &[Finding]) -> Policy {
    let has = |id: &str| findings.iter().any(|finding| finding.rule == id);
    let mut policy = policy.clone();
    for rule in rules::ALL {
        if !has(rule.id) && !rule.supersedes.iter().any(|id| has(id)) {
            policy.levels.insert(rule.id, Level::Off);
        }
    }
    policy
}

/// The objects whose suppressions are not known: whatever is found in them may be ignored.
fn perhaps_ignored(reading: &Reading<'_>) -> Vec<Span> {
    let doc = &reading.document;
    let holes = || reading.unknown.iter().chain(&reading.open);
    let is_unknown = |object: NodeId| {
        let key = doc.get(object, suppress::KEY);
        key.is_some_and(|key| holes().any(|&hole| doc.is_within(hole, key.value)))
    };
    if memchr::memmem::find(doc.source().bytes(), suppress::KEY.as_bytes()).is_none() {
        return Vec::new();
    }
    let objects = doc.nodes().filter(|&node| doc.kind(node) == Kind::Object);
    objects.filter(|&object| is_unknown(object)).map(|object| doc.span(object)).collect()
}

/// Whether `others` find the same as `finding`. It is then no more sure, and fixes no more, than
/// theirs; where they say it in other words, it is said in the words of the rule.
fn outlasts(finding: &mut Finding, others: &ByPlace<'_>) -> bool {
    let same = at_place(others, finding).find(|other| is_same(finding, other));
    let at_one_place = || at_place(others, finding).find(|other| is_at_one_place(finding, other));
    let Some(other) = same.or_else(at_one_place) else {
        return false;
    };
    finding.severity = finding.severity.min(other.severity);
    let title = other.fix.as_ref().map(|fix| &fix.title);
    finding.fix.take_if(|fix| Some(&fix.title) != title);
    if same.is_none() {
        put_generally(finding, other);
    }
    true
}

/// Leaves of the words of `finding` what `other` says as well.
fn put_generally(finding: &mut Finding, other: &Finding) {
    if finding.message != other.message
        && let Some(rule) = rules::get(finding.rule)
    {
        rule.summary.clone_into(&mut finding.message);
    }
    if finding.help != other.help {
        finding.help.clear();
    }
    finding.primary.text.clear();
    finding.related.retain(|label| other.related.contains(label));
    finding.fix = None;
}

/// Findings by their rule and place.
type ByPlace<'f> = HashMap<(&'static str, Span), Vec<&'f Finding>>;

fn by_place(findings: &[Finding]) -> ByPlace<'_> {
    let mut places = ByPlace::new();
    for finding in findings {
        places.entry((finding.rule, finding.primary.span)).or_default().push(finding);
    }
    places
}

/// Those of the rule of `finding` where that is.
fn at_place<'p, 'f>(
    places: &'p ByPlace<'f>,
    finding: &Finding,
) -> impl Iterator<Item = &'f Finding> + use<'p, 'f> {
    places.get(&(finding.rule, finding.primary.span)).into_iter().flatten().copied()
}

/// Whether two findings are of the same rule about the same place.
fn is_at_one_place(one: &Finding, other: &Finding) -> bool {
    one.rule == other.rule && one.primary.span == other.primary.span && one.pointer == other.pointer
}

/// Whether two findings say the same about the same place.
fn is_same(one: &Finding, other: &Finding) -> bool {
    one.rule == other.rule
        && one.primary == other.primary
        && one.pointer == other.pointer
        && one.message == other.message
        && one.related == other.related
        && one.help == other.help
}
