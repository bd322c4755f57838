//! Telemetry blocks in a document that is no whole configuration. Each is seen in a frame of its own
//! ([`Effective`] with one block): what is around it in the running gateway is not known.

use std::collections::HashSet;

use super::places::{Backend, Endpoint, EndpointKind, Places, read};
use super::{Effective, NAMESPACE, SECURITY_NAMESPACE, Service, overrides};
use crate::document::{Document, Kind, Member, NodeId};
use crate::model::Scope;
use crate::target::Target;

/// A telemetry block of a fragment.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The key it stands under; the block itself if it is the whole document or an item.
    key: NodeId,
    block: NodeId,
    /// The object whose `extra_config` it is in, if there is one.
    owner: Option<NodeId>,
    scope: Scope,
    /// Whether it stands under the name of its namespace: what does not may be completed by the
    /// template that takes it in.
    pub named: bool,
}

/// The settings that only the block of a service has.
const OF_SERVICE: [&str; 9] = [
    "exporters",
    "layers",
    "service_name",
    "service_version",
    "deploy_env",
    "metric_reporting_period",
    "trace_sample_rate",
    "skip_paths",
    "histograms",
];

/// Every telemetry block of `doc`, wherever it stands, in the order of the document.
#[must_use]
pub fn find(doc: &Document<'_>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut owned = HashSet::new();
    for object in doc.nodes().filter(|node| doc.kind(*node) == Kind::Object) {
        if let Some(extra) = doc.get(object, "extra_config") {
            owned.insert(extra.value);
            add(doc, extra.value, Some(object), &mut found);
        }
        if !owned.contains(&object) {
            add(doc, object, None, &mut found);
        }
        let is_inside = found.iter().any(|other| doc.is_within(object, other.block));
        if !is_inside && has_exporters(doc, object) {
            found.push(Found {
                key: object,
                block: object,
                owner: None,
                scope: Scope::Service,
                named: false,
            });
        }
    }
    found
}

/// Adds the blocks of the `extra_config` `object`, or of what stands in for one.
fn add(doc: &Document<'_>, object: NodeId, owner: Option<NodeId>, found: &mut Vec<Found>) {
    for (name, security) in [(NAMESPACE, false), (SECURITY_NAMESPACE, true)] {
        let Some(Member { key, value: block }) = doc.get(object, name) else { continue };
        let scope = if security { Scope::Security } else { scope(doc, owner, block) };
        if doc.kind(block) == Kind::Object {
            found.push(Found { key, block, owner, scope, named: true });
        }
    }
}

/// The scope of `block` in the `extra_config` of `owner`: told by what is around it, else by what is
/// in it.
fn scope(doc: &Document<'_>, owner: Option<NodeId>, block: NodeId) -> Scope {
    let has =
        |object: NodeId, names: &[&str]| names.iter().any(|name| doc.get(object, name).is_some());
    if let Some(owner) = owner {
        if has(owner, &["endpoints", "$schema", "version"]) {
            return Scope::Service;
        } else if has(owner, &["backend", "endpoint", "consumer"]) {
            return Scope::Endpoint;
        } else if has(owner, &["url_pattern"]) {
            return Scope::Backend;
        }
    }
    if has(block, &OF_SERVICE) {
        Scope::Service
    } else if has(block, &["proxy", "exporters_override", "global"]) {
        Scope::Endpoint
    } else if has(block, &["backend"]) {
        Scope::Backend
    } else {
        Scope::Service
    }
}

/// Whether `object` is unmistakably the block of a service: `exporters` with lists of objects.
fn has_exporters(doc: &Document<'_>, object: NodeId) -> bool {
    let Some(exporters) = doc.get(object, "exporters") else { return false };
    ["otlp", "prometheus"].iter().any(|kind| {
        let mut items = doc.get(exporters.value, kind).into_iter().flat_map(|m| doc.items(m.value));
        items.next().is_some_and(|item| doc.kind(item) == Kind::Object)
    })
}

impl<'d> Effective<'d> {
    /// The frame of one block: nothing else is known.
    #[must_use]
    pub fn of_fragment(doc: &'d Document<'d>, target: Target, found: Found) -> Self {
        let Found { key, block, owner, scope, .. } = found;
        let node = owner.unwrap_or(block);
        let mut places = Places::default();
        let mut endpoints = Vec::new();
        let mut endpoint = Endpoint::at(EndpointKind::Endpoint, node);
        match scope {
            Scope::Service | Scope::File => {
                places.block = Some(read(doc, key, block, Scope::Service, target));
            }
            Scope::Security => places.security = Some(read(doc, key, block, scope, target)),
            Scope::Endpoint => {
                endpoint.block = Some(read(doc, key, block, scope, target));
                endpoints.push(endpoint);
            }
            Scope::Backend => {
                let block = Some(read(doc, key, block, scope, target));
                endpoint.backends.push(Backend { block, ..Backend::at(node) });
                endpoints.push(endpoint);
            }
        }
        let service = Service::new(places.block.as_ref(), target);
        overrides::apply(&mut endpoints, &service, doc, target);
        Self { is_whole: false, ..Self::of_places(doc, target, places, service, endpoints) }
    }
}
