//! What an editor lists as the contents of a file: its telemetry blocks and what is in them.

use super::part::{self, BlockAt, Part};
use crate::document::{Kind, NodeId};
use crate::effective::{Effective, Endpoint, EndpointKind};
use crate::linter::Options;
use crate::model::Scope;
use crate::report;
use crate::secrets::masked;
use crate::source::{Source, Span};

/// What a symbol is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    /// A telemetry block.
    Block,
    /// An exporter.
    Exporter,
    /// A layer, or another part of a block.
    Part,
}

/// An entry in the contents of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Its name.
    pub name: String,
    /// A few words about it.
    pub detail: String,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub span: Span,
    /// Its name, within it.
    pub selection: Span,
    /// What is in it.
    pub children: Vec<Symbol>,
}

/// The telemetry blocks of `source`.
#[must_use]
pub fn symbols(source: &Source, options: &Options) -> Vec<Symbol> {
    let mut found = Vec::new();
    part::ask::<()>(source, &mut |part| {
        for effective in part.effective(part.target(options)) {
            for block in part::blocks(&effective) {
                found.push(of_block(part, &effective, block));
            }
        }
        // A template has several readings of the same text, and each text is one document.
        if part.is_template { Some(()) } else { None }
    });
    found.sort_by_key(|symbol| symbol.span);
    found.dedup_by_key(|symbol| symbol.span);
    found
}

fn of_block(part: &Part<'_>, effective: &Effective<'_>, block: BlockAt) -> Symbol {
    let mut children = Vec::new();
    for member in part.doc.members(block.node) {
        let name = part.doc.key(member.key);
        match (block.scope, &*name) {
            (Scope::Service, "exporters") => {
                let families = part.doc.members(member.value);
                let items = families.flat_map(|family| part.doc.items(family.value));
                children.extend(items.filter_map(|item| exporter(part, item)));
            }
            (Scope::Service, "layers") => {
                let layers = part.doc.members(member.value);
                children.extend(layers.map(|layer| entry(part, layer.key, layer.value)));
            }
            (Scope::Security, "otlp") => {
                children.extend(part.doc.items(member.value).filter_map(|it| exporter(part, it)));
            }
            (Scope::Endpoint | Scope::Backend, _) => {
                children.push(entry(part, member.key, member.value));
            }
            _ => {}
        }
    }
    let name = block.scope.namespace().unwrap_or_default().to_owned();
    Symbol {
        name,
        detail: owner(effective, block),
        kind: SymbolKind::Block,
        span: around(part, block.key, block.node),
        selection: part.outer(part.doc.opening(block.key)),
        children,
    }
}

/// Whose block it is, in words.
fn owner(effective: &Effective<'_>, block: BlockAt) -> String {
    let doc = effective.doc;
    let named = |endpoint: &Endpoint| {
        let path = masked(&endpoint.path(doc));
        let method = doc.get(endpoint.node, "method").and_then(|method| doc.str(method.value));
        let method = masked(method.as_deref().unwrap_or("GET"));
        match endpoint.kind {
            _ if path.is_empty() => String::new(),
            EndpointKind::AsyncAgent => format!("agent {path}"),
            EndpointKind::Endpoint => format!("{method} {path}"),
        }
    };
    let holds = |endpoint: &&Endpoint| doc.is_within(block.node, endpoint.node);
    let endpoint = effective.endpoints.iter().find(holds).map(named).unwrap_or_default();
    match block.scope {
        Scope::Service | Scope::Security | Scope::File => String::new(),
        Scope::Endpoint => endpoint,
        Scope::Backend if endpoint.is_empty() => "backend".to_owned(),
        Scope::Backend => format!("backend of {endpoint}"),
    }
}

fn exporter(part: &Part<'_>, item: NodeId) -> Option<Symbol> {
    let doc = part.doc;
    if doc.kind(item) != Kind::Object {
        return None;
    }
    let name = doc.get(item, "name").map(|member| member.value);
    let text = name.and_then(|name| doc.str(name)).filter(|name| !name.trim().is_empty());
    let host = doc.get(item, "host").and_then(|member| doc.str(member.value));
    Some(Symbol {
        name: report::clean(&masked(text.as_deref().unwrap_or("(no name)"))),
        detail: report::clean(&masked(host.as_deref().unwrap_or_default())),
        kind: SymbolKind::Exporter,
        span: part.span(item),
        selection: name.map_or(part.outer(doc.opening(item)), |name| part.span(name)),
        children: Vec::new(),
    })
}

fn entry(part: &Part<'_>, key: NodeId, value: NodeId) -> Symbol {
    let name = part.doc.key(key);
    Symbol {
        name: report::clean(if name.trim().is_empty() { "(no name)" } else { &name }),
        detail: String::new(),
        kind: SymbolKind::Part,
        span: around(part, key, value),
        selection: part.span(key),
        children: Vec::new(),
    }
}

/// From the key to the end of the value, where they stand together.
fn around(part: &Part<'_>, key: NodeId, value: NodeId) -> Span {
    let (key, value) = (part.span(key), part.span(value));
    if value.end >= key.end {
        Span { start: key.start.min(value.start), end: value.end }
    } else {
        key
    }
}
