//! The schema of a whole configuration: the telemetry blocks in their places, all else open.

use serde_json::{Value, json};

use super::Scope;
use crate::model::annotation::Keywords;

/// The keywords of the schema, without `$schema` and `$id`; `block` gives those of one block.
pub(super) fn schema(block: impl Fn(Scope) -> Keywords) -> Keywords {
    let definition = |scope| Value::Object(block(scope));
    let backends = json!({
        "title": "Backends",
        "description": "Each may change what its backend layer reports.",
        "items": { "properties": { "extra_config": extra_config(&[Scope::Backend]) } }
    });
    let schema = json!({
        "title": "OpenTelemetry in a KrakenD configuration",
        "description": "The telemetry blocks of a configuration, wherever one is read. Nothing else \
                        of the file is described.",
        "properties": {
            "extra_config": extra_config(&[Scope::Service, Scope::Security]),
            "endpoints": {
                "title": "Endpoints",
                "description": "Each may replace what its proxy layer reports.",
                "items": { "properties": {
                    "extra_config": extra_config(&[Scope::Endpoint]),
                    "backend": backends,
                } }
            },
            "async_agent": {
                "title": "Async agents",
                "description": "Each may replace what its proxy layer reports, as an endpoint may.",
                "items": { "properties": {
                    "extra_config": extra_config(&[Scope::Endpoint]),
                    "backend": backends,
                } }
            }
        },
        "definitions": {
            "service": definition(Scope::Service),
            "security": definition(Scope::Security),
            "endpoint": definition(Scope::Endpoint),
            "backend": definition(Scope::Backend),
        }
    });
    schema.as_object().cloned().unwrap_or_default()
}

/// The `extra_config` that holds the blocks of `scopes`.
fn extra_config(scopes: &[Scope]) -> Value {
    let blocks: Keywords = scopes
        .iter()
        .filter_map(|&scope| {
            let definition = json!({ "$ref": format!("#/definitions/{scope}") });
            Some((scope.namespace()?.to_owned(), definition))
        })
        .collect();
    json!({
        "title": "Settings of components",
        "description": "One block per component, under the name of its namespace.",
        "properties": blocks
    })
}
