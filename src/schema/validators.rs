//! The published schemas, compiled into the program when it is built.
//!
//! Compiled are files of their own, `schemas/compiled/`, without texts and without the pattern that lets
//! comments pass: it would be a regular expression, asked of each unknown key, where a look at the first
//! letter does.
//!
//! From one release to the next the schema of a block gains keys and loses none, but once. So the
//! newest one is compiled, and what an older release does not list yet is taken from the model: the
//! validators of all releases would be a tenth of the program. A test compares each with its file.

use jsonschema::ErrorIterator;
use serde_json::Value;

use super::error::path_of;
use super::generate;
use super::{Scope, ShapeError, ShapeKind, Step};
use crate::model::{is_comment, known};
use crate::target::{Version, v};

/// Every error of `block` against the schema of `scope` for the minor release of `version`. Where
/// a value has the wrong type, nothing else is said about it. A whole file has no errors: its
/// blocks have.
#[must_use]
pub fn errors(scope: Scope, version: Version, block: &Value) -> Vec<ShapeError> {
    let Some(compiled) = compiled(scope, version) else { return Vec::new() };
    let mut unlisted = compiled.unlisted(version, block);
    let found = (compiled.errors)(block).map(|error| ShapeError::new(&error, block));
    let found = found.filter_map(ShapeError::without_comments);
    let mut found: Vec<ShapeError> = found.collect();
    let wrong: Vec<_> = found.iter().filter(|error| is_wrong_type(error)).cloned().collect();
    let is_wrong = |error: &ShapeError| wrong.iter().any(|wrong| wrong.instance == error.instance);
    found.retain(|error| is_wrong_type(error) || !is_wrong(error));
    // Of two faults one in the other only the outer one is told.
    unlisted.retain(|error| !wrong.iter().any(|wrong| error.instance.starts_with(&wrong.instance)));
    found.retain(|error| !unlisted.iter().any(|unlisted| unlisted.is_above(error)));
    found.extend(unlisted);
    found
}

/// Whether `block` matches the schema of `scope` for the minor release of `version`.
#[must_use]
pub fn is_valid(scope: Scope, version: Version, block: &Value) -> bool {
    errors(scope, version, block).is_empty()
}

fn is_wrong_type(error: &ShapeError) -> bool {
    matches!(error.kind, ShapeKind::WrongType { .. })
}

/// The schemas that are compiled, by the names of their files in `schemas/`.
pub fn compiled_schemas() -> impl Iterator<Item = (String, Value)> {
    COMPILED.iter().map(|Compiled { scope, whole, .. }| {
        let name = format!("compiled/{scope}-{}.json", whole.minor());
        (name, generate::bare(*scope, *whole))
    })
}

impl ShapeError {
    /// The same, but comments are not unknown keys.
    fn without_comments(mut self) -> Option<Self> {
        let ShapeKind::UnknownKeys(keys) = &mut self.kind else { return Some(self) };
        keys.retain(|key| !is_comment(key));
        (!keys.is_empty()).then_some(self)
    }

    /// Whether this is about unknown keys and `other` about what stands under one of them.
    fn is_above(&self, other: &Self) -> bool {
        let ShapeKind::UnknownKeys(keys) = &self.kind else { return false };
        match other.instance.strip_prefix(&*self.instance) {
            Some([Step::Key(key), ..]) => keys.contains(key),
            _ => false,
        }
    }
}

/// A validator and the releases it is for: from `since` to before the next of its scope.
struct Compiled {
    scope: Scope,
    since: Version,
    /// The first of them that lists every key of the schema.
    whole: Version,
    errors: for<'i> fn(&'i Value) -> ErrorIterator<'i>,
}

fn compiled(scope: Scope, version: Version) -> Option<&'static Compiled> {
    COMPILED.iter().rev().find(|compiled| compiled.scope == scope && compiled.since <= version)
}

