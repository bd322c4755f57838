//! The three stages of a request and what each reports.

use schemars::{JsonSchema, Schema};
use serde::Deserialize;
use serde_json::json;

use super::Field;

/// What the stages of a request report.
// krakend-otel config/config.go (LayersOpts); unknown stages, such as OpenCensus's `router`, are
// ignored.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Layers {
    /// The whole of a request as the client sees it, from the HTTP server of the gateway.
    #[schemars(title = "Global layer")]
    pub global: Field<Global>,

    /// The work of an endpoint: fan-out to its backends, merging, manipulation.
    #[schemars(title = "Proxy layer")]
    pub proxy: Field<Proxy>,

    /// The requests to each backend.
    #[schemars(title = "Backend layer")]
    pub backend: Field<BackendLayer>,
}

/// The layer between clients and the gateway.
// config/config.go (GlobalOpts), http/server/. Of an endpoint's only the attributes are looked at
// (router/gin/endpoint.go), but all of it is decoded.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Global {
    /// Report no metrics of this layer.
    #[schemars(
        title = "No metrics of this layer",
        extend("default" = false, "x-since" = {"service": "2.6"})
    )]
    pub disable_metrics: Field<bool>,

    /// Report no spans of this layer.
    #[schemars(
        title = "No traces of this layer",
        extend("default" = false, "x-since" = {"service": "2.6"})
    )]
    pub disable_traces: Field<bool>,

    /// Start a new trace for every request instead of joining the trace a client sends along. What
    /// the gateway sends to its backends is not touched by this.
    // http/server/server.go: only the extraction is left out.
    #[schemars(
        title = "Ignore traces of clients",
        extend("default" = false, "x-since" = {"service": "2.6"})
    )]
    pub disable_propagation: Field<bool>,

    /// Add every header of request and response to the span: also `Authorization`, `Cookie` and
    /// `Set-Cookie`, unless `skip_headers` of this same layer names them.
    // http/server/traces.go
    #[schemars(
        title = "Report headers",
        extend("default" = false, "x-since" = {"service": "2.6"})
    )]
    pub report_headers: Field<bool>,

    /// Headers that `report_headers` leaves out of this layer, by exact name, no wildcards. 2.12
    /// compares letter by letter with names in canonical form (`Set-Cookie`), 2.13 ignores case.
    // http/server/server.go; krakend-otel pull requests 60 and 61.
    #[schemars(
        title = "Headers not to report",
        extend("examples" = [["Authorization", "Cookie", "Set-Cookie"]], "x-since" = {"service": "2.12"})
    )]
    pub skip_headers: Field<Vec<Field<String>>>,

    /// Attributes added to every metric of this layer. Those of an endpoint are added to those of
    /// the service and win over an equal key.
    #[schemars(
        title = "Metric attributes",
        extend(
            "examples" = [[{"key": "team", "value": "payments"}]],
            "x-since" = {"service": "2.7", "endpoint": "2.8"},
            "x-works-since" = {"service": "2.7.1"}
        )
    )]
    pub metrics_static_attributes: Field<Vec<Field<Attribute>>>,

    /// Attributes added to every span of this layer. Those of an endpoint are added to those of the
    /// service and win over an equal key.
    #[schemars(
        title = "Trace attributes",
        extend(
            "examples" = [[{"key": "team", "value": "payments"}]],
            "x-since" = {"service": "2.7", "endpoint": "2.8"},
            "x-works-since" = {"service": "2.7.1"}
        )
    )]
    pub traces_static_attributes: Field<Vec<Field<Attribute>>>,

    /// Names of HTTP metrics and their attributes: `1.27` for those of the semantic conventions 1.27,
    /// empty or missing for older ones. It is a text, not a number, and also holds for the
    /// metrics of the backend layer.
    // http/server/metrics.go; every other text means the older names.
    #[schemars(
        title = "Semantic conventions",
        extend("enum" = ["", "1.27"], "default" = "", "examples" = ["1.27"]),
        extend("x-since" = {"service": "2.8"}, "x-works-since" = "2.9.0")
    )]
    pub semantic_convention: Field<String>,
}

