//! Ways through a document: from a node to its pointer, and back.

use super::{Document, Kind, NodeId, Pointer};

impl Document<'_> {
    /// The JSON pointer of the value `id`, or of the member whose key `id` is. Found by descending
    /// from the root, so that only findings pay for it.
    #[must_use]
    pub fn pointer(&self, id: NodeId) -> Pointer {
        let mut pointer = Pointer::root();
        let Some(mut at) = self.root() else { return pointer };
        while at != id {
            let holds = |node: NodeId| node <= id && id.0 < self.node(node).next;
            if let Some(member) =
                self.members(at).find(|member| member.key == id || holds(member.value))
            {
                pointer = pointer.key(&self.key(member.key));
                if member.key == id {
                    break;
                }
                at = member.value;
            } else if let Some((index, item)) =
                self.items(at).enumerate().find(|(_, item)| holds(*item))
            {
                pointer = pointer.index(index);
                at = item;
            } else {
                break;
            }
        }
        pointer
    }

    /// The node that `pointer` leads to, or the last one on the way there.
    #[must_use]
    pub fn nearest(&self, pointer: &str) -> Option<NodeId> {
        let mut at = self.root()?;
        for part in pointer.split('/').skip(1) {
            let next = match self.kind(at) {
                Kind::Object => {
                    let key = part.replace("~1", "/").replace("~0", "~");
                    self.get(at, &key).map(|member| member.value)
                }
                Kind::Array => part.parse().ok().and_then(|index: usize| self.items(at).nth(index)),
                _ => None,
            };
            match next {
                Some(next) => at = next,
                None => break,
            }
        }
        Some(at)
    }

    /// The keys on the way from `outer` down to `inner`, items of arrays left out.
    #[must_use]
    pub fn names_between(&self, outer: NodeId, inner: NodeId) -> Vec<String> {
        let mut names = Vec::new();
        let mut at = outer;
        while at != inner {
            let below = |node: NodeId| self.is_within(inner, node);
            if let Some(member) = self.members(at).find(|member| below(member.value)) {
                names.push(self.key(member.key).into_owned());
                at = member.value;
            } else if let Some(item) = self.items(at).find(|item| below(*item)) {
                at = item;
            } else {
                break;
            }
        }
        names
    }

    /// Whether `inner` is `outer` or lies below it.
    #[must_use]
    pub fn is_within(&self, inner: NodeId, outer: NodeId) -> bool {
        outer <= inner && inner.0 < self.node(outer).next
    }
}
