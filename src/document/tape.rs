//! The tape itself: nodes of sixteen bytes, one after the other.
//!
//! The tape of a large document is the most memory that is written while it is read, so it lies where
//! the source does: in large pages if there are any.

use std::ops::Range;

use super::Kind;
use crate::source::{Bytes, Span};

/// Bytes of a node.
const SIZE: usize = 16;

/// One node of the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Node {
    pub start: u32,
    pub end: u32,
    /// Index of the node after this one's subtree.
    pub next: u32,
    pub kind: Kind,
    pub plain: Plain,
}

/// Whether the content of a scalar is ASCII that stands in the source as it is: no escape, nothing
/// unusual. Nearly all do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    /// It does not, or the reader does not know.
    No,
    /// It is all of the span.
    Bare,
    /// It is what is between two quotes.
    Quoted,
}

impl Node {
    pub fn span(self) -> Span {
        Span { start: self.start, end: self.end }
    }

    #[inline]
    fn packed(self) -> [u8; SIZE] {
        let kind = match self.kind {
            Kind::Null => 0,
            Kind::Bool(false) => 1,
            Kind::Bool(true) => 2,
            Kind::Number => 3,
            Kind::String => 4,
            Kind::Array => 5,
            Kind::Object => 6,
        };
        let plain = match self.plain {
            Plain::No => 0,
            Plain::Bare => 1,
            Plain::Quoted => 2,
        };
        let words = [self.start, self.end, self.next, kind | plain << 8];
        let mut packed = [0; SIZE];
        for (bytes, word) in packed.as_chunks_mut().0.iter_mut().zip(words) {
            *bytes = word.to_ne_bytes();
        }
        packed
    }

    fn unpacked(packed: &[u8; SIZE]) -> Self {
        let view = View { packed, before: 0 };
        let Span { start, end } = view.span();
        Self { start, end, next: view.next(), kind: view.kind(), plain: view.plain() }
    }
}

/// A node where it lies: most questions are about one thing in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'t> {
    packed: &'t [u8; SIZE],
    /// How many nodes are before its tape.
    before: u32,
}

impl View<'_> {
    #[inline]
    fn word(self, nth: usize) -> u32 {
        u32::from_ne_bytes(self.packed.as_chunks().0[nth])
    }

    #[inline]
    pub fn span(self) -> Span {
        Span { start: self.word(0), end: self.word(1) }
    }

    /// Index of the node after this one's subtree.
    #[inline]
    pub fn next(self) -> u32 {
        self.word(2) + self.before
    }

    #[inline]
    pub fn kind(self) -> Kind {
        match self.word(3) & 0xFF {
            0 => Kind::Null,
            1 => Kind::Bool(false),
            2 => Kind::Bool(true),
            3 => Kind::Number,
            4 => Kind::String,
            5 => Kind::Array,
            _ => Kind::Object,
        }
    }

    #[inline]
    pub fn plain(self) -> Plain {
        match self.word(3) >> 8 {
            0 => Plain::No,
            1 => Plain::Bare,
            _ => Plain::Quoted,
        }
    }
}

/// All nodes of a tape where they lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Views<'t>(&'t [[u8; SIZE]]);

impl<'t> Views<'t> {
    pub fn len(self) -> usize {
        self.0.len()
    }

    #[inline]
    pub fn get(self, index: usize) -> Option<View<'t>> {
        self.0.get(index).map(|packed| View { packed, before: 0 })
    }
}

/// Nodes in order, named by their index.
#[derive(Debug)]
pub(super) struct Tape {
    memory: Bytes,
    len: usize,
}

impl Tape {
    /// An empty tape with room for so many nodes; room that is not used costs nothing.
    pub fn with_capacity(nodes: usize) -> Self {
        Self { memory: Bytes::scratch(nodes * SIZE), len: 0 }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    fn nodes(&self) -> &[[u8; SIZE]] {
        &self.memory.as_chunks().0[..self.len]
    }

    fn nodes_mut(&mut self) -> &mut [[u8; SIZE]] {
        &mut self.memory.as_chunks_mut().0[..self.len]
    }

    pub fn get(&self, index: usize) -> Option<Node> {
        self.nodes().get(index).map(Node::unpacked)
    }

    /// The node at `index`; there must be one, and `before` are on other tapes before this one.
    ///
    /// # Panics
    /// If there is no room for one.
    #[inline]
    pub fn view(&self, index: usize, before: usize) -> View<'_> {
        View { packed: &self.memory.as_chunks().0[index], before: before as u32 }
    }

    /// The node at `index`.
    ///
    /// # Panics
    /// If there is none.
    pub fn at(&self, index: usize) -> Node {
        Node::unpacked(&self.nodes()[index])
    }

    pub fn last(&self) -> Option<Node> {
        self.nodes().last().map(Node::unpacked)
    }