/// The layer of an endpoint's own work.
// config/config.go (PipeOpts), lura/proxy.go.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Proxy {
    /// Report no metrics of this layer.
    #[schemars(title = "No metrics of this layer", extend("default" = false))]
    pub disable_metrics: Field<bool>,

    /// Report no spans of this layer.
    #[schemars(title = "No traces of this layer", extend("default" = false))]
    pub disable_traces: Field<bool>,

    /// Add the headers of the request, as far as `input_headers` of the endpoint lets them through,
    /// and of the response to the span, unless `skip_headers` of this same layer names them.
    #[schemars(
        title = "Report headers",
        extend("default" = false, "x-since" = {"service": "2.6", "endpoint": "2.7"})
    )]
    pub report_headers: Field<bool>,

    /// Headers that `report_headers` leaves out of this layer, by exact name, no wildcards. 2.12
    /// compares letter by letter with names in canonical form (`Set-Cookie`), 2.13 ignores case.
    #[schemars(
        title = "Headers not to report",
        extend(
            "examples" = [["Authorization", "Cookie", "Set-Cookie"]],
            "x-since" = {"service": "2.12", "endpoint": "2.12"}
        )
    )]
    pub skip_headers: Field<Vec<Field<String>>>,

    /// Attributes added to every metric of this layer.
    #[schemars(
        title = "Metric attributes",
        extend(
            "examples" = [[{"key": "team", "value": "payments"}]],
            "x-since" = {"service": "2.7", "endpoint": "2.7"},
            "x-works-since" = {"service": "2.7.1"}
        )
    )]
    pub metrics_static_attributes: Field<Vec<Field<Attribute>>>,

    /// Attributes added to every span of this layer.
    #[schemars(
        title = "Trace attributes",
        extend(
            "examples" = [[{"key": "team", "value": "payments"}]],
            "x-since" = {"service": "2.7", "endpoint": "2.7"},
            "x-works-since" = {"service": "2.7.1"}
        )
    )]
    pub traces_static_attributes: Field<Vec<Field<Attribute>>>,
}

/// The layer of requests to backends.
// config/config.go (BackendOpts), lura/proxy.go and lura/backend.go, http/client/.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BackendLayer {
    /// Metrics of requests to backends. Leave this object out and round trip, payload and connection
    /// are all measured; write it, even empty, and each of them is off until it is set to `true`.
    // config/config.go (UnsetFieldsToDefaults) fills in a missing object, never a missing flag.
    #[schemars(title = "Metrics of backends")]
    pub metrics: Field<BackendMetrics>,

    /// Spans of requests to backends. Leave this object out and round trip, payload and connection
    /// are all traced; write it, even empty, and each of them is off until it is set to `true`.
    /// Without `round_trip` or `read_payload` no `traceparent` header reaches the backends.
    // http/client/transport.go: the header is injected by the traced transport alone.
    #[schemars(title = "Traces of backends")]
    pub traces: Field<BackendTraces>,
}

/// What is measured of requests to backends.
// config/config.go (BackendMetricOpts), http/client/transport_metrics.go.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BackendMetrics {
    /// Do not measure the stage as a whole. Round trip and payload are still measured if their flags
    /// are set.
    // lura/proxy.go looks at it, lura/backend.go does not.
    #[schemars(title = "No metrics of the stage", extend("default" = false))]
    pub disable_stage: Field<bool>,

    /// Measure the HTTP request until its response begins. `read_payload` alone brings these metrics
    /// too.
    #[schemars(
        title = "Round trip",
        extend("default" = false, "x-since" = {"service": "2.6", "endpoint": "2.7", "backend": "2.7"})
    )]
    pub round_trip: Field<bool>,

    /// Measure the reading of the response's body.
    #[schemars(
        title = "Reading the payload",
        extend("default" = false, "x-since" = {"service": "2.6", "endpoint": "2.7", "backend": "2.7"})
    )]
    pub read_payload: Field<bool>,

    /// Measure DNS look-up, connecting and TLS handshake. No effect unless `round_trip` or
    /// `read_payload` is on beside it.
    #[schemars(
        title = "Phases of the connection",
        extend("default" = false, "x-since" = {"service": "2.6", "endpoint": "2.7", "backend": "2.7"})
    )]
    pub detailed_connection: Field<bool>,

    /// Attributes added to every metric of this layer; one with the key of a built-in attribute
    /// replaces it.
    #[schemars(
        title = "Metric attributes",
        transform = key_and_value_required,
        extend(
            "examples" = [[{"key": "team", "value": "payments"}]],
            "x-since" = {"service": "2.6", "endpoint": "2.7", "backend": "2.7"}
        )
    )]
    pub static_attributes: Field<Vec<Field<Attribute>>>,
}

