//! What each layer reports.
//!
//! Upstream: krakend-otel `config/config.go` (defaults), `http/server/`, `lura/proxy.go`,
//! `lura/backend.go`, `http/client/`.

use std::collections::HashSet;

use super::Sourced;
use crate::document::NodeId;
use crate::model::{self, Field};
use crate::releases;
use crate::target::Target;

/// One of the three layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Between clients and the gateway.
    Global,
    /// The work of an endpoint.
    Proxy,
    /// Between the gateway and its backends.
    Backend,
}

impl Layer {
    /// Its key below `layers`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Proxy => "proxy",
            Self::Backend => "backend",
        }
    }
}

/// One of the two signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignalKind {
    /// Metrics.
    Metrics,
    /// Spans.
    Traces,
}

impl SignalKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Metrics, Self::Traces];

    /// Its key below `backend`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Metrics => "metrics",
            Self::Traces => "traces",
        }
    }
}

/// The three layers of a request.
#[derive(Clone, Debug)]
pub struct Layers {
    /// Between clients and the gateway.
    pub global: Global,
    /// The work of an endpoint.
    pub proxy: Proxy,
    /// Between the gateway and its backends.
    pub backend: Backend,
}

/// The layer between clients and the gateway.
#[derive(Clone, Debug)]
pub struct Global {
    /// Whether it reports metrics.
    pub metrics: Sourced<bool>,
    /// Whether it reports spans.
    pub traces: Sourced<bool>,
    /// Whether a trace sent along by a client is joined.
    pub propagation: Sourced<bool>,
    /// Whether, and which, headers become attributes of its spans.
    pub headers: Headers,
    /// Attributes added to its metrics.
    pub metrics_attributes: Vec<Attribute>,
    /// Attributes added to its spans.
    pub traces_attributes: Vec<Attribute>,
    /// Names of metrics and attributes: `1.27`, or empty for the old ones. Also steers the backend
    /// layer.
    pub semantic_convention: Sourced<String>,
}

/// The work of an endpoint.
#[derive(Clone, Debug)]
pub struct Proxy {
    /// Whether it reports metrics.
    pub metrics: Sourced<bool>,
    /// Whether it reports spans.
    pub traces: Sourced<bool>,
    /// Whether, and which, headers become attributes of its spans.
    pub headers: Headers,
    /// Attributes added to its metrics.
    pub metrics_attributes: Vec<Attribute>,
    /// Attributes added to its spans.
    pub traces_attributes: Vec<Attribute>,
}

/// The layer between the gateway and its backends.
#[derive(Clone, Debug)]
pub struct Backend {
    /// Its metrics.
    pub metrics: Signal,
    /// Its spans.
    pub traces: Signal,
    /// Whether, and which, headers become attributes of its spans.
    pub headers: Headers,
}

/// One signal of the backend layer.
#[derive(Clone, Debug)]
pub struct Signal {
    /// The object it is written as; `None` if all is default.
    pub node: Option<NodeId>,
    /// Whether the stage itself is reported: duration and span of the whole backend call. It does
    /// not silence the details below.
    pub stage: Sourced<bool>,
    /// Whether the HTTP request is reported.
    pub round_trip: Sourced<bool>,
    /// Whether reading the body is reported.
    pub read_payload: Sourced<bool>,
    /// Whether name resolution, connection and TLS handshake are reported.
    pub detailed_connection: Sourced<bool>,
    /// Attributes added.
    pub attributes: Vec<Attribute>,
}

/// Headers as attributes of spans.
#[derive(Clone, Debug, Default)]
pub struct Headers {
    /// Whether they are reported: of the request and of the response.
    pub reported: Sourced<bool>,
    /// Those that are not, as written.
    pub skipped: Sourced<Vec<Sourced<String>>>,
    /// How the release compares them.
    pub matching: Matching,
}

/// How a release compares the entries of `skip_headers` with the headers it reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Matching {
    /// It does not know the setting (up to 2.11): nothing is skipped.
    Ignored,
    /// Letter by letter with the canonical name (2.12).
    Exact,
    /// Whatever the case (from 2.13).
    #[default]
    Canonical,
}

