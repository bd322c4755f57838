//! Who gives way to whom: from all that the rules say to what is reported.

use std::collections::{HashMap, HashSet};

use crate::document::Document;
use crate::finding::{Finding, Label, Severity};
use crate::rules;

/// The words at an alias that a finding is about.
const ALIAS: &str = "used here";

/// The number of such places that are worth showing.
const MAX_ALIASES: usize = 3;

/// Labels the aliases through which what `findings` are about is in force, where it is written elsewhere.
pub(super) fn label_aliases(doc: &Document<'_>, findings: &mut [Finding]) {
    if doc.has_aliases() {
        for finding in findings {
            label_alias(doc, finding);
        }
    }
}

fn label_alias(doc: &Document<'_>, finding: &mut Finding) {
    let node = doc.nearest(&finding.pointer);
    if let Some(span) = node.and_then(|node| doc.alias(node)) {
        finding.related.push(Label::new(span, ALIAS));
    }
}

/// One fault, one finding: drops findings where a rule that supersedes theirs speaks of the same
/// place or of one above it, and sorts.
pub(super) fn settle(findings: &mut Vec<Finding>) {
    let mut speaking: HashMap<String, HashSet<&'static str>> = HashMap::new();
    for finding in findings.iter() {
        let superseded = rules::get(finding.rule).map_or(&[][..], |rule| rule.supersedes);
        if !superseded.is_empty() {
            speaking.entry(finding.pointer.clone()).or_default().extend(superseded);
        }
    }
    if !speaking.is_empty() {
        findings.retain(|finding| {
            !prefixes(&finding.pointer).any(|place| {
                speaking.get(place).is_some_and(|superseded| superseded.contains(finding.rule))
            })
        });
    }
    sort(findings);
}

/// Sorts by place, and drops repetitions.
pub(super) fn sort(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| {
        let place = |finding: &Finding| (finding.primary.span, finding.rule);
        place(a).cmp(&place(b)).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup_by(|next, first| {
        let same = (next.primary.span, next.rule) == (first.primary.span, first.rule);
        if same {
            keep_aliases(next, first);
        }
        same
    });
}

/// Shows in `first` also where `next`, the same finding, is used.
fn keep_aliases(next: &mut Finding, first: &mut Finding) {
    for label in next.related.drain(..).filter(|label| label.text == ALIAS) {
        let shown = first.related.iter().filter(|label| label.text == ALIAS).count();
        if shown < MAX_ALIASES && !first.related.contains(&label) {
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
pub(super) fn soften(findings: &mut [Finding], lasting: &[Finding]) {
    let place = |finding: &Finding| (finding.rule, finding.primary.span);
    let errors = lasting.iter().filter(|finding| finding.severity == Severity::Error);
    let certain: HashSet<_> = errors.map(place).collect();
    for finding in findings.iter_mut().filter(|finding| finding.severity == Severity::Error) {
        if !certain.contains(&place(finding)) {
            finding.severity = Severity::Warning;
        }
    }
}
