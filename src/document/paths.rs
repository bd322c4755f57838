//! Ways through a document: from a node to its pointer, and back.

use std::borrow::Cow;
use std::collections::HashMap;
use std::iter;

use super::unescaped;
use super::{Document, Kind, NodeId, Pointer};

/// Nodes below an object or array from which on it counts as wide.
const WIDE: u32 = 512;

/// Bytes of a key that a pointer repeats, quotes included.
pub const LONGEST_KEY: u32 = 4096;

/// The most levels that a pointer names: a thousand findings in a document of a thousand levels must not
/// each name all of them.
pub const DEEPEST: usize = 128;

/// What a node is in, and whether it is a key there.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Parent {
    node: Option<NodeId>,
    is_of_key: bool,
}

/// The children of the wide objects and arrays near the root, by the index of the parent. Thousands of
/// findings in a list of thousands of endpoints need not step over all of them each.
pub(super) type ChildIndex = HashMap<u32, Vec<NodeId>>;

impl Document<'_> {
    /// The JSON pointer of the value `id`, or of the member whose key `id` is. Found by descending
    /// from the root, so that only findings pay for it. In the place of a key of more than
    /// `LONGEST_KEY` bytes there is its length: a thousand findings below such a key must not each
    /// repeat it. What is below [`DEEPEST`] levels has one more step, `(deeper)`.
    #[must_use]
    pub fn pointer(&self, id: NodeId) -> Pointer {
        let mut pointer = Pointer::root();
        let Some(mut at) = self.root() else { return pointer };
        let mut levels = 0;
        while at != id {
            if levels == DEEPEST {
                return pointer.key("(deeper)");
            }
            levels += 1;
            let Some((index, child)) = self.child_towards(at, id) else { break };
            pointer = match self.kind(at) {
                Kind::Array => pointer.index(index),
                _ => pointer.key(&self.step(key_of(index, child))),
            };
            at = child;
        }
        pointer
    }

    /// What a pointer has in the place of `key`.
    fn step(&self, key: NodeId) -> Cow<'_, str> {
        let span = self.span(key);
        match span.end - span.start {
            len if len > LONGEST_KEY => Cow::Owned(format!("(a key of {len} bytes)")),
            _ => self.key(key),
        }
    }

    /// The object or array that the value or key `id` is in.
    #[must_use]
    pub fn parent(&self, id: NodeId) -> Option<NodeId> {
        self.parents()[id.raw() as usize].node
    }

    /// The objects and arrays around `id`, from the inside out.
    pub(crate) fn around(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        iter::successors(self.parent(id), |&node| self.parent(node))
    }

    /// Whether `id` is the key of a member.
    #[must_use]
    pub fn is_key(&self, id: NodeId) -> bool {
        self.parents()[id.raw() as usize].is_of_key
    }

    fn parents(&self) -> &[Parent] {
        self.parents.get_or_init(|| {
            let mut parents = Vec::with_capacity(self.nodes.len());
            // The objects and arrays around the next node, each with whether a key is next in it.
            let mut open: Vec<(NodeId, bool)> = Vec::new();
            for id in self.nodes() {
                while open.pop_if(|(outer, _)| !self.is_within(id, *outer)).is_some() {}
                let kind = self.kind(id);
                let parent = open.last_mut().map(|(outer, is_of_key)| {
                    let parent = Parent { node: Some(*outer), is_of_key: *is_of_key };
                    *is_of_key = self.kind(*outer) == Kind::Object && !*is_of_key;
                    parent
                });
                parents.push(parent.unwrap_or_default());
                if matches!(kind, Kind::Object | Kind::Array) {
                    open.push((id, kind == Kind::Object));
                }
            }
            parents
        })
    }

    /// The keys on the way from `outer` down to `inner`, items of arrays left out.
    #[must_use]
    pub fn names_between(&self, outer: NodeId, inner: NodeId) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = outer;
        while at != inner {
            let Some((index, child)) = self.child_towards(at, inner) else { break };
            let key = key_of(index, child);
            if self.kind(at) == Kind::Object && key != child {
                names.push(self.key(key).into_owned());
            }
            at = child;
        }
        names
    }

    /// The node that `pointer` leads to, or the last one on the way there.
    #[must_use]
    pub fn nearest(&self, pointer: &str) -> Option<NodeId> {
        let mut at = self.root()?;
        for part in pointer.split('/').skip(1) {
            let next = match self.kind(at) {
                Kind::Object => {
                    let key = unescaped(part);
                    self.get(at, &key).map(|member| member.value)
                }
                Kind::Array => part.parse().ok().and_then(|index| self.item(at, index)),
                _ => None,
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        Some(at)
    }

    /// Item `index` of an array.
    #[must_use]
    pub fn item(&self, array: NodeId, index: usize) -> Option<NodeId> {
        match self.wide().get(&array.raw()).filter(|_| self.kind(array) == Kind::Array) {
            Some(children) => children.get(index).copied(),
            None => self.items(array).nth(index),
        }
    }

    /// The child of `parent` that is `id` or holds it, and how many children are before it.
    fn child_towards(&self, parent: NodeId, id: NodeId) -> Option<(usize, NodeId)> {
        let holds = |child: &NodeId| self.is_within(id, *child);
        if let Some(children) = self.wide().get(&parent.raw()) {
            let index = children.partition_point(|&child| child <= id).checked_sub(1)?;
            return children.get(index).filter(|child| holds(child)).map(|&child| (index, child));
        }
        let children = self.children(parent, self.kind(parent));
        children.enumerate().find(|(_, child)| holds(child))
    }

    fn wide(&self) -> &ChildIndex {
        self.wide.get_or_init(|| {
            let mut wide = ChildIndex::new();
            let mut rest: Vec<NodeId> = self.root().into_iter().collect();
            while let Some(parent) = rest.pop() {
                if self.node(parent).next - parent.raw() > WIDE {
                    let children: Vec<_> = self.children(parent, self.kind(parent)).collect();
                    rest.extend(&children);
                    wide.insert(parent.raw(), children);
                }
            }
            wide
        })
    }

    /// Whether `inner` is `outer` or lies below it.
    #[must_use]
    pub fn is_within(&self, inner: NodeId, outer: NodeId) -> bool {
        outer <= inner && inner.raw() < self.node(outer).next
    }
}

/// The key of the member that `child` is the key or the value of; it is the child of an object
/// with `index` others before it.
fn key_of(index: usize, child: NodeId) -> NodeId {
    let is_key = index.is_multiple_of(2);
    if is_key { child } else { NodeId::from_raw(child.raw() - 1) }
}

#[cfg(test)]
mod tests {
    use super::{DEEPEST, Kind, NodeId};
    use crate::document;
    use crate::source::Source;

    #[test]
    fn wide_or_not_the_way_is_the_same() {
        for items in [3, 600] {
            let objects = vec![r#"{"k": [7, {"x~": 8}]}"#; items].join(",");
            let members: Vec<_> = (0..items).map(|at| format!("\"m{at}\": {at}")).collect();
            let text = format!("{{\"a/\": [{objects}], \"o\": {{{}}}}}", members.join(","));
            let source = Source::new("t", text);
            let doc = document::read(&source).document;
            assert_eq!(doc.wide().len(), if items == 3 { 0 } else { 3 });
            let mut pointers: Vec<String> =
                doc.nodes().map(|id| doc.pointer(id).to_string()).collect();
            // The key and the value of a member have one pointer; that of each node is its own.
            pointers.dedup();
            let last = items - 1;
            for pointer in [format!("/a~1/{last}/k/1/x~0"), format!("/o/m{last}"), "/a~1/0".into()]
            {
                assert!(pointers.contains(&pointer), "{pointer}");
            }
            pointers.sort();
            let all = pointers.len();
            pointers.dedup();
            assert_eq!(pointers.len(), all);
            let array = doc.get(doc.root().expect("a root"), "a/").expect("a list").value;
            let item = doc.item(array, last).expect("the last item");
            assert_eq!(doc.pointer(item).as_str(), format!("/a~1/{last}"));
            assert_eq!(doc.item(array, items), None);
            let inner = doc.nodes().find(|&id| doc.number(id) == Some(8.0)).expect("the number");
            assert_eq!(doc.names_between(array, inner), ["k", "x~"]);
            for node in doc.nodes() {
                let outer = doc.nodes().filter(|&it| it != node && doc.is_within(node, it)).last();
                assert_eq!(doc.parent(node), outer);
                let is_key = |outer| doc.members(outer).any(|member| member.key == node);
                let is_object = |outer: &NodeId| doc.kind(*outer) == Kind::Object;
                assert_eq!(doc.is_key(node), outer.filter(is_object).is_some_and(is_key));
            }
            let around: Vec<_> = doc.around(inner).collect();
            assert_eq!((around.len(), around.last().copied()), (5, doc.root()));
        }
    }

    #[test]
    fn a_pointer_names_so_many_levels_and_no_more() {
        let of = |levels: usize| {
            let source = Source::new("t", format!("{}1{}", "[".repeat(levels), "]".repeat(levels)));
            let doc = document::read(&source).document;
            let number = doc.nodes().last().expect("the number");
            doc.pointer(number)
        };
        assert_eq!(of(DEEPEST).as_str(), "/0".repeat(DEEPEST));
        assert_eq!(of(DEEPEST + 1).as_str(), format!("{}/(deeper)", "/0".repeat(DEEPEST)));
        assert_eq!(of(5000), of(DEEPEST + 1));
        assert_eq!(of(3).levels(), 3);
    }
}