impl Matching {
    /// How the releases of `target` compare.
    #[must_use]
    pub fn of(target: Target) -> Self {
        match target.version {
            version if version >= releases::SKIP_HEADERS_IN_ANY_CASE => Self::Canonical,
            version if version >= releases::SKIP_HEADERS => Self::Exact,
            _ => Self::Ignored,
        }
    }
}

/// A static attribute that is really added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its item in the list.
    pub node: NodeId,
    /// Its key.
    pub key: NodeId,
    /// Its value.
    pub value: NodeId,
}

impl Layers {
    /// What the gateway makes of the service's `layers`.
    #[must_use]
    pub fn new(written: &Field<model::Layers>, target: Target) -> Self {
        let none = model::Layers::default();
        let written = written.get().unwrap_or(&none);
        Self {
            global: Global::new(&written.global, target),
            proxy: Proxy::new(written.proxy.get().unwrap_or(&model::Proxy::default()), target),
            backend: Backend::of_service(&written.backend, target),
        }
    }
}

impl Global {
    fn new(written: &Field<model::Global>, target: Target) -> Self {
        let none = model::Global::default();
        let written = written.get().unwrap_or(&none);
        Self {
            metrics: Sourced::of(&written.disable_metrics, false).map(|off| !off),
            traces: Sourced::of(&written.disable_traces, false).map(|off| !off),
            propagation: Sourced::of(&written.disable_propagation, false).map(|off| !off),
            headers: Headers::new(&written.report_headers, &written.skip_headers, target),
            metrics_attributes: layer_attributes(&written.metrics_static_attributes, target),
            traces_attributes: layer_attributes(&written.traces_static_attributes, target),
            semantic_convention: if target.version >= releases::SEMANTIC_CONVENTION {
                Sourced::of(&written.semantic_convention, String::new())
            } else {
                Sourced::default_of(String::new())
            },
        }
    }
}

impl Proxy {
    /// What the gateway makes of a `proxy` object: of the service, or of an endpoint's override,
    /// which stands alone and takes nothing over from the service.
    #[must_use]
    pub fn new(written: &model::Proxy, target: Target) -> Self {
        Self {
            metrics: Sourced::of(&written.disable_metrics, false).map(|off| !off),
            traces: Sourced::of(&written.disable_traces, false).map(|off| !off),
            headers: Headers::new(&written.report_headers, &written.skip_headers, target),
            metrics_attributes: layer_attributes(&written.metrics_static_attributes, target),
            traces_attributes: layer_attributes(&written.traces_static_attributes, target),
        }
    }
}

impl Backend {
    /// What the gateway makes of the service's `layers.backend`. A signal that is not written has
    /// all details on; one that is written has those that are written.
    fn of_service(written: &Field<model::BackendLayer>, target: Target) -> Self {
        let none = model::BackendLayer::default();
        let written = written.get().unwrap_or(&none);
        Self::new(written, target)
    }

    /// What the gateway makes of a `backend` object: an override stands alone and takes nothing
    /// over from the service; a signal it does not write is that of the built-in defaults.
    #[must_use]
    pub fn new(written: &model::BackendLayer, target: Target) -> Self {
        let none = model::BackendTraces::default();
        let traces = written.traces.get().unwrap_or(&none);
        Self {
            metrics: Signal::of_metrics(&written.metrics),
            traces: Signal::of_traces(&written.traces),
            headers: Headers::new(&traces.report_headers, &traces.skip_headers, target),
        }
    }

    /// Its settings for `kind`.
    #[must_use]
    pub fn signal(&self, kind: SignalKind) -> &Signal {
        match kind {
            SignalKind::Metrics => &self.metrics,
            SignalKind::Traces => &self.traces,
        }
    }

    /// Its settings for both signals.
    pub fn signals(&self) -> impl Iterator<Item = &Signal> {
        [&self.metrics, &self.traces].into_iter()
    }

    /// Whether a `traceparent` is sent to the backend, given that spans are recorded at all: only
    /// the instrumented HTTP client injects it (`http/client/transport_traces.go`). Up to 2.8 the
    /// client was instrumented if either signal asked for it.
    #[must_use]
    pub fn propagates(&self, target: Target) -> bool {
        self.traces.instruments_client()
            || (target.version < releases::CLIENT_PER_SIGNAL && self.metrics.instruments_client())
    }
}

