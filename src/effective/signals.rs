//! What concerns one signal alone, metrics or traces: which settings ask for it, and whether any
//! layer has something of it to say.

use super::Effective;
use super::layers::SignalKind;
use super::service::Service;
use crate::document::NodeId;
use crate::model::{self, Field};
use crate::releases;

impl Effective<'_> {
    /// Whether all three layers have `kind` off, and no override turns it on again for an endpoint
    /// or a backend.
    #[must_use]
    pub fn is_silent(&self, kind: SignalKind) -> bool {
        let layers = &self.service.layers;
        let (global, proxy) = match kind {
            SignalKind::Metrics => (layers.global.metrics, layers.proxy.metrics),
            SignalKind::Traces => (layers.global.traces, layers.proxy.traces),
        };
        if global.value || proxy.value || layers.backend.signal(kind).reports() {
            return false;
        }
        !self.endpoints.iter().any(|endpoint| {
            let proxy = endpoint.block.is_some() && {
                let proxy = self.proxy_of(endpoint);
                match kind {
                    SignalKind::Metrics => proxy.metrics.value,
                    SignalKind::Traces => proxy.traces.value,
                }
            };
            proxy
                || endpoint.backends.iter().any(|backend| {
                    backend.block.is_some() && self.backend_of(backend).signal(kind).reports()
                })
        })
    }

    /// The keys, in the order of the document, of the settings of the service that ask for something of `kind`, and do nothing
    /// without an exporter for it. What switches the signal off does not count.
    #[must_use]
    pub fn settings_of(&self, kind: SignalKind) -> Vec<NodeId> {
        let Some(block) = &self.block else { return Vec::new() };
        let mut keys = Keys { found: Vec::new() };
        if kind == SignalKind::Traces {
            // A rate of 0 was meant to switch them off.
            keys.add_if(&block.written.trace_sample_rate, |rate| *rate != 0.0);
        }
        let Some(layers) = block.written.layers.get() else { return keys.found };
        if let Some(global) = layers.global.get() {
            match kind {
                SignalKind::Metrics => {
                    keys.add_if(&global.metrics_static_attributes, |list| !list.is_empty());
                    let conventions = self.target.version >= releases::SEMANTIC_CONVENTION;
                    keys.add_if(&global.semantic_convention, |name| {
                        conventions && !name.is_empty()
                    });
                }
                SignalKind::Traces => {
                    keys.add_if(&global.report_headers, |on| *on);
                    keys.add_if(&global.skip_headers, |list| !list.is_empty());
                    keys.add_if(&global.traces_static_attributes, |list| !list.is_empty());
                }
            }
        }
        if let Some(proxy) = layers.proxy.get() {
            match kind {
                SignalKind::Metrics => {
                    keys.add_if(&proxy.metrics_static_attributes, |list| !list.is_empty());
                }
                SignalKind::Traces => {
                    keys.add_if(&proxy.report_headers, |on| *on);
                    keys.add_if(&proxy.skip_headers, |list| !list.is_empty());
                    keys.add_if(&proxy.traces_static_attributes, |list| !list.is_empty());
                }
            }
        }
        if let Some(backend) = layers.backend.get() {
            match kind {
                SignalKind::Metrics => keys.add_if(&backend.metrics, metrics_ask),
                SignalKind::Traces => keys.add_if(&backend.traces, traces_ask),
            }
        }
        keys.found.sort_unstable();
        keys.found
    }
}

impl Service {
    /// Whether some exporter gets the signal `kind`.
    #[must_use]
    pub fn has(&self, kind: SignalKind) -> bool {
        match kind {
            SignalKind::Metrics => self.has_metrics(),
            SignalKind::Traces => self.has_traces(),
        }
    }
}

struct Keys {
    found: Vec<NodeId>,
}

impl Keys {
    fn add_if<T>(&mut self, field: &Field<T>, asks: impl Fn(&T) -> bool) {
        let key = field.get().filter(|value| asks(value)).and_then(|_| Some(field.at()?.key()));
        self.found.extend(key);
    }
}

fn metrics_ask(metrics: &model::BackendMetrics) -> bool {
    let flags = [&metrics.round_trip, &metrics.read_payload, &metrics.detailed_connection];
    flags.iter().any(|flag| flag.get() == Some(&true))
        || metrics.static_attributes.get().is_some_and(|list| !list.is_empty())
}

fn traces_ask(traces: &model::BackendTraces) -> bool {
    let flags = [
        &traces.round_trip,
        &traces.read_payload,
        &traces.detailed_connection,
        &traces.report_headers,
    ];
    flags.iter().any(|flag| flag.get() == Some(&true))
        || traces.static_attributes.get().is_some_and(|list| !list.is_empty())
}
