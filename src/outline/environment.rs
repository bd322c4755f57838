//! What the environment of the gateway may still change: no configuration tells.
//!
//! Upstream: opentelemetry-go `exporters/otlp/…/internal/envconfig`, `sdk/resource`,
//! `propagation`; seen on KrakenD CE 2.13.8. `OTEL_SERVICE_NAME`, `OTEL_SDK_DISABLED`,
//! `OTEL_TRACES_SAMPLER` and the host in `OTEL_EXPORTER_OTLP_ENDPOINT` change nothing.

use serde::Serialize;

use crate::effective::Effective;
use crate::effective::exporters::whole_seconds;
use crate::releases;

/// A variable that may change what is shown.
#[derive(Clone, Debug, Serialize)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it changes.
    pub changes: &'static str,
}

/// The variables that matter to the exporters that there are.
pub(super) fn of(effective: &Effective<'_>) -> Vec<Variable> {
    let service = &effective.service;
    let written = effective.block.as_ref();
    let written = written.and_then(|block| block.written.metric_reporting_period.get());
    let http = service.otlp.iter().any(|exporter| exporter.use_http.value);
    let old = effective.target.version <= releases::LAST_HTTP_OVER_TLS;
    let pushes = !service.otlp.is_empty();
    let all = [
        (
            "OTEL_RESOURCE_ATTRIBUTES",
            "adds attributes to all spans and metrics; not `service.name`",
            pushes || !service.prometheus.is_empty(),
        ),
        (
            "OTEL_PROPAGATORS",
            "how traces are taken from clients and passed on: `b3` removes `traceparent`",
            service.has_traces(),
        ),
        ("OTEL_EXPORTER_OTLP_HEADERS", "adds headers to every export", pushes),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "trusts a certificate; turns gRPC to TLS", pushes),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "how long an export may take", pushes),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "its path is put before `/v1/…` of HTTP exporters; its host is not used",
            http,
        ),
        ("OTEL_EXPORTER_OTLP_INSECURE", "turns TLS over HTTP off", http && old),
        (
            "OTEL_METRIC_EXPORT_INTERVAL",
            "the period of metrics where the configured one is not positive",
            service.has_otlp_metrics() && written.is_some_and(|&it| whole_seconds(it).is_none()),
        ),
    ];
    let matter = all.into_iter().filter(|(_, _, matters)| *matters);
    matter.map(|(name, changes, _)| Variable { name, changes }).collect()
}
