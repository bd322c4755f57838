//! Where telemetry blocks stand in a configuration: the service, its endpoints and their backends,
//! and the async agents, which lura turns into endpoints (`async/asyncagent.go`).

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::alike::First;
use super::decode::{DecodeError, Decoded, decode};
use super::{Block, NAMESPACE, SECURITY_NAMESPACE, Service, alike, overrides};
use crate::document::{Document, Kind, Member, NodeId};
use crate::model::known::is_decoded;
use crate::model::{self, Scope};
use crate::parallel;
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
    pub is_odd: bool,
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
            is_odd: false,
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
    pub is_odd: bool,
}

impl Backend {
    /// The backend `node` without a telemetry block.
    pub(super) fn at(node: NodeId) -> Self {
        Self { node, extra_config: None, block: None, is_overridden: false, is_odd: false }
    }

    /// Whether a header `name` that got past the endpoint gets to this backend: a list of its own
    /// lets nothing else through, and knows no star (lura `proxy/headers_filter.go`).
    #[must_use]
    pub fn accepts(&self, doc: &Document<'_>, name: &str) -> bool {
        doc.get(self.node, "input_headers").is_none_or(|list| {
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

/// The most slips of the pen with which a namespace is still recognised.
pub const MAX_SLIPS: usize = 2;

/// How many endpoints one core takes at a time: those of nearly all files, and work enough to be worth
/// a thread.
const SHARE: usize = 1024;

/// What stands at the root.
pub(super) fn find(doc: &Document<'_>, target: Target) -> Places {
    let mut places = Places::default();
    let Some(root) = doc.root().filter(|&root| doc.kind(root) == Kind::Object) else {
        return places;
    };
    places.root = Some(root);
    places.extra_config = doc.get(root, "extra_config").map(|member| member.value);
    if let Some(extra_config) = places.extra_config {
        places.block = block(doc, extra_config, Scope::Service, target);
        places.security = block(doc, extra_config, Scope::Security, target);
    }
    places
}

/// The endpoints and async agents of the file with the root `root`, and what `service` means to them.
pub(super) fn endpoints<'d>(
    doc: &'d Document<'d>,
    root: NodeId,
    service: &Service,
    target: Target,
) -> Endpoints {
    let mut all = Endpoints::default();
    for (list, kind) in
        [("endpoints", EndpointKind::Endpoint), ("async_agent", EndpointKind::AsyncAgent)]
    {
        let Some(list) = doc.get(root, list) else { continue };
        let objects = doc.items(list.value).filter(|&item| doc.kind(item) == Kind::Object);
        let objects: Vec<NodeId> = objects.collect();
        let shares: Vec<&[NodeId]> = objects.chunks(SHARE).collect();
        let read = |share: &&[NodeId]| {
            let mut reader = Reader::new(doc, target);
            let endpoints = share.iter().map(|&object| reader.endpoint(object, kind)).collect();
            Endpoints::new(endpoints, service, doc, target)
        };
        all.all.reserve_exact(objects.len());
        for share in parallel::map(&shares, read) {
            all.append(share);
        }
    }
    all
}

/// Endpoints, and the first of those with the same text.
#[derive(Debug, Default)]
pub(super) struct Endpoints {
    pub all: Vec<Endpoint>,
    pub firsts: Vec<First>,
}

impl Endpoints {
    /// These endpoints, and what `service` means to them.
    pub fn new(
        mut all: Vec<Endpoint>,
        service: &Service,
        doc: &Document<'_>,
        target: Target,
    ) -> Self {
        overrides::apply(&mut all, service, doc, target);
        let firsts = alike::firsts(&all);
        Self { all, firsts }
    }

    /// Adds those of `more`, which share nothing with these.
    fn append(&mut self, mut more: Self) {
        let before = self.all.len();
        self.firsts.extend(more.firsts.iter().map(|first| first.after(before)));
        self.all.append(&mut more.all);
    }
}

/// Reads endpoints one after the other. Overrides are often copied from one to the next: those with the
/// same text share what is read, for the places in it are counted from the block.
struct Reader<'d> {
    doc: &'d Document<'d>,
    target: Target,
    endpoints: Seen<'d, model::EndpointOverride>,
    backends: Seen<'d, model::BackendOverride>,
}

/// Blocks without an error, by their text.
type Seen<'d, T> = HashMap<&'d [u8], Arc<T>, FixedState>;

impl<'d> Reader<'d> {
    fn new(doc: &'d Document<'d>, target: Target) -> Self {
        Self { doc, target, endpoints: Seen::default(), backends: Seen::default() }
    }

    fn endpoint(&mut self, node: NodeId, kind: EndpointKind) -> Endpoint {
        let doc = self.doc;
        let name = match kind {
            EndpointKind::Endpoint => "endpoint",
            EndpointKind::AsyncAgent => "name",
        };
        let mut endpoint = Endpoint::at(kind, node);
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
                    .map(|item| self.backend(item))
                    .collect();
                endpoint.backends.shrink_to_fit();
            } else {
                endpoint.is_odd |= is_namespace(doc, member.key);
            }
        }
        if let Some(extra) = endpoint.extra_config {
            let (own, is_odd) = own_override(doc, extra);
            endpoint.is_odd |= is_odd;
            endpoint.block = own.map(|own| {
                seen_or_read(doc, own, Scope::Endpoint, self.target, &mut self.endpoints)
            });
        }
        endpoint
    }

