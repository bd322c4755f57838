//! The members of one object, as recognition asks for them.

use std::borrow::Cow;

use crate::document::{Document, Kind, NodeId};
use crate::effective::load::field;

/// An object and its document.
#[derive(Clone, Copy)]
pub(super) struct Shape<'d, 's> {
    doc: &'d Document<'s>,
    pub object: NodeId,
}

impl<'d, 's> Shape<'d, 's> {
    pub fn new(doc: &'d Document<'s>, object: NodeId) -> Self {
        Self { doc, object }
    }

    /// The same of another object.
    pub fn of(self, object: NodeId) -> Self {
        Self { object, ..self }
    }

    pub fn value(&self, name: &str) -> Option<NodeId> {
        field(self.doc, self.object, name).map(|member| member.value)
    }

    pub fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Whether there is a member `name` of this kind; of booleans only with that value.
    pub fn is(&self, name: &str, kind: Kind) -> bool {
        self.value(name).is_some_and(|node| self.doc.kind(node) == kind)
    }

    /// The string `name`.
    pub fn text(&self, name: &str) -> Option<Cow<'s, str>> {
        self.value(name).and_then(|node| self.doc.str(node))
    }
}
