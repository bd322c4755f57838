//! The document: one flat tape of nodes that every format produces, each with its exact place.
//!
//! A node is sixteen bytes and is named by a [`NodeId`], its index. An object is followed by its
//! keys and values in turn, an array by its items, so a whole subtree is one run of the tape and
//! `next` steps over it. Duplicate keys are kept, in the order they were written. Text stays in the
//! source until somebody asks for it.

mod comments;
pub mod embedded;
mod extras;
mod fault;
pub mod json;
mod keys;
mod kind;
mod node;
mod paths;
mod pointer;
pub mod template;
mod text;
pub mod toml;
mod value;
pub mod yaml;

use std::borrow::Cow;
use std::num::NonZeroU32;
use std::sync::OnceLock;

use extras::Extras;
pub use fault::Fault;
use keys::KeyIndex;
pub use kind::Kind;
use node::{Node, Plain};
pub use paths::DEEPEST;
use paths::{ChildIndex, Parent};
pub use pointer::{Pointer, unescaped};

use crate::source::{Format, Source, Span};
use crate::spelling;

/// What reading a source gives, whatever its format.
#[derive(Clone, Debug)]
pub struct Parsed<'s> {
    /// Everything that could be read.
    pub document: Document<'s>,
    /// What is wrong with the syntax, in the order of the source.
    pub faults: Vec<Fault>,
    /// Whether `document` is what its author meant in spite of `faults`, so that it is worth checking.
    pub reliable: bool,
}

/// Reads `source` in its format, as far as that is possible.
#[must_use]
pub fn read(source: &Source) -> Parsed<'_> {
    match source.format() {
        Format::Json => json::read_faults(source),
        Format::Yaml => yaml::read(source),
        Format::Toml => toml::read(source),
    }
}

/// The name of a node: its index on the tape of its [`Document`]. It is kept as the index plus one,
/// so that the many nodes that are there or not (`Option<NodeId>`) take no more room than an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// The node at `index` of its tape.
    pub(crate) fn from_raw(index: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(index))
    }

    /// Its index on the tape.
    pub(crate) fn raw(self) -> u32 {
        self.0.get() - 1
    }
}

/// A configuration, parsed as far as that was possible.
#[derive(Clone, Debug)]
pub struct Document<'s> {
    source: &'s Source,
    nodes: Vec<Node>,
    extras: Extras,
    wide: OnceLock<ChildIndex>,
    keys: OnceLock<KeyIndex>,
    parents: OnceLock<Vec<Parent>>,
}

/// One member of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its key, a [`Kind::String`].
    pub key: NodeId,
    /// Its value.
    pub value: NodeId,
}

impl<'s> Document<'s> {
    /// A document without a node, for a reader to fill.
    fn new(source: &'s Source) -> Self {
        Self {
            source,
            nodes: Vec::new(),
            extras: Extras::default(),
            wide: OnceLock::new(),
            keys: OnceLock::new(),
            parents: OnceLock::new(),
        }
    }

    /// A document of `source` in which nothing was read.
    #[must_use]
    pub fn empty(source: &'s Source) -> Self {
        Self::new(source)
    }

    /// The same document as the only member, called `name`, of an object around it. What is added is
    /// written nowhere: its places are those of the old root.
    #[must_use]
    pub fn under(&self, name: &str) -> Self {
        const ADDED: u32 = 2;
        let span = self.root().map_or(Span::at(0), |root| self.span(root));
        let next = self.nodes.len() as u32 + ADDED;
        let node = |kind, end, next| Node { start: span.start, end, next, kind, plain: Plain::No };
        let mut nodes = Vec::with_capacity(next as usize);
        nodes.push(node(Kind::Object, span.end, next));
        nodes.push(node(Kind::String, span.start, ADDED));
        nodes.extend(self.nodes.iter().map(|node| Node { next: node.next + ADDED, ..*node }));
        let mut extras = self.extras.clone();
        extras.make_room(ADDED, name);
        Self { nodes, extras, ..Self::new(self.source) }
    }

