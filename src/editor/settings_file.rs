//! The settings file in the editor: what can be written in `otel-lint.toml`, as its schema has it.

use serde_json::{Map, Value, json};

use super::complete::{Completion, CompletionKind, Cursor, Finished, marked, offered, write};
use crate::document::{self, Document, Kind, NodeId};
use crate::settings;
use crate::source::{Format, Source};

/// What can be written at `offset` of the settings file `source`.
#[must_use]
pub fn complete(source: &Source, offset: u32) -> Vec<Completion> {
    let source = source.clone().with_format(Format::Toml);
    let cursor = Cursor::new(&source, offset);
    let schema = settings::schema();
    let ways = cursor.finished().into_iter().filter_map(|finished| {
        let parsed = document::read(&finished.source);
        let faults = parsed.faults.iter().filter(|fault| !fault.is_warning).count();
        Some((faults, of_way(&schema, &cursor, &finished, &parsed.document)?))
    });
    let best = ways.filter(|(_, found)| !found.is_empty()).min_by_key(|(faults, _)| *faults);
    best.map(|(_, found)| found).unwrap_or_default()
}

fn of_way(
    schema: &Value,
    cursor: &Cursor<'_>,
    finished: &Finished,
    doc: &Document<'_>,
) -> Option<Vec<Completion>> {
    let (node, parent, is_key) = marked(doc)?;
    let path = doc.names_between(doc.root()?, node);
    let at = path.iter().try_fold(schema, |at, name| {
        resolved(schema, item(schema, at)).get("properties")?.get(name)
    })?;
    Some(if is_key {
        keys(schema, item(schema, at), cursor, finished, doc, parent)
    } else {
        let at = if doc.kind(parent) == Kind::Array { item(schema, at) } else { at };
        values(resolved(schema, at), cursor, finished, doc, parent)
    })
}

fn keys(
    schema: &Value,
    at: &Value,
    cursor: &Cursor<'_>,
    finished: &Finished,
    doc: &Document<'_>,
    object: NodeId,
) -> Vec<Completion> {
    let properties = resolved(schema, at).get("properties").and_then(Value::as_object);
    let is_there = |name: &str| doc.members(object).any(|it| doc.is_called(it.key, name));
    let properties = properties.into_iter().flatten().filter(|(name, _)| !is_there(name));
    let key = |(name, property): (&String, &Value)| {
        let written = resolved(schema, property);
        let text = if finished.has_value {
            write::literal(&write::key(name, Format::Toml, cursor.quote))
        } else {
            write::member(name, written, Format::Toml, cursor.quote, true)
        };
        let mut one = offered(finished, cursor, CompletionKind::Key, name, text);
        let said = |keyword| property.get(keyword).and_then(Value::as_str);
        said("title").unwrap_or_default().clone_into(&mut one.detail);
        said("description").unwrap_or_default().clone_into(&mut one.documentation);
        one
    };
    properties.map(key).collect()
}

fn values(
    schema: &Map<String, Value>,
    cursor: &Cursor<'_>,
    finished: &Finished,
    doc: &Document<'_>,
    parent: NodeId,
) -> Vec<Completion> {
    let list = |keyword| schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
    let examples = list("examples").filter(|example| !example.is_array() && !example.is_object());
    let mut values: Vec<Value> = Vec::new();
    let both = [json!(true), json!(false)];
    let booleans = both.iter().filter(|_| schema.get("type") == Some(&json!("boolean")));
    for value in list("enum").chain(booleans).chain(examples) {
        if !values.contains(value) {
            values.push(value.clone());
        }
    }
    let is_there =
        |label: &str| doc.items(parent).any(|item| doc.str(item).is_some_and(|text| text == label));
    let value = |value: &Value| {
        let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let fits = cursor.quote.is_none() || value.is_string();
        let text = write::literal(&write::scalar(value, Format::Toml, cursor.quote));
        let one = offered(finished, cursor, CompletionKind::Value, &label, text);
        (fits && !is_there(&label)).then_some(one)
    };
    values.iter().filter_map(value).collect()
}

/// What the items of a list are; anything else as it is.
fn item<'s>(root: &'s Value, schema: &'s Value) -> &'s Value {
    resolved(root, schema).get("items").unwrap_or(schema)
}

/// The keywords of `schema`, or of the definition it refers to.
fn resolved<'s>(root: &'s Value, schema: &'s Value) -> &'s Map<String, Value> {
    static NONE: std::sync::OnceLock<Map<String, Value>> = std::sync::OnceLock::new();
    let first = schema.get("allOf").and_then(|all| all.get(0)).unwrap_or(schema);
    let pointer = first.get("$ref").and_then(Value::as_str).and_then(|url| url.strip_prefix('#'));
    let schema = pointer.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema);
    schema.as_object().unwrap_or_else(|| NONE.get_or_init(Map::new))
}
