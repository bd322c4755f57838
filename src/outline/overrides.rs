//! What endpoints, agents and backends override, as differences against the service.

use serde::Serialize;

use super::view::View;
use super::{BackendLayer, From, HeadersForm, Layer, Place, SignalForm, Value};
use crate::effective::{Endpoint, EndpointKind};
use crate::secrets::masked;

/// One override.
#[derive(Clone, Debug, Serialize)]
pub struct Override {
    /// Whose it is: `GET /orders`, `agent orders`, `GET /orders → /v1/orders`.
    pub place: String,
    /// JSON pointer of the block.
    pub pointer: String,
    /// The file of the block, if it is another one than that of the outline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line of the block.
    pub line: u32,
    /// `in-force`; `dropped`: a value has the wrong type; `ignored`: the gateway reads nothing of it.
    pub status: &'static str,
    /// What differs from the service.
    pub changes: Vec<Change>,
}

/// A setting that differs from the service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// The setting.
    pub setting: String,
    /// Its value for the service.
    pub service: String,
    /// Its value here.
    pub here: String,
    /// Where the value here comes from: an override replaces a whole layer, so often a default.
    pub from: From,
}

/// Every override of the configuration.
pub(super) fn of(view: &View<'_>) -> Vec<Override> {
    let effective = view.effective;
    let mut overrides = Vec::new();
    for endpoint in &effective.endpoints {
        let place = place(view, endpoint);
        if let Some(block) = &endpoint.block {
            let mut changes = Vec::new();
            if endpoint.written().is_some() {
                let service = view.proxy(&effective.service.layers.proxy);
                layer(&service, &view.proxy(&effective.proxy_of(endpoint)), &mut changes);
            }
            let adds = block.written.global.get().is_some_and(|global| {
                let lists = [&global.metrics_static_attributes, &global.traces_static_attributes];
                lists.into_iter().any(|list| list.get().is_some_and(|pairs| !pairs.is_empty()))
            });
            if adds && effective.takes_overrides() && block.errors.is_empty() {
                changes.push(Change {
                    setting: "global attributes".to_owned(),
                    service: "as written there".to_owned(),
                    here: "more are added".to_owned(),
                    from: view.from(block.written.global.at().map(|at| at.node)),
                });
            }
            let read = endpoint.written().is_some() || adds;
            let status = status(effective.takes_overrides() && read, block.errors.is_empty());
            overrides.push(entry(view, place.clone(), block.node, status, changes));
        }
        for backend in &endpoint.backends {
            let Some(block) = &backend.block else { continue };
            let mut changes = Vec::new();
            let read = backend.written().is_some();
            if read {
                let service = view.backend(&effective.service.layers.backend);
                backend_layer(
                    &service,
                    &view.backend(&effective.backend_of(backend)),
                    &mut changes,
                );
            }
            let pattern = view.doc().get(backend.node, "url_pattern");
            let pattern = pattern.and_then(|pattern| view.doc().str(pattern.value));
            let place = format!("{place} → {}", masked(&pattern.unwrap_or_default()));
            let status = status(read, block.errors.is_empty());
            overrides.push(entry(view, place, block.node, status, changes));
        }
    }
    overrides
}

fn status(read: bool, decodes: bool) -> &'static str {
    match (decodes, read) {
        (false, _) => "dropped",
        (true, true) => "in-force",
        (true, false) => "ignored",
    }
}

fn entry(
    view: &View<'_>,
    place: String,
    node: crate::document::NodeId,
    status: &'static str,
    changes: Vec<Change>,
) -> Override {
    let pointer = view.doc().pointer(node).to_string();
    let Place { file, line, .. } = view.place(node);
    Override { place, pointer, file, line, status, changes }
}

fn place(view: &View<'_>, endpoint: &Endpoint) -> String {
    let path = masked(&endpoint.path(view.doc()));
    match endpoint.kind {
        EndpointKind::AsyncAgent => format!("agent {path}"),
        EndpointKind::Endpoint => {
            let method = view.doc().get(endpoint.node, "method");
            let method = method.and_then(|method| view.doc().str(method.value));
            let method = method.filter(|method| !method.is_empty());
            format!("{} {path}", masked(method.as_deref().unwrap_or("GET")))
        }
    }
}

fn layer(service: &Layer, here: &Layer, changes: &mut Vec<Change>) {
    compare("proxy.traces", &service.traces, &here.traces, changes);
    compare("proxy.metrics", &service.metrics, &here.metrics, changes);
    headers("proxy", &service.headers, &here.headers, changes);
    lists("proxy.traces attributes", &service.traces_attributes, &here.traces_attributes, changes);
    lists(
        "proxy.metrics attributes",
        &service.metrics_attributes,
        &here.metrics_attributes,
        changes,
    );
}

fn backend_layer(service: &BackendLayer, here: &BackendLayer, changes: &mut Vec<Change>) {
    signal("backend.traces", &service.traces, &here.traces, changes);
    signal("backend.metrics", &service.metrics, &here.metrics, changes);
    headers("backend.traces", &service.headers, &here.headers, changes);
}

fn signal(name: &str, service: &SignalForm, here: &SignalForm, changes: &mut Vec<Change>) {
    compare(&format!("{name}.stage"), &service.stage, &here.stage, changes);
    compare(&format!("{name}.round_trip"), &service.round_trip, &here.round_trip, changes);
    compare(&format!("{name}.read_payload"), &service.read_payload, &here.read_payload, changes);
    let (before, after) = (&service.detailed_connection, &here.detailed_connection);
    compare(&format!("{name}.detailed_connection"), before, after, changes);
    lists(&format!("{name} attributes"), &service.attributes, &here.attributes, changes);
}

fn headers(name: &str, service: &HeadersForm, here: &HeadersForm, changes: &mut Vec<Change>) {
    compare(&format!("{name}.report_headers"), &service.reported, &here.reported, changes);
    lists(&format!("{name}.skip_headers"), &service.skipped, &here.skipped, changes);
}

fn compare(setting: &str, service: &Value<bool>, here: &Value<bool>, changes: &mut Vec<Change>) {
    let word = |on: bool| if on { "on" } else { "off" }.to_owned();
    if service.value != here.value {
        changes.push(Change {
            setting: setting.to_owned(),
            service: word(service.value),
            here: word(here.value),
            from: here.from.clone(),
        });
    }
}

fn lists(setting: &str, service: &[String], here: &[String], changes: &mut Vec<Change>) {
    let words = |list: &[String]| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
    if service != here {
        changes.push(Change {
            setting: setting.to_owned(),
            service: words(service),
            here: words(here),
            from: From::Default,
        });
    }
}
