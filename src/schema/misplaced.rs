//! Settings in the wrong place: the edits that move one to where it belongs, where there is one such place
//! and the gateway takes the setting there.

use serde_json::{Map, Value};

use super::error::path_of;
use super::site::Site;
use super::{Scope, Step, errors};
use crate::document::{Kind, Member, NodeId};
use crate::effective::NAMESPACE;
use crate::finding::Edit;
use crate::model::known::{self, Known};
use crate::moves;
use crate::releases;
use crate::target::Edition;

/// Levels of a value that is looked at; no schema reaches as deep.
const DEPTH: usize = 24;

/// The edits that move `member`, which stands at `instance`, up or down to `home` in the same block.
pub(super) fn up_or_down(
    site: &Site<'_>,
    instance: &[Step],
    member: Member,
    home: &Known,
) -> Option<Vec<Edit>> {
    let path: Vec<&str> = home.path.iter().map(String::as_str).collect();
    let is_certain = is_alone(site, instance)
        && takes(site, home.scope, &path, member)
        && !crashes(site, &path, member);
    let edits = is_certain.then(|| moves::into(site.doc, member.key, site.node, &path))??;
    // A new object of flags turns off what is on without it.
    let turns_off = |edit: &Edit| match edit {
        Edit::Move { path, .. } => path.iter().any(|step| ["metrics", "traces"].contains(&&**step)),
        _ => false,
    };
    (!edits.iter().any(turns_off)).then_some(edits)
}

/// The edits that move `member`, which stands at `instance` of an override and is called `key`, to the one
/// place where it works, and what they do.
pub(super) fn in_override(
    site: &Site<'_>,
    instance: &[Step],
    member: Member,
    key: &str,
) -> Option<(&'static str, Vec<Edit>)> {
    if !is_alone(site, instance) {
        return None;
    }
    match (site.scope, key) {
        (Scope::Backend, "proxy" | "global" | "exporters_override") => {
            let endpoint =
                endpoint_of(site).filter(|_| takes(site, Scope::Endpoint, &[], member))?;
            let edits = moves::into(site.doc, member.key, endpoint, &["extra_config", NAMESPACE])?;
            Some(("Move it to the `extra_config` of the endpoint", edits))
        }
        (Scope::Endpoint, "exporters_override") => {
            takes(site, Scope::Endpoint, &[], member).then_some(())?;
            let edits = moves::into(site.doc, member.key, site.node, &[])?;
            Some(("Move it into the telemetry block itself", edits))
        }
        (Scope::Endpoint | Scope::Backend, "layers") if instance.is_empty() => {
            let layers = || site.doc.members(member.value);
            let fits = |layer| takes(site, site.scope, &[], layer) && !crashes(site, &[], layer);
            let edits = layers().all(fits).then(|| moves::out_of(site.doc, member.key));
            Some(("Take its settings out of `layers`", edits??))
        }
        _ => None,
    }
}

/// Whether each list that `instance` leads through has one item: what one of several items says does not
/// hold for all.
fn is_alone(site: &Site<'_>, instance: &[Step]) -> bool {
    (0..instance.len()).filter(|at| matches!(instance[*at], Step::Index(_))).all(|at| {
        let list = site.resolve(&instance[..at]);
        list.is_some_and(|list| site.doc.items(list).nth(1).is_none())
    })
}

/// Whether the gateway takes the setting that `member` is at `path` of `scope`, and its value.
fn takes(site: &Site<'_>, scope: Scope, path: &[&str], member: Member) -> bool {
    let name = site.doc.key(member.key);
    if !known::key(scope, path, &name).is_some_and(|known| known.is_read(site.target)) {
        return false;
    }
    let mut block = site.doc.to_value(member.value, DEPTH);
    for (nth, step) in std::iter::once(&&*name).chain(path.iter().rev()).enumerate() {
        if nth > 0 && moves::LISTS.contains(step) {
            block = Value::from(vec![block]);
        }
        block = Value::Object(Map::from_iter([((*step).to_owned(), block)]));
    }
    let place: Vec<&str> = path.iter().copied().chain([&*name]).collect();
    let errors = errors(scope, site.target.version, &block);
    !errors.iter().any(|error| path_of(&error.instance).starts_with(&place))
}

/// Whether the override of a backend gets a layer without traces by `member` at `path`, which crashes the
/// gateway.
fn crashes(site: &Site<'_>, path: &[&str], member: Member) -> bool {
    let panics = site.scope == Scope::Backend
        && site.target.edition == Edition::Community
        && site.target.version >= releases::BACKEND_OVERRIDE_PANICS;
    let has_traces = |object: NodeId| {
        let traces = site.doc.get(object, "traces");
        traces.is_some_and(|traces| site.doc.kind(traces.value) == Kind::Object)
    };
    let layer = site.doc.get(site.node, "backend").map(|layer| layer.value);
    let is_called = |name| site.doc.is_called(member.key, name);
    match path {
        [] if is_called("backend") => panics && !has_traces(member.value),
        ["backend"] if is_called("traces") => false,
        ["backend", rest @ ..] => {
            panics && rest.first() != Some(&"traces") && !layer.is_some_and(has_traces)
        }
        _ => false,
    }
}

/// The endpoint that the override of a backend is in, if that is its only backend. Of a file that is one
/// endpoint alone an `extra_config` would make something else.
fn endpoint_of(site: &Site<'_>) -> Option<NodeId> {
    let doc = site.doc;
    let extra_config = doc.parent(site.node)?;
    let backend = doc.parent(extra_config)?;
    let list = doc.parent(backend).filter(|list| doc.items(*list).nth(1).is_none())?;
    let endpoint = doc.parent(list)?;
    let is_at = |object, name: &str, value| {
        doc.get(object, name).is_some_and(|member| member.value == value)
    };
    let is_whole = is_at(backend, "extra_config", extra_config) && is_at(endpoint, "backend", list);
    (is_whole && doc.parent(endpoint).is_some()).then_some(endpoint)
}
