//! The endpoints and async agents of a file.

use super::load::{field, objects};
use super::places::{Backend, Endpoint, EndpointKind, read};
use super::{Block, NAMESPACE, SECURITY_NAMESPACE};
use crate::document::{Document, Member, NodeId};
use crate::model::Scope;
use crate::target::Target;

/// The largest edit distance at which a namespace is still recognised.
pub const MAX_EDIT_DISTANCE: usize = 2;

/// The endpoints and async agents of the file with the root `root`.
pub(super) fn read_all(doc: &Document<'_>, root: NodeId, target: Target) -> Vec<Endpoint> {
    let lists = [("endpoints", EndpointKind::Endpoint), ("async_agent", EndpointKind::AsyncAgent)];
    let mut endpoints = Vec::new();
    for (name, kind) in lists {
        let Some(list) = field(doc, root, name) else { continue };
        let objects = objects(doc, list.value);
        endpoints.extend(objects.map(|object| endpoint(doc, object, kind, target)));
    }
    endpoints
}

fn endpoint(doc: &Document<'_>, node: NodeId, kind: EndpointKind, target: Target) -> Endpoint {
    let name = match kind {
        EndpointKind::Endpoint => "endpoint",
        EndpointKind::AsyncAgent => "name",
    };
    let mut endpoint = Endpoint::at(kind, node);
    let value = |name| field(doc, node, name).map(|member| member.value);
    endpoint.path = value(name);
    endpoint.input_headers = value("input_headers");
    endpoint.extra_config = value("extra_config");
    let backends = value("backend").into_iter().flat_map(|list| objects(doc, list));
    endpoint.backends = backends.map(|item| backend(doc, item, target)).collect();
    endpoint.has_misplaced_namespace = doc.members(node).any(|it| is_namespace(doc, it.key));
    if let Some(extra) = endpoint.extra_config {
        let (own, is_misplaced) = own_override(doc, extra, Scope::Endpoint, target);
        endpoint.has_misplaced_namespace |= is_misplaced;
        endpoint.block = own;
    }
    endpoint
}

fn backend(doc: &Document<'_>, node: NodeId, target: Target) -> Backend {
    let mut backend = Backend::at(node);
    backend.extra_config = field(doc, node, "extra_config").map(|member| member.value);
    backend.has_misplaced_namespace = doc.members(node).any(|it| is_namespace(doc, it.key));
    if let Some(extra) = backend.extra_config {
        let (own, is_misplaced) = own_override(doc, extra, Scope::Backend, target);
        backend.has_misplaced_namespace |= is_misplaced;
        backend.block = own;
    }
    backend
}

/// The override in the `extra_config` of an endpoint or backend, and whether another key of it may be
/// meant as a namespace of telemetry.
fn own_override<T: serde::de::DeserializeOwned + Default>(
    doc: &Document<'_>,
    extra_config: NodeId,
    scope: Scope,
    target: Target,
) -> (Option<Block<T>>, bool) {
    let (mut own, mut is_misplaced): (Option<Member>, bool) = (None, false);
    for member in doc.members(extra_config) {
        if doc.is_called(member.key, NAMESPACE) {
            own = Some(member);
        } else {
            is_misplaced |= may_be_meant(doc, member.key);
        }
    }
    (own.map(|own| read(doc, own.key, own.value, scope, target)), is_misplaced)
}

fn is_namespace(doc: &Document<'_>, key: NodeId) -> bool {
    doc.is_called(key, NAMESPACE) || doc.is_called(key, SECURITY_NAMESPACE)
}

/// Whether `key` may be meant as a namespace of telemetry: quick, and says so of some others too.
fn may_be_meant(doc: &Document<'_>, key: NodeId) -> bool {
    // What is not ASCII, or not written as it is, is rare.
    let Some(text) = doc.plain(key) else { return true };
    let is_near = |name: &str| text.len().abs_diff(name.len()) <= MAX_EDIT_DISTANCE;
    let is_part = |part: &[u8]| {
        [&b"otel"[..], b"telem"]
            .iter()
            .any(|word| part.len() >= word.len() && part[..word.len()].eq_ignore_ascii_case(word))
    };
    is_near(NAMESPACE)
        || is_near(SECURITY_NAMESPACE)
        || (0..text.len()).any(|at| is_part(&text[at..]))
}
