//! What only some formats have, beside the tape: content that is not the text of its span, openings
//! that are not brackets, comments, and aliases. Empty, and free, for JSON.

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
    /// Nodes that were copied from an anchor, and where the alias stands: of an alias in what another
    /// one stands for, the outer one, so that no two overlap.
    uses: Vec<(Range<u32>, Span)>,
    /// Other places where a key is written that stands on the tape once.
    again: Vec<(u32, Span)>,
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

    pub(super) fn alias(&self, node: u32) -> Option<Span> {
        let after = self.uses.partition_point(|(nodes, _)| nodes.start <= node);
        let (nodes, span) = self.uses.get(after.checked_sub(1)?)?;
        nodes.contains(&node).then_some(*span)
    }

    /// Whether any node stands elsewhere than it is written.
    pub(super) fn has_aliases(&self) -> bool {
        !self.uses.is_empty()
    }

    /// Keeps `text` as the content of `node`, which comes after all that have one. What no longer
    /// fits 32 bits is left out: such a source has gigabytes of escapes.
    pub(super) fn push_text(&mut self, node: u32, text: &str) {
        let start = self.arena.len();
        if let (Ok(start), Ok(end)) = (start.try_into(), (start + text.len()).try_into()) {
            self.arena.push_str(text);
            self.texts.push((node, start..end));
        }
    }

    /// The other places where the key `node` is written.
    pub(super) fn again(&self, node: u32) -> impl Iterator<Item = Span> {
        let first = self.again.partition_point(|(other, _)| *other < node);
        let same = self.again[first..].iter().take_while(move |(other, _)| *other == node);
        same.map(|(_, span)| *span)
    }

    /// Notes that the key `node`, which comes after all that have another place, is written at `span`
    /// too.
    pub(super) fn push_again(&mut self, node: u32, span: Span) {
        self.again.push((node, span));
    }

    /// Keeps `span` as what begins `node`, whichever nodes have one.
    pub(super) fn set_opening(&mut self, node: u32, span: Span) {
        let at = self.openings.partition_point(|(other, _)| *other < node);
        self.openings.insert(at, (node, span));
    }

    /// Notes that the alias at `span` stands for `nodes`, which come after all that have one.
    pub(super) fn push_use(&mut self, nodes: Range<u32>, span: Span) {
        self.uses.push((nodes, span));
    }

    /// Gives the nodes from `to` on, which come after all others, what `from` has: for the alias at
    /// `span`, if it is one that they are copied for.
    pub(super) fn copy(&mut self, from: Range<u32>, to: u32, span: Option<Span>) {
        let shift = |node: u32| node - from.start + to;
        copy_within(&mut self.texts, &from, shift);
        copy_within(&mut self.openings, &from, shift);
        if let Some(span) = span {
            return self.push_use(to..shift(from.end), span);
        }
        let first = self.uses.partition_point(|(nodes, _)| nodes.start < from.start);
        for index in first..self.uses.len() {
            let (nodes, span) = self.uses[index].clone();
            if nodes.start >= from.end {
                break;
            }
            if nodes.end <= from.end {
                self.uses.push((shift(nodes.start)..shift(nodes.end), span));
            }
        }
    }

    /// Makes room for `count` nodes before all others, of which the last has the content `text`.
    pub(super) fn make_room(&mut self, count: u32, text: &str) {
        self.texts.iter_mut().for_each(|(node, _)| *node += count);
        self.openings.iter_mut().for_each(|(node, _)| *node += count);
        for (nodes, _) in &mut self.uses {
            *nodes = nodes.start + count..nodes.end + count;
        }
        let start = self.arena.len() as u32;
        self.arena.push_str(text);
        self.texts.insert(0, (count - 1, start..self.arena.len() as u32));
    }

    /// Forgets `nodes`, and moves what comes after them to their place.
    pub(super) fn remove(&mut self, nodes: &Range<u32>) {
        let len = nodes.end - nodes.start;
        let moved = |node: u32| if node >= nodes.end { node - len } else { node };
        self.texts.retain(|(node, _)| !nodes.contains(node));
        self.texts.iter_mut().for_each(|(node, _)| *node = moved(*node));
        self.openings.retain(|(node, _)| !nodes.contains(node));
        self.openings.iter_mut().for_each(|(node, _)| *node = moved(*node));
        self.uses.retain(|(range, _)| !nodes.contains(&range.start));
        for (range, _) in &mut self.uses {
            *range = moved(range.start)..moved(range.end);
        }
    }
}

/// The value that belongs to `node` in a sorted table.
fn find<T>(table: &[(u32, T)], node: u32) -> Option<&T> {
    let at = table.binary_search_by_key(&node, |(node, _)| *node).ok()?;
    Some(&table[at].1)
}

/// Appends to a sorted table what the nodes `from` have in it, under the names that `shift` gives.
fn copy_within<T: Clone>(table: &mut Vec<(u32, T)>, from: &Range<u32>, shift: impl Fn(u32) -> u32) {
    let first = table.partition_point(|(node, _)| *node < from.start);
    let last = table.partition_point(|(node, _)| *node < from.end);
    for index in first..last {
        let (node, value) = table[index].clone();
        table.push((shift(node), value));
    }
}
