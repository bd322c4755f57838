//! Objects with many members: their members by key, so that thousands of findings in one object need not
//! each read all of its keys.

use std::collections::HashMap;

use super::{Document, Kind, Member, NodeId};

/// Members from which on an object is one with many.
pub(super) const MANY: usize = 128;

/// The members of the objects that have many, by object and key; of equal keys the last.
pub(super) type KeyIndex = HashMap<u32, HashMap<Box<str>, Member>>;

impl Document<'_> {
    /// The last member of `object`, one with many, that is called `name`.
    pub(super) fn indexed(&self, object: NodeId, name: &str) -> Option<Member> {
        let keys = self.keys.get_or_init(|| self.index());
        keys.get(&object.raw())?.get(name).copied()
    }

    fn index(&self) -> KeyIndex {
        let has_many = |&node: &NodeId| {
            self.kind(node) == Kind::Object && self.members(node).nth(MANY).is_some()
        };
        let by_key = |object: NodeId| {
            let members = self.members(object);
            members.map(|member| (self.key(member.key).into(), member)).collect()
        };
        self.nodes().filter(has_many).map(|object| (object.raw(), by_key(object))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::source::Source;

    #[test]
    fn an_object_with_many_members_has_the_same_ones() {
        for count in [MANY - 4, MANY, 5 * MANY] {
            let members: Vec<_> = (0..count).map(|at| format!("\"k\\u{at:04}\": 1")).collect();
            let text = format!(
                "{{\"a\": {{\"twice\": 1, {}, \"x\\u0079\": 2, \"twice\": 3}}}}",
                members.join(",")
            );
            let source = Source::new("t", text);
            let doc = document::read(&source).document;
            let object = doc.get(doc.root().expect("a root"), "a").expect("a member").value;
            let number = |name| doc.get(object, name).and_then(|it| doc.number(it.value));
            assert_eq!(number("twice"), Some(3.0), "{count}");
            assert_eq!(number("xy"), Some(2.0), "{count}");
            assert_eq!(number("none"), None, "{count}");
            for member in doc.members(object) {
                let key = doc.key(member.key);
                let last = doc.members(object).filter(|it| doc.key(it.key) == key).last();
                assert_eq!(doc.get(object, &key), last, "{count} {key}");
            }
        }
    }
}
