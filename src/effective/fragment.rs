//! Telemetry blocks in a document that is not a whole configuration. Each is seen in a frame of its own
//! ([`Effective`] with one block): what is around it in the running gateway is not known.

use std::collections::HashSet;

use super::components::{INFLUX, OPENCENSUS};
use super::places::{Backend, Endpoint, EndpointKind, Places, read, read_of_service};
use super::{Effective, NAMESPACE, SECURITY_NAMESPACE, Service, overrides};
use crate::document::{Document, Kind, NodeId};
use crate::model::Scope;
use crate::target::Target;

/// A telemetry block of a fragment, or an `extra_config` with an old telemetry system in it.
#[derive(Clone, Copy, Debug)]
pub struct Found {
    /// The key it stands under; the block itself if it is the whole document or an item.
    key: NodeId,
    /// The block; `None` if there is an old system only.
    block: Option<NodeId>,
    /// The `extra_config` it is in, or what stands in for one.
    extra_config: Option<NodeId>,
    /// The object whose `extra_config` it is in, if there is one.
    owner: Option<NodeId>,
    scope: Scope,
    /// Whether it stands under the name of its namespace: what does not may be completed by the
    /// template that takes it in.
    pub named: bool,
}

/// The part of a configuration that one of the published schemas describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaPart {
    /// A whole configuration.
    Whole,
    /// A telemetry block.
    Block(Scope),
    /// Anything else.
    Other,
}

/// The part that the schema at `url` describes, if that is one of KrakenD's. The names of the files
/// are those of the vendor's schema repository.
#[must_use]
pub fn part_of_schema(url: &str) -> Option<SchemaPart> {
    let url = url.to_ascii_lowercase();
    if !url.contains("krakend") {
        return None;
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let file = path.rsplit('/').next().unwrap_or_default();
    Some(match file.strip_suffix(".json").unwrap_or(file) {
        "opentelemetry" => SchemaPart::Block(Scope::Service),
        "opentelemetry-endpoint" => SchemaPart::Block(Scope::Endpoint),
        "opentelemetry-backend" => SchemaPart::Block(Scope::Backend),
        "opentelemetry-security" => SchemaPart::Block(Scope::Security),
        "" | "krakend" | "v3" | "_root" | "root" => SchemaPart::Whole,
        // Somebody's own name for a schema of the whole.
        name if !path.contains("krakend.io/schema") && name.contains("krakend") => {
            SchemaPart::Whole
        }
        _ => SchemaPart::Other,
    })
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

/// The settings of an exporter of either kind.
const OF_EXPORTER: [&str; 12] = [
    "name",
    "host",
    "port",
    "use_http",
    "disable_metrics",
    "disable_traces",
    "custom_metric_reporting_period",
    "listen_ip",
    "process_metrics",
    "go_metrics",
    "metric_reporting_period",
    "service_name",
];

/// Old telemetry systems, of which something is said wherever they stand.
const OLD: [&[&str]; 3] = [OPENCENSUS, INFLUX, &["telemetry/instana", "telemetry/ganalytics"]];

/// Every telemetry block of `doc`, wherever it stands, in the order of the document.
#[must_use]
pub fn find(doc: &Document<'_>) -> Vec<Found> {
    let mut search = Search { doc, found: Vec::new(), inside: None };
    let mut owned = HashSet::new();
    if let Some(root) = doc.root() {
        search.add_root(root);
    }
    for object in doc.nodes().filter(|node| doc.kind(*node) == Kind::Object) {
        if let Some(extra) = doc.get(object, "extra_config") {
            owned.insert(extra.value);
            search.add(extra.value, Some(object));
        }
        if !owned.contains(&object) {
            search.add(object, None);
        }
        let is_inside = search.inside.is_some_and(|block| doc.is_within(object, block));
        if !is_inside && is_bare_block(doc, object) {
            search.push(Found {
                key: object,
                block: Some(object),
                extra_config: None,
                owner: None,
                scope: Scope::Service,
                named: false,
            });
        }
    }
    search.found
}

/// What was found so far.
struct Search<'d> {
    doc: &'d Document<'d>,
    found: Vec<Found>,
    /// The outermost block in which the search is, or which it passed last.
    inside: Option<NodeId>,
}

impl Search<'_> {
    fn push(&mut self, found: Found) {
        if let Some(block) = found.block
            && !self.inside.is_some_and(|outer| self.doc.is_within(block, outer))
        {
            self.inside = Some(block);
        }
        self.found.push(found);
    }

    /// Adds `root` if its `$schema` says that it is a block.
    fn add_root(&mut self, root: NodeId) {
        let url = self.doc.get(root, "$schema").and_then(|url| self.doc.str(url.value));
        if let Some(SchemaPart::Block(scope)) = url.as_deref().and_then(part_of_schema) {
            let block = Some(root);
            let (extra_config, owner) = (None, None);
            self.push(Found { key: root, block, extra_config, owner, scope, named: true });
        }
    }

    /// Adds the blocks of the `extra_config` `object`, or of what stands in for one.
    fn add(&mut self, object: NodeId, owner: Option<NodeId>) {
        let doc = self.doc;
        let is_block = |block| doc.kind(block) == Kind::Object && !is_schema(doc, block);
        // What else stands beside a block of the service is asked once.
        let mut extra_config = Some(object);
        for (name, security) in [(NAMESPACE, false), (SECURITY_NAMESPACE, true)] {
            let Some(member) = doc.get(object, name).filter(|it| is_block(it.value)) else {
                continue;
            };
            let (key, block) = (member.key, Some(member.value));
            let scope = if security { Scope::Security } else { scope(doc, owner, member.value) };
            let is_service = matches!(scope, Scope::Service | Scope::Security);
            let extra_config = extra_config.take_if(|_| is_service);
            self.push(Found { key, block, extra_config, owner, scope, named: true });
        }
        let is_part = owner.is_some_and(|owner| scope(doc, Some(owner), object) != Scope::Service);
        let mut old = OLD.iter().flat_map(|names| names.iter());
        if !is_part
            && extra_config.is_some()
            && let Some(old) = old.find_map(|name| doc.get(object, name))
            && is_block(old.value)
        {
            let (key, scope) = (old.key, Scope::Service);
            self.push(Found { key, block: None, extra_config, owner, scope, named: true });
        }
    }
}

