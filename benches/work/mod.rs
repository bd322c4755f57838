//! The work that is measured: configurations of any size, always the same bytes for the same call.
//!
//! Shared by the benchmarks and, through `main.rs`, by the scripts. Nothing but the standard library,
//! so that `rustc` alone builds it.

mod value;

use value::{Value, list, object};

/// The configuration of the first page of the documentation.
pub const SEED: &str = include_str!("../../fixtures/jaeger.json");

/// The endpoints of a file of 15 KB.
pub const SMALL: usize = 12;

/// What is wrong with a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faults {
    /// Nothing: no finding of the default severity.
    None,
    /// A setting of the last endpoint has the wrong type.
    Last,
    /// That setting of so many endpoints, spread evenly.
    Many(usize),
}

/// A configuration with so many endpoints, two overrides each, in about 1,270 bytes an endpoint.
#[must_use]
pub fn configuration(endpoints: usize, faults: Faults) -> Value {
    let is_wrong = |index: usize| match faults {
        Faults::None => false,
        Faults::Last => index + 1 == endpoints,
        Faults::Many(many) => (index + 1) * many / endpoints > index * many / endpoints,
    };
    let exporter =
        [("name", "collector".into()), ("host", "otel-collector".into()), ("port", 4317.into())];
    let telemetry = [
        ("service_name", "shop-gateway".into()),
        ("trace_sample_rate", Value::Number("0.15")),
        ("metric_reporting_period", 30.into()),
        ("exporters", object([("otlp", list([object(exporter)]))])),
    ];
    object([
        ("$schema", "https://www.krakend.io/schema/v2.13/krakend.json".into()),
        ("version", 3.into()),
        ("name", "shop-gateway".into()),
        ("port", 8080.into()),
        ("timeout", "3000ms".into()),
        ("extra_config", object([("telemetry/opentelemetry", object(telemetry))])),
        ("endpoints", list((0..endpoints).map(|index| endpoint(index, is_wrong(index))))),
    ])
}

fn endpoint(index: usize, is_wrong: bool) -> Value {
    let off = if is_wrong { "yes".into() } else { false.into() };
    let attribute = [("key", "team".into()), ("value", format!("team-{}", index % 40).into())];
    let proxy =
        [("disable_metrics", off), ("metrics_static_attributes", list([object(attribute)]))];
    let limits =
        [("max_rate", 50.into()), ("client_max_rate", 5.into()), ("strategy", "ip".into())];
    object([
        ("endpoint", format!("/v1/shops/{{shop}}/offers-{index}/{{offer}}").into()),
        ("method", "GET".into()),
        ("input_headers", list(["Accept-Language".into(), "Traceparent".into()])),
        ("input_query_strings", list(["page".into(), "größe".into()])),
        ("backend", list([backend(index)])),
        (
            "extra_config",
            object([
                ("qos/ratelimit/router", object(limits)),
                ("telemetry/opentelemetry", object([("proxy", object(proxy))])),
            ]),
        ),
    ])
}

fn backend(index: usize) -> Value {
    let metrics = [("disable_stage", false.into()), ("round_trip", true.into())];
    let traces = [
        ("disable_stage", false.into()),
        ("round_trip", true.into()),
        ("read_payload", true.into()),
        ("detailed_connection", true.into()),
    ];
    let layer = [("metrics", object(metrics)), ("traces", object(traces))];
    object([
        ("url_pattern", format!("/internal/offers-{index}/{{offer}}?shop={{shop}}").into()),
        ("host", list([format!("http://offers-{}:8000", index % 97).into()])),
        (
            "extra_config",
            object([("telemetry/opentelemetry", object([("backend", object(layer))]))]),
        ),
    ])
}
