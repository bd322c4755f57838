//! Where telemetry blocks stand in a configuration: the service, its endpoints and their backends,
//! and the async agents, which lura turns into endpoints (`async/asyncagent.go`).

use std::borrow::Cow;

use super::decode::{DecodeError, decode};
use super::{Block, NAMESPACE, SECURITY_NAMESPACE};
use crate::document::{Document, Kind, NodeId};
use crate::model;
use crate::target::{Edition, Target, v};

/// What is found in one walk over the configuration.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub root: Option<NodeId>,
    pub extra_config: Option<NodeId>,
    pub block: Option<Block<model::Service>>,
    pub security: Option<Block<model::Security>>,
    pub endpoints: Vec<Endpoint>,
}

/// Whether an [`Endpoint`] answers requests or consumes messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndpointKind {
    /// An item of `endpoints`.
    Endpoint,
    /// An item of `async_agent`.
    AsyncAgent,
}

/// An endpoint, or an async agent, which the gateway treats as one.
#[derive(Debug)]
pub struct Endpoint {
    /// Which of the two.
    pub kind: EndpointKind,
    /// Its object.
    pub node: NodeId,
    /// Its path (`endpoint`), or the agent's `name`, as written.
    pub path: Option<NodeId>,
    /// Its `input_headers`, if written.
    pub input_headers: Option<NodeId>,
    /// Its `extra_config`, if written.
    pub extra_config: Option<NodeId>,
    /// Its telemetry block.
    pub block: Option<Box<Block<model::EndpointOverride>>>,
    /// Its backends.
    pub backends: Vec<Backend>,
}

impl Endpoint {
    /// Its path as written, or the agent's name; empty if there is none.
    #[must_use]
    pub fn path<'d>(&self, doc: &Document<'d>) -> Cow<'d, str> {
        self.path.and_then(|path| doc.str(path)).unwrap_or_default()
    }

    /// Its path as the gateway compares it with `skip_paths`: lura rewrites `{id}` to `:id` before
    /// the telemetry sees it (`config/uri.go`). An agent's name is left as it is.
    #[must_use]
    pub fn route<'d>(&self, doc: &Document<'d>) -> Cow<'d, str> {
        let path = self.path(doc);
        match self.kind {
            EndpointKind::Endpoint if path.contains('{') => Cow::Owned(route_of(&path)),
            _ => path,
        }
    }
}

/// A backend of an endpoint or agent.
#[derive(Debug)]
pub struct Backend {
    /// Its object.
    pub node: NodeId,
    /// Its `extra_config`, if written.
    pub extra_config: Option<NodeId>,
    /// Its telemetry block.
    pub block: Option<Box<Block<model::BackendOverride>>>,
}

/// `/users/{id}` as lura hands it to the router: `/users/:id`.
#[must_use]
pub fn route_of(path: &str) -> String {
    let mut route = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        route.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            route.push('{');
            rest = after;
            continue;
        };
        route.push(':');
        route.push_str(name);
        rest = tail;
    }
    route + rest
}

pub(super) fn find(doc: &Document<'_>, target: Target) -> Places {
    let mut places = Places::default();
    let Some(root) = doc.root().filter(|&root| doc.kind(root) == Kind::Object) else {
        return places;
    };
    places.root = Some(root);
    places.extra_config = doc.get(root, "extra_config").map(|member| member.value);
    if let Some(extra_config) = places.extra_config {
        places.block = service_block(doc, extra_config, target);
        places.security = block(doc, extra_config, SECURITY_NAMESPACE);
    }
    for (list, kind) in
        [("endpoints", EndpointKind::Endpoint), ("async_agent", EndpointKind::AsyncAgent)]
    {
        let Some(list) = doc.get(root, list) else { continue };
        let objects = doc.items(list.value).filter(|&item| doc.kind(item) == Kind::Object);
        places.endpoints.extend(objects.map(|object| endpoint(doc, object, kind, target)));
    }
    places
}

