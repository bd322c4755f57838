//! Applies edits to a document as a value: an independent and simple reading of what they mean.

use otel_lint::document::{Document, NodeId};
use otel_lint::finding::Edit;
use otel_lint::source::Format;
use serde_json::{Map, Value};

/// The value of `doc` after `edits`.
pub fn apply(doc: &Document<'_>, edits: &[Edit]) -> Value {
    let mut root: Value = if doc.source().format() == Format::Json {
        serde_json::from_str(&without(doc, edits)).expect("the document is JSON")
    } else {
        doc.to_value(doc.root().expect("a root"), 64)
    };
    for edit in edits {
        match edit {
            Edit::Replace { node, value } => *at(&mut root, doc, *node) = value.clone(),
            Edit::Rename { key, name } => {
                let (parent, old) = parent(doc, *key);
                let object = object(&mut root, &parent);
                let renamed: Map<String, Value> = object
                    .iter()
                    .map(|(k, v)| (if *k == old { name.clone() } else { k.clone() }, v.clone()))
                    .collect();
                *object = renamed;
            }
            Edit::Insert { object: target, key, value } => {
                let pointer = doc.pointer(*target).to_string();
                object(&mut root, &pointer).insert(key.clone(), value.clone());
            }
            Edit::Append { array, value } => {
                let list = at(&mut root, doc, *array).as_array_mut().expect("an array");
                list.push(value.clone());
            }
            Edit::Move { key, object: target, path, name } => {
                let (from, old) = parent(doc, *key);
                let moved = object(&mut root, &from).shift_remove(&old).expect("it is there");
                let mut place =
                    root.pointer_mut(doc.pointer(*target).as_str()).expect("it is there");
                for step in path {
                    place = place
                        .as_object_mut()
                        .expect("an object")
                        .entry(step.clone())
                        .or_insert_with(|| Value::Object(Map::new()));
                }
                place.as_object_mut().expect("an object").insert(name.clone(), moved);
            }
            Edit::Remove { .. } | Edit::Delete { .. } => {}
        }
    }
    // Removals last, from the end, so that no index or key moves under the others.
    let mut removed: Vec<NodeId> = edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::Remove { node } => Some(*node),
            _ => None,
        })
        .collect();
    removed.sort();
    for node in removed.into_iter().rev() {
        let (parent, last) = parent(doc, node);
        match root.pointer_mut(&parent).expect("it is there") {
            // Of equal keys the last one is what a value has.
            Value::Object(_) if is_lost(doc, &parent, node) => {}
            Value::Object(object) => {
                object.shift_remove(&last);
            }
            Value::Array(items) => {
                items.remove(last.parse().expect("an index"));
            }
            _ => panic!("nothing to remove from"),
        }
    }
    root
}

/// The text without the bytes that are to be deleted.
pub fn without(doc: &Document<'_>, edits: &[Edit]) -> String {
    let mut bytes = doc.source().bytes().to_vec();
    for edit in edits {
        if let Edit::Delete { span } = edit {
            bytes.drain(span.range());
        }
    }
    String::from_utf8(bytes).expect("the example is UTF-8")
}

fn at<'v>(root: &'v mut Value, doc: &Document<'_>, node: NodeId) -> &'v mut Value {
    root.pointer_mut(doc.pointer(node).as_str()).expect("it is there")
}

fn object<'v>(root: &'v mut Value, pointer: &str) -> &'v mut Map<String, Value> {
    root.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object")
}

/// Whether the object at `parent` has the key `node` again.
fn is_lost(doc: &Document<'_>, parent: &str, node: NodeId) -> bool {
    let object = doc.nearest(parent).expect("it is there");
    doc.get(object, &doc.key(node)).is_some_and(|last| last.key != node)
}

fn parent(doc: &Document<'_>, node: NodeId) -> (String, String) {
    let pointer = doc.pointer(node).to_string();
    let (parent, last) = pointer.rsplit_once('/').expect("not the root");
    (parent.to_owned(), last.replace("~1", "/").replace("~0", "~"))
}
