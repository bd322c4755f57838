//! What the gateway will really do: a document and a target, turned into the settings in force.
//!
//! The gateway does not act on what is written but on what its decoder, its defaults and its
//! overrides make of it. That is computed here once; every semantic rule is then a short question
//! about it. Each value knows where it comes from ([`Sourced`]): the place where it is written, or a
//! default.
//!
//! 1. [`places`], [`endpoints`]: where telemetry blocks stand in a configuration;
//!    [`load`]: why a gateway does not load one;
//! 2. [`loader`], [`decode`]: each block into the typed model, by the rules of Go's decoder;
//! 3. [`service`], [`exporters`], [`layers`]: defaults, and what follows from them;
//! 4. [`overrides`], [`losses`]: what an endpoint or backend makes of the service's settings;
//! 5. [`attributes`], [`headers`]: what is added to metrics and spans, at every place;
//! 6. [`signals`]: what concerns metrics alone, or traces alone;
//! 7. [`components`], [`listeners`]: what else in the configuration meets telemetry;
//! 8. [`fault`], [`faulty_host`], [`refusal`]: what is wrong with a host, as one word, and what the gateway refuses;
//! 9. [`fragment`]: blocks in a document that is not a whole configuration;
//!
//! Upstream: krakend-otel `config/lura.go`, `config/config.go`, `state/config.go`, `otel.go`.

pub mod attributes;
pub mod components;
pub mod decode;
pub mod endpoints;
pub mod exporters;
pub mod fault;
pub mod faulty_host;
pub mod fragment;
pub mod headers;
pub mod host;
pub mod layers;
pub mod listeners;
pub mod load;
pub mod loader;
pub mod losses;
pub mod name;
pub mod overrides;
pub mod places;
pub mod ports;
pub mod refusal;
mod repeated;
pub mod routes;
pub mod service;
pub mod signals;
mod url;

use crate::document::{Document, NodeId};
use crate::model;
use crate::target::{Edition, Target};

pub use crate::model::{NAMESPACE, SECURITY_NAMESPACE};
pub use places::{Backend, Endpoint, EndpointKind};
pub use service::{Sampler, Service};

/// Whether `text` is, or holds, what a template or `envsubst` fills in before the gateway reads it.
#[must_use]
pub fn is_filled_in_later(text: &str) -> bool {
    let is_variable = text.strip_prefix('$').is_some_and(|name| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    });
    is_variable || ["{{", "${", "<no value>"].iter().any(|mark| text.contains(mark))
}

/// A value in force, and where it comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// The node it was written as; `None` for a default.
    pub node: Option<NodeId>,
}

impl<T> Sourced<T> {
    /// A default.
    #[must_use]
    pub fn default_of(value: T) -> Self {
        Self { value, node: None }
    }

    /// The value of `field` if it is written and could be read, else `default`.
    #[must_use]
    pub fn of(field: &model::Field<T>, default: T) -> Self
    where
        T: Clone,
    {
        match (field.get(), field.at()) {
            (Some(value), Some(at)) => Self { value: value.clone(), node: Some(at.node) },
            _ => Self::default_of(default),
        }
    }

    /// The same place, another value.
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Sourced<U> {
        Sourced { value: f(self.value), node: self.node }
    }
}

/// A telemetry block: where it is, and what the decoder reads of it.
#[derive(Clone, Debug)]
pub struct Block<T> {
    /// The namespace key in its `extra_config`.
    pub key: NodeId,
    /// The block itself.
    pub node: NodeId,
    /// What is written in it, as far as it could be read.
    pub written: T,
    /// Values on which the gateway's decoder fails; it then drops the whole block.
    pub errors: Box<[decode::DecodeError]>,
}

/// A configuration as the gateway acts on it.
#[derive(Debug)]
pub struct Effective<'d> {
    /// The document.
    pub doc: &'d Document<'d>,
    /// The gateway.
    pub target: Target,
    /// Whether this is all of a configuration; if not, what is not here may well be elsewhere.
    pub is_whole: bool,
    /// The root object, if the document has one.
    pub root: Option<NodeId>,
    /// The `extra_config` of the root.
    pub extra_config: Option<NodeId>,
    /// The service's telemetry block as written.
    pub block: Option<Block<model::Service>>,
    /// The Enterprise credentials as written.
    pub security: Option<Block<model::Security>>,
    /// What the gateway makes of the service's block; defaults if there is none.
    pub service: Service,
    /// The endpoints, then the async agents, each with its backends.
    pub endpoints: Vec<Endpoint>,
    /// Why the gateway does not load the configuration; nothing for a part of one.
    pub load_errors: Vec<load::LoadError>,
    status: Status,
}