fn endpoint(doc: &Document<'_>, node: NodeId, kind: EndpointKind, target: Target) -> Endpoint {
    let name = match kind {
        EndpointKind::Endpoint => "endpoint",
        EndpointKind::AsyncAgent => "name",
    };
    let mut endpoint = Endpoint {
        kind,
        node,
        path: None,
        input_headers: None,
        extra_config: None,
        block: None,
        backends: Vec::new(),
    };
    for member in doc.members(node) {
        let is = |name| doc.is_called(member.key, name);
        if is(name) {
            endpoint.path = Some(member.value);
        } else if is("input_headers") {
            endpoint.input_headers = Some(member.value);
        } else if is("extra_config") {
            endpoint.extra_config = Some(member.value);
        } else if is("backend") {
            endpoint.backends = doc
                .items(member.value)
                .filter(|&item| doc.kind(item) == Kind::Object)
                .map(|item| backend(doc, item))
                .collect();
        }
    }
    endpoint.block = endpoint.extra_config.and_then(|extra| endpoint_block(doc, extra, target));
    endpoint
}

fn backend(doc: &Document<'_>, node: NodeId) -> Backend {
    let extra_config = doc.get(node, "extra_config").map(|member| member.value);
    let block = extra_config.and_then(|extra| block(doc, extra, NAMESPACE)).map(Box::new);
    Backend { node, extra_config, block }
}

fn service_block(
    doc: &Document<'_>,
    extra_config: NodeId,
    target: Target,
) -> Option<Block<model::Service>> {
    let mut block: Block<model::Service> = block(doc, extra_config, NAMESPACE)?;
    if target.edition == Edition::Community {
        // These are no fields of the Community Edition's structs (`config/config.go`), or not yet,
        // so its decoder never looks at them.
        let written = &block.written;
        let mut unread = vec![written.histograms.at()];
        let exporters = written.exporters.get();
        let prometheus = exporters.and_then(|exporters| exporters.prometheus.get());
        for exporter in prometheus.into_iter().flatten().filter_map(model::Field::get) {
            unread.push(exporter.listen_ip.at());
            unread.push(exporter.custom_metric_reporting_period.at());
        }
        if target.version < v(2, 10, 0) {
            unread.push(written.deploy_env.at());
            let otlp = exporters.and_then(|exporters| exporters.otlp.get());
            for exporter in otlp.into_iter().flatten().filter_map(model::Field::get) {
                unread.push(exporter.custom_metric_reporting_period.at());
            }
        }
        forget(doc, &mut block.errors, &unread);
    }
    Some(block)
}

fn endpoint_block(
    doc: &Document<'_>,
    extra_config: NodeId,
    target: Target,
) -> Option<Box<Block<model::EndpointOverride>>> {
    let mut block: Block<model::EndpointOverride> = block(doc, extra_config, NAMESPACE)?;
    if target.edition == Edition::Community {
        let unread = [block.written.exporters_override.at(), block.written.backend.at()];
        forget(doc, &mut block.errors, &unread);
    }
    Some(Box::new(block))
}

/// Drops the errors in values that the gateway does not read.
fn forget(doc: &Document<'_>, errors: &mut Vec<DecodeError>, unread: &[Option<model::Place>]) {
    errors.retain(|error| !unread.iter().flatten().any(|at| doc.is_within(error.node, at.node)));
}

fn block<T: serde::de::DeserializeOwned + Default>(
    doc: &Document<'_>,
    extra_config: NodeId,
    namespace: &str,
) -> Option<Block<T>> {
    let member = doc.get(extra_config, namespace)?;
    let decoded = decode(doc, member.value);
    Some(Block {
        key: member.key,
        node: member.value,
        written: decoded.value,
        errors: decoded.errors,
    })
}

#[cfg(test)]
mod tests {
    use super::route_of;

    #[test]
    fn placeholders_become_parameters() {
        assert_eq!(route_of("/users/{id}/posts/{post}"), "/users/:id/posts/:post");
        assert_eq!(route_of("/plain"), "/plain");
        assert_eq!(route_of("/open{x"), "/open{x");
    }
}