    pub fn views(&self) -> Views<'_> {
        Views(self.nodes())
    }

    /// How many nodes are so, where those that are come before all others.
    pub fn partition_point(&self, is: impl Fn(Node) -> bool) -> usize {
        self.nodes().partition_point(|packed| is(Node::unpacked(packed)))
    }

    pub fn iter(&self) -> impl Iterator<Item = Node> {
        self.nodes().iter().map(Node::unpacked)
    }

    #[inline]
    pub fn push(&mut self, node: Node) {
        loop {
            if let Some(room) = self.memory.as_chunks_mut().0.get_mut(self.len) {
                *room = node.packed();
                self.len += 1;
                return;
            }
            self.grow();
        }
    }

    /// Makes room for at least one more node.
    #[cold]
    fn grow(&mut self) {
        let mut larger = Bytes::scratch((self.memory.len() * 2).max(8 * SIZE));
        larger[..self.memory.len()].copy_from_slice(&self.memory);
        std::mem::replace(&mut self.memory, larger).give_back();
    }

    /// Ends the object or array at `index`, if there is one; whether there is.
    #[inline]
    pub fn end(&mut self, index: usize, end: u32, next: u32) -> bool {
        let Some(packed) = self.nodes_mut().get_mut(index) else { return false };
        let words = packed.as_chunks_mut().0;
        (words[1], words[2]) = (end.to_ne_bytes(), next.to_ne_bytes());
        true
    }

    /// Takes the last node off if it is so.
    pub fn pop_if(&mut self, is: impl FnOnce(Node) -> bool) -> Option<Node> {
        let last = self.last().filter(|last| is(*last))?;
        self.len -= 1;
        Some(last)
    }

    /// Changes the node at `index`, if there is one; whether there is.
    pub fn change(&mut self, index: usize, change: impl FnOnce(&mut Node)) -> bool {
        let Some(packed) = self.nodes_mut().get_mut(index) else { return false };
        let mut node = Node::unpacked(packed);
        change(&mut node);
        *packed = node.packed();
        true
    }

    /// Changes the nodes from `index` on.
    pub fn change_from(&mut self, index: usize, change: impl Fn(&mut Node)) {
        for index in index..self.len {
            self.change(index, &change);
        }
    }

    /// Puts `node` before the one at `index`.
    pub fn insert(&mut self, index: usize, node: Node) {
        self.push(node);
        self.nodes_mut()[index..].rotate_right(1);
    }

    /// Takes the nodes in `range` out.
    pub fn remove(&mut self, range: Range<usize>) {
        self.nodes_mut().copy_within(range.end.., range.start);
        self.len -= range.len();
    }
}

impl Drop for Tape {
    fn drop(&mut self) {
        std::mem::replace(&mut self.memory, Bytes::from([])).give_back();
    }
}

impl Default for Tape {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl Clone for Tape {
    fn clone(&self) -> Self {
        Self { memory: Bytes::from(self.nodes().as_flattened()), len: self.len }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Kind; 7] = [
        Kind::Null,
        Kind::Bool(false),
        Kind::Bool(true),
        Kind::Number,
        Kind::String,
        Kind::Array,
        Kind::Object,
    ];

    fn node(nth: u32) -> Node {
        let kind = KINDS[nth as usize % KINDS.len()];
        let plain = [Plain::No, Plain::Bare, Plain::Quoted][nth as usize % 3];
        Node { start: nth, end: u32::MAX - nth, next: nth.rotate_right(3), kind, plain }
    }

    #[test]
    fn a_tape_is_a_list_of_nodes() {
        // The same done to a list: with little room and much, and with room that others have used.
        for capacity in [0, 1, 1000, 1 << 17, 1 << 17] {
            let (mut tape, mut list) = (Tape::with_capacity(capacity), Vec::new());
            for nth in 0..100 {
                tape.push(node(nth));
                list.push(node(nth));
            }
            tape.insert(7, node(200));
            list.insert(7, node(200));
            tape.insert(101, node(201));
            list.insert(101, node(201));
            tape.remove(20..25);
            list.drain(20..25);
            tape.change(3, |node| node.end = 5);
            list[3].end = 5;
            tape.change_from(90, |node| node.next += 1);
            list[90..].iter_mut().for_each(|node| node.next += 1);
            assert_eq!(tape.pop_if(|last| last == node(0)), None);
            assert_eq!(tape.pop_if(|_| true), list.pop());
            assert!(!tape.change(list.len(), |node| node.end = 6));
            assert!(tape.end(60, 7, 8) && !tape.end(list.len(), 7, 8));
            (list[60].end, list[60].next) = (7, 8);
            let copy = tape.clone();
            for tape in [&tape, &copy] {
                assert_eq!(tape.iter().collect::<Vec<_>>(), list);
                assert_eq!((tape.len(), tape.last()), (list.len(), list.last().copied()));
                assert_eq!((tape.get(50), tape.get(list.len())), (Some(list[50]), None));
                let view = tape.view(50, 3);
                assert_eq!((view.span(), view.kind()), (list[50].span(), list[50].kind));
                assert_eq!((view.next(), view.plain()), (list[50].next + 3, list[50].plain));
                let views = tape.views();
                let spans = (0..views.len()).filter_map(|index| Some(views.get(index)?.span()));
                assert!(spans.eq(list.iter().map(|node| node.span())));
                let early = |node: Node| node.start < 7;
                assert_eq!(tape.partition_point(early), list.partition_point(|it| early(*it)));
                assert_eq!((tape.at(50), tape.is_empty()), (list[50], false));
            }
        }
        assert!(Tape::default().is_empty());
    }
}