/// Whether telemetry runs at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// There is no block for the service: OpenTelemetry is off.
    Absent,
    /// The gateway drops the block: a value has the wrong type, two exporters share a name, or one of
    /// them cannot be made.
    Dropped,
    /// The block is taken, but no exporter gets anything.
    Idle,
    /// At least one exporter gets at least one signal.
    Active,
}

impl Status {
    fn of(block: Option<&Block<model::Service>>, service: &Service) -> Self {
        let Some(block) = block else { return Self::Absent };
        let is_refused = service.otlp.iter().any(|exporter| exporter.refusal.is_some());
        if !block.errors.is_empty() || service.shares_names() || is_refused {
            Self::Dropped
        } else if service.has_metrics() || service.has_traces() {
            Self::Active
        } else {
            Self::Idle
        }
    }
}

impl<'d> Effective<'d> {
    /// Reads `doc` as the gateway `target` does.
    #[must_use]
    pub fn new(doc: &'d Document<'d>, target: Target) -> Self {
        let places = places::find(doc, target);
        let service = Service::new(places.block.as_ref(), target);
        let endpoints = places.root.map(|root| endpoints::read_all(doc, root, target));
        let mut endpoints = endpoints.unwrap_or_default();
        overrides::apply(&mut endpoints, &service, doc, target);
        let load_errors = places.root.map(|root| load::errors(doc, root)).unwrap_or_default();
        Self { load_errors, ..Self::of_places(doc, target, places, service, endpoints) }
    }

    fn of_places(
        doc: &'d Document<'d>,
        target: Target,
        places: places::Places,
        service: Service,
        endpoints: Vec<Endpoint>,
    ) -> Self {
        let status = Status::of(places.block.as_ref(), &service);
        Self {
            doc,
            target,
            is_whole: true,
            root: places.root,
            extra_config: places.extra_config,
            block: places.block,
            security: places.security,
            service,
            endpoints,
            load_errors: Vec::new(),
            status,
        }
    }

    /// Whether telemetry runs.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// Whether the service has OpenTelemetry registered, so that overrides are looked at. An idle
    /// service counts: its providers do nothing, but the layers are built.
    #[must_use]
    pub fn is_registered(&self) -> bool {
        matches!(self.status, Status::Idle | Status::Active)
    }

    /// Whether the names of all exporters are known: they could be read, and none is filled in later.
    #[must_use]
    pub fn knows_names(&self) -> bool {
        self.block.as_ref().is_some_and(|block| block.errors.is_empty())
            && !self.service.names().any(|name| is_filled_in_later(&name.value))
    }

    /// Whether there is any telemetry block, at any place, right or wrong.
    #[must_use]
    pub fn has_telemetry(&self) -> bool {
        self.block.is_some()
            || self.security.is_some()
            || self.endpoints.iter().any(|endpoint| {
                endpoint.block.is_some()
                    || endpoint.backends.iter().any(|backend| backend.block.is_some())
            })
    }

    /// Every telemetry block, with the values on which the decoder fails: of the service, its
    /// credentials, then those of each endpoint and of its backends.
    pub fn blocks(&self) -> impl Iterator<Item = (NodeId, &[decode::DecodeError])> {
        let service = self.block.iter().map(|block| (block.node, &*block.errors));
        let security = self.security.iter().map(|block| (block.node, &*block.errors));
        let below = self.endpoints.iter().flat_map(|endpoint| {
            let own = endpoint.block.iter().map(|block| (block.node, &*block.errors));
            let backends = endpoint.backends.iter().filter_map(|backend| backend.block.as_ref());
            own.chain(backends.map(|block| (block.node, &*block.errors)))
        });
        service.chain(security).chain(below)
    }

    /// Whether the target is a Community Edition.
    #[must_use]
    pub fn is_community(&self) -> bool {
        self.target.edition == Edition::Community
    }
}
