//! Where telemetry blocks stand in a configuration: the service, its endpoints and their backends,
//! and the async agents, which lura turns into endpoints (`async/asyncagent.go`).

use std::borrow::Cow;

use super::Block;
use super::decode::{DecodeError, Decoded, decode, folded_key};
use super::load::field;
use super::loader::Loader;
use crate::document::{Document, Kind, NodeId};
use crate::model::known::is_decoded;
use crate::model::{self, Scope};
use crate::source::Format;
use crate::target::{Edition, Target};

/// What is found at the root of a configuration.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub root: Option<NodeId>,
    pub extra_config: Option<NodeId>,
    pub block: Option<Block<model::Service>>,
    pub security: Option<Block<model::Security>>,
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
    pub block: Option<Block<model::EndpointOverride>>,
    /// Whether its `proxy` override is in force; if not, the service's layer is.
    pub is_overridden: bool,
    /// Whether it leaves any telemetry behind the global layer: `skip_paths` may name it.
    pub is_reported: bool,
    /// Whether it has a key that may be meant as a namespace of telemetry, but is none where it is.
    pub has_misplaced_namespace: bool,
    /// Its backends.
    pub backends: Vec<Backend>,
}

impl Endpoint {
    /// The endpoint `node`, of which nothing else is known yet.
    pub(super) fn at(kind: EndpointKind, node: NodeId) -> Self {
        Self {
            kind,
            node,
            path: None,
            input_headers: None,
            extra_config: None,
            block: None,
            is_overridden: false,
            is_reported: true,
            has_misplaced_namespace: false,
            backends: Vec::new(),
        }
    }

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

impl Endpoint {
    /// Whether the header `name` of a client gets past the endpoint: `input_headers` names it or
    /// has a star. Nothing is let through by default (lura `router/gin/endpoint.go`).
    #[must_use]
    pub fn forwards(&self, doc: &Document<'_>, name: &str) -> bool {
        let entries = self.input_headers.into_iter().flat_map(|list| doc.items(list));
        entries
            .filter_map(|entry| doc.str(entry))
            .any(|entry| entry == "*" || entry.eq_ignore_ascii_case(name))
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
    pub block: Option<Block<model::BackendOverride>>,
    /// Whether its `backend` override is in force; if not, the service's layer is.
    pub is_overridden: bool,
    /// Whether it has a key that may be meant as a namespace of telemetry, but is none where it is.
    pub has_misplaced_namespace: bool,
}

impl Backend {
    /// The backend `node` without a telemetry block.
    pub(super) fn at(node: NodeId) -> Self {
        Self {
            node,
            extra_config: None,
            block: None,
            is_overridden: false,
            has_misplaced_namespace: false,
        }
    }

    /// Whether a header `name` that got past the endpoint gets to this backend: a list of its own
    /// lets nothing else through, and knows no star (lura `proxy/headers_filter.go`).
    #[must_use]
    pub fn accepts(&self, doc: &Document<'_>, name: &str) -> bool {
        field(doc, self.node, "input_headers").is_none_or(|list| {
            let mut entries = doc.items(list.value).filter_map(|entry| doc.str(entry)).peekable();
            entries.peek().is_none() || entries.any(|entry| entry.eq_ignore_ascii_case(name))
        })
    }
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

/// What stands at the root.
pub(super) fn find(doc: &Document<'_>, target: Target) -> Places {
    let mut places = Places::default();
    let Some(root) = doc.root().filter(|&root| doc.kind(root) == Kind::Object) else {
        return places;
    };
    places.root = Some(root);
    places.extra_config = field(doc, root, "extra_config").map(|member| member.value);
    if let Some(extra_config) = places.extra_config {
        places.block = block(doc, extra_config, Scope::Service, target);
        places.security = block(doc, extra_config, Scope::Security, target);
    }
    places
}

/// Drops the errors in values that the gateway does not decode: of the Community Edition its source
/// tells which; the Enterprise Edition is believed to decode all.
fn forget(
    doc: &Document<'_>,
    scope: Scope,
    block: NodeId,
    errors: &mut Vec<DecodeError>,
    target: Target,
) {
    if target.edition == Edition::Community {
        errors.retain(|error| {
            let names = doc.names_between(block, error.node);
            let names: Vec<String> = names.iter().map(|name| folded_key(name)).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            match names.split_last() {
                Some((name, path)) => is_decoded(scope, path, name, target.version),
                None => true,
            }
        });
    }
}

fn block<T: serde::de::DeserializeOwned + Default>(
    doc: &Document<'_>,
    extra_config: NodeId,
    scope: Scope,
    target: Target,
) -> Option<Block<T>> {
    let loader = Loader::of(target);
    let member = loader.get(doc, extra_config, scope.namespace()?)?;
    Some(read_loaded(doc, member.key, member.value, scope, target, loader))
}

/// The block `node` under `key`, as the gateway reads it where it stands in a list.
pub(super) fn read<T: serde::de::DeserializeOwned + Default>(
    doc: &Document<'_>,
    key: NodeId,
    node: NodeId,
    scope: Scope,
    target: Target,
) -> Block<T> {
    read_loaded(doc, key, node, scope, target, Loader::Plain)
}

/// The same where the block is one of the service, outside of lists.
pub(super) fn read_of_service<T: serde::de::DeserializeOwned + Default>(
    doc: &Document<'_>,
    key: NodeId,
    node: NodeId,
    scope: Scope,
    target: Target,
) -> Block<T> {
    read_loaded(doc, key, node, scope, target, Loader::of(target))
}

fn read_loaded<T: serde::de::DeserializeOwned + Default>(
    doc: &Document<'_>,
    key: NodeId,
    node: NodeId,
    scope: Scope,
    target: Target,
    loader: Loader,
) -> Block<T> {
    let Decoded { value: written, mut errors } = decode(doc, node, loader);
    forget(doc, scope, node, &mut errors, target);
    errors.extend(unencodable(doc, node));
    Block { key, node, written, errors: errors.into() }
}

/// The first number of the block that JSON cannot hold: the gateway fails to encode the block again,
/// whatever the number is for. JSON files have no such numbers.
fn unencodable(doc: &Document<'_>, block: NodeId) -> Option<DecodeError> {
    if doc.source().format() == Format::Json {
        return None;
    }
    // The readers put a finite number in its place; `.inf`, `inf` and `nan` have no digit.
    let is_finite = |node| doc.source().slice(doc.span(node)).iter().any(u8::is_ascii_digit);
    let is_not = |&node: &NodeId| doc.kind(node) == Kind::Number && !is_finite(node);
    let node = doc.subtree(block).find(is_not)?;
    Some(DecodeError { node, expected: "a finite number" })
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
