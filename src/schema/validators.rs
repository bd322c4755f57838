//! The published schemas, compiled into the program when it is built.
//!
//! Releases whose schema of a scope differs in nothing but texts share a validator; a test compares
//! the table with the files.

use jsonschema::ErrorIterator;
use serde_json::Value;

use super::{Scope, ShapeError, ShapeKind};
use crate::target::{Version, v};

/// Every error of `block` against the schema of `scope` for the minor release of `version`. Where
/// a value has the wrong type, nothing else is said about it. A whole file has no errors: its
/// blocks have.
#[must_use]
pub fn errors(scope: Scope, version: Version, block: &Value) -> Vec<ShapeError> {
    let Some(compiled) = compiled(scope, version) else { return Vec::new() };
    // Asking first costs a third of collecting errors, and nearly every block is valid.
    if (compiled.is_valid)(block) {
        return Vec::new();
    }
    let found = (compiled.errors)(block).map(|error| ShapeError::new(&error, block));
    let mut found: Vec<ShapeError> = found.collect();
    let wrong: Vec<_> = found.iter().filter(|error| is_wrong_type(error)).cloned().collect();
    let is_wrong = |error: &ShapeError| wrong.iter().any(|wrong| wrong.instance == error.instance);
    found.retain(|error| is_wrong_type(error) || !is_wrong(error));
    found
}

/// Whether `block` matches the schema of `scope` for the minor release of `version`.
#[must_use]
pub fn is_valid(scope: Scope, version: Version, block: &Value) -> bool {
    compiled(scope, version).is_none_or(|compiled| (compiled.is_valid)(block))
}

fn is_wrong_type(error: &ShapeError) -> bool {
    matches!(error.kind, ShapeKind::WrongType { .. })
}

/// A validator and the releases it is for: from `since` to before the next of its scope.
struct Compiled {
    scope: Scope,
    since: Version,
    is_valid: fn(&Value) -> bool,
    errors: for<'i> fn(&'i Value) -> ErrorIterator<'i>,
}

fn compiled(scope: Scope, version: Version) -> Option<&'static Compiled> {
    COMPILED.iter().rev().find(|compiled| compiled.scope == scope && compiled.since <= version)
}

#[jsonschema::validator(path = "schemas/2.6/service.json", methods = { validate = false })]
struct Service6;
#[jsonschema::validator(path = "schemas/2.7/service.json", methods = { validate = false })]
struct Service7;
#[jsonschema::validator(path = "schemas/2.8/service.json", methods = { validate = false })]
struct Service8;
#[jsonschema::validator(path = "schemas/2.10/service.json", methods = { validate = false })]
struct Service10;
#[jsonschema::validator(path = "schemas/2.11/service.json", methods = { validate = false })]
struct Service11;
#[jsonschema::validator(path = "schemas/2.12/service.json", methods = { validate = false })]
struct Service12;
#[jsonschema::validator(path = "schemas/2.6/endpoint.json", methods = { validate = false })]
struct Endpoint6;
#[jsonschema::validator(path = "schemas/2.7/endpoint.json", methods = { validate = false })]
struct Endpoint7;
#[jsonschema::validator(path = "schemas/2.8/endpoint.json", methods = { validate = false })]
struct Endpoint8;
#[jsonschema::validator(path = "schemas/2.12/endpoint.json", methods = { validate = false })]
struct Endpoint12;
#[jsonschema::validator(path = "schemas/2.6/backend.json", methods = { validate = false })]
struct Backend6;
#[jsonschema::validator(path = "schemas/2.7/backend.json", methods = { validate = false })]
struct Backend7;
#[jsonschema::validator(path = "schemas/2.12/backend.json", methods = { validate = false })]
struct Backend12;
#[jsonschema::validator(path = "schemas/2.6/security.json", methods = { validate = false })]
struct Security6;

static COMPILED: [Compiled; 14] = [
    entry(Scope::Service, 6, Service6::is_valid, Service6::iter_errors),
    entry(Scope::Service, 7, Service7::is_valid, Service7::iter_errors),
    entry(Scope::Service, 8, Service8::is_valid, Service8::iter_errors),
    entry(Scope::Service, 10, Service10::is_valid, Service10::iter_errors),
    entry(Scope::Service, 11, Service11::is_valid, Service11::iter_errors),
    entry(Scope::Service, 12, Service12::is_valid, Service12::iter_errors),
    entry(Scope::Endpoint, 6, Endpoint6::is_valid, Endpoint6::iter_errors),
    entry(Scope::Endpoint, 7, Endpoint7::is_valid, Endpoint7::iter_errors),
    entry(Scope::Endpoint, 8, Endpoint8::is_valid, Endpoint8::iter_errors),
    entry(Scope::Endpoint, 12, Endpoint12::is_valid, Endpoint12::iter_errors),
    entry(Scope::Backend, 6, Backend6::is_valid, Backend6::iter_errors),
    entry(Scope::Backend, 7, Backend7::is_valid, Backend7::iter_errors),
    entry(Scope::Backend, 12, Backend12::is_valid, Backend12::iter_errors),
    entry(Scope::Security, 6, Security6::is_valid, Security6::iter_errors),
];

/// A line of the table; `minor` is a minor release of 2.
const fn entry(
    scope: Scope,
    minor: u16,
    is_valid: fn(&Value) -> bool,
    errors: for<'i> fn(&'i Value) -> ErrorIterator<'i>,
) -> Compiled {
    Compiled { scope, since: v(2, minor, 0), is_valid, errors }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::annotation::Keywords;
    use crate::model::known;
    use crate::schema::Step;
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

    #[test]
    fn each_release_has_the_validator_of_its_schema_and_none_is_spare() {
        for scope in Scope::BLOCKS {
            let mut last = None;
            for version in Version::PATCHES {
                let compiled = compiled(scope, version).expect("every block has one");
                let own = shape(&generate(scope, version));
                assert_eq!(own, shape(&generate(scope, compiled.since)), "{scope} {version}");
                let is_new = last.as_ref() != Some(&own);
                assert_eq!(is_new, compiled.since.minor() == version.minor(), "{scope} {version}");
                last = Some(own);
            }
        }
        assert!(compiled(Scope::File, Version::NEWEST).is_none());
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
