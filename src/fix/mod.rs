//! From edits to bytes: what a fix does to the text of a source.
//!
//! A rule says what changes, once for all formats. Here each [`Edit`] becomes [`Replacement`]s that
//! keep the file as its author laid it out: its indentation, its line ends, objects on one line. What
//! no edit touches keeps its bytes.
//!
//! Replacements of one fix are sorted and disjoint. Those of two findings may touch the same bytes, or
//! be the same: whoever applies several fixes takes one that overlaps none taken before, and checks
//! the result again for the rest.

mod json;
mod layout;
mod scalar;

use std::cell::OnceCell;

use crate::document::{Document, NodeId};
use crate::finding::{Edit, Finding, Replacement};
use crate::secrets;
use crate::source::{Format, Span};
use layout::Layout;

/// Gives the fix of every finding of `doc` its bytes.
pub fn lower(doc: &Document<'_>, findings: &mut [Finding]) {
    let layout = OnceCell::new();
    for fix in findings.iter_mut().filter_map(|finding| finding.fix.as_mut()) {
        let lowered = match doc.source().format() {
            Format::Json => json::lower(doc, layout.get_or_init(|| Layout::of(doc)), &fix.edits),
            Format::Yaml | Format::Toml => scalar::lower(doc, &fix.edits),
        };
        fix.replacements = lowered.and_then(disjoint).unwrap_or_default();
        fix.is_secret = fix.edits.iter().any(|edit| holds_secret(doc, edit));
    }
}

/// `bytes` with `replacements`, which are sorted and disjoint, as those of one [`Finding`] are.
#[must_use]
pub fn apply(bytes: &[u8], replacements: &[Replacement]) -> Vec<u8> {
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

/// The same replacements in the order of the source; `None` if two of them touch the same bytes.
fn disjoint(mut replacements: Vec<Replacement>) -> Option<Vec<Replacement>> {
    replacements.sort_by_key(|replacement| replacement.span);
    let apart = |pair: &[Replacement]| {
        pair[0].span.end <= pair[1].span.start && pair[0].span != pair[1].span
    };
    replacements.windows(2).all(apart).then_some(replacements)
}

/// Whether the text that `edit` puts somewhere has a secret in it, which the source has as well.
fn holds_secret(doc: &Document<'_>, edit: &Edit) -> bool {
    match edit {
        Edit::Move { key, .. } => {
            Child::of(doc, *key).is_some_and(|child| secrets::any_in(doc, child.span(doc)))
        }
        Edit::Replace { value, .. } | Edit::Insert { value, .. } | Edit::Append { value, .. } => {
            secrets::in_value(value)
        }
        Edit::Rename { .. } | Edit::Remove { .. } | Edit::Delete { .. } => false,
    }
}

/// A member of an object or an item of an array: what can be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Child {
    /// What it stands in.
    container: NodeId,
    /// The key of a member; an item.
    head: NodeId,
    /// The value of a member; an item.
    value: NodeId,
}

impl Child {
    /// The child whose key or value is `node`, found by descending from the root, which is none.
    fn of(doc: &Document<'_>, node: NodeId) -> Option<Self> {
        let mut container = doc.root()?;
        loop {
            let holds = |child: &Self| child.head == node || doc.is_within(node, child.value);
            let child = Self::all(doc, container).find(holds)?;
            if child.head == node || child.value == node {
                return Some(child);
            }
            container = child.value;
        }
    }

    /// The children of `container`, in the order of the source.
    fn all(doc: &Document<'_>, container: NodeId) -> impl Iterator<Item = Self> {
        let members = doc.members(container);
        let members = members.map(move |m| Self { container, head: m.key, value: m.value });
        let items = doc.items(container);
        members.chain(items.map(move |item| Self { container, head: item, value: item }))
    }

    /// From the key to the end of the value.
    fn span(self, doc: &Document<'_>) -> Span {
        Span { start: doc.span(self.head).start, end: doc.span(self.value).end }
    }
}
