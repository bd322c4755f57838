//! Takes the findings out that the document itself says to ignore.

use std::collections::HashSet;
use std::mem;

use super::settle::sort;
use super::{Host, run_all};
use crate::analysis::Suppressed;
use crate::document::Parsed;
use crate::finding::Finding;
use crate::policy::{Level, Policy};
use crate::recognise::Content;
use crate::rule::Rule;
use crate::rules::{self, invalid_suppression, unused_suppression};
use crate::source::Span;
use crate::suppress::{Ignore, Index, Suppressions};
use crate::target::{Edition, Target, Version};

/// Takes the suppressed ones out of `findings`, which are those for `target`, and adds one for each
/// suppression that is not needed. Faults of syntax cannot be ignored, and while the document is not
/// reliable no suppression is checked.
pub(super) fn apply(
    parsed: &Parsed<'_>,
    content: Content,
    target: Target,
    policy: &Policy,
    findings: &mut Vec<Finding>,
    host: Host<'_>,
) -> Option<Vec<Suppressed>> {
    let doc = &parsed.document;
    let written = Suppressions::read(doc);
    let index = Index::new(&written.ignores);
    let named: Vec<_> = written.ignores.iter().map(invalid_suppression::rule_of).collect();
    if !parsed.reliable || named.iter().all(Option::is_none) {
        return Some(Vec::new());
    }
    // By span: what an alias repeats is one suppression.
    let mut unused: HashSet<Span> =
        known(&written.ignores, &named).map(|(_, one, _)| one.span).collect();
    let mut suppressed = Vec::new();
    for finding in mem::take(findings) {
        let mut covering = index.covering(doc.source(), &finding);
        covering.retain(|&nth| named[nth].is_some());
        for &nth in &covering {
            unused.remove(&written.ignores[nth].span);
        }
        match covering.first() {
            Some(&nth) => {
                let reason = written.ignores[nth].reason.clone();
                suppressed.push(Suppressed { finding, reason });
            }
            None => findings.push(finding),
        }
    }
    // Of a template nobody knows all that could be found in it.
    if content == Content::Template
        || unused.is_empty()
        || !policy.is_on(unused_suppression::RULE.id)
    {
        return Some(suppressed);
    }
    // What another release needs, or a rule that is turned off or gives way to another, is not unused.
    // Only the rules in question are asked.
    let asked = known(&written.ignores, &named).filter(|(_, one, _)| unused.contains(&one.span));
    let asked: HashSet<&str> = asked.map(|(_, _, rule)| rule.id).collect();
    let others = rules::ALL.iter().filter(|rule| !asked.contains(rule.id));
    let levels = others.map(|rule| (rule.id, Level::Off)).collect();
    let asking = Policy { levels, ..policy.clone() };
    for other in gateways(target) {
        for finding in run_all(parsed, content, other, &asking, host)?.findings {
            for nth in index.covering(doc.source(), &finding) {
                unused.remove(&written.ignores[nth].span);
            }
        }
        if unused.is_empty() {
            return Some(suppressed);
        }
    }
    for (nth, ignore, rule) in known(&written.ignores, &named) {
        if unused.contains(&ignore.span) {
            let removal = written.removal(nth, |ignore| unused.contains(&ignore.span));
            findings.push(unused_suppression::finding(rule, ignore, removal));
        }
    }
    sort(findings);
    Some(suppressed)
}

/// The ignores of rules that can be ignored, with their indices.
fn known<'i>(
    ignores: &'i [Ignore],
    rules: &'i [Option<&'static Rule>],
) -> impl Iterator<Item = (usize, &'i Ignore, &'static Rule)> {
    let all = ignores.iter().zip(rules).enumerate();
    all.filter_map(|(nth, (ignore, rule))| Some((nth, ignore, (*rule)?)))
}

/// Every minor release of both editions, with what else `target` says.
fn gateways(target: Target) -> impl Iterator<Item = Target> {
    Edition::ALL.into_iter().flat_map(move |edition| {
        Version::PATCHES.into_iter().map(move |version| Target { edition, version, ..target })
    })
}
