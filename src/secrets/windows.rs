//! The parts of a source that may be shown with findings: only there secrets are looked for.

use std::borrow::Borrow;

use super::joined;
use crate::finding::Finding;
use crate::source::{Source, Span};

/// Bytes of one line that a frame or a diff shows at most, from its beginning or from a label in it on.
const REACH: u32 = 4096;

/// Lines around a place that may be shown with it: its neighbours, and one more between two places.
const LINES: u32 = 2;

/// What may be shown of `source` with `findings`, sorted and disjoint: the lines around labels and around
/// what fixes replace, of long lines a part.
pub(super) fn shown<F: Borrow<Finding>>(source: &Source, findings: &[F]) -> Vec<Span> {
    let mut parts = Vec::new();
    for finding in findings.iter().map(Borrow::borrow) {
        for label in std::iter::once(&finding.primary).chain(&finding.related) {
            let Span { start, end } = label.span;
            // Of a long one the beginning is shown.
            around(source, Span { start, end: end.min(start.saturating_add(REACH)) }, &mut parts);
        }
        let replacements = finding.fix.iter().flat_map(|fix| &fix.replacements);
        for replacement in replacements {
            around(source, replacement.span, &mut parts);
        }
    }
    joined(parts)
}

/// `spans` with the text before and after that tells what they are.
pub(super) fn widened(spans: &[Span]) -> Vec<Span> {
    let wide = |span: &Span| Span {
        start: span.start.saturating_sub(REACH),
        end: span.end.saturating_add(REACH),
    };
    joined(spans.iter().map(wide).collect())
}

/// Adds to `parts` what may be shown with `place`.
fn around(source: &Source, place: Span, parts: &mut Vec<Span>) {
    let first = source.position(place.start).line;
    let last = source.position(place.end).line;
    for line in [first, last] {
        for near in line.saturating_sub(LINES).max(1)..=line + LINES {
            let Span { start, end } = source.line(near);
            parts.push(Span { start, end: end.min(start.saturating_add(REACH)) });
        }
    }
    let start = place.start.saturating_sub(REACH).max(source.line(first).start);
    let end = place.end.saturating_add(REACH).min(source.line(last).end).max(place.end);
    parts.push(Span { start: start.min(place.start), end });
}
