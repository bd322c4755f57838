//! The service-level block: `telemetry/opentelemetry` in the `extra_config` of the root.

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Exporters, Field, Layers};

/// Metrics and traces of the whole gateway. Without this block the gateway has no OpenTelemetry at
/// all; with it, `exporters` says where data goes and `layers` which data there is. One value of
/// the wrong type anywhere in it makes the gateway start without telemetry, with a single line in
/// its log.
// krakend-otel config/config.go (ConfigData), config/lura.go (FromLura); krakend-ce executor.go
// logs the error of a block that does not decode and goes on.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(title = "OpenTelemetry of the service", extend("required" = ["exporters"]))]
pub struct Service {
    /// Name under which this gateway reports. Empty or missing: the `name` at the root of the
    /// configuration, or else `KrakenD`. It beats the variable `OTEL_SERVICE_NAME`.
    // config/lura.go; the SDK merges its environment first.
    #[schemars(title = "Service name", extend("examples" = ["checkout-gateway"]))]
    pub service_name: Field<String>,

    /// Version reported as the resource attribute `service.version`. Empty or missing: the version
    /// of the gateway itself.
    #[schemars(
        title = "Service version",
        extend("examples" = ["2026.11.3"], "x-works-since" = "2.6.1")
    )]
    pub service_version: Field<String>,

    /// Environment reported as the resource attribute `deployment.environment`. Empty or missing:
    /// the attribute is not sent.
    #[schemars(
        title = "Deployment environment",
        extend("default" = "", "examples" = ["staging", "eu-production"], "x-since" = "2.10")
    )]
    pub deploy_env: Field<String>,

    /// Seconds between two exports of metrics by OTLP exporters; Prometheus asks when it wants to.
    /// 0 and less do not switch exports off: the SDK then takes 60 seconds, or what
    /// `OTEL_METRIC_EXPORT_INTERVAL` says. Whole numbers only.
    // state/state.go hands it to the SDK's periodic reader, which ignores what is not positive.
    #[schemars(
        title = "Metric reporting period",
        extend("default" = 30, "examples" = [10, 60])
    )]
    pub metric_reporting_period: Field<i64>,

    /// Share of traces that are kept, from 0 to 1; OTLP exporters only. 0 does **not** mean none:
    /// like 1 it records every request. Between the two, a caller that sends a sampled
    /// `traceparent` is always recorded, and requests left out pass no trace on to the backends. To
    /// send no traces, set `disable_traces` in the exporters.
    // state/state.go: ParentBased(TraceIDRatioBased) for 0 < rate < 1, AlwaysSample for all else.
    #[schemars(
        title = "Trace sample rate",
        range(min = 0, max = 1),
        extend("default" = 1, "examples" = [0.1, 0.25])
    )]
    pub trace_sample_rate: Field<f64>,

    /// Requests that leave no telemetry, by exact and case-sensitive path: no prefixes, no
    /// wildcards. The global layer compares the path of the request, the others the endpoint with
    /// `{id}` rewritten to `:id`, so braces never match. A list replaces the four default paths; an
    /// empty list keeps them; `[""]` skips nothing.
    // state/config.go (SkipEndpoint), lura config/uri.go (the rewriting), config/config.go (defaults).
    #[schemars(
        title = "Skipped paths",
        extend(
            "default" = ["/__health", "/__debug/", "/__echo/", "/__stats/"],
            "examples" = [["/__health", "/users/:id"], [""]]
        )
    )]
    pub skip_paths: Field<Vec<Field<String>>>,

    /// Bucket limits of the histograms.
    // No such field in config/config.go: the buckets of the Community Edition are constants of
    // config/histogram_buckets.go.
    #[schemars(title = "Histogram buckets", extend("x-since" = "2.8", "x-edition" = "ee"))]
    pub histograms: Field<Histograms>,

    /// Where telemetry goes. Nothing is sent, and nothing said in the log, when no exporter of a
    /// known family is declared. Names must be unique across both families, or all telemetry is off.
    #[schemars(title = "Exporters")]
    pub exporters: Field<Exporters>,

    /// What each of the three stages of a request reports. A stage that is not written here reports
    /// everything but headers.
    #[schemars(title = "Layers")]
    pub layers: Field<Layers>,
}

/// The limits between the buckets of histograms.
// krakend-schema v2.8 telemetry/opentelemetry.json; there is no code of it in the open.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Histograms {
    /// Upper limits of the buckets for durations, in seconds, ascending.
    #[schemars(
        title = "Limits of durations",
        extend(
            "default" = [
                0.01, 0.02, 0.05, 0.075, 0.1, 0.125, 0.15, 0.175, 0.2, 0.25, 0.3, 0.35, 0.5, 0.75,
                1.0, 1.5, 2.0, 3.5, 5.0, 10.0
            ],
            "examples" = [[0.1, 0.5, 1, 5]]
        )
    )]
    pub time_buckets: Field<Vec<Field<f64>>>,

    /// Upper limits of the buckets for sizes of bodies, in bytes, ascending.
    #[schemars(
        title = "Limits of sizes",
        extend(
            "default" = [
                128, 256, 512, 1024, 4096, 8192, 16384, 32768, 65536, 262_144, 524_288, 1_048_576,
                4_194_304, 16_777_216, 67_108_864
            ],
            "examples" = [[1024, 65536, 1_048_576]]
        )
    )]
    pub size_buckets: Field<Vec<Field<f64>>>,
}
