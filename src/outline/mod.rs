//! The effective configuration as plain data: what `otel-lint effective` shows.
//!
//! An [`Outline`] is the stable, documented form of what [`effective`](mod@crate::effective) computes;
//! it serializes to JSON as it is, and [`human`] and [`mermaid`] draw it. Every value says where it
//! comes from: `"default"`, or the file, line and column at which it is written.

mod environment;
pub mod human;
pub mod mermaid;
mod of_source;
mod overrides;
mod view;

pub use of_source::{NoOutline, of_rendered, of_source};

use serde::Serialize;

use crate::effective::{Effective, Status};
use crate::report::json::harmless;
use crate::source::{Source, Span};
use view::View;

/// Version of the JSON form; it changes when a field changes its meaning or goes away.
pub const FORM: u32 = 1;

/// What the gateway will do with one configuration.
#[derive(Clone, Debug, Serialize)]
pub struct Outline {
    /// [`FORM`].
    pub form: u32,
    /// The file.
    pub file: String,
    /// The gateway.
    pub target: Target,
    /// `active`; `does-not-start`: the gateway panics while it starts; `idle`: taken, but nothing is exported; `dropped`: refused with a line in the log;
    /// `absent`: no telemetry block; `load-error`: the gateway does not load the configuration.
    pub status: &'static str,
    /// The settings of the whole service; `None` unless the block is taken.
    pub service: Option<Service>,
    /// The exporters of the block.
    pub exporters: Vec<Exporter>,
    /// What each layer reports.
    pub layers: Option<Layers>,
    /// The ports that the configuration opens, in the order in which the gateway opens them.
    pub ports: Vec<Port>,
    /// Endpoints, agents and backends that override something, in the order of the file.
    pub overrides: Vec<overrides::Override>,
    /// Variables in the environment of the gateway that may change what is shown.
    pub environment: Vec<environment::Variable>,
}

/// The gateway that is looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Target {
    /// `ce` or `ee`.
    pub edition: &'static str,
    /// The release.
    pub version: String,
    /// Why this release, in words.
    pub why: String,
}

/// A value in force and its origin.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Value<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub from: From,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum From {
    /// Nobody wrote it.
    Default,
    /// It is written here.
    #[serde(untagged)]
    Written(Place),
}

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The file, if it is another one than that of the outline: a partial or settings of a flexible
    /// configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted in characters from 1.
    pub column: u32,
}

/// Where the text at a span of a document is written, which need not be where it stands: the text of a
/// flexible configuration comes from templates and settings.
pub type Places<'p> = dyn Fn(Span) -> Place + 'p;

/// The place of `span` in `source`.
#[must_use]
pub fn place(source: &Source, span: Span) -> Place {
    let at = source.position(span.start);
    Place { file: None, line: at.line, column: at.column }
}

/// The settings of the whole service.
#[derive(Clone, Debug, Serialize)]
pub struct Service {
    /// `service.name` of everything it reports.
    pub name: Value<String>,
    /// `deployment.environment`; empty for none.
    pub environment: Value<String>,
    /// Which traces are kept.
    pub sampler: Value<SamplerForm>,
    /// Seconds between two exports of metrics, for exporters without a period of their own.
    pub metric_period: Value<u64>,
    /// Paths that report nothing, compared to the letter.
    pub skip_paths: Value<Vec<String>>,
    /// Whether a trace that a client sends along is joined.
    pub joins_incoming_traces: Value<bool>,
    /// Whether a `traceparent` is sent to the backends.
    pub propagates_to_backends: bool,
}

/// Which traces are kept.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum SamplerForm {
    /// All of them, whatever the caller decided.
    Always,
    /// This part of the traces that begin at the gateway; the caller's decision for the others.
    Ratio {
        /// From 0 to 1, both left out.
        ratio: f64,
    },
}

/// An exporter.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Exporter {
    /// It pushes to a collector.
    Otlp {
        /// Its name.
        name: Value<String>,
        /// `grpc` or `http`.
        protocol: Value<&'static str>,
        /// Host and port as they are dialled.
        address: String,
        /// Where the host comes from.
        host_from: From,
        /// Where the port comes from.
        port_from: From,
        /// Whether the connection is encrypted.
        tls: bool,
        /// Whether such an address can be dialled at all.
        possible: bool,
        /// Whether it gets spans.
        traces: Value<bool>,
        /// Whether it gets metrics.
        metrics: Value<bool>,
        /// Seconds between two exports of metrics.
        metric_period: Value<u64>,
    },
    /// It opens a port for Prometheus.
    Prometheus {
        /// Its name.
        name: Value<String>,
        /// The address it listens on; empty for all.
        listen: Value<String>,
        /// Its port.
        port: Value<i64>,
        /// Whether it gets metrics; the port is open even if not.
        metrics: Value<bool>,
        /// Whether metrics of the process are added.
        process_metrics: Value<bool>,
        /// Whether metrics of the Go runtime are added.
        go_metrics: Value<bool>,
    },
}