#[jsonschema::validator(path = "schemas/compiled/service-2.12.json", methods = { is_valid = false, validate = false })]
struct Service12;
#[jsonschema::validator(path = "schemas/compiled/endpoint-2.12.json", methods = { is_valid = false, validate = false })]
struct Endpoint12;
#[jsonschema::validator(path = "schemas/compiled/backend-2.6.json", methods = { is_valid = false, validate = false })]
struct Backend6;
#[jsonschema::validator(path = "schemas/compiled/backend-2.12.json", methods = { is_valid = false, validate = false })]
struct Backend12;
#[jsonschema::validator(path = "schemas/compiled/security-2.6.json", methods = { is_valid = false, validate = false })]
struct Security6;

static COMPILED: [Compiled; 5] = [
    entry(Scope::Service, [6, 12], Service12::iter_errors),
    entry(Scope::Endpoint, [6, 12], Endpoint12::iter_errors),
    entry(Scope::Backend, [6, 6], Backend6::iter_errors),
    entry(Scope::Backend, [7, 12], Backend12::iter_errors),
    entry(Scope::Security, [6, 6], Security6::iter_errors),
];

/// A line of the table; `since` and `whole` are minor releases of 2.
const fn entry(
    scope: Scope,
    [since, whole]: [u16; 2],
    errors: for<'i> fn(&'i Value) -> ErrorIterator<'i>,
) -> Compiled {
    Compiled { scope, since: v(2, since, 0), whole: v(2, whole, 0), errors }
}

impl Compiled {
    /// The keys in `block` that this schema has and that of `version` has not.
    fn unlisted(&self, version: Version, block: &Value) -> Vec<ShapeError> {
        let mut found = Vec::new();
        if version < self.whole {
            self.add_unlisted(version, block, &mut Vec::new(), &mut found);
        }
        found
    }

