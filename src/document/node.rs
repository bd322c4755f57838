//! A node of the tape.

use super::Kind;
use crate::source::Span;

/// One node of the tape of a document.
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
}