/// A port that the gateway listens on.
#[derive(Clone, Debug, Serialize)]
pub struct Port {
    /// Its number, and where it comes from.
    pub port: Value<i64>,
    /// The address; empty for all.
    pub address: String,
    /// `gateway`, `prometheus exporter`, `telemetry/metrics` or `telemetry/opencensus`.
    pub owner: &'static str,
    /// Whether another one wants the same, so that only one of them gets it.
    pub clashes: bool,
}

/// What each layer reports.
#[derive(Clone, Debug, Serialize)]
pub struct Layers {
    /// Between clients and the gateway.
    pub global: Layer,
    /// The work of an endpoint.
    pub proxy: Layer,
    /// Between the gateway and its backends.
    pub backend: BackendLayer,
}

/// What the global or the proxy layer reports.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layer {
    /// Whether it reports spans.
    pub traces: Value<bool>,
    /// Whether it reports metrics.
    pub metrics: Value<bool>,
    /// Its headers.
    pub headers: HeadersForm,
    /// Attributes added to its spans, as `key=value`.
    pub traces_attributes: Vec<String>,
    /// Attributes added to its metrics, as `key=value`.
    pub metrics_attributes: Vec<String>,
}

/// What the backend layer reports.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BackendLayer {
    /// Its spans.
    pub traces: SignalForm,
    /// Its metrics.
    pub metrics: SignalForm,
    /// Its headers.
    pub headers: HeadersForm,
}

/// One signal of the backend layer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignalForm {
    /// The call as a whole.
    pub stage: Value<bool>,
    /// The HTTP request.
    pub round_trip: Value<bool>,
    /// Reading the body.
    pub read_payload: Value<bool>,
    /// Connection details; without effect unless one of the two before is on.
    pub detailed_connection: Value<bool>,
    /// Attributes added, as `key=value`.
    pub attributes: Vec<String>,
}

/// Headers as attributes of spans.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HeadersForm {
    /// Whether headers are reported.
    pub reported: Value<bool>,
    /// Those that are not.
    pub skipped: Vec<String>,
}

impl Outline {
    /// The outline of `effective`.
    #[must_use]
    pub fn new(effective: &Effective<'_>) -> Self {
        Self::with_places(effective, &|span| place(effective.doc.source(), span))
    }

    /// The same, where the text of the document is written at `places`.
    #[must_use]
    pub fn with_places(effective: &Effective<'_>, places: &Places<'_>) -> Self {
        let view = View { effective, places };
        let target = effective.target;
        let status = effective.status();
        let loads = effective.load_errors.is_empty();
        let taken = loads && matches!(status, Status::Active | Status::Idle);
        let service = &effective.service;
        Self {
            form: FORM,
            file: effective.doc.source().name().to_owned(),
            target: Target {
                edition: target.edition.short(),
                version: target.version.to_string(),
                why: target.to_string(),
            },
            status: match status {
                _ if !loads => "load-error",
                _ if !effective.panicking_overrides().is_empty() => "does-not-start",
                Status::Absent => "absent",
                Status::Dropped => "dropped",
                Status::Idle => "idle",
                Status::Active => "active",
            },
            service: taken.then(|| view.service(service)),
            exporters: if taken {
                let otlp = service.otlp.iter().map(|exporter| view.otlp(exporter));
                otlp.chain(service.prometheus.iter().map(|exporter| view.prometheus(exporter)))
                    .collect()
            } else {
                Vec::new()
            },
            layers: taken.then(|| Layers {
                global: view.global(&service.layers.global),
                proxy: view.proxy(&service.layers.proxy),
                backend: view.backend(&service.layers.backend),
            }),
            ports: view.ports(taken),
            overrides: if taken { overrides::of(&view) } else { Vec::new() },
            environment: if taken { environment::of(effective) } else { Vec::new() },
        }
    }

    /// The outline as JSON.
    ///
    /// # Panics
    /// Never: an outline has no value that JSON cannot hold.
    #[must_use]
    pub fn json(&self) -> String {
        let json = serde_json::to_string_pretty(self).expect("an outline is plain data");
        harmless(&json) + "\n"
    }
}