    /// Adds those of the value at `instance` and of what is below.
    fn add_unlisted(
        &self,
        version: Version,
        value: &Value,
        instance: &mut Vec<Step>,
        found: &mut Vec<ShapeError>,
    ) {
        let mut below = Vec::new();
        let mut unknown = Vec::new();
        match value {
            Value::Array(items) => {
                below.extend(items.iter().enumerate().map(|(at, item)| (Step::Index(at), item)));
            }
            Value::Object(members) => {
                let path = path_of(instance);
                for (name, value) in members {
                    match known::key(self.scope, &path, name) {
                        Some(known) if known.is_listed(version) => {
                            below.push((Step::Key(name.clone()), value));
                        }
                        Some(known) if known.is_listed(self.whole) => unknown.push(name.clone()),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        for (step, value) in below {
            instance.push(step);
            self.add_unlisted(version, value, instance, found);
            instance.pop();
        }
        if !unknown.is_empty() {
            let instance = instance.clone();
            found.push(ShapeError { instance, kind: ShapeKind::UnknownKeys(unknown) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::annotation::Keywords;
    use crate::schema::generate;
    use serde_json::json;

    /// `schema` without what no validator looks at.
    fn shape(schema: &Value) -> Value {
        const TEXTS: [&str; 5] = ["$id", "title", "description", "default", "examples"];
        let Some(keywords) = schema.as_object() else { return schema.clone() };
        let kept = keywords.iter().filter(|(keyword, _)| !TEXTS.contains(&keyword.as_str()));
        let inner = |(keyword, value): (&String, &Value)| {
            let members = |value: &Value| {
                let members: &Keywords = value.as_object().expect("schemas by name");
                members.iter().map(|(name, schema)| (name.clone(), shape(schema))).collect()
            };
            let inner = if keyword == "properties" { members(value) } else { shape(value) };
            (keyword.clone(), inner)
        };
        kept.map(inner).collect()
    }

    /// Takes the properties that `version` does not list out of the schema of `path`.
    fn without(schema: &mut Value, scope: Scope, path: &mut Vec<String>, version: Version) {
        if let Some(items) = schema.get_mut("items") {
            without(items, scope, path, version);
        }
        let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
            return;
        };
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let is_listed =
            |name: &str| known::key(scope, &names, name).is_some_and(|it| it.is_listed(version));
        properties.retain(|name, _| is_listed(name));
        for (name, property) in properties {
            path.push(name.clone());
            without(property, scope, path, version);
            path.pop();
        }
    }

    #[test]
    fn each_release_has_the_validator_of_its_schema_but_for_keys_it_lacks() {
        for scope in Scope::BLOCKS {
            for version in Version::PATCHES {
                let compiled = compiled(scope, version).expect("every block has one");
                let own = shape(&generate(scope, version));
                let mut whole = shape(&generate(scope, compiled.whole));
                assert_eq!(own == whole, version >= compiled.whole, "{scope} {version}");
                without(&mut whole, scope, &mut Vec::new(), version);
                assert_eq!(own, whole, "{scope} {version}");
            }
        }
        assert!(compiled(Scope::File, Version::NEWEST).is_none());
    }

    #[test]
    fn no_schema_of_an_override_asks_for_the_text_of_a_string() {
        fn keywords(schema: &Value, found: &mut Vec<String>) {
            for (keyword, value) in schema.as_object().into_iter().flatten() {
                found.push(keyword.clone());
                match value.as_object() {
                    Some(schemas) if keyword == "properties" => {
                        schemas.values().for_each(|schema| keywords(schema, found));
                    }
                    _ => keywords(value, found),
                }
            }
        }
        let asks = ["enum", "const", "pattern", "format", "minLength", "maxLength", "uniqueItems"];
        for (scope, are_there) in
            [(Scope::Endpoint, false), (Scope::Backend, false), (Scope::Service, true)]
        {
            for version in Version::PATCHES.into_iter().filter(|it| *it >= v(2, 9, 0)) {
                let mut found = Vec::new();
                keywords(&generate(scope, version), &mut found);
                let is_any = found.iter().any(|keyword| asks.contains(&keyword.as_str()));
                assert_eq!(is_any, are_there, "{scope} {version}");
            }
        }
    }

    #[test]
    fn errors_are_plain() {
        let block = json!({
            "exporters": { "otlp": [{ "name": "a", "hots": "b", "port": 70000 }] },
            "layers": { "global": { "semantic_convention": 1.27 } },
            "metric_reporting_period": "30",
            "trace_sample_rate": -1
        });
        let mut found = errors(Scope::Service, Version::NEWEST, &block);
        found.sort_by_key(|error| format!("{:?}", error.kind));
        let key = |key: &str| Step::Key(key.to_owned());
        let exporter = [key("exporters"), key("otlp"), Step::Index(0)];
        let kinds: Vec<_> = found.iter().map(|error| error.kind.clone()).collect();
        assert_eq!(
            kinds,
            [
                ShapeKind::Missing("host".into()),
                ShapeKind::TooLarge { limit: 65535.0 },
                ShapeKind::TooSmall { limit: 0.0 },
                ShapeKind::UnknownKeys(vec!["hots".into()]),
                ShapeKind::WrongType { expected: vec!["integer"] },
                ShapeKind::WrongType { expected: vec!["string"] },
            ]
        );
        assert_eq!(found[0].instance, exporter);
        assert_eq!(found[1].instance.last(), Some(&key("port")));
    }

    #[test]
    fn a_key_that_looks_like_an_index_is_a_key() {
        let block = json!({ "otlp": [{ "name": "a", "headers": { "007": 7, "a/b": 7 } }] });
        let found = errors(Scope::Security, Version::NEWEST, &block);
        let last = |error: &ShapeError| error.instance.last().cloned();
        let names: Vec<_> = found.iter().filter_map(last).collect();
        assert_eq!(names, [Step::Key("007".into()), Step::Key("a/b".into())]);
    }

    #[test]
    fn what_is_known_is_what_is_published() {
        fn keys(schema: &Value, found: &mut usize) {
            let properties = schema["properties"].as_object();
            for property in properties.into_iter().flat_map(Keywords::values) {
                *found += 1;
                keys(property, found);
            }
            if let Some(items) = schema.get("items") {
                keys(items, found);
            }
        }
        for version in Version::PATCHES {
            for scope in Scope::BLOCKS {
                let mut published = 0;
                keys(&generate(scope, version), &mut published);
                assert_eq!(known::listed(scope, version).count(), published, "{scope} {version}");
            }
        }
    }
}
