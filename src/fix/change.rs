//! The edits of one fix, sorted by the object or array whose children they change.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Child, Lowering};
use crate::document::NodeId;
use crate::finding::Edit;

/// What happens to one object or array. Commas and lines belong to two neighbours, so all edits of one
/// container are lowered together.
#[derive(Debug, Default)]
pub(super) struct Change<'e> {
    /// Heads of children that go.
    pub(super) removed: BTreeSet<NodeId>,
    /// Those of them that come somewhere else, all or a part, with the comments above and behind them.
    pub(super) moved: BTreeSet<NodeId>,
    /// Children that come.
    pub(super) added: Vec<Added<'e>>,
}

/// A new child: a member if it has a name.
#[derive(Debug)]
pub(super) struct Added<'e> {
    pub(super) name: Option<&'e str>,
    pub(super) content: Content<'e>,
}

/// What a new child holds.
#[derive(Debug)]
pub(super) enum Content<'e> {
    /// A value that a rule made.
    Value(&'e Value),
    /// A value that is written elsewhere in the source.
    Moved(Child),
    /// A new object on the way to a moved value.
    Object(Vec<Added<'e>>),
}

impl<'e> Change<'e> {
    /// The changes that `edits` make to objects and arrays; those to single values are left out.
    /// `None` if an edit is about something that is not a child of anything.
    pub(super) fn by_container(
        lowering: &Lowering<'_>,
        edits: &'e [Edit],
    ) -> Option<BTreeMap<NodeId, Self>> {
        let mut changes: BTreeMap<NodeId, Self> = BTreeMap::new();
        let is_out_of = |moved: Child, gone: Child| lowering.doc.is_within(moved.head, gone.value);
        for edit in edits {
            match edit {
                Edit::Remove { node } => {
                    let child = lowering.child(*node)?;
                    let moved = lowering.moved(edits).find(|moved| is_out_of(*moved, child));
                    // What a table moves out of goes with the headers.
                    if moved.is_none_or(|moved| !lowering.is_table(moved.value)) {
                        let change = changes.entry(child.container).or_default();
                        change.removed.insert(child.head);
                        change.moved.extend(moved.map(|_| child.head));
                    }
                }
                Edit::Insert { object, key, value } => {
                    let change = changes.entry(lowering.original(*object)?).or_default();
                    change.add(&[], Some(key), Content::Value(value));
                }
                Edit::Append { array, value } => {
                    let change = changes.entry(lowering.original(*array)?).or_default();
                    change.add(&[], None, Content::Value(value));
                }
                Edit::Move { key, object, path, name } => {
                    let moved = lowering.movable(*key, *object)?;
                    if lowering.is_table(moved.value) {
                        continue;
                    }
                    let is_out_of_gone = |edit: &Edit| match edit {
                        Edit::Remove { node } => Child::of(lowering.doc, *node)
                            .is_some_and(|gone| is_out_of(moved, gone)),
                        _ => false,
                    };
                    if !edits.iter().any(is_out_of_gone) {
                        let change = changes.entry(moved.container).or_default();
                        change.removed.insert(moved.head);
                        change.moved.insert(moved.head);
                    }
                    let change = changes.entry(*object).or_default();
                    change.add(path, Some(name), Content::Moved(moved));
                }
                Edit::Replace { .. } | Edit::Rename { .. } | Edit::Delete { .. } => {}
            }
        }
        Some(changes)
    }

    /// Adds a child below new objects named by `path`, each of them once.
    fn add(&mut self, path: &'e [String], name: Option<&'e String>, content: Content<'e>) {
        let mut list = &mut self.added;
        for step in path {
            let is_there = |added: &Added<'_>| added.name == Some(step.as_str());
            let at = list.iter().position(is_there).unwrap_or_else(|| {
                list.push(Added { name: Some(step), content: Content::Object(Vec::new()) });
                list.len() - 1
            });
            match &mut list[at].content {
                Content::Object(members) => list = members,
                _ => return,
            }
        }
        list.push(Added { name: name.map(String::as_str), content });
    }
}

/// `added` by where they go: the number of the `kept` children that they come after.
pub(super) fn placed<'c, 'e>(
    lowering: &Lowering<'_>,
    kept: &[Child],
    added: &'c [Added<'e>],
) -> BTreeMap<usize, Vec<&'c Added<'e>>> {
    let names: Vec<_> =
        kept.iter().map(|child| lowering.doc.str(child.head).unwrap_or_default()).collect();
    let mut placed: BTreeMap<usize, Vec<&Added<'_>>> = BTreeMap::new();
    for one in added {
        let at = one.name.map_or(kept.len(), |name| super::order::position(&names, name));
        placed.entry(at).or_default().push(one);
    }
    placed
}
