//! Where telemetry goes: the exporters of the service-level block.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Field;

/// The exporters, by family.
// krakend-otel config/config.go (Exporters); other families, such as jaeger or zipkin, are ignored.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("minProperties" = 1))]
pub struct Exporters {
    /// Exporters that push traces and metrics to a collector with the OpenTelemetry protocol.
    #[schemars(title = "OTLP exporters", extend("minItems" = 1))]
    pub otlp: Field<Vec<Field<OtlpExporter>>>,

    /// Exporters that offer metrics at `/metrics` on a port of the gateway, for Prometheus to
    /// fetch. Alone they give no traces, and no trace context is passed on to backends.
    #[schemars(title = "Prometheus exporters", extend("minItems" = 1))]
    pub prometheus: Field<Vec<Field<PrometheusExporter>>>,
}

/// A collector that telemetry is pushed to.
// config/config.go (OTLPExporter), exporter/otelcollector/otelcollector.go.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["name", "host"]))]
pub struct OtlpExporter {
    /// What the log and the overrides call this exporter. Two exporters with one name, also across
    /// families, switch all telemetry off.
    // config/config.go (Validate) fails the registration.
    #[schemars(title = "Exporter name", extend("examples" = ["collector"]))]
    pub name: Field<String>,

    /// Host name or address of the collector, without port and path; IPv6 in brackets. Empty means
    /// `localhost`. From 2.10 on a prefix `http://` or `https://` is understood; before, it is taken
    /// for a part of the name. With gRPC the Community Edition sends clear text even to `https://`.
    // otelcollector.go appends `:port` first and strips the scheme afterwards.
    #[schemars(title = "Collector host", extend("examples" = ["collector", "https://otlp.example.com"]))]
    pub host: Field<String>,

    /// Port of the collector. 0 or missing is 4317, with `use_http` too, although collectors listen
    /// for HTTP on 4318: write that port.
    // otelcollector.go knows one default port only.
    #[schemars(
        title = "Collector port",
        range(min = 0, max = 65535),
        extend("default" = 4317, "examples" = [4317, 4318])
    )]
    pub port: Field<i64>,

    /// Push protobuf over HTTP to `/v1/traces` and `/v1/metrics` instead of gRPC. The paths cannot
    /// be changed. Up to 2.9 it always uses TLS; from 2.10 on only if the host begins with
    /// `https://`.
    #[schemars(title = "HTTP instead of gRPC", extend("default" = false))]
    pub use_http: Field<bool>,

    /// Send no metrics to this collector. Needed where it takes traces only, as Jaeger does.
    // otel.go creates the exporter and attaches it to no pipeline.
    #[schemars(title = "No metrics", extend("default" = false))]
    pub disable_metrics: Field<bool>,

    /// Send no traces to this collector.
    #[schemars(title = "No traces", extend("default" = false))]
    pub disable_traces: Field<bool>,

    /// Seconds between two exports of metrics to this collector, in place of the period of the
    /// service; 0 keeps that one. A negative number does not decode and switches all telemetry off.
    // An unsigned integer in config/config.go.
    #[schemars(
        title = "Reporting period of this exporter",
        extend("default" = 0, "examples" = [5], "x-since" = "2.10")
    )]
    pub custom_metric_reporting_period: Field<u64>,
}

/// A port of the gateway where Prometheus fetches metrics.
// config/config.go (PrometheusExporter), exporter/prometheus/prometheus.go.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
#[schemars(extend("required" = ["name"]))]
pub struct PrometheusExporter {
    /// What the log and the overrides call this exporter. Two exporters with one name, also across
    /// families, switch all telemetry off.
    #[schemars(title = "Exporter name", extend("examples" = ["scrape"]))]
    pub name: Field<String>,

    /// Port on which `/metrics` is served, next to the port of the gateway itself. 0 or missing is
    /// 9090. If it is taken, the gateway goes on without and says so on standard error only.
    #[schemars(
        title = "Scrape port",
        range(min = 0, max = 65535),
        extend("default" = 9090, "examples" = [9090])
    )]
    pub port: Field<i64>,

    /// Address to listen on, IPv4 or IPv6 without brackets. Empty, missing or not read: every
    /// interface.
    // config/config.go has `host` instead.
    #[schemars(
        title = "Listening address",
        extend("default" = "0.0.0.0", "examples" = ["127.0.0.1", "::1"], "x-works-since" = "never")
    )]
    pub listen_ip: Field<String>,

    /// Address to listen on in the Community Edition; IPv6 in brackets. The official schema does not
    /// know it.
    // config/config.go, exporter/prometheus/prometheus.go.
    #[schemars(title = "Listening address of the Community Edition", extend("x-since" = {}))]
    pub host: Field<String>,

    /// Add metrics of the operating system process: CPU, memory, open files.
    #[schemars(title = "Process metrics", extend("default" = false))]
    pub process_metrics: Field<bool>,

    /// Add metrics of the Go runtime: goroutines, garbage collection, heap.
    #[schemars(title = "Go runtime metrics", extend("default" = false))]
    pub go_metrics: Field<bool>,

    /// Offer no metrics. The port stays open all the same, and every scrape logs an error: leave the
    /// exporter out instead.
    // prometheus.go starts its server before anybody looks at the flag.
    #[schemars(title = "No metrics", extend("default" = false))]
    pub disable_metrics: Field<bool>,

    /// Without effect: Prometheus decides itself how often it fetches.
    #[schemars(
        title = "Reporting period of this exporter",
        extend("default" = 0, "x-since" = "2.10", "x-works-since" = "never")
    )]
    pub custom_metric_reporting_period: Field<u64>,
}
