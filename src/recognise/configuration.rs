//! Whether a document is the whole configuration of a gateway.

use std::fmt;

use super::shape::Shape;
use crate::document::{Document, Kind, NodeId};
use crate::effective::fragment::{SchemaPart, part_of_schema};

/// What shows that a document is a whole configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mark {
    /// Its `$schema` is that of a whole configuration.
    Schema,
    /// It has a `version` as the gateway wants it, no member of another program, and no other mark.
    #[default]
    Version,
    /// It has a list of endpoints.
    Endpoints,
    /// It has a list of async agents.
    AsyncAgent,
    /// It has an `extra_config` and is not an endpoint or backend.
    ExtraConfig,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Schema => "its `$schema` is that of a KrakenD configuration",
            Self::Version => "it has a `version`",
            Self::Endpoints => "it has `endpoints`",
            Self::AsyncAgent => "it has an `async_agent`",
            Self::ExtraConfig => "it has an `extra_config`",
        })
    }
}

/// Members of the root that the gateway knows (lura `config/config.go`), beside the marks.
const OF_ROOT: [&str; 16] = [
    "name",
    "host",
    "port",
    "listen_ip",
    "timeout",
    "cache_ttl",
    "tls",
    "client_tls",
    "plugin",
    "output_encoding",
    "debug_endpoint",
    "echo_endpoint",
    "sequential_start",
    "read_timeout",
    "write_timeout",
    "max_idle_connections",
];

/// What shows that the object `root` is a whole configuration; `None` if it is none.
pub(super) fn mark(doc: &Document<'_>, root: NodeId) -> Option<Mark> {
    if doc.kind(root) != Kind::Object {
        return None;
    }
    let shape = Shape::new(doc, root);
    match shape.text("$schema").and_then(|url| part_of_schema(&url)) {
        Some(SchemaPart::Whole) => return Some(Mark::Schema),
        Some(_) => return None,
        None => {}
    }
    let is_endpoint = |item| {
        ["endpoint", "backend", "url_pattern"].iter().any(|name| doc.get(item, name).is_some())
    };
    let endpoints = shape.value("endpoints").filter(|&list| doc.kind(list) == Kind::Array);
    // An endpoint on its own has an `extra_config` and no other mark.
    let is_part = ["endpoint", "url_pattern"].iter().any(|name| shape.is(name, Kind::String));
    let is_ours = |list| doc.items(list).any(is_endpoint) || has_own_members(doc, &shape);
    if endpoints.is_some_and(is_ours) {
        Some(Mark::Endpoints)
    } else if shape.is("async_agent", Kind::Array) {
        Some(Mark::AsyncAgent)
    } else if shape.is("extra_config", Kind::Object) && !is_part {
        Some(Mark::ExtraConfig)
    } else if has_version(doc, &shape) {
        Some(Mark::Version)
    } else {
        None
    }
}

/// Whether there is a version of the gateway's format. Many programs have files with a version: what
/// else is there must not be theirs.
fn has_version(doc: &Document<'_>, shape: &Shape<'_, '_>) -> bool {
    let version = shape.value("version").and_then(|version| doc.number(version));
    version.is_some_and(|version| (1.0..=3.0).contains(&version) && has_own_members(doc, shape))
}

/// Whether the members of the root are those of the gateway, but for fewer others.
fn has_own_members(doc: &Document<'_>, shape: &Shape<'_, '_>) -> bool {
    let is_known = |name: &str| {
        OF_ROOT.contains(&name)
            || ["extra_config", "async_agent"].contains(&name)
            || name.contains('/')
    };
    let is_mark = |name: &str| ["version", "endpoints"].contains(&name);
    let is_remark = |name: &str| name.starts_with(['@', '$', '_', '#']);
    let (mut known, mut other) = (0, 0);
    for member in doc.members(shape.object) {
        let name = doc.key(member.key).to_ascii_lowercase();
        if is_known(&name) {
            known += 1;
        } else if !is_mark(&name) && !is_remark(&name) {
            other += 1;
        }
    }
    known >= other
}
