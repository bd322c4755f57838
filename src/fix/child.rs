//! Members of objects and items of arrays, where they are written.

use crate::document::{Document, Kind, Member, NodeId};
use crate::source::Span;

/// A member of an object or an item of an array: what can be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Child {
    /// What it stands in.
    pub(super) container: NodeId,
    /// The key of a member; an item.
    pub(super) head: NodeId,
    /// The value of a member; an item.
    pub(super) value: NodeId,
}

impl Child {
    /// The child whose key or value is `node`; the root is none.
    pub(super) fn of(doc: &Document<'_>, node: NodeId) -> Option<Self> {
        let container = doc.parent(node)?;
        let (head, value) = match doc.kind(container) {
            Kind::Array => (node, node),
            _ if doc.is_key(node) => (node, NodeId::from_raw(node.raw() + 1)),
            _ => (NodeId::from_raw(node.raw() - 1), node),
        };
        Some(Self { container, head, value })
    }

    /// The children of `container` that are written in it, in the order of the source: not those that
    /// it has by a merge key.
    pub(super) fn all(doc: &Document<'_>, container: NodeId) -> impl Iterator<Item = Self> {
        let is_own = move |member: &Member| doc.alias(member.key) == doc.alias(container);
        let members = doc.members(container).filter(is_own);
        let members = members.map(move |m| Self { container, head: m.key, value: m.value });
        let items = doc.items(container);
        members.chain(items.map(move |item| Self { container, head: item, value: item }))
    }

    /// Where its value is written: of an alias, the alias.
    pub(super) fn written(self, doc: &Document<'_>) -> Span {
        let is_alias = doc.alias(self.container).is_none();
        doc.alias(self.value).filter(|_| is_alias).unwrap_or(doc.span(self.value))
    }

    /// From the key to the end of the value.
    pub(super) fn span(self, doc: &Document<'_>) -> Span {
        let written = self.written(doc);
        if self.head == self.value {
            return written;
        }
        let key = doc.span(self.head);
        Span { start: key.start, end: written.end.max(key.end) }
    }
}
