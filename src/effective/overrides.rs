//! What an endpoint or a backend makes of the service's settings.
//!
//! An override replaces a whole layer; nothing of the service's settings is merged into it
//! (krakend-otel `state/config.go`). One that cannot be decoded is dropped without a log line.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Bound;

use super::layers::{Backend as BackendLayer, Proxy};
use super::{Backend, Effective, Endpoint, Service};
use crate::document::{Document, NodeId};
use crate::model::{self, Field};
use crate::releases;
use crate::target::Target;

/// The backend layer at one place.
#[derive(Clone, Debug)]
pub struct BackendPlace<'e> {
    /// What it reports.
    pub layer: Cow<'e, BackendLayer>,
    /// The endpoint and the backend whose override it is; `None` for the service.
    pub of: Option<(&'e Endpoint, &'e Backend)>,
}

/// Tells which overrides are in force, and which endpoints `skip_paths` names: many rules ask for it.
pub(super) fn apply(
    endpoints: &mut [Endpoint],
    service: &Service,
    doc: &Document<'_>,
    target: Target,
) {
    let skipped: BTreeSet<&[u8]> = service.skip_paths.value.iter().map(String::as_bytes).collect();
    for endpoint in endpoints {
        endpoint.is_reported = !is_skipped(endpoint, &skipped, doc);
        if target.version < releases::OVERRIDES {
            continue;
        }
        endpoint.is_overridden = endpoint
            .block
            .as_ref()
            .is_some_and(|block| block.errors.is_empty() && block.written.proxy.get().is_some());
        for backend in &mut endpoint.backends {
            backend.is_overridden = backend.block.as_ref().is_some_and(|block| {
                block.errors.is_empty() && block.written.backend.get().is_some()
            });
        }
    }
}

/// Whether `skipped` names `endpoint`. Its route is made only if one of them begins like it.
fn is_skipped(endpoint: &Endpoint, skipped: &BTreeSet<&[u8]>, doc: &Document<'_>) -> bool {
    if let Some(path) = endpoint.path.and_then(|path| doc.plain(path)) {
        let begin = path.split(|byte| *byte == b'{').next().unwrap_or_default();
        let mut from = skipped.range::<[u8], _>((Bound::Included(begin), Bound::Unbounded));
        if !from.next().is_some_and(|entry| entry.starts_with(begin)) {
            return false;
        }
    }
    skipped.contains(endpoint.route(doc).as_bytes())
}

/// An override that is in force, as it is written.
#[derive(Clone, Copy, Debug)]
pub struct Written<'e, T> {
    /// The object that is the layer.
    pub node: NodeId,
    /// What is in it.
    pub layer: &'e T,
}

impl<'e, T> Written<'e, T> {
    fn of(layer: &'e Field<Box<T>>) -> Option<Self> {
        Some(Self { node: layer.at()?.node, layer: layer.get()? })
    }
}

impl Endpoint {
    /// Its `proxy` override, if it is in force.
    #[must_use]
    pub fn written(&self) -> Option<Written<'_, model::Proxy>> {
        let block = self.block.as_ref().filter(|_| self.is_overridden)?;
        Written::of(&block.written.proxy)
    }
}

impl Backend {
    /// Its `backend` override, if it is in force.
    #[must_use]
    pub fn written(&self) -> Option<Written<'_, model::BackendLayer>> {
        let block = self.block.as_ref().filter(|_| self.is_overridden)?;
        Written::of(&block.written.backend)
    }
}

impl Effective<'_> {
    /// Whether the gateway looks at overrides at all.
    #[must_use]
    pub fn takes_overrides(&self) -> bool {
        self.target.version >= releases::OVERRIDES
    }

    /// The backend layer at every place where it is written and in force, and passes `test`: the
    /// service's, then the override of each backend.
    pub fn backend_layers(&self, test: &dyn Fn(&BackendLayer) -> bool) -> Vec<BackendPlace<'_>> {
        let layers = self.block.as_ref().and_then(|block| block.written.layers.get());
        let service = layers
            .filter(|layers| layers.backend.is_written())
            .map(|_| BackendPlace { layer: Cow::Borrowed(&self.service.layers.backend), of: None });
        let reported = self.endpoints.iter().filter(|endpoint| endpoint.is_reported);
        let overrides = reported.flat_map(move |endpoint| {
            let overridden = endpoint.backends.iter().filter(|backend| backend.is_overridden);
            overridden.map(move |backend| BackendPlace {
                layer: self.backend_of(backend),
                of: Some((endpoint, backend)),
            })
        });
        service.into_iter().chain(overrides).filter(|place| test(&place.layer)).collect()
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
                let met = |backend: &Backend| !backend.is_overridden && cut(endpoint, backend);
                endpoint.is_reported && endpoint.backends.iter().any(met)
            }),
        }
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
            !exporter.has_own_period
                && (exporter.metrics.value || self.is_chosen(&exporter.name.value))
        })
    }

    /// What the proxy layer reports for `endpoint`.
    #[must_use]
    pub fn proxy_of(&self, endpoint: &Endpoint) -> Cow<'_, Proxy> {
        match endpoint.written() {
            Some(own) => Cow::Owned(Proxy::new(own.layer, self.target)),
            None => Cow::Borrowed(&self.service.layers.proxy),
        }
    }

    /// What the backend layer reports for `backend`.
    #[must_use]
    pub fn backend_of(&self, backend: &Backend) -> Cow<'_, BackendLayer> {
        match backend.written() {
            Some(own) => Cow::Owned(BackendLayer::new(own.layer, self.target)),
            None => Cow::Borrowed(&self.service.layers.backend),
        }
    }

    /// The backend overrides on which the gateway panics while it starts: those without `traces`
    /// (krakend-otel `lura/proxy.go:197`). The endpoints that `skip_paths` names escape.
    #[must_use]
    pub fn panicking_overrides(&self) -> Vec<NodeId> {
        let panics =
            self.is_community() && self.target.version >= releases::BACKEND_OVERRIDE_PANICS;
        if !panics || !self.is_registered() {
            return Vec::new(); // Without a working service block the overrides are not looked at.
        }
        let without_traces = |backend: &Backend| {
            let own = backend.written()?;
            (!own.layer.traces.is_written()).then_some(own.node)
        };
        self.endpoints
            .iter()
            .filter(|endpoint| endpoint.is_reported)
            .flat_map(|endpoint| endpoint.backends.iter().filter_map(without_traces))
            .collect()
    }
}
