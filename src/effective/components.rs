//! What else in a configuration has to do with telemetry: other systems, the router, plugins.
//!
//! Namespaces have older names, which the gateway still takes (krakend-ce `cmd/krakend-ce/main.go`).

use super::decode::same_key;
use super::{Backend, Effective, Sourced, Status};
use crate::document::{Document, Kind, Member, NodeId};

/// The names of one component in an `extra_config`, today's first.
pub type Names = &'static [&'static str];

/// The predecessor of OpenTelemetry.
pub const OPENCENSUS: Names =
    &["telemetry/opencensus", "github_com/devopsfaith/krakend-opencensus"];
/// The stats of the gateway, on a port of their own.
pub const METRICS: Names = &["telemetry/metrics", "github_com/devopsfaith/krakend-metrics"];
/// The native client of a time series database.
pub const INFLUX: Names = &[
    "telemetry/influx",
    "github_com/letgoapp/krakend-influx",
    "github_com/devopsfaith/krakend-influx",
];
/// The agent of New Relic, which the Enterprise Edition has.
pub const NEWRELIC: Names = &["telemetry/newrelic"];
/// The router.
pub const ROUTER: Names = &["router", "github_com/luraproject/lura/router/gin"];
/// A plugin in the place of a backend's HTTP client.
pub const HTTP_CLIENT_PLUGIN: Names =
    &["plugin/http-client", "github.com/devopsfaith/krakend/transport/http/client/executor"];

/// Where the router answers health checks unless told otherwise (lura `router/gin/engine.go`).
pub const DEFAULT_HEALTH_PATH: &str = "/__health";

impl Effective<'_> {
    /// The service's settings of the component called `names`.
    #[must_use]
    pub fn component(&self, names: Names) -> Option<Member> {
        named(self.doc, self.extra_config?, names)
    }

    /// The plugin that takes the place of the HTTP client of `backend`: the settings of one that has
    /// a name (lura `transport/http/client/plugin/executor.go`).
    #[must_use]
    pub fn http_client_plugin(&self, backend: &Backend) -> Option<Member> {
        let plugin = named(self.doc, backend.extra_config?, HTTP_CLIENT_PLUGIN)?;
        let name = self.doc.get(plugin.value, "name")?;
        (self.doc.kind(name.value) == Kind::String).then_some(plugin)
    }

    /// Where the gateway answers health checks; `None` if it does not.
    #[must_use]
    pub fn health_path(&self) -> Option<Sourced<String>> {
        let router = self.component(ROUTER);
        let field = |name| member(self.doc, router?.value, name).map(|member| member.value);
        if field("disable_health").is_some_and(|off| self.doc.kind(off) == Kind::Bool(true)) {
            return None;
        }
        let written = field("health_path").and_then(|node| Some((node, self.doc.str(node)?)));
        Some(match written {
            Some((node, path)) if !path.is_empty() => {
                Sourced { value: path.into_owned(), node: Some(node) }
            }
            _ => Sourced::default_of(DEFAULT_HEALTH_PATH.to_owned()),
        })
    }

    /// Whether the global layer reports requests to somebody. It alone sees those to the health
    /// check, which belong to no endpoint.
    #[must_use]
    pub fn reports_every_request(&self) -> bool {
        let (service, global) = (&self.service, &self.service.layers.global);
        self.status() == Status::Active
            && ((global.traces.value && service.has_traces())
                || (global.metrics.value && service.has_metrics()))
    }

    /// Whether this is a whole configuration rather than a part of one, such as a partial of
    /// Flexible Configuration or an excerpt in a document.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.root.is_some_and(|root| {
            ["version", "endpoints"].iter().any(|name| self.doc.get(root, name).is_some())
        })
    }
}

fn named(doc: &Document<'_>, extra_config: NodeId, names: Names) -> Option<Member> {
    names.iter().find_map(|name| doc.get(extra_config, name))
}

/// The member of `object` that Go decodes into the field `name`.
pub(super) fn member(doc: &Document<'_>, object: NodeId, name: &str) -> Option<Member> {
    doc.members(object)
        .filter(|member| doc.is_called(member.key, name) || same_key(&doc.key(member.key), name))
        .last()
}
