//! Edits of a YAML or TOML source: those that put one scalar in the place of another. What adds or
//! takes out lines needs the format's own layout, and has no replacement yet.

use serde_json::Value;

use super::layout::quoted;
use super::{Child, Replacement};
use crate::document::{Document, Kind, NodeId};
use crate::finding::Edit;
use crate::source::Format;

/// Plain words that YAML takes for something else than a string, in lower case.
const TAKEN: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// The replacements for `edits`; `None` if there are others among them.
pub(super) fn lower(doc: &Document<'_>, edits: &[Edit]) -> Option<Vec<Replacement>> {
    let lowered = edits.iter().map(|edit| match edit {
        Edit::Replace { node, value } => Some((writable(doc, *node)?, scalar(doc, *node, value)?)),
        Edit::Rename { key, name } => {
            let value = Child::of(doc, *key)?.value;
            // A TOML table may be written in several places, each with its name.
            if doc.source().format() == Format::Toml && doc.kind(value) == Kind::Object {
                return None;
            }
            Some((writable(doc, *key)?, text(doc, *key, name)))
        }
        Edit::Delete { span } => Some((*span, String::new())),
        _ => None,
    });
    lowered.map(|lowered| lowered.map(|(span, text)| Replacement { span, text })).collect()
}

/// The bytes of the scalar `node`, if they can be replaced: it is written once and on one line, and
/// nothing belongs to it but its content.
fn writable(doc: &Document<'_>, node: NodeId) -> Option<crate::source::Span> {
    let span = doc.span(node);
    let written = doc.source().slice(span);
    let is_simple = !matches!(doc.kind(node), Kind::Object | Kind::Array)
        && doc.alias(node).is_none()
        && !written.contains(&b'\n')
        && !matches!(written, [] | [b'&' | b'!' | b'*' | b'|' | b'>', ..]);
    is_simple.then_some(span)
}

/// `value` in the manner of the scalar `node`; `None` if the format has no such scalar.
fn scalar(doc: &Document<'_>, node: NodeId, value: &Value) -> Option<String> {
    match value {
        Value::String(content) => Some(text(doc, node, content)),
        Value::Null if doc.source().format() == Format::Toml => None,
        Value::Array(_) | Value::Object(_) => None,
        value => Some(value.to_string()),
    }
}

/// The string `content`: without quotes if `node` is a string without them and it needs none.
fn text(doc: &Document<'_>, node: NodeId, content: &str) -> String {
    let written = doc.source().slice(doc.span(node));
    let is_bare = !matches!(written.first(), Some(b'"' | b'\'')) && doc.kind(node) == Kind::String;
    let begins = content.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let is_plain = begins
        && content.chars().all(plain)
        && !TAKEN.contains(&content.to_ascii_lowercase().as_str());
    if is_bare && is_plain { content.to_owned() } else { quoted(content) }
}
