//! Aliases and merge keys: what is written once, and stands in several places.

use std::collections::HashSet;
use std::ops::Range;

use super::build::{Builder, Merge};
use super::error::fault;
use super::scalar::Meaning;
use crate::document::{Document, Kind, NodeId};
use crate::source::Span;

/// Nodes that may have to make room for what is merged in their midst: only made-up files nest
/// merges that deep.
const MAX_MOVED: usize = 50_000_000;

/// Whether a document of `nodes` nodes may have so many of them from aliases: the limits of
/// `go.yaml.in/yaml/v3` (`decode.go:unmarshal`), which refuses a file beyond them.
#[expect(clippy::cast_precision_loss, reason = "numbers of nodes fit 32 bits")]
fn is_allowed(copied: usize, nodes: usize) -> bool {
    const LOW: f64 = 400_000.0;
    const HIGH: f64 = 4_000_000.0;
    let excess = (nodes as f64 - LOW) / (HIGH - LOW);
    let share = 0.99 - 0.89 * excess.clamp(0.0, 1.0);
    copied <= 100 || nodes <= 1000 || copied as f64 / nodes as f64 <= share
}

impl Builder<'_, '_> {
    /// Puts a copy of what the anchor `id` is at in the place of the alias at `span`.
    pub(super) fn alias(&mut self, id: usize, span: Span) {
        self.end = self.end.max(span.end as usize);
        let Some(&node) = self.anchors.get(&id) else {
            // Its anchor stood in a mapping that was merged, and overridden.
            return self.nothing(span);
        };
        let original = self.doc.nodes[node as usize];
        if original.next == node {
            self.report(fault(
                span,
                "this alias stands inside the value of its own anchor",
                "Write the value out, or move the anchor.",
            ));
            return self.nothing(span);
        }
        if self.expects_key() {
            return self.alias_key(node, span);
        }
        if original.kind == Kind::Array && self.merge_at_hand().is_some() {
            self.report(fault(
                span,
                "the merge key `<<` needs a mapping, and this alias is for a list",
                "Write a list of aliases after it: `<<: [*first, *second]`.",
            ));
        }
        if let Some(merge) = self.merge_at_hand().filter(|_| original.kind == Kind::Object) {
            merge.sources.push((node, Some(span)));
        } else if !self.copy(node..original.next, Some(span)) {
            return self.node(&Meaning::null(), span);
        }
        self.placed();
    }

    /// A key that is written elsewhere.
    fn alias_key(&mut self, node: u32, span: Span) {
        let kind = self.doc.nodes[node as usize].kind;
        if matches!(kind, Kind::Array | Kind::Object) {
            return self.bad_key(span);
        }
        let id = NodeId::from_raw(node);
        let content = self.doc.text(id).into_owned();
        let start = self.len();
        self.key(&Meaning::of(kind, content), self.doc.span(id), false);
        self.doc.extras.push_use(start..self.len(), span);
    }

    /// Appends a copy of `nodes` to the tape, for the alias at `span` if it is for one. False, and no
    /// copy, if there would be too many.
    fn copy(&mut self, nodes: Range<u32>, span: Option<Span>) -> bool {
        let count = nodes.len();
        if span.is_none() {
            self.moved += count;
            if self.moved > MAX_MOVED {
                self.give_up();
                return false;
            }
        } else {
            self.copied += count;
        }
        if !is_allowed(self.copied, self.doc.nodes.len() + count) {
            self.stop(fault(
                span.unwrap_or(Span::at(self.end)),
                "aliases make this file so much larger that the gateway refuses it",
                "Write out what is used most, or use fewer aliases within aliases.",
            ));
            return false;
        }
        let start = self.len();
        for index in nodes.clone() {
            let mut node = self.doc.nodes[index as usize];
            node.next = node.next - nodes.start + start;
            self.doc.nodes.push(node);
        }
        self.doc.extras.copy(nodes, start, span);
        true
    }

    /// Ends reading, without a document: there are too many nodes to move.
    fn give_up(&mut self) {
        self.stop(fault(
            Span::at(self.end),
            "merge keys within merge keys, too many to follow",
            "Merge mappings by their aliases, or write the members out.",
        ));
        self.open.clear();
        self.anchors.clear();
        self.doc = Document::new(self.doc.source);
    }

