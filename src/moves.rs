//! Keys in the wrong place: the edits that move one to the place where it belongs.

use crate::document::{Document, Kind, NodeId};
use crate::effective::NAMESPACE;
use crate::effective::decode::same_key;
use crate::finding::Edit;
use crate::source::Span;

/// The settings that are lists of objects.
pub const LISTS: [&str; 5] = [
    "otlp",
    "prometheus",
    "static_attributes",
    "metrics_static_attributes",
    "traces_static_attributes",
];

/// The edits that move the member `key` into the object that the names `path` lead to from `object`; a
/// list on the way is passed through if it has one item. Objects that are missing on the way are made, and an
/// override or `extra_config` that had nothing else goes with it. `None` if something of this name is there
/// already, in any case, or if the way leads through what is no object.
#[must_use]
pub fn into(doc: &Document<'_>, key: NodeId, object: NodeId, path: &[&str]) -> Option<Vec<Edit>> {
    let edit = member(doc, key, object, path)?;
    let Edit::Move { object, .. } = &edit else { return None };
    let emptied = emptied(doc, key, *object).map(|node| Edit::Remove { node });
    Some(std::iter::once(edit).chain(emptied).collect())
}

/// The edits that move all members of the object with the key `outer` into the object around it, and take
/// it out. `None` if one of them is there already, or if comments would get lost.
#[must_use]
pub fn out_of(doc: &Document<'_>, outer: NodeId) -> Option<Vec<Edit>> {
    let around = doc.parent(outer)?;
    let object = NodeId::from_raw(outer.raw() + 1);
    let mut keys: Vec<NodeId> = doc.members(object).map(|member| member.key).collect();
    let mut edits: Vec<Edit> =
        keys.iter().map(|key| member(doc, *key, around, &[])).collect::<Option<_>>()?;
    keys.sort_by_key(|key| doc.key(*key));
    let is_twice = keys.windows(2).any(|pair| doc.key(pair[0]) == doc.key(pair[1]));
    if keys.is_empty() || is_twice || has_other_comments(doc, outer, &keys) {
        return None;
    }
    edits.push(Edit::Remove { node: outer });
    Some(edits)
}

/// The edit that moves the member `key` as [`into`] does, and takes nothing else out.
fn member(doc: &Document<'_>, key: NodeId, object: NodeId, path: &[&str]) -> Option<Edit> {
    let name = doc.key(key).into_owned();
    let mut object = Some(object).filter(|object| doc.kind(*object) == Kind::Object)?;
    let mut missing = path;
    while let Some((step, further)) = missing.split_first() {
        let Some(found) = doc.members(object).filter(|it| same_key(&doc.key(it.key), step)).last()
        else {
            break;
        };
        object = match doc.kind(found.value) {
            Kind::Object => found.value,
            Kind::Array if LISTS.contains(step) => only_object(doc, found.value)?,
            _ => return None,
        };
        missing = further;
    }
    if missing.iter().any(|step| LISTS.contains(step)) {
        return None;
    }
    let is_taken =
        missing.is_empty() && doc.members(object).any(|it| same_key(&doc.key(it.key), &name));
    let path = missing.iter().map(|step| (*step).to_owned()).collect();
    (!is_taken).then_some(Edit::Move { key, object, path, name })
}

/// The only item of `list`, if it is an object.
fn only_object(doc: &Document<'_>, list: NodeId) -> Option<NodeId> {
    let mut items = doc.items(list);
    let only = items.next().filter(|_| items.next().is_none())?;
    (doc.kind(only) == Kind::Object).then_some(only)
}

/// The key of the outermost override or `extra_config` that has nothing in it but the member `key`, which
/// goes to `target`.
fn emptied(doc: &Document<'_>, key: NodeId, target: NodeId) -> Option<NodeId> {
    let mut inner = key;
    let mut emptied = None;
    while let Some(object) = doc.parent(inner) {
        let is_member = doc.parent(object).is_some_and(|outer| doc.kind(outer) == Kind::Object);
        if !is_member || doc.is_within(target, object) || doc.members(object).nth(1).is_some() {
            break;
        }
        let key = NodeId::from_raw(object.raw() - 1);
        let is_wrapper = ["extra_config", NAMESPACE].iter().any(|name| doc.is_called(key, name));
        if !is_wrapper || has_other_comments(doc, key, &[inner]) {
            break;
        }
        emptied = Some(key);
        inner = key;
    }
    emptied
}

/// Whether a comment belongs to the member `outer`, or is in it and belongs to none of `inner`, the members
/// of its value.
fn has_other_comments(doc: &Document<'_>, outer: NodeId, inner: &[NodeId]) -> bool {
    let span = |key: NodeId| Span {
        start: doc.span(key).start,
        end: doc.span(NodeId::from_raw(key.raw() + 1)).end,
    };
    let is_of = |key: NodeId, comment: &Span| {
        span(key).contains(*comment)
            || doc.comments_above(key).contains(comment)
            || doc.comment_behind(span(key).end) == Some(*comment)
    };
    let is_of_inner = |comment: &Span| inner.iter().any(|key| is_of(*key, comment));
    let all = doc.comments();
    let start = all.partition_point(|comment| comment.start < span(outer).start);
    let within = all[start..].iter().take_while(|comment| comment.start < span(outer).end);
    let behind = doc.comment_behind(span(outer).end);
    !doc.comments_above(outer).is_empty()
        || within.chain(&behind).any(|comment| !is_of_inner(comment))
}
