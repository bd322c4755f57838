//! What is to be said about one document, before it is a report.

use super::{Judged, Options, suppress, target_of, weigh};
use crate::document::{Kind, Parsed};
use crate::finding::{Finding, Severity};
use crate::policy::FailOn;
use crate::report::{Content, FileReport, Suppressed};
use crate::source::{Source, Span};
use crate::target::Target;
use crate::{content, fix, identity, secrets};

/// What is to be said about one document.
pub(super) struct Verdict {
    pub(super) target: Target,
    pub(super) content: Content,
    pub(super) has_telemetry: bool,
    pub(super) findings: Vec<Finding>,
    pub(super) suppressed: Vec<Suppressed>,
    pub(super) hidden: Vec<Finding>,
    pub(super) secrets: Vec<Span>,
    pub(super) off: Vec<&'static str>,
    pub(super) fail_on: FailOn,
}

impl Verdict {
    /// The verdict on a document, whatever it is.
    pub(super) fn of(parsed: &mut Parsed<'_>, options: &Options) -> Self {
        let content = content_of(parsed);
        let target = target_of(&parsed.document, options);
        let judged = weigh(parsed, content, target, &options.policy);
        Self::on(parsed, content, target, judged, options)
    }

    /// The verdict on a document that was judged: what is ignored, what is shown, and how.
    pub(super) fn on(
        parsed: &Parsed<'_>,
        content: Content,
        target: Target,
        judged: Judged,
        options: &Options,
    ) -> Self {
        let Judged { mut findings, has_telemetry } = judged;
        let doc = &parsed.document;
        let policy = &*options.policy;
        // First what is ignored, then what is hidden: a suppression of an info is no less used.
        let mut suppressed = suppress::apply(parsed, content, target, policy, &mut findings);
        let ignored = suppressed.iter_mut().map(|suppressed| &mut suppressed.finding);
        for finding in findings.iter_mut().chain(ignored) {
            finding.severity = policy.severity(finding.rule, finding.severity);
            if finding.identity.is_empty() {
                finding.identity = identity::of(doc, &finding.pointer);
            }
        }
        let is_shown = |finding: &Finding| {
            options.pedantic
                || finding.severity > Severity::Info
                || policy.wanted.contains(finding.rule)
        };
        suppressed.retain(|suppressed| is_shown(&suppressed.finding));
        let (mut findings, hidden): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_shown);
        fix::lower(doc, &mut findings);
        Self {
            target,
            content,
            has_telemetry,
            secrets: secrets::near(doc, &findings, &policy.sensitive_headers),
            findings,
            suppressed,
            hidden,
            off: policy.off(),
            fail_on: policy.fail_on,
        }
    }

    /// The report on `source`, which this is about.
    pub(super) fn report(self, source: Source) -> FileReport {
        let Self { target, content, has_telemetry, findings, secrets, .. } = self;
        let Self { suppressed, hidden, off, fail_on, .. } = self;
        FileReport {
            has_telemetry,
            findings,
            secrets,
            content,
            suppressed,
            hidden,
            off,
            fail_on,
            ..FileReport::new(source, target)
        }
    }
}

/// What was read. A text with errors is taken for a configuration: what it lacks may be where they
/// are. That its root is a list is no error in a part of one, and a list is nothing else.
fn content_of(parsed: &mut Parsed<'_>) -> Content {
    let doc = &parsed.document;
    let content = content::of(doc);
    if let Some(list) = doc.root().filter(|&root| doc.kind(root) == Kind::Array)
        && content != Content::Configuration
        && parsed.faults.iter().all(|fault| fault.span == doc.span(list) || fault.is_warning)
    {
        parsed.faults.retain(|fault| fault.is_warning);
        parsed.reliable = true;
        return content;
    }
    let is_wrong = !parsed.reliable || parsed.faults.iter().any(|fault| !fault.is_warning);
    if content == Content::Unrecognised && is_wrong { Content::Configuration } else { content }
}