    fn backend(&mut self, node: NodeId) -> Backend {
        let doc = self.doc;
        let mut backend = Backend::at(node);
        for member in doc.members(node) {
            if doc.is_called(member.key, "extra_config") {
                backend.extra_config = Some(member.value);
            } else {
                backend.is_odd |= is_namespace(doc, member.key);
            }
        }
        if let Some(extra) = backend.extra_config {
            let (own, is_odd) = own_override(doc, extra);
            backend.is_odd |= is_odd;
            backend.block = own
                .map(|own| seen_or_read(doc, own, Scope::Backend, self.target, &mut self.backends));
        }
        backend
    }
}

/// The override in the `extra_config` of an endpoint or backend, and whether another key of it may be
/// meant as a namespace of telemetry.
fn own_override(doc: &Document<'_>, extra_config: NodeId) -> (Option<Member>, bool) {
    let (mut own, mut is_odd) = (None, false);
    for member in doc.members(extra_config) {
        if doc.is_called(member.key, NAMESPACE) {
            own = Some(member);
        } else {
            is_odd |= may_be_meant(doc, member.key);
        }
    }
    (own, is_odd)
}

fn is_namespace(doc: &Document<'_>, key: NodeId) -> bool {
    doc.is_called(key, NAMESPACE) || doc.is_called(key, SECURITY_NAMESPACE)
}

/// Whether `key` may be meant as a namespace of telemetry: quick, and says so of some others too.
fn may_be_meant(doc: &Document<'_>, key: NodeId) -> bool {
    // What is not ASCII, or not written as it is, is rare.
    let Some(text) = doc.plain(key) else { return true };
    let is_near = |name: &str| text.len().abs_diff(name.len()) <= MAX_SLIPS;
    let is_part = |part: &[u8]| {
        [&b"otel"[..], b"telem"]
            .iter()
            .any(|word| part.len() >= word.len() && part[..word.len()].eq_ignore_ascii_case(word))
    };
    is_near(NAMESPACE)
        || is_near(SECURITY_NAMESPACE)
        || (0..text.len()).any(|at| is_part(&text[at..]))
}

/// The override `member`, with what is written in it from `seen` if the text is the same.
fn seen_or_read<'d, T: serde::de::DeserializeOwned + Default>(
    doc: &'d Document<'d>,
    member: Member,
    scope: Scope,
    target: Target,
    seen: &mut Seen<'d, T>,
) -> Block<T> {
    let text = doc.source().slice(doc.span(member.value));
    if doc.reads_alike()
        && let Some(written) = seen.get(text)
    {
        let (key, node, written) = (member.key, member.value, Arc::clone(written));
        return Block { key, node, written, errors: Box::default() };
    }
    let block = read(doc, member.key, member.value, scope, target);
    if block.errors.is_empty() {
        seen.insert(text, Arc::clone(&block.written));
    }
    block
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
    let member = doc.get(extra_config, scope.namespace()?)?;
    Some(read(doc, member.key, member.value, scope, target))
}

/// The block `node` under `key`, as the gateway reads it.
pub(super) fn read<T: serde::de::DeserializeOwned + Default>(
    doc: &Document<'_>,
    key: NodeId,
    node: NodeId,
    scope: Scope,
    target: Target,
) -> Block<T> {
    let Decoded { value: written, mut errors } = decode(doc, node);
    forget(doc, scope, node, &mut errors, target);
    Block { key, node, written: Arc::new(written), errors: errors.into() }
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