impl Signal {
    fn all_on() -> Self {
        let on = Sourced::default_of(true);
        Self {
            node: None,
            stage: on,
            round_trip: on,
            read_payload: on,
            detailed_connection: on,
            attributes: Vec::new(),
        }
    }

    fn of_metrics(field: &Field<model::BackendMetrics>) -> Self {
        let (Some(written), Some(at)) = (field.get(), field.at()) else {
            return Self::all_on();
        };
        Self {
            node: Some(at.node),
            stage: Sourced::of(&written.disable_stage, false).map(|off| !off),
            round_trip: Sourced::of(&written.round_trip, false),
            read_payload: Sourced::of(&written.read_payload, false),
            detailed_connection: Sourced::of(&written.detailed_connection, false),
            attributes: attributes(&written.static_attributes),
        }
    }

    fn of_traces(field: &Field<model::BackendTraces>) -> Self {
        let (Some(written), Some(at)) = (field.get(), field.at()) else {
            return Self::all_on();
        };
        Self {
            node: Some(at.node),
            stage: Sourced::of(&written.disable_stage, false).map(|off| !off),
            round_trip: Sourced::of(&written.round_trip, false),
            read_payload: Sourced::of(&written.read_payload, false),
            detailed_connection: Sourced::of(&written.detailed_connection, false),
            attributes: attributes(&written.static_attributes),
        }
    }

    /// Whether the HTTP client is instrumented: either flag turns it on, and `disable_stage` does
    /// not turn it off (`http/client/transport_metrics.go`, `transport_traces.go`).
    #[must_use]
    pub fn instruments_client(&self) -> bool {
        self.round_trip.value || self.read_payload.value
    }

    /// Whether one of the details is written, on or off.
    #[must_use]
    pub fn has_details(&self) -> bool {
        [self.round_trip, self.read_payload, self.detailed_connection]
            .iter()
            .any(|flag| flag.node.is_some())
    }

    /// Whether it reports anything.
    #[must_use]
    pub fn reports(&self) -> bool {
        self.stage.value || self.instruments_client()
    }
}

impl Headers {
    fn new(report: &Field<bool>, skip: &Field<Vec<Field<String>>>, target: Target) -> Self {
        let skipped = Sourced::of(skip, Vec::new())
            .map(|entries| entries.iter().map(|entry| Sourced::of(entry, String::new())).collect());
        Self { reported: Sourced::of(report, false), skipped, matching: Matching::of(target) }
    }

    /// Whether the header `name`, in its canonical form, is kept out of the spans.
    #[must_use]
    pub fn skips(&self, name: &str) -> bool {
        self.skipped.value.iter().any(|entry| match self.matching {
            Matching::Ignored => false,
            Matching::Exact => entry.value == name,
            Matching::Canonical => entry.value.eq_ignore_ascii_case(name),
        })
    }
}

/// Static attributes of the global and proxy layers, which arrived with 2.7.1.
fn layer_attributes(field: &Field<Vec<Field<model::Attribute>>>, target: Target) -> Vec<Attribute> {
    if target.version < releases::LAYER_ATTRIBUTES { Vec::new() } else { attributes(field) }
}

/// The attributes that are really added: a pair without key or value is dropped, and of equal keys the
/// last is kept (opentelemetry-go `attribute/set.go`).
fn attributes(field: &Field<Vec<Field<model::Attribute>>>) -> Vec<Attribute> {
    let pair = |item: &Field<model::Attribute>| {
        let attribute = item.get()?;
        let written = |field: &Field<String>| {
            let at = field.at()?;
            field.get().filter(|text| !text.is_empty()).map(|text| (text.clone(), at.node))
        };
        let ((name, key), (_, value)) = (written(&attribute.key)?, written(&attribute.value)?);
        Some((name, Attribute { node: item.at()?.node, key, value }))
    };
    let mut seen = HashSet::new();
    let mut kept: Vec<Attribute> = field
        .get()
        .into_iter()
        .flatten()
        .rev()
        .filter_map(pair)
        .filter_map(|(name, attribute)| seen.insert(name).then_some(attribute))
        .collect();
    kept.reverse();
    kept
}