/// What is traced of requests to backends.
// config/config.go (BackendTraceOpts), http/client/transport_traces.go.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct BackendTraces {
    /// Make no span of the stage as a whole. Round trip and payload still have theirs if their flags
    /// are set.
    #[schemars(title = "No span of the stage", extend("default" = false))]
    pub disable_stage: Field<bool>,

    /// Make a span of the HTTP request and pass the trace on to the backend. `read_payload` alone
    /// does so too.
    #[schemars(
        title = "Round trip",
        extend("default" = false, "x-since" = {"service": "2.6", "endpoint": "2.7", "backend": "2.7"})
    )]
    pub round_trip: Field<bool>,

    /// Make a span of reading the body of the response.
    #[schemars(
        title = "Reading the payload",
        extend("default" = false, "x-since" = {"service": "2.6", "endpoint": "2.7", "backend": "2.7"})
    )]
    pub read_payload: Field<bool>,

    /// Add DNS look-up, connecting and TLS handshake to the span. No effect unless `round_trip` or
    /// `read_payload` is on beside it.
    #[schemars(
        title = "Phases of the connection",
        extend("default" = false, "x-since" = {"service": "2.6", "endpoint": "2.7", "backend": "2.7"})
    )]
    pub detailed_connection: Field<bool>,

    /// Add every header sent to and received from the backend to the span: also credentials, unless
    /// `skip_headers` of this same layer names them.
    #[schemars(
        title = "Report headers",
        extend("default" = false, "x-since" = {"service": "2.6", "endpoint": "2.7", "backend": "2.7"})
    )]
    pub report_headers: Field<bool>,

    /// Headers that `report_headers` leaves out of this layer, by exact name, no wildcards. 2.12
    /// compares letter by letter with names in canonical form (`Set-Cookie`), 2.13 ignores case.
    // The schema of 2.11 has it a release too early: its gateway reports the headers regardless.
    #[schemars(
        title = "Headers not to report",
        extend(
            "examples" = [["Authorization", "Set-Cookie"]],
            "x-since" = {"service": "2.11", "endpoint": "2.12", "backend": "2.12"},
            "x-works-since" = "2.12.0"
        )
    )]
    pub skip_headers: Field<Vec<Field<String>>>,

    /// Attributes added to every span of this layer; one with the key of a built-in attribute
    /// replaces it.
    #[schemars(
        title = "Trace attributes",
        transform = key_and_value_required,
        extend(
            "examples" = [[{"key": "team", "value": "payments"}]],
            "x-since" = {"service": "2.6", "endpoint": "2.7", "backend": "2.7"}
        )
    )]
    pub static_attributes: Field<Vec<Field<Attribute>>>,
}

/// A fixed attribute of metrics or spans. Without key or without value it is dropped silently.
// config/config.go (KeyValue); http/server/server.go and lura/proxy.go drop it.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Attribute {
    /// Name of the attribute. Prometheus turns dots and dashes into underscores. Empty or missing:
    /// the attribute is dropped.
    #[schemars(title = "Attribute key", extend("examples" = ["team"]))]
    pub key: Field<String>,

    /// Its value, always a text. Empty or missing: the attribute is dropped.
    #[schemars(title = "Attribute value", extend("examples" = ["payments"]))]
    pub value: Field<String>,
}

/// The official schemas ask for both halves of an attribute in the backend layer only.
fn key_and_value_required(attributes: &mut Schema) {
    if let Some(items) = attributes.get_mut("items").and_then(|items| items.as_object_mut()) {
        items.insert("required".into(), json!(["key", "value"]));
    }
}