/// Whether `block` is the description of a block in a schema.
fn is_schema(doc: &Document<'_>, block: NodeId) -> bool {
    ["$ref", "$id", "properties", "allOf", "anyOf", "oneOf", "type"]
        .iter()
        .any(|name| doc.get(block, name).is_some())
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

/// Whether `object` is unmistakably the block of a service: it has exporters as the gateway has them,
/// or a setting that nothing else has, and no more settings of another program than of the gateway.
fn is_bare_block(doc: &Document<'_>, object: NodeId) -> bool {
    let has = |name| doc.get(object, name).is_some();
    if !has_exporters(doc, object) && !has("trace_sample_rate") && !has("metric_reporting_period") {
        return false;
    }
    if has("host") || has("listen_ip") {
        // An exporter has a reporting period, too.
        return false;
    }
    let (mut known, mut other) = (0, 0);
    for member in doc.members(object) {
        let name = doc.key(member.key);
        if OF_SERVICE.contains(&&*name) {
            known += 1;
        } else if !name.starts_with(['@', '$', '_', '#']) {
            // Names in camel case are the grammar of another program.
            other += if name.contains(|c: char| c.is_ascii_uppercase()) { 100 } else { 1 };
        }
    }
    known >= other
}

/// Whether `object` has `exporters` with lists of objects that are exporters of the gateway.
fn has_exporters(doc: &Document<'_>, object: NodeId) -> bool {
    let Some(exporters) = doc.get(object, "exporters") else { return false };
    let mut items = ["otlp", "prometheus"]
        .into_iter()
        .filter_map(|kind| doc.get(exporters.value, kind))
        .flat_map(|list| doc.items(list.value))
        .peekable();
    items.peek().is_some() && items.all(|item| is_exporter(doc, item))
}

/// Whether `object` has nothing but lists of exporters: the value of `exporters` on its own.
#[must_use]
pub fn are_exporters(doc: &Document<'_>, object: NodeId) -> bool {
    let mut items = doc.members(object).flat_map(|member| doc.items(member.value)).peekable();
    let is_list = |key| ["otlp", "prometheus"].iter().any(|name| doc.is_called(key, name));
    items.peek().is_some()
        && items.all(|item| is_exporter(doc, item))
        && doc.members(object).all(|member| {
            is_list(member.key) || doc.key(member.key).starts_with(['@', '$', '_', '#'])
        })
}

/// Whether `item` has a name and hardly any setting that an exporter of the gateway has not.
fn is_exporter(doc: &Document<'_>, item: NodeId) -> bool {
    let (mut known, mut other) = (0, 0);
    for member in doc.members(item) {
        let name = doc.key(member.key).to_ascii_lowercase();
        if OF_EXPORTER.contains(&&*name) {
            known += 1;
        } else if !name.starts_with(['@', '$', '_', '#']) {
            other += 1;
        }
    }
    let has_name = doc.get(item, "name").is_some();
    has_name && (other == 0 || other == 1 && known > 2)
}

impl<'d> Effective<'d> {
    /// The frame of one block: nothing else is known.
    #[must_use]
    pub fn of_fragment(doc: &'d Document<'d>, target: Target, found: Found) -> Self {
        let Found { key, block, extra_config, owner, scope, .. } = found;
        let mut places = Places { extra_config, ..Places::default() };
        let Some(block) = block else {
            let service = Service::new(None, target);
            return Self {
                is_whole: false,
                ..Self::of_places(doc, target, places, service, Vec::new())
            };
        };
        let node = owner.unwrap_or(block);
        let mut endpoints = Vec::new();
        let mut endpoint = Endpoint::at(EndpointKind::Endpoint, node);
        match scope {
            Scope::Service | Scope::File => {
                places.block = Some(read_of_service(doc, key, block, Scope::Service, target));
            }
            Scope::Security => {
                places.security = Some(read_of_service(doc, key, block, scope, target));
            }
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
