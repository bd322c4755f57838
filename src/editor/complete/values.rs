//! Values that can be written for a setting, or as an item of its list.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::write;
use super::{Completion, CompletionKind, Spot};
use crate::document::Kind;
use crate::editor::describe;
use crate::editor::part;
use crate::effective::headers::CREDENTIALS;
use crate::effective::service::DEFAULT_SKIP_PATHS;
use crate::effective::{Effective, EndpointKind};
use crate::model::Scope;
use crate::secrets::masked;
use crate::target::Target;

/// Headers that are often left out of spans, beside those with secrets: what identifies a client, or
/// differs with every request.
const HEADERS: [&str; 8] = [
    "X-Forwarded-For",
    "X-Real-Ip",
    "X-Csrf-Token",
    "X-Request-Id",
    "X-Correlation-Id",
    "Referer",
    "User-Agent",
    "Traceparent",
];

/// A backend of telemetry, and the exporter that fits it.
struct Backend {
    name: &'static str,
    why: &'static str,
    members: fn() -> Vec<(&'static str, Value)>,
}

/// What telemetry is sent to.
const OTLP: [Backend; 5] = [
    Backend {
        name: "OpenTelemetry Collector (gRPC)",
        why: "Traces and metrics to port 4317 of a collector.",
        members: || {
            vec![("name", json!("collector")), ("host", json!("collector")), ("port", json!(4317))]
        },
    },
    Backend {
        name: "OpenTelemetry Collector (HTTP)",
        why: "Traces and metrics to port 4318 of a collector; HTTP needs the port to be written.",
        members: || {
            vec![
                ("name", json!("collector")),
                ("host", json!("collector")),
                ("port", json!(4318)),
                ("use_http", json!(true)),
            ]
        },
    },
    Backend {
        name: "Jaeger",
        why: "Traces only: Jaeger takes no metrics.",
        members: || {
            vec![
                ("name", json!("jaeger")),
                ("host", json!("jaeger")),
                ("port", json!(4317)),
                ("disable_metrics", json!(true)),
            ]
        },
    },
    Backend {
        name: "Grafana Tempo",
        why: "Traces only: Tempo takes no metrics.",
        members: || {
            vec![
                ("name", json!("tempo")),
                ("host", json!("tempo")),
                ("port", json!(4317)),
                ("disable_metrics", json!(true)),
            ]
        },
    },
    Backend {
        name: "Datadog Agent",
        why: "Traces and metrics to the OTLP receiver of an agent, which is off until it is configured.",
        members: || {
            vec![
                ("name", json!("datadog")),
                ("host", json!("datadog-agent")),
                ("port", json!(4317)),
            ]
        },
    },
];

/// What fetches metrics.
const PROMETHEUS: [Backend; 1] = [Backend {
    name: "Prometheus",
    why: "Metrics at `/metrics` on a port of the gateway.",
    members: || vec![("name", json!("prometheus")), ("port", json!(9090))],
}];

/// The values that can be written at `spot`.
pub(super) fn at(spot: &Spot<'_>, target: Target) -> Vec<Completion> {
    let doc = spot.doc();
    let all = spot.part.effective(target);
    for effective in &all {
        let blocks = part::blocks(effective);
        let Some(block) = blocks.iter().find(|block| doc.is_within(spot.node, block.node)) else {
            continue;
        };
        let path = doc.names_between(block.node, spot.node);
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        return of_setting(spot, block.scope, &path, effective);
    }
    Vec::new()
}

fn of_setting(
    spot: &Spot<'_>,
    scope: Scope,
    path: &[&str],
    effective: &Effective<'_>,
) -> Vec<Completion> {
    let is_item = spot.doc().kind(spot.parent) == Kind::Array;
    let Some(schema) = describe::schema_at(scope, path) else { return Vec::new() };
    match (scope, path) {
        (Scope::Service, ["exporters", "otlp"]) if is_item => return exporters(spot, &OTLP),
        (Scope::Service, ["exporters", "prometheus"]) if is_item => {
            return exporters(spot, &PROMETHEUS);
        }
        (Scope::Endpoint, ["exporters_override", "metric_exporters" | "trace_exporters"])
            if is_item =>
        {
            return names(spot, effective, true);
        }
        (Scope::Security, ["otlp", "name"]) => return names(spot, effective, false),
        (Scope::Service, ["skip_paths"]) if is_item => return skip_paths(spot, effective),
        (_, [.., "skip_headers"]) if is_item => {
            let names = CREDENTIALS.iter().chain(&HEADERS);
            return names
                .filter_map(|name| value(spot, &json!(name), CompletionKind::Value))
                .collect();
        }
        _ => {}
    }
    let schema = if is_item { describe::item(schema) } else { schema };
    if !is_item && describe::type_of(schema) == "array" {
        return Vec::new();
    }
    let mut values: Vec<Value> = describe::choices(schema).into_iter().cloned().collect();
    if describe::type_of(schema) == "boolean" {
        values.extend([json!(true), json!(false)]);
    }
    let examples = schema.get("examples").and_then(Value::as_array).into_iter().flatten();
    let default = schema.get("default");
    for one in examples.chain(default) {
        if !one.is_array() && !one.is_object() && !values.contains(one) && *one != json!("") {
            values.push(one.clone());
        }
    }
    let note = |one: &Value| if Some(one) == default { "the default" } else { "" };
    let completions = values.iter().filter_map(|one| {
        let completion = value(spot, one, CompletionKind::Value)?;
        Some(Completion { detail: note(one).to_owned(), ..completion })
    });
    completions.collect()
}

/// A value, unless the list has it already.
fn value(spot: &Spot<'_>, value: &Value, kind: CompletionKind) -> Option<Completion> {
    let doc = spot.doc();
    let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let is_there = |node| node != spot.node && doc.str(node).is_some_and(|text| text == label);
    if doc.items(spot.parent).any(is_there) || masked(&label) != label {
        return None;
    }
    // Between quotes, only a string can be written.
    if spot.cursor.quote.is_some() && !value.is_string() {
        return None;
    }
    let text = write::literal(&write::scalar(value, spot.format(), spot.cursor.quote));
    Some(spot.completion(kind, &label, text))
}

fn exporters(spot: &Spot<'_>, backends: &[Backend]) -> Vec<Completion> {
    if spot.cursor.quote.is_some() {
        return Vec::new();
    }
    let one = |backend: &Backend| {
        let text = write::object(&(backend.members)(), spot.format(), spot.is_flow());
        let mut one = spot.completion(CompletionKind::Snippet, backend.name, text);
        "exporter".clone_into(&mut one.detail);
        backend.why.clone_into(&mut one.documentation);
        one
    };
    backends.iter().map(one).collect()
}

/// The names of the exporters.
fn names(spot: &Spot<'_>, effective: &Effective<'_>, with_prometheus: bool) -> Vec<Completion> {
    let service = &effective.service;
    let otlp = service.otlp.iter().map(|exporter| (&exporter.name.value, "OTLP exporter"));
    let scraped = service.prometheus.iter().filter(|_| with_prometheus);
    let scraped = scraped.map(|exporter| (&exporter.name.value, "Prometheus exporter"));
    let names = otlp.chain(scraped).filter(|(name, _)| !name.is_empty());
    let completions = names.filter_map(|(name, detail)| {
        let completion = value(spot, &json!(name), CompletionKind::Reference)?;
        Some(Completion { detail: detail.to_owned(), ..completion })
    });
    completions.collect()
}

/// Paths of the gateway itself and of the endpoints, as they are compared.
fn skip_paths(spot: &Spot<'_>, effective: &Effective<'_>) -> Vec<Completion> {
    let endpoints = effective.endpoints.iter();
    let endpoints = endpoints.filter(|endpoint| endpoint.kind == EndpointKind::Endpoint);
    let routes: BTreeSet<String> =
        endpoints.map(|endpoint| endpoint.route(effective.doc).into_owned()).collect();
    let own = DEFAULT_SKIP_PATHS.iter().map(|path| ((*path).to_owned(), "skipped by default"));
    let routes = routes.into_iter().filter(|route| !route.is_empty()).map(|it| (it, "endpoint"));
    let completions = own.chain(routes).filter_map(|(path, detail)| {
        let completion = value(spot, &json!(path), CompletionKind::Reference)?;
        Some(Completion { detail: detail.to_owned(), ..completion })
    });
    completions.collect()
}
