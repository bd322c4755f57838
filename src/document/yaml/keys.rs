//! Equal keys in one mapping, for which the gateway's library refuses the file.

use std::borrow::Cow;

use super::error::{MAX_FAULTS, fault};
use crate::document::{Document, Fault, Member, NodeId};
use crate::source::Span;

/// Up to so many members are compared each with each.
const FEW: usize = 8;

/// Reports each key of `mapping` that stands there before. If its keys are `plain`, the text of
/// their spans tells.
pub(super) fn check(faults: &mut Vec<Fault>, doc: &Document<'_>, mapping: u32, plain: bool) {
    let mapping = NodeId::from_raw(mapping);
    let mut few = [Span::default(); FEW];
    let mut count = 0;
    for member in doc.members(mapping) {
        if let Some(slot) = few.get_mut(count) {
            *slot = doc.span(member.key);
        }
        count += 1;
    }
    if plain && count <= FEW {
        let spans = &few[..count];
        for (index, span) in spans.iter().enumerate() {
            let text = doc.source().slice(*span);
            if let Some(before) = spans[..index].iter().find(|s| doc.source().slice(**s) == text) {
                report(faults, *before, *span, &String::from_utf8_lossy(text));
            }
        }
        return;
    }
    let mut keys: Vec<(Cow<'_, str>, Span)> = doc
        .members(mapping)
        .filter(|member| doc.alias(member.key).is_none())
        .map(|member| (value(doc, member, plain), doc.span(member.key)))
        .collect();
    // The sort keeps the order of equal keys.
    keys.sort_by(|a, b| a.0.cmp(&b.0));
    for pair in keys.windows(2) {
        if pair[0].0 == pair[1].0 {
            report(faults, pair[0].1, pair[1].1, &pair[1].0);
        }
    }
}

/// The key as the library compares it: without quotes, but before it is a number.
fn value<'s>(doc: &Document<'s>, member: Member, plain: bool) -> Cow<'s, str> {
    let slice = doc.source().slice(doc.span(member.key));
    if plain || !slice.starts_with(b"\"") && !slice.starts_with(b"'") && !slice.contains(&b'\n') {
        String::from_utf8_lossy(slice)
    } else {
        doc.key(member.key)
    }
}

fn report(faults: &mut Vec<Fault>, before: Span, key: Span, name: &str) {
    if faults.len() >= MAX_FAULTS {
        return;
    }
    let mut twice = fault(
        key,
        format!("`{name}` is set twice in this mapping: the gateway refuses the file"),
        "Keep one of the two.",
    );
    twice.related.push((before, "first set here".to_owned()));
    faults.push(twice);
}
