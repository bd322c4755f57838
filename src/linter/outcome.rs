//! From what the rules found in one document to what is said about it: suppressions, severities, what
//! is shown.

use super::{Host, Options, RuleFindings, check_document, suppress, target_of};
use crate::analysis::{Analysis, Suppressed};
use crate::document::{Document, Parsed};
use crate::finding::{Finding, Severity};
use crate::policy::Policy;
use crate::recognise::{self, Content, Reason, Recognised};
use crate::source::Span;
use crate::{fix, identity, secrets};

/// Checks one document, whatever it is; `None` if the host cancelled it.
pub(super) fn of(parsed: &mut Parsed<'_>, options: &Options, host: Host<'_>) -> Option<Analysis> {
    let Recognised { content, reason } = recognise::of(parsed);
    if recognise::is_list(parsed) && content != Content::Configuration {
        parsed.faults.retain(|fault| fault.is_warning);
        parsed.reliable = true;
    }
    if content == Content::Unrecognised {
        // Faults in its syntax do not concern the gateway.
        parsed.faults.clear();
    }
    let target = target_of(&parsed.document, options);
    let found = check_document(parsed, content, target, &options.policy, host)?;
    let analysis = settled(parsed, found, options, host)?;
    Some(Analysis { reason, ..analysis })
}

/// Checks a document that is only the value of `key`; `None` if the host cancelled it.
pub(super) fn of_value(
    parsed: &Parsed<'_>,
    key: &str,
    options: &Options,
    host: Host<'_>,
) -> Option<Analysis> {
    let document = parsed.document.under(key);
    let mut whole = Parsed { document, faults: parsed.faults.clone(), ..*parsed };
    let mut analysis = of(&mut whole, options, host)?;
    let added = format!("/{key}");
    let ignored = analysis.suppressed.iter_mut().map(|suppressed| &mut suppressed.finding);
    for finding in analysis.findings.iter_mut().chain(&mut analysis.hidden).chain(ignored) {
        if let Some(pointer) = finding.pointer.strip_prefix(&added) {
            finding.pointer = pointer.to_owned();
        }
    }
    Some(analysis)
}

/// What is said about a document whose rules gave `found`, without secrets.
pub(super) fn settled(
    parsed: &Parsed<'_>,
    found: RuleFindings,
    options: &Options,
    host: Host<'_>,
) -> Option<Analysis> {
    let mut analysis = unprotected(parsed, found, options, host)?;
    let Analysis { findings, suppressed, .. } = &mut analysis;
    analysis.secrets = protect(&[&parsed.document], findings, suppressed, &options.policy);
    Some(analysis)
}

/// The same with secrets in it, for [`protect`].
pub(super) fn unprotected(
    parsed: &Parsed<'_>,
    found: RuleFindings,
    options: &Options,
    host: Host<'_>,
) -> Option<Analysis> {
    let RuleFindings { content, target, mut findings, has_telemetry } = found;
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
        reason: Reason::default(),
        has_telemetry,
        secrets: Vec::new(),
        findings,
        suppressed,
        hidden,
        off: policy.off(),
        fail_on: policy.fail_on,
    })
}

/// Takes secrets out of all that is said of `docs`, the documents of one file in their order, and gives
/// those near what is said.
pub(super) fn protect(
    docs: &[&Document<'_>],
    findings: &mut [Finding],
    suppressed: &mut [Suppressed],
    policy: &Policy,
) -> Vec<Span> {
    for one in &mut *suppressed {
        one.reason = secrets::redacted(&one.reason);
    }
    let ignored = suppressed.iter_mut().map(|one| &mut one.finding);
    let mut all: Vec<&mut Finding> = findings.iter_mut().chain(ignored).collect();
    secrets::protect(docs, &mut all, &policy.sensitive_headers)
}
