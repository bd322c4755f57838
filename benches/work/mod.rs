//! The work that is measured: configurations of any size, always the same bytes for the same call.
//!
//! They are like those of the world. No two endpoints have the same text: paths, hosts, limits and
//! attributes differ, members are there or not, every override says something else. Three of ten
//! endpoints have no override, and one in forty has a setting that is worth a warning.
//!
//! Shared by the benchmarks, a test and, through `main.rs`, the scripts. Nothing but the standard
//! library, so that `rustc` alone builds it.

mod endpoint;
mod random;
mod value;

use std::ops::Range;

use value::{Value, list, object};

/// The configuration of the first page of the documentation, 1 KB.
pub const SEED: &str = include_str!("../../fixtures/jaeger.json");

/// The endpoints of a file of 15 KB, a small service.
pub const SMALL: usize = 10;

/// The endpoints of a file of 70 KB, the size of a large configuration that a team keeps by hand.
pub const REAL: usize = 49;

/// One of so many endpoints has a setting that does nothing, which is a warning.
pub const WARNED: usize = 40;

/// A configuration with these of all possible endpoints, in about 1,450 bytes an endpoint. A setting of
/// so many of them, spread evenly, has the wrong type: an error.
#[must_use]
pub fn configuration(endpoints: Range<usize>, wrong: usize) -> Value {
    let count = endpoints.len();
    let is_wrong = |nth: usize| (nth + 1) * wrong / count > nth * wrong / count;
    let text = |text: &str| Value::from(text);
    let attribute = [("key", text("region")), ("value", text("eu-central"))];
    let layers = [("global", object([("metrics_static_attributes", list([object(attribute)]))]))];
    let otlp = [("name", text("collector")), ("host", text("otel-collector"))];
    let prometheus = [("name", text("scrape")), ("port", 9090.into())];
    let telemetry = [
        ("service_name", text("shop-gateway")),
        ("service_version", text("4.17.0")),
        ("trace_sample_rate", Value::Number("0.15")),
        ("metric_reporting_period", 30.into()),
        ("skip_paths", list([text("/__health")])),
        ("layers", object(layers)),
        (
            "exporters",
            object([("otlp", list([object(otlp)])), ("prometheus", list([object(prometheus)]))]),
        ),
    ];
    object([
        ("$schema", text("https://www.krakend.io/schema/v2.13/krakend.json")),
        ("version", 3.into()),
        ("name", text("shop-gateway")),
        ("port", 8080.into()),
        ("timeout", text("3000ms")),
        ("extra_config", object([("telemetry/opentelemetry", object(telemetry))])),
        (
            "endpoints",
            list(endpoints.enumerate().map(|(nth, index)| endpoint::new(index, is_wrong(nth)))),
        ),
    ])
}
