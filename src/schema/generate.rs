//! Schemas as they are published, from the annotated model.

use serde_json::{Value, json};

use super::{Scope, file};
use crate::HOME;
use crate::model::annotation::{self, Keywords, Listed, Works};
use crate::target::{Edition, Version, v};

/// Keys that are comments, as [`model::is_comment`](crate::model::is_comment) has it. The official
/// schemas let them pass nearly everywhere. Here they pass everywhere.
const COMMENT_KEY: &str = "^[@$_#]";

/// The keywords of a published schema, in their order.
const KEYWORDS: [&str; 16] = [
    "title",
    "description",
    "type",
    "enum",
    "default",
    "examples",
    "minimum",
    "maximum",
    "minItems",
    "items",
    "minProperties",
    "required",
    "properties",
    "patternProperties",
    "additionalProperties",
    "definitions",
];

/// The schema of `scope` for the minor release of `version`: as `schemas/<minor>/<scope>.json`
/// holds it.
#[must_use]
pub fn generate(scope: Scope, version: Version) -> Value {
    let minor = v(version.major, version.minor, 0);
    let body = match scope {
        Scope::File => file::schema(|scope| self::block(scope, minor)),
        block => self::block(block, minor),
    };
    let mut schema = Keywords::new();
    schema.insert("$schema".into(), "http://json-schema.org/draft-07/schema#".into());
    schema.insert("$id".into(), id(scope, minor).into());
    schema.extend(body);
    Value::Object(schema)
}

/// The same with nothing but what a validator looks at, and without the pattern of comments: who asks
/// the validator looks for them. As `schemas/compiled/` holds it.
pub(super) fn bare(scope: Scope, version: Version) -> Value {
    const LEFT_OUT: [&str; 6] =
        ["$id", "title", "description", "default", "examples", "patternProperties"];
    fn strip(schema: &mut Value) {
        let Some(keywords) = schema.as_object_mut() else { return };
        keywords.retain(|keyword, _| !LEFT_OUT.contains(&keyword.as_str()));
        for (keyword, value) in keywords {
            match value.as_object_mut() {
                Some(schemas) if keyword == "properties" => {
                    schemas.values_mut().for_each(strip);
                }
                _ => strip(value),
            }
        }
    }
    let mut schema = generate(scope, version);
    strip(&mut schema);
    schema
}

/// `schema` as text: pretty-printed, with a final newline.
#[must_use]
pub fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}

fn id(scope: Scope, minor: Version) -> String {
    format!("{HOME}/raw/main/schemas/{}/{scope}.json", minor.minor())
}

/// The schema of one block, without `$schema` and `$id`.
pub(super) fn block(scope: Scope, minor: Version) -> Keywords {
    publish(&annotation::annotated(scope), scope, minor)
}

/// Drops what `minor` does not list, turns annotations into text, closes objects, and puts the
/// keywords in order.
fn publish(schema: &Keywords, scope: Scope, minor: Version) -> Keywords {
    let mut published = Keywords::new();
    for keyword in KEYWORDS {
        let value = match keyword {
            "description" => description(schema, scope, minor),
            "items" => schema.get(keyword).map(|items| publish_value(items, scope, minor)),
            "properties" => published_properties(schema, scope, minor),
            "patternProperties" if schema.contains_key("properties") => {
                Some(json!({ COMMENT_KEY: true }))
            }
            "additionalProperties" if schema.contains_key("properties") => Some(Value::Bool(false)),
            "additionalProperties" => {
                schema.get(keyword).map(|values| publish_value(values, scope, minor))
            }
            _ => schema.get(keyword).cloned(),
        };
        published.extend(value.map(|value| (keyword.to_owned(), value)));
    }
    published
}

fn publish_value(schema: &Value, scope: Scope, minor: Version) -> Value {
    let keywords = schema.as_object().map(|schema| publish(schema, scope, minor));
    keywords.map_or_else(|| schema.clone(), Value::Object)
}

fn published_properties(schema: &Keywords, scope: Scope, minor: Version) -> Option<Value> {
    schema.contains_key("properties").then(|| {
        annotation::properties(schema)
            .filter(|(_, property)| is_listed(property, scope, minor))
            .map(|(name, property)| (name.clone(), Value::Object(publish(property, scope, minor))))
            .collect()
    })
}

fn is_listed(property: &Keywords, scope: Scope, minor: Version) -> bool {
    let began = match annotation::listed(property, scope) {
        Listed::AsParent => true,
        Listed::Since(since) => since <= minor,
        Listed::Nowhere => false,
    };
    began && annotation::until(property, scope).is_none_or(|until| minor <= until)
}

/// The description, its lines joined, and what the annotations add for this release.
fn description(schema: &Keywords, scope: Scope, minor: Version) -> Option<Value> {
    let written = schema.get("description")?.as_str()?;
    let mut text = written.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).fold(
        String::new(),
        |text, paragraph| {
            if text.is_empty() { paragraph } else { text + "\n\n" + &paragraph }
        },
    );
    let note = match annotation::works(schema, scope) {
        _ if annotation::edition(schema, scope) == Edition::Enterprise => {
            Some("Enterprise Edition only.".to_owned())
        }
        Works::Never => Some("The Community Edition does not read it.".to_owned()),
        Works::Since(release) if release > minor => {
            Some(format!("Needs KrakenD {release} or newer."))
        }
        Works::Since(_) | Works::AsListed => None,
    };
    if let Some(note) = note {
        text.push(' ');
        text.push_str(&note);
    }
    Some(text.into())
}
