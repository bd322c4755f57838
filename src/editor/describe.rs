//! What a setting is, in the words of the model: as Markdown.

use std::fmt::Write;
use std::sync::OnceLock;

use serde_json::Value;

use crate::effective::decode::same_key;
use crate::model::annotation::{self, Keywords};
use crate::model::{Scope, known};
use crate::target::{Edition, Target};

/// The schema of the setting at `path` of a block, with its annotations; of a list, the list.
pub(super) fn schema_at(scope: Scope, path: &[&str]) -> Option<&'static Keywords> {
    static BLOCKS: [OnceLock<Keywords>; Scope::BLOCKS.len()] =
        [const { OnceLock::new() }; Scope::BLOCKS.len()];
    let nth = Scope::BLOCKS.iter().position(|block| *block == scope)?;
    let mut at = BLOCKS[nth].get_or_init(|| annotation::annotated(scope));
    for name in path {
        at = property(item(at), name)?;
    }
    Some(at)
}

/// `path` as the model writes its names: the gateway takes a key in any case.
pub(super) fn canonical<'p>(scope: Scope, path: &[&'p str]) -> Vec<&'p str> {
    let mut names: Vec<&str> = Vec::with_capacity(path.len());
    for &name in path {
        let known = known::keys(scope, &names).find(|known| same_key(name, &known.name));
        names.push(known.map_or(name, |known| known.name.as_str()));
    }
    names
}

/// What the items of a list are; anything else as it is.
pub(super) fn item(schema: &Keywords) -> &Keywords {
    schema.get("items").and_then(Value::as_object).unwrap_or(schema)
}

fn property<'s>(schema: &'s Keywords, name: &str) -> Option<&'s Keywords> {
    match annotation::properties(schema).find(|(property, _)| *property == name) {
        Some((_, found)) => Some(found),
        None => schema.get("additionalProperties")?.as_object(),
    }
}

/// The type of a value, as a schema names it.
pub(super) fn type_of(schema: &Keywords) -> &str {
    match schema.get("type") {
        Some(Value::String(name)) => name,
        Some(Value::Array(names)) => {
            let mut names = names.iter().filter_map(Value::as_str);
            names.find(|name| *name != "null").unwrap_or_default()
        }
        _ => "",
    }
}

/// The values that a schema lists.
pub(super) fn choices(schema: &Keywords) -> Vec<&Value> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    listed.filter(|value| !value.is_null()).collect()
}

/// All about the setting at `path` of a block; `None` if there is none.
pub(super) fn page(scope: Scope, path: &[&str], target: Target) -> Option<String> {
    let schema = schema_at(scope, path)?;
    let text = |keyword| schema.get(keyword).and_then(Value::as_str);
    let mut page = String::new();
    let name = path.last().copied().or(scope.namespace()).unwrap_or_default();
    let kind = type_of(schema);
    let _ = write!(page, "**{}** (`{name}`", text("title").unwrap_or(name));
    let _ = if kind.is_empty() { write!(page, ")") } else { write!(page, ", {kind})") };
    if let Some(description) = text("description") {
        page.push_str("\n\n");
        page.push_str(&paragraphs(description));
    }
    let facts = facts(schema);
    if !facts.is_empty() {
        let _ = write!(page, "\n\n{facts}");
    }
    if let Some((name, above)) = path.split_last()
        && let Some(known) = known::key(scope, above, name)
    {
        let _ = write!(page, "\n\n{}", releases(known, target));
    }
    Some(page)
}

/// `text` with its lines joined, paragraph by paragraph.
fn paragraphs(text: &str) -> String {
    let joined = text.split("\n\n").map(|paragraph| paragraph.replace('\n', " "));
    joined.collect::<Vec<_>>().join("\n\n")
}

/// Default, range, choices and examples, in one line.
fn facts(schema: &Keywords) -> String {
    let mut facts = Vec::new();
    let code = |value: &Value| format!("`{value}`");
    if let Some(default) = schema.get("default") {
        facts.push(format!("Default: {}", code(default)));
    }
    match (schema.get("minimum"), schema.get("maximum")) {
        (Some(least), Some(most)) => facts.push(format!("range: {least} to {most}")),
        (Some(least), None) => facts.push(format!("at least {least}")),
        (None, Some(most)) => facts.push(format!("at most {most}")),
        (None, None) => {}
    }
    let listed = choices(schema);
    if !listed.is_empty() {
        let listed: Vec<_> = listed.into_iter().map(code).collect();
        facts.push(format!("one of {}", listed.join(", ")));
    }
    if let Some(examples) = schema.get("examples").and_then(Value::as_array) {
        let examples: Vec<_> = examples.iter().map(code).collect();
        facts.push(format!("for example {}", examples.join(", ")));
    }
    facts.join("; ")
}

/// Since when and where the setting is known and acted on, and whether `target` does.
fn releases(known: &known::Known, target: Target) -> String {
    let mut text = match (known.since, known.until) {
        (Some(since), Some(until)) => {
            format!("Documented from {} to {}.", since.minor(), until.minor())
        }
        (Some(since), None) => format!("Since KrakenD {}.", since.minor()),
        (None, _) => "In no official schema of this place.".to_owned(),
    };
    match known.works_since {
        _ if known.edition == Edition::Enterprise => text.push_str(" Enterprise Edition only."),
        None => text.push_str(" The Community Edition does not read it here."),
        Some(works) if known.since.is_some_and(|since| since < works) => {
            let _ = write!(text, " The Community Edition reads it from {works} on.");
        }
        Some(_) => {}
    }
    if !known.is_read(target) {
        let _ = write!(text, " **KrakenD {} does not act on it.**", gateway(target));
    }
    text
}

/// `2.13.8 (Community Edition)`.
fn gateway(target: Target) -> String {
    let edition = match target.edition {
        Edition::Community => "Community",
        Edition::Enterprise => "Enterprise",
    };
    format!("{} ({edition} Edition)", target.version)
}
