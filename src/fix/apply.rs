//! Applying fixes: from a text and the findings in it to a new text.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::replace;
use crate::document;
use crate::finding::{Finding, Fix, Replacement, Safety};
use crate::source::{Source, Span};

/// Rounds after which fixing stops, whatever is left.
pub const MAX_ROUNDS: usize = 10;

/// The fixes that may be applied, and what came of those that were.
#[derive(Debug, Default)]
pub struct Fixing {
    /// Whether fixes that change what the gateway does may be applied.
    allows_unsafe: bool,
    /// Fixes that make the document unreadable, by rule, pointer and title. There should be none.
    refused: HashSet<(&'static str, String, String)>,
    /// The number of fixes applied.
    count: usize,
}

impl Fixing {
    /// Applies safe fixes; with `allows_unsafe` also others.
    #[must_use]
    pub fn new(allows_unsafe: bool) -> Self {
        Self { allows_unsafe, ..Self::default() }
    }

    /// The number of fixes applied so far.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The fix of `finding`, if it may be applied.
    #[must_use]
    pub fn applicable<'f>(&self, finding: &'f Finding) -> Option<&'f Fix> {
        let fix = finding.fix.as_ref()?;
        let is_allowed = self.allows_unsafe || fix.safety == Safety::Safe;
        let is_allowed = is_allowed && !fix.replacements.is_empty();
        (is_allowed && !self.refused.contains(&key(finding, fix))).then_some(fix)
    }

    /// The text of `source` after those fixes of `findings` that leave each other alone, each of them
    /// whole; `None` if there is none to apply.
    pub fn round(&mut self, source: &Source, findings: &[Finding]) -> Option<Vec<u8>> {
        loop {
            let mut chosen = self.choose(findings);
            while !chosen.is_empty() {
                let text = applied(source, &chosen);
                if !breaks(source, &text) {
                    self.count += chosen.len();
                    return Some(text);
                }
                if let [(finding, fix)] = *chosen {
                    self.refused.insert(key(finding, fix));
                }
                chosen.truncate(chosen.len() / 2);
            }
            findings.iter().find_map(|finding| self.applicable(finding))?;
        }
    }

    /// Fixes that touch neither the same bytes nor children of one object that loses some, in the order
    /// of their findings.
    fn choose<'f>(&self, findings: &'f [Finding]) -> Vec<(&'f Finding, &'f Fix)> {
        let mut taken = Taken::default();
        let fixable =
            findings.iter().filter_map(|finding| Some((finding, self.applicable(finding)?)));
        fixable.filter(|(_, fix)| taken.take(fix)).collect()
    }
}

/// What tells a fix from others.
fn key(finding: &Finding, fix: &Fix) -> (&'static str, String, String) {
    (finding.rule, finding.pointer.clone(), fix.title.clone())
}

/// The text of `source` with all of `chosen`, which touch different bytes.
fn applied(source: &Source, chosen: &[(&Finding, &Fix)]) -> Vec<u8> {
    let replacements = chosen.iter().flat_map(|(_, fix)| &fix.replacements);
    let mut replacements: Vec<Replacement> = replacements.cloned().collect();
    replacements.sort_by_key(|replacement| replacement.span);
    replace(source.bytes(), &replacements)
}

/// Whether `text` cannot be read although `source` can.
fn breaks(source: &Source, text: &[u8]) -> bool {
    let is_readable = |source: &Source| {
        let parsed = document::read(source);
        parsed.reliable && parsed.faults.iter().all(|fault| fault.is_warning)
    };
    let new = Source::new(source.name(), text).with_format(source.format());
    is_readable(source) && !is_readable(&new)
}

/// What chosen fixes touch.
#[derive(Default)]
struct Taken {
    /// Disjoint spans, from their start to their end.
    spans: BTreeMap<u32, u32>,
    /// Containers, and whether they lose children.
    containers: HashMap<Span, bool>,
}

impl Taken {
    /// Takes `fix` if it leaves the others alone.
    fn take(&mut self, fix: &Fix) -> bool {
        // What touches counts as the same: which of two insertions comes first is not known.
        let is_taken = |span: Span| {
            let before = self.spans.range(..=span.end).next_back();
            before.is_some_and(|(_, end)| *end >= span.start)
        };
        let spans = || fix.replacements.iter().map(|replacement| replacement.span);
        let collides = fix.containers.iter().any(|touched| {
            self.containers.get(&touched.span).is_some_and(|removes| *removes || touched.removes)
        });
        if collides || spans().any(is_taken) {
            return false;
        }
        self.spans.extend(spans().map(|span| (span.start, span.end)));
        for touched in &fix.containers {
            *self.containers.entry(touched.span).or_default() |= touched.removes;
        }
        true
    }
}
