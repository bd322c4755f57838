//! From what the rules found in one document to what is said about it: suppressions, severities, what
//! is shown.

use super::{Host, Judged, Options, judge, suppress, target_of};
use crate::analysis::Analysis;
use crate::content::{self, Content};
use crate::document::{Kind, Parsed};
use crate::finding::{Finding, Severity};
use crate::target::Target;
use crate::{fix, identity, secrets};

/// Checks one document, whatever it is; `None` if the host cancelled it.
pub(super) fn of(parsed: &mut Parsed<'_>, options: &Options, host: Host<'_>) -> Option<Analysis> {
    let content = content_of(parsed);
    let target = target_of(&parsed.document, options);
    let judged = judge(parsed, content, target, &options.policy, host)?;
    settled(parsed, content, target, judged, options, host)
}

/// What is said about a document in which `judged` was found.
pub(super) fn settled(
    parsed: &Parsed<'_>,
    content: Content,
    target: Target,
    judged: Judged,
    options: &Options,
    host: Host<'_>,
) -> Option<Analysis> {
    let Judged { mut findings, has_telemetry } = judged;
    let doc = &parsed.document;
    let policy = &*options.policy;
    // First what is suppressed, then what is hidden: a suppression of an info is no less used.
    let mut suppressed = suppress::apply(parsed, content, target, policy, &mut findings, host)?;
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
    let (mut findings, mut hidden): (Vec<_>, Vec<_>) = findings.into_iter().partition(is_shown);
    fix::lower(doc, &mut findings);
    // What is not reported is not fixed either.
    let silent = suppressed.iter_mut().map(|suppressed| &mut suppressed.finding);
    silent.chain(&mut hidden).for_each(|finding| finding.fix = None);
    Some(Analysis {
        target,
        content,
        has_telemetry,
        secrets: secrets::near(doc, &findings, &policy.sensitive_headers),
        findings,
        suppressed,
        hidden,
        off: policy.off(),
        fail_on: policy.fail_on,
    })
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