    /// A merge key: its value is collected, and its members are added when the mapping ends.
    pub(super) fn begin_merge(&mut self, key: Span) {
        let here = self.len();
        let Some(open) = self.open.last_mut() else { return };
        open.at_key = false;
        if let Some(merge) = &mut open.merge {
            let before = merge.key;
            let mut twice = fault(
                key,
                "the merge key `<<` stands here twice",
                "Merge several mappings with one key: `<<: [*first, *second]`.",
            );
            twice.related.push((before, "first written here".to_owned()));
            self.report(twice);
            // What follows is read as any member, so that nothing is lost.
            return self.key(&Meaning::text("<<"), key, true);
        }
        let node = open.node;
        open.merge =
            Some(Box::new(Merge { key, is_next: true, inline: here..here, sources: Vec::new() }));
        let start = self.doc.nodes[node as usize].start as usize;
        if here == node + 1 && self.text.as_bytes().get(start) != Some(&b'{') {
            self.doc.extras.set_opening(node, key);
        }
    }

    /// Notes what the value of the merge key is, once it has been read.
    pub(super) fn end_merge_value(&mut self) {
        let end = self.len();
        let Some(merge) = self.merge_at_hand() else { return };
        merge.is_next = false;
        merge.inline.end = end;
        let key = merge.key;
        let start = merge.inline.start;
        if start == end {
            return;
        }
        let value = NodeId::from_raw(start);
        let found: Vec<NodeId> = match self.doc.kind(value) {
            Kind::Object => vec![value],
            Kind::Array => self.doc.items(value).collect(),
            _ => Vec::new(),
        };
        let is_mapping = |id: &NodeId| self.doc.kind(*id) == Kind::Object;
        if !found.iter().all(is_mapping) || self.doc.kind(value) != Kind::Array && found.is_empty()
        {
            self.report(fault(
                key,
                "the merge key `<<` needs a mapping, or a list of mappings",
                "Write an alias of a mapping after it: `<<: *defaults`.",
            ));
            return;
        }
        let sources = found.iter().map(|id| (id.raw(), self.doc.alias(*id))).collect();
        if let Some(merge) = self.open.last_mut().and_then(|open| open.merge.as_mut()) {
            merge.sources = sources;
        }
    }

    /// Adds to the innermost mapping what its merge key names, without what it sets itself.
    pub(super) fn merge(&mut self) {
        let Some((node, mut merge)) =
            self.open.last_mut().and_then(|open| Some((open.node, open.merge.take()?)))
        else {
            return;
        };
        if merge.is_next {
            // Reading ended within its value.
            merge.inline.end = self.len();
        }
        let text = |doc: &Document<'_>, key: u32| doc.text(NodeId::from_raw(key)).into_owned();
        let mut names = HashSet::new();
        let mut at = node + 1;
        while at < self.len() {
            if at == merge.inline.start && !merge.inline.is_empty() {
                at = merge.inline.end;
                continue;
            }
            names.insert(text(&self.doc, at));
            at = self.after_member(at);
        }
        'sources: for (source, span) in merge.sources {
            let end = self.doc.nodes[source as usize].next;
            let mut at = source + 1;
            while at < end {
                let next = self.after_member(at);
                if names.insert(text(&self.doc, at)) && !self.copy(at..next, span) {
                    break 'sources;
                }
                at = next;
            }
        }
        if !merge.inline.is_empty() && !self.doc.is_empty() {
            self.remove(&merge.inline);
        }
    }

    /// Takes `nodes` out of the innermost mapping.
    fn remove(&mut self, nodes: &Range<u32>) {
        self.moved += self.doc.nodes.len() - nodes.end as usize;
        if self.moved > MAX_MOVED {
            return self.give_up();
        }
        let removed = nodes.len() as u32;
        self.doc.nodes.drain(nodes.start as usize..nodes.end as usize);
        for node in &mut self.doc.nodes[nodes.start as usize..] {
            node.next -= removed;
        }
        self.doc.extras.remove(nodes);
        self.anchors.retain(|_, node| !nodes.contains(node));
        for node in self.anchors.values_mut().filter(|node| **node >= nodes.end) {
            *node -= removed;
        }
    }

    /// The node after the member whose key is `key`.
    fn after_member(&self, key: u32) -> u32 {
        let value = self.doc.nodes[key as usize].next;
        self.doc.nodes[value as usize].next
    }

    /// The merge key whose value is the one that is read now.
    fn merge_at_hand(&mut self) -> Option<&mut Merge> {
        self.open.last_mut()?.merge.as_deref_mut().filter(|merge| merge.is_next)
    }
}
