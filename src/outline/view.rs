//! From effective values to plain ones, with their origins.

use super::{
    BackendLayer, Exporter, From, HeadersForm, Layer, Place, Places, Port, SamplerForm, Service,
    SignalForm, Value,
};
use crate::document::{Document, Kind, NodeId};
use crate::effective::exporters::{Otlp, Prometheus};
use crate::effective::layers::{Attribute, Backend, Global, Headers, Proxy, Signal};
use crate::effective::listeners::{Listener, Owner};
use crate::effective::ports::Ports;
use crate::effective::{self, Effective, Sampler, Sourced};
use crate::secrets::{hides, masked};

/// Turns effective values into plain ones.
pub(super) struct View<'e> {
    pub(super) effective: &'e Effective<'e>,
    pub(super) places: &'e Places<'e>,
}

impl View<'_> {
    pub(super) fn doc(&self) -> &Document<'_> {
        self.effective.doc
    }

    pub(super) fn from(&self, node: Option<NodeId>) -> From {
        node.map_or(From::Default, |node| From::Written(self.place(node)))
    }

    pub(super) fn place(&self, node: NodeId) -> Place {
        (self.places)(self.doc().span(node))
    }

    pub(super) fn value<T: Clone>(&self, sourced: &Sourced<T>) -> Value<T> {
        Value { value: sourced.value.clone(), from: self.from(sourced.node) }
    }

    /// A text in force, with stars if it looks like a secret.
    fn text(&self, sourced: &Sourced<String>) -> Value<String> {
        Value { value: masked(&sourced.value), from: self.from(sourced.node) }
    }

    pub(super) fn service(&self, service: &effective::Service) -> Service {
        let sampler = Value {
            value: match service.sampler.value {
                Sampler::Always => SamplerForm::Always,
                Sampler::Ratio(ratio) => SamplerForm::Ratio { ratio },
            },
            from: self.from(service.sampler.node),
        };
        Service {
            name: self.name(service),
            environment: self.text(&service.deploy_env),
            sampler,
            metric_period: self.value(&service.period),
            skip_paths: Value {
                value: service.skip_paths.value.iter().map(|path| masked(path)).collect(),
                from: self.from(service.skip_paths.node),
            },
            joins_incoming_traces: self.value(&service.layers.global.propagation),
            propagates_to_backends: service.has_traces()
                && service.layers.backend.propagates(self.effective.target),
        }
    }

    /// The block's name, else the gateway's, else `KrakenD` (krakend-otel `config/lura.go`).
    fn name(&self, service: &effective::Service) -> Value<String> {
        if let Some(name) = &service.name.value {
            return Value { value: masked(name), from: self.from(service.name.node) };
        }
        match self.effective.gateway_name() {
            Some(name) if !name.value.is_empty() => self.text(&name),
            _ => Value { value: "KrakenD".to_owned(), from: From::Default },
        }
    }

    pub(super) fn otlp(&self, exporter: &Otlp) -> Exporter {
        let endpoint = exporter.endpoint(self.effective.target);
        Exporter::Otlp {
            name: self.text(&exporter.name),
            protocol: Value {
                value: if exporter.use_http.value { "http" } else { "grpc" },
                from: self.from(exporter.use_http.node),
            },
            address: masked(&endpoint.address),
            host_from: self.from(exporter.host.node),
            port_from: self.from(exporter.port.node),
            tls: endpoint.tls,
            possible: !endpoint.broken && !exporter.port_is_impossible(),
            traces: self.value(&exporter.traces),
            metrics: self.value(&exporter.metrics),
            metric_period: self.value(&exporter.period),
        }
    }

    pub(super) fn prometheus(&self, exporter: &Prometheus) -> Exporter {
        Exporter::Prometheus {
            name: self.text(&exporter.name),
            listen: self.text(&exporter.listen),
            port: self.value(&exporter.port),
            metrics: self.value(&exporter.metrics),
            process_metrics: self.value(&exporter.process_metrics),
            go_metrics: self.value(&exporter.go_metrics),
        }
    }

    /// Every port; those of the exporters only if the block is taken. The gateway opens its own last
    /// (krakend-ce `executor.go`).
    pub(super) fn ports(&self, taken: bool) -> Vec<Port> {
        let service = &self.effective.service;
        let listener = |exporter| Listener::of_exporter(exporter);
        let exporters = service.prometheus.iter().filter(|_| taken).filter_map(listener);
        let mut listeners = self.effective.other_listeners();
        listeners.sort_by_key(|listener| listener.owner == Owner::Gateway);
        let last = listeners.partition_point(|listener| listener.owner != Owner::Gateway);
        listeners.splice(last..last, exporters);
        let ports = Ports::new(listeners.iter().cloned());
        let port = |listener: &Listener| Port {
            port: Value { value: listener.port, from: self.from(self.written_port(listener)) },
            address: masked(&listener.address()),
            owner: listener.owner.as_str(),
            clashes: ports.is_shared(listener),
        };
        listeners.iter().map(port).collect()
    }

    /// The node of a port that is written, not that of what it is the default of.
    fn written_port(&self, listener: &Listener) -> Option<NodeId> {
        listener.node.filter(|&node| {
            matches!(self.doc().kind(node), Kind::Number)
                || (listener.owner == Owner::Stats
                    && self.doc().str(node).is_some_and(|text| text.contains(':')))
        })
    }

    pub(super) fn global(&self, layer: &Global) -> Layer {
        Layer {
            traces: self.value(&layer.traces),
            metrics: self.value(&layer.metrics),
            headers: self.headers(&layer.headers),
            traces_attributes: self.attributes(&layer.traces_attributes),
            metrics_attributes: self.attributes(&layer.metrics_attributes),
        }
    }

    pub(super) fn proxy(&self, layer: &Proxy) -> Layer {
        Layer {
            traces: self.value(&layer.traces),
            metrics: self.value(&layer.metrics),
            headers: self.headers(&layer.headers),
            traces_attributes: self.attributes(&layer.traces_attributes),
            metrics_attributes: self.attributes(&layer.metrics_attributes),
        }
    }

    pub(super) fn backend(&self, layer: &Backend) -> BackendLayer {
        BackendLayer {
            traces: self.signal(&layer.traces),
            metrics: self.signal(&layer.metrics),
            headers: self.headers(&layer.headers),
        }
    }

    fn signal(&self, signal: &Signal) -> SignalForm {
        SignalForm {
            stage: self.value(&signal.stage),
            round_trip: self.value(&signal.round_trip),
            read_payload: self.value(&signal.read_payload),
            detailed_connection: self.value(&signal.detailed_connection),
            attributes: self.attributes(&signal.attributes),
        }
    }

    fn headers(&self, headers: &Headers) -> HeadersForm {
        let skipped = match headers.matching {
            effective::layers::Matching::Ignored => Vec::new(),
            _ => headers.skipped.value.iter().map(|entry| masked(&entry.value)).collect(),
        };
        HeadersForm { reported: self.value(&headers.reported), skipped }
    }

    /// Attributes as `key=value`, with stars for a value that looks like a secret.
    fn attributes(&self, list: &[Attribute]) -> Vec<String> {
        let text = |node| self.doc().str(node).unwrap_or_default();
        let shown = |attribute: &Attribute| {
            let key = text(attribute.key);
            let value = if hides(&key) { "***".into() } else { masked(&text(attribute.value)) };
            format!("{}={value}", masked(&key))
        };
        list.iter().map(shown).collect()
    }
}
