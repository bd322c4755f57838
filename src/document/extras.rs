//! What only some formats have, beside the tape: content that is not the text of its span, openings
//! that are no bracket, comments, and aliases. Empty, and free, for JSON.

use std::ops::Range;

use crate::source::Span;

/// Tables beside the tape, each sorted by the index of its node.
#[derive(Clone, Debug, Default)]
pub(super) struct Extras {
    /// Content of scalars that is not what their span holds between its quotes.
    texts: Vec<(u32, Range<u32>)>,
    /// All those contents, one after the other.
    arena: String,
    /// What begins an object or array that has no opening bracket.
    openings: Vec<(u32, Span)>,
    /// Nodes that were copied from an anchor, and where the alias stands; an outer one comes first.
    uses: Vec<(Range<u32>, Span)>,
    pub(super) comments: Vec<Span>,
}

impl Extras {
    pub(super) fn text(&self, node: u32) -> Option<&str> {
        let range = find(&self.texts, node)?;
        Some(&self.arena[range.start as usize..range.end as usize])
    }

    /// Gives `node` this content; nodes come in order.
    pub(super) fn set_text(&mut self, node: u32, text: &str) {
        let start = self.arena.len() as u32;
        self.arena.push_str(text);
        self.texts.push((node, start..self.arena.len() as u32));
    }

    pub(super) fn opening(&self, node: u32) -> Option<Span> {
        find(&self.openings, node).copied()
    }

    pub(super) fn uses(&self, node: u32) -> impl Iterator<Item = Span> + use<'_> {
        let around = self.uses.iter().filter(move |(nodes, _)| nodes.contains(&node));
        around.map(|(_, span)| *span)
    }
}

/// The value that belongs to `node` in a sorted table.
fn find<T>(table: &[(u32, T)], node: u32) -> Option<&T> {
    let at = table.binary_search_by_key(&node, |(node, _)| *node).ok()?;
    Some(&table[at].1)
}
