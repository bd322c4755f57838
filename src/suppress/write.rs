//! Writing suppressions: the edits that make a document ignore findings.

use std::collections::BTreeMap;
use std::iter;

use serde_json::json;

use super::keys::{self, IGNORE, KEY};
use crate::document::{Document, Kind, NodeId};
use crate::finding::Edit;

/// The edits that make `doc` ignore the rule `rule` for `reason` at what `pointers` lead to: in the
/// nearest object of each that may have the key. `None` if there is none for one of them.
#[must_use]
pub fn edits<'p>(
    doc: &Document<'_>,
    pointers: impl IntoIterator<Item = &'p str>,
    rule: &str,
    reason: &str,
) -> Option<Vec<Edit>> {
    let mut edits = BTreeMap::new();
    for pointer in pointers {
        let object = holder(doc, pointer)?;
        edits.insert(object, edit(doc, object, rule, reason)?);
    }
    Some(edits.into_values().collect())
}

/// The object in which what `pointer` leads to is to be ignored.
fn holder(doc: &Document<'_>, pointer: &str) -> Option<NodeId> {
    let node = doc.nearest(pointer)?;
    let mut objects = iter::once(node).chain(doc.around(node));
    objects.find(|object| {
        doc.kind(*object) == Kind::Object && keys::unfit(&doc.pointer(*object)).is_none()
    })
}

/// The edit that adds the rule to the key in `object`; `None` if what stands there is no suppression.
fn edit(doc: &Document<'_>, object: NodeId, rule: &str, reason: &str) -> Option<Edit> {
    let is_object = |node: &NodeId| doc.kind(*node) == Kind::Object;
    let Some(key) = doc.get(object, KEY) else {
        let value = json!({ IGNORE: { rule: reason } });
        return Some(Edit::Insert { object, key: KEY.to_owned(), value });
    };
    let key = Some(key.value).filter(is_object)?;
    let Some(ignore) = doc.get(key, IGNORE) else {
        let value = json!({ rule: reason });
        return Some(Edit::Insert { object: key, key: IGNORE.to_owned(), value });
    };
    let ignore = Some(ignore.value).filter(is_object)?;
    match doc.get(ignore, rule) {
        Some(written) => Some(Edit::Replace { node: written.value, value: reason.into() }),
        None => Some(Edit::Insert { object: ignore, key: rule.to_owned(), value: reason.into() }),
    }
}