    /// The source it was read from.
    #[must_use]
    pub fn source(&self) -> &'s Source {
        self.source
    }

    /// The root value; `None` if the source holds no value at all.
    #[must_use]
    pub fn root(&self) -> Option<NodeId> {
        (!self.nodes.is_empty()).then_some(NodeId::from_raw(0))
    }

    /// The number of nodes, keys included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no value at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Every node, keys included, in the order of the source.
    pub fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        (0..self.len() as u32).map(NodeId::from_raw)
    }

    /// `id` and every node below it, keys included, in the order of the source.
    pub fn subtree(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<> {
        (id.raw()..self.node(id).next).map(NodeId::from_raw)
    }

    /// What `id` is.
    #[must_use]
    #[inline]
    pub fn kind(&self, id: NodeId) -> Kind {
        self.node(id).kind
    }

    /// Where `id` is written: quotes and brackets included.
    #[must_use]
    #[inline]
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span()
    }

    /// Every comment, in the order of the source: from its first mark to the end of its line.
    #[must_use]
    pub fn comments(&self) -> &[Span] {
        &self.extras.comments
    }

    /// Where `id` is used by an alias, if it is written at an anchor and stands here through one: of
    /// an alias within what another one stands for, the place of the outer one.
    #[must_use]
    pub fn alias(&self, id: NodeId) -> Option<Span> {
        self.extras.alias(id.raw())
    }

    /// Whether any node is written elsewhere than where it stands: below such a node, places are not
    /// within the place of what holds them.
    #[must_use]
    pub fn has_aliases(&self) -> bool {
        self.extras.has_aliases()
    }

    /// The other places where the key `key` is written, where a format names a table once for each part
    /// of it: a TOML header.
    #[must_use]
    pub fn again(&self, key: NodeId) -> Vec<Span> {
        self.extras.again(key.raw()).collect()
    }

    /// The opening bracket of an object or array; the whole of any other value. Where a format has
    /// no brackets, what begins it: the first key of a block mapping, the name of a table.
    #[must_use]
    pub fn opening(&self, id: NodeId) -> Span {
        if let Some(opening) = self.extras.opening(id.raw()) {
            return opening;
        }
        let span = self.span(id);
        let first = self.source.bytes().get(span.start as usize);
        match self.kind(id) {
            Kind::Object if first != Some(&b'{') => {
                self.members(id).next().map_or(span, |member| self.span(member.key))
            }
            Kind::Object | Kind::Array => Span { start: span.start, end: span.start + 1 },
            _ => span,
        }
    }

    /// The text of a string or key; `None` for other kinds. Escapes are resolved, and what is no
    /// Unicode (invalid UTF-8, lone surrogates) is U+FFFD, as in Go.
    #[must_use]
    pub fn str(&self, id: NodeId) -> Option<Cow<'s, str>> {
        (self.kind(id) == Kind::String).then(|| self.text(id))
    }

    /// The content of the scalar `id`: of a string without quotes and escapes, of a number its
    /// digits as JSON would write them, whatever the format.
    #[must_use]
    pub fn text(&self, id: NodeId) -> Cow<'s, str> {
        if let Some(Ok(text)) = self.plain(id).map(str::from_utf8) {
            return Cow::Borrowed(text);
        }
        if let Some(text) = self.extras.text(id.raw()) {
            return Cow::Owned(text.to_owned());
        }
        let slice = self.source.slice(self.span(id));
        match self.source.format() {
            Format::Json if self.kind(id) == Kind::String => text::unquote(slice),
            _ => String::from_utf8_lossy(text::inner(slice)),
        }
    }

    /// The content of a string that is ASCII and written without escapes, as nearly all are.
    #[inline]
    pub(crate) fn plain(&self, id: NodeId) -> Option<&'s [u8]> {
        let node = self.node(id);
        let Span { start, end } = node.span();
        match node.plain {
            Plain::Quoted => Some(self.source.slice(Span { start: start + 1, end: end - 1 })),
            Plain::Bare => Some(self.source.slice(Span { start, end })),
            Plain::No => None,
        }
    }

    /// The text of a key.
    ///
    /// # Panics
    /// If `key` is not a string: keys always are.
    #[must_use]
    pub fn key(&self, key: NodeId) -> Cow<'s, str> {
        self.str(key).expect("the key of a member is a string")
    }

    /// The value of a number; `None` for other kinds.
    #[must_use]
    pub fn number(&self, id: NodeId) -> Option<f64> {
        if self.kind(id) != Kind::Number {
            return None;
        }
        self.text(id).parse().ok()
    }

    /// The members of an object as written, duplicates included; nothing for other kinds.
    pub fn members(&self, id: NodeId) -> impl Iterator<Item = Member> + use<'_, 's> {
        let object = self.node(id);
        let end = if object.kind == Kind::Object { object.next } else { 0 };
        let mut at = id.raw() + 1;
        std::iter::from_fn(move || {
            // A key is one node, and its value the next.
            (at < end).then(|| {
                let member = Member { key: NodeId::from_raw(at), value: NodeId::from_raw(at + 1) };
                at = self.node(member.value).next;
                member
            })
        })
    }

    /// The items of an array; nothing for other kinds.
    pub fn items(&self, id: NodeId) -> impl Iterator<Item = NodeId> + use<'_, 's> {
        self.children(id, Kind::Array)
    }

    /// The last member of object `id` that is called exactly `name`: the one the gateway uses.
    #[must_use]
    pub fn get(&self, id: NodeId, name: &str) -> Option<Member> {
        let mut found = None;
        for (nth, member) in self.members(id).enumerate() {
            if nth == keys::MANY {
                return self.indexed(id, name);
            }
            if self.is_called(member.key, name) {
                found = Some(member);
            }
        }
        found
    }

    /// Whether object `id` has a key that is a misspelling of `name`: that explains its absence.
    #[must_use]
    pub fn has_misspelt_key(&self, id: NodeId, name: &str) -> bool {
        self.members(id).any(|member| spelling::is_misspelling(&self.key(member.key), name))
    }

    /// Whether `key` is exactly `name`.
    #[must_use]
    #[inline]
    pub fn is_called(&self, key: NodeId, name: &str) -> bool {
        let node = self.node(key);
        let Span { start, end } = node.span();
        // Of most keys the length tells.
        if node.plain == Plain::Quoted && (end - start) as usize != name.len() + 2 {
            return false;
        }
        match self.plain(key) {
            Some(text) => text == name.as_bytes(),
            None => self.text(key) == name,
        }
    }

    fn children(&self, id: NodeId, kind: Kind) -> impl Iterator<Item = NodeId> + use<'_, 's> {
        let parent = self.node(id);
        let end = if parent.kind == kind { parent.next } else { id.raw() + 1 };
        let mut at = id.raw() + 1;
        std::iter::from_fn(move || {
            let child = NodeId::from_raw(at);
            (at < end).then(|| {
                at = self.node(child).next;
                child
            })
        })
    }

    #[inline]
    fn node(&self, id: NodeId) -> Node {
        self.nodes[id.raw() as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_node_is_four_bytes() {
        assert_eq!(size_of::<Option<NodeId>>(), 4);
    }

    #[test]
    fn a_key_is_found_by_its_meaning() {
        let source = Source::new("t", r#"{"a": 1, "b\u0061": 2, 'c': 3, "a": 4}"#);
        let parsed = json::read(&source);
        let doc = &parsed.document;
        let root = doc.root().expect("a root");
        let number = |name| doc.get(root, name).and_then(|member| doc.number(member.value));
        assert_eq!(number("a"), Some(4.0));
        assert_eq!(number("ba"), Some(2.0));
        assert_eq!(number("c"), Some(3.0));
        assert_eq!(number("b\\u0061"), None);
    }
}
