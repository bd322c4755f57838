//! What an endpoint, an async agent or a backend changes for itself. Its parts are boxed: there are
//! thousands of overrides in a large configuration, and nearly all write one part only.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{BackendLayer, Field, Global, Proxy};

/// Telemetry settings of one endpoint or async agent, in place of those of the service. A value of
/// the wrong type makes the gateway ignore the block, and logs nothing.
// krakend-otel state/config.go (EndpointPipeOpts), router/gin/endpoint.go; lura
// async/asyncagent.go makes an endpoint of an agent.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "OpenTelemetry of an endpoint")]
pub struct EndpointOverride {
    /// Attributes for the global layer of this endpoint, in addition to those of the service.
    #[schemars(
        title = "Global layer",
        extend("x-since" = {"endpoint": "2.8"}, "x-works-since" = "2.9.0")
    )]
    pub global: Field<Box<Global>>,

    /// The proxy layer of this endpoint. It replaces `layers.proxy` of the service as a whole: what
    /// is not repeated here, such as `skip_headers` and attributes, is gone.
    // state/config.go takes one or the other; nothing is merged.
    #[schemars(title = "Proxy layer", extend("x-works-since" = "2.8.0"))]
    pub proxy: Field<Box<Proxy>>,

    /// The backend layer of all backends of this endpoint. In the Community Edition write it in each
    /// backend instead.
    #[schemars(
        title = "Backend layer",
        extend("x-since" = {"endpoint": "2.7"}, "x-edition" = "ee")
    )]
    pub backend: Field<Box<BackendLayer>>,

    /// Other exporters, period and sample rate for this endpoint.
    #[schemars(title = "Other exporters", extend("x-edition" = "ee"))]
    pub exporters_override: Field<Box<ExportersOverride>>,
}

/// Exporters and rates that hold for one endpoint.
// krakend-schema v2.6 telemetry/opentelemetry-endpoint.json; there is no code of it in the open.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct ExportersOverride {
    /// Names of the exporters that get the metrics of this endpoint, spelt as at the service.
    #[schemars(title = "Exporters of metrics", extend("examples" = [["scrape"]]))]
    pub metric_exporters: Field<Vec<Field<String>>>,

    /// Names of the exporters that get the traces of this endpoint, spelt as at the service.
    #[schemars(title = "Exporters of traces", extend("examples" = [["collector"]]))]
    pub trace_exporters: Field<Vec<Field<String>>>,

    /// Seconds between two exports of the metrics of this endpoint.
    #[schemars(title = "Metric reporting period", extend("examples" = [60]))]
    pub metric_reporting_period: Field<i64>,

    /// Share of traces of this endpoint that are kept, from 0 to 1.
    #[schemars(title = "Trace sample rate", range(min = 0, max = 1), extend("examples" = [0.1]))]
    pub trace_sample_rate: Field<f64>,
}

/// Telemetry settings of one backend, in place of those of the service. A value of the wrong type
/// makes the gateway ignore the block, and logs nothing.
// krakend-otel state/config.go (BackendOpts), lura/proxy.go, lura/backend.go.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "OpenTelemetry of a backend")]
pub struct BackendOverride {
    /// Without effect: its attributes belong in the endpoint.
    // Decoded like the global layer of the service; nothing reads it here.
    #[schemars(title = "Global layer", extend("x-since" = {}))]
    pub global: Field<Box<Global>>,

    /// Without effect: settings of the proxy layer belong in the endpoint.
    // krakend-schema lists it in v2.6 only; no release reads it.
    #[schemars(
        title = "Proxy layer",
        extend("x-since" = {"backend": "2.6"}, "x-until" = "2.6", "x-works-since" = "never")
    )]
    pub proxy: Field<Box<Proxy>>,

    /// The backend layer of this backend. It replaces `layers.backend` of the service as a whole:
    /// every flag not set here is off. Write `metrics` and `traces` both: without `metrics` the
    /// defaults of the gateway apply, not those of the service, and without `traces` the gateway
    /// crashes at its start from 2.12.0 on.
    // state/config.go (BackendOpts) merges nothing; lura/proxy.go dereferences the missing traces.
    #[schemars(title = "Backend layer", extend("x-works-since" = "2.8.0"))]
    pub backend: Field<Box<BackendLayer>>,
}
