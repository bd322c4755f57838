//! The endpoints and async agents of a file, read on all cores, and what the service means to them.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::alike::First;
use super::places::{Backend, Endpoint, EndpointKind, read};
use super::{Block, NAMESPACE, SECURITY_NAMESPACE, Service, alike, overrides};
use crate::document::{Document, Kind, Member, NodeId};
use crate::model::{self, Scope};
use crate::parallel;
use crate::target::Target;

/// The most slips of the pen with which a namespace is still recognised.
pub const MAX_SLIPS: usize = 2;

/// How many endpoints one core takes at a time: those of nearly all files, and work enough to be worth
/// a thread.
const SHARE: usize = 1024;

/// The endpoints and async agents of the file with the root `root`, and what `service` means to them.
pub(super) fn read_all<'d>(
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
                let items =
                    || doc.items(member.value).filter(|&item| doc.kind(item) == Kind::Object);
                // There are thousands of such lists: none has more room than it needs.
                endpoint.backends = Vec::with_capacity(items().count());
                endpoint.backends.extend(items().map(|item| self.backend(item)));
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
