//! Replacements of one fix: in the order of the source, apart from each other, and in the text around an
//! embedded document.

use crate::document::Document;
use crate::document::embedded::Embedded;
use crate::finding::{Fix, Replacement};
use crate::source::Span;

/// `bytes` with `replacements`, which are sorted and disjoint, as those of one finding are.
#[must_use]
pub fn replace(bytes: &[u8], replacements: &[Replacement]) -> Vec<u8> {
    let mut result = Vec::with_capacity(bytes.len());
    let mut at = 0;
    for Replacement { span, text } in replacements {
        result.extend_from_slice(&bytes[at..span.start as usize]);
        result.extend_from_slice(text.as_bytes());
        at = span.end as usize;
    }
    result.extend_from_slice(&bytes[at..]);
    result
}

/// Makes `fix`, of the text that `embedded` is, one of `doc` around it; `None` if the text cannot be
/// changed there.
pub(crate) fn embed(doc: &Document<'_>, embedded: &Embedded, fix: &mut Fix) -> Option<()> {
    let bytes = doc.source().bytes();
    let first = memchr::memchr(b'\n', bytes);
    let is_crlf = first.is_some_and(|first| bytes[..first].ends_with(b"\r"));
    let line_end = if is_crlf { "\r\n" } else { "\n" };
    for Replacement { span, text } in &mut fix.replacements {
        embedded.is_replaceable(*span).then_some(())?;
        *text = embedded.written(text, line_end)?;
        *span = embedded.replaced(*span);
    }
    for touched in &mut fix.containers {
        touched.span = embedded.outer(touched.span);
    }
    // They are about another document.
    fix.edits.clear();
    Some(())
}

/// The same replacements, of which those that add lines behind one that goes add them in its place.
pub(super) fn in_lines(mut replacements: Vec<Replacement>, line_end: &str) -> Vec<Replacement> {
    let gone: Vec<Span> =
        replacements.iter().filter(|it| it.text.is_empty()).map(|it| it.span).collect();
    for Replacement { span, text } in &mut replacements {
        let next = span.start + line_end.len() as u32;
        let goes = |gone: &Span| gone.start < span.start && gone.end == next;
        if span.range().is_empty() && text.starts_with(line_end) && gone.iter().any(goes) {
            text.drain(..line_end.len());
            text.push_str(line_end);
            *span = Span { start: next, end: next };
        }
    }
    replacements
}

/// The same replacements in the order of the source; `None` if two of them touch the same bytes.
pub(super) fn disjoint(mut replacements: Vec<Replacement>) -> Option<Vec<Replacement>> {
    replacements.sort_by_key(|replacement| replacement.span);
    // What two edits take out is gone.
    replacements.dedup_by(|next, first| next == first && next.text.is_empty());
    let apart = |pair: &[Replacement]| {
        pair[0].span.end <= pair[1].span.start && pair[0].span != pair[1].span
    };
    replacements.windows(2).all(apart).then_some(replacements)
}
