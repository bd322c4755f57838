//! Something in the place of what is unknown.

use serde_json::Value;

use super::Reading;
use crate::document::extras::Extras;
use crate::document::{Document, Kind, Node, NodeId, Plain};
use crate::source::Span;

impl<'s> Reading<'s> {
    /// The document with a value for everything unknown: what `value` gives for an unknown node takes
    /// its place; what it gives for an open object or array is added to that. Keys stay as they are.
    /// Nodes after the first such place have other names than in [`Reading::document`].
    #[must_use]
    pub fn fill(&self, mut value: impl FnMut(NodeId) -> Value) -> Document<'s> {
        let nodes = &self.document.nodes;
        let mut tape = Filled { nodes: Vec::with_capacity(nodes.len()), extras: Extras::default() };
        let mut around: Vec<Around> = Vec::new();
        for index in 0..=nodes.len() as u32 {
            while let Some(last) = around.pop_if(|around| around.end == index) {
                if self.open.binary_search(&last.node).is_ok() {
                    let end = nodes[last.node.raw() as usize].end.saturating_sub(1);
                    tape.add_all(value(last.node), Span::at(end as usize));
                }
                tape.end(last.copy);
            }
            let Some(node) = nodes.get(index as usize) else { break };
            let is_key = around.last_mut().is_some_and(Around::next_is_key);
            if !is_key && self.unknown.binary_search(&NodeId::from_raw(index)).is_ok() {
                tape.add(value(NodeId::from_raw(index)), node.span());
                continue;
            }
            let copy = tape.push(node.kind, node.span());
            if matches!(node.kind, Kind::Object | Kind::Array) {
                let object = node.kind == Kind::Object;
                around.push(Around {
                    node: NodeId::from_raw(index),
                    copy,
                    end: node.next,
                    object,
                    children: 0,
                });
            }
        }
        let mut document = Document::new(self.document.source);
        document.nodes = tape.nodes;
        document.extras = tape.extras;
        document
    }
}

/// An object or array whose end is still to come.
struct Around {
    node: NodeId,
    copy: usize,
    end: u32,
    object: bool,
    children: usize,
}

impl Around {
    fn next_is_key(&mut self) -> bool {
        self.children += 1;
        self.object && self.children % 2 == 1
    }
}

struct Filled {
    nodes: Vec<Node>,
    extras: Extras,
}

impl Filled {
    fn push(&mut self, kind: Kind, span: Span) -> usize {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { start: span.start, end: span.end, next, kind, plain: Plain::No });
        self.nodes.len() - 1
    }

    fn push_text(&mut self, kind: Kind, text: &str, span: Span) {
        let node = self.push(kind, span);
        self.extras.set_text(node as u32, text);
    }

    fn end(&mut self, index: usize) {
        let next = self.nodes.len() as u32;
        self.nodes[index].next = next;
    }

    /// Adds `value`, all of it at `span`. Values are guesses, and not deep.
    fn add(&mut self, value: Value, span: Span) {
        match value {
            Value::Null => _ = self.push(Kind::Null, span),
            Value::Bool(value) => _ = self.push(Kind::Bool(value), span),
            Value::Number(number) => self.push_text(Kind::Number, &number.to_string(), span),
            Value::String(text) => self.push_text(Kind::String, &text, span),
            Value::Array(_) | Value::Object(_) => {
                let kind = if value.is_object() { Kind::Object } else { Kind::Array };
                let index = self.push(kind, span);
                self.add_all(value, span);
                self.end(index);
            }
        }
    }

    /// Adds the members or items of `value`.
    fn add_all(&mut self, value: Value, span: Span) {
        match value {
            Value::Array(items) => items.into_iter().for_each(|item| self.add(item, span)),
            Value::Object(members) => {
                for (key, value) in members {
                    self.push_text(Kind::String, &key, span);
                    self.add(value, span);
                }
            }
            _ => {}
        }
    }
}
