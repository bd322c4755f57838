//! What an endpoint or a backend makes of the service's settings.
//!
//! An override replaces a whole layer; nothing of the service's settings is merged into it
//! (krakend-otel `state/config.go`). One that cannot be decoded is dropped without a word.

use super::layers::{Backend as BackendLayer, Proxy};
use super::{Backend, Effective, Endpoint};
use crate::document::NodeId;
use crate::model;
use crate::target::{Version, v};

/// The first release that takes overrides in the documented shape (krakend-otel v0.6.2).
pub const OVERRIDES_SINCE: Version = v(2, 8, 0);

/// The first release that panics on a backend override without `traces` (krakend-otel v0.13.0).
pub const PANICS_SINCE: Version = v(2, 12, 0);

/// The backend layer at one place.
#[derive(Clone, Debug)]
pub struct BackendPlace<'e> {
    /// What it reports.
    pub layer: BackendLayer,
    /// The endpoint and the backend whose override it is; `None` for the service.
    pub of: Option<(&'e Endpoint, &'e Backend)>,
}

impl Effective<'_> {
    /// Whether the gateway looks at overrides at all.
    #[must_use]
    pub fn takes_overrides(&self) -> bool {
        self.target.version >= OVERRIDES_SINCE
    }

    /// Whether `endpoint` leaves any telemetry behind the global layer: `skip_paths` may name it.
    #[must_use]
    pub fn is_reported(&self, endpoint: &Endpoint) -> bool {
        !self.service.skips(&endpoint.route(self.doc))
    }

    /// The backend layer at every place where it is written and in force: the service's, then the
    /// override of each backend.
    pub fn backend_layers(&self) -> impl Iterator<Item = BackendPlace<'_>> {
        let layers = self.block.as_ref().and_then(|block| block.written.layers.get());
        let service = layers
            .filter(|layers| layers.backend.is_written())
            .map(|_| BackendPlace { layer: self.service.layers.backend.clone(), of: None });
        let overrides = self.endpoints.iter().flat_map(move |endpoint| {
            endpoint.backends.iter().filter_map(move |backend| {
                let (_, written) = self.backend_override(backend)?;
                self.is_reported(endpoint).then(|| BackendPlace {
                    layer: BackendLayer::new(written, self.target),
                    of: Some((endpoint, backend)),
                })
            })
        });
        service.into_iter().chain(overrides)
    }

    /// Whether requests that meet the settings of `place` depend on it for their trace: there are
    /// some, or no endpoints are known, and not all of them have the client's `traceparent` let
    /// through by `input_headers`.
    #[must_use]
    pub fn breaks_traces(&self, place: &BackendPlace<'_>) -> bool {
        let cut = |endpoint: &Endpoint, backend: &Backend| {
            !endpoint.forwards(self.doc, "traceparent") || !backend.accepts(self.doc, "traceparent")
        };
        match place.of {
            Some((endpoint, backend)) => cut(endpoint, backend),
            None if self.endpoints.is_empty() => true,
            None => self.endpoints.iter().any(|endpoint| {
                let met = |backend: &Backend| {
                    cut(endpoint, backend) && self.backend_override(backend).is_none()
                };
                endpoint.backends.iter().any(met) && self.is_reported(endpoint)
            }),
        }
    }

    /// The `proxy` override of `endpoint` that is in force, and its node.
    #[must_use]
    pub fn proxy_override<'e>(&self, endpoint: &'e Endpoint) -> Option<(NodeId, &'e model::Proxy)> {
        let block = endpoint.block.as_ref().filter(|block| block.errors.is_empty())?;
        let proxy = &block.written.proxy;
        let node = proxy.at()?.node;
        proxy.get().filter(|_| self.takes_overrides()).map(|written| (node, written))
    }

    /// The `backend` override of `backend` that is in force, and its node.
    #[must_use]
    pub fn backend_override<'e>(
        &self,
        backend: &'e Backend,
    ) -> Option<(NodeId, &'e model::BackendLayer)> {
        let block = backend.block.as_ref().filter(|block| block.errors.is_empty())?;
        let layer = &block.written.backend;
        let node = layer.at()?.node;
        layer.get().filter(|_| self.takes_overrides()).map(|written| (node, written))
    }

    /// Whether some endpoint chooses the exporter `name` for itself, which the Enterprise Edition
    /// allows: one that is disabled at the service then still has something to do.
    #[must_use]
    pub fn is_chosen(&self, name: &str) -> bool {
        if self.is_community() {
            return false;
        }
        let blocks = self.endpoints.iter().filter_map(|endpoint| endpoint.block.as_ref());
        blocks.filter_map(|block| block.written.exporters_override.get()).any(|choice| {
            let lists = [&choice.metric_exporters, &choice.trace_exporters];
            let names = lists.into_iter().filter_map(|list| list.get()).flatten();
            names.filter_map(|chosen| chosen.get()).any(|chosen| chosen == name)
        })
    }

    /// Whether some exporter pushes metrics in the period of the service.
    #[must_use]
    pub fn uses_service_period(&self) -> bool {
        self.service.otlp.iter().any(|exporter| {
            !exporter.has_own_period()
                && (exporter.metrics.value || self.is_chosen(&exporter.name.value))
        })
    }

    /// What the proxy layer reports for `endpoint`.
    #[must_use]
    pub fn proxy_of(&self, endpoint: &Endpoint) -> Proxy {
        match (self.proxy_override(endpoint), &endpoint.block) {
            (Some(_), Some(block)) => Proxy::new(&block.written.proxy, self.target),
            _ => self.service.layers.proxy.clone(),
        }
    }

    /// What the backend layer reports for `backend`.
    #[must_use]
    pub fn backend_of(&self, backend: &Backend) -> BackendLayer {
        match self.backend_override(backend) {
            Some((_, written)) => BackendLayer::new(written, self.target),
            None => self.service.layers.backend.clone(),
        }
    }

    /// The backend overrides on which the gateway panics while it starts: those without `traces`
    /// (krakend-otel `lura/proxy.go:197`). The endpoints that `skip_paths` names escape.
    #[must_use]
    pub fn panicking_overrides(&self) -> Vec<NodeId> {
        let panics = self.is_community() && self.target.version >= PANICS_SINCE;
        if !panics || !self.is_registered() {
            return Vec::new(); // Without a working service block the overrides are not looked at.
        }
        let without_traces = |backend: &Backend| {
            let (node, layer) = self.backend_override(backend)?;
            (!layer.traces.is_written()).then_some(node)
        };
        self.endpoints
            .iter()
            .filter(|endpoint| !self.service.skips(&endpoint.route(self.doc)))
            .flat_map(|endpoint| endpoint.backends.iter().filter_map(without_traces))
            .collect()
    }
}
