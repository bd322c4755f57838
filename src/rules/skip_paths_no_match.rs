use std::borrow::Cow;
use std::collections::HashSet;

use crate::effective::components::DEFAULT_HEALTH_PATH;
use crate::effective::{EndpointKind, routes::Routes};
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::spelling::edit_distance;

/// An entry of `skip_paths` matches no endpoint.
pub static RULE: Rule = Rule {
    id: "skip-paths-no-match",
    summary: "an entry of `skip_paths` matches no endpoint",
    group: Group::Scopes,
    severity: Severity::Info,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Entries of `skip_paths` are compared letter by letter, with the path of the request and with the
endpoint as the gateway calls it. There are no wildcards and no prefixes, case counts, and so does a
slash at the end: `/admin/` skips neither `/admin` nor `/admin/users`.

Paths of which everybody knows that clients ask for them, such as `/favicon.ico`, are left alone:
requests that find no endpoint are reported too, so it makes sense to skip them. So are all entries
if a server plugin may answer paths that are not in the file.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "skip_paths": ["/__health", "/admin/*"],
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/admin/status",
      "backend": [{ "url_pattern": "/status", "host": ["http://admin"] }]
    }
  ]
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "skip_paths": ["/__health", "/admin/status", "/users/42", "/favicon.ico"],
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/admin/status",
      "backend": [{ "url_pattern": "/status", "host": ["http://admin"] }]
    },
    {
      "endpoint": "/users/{id}",
      "backend": [{ "url_pattern": "/users/{id}", "host": ["http://users"] }]
    }
  ]
}
```
"#,
    evidence: &[
        "krakend-otel state/config.go:104-111, http/server/server.go:28",
        "krakend-otel pull request 19",
    ],
    check: Check::Semantic(check),
};

/// How paths begin that clients and probes ask for without an endpoint being there.
const COMMON: &[&str] = &[
    "/favicon",
    "/robots.txt",
    "/metrics",
    "/health",
    "/ready",
    "/live",
    "/ping",
    "/status",
    "/.well-known",
];

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let Some(block) = &effective.block else { return };
    let Some(entries) = block.written.skip_paths.get() else { return };
    let known = Known::new(cx);
    let mut finding: Option<Finding> = None;
    for entry in entries {
        let Some((path, at)) = entry.written() else { continue };
        let Some(objection) = known.objection(path) else { continue };
        let text = objection.label();
        finding = Some(match finding {
            None => cx
                .at(at.node, "this entry of `skip_paths` matches no endpoint")
                .labelled(text)
                .help(objection.help(&known.endpoints, path)),
            Some(finding) => finding.related(cx.label(at.node, text)),
        });
    }
    if let Some(finding) = finding {
        cx.report(finding);
    }
}

/// What `skip_paths` is compared with.
struct Known<'d> {
    endpoints: Routes<'d>,
    agents: HashSet<Cow<'d, str>>,
    health: String,
    is_complete: bool,
}

/// Why an entry skips nothing.
#[derive(Clone, Copy)]
enum Objection<'k> {
    Wildcard,
    /// This endpoint is written otherwise.
    NotQuite(&'k str),
    Prefix,
    Unknown,
}

impl<'d> Known<'d> {
    fn new(cx: &Context<'d>) -> Self {
        let effective = cx.effective;
        let routes = |kind| {
            let some = effective.endpoints.iter().filter(move |endpoint| endpoint.kind == kind);
            some.map(|endpoint| endpoint.route(cx.doc))
        };
        let health = effective.health_path().map(|path| path.value);
        let is_plugin = |name: &str| {
            name == "plugin/http-server"
                || name.starts_with("server/")
                || name.ends_with("transport/http/server/handler")
        };
        let mut members = effective.extra_config.into_iter().flat_map(|it| cx.doc.members(it));
        let has_plugin = members.any(|member| is_plugin(&cx.doc.key(member.key)));
        let endpoints = Routes::new(routes(EndpointKind::Endpoint));
        Self {
            is_complete: !endpoints.is_empty() && !has_plugin,
            endpoints,
            agents: routes(EndpointKind::AsyncAgent).collect(),
            health: health.unwrap_or_else(|| DEFAULT_HEALTH_PATH.to_owned()),
        }
    }

    /// Why `path` skips nothing that is in the file.
    fn objection(&self, path: &str) -> Option<Objection<'_>> {
        let bare = path.trim_end_matches('/');
        if path.is_empty()
            || path.contains('{')
            || path.starts_with("/__")
            || self.health.trim_end_matches('/').eq_ignore_ascii_case(bare)
            || self.agents.contains(path)
            || self.endpoints.covers(path)
        {
            return None;
        }
        if path.contains('*') {
            return Some(Objection::Wildcard);
        }
        if !self.is_complete {
            return None;
        }
        if let Some(route) = self.endpoints.nearly(path) {
            return Some(Objection::NotQuite(route));
        }
        if self.endpoints.has_below(path) {
            return Some(Objection::Prefix);
        }
        let is_common = path == "/" || COMMON.iter().any(|common| path.starts_with(common));
        (!is_common).then_some(Objection::Unknown)
    }
}

impl Objection<'_> {
    /// A few words for the place.
    fn label(self) -> &'static str {
        match self {
            Self::Wildcard => "no wildcards",
            Self::NotQuite(_) => "not quite an endpoint",
            Self::Prefix => "no prefixes",
            Self::Unknown => "no such endpoint",
        }
    }

    /// What to do about the entry `path`.
    fn help(self, endpoints: &Routes<'_>, path: &str) -> String {
        match self {
            Self::Wildcard => "Write each path as it is: there are no wildcards.".to_owned(),
            Self::NotQuite(route) => format!("Write `{route}`: case and slashes count."),
            Self::Prefix => "Write each endpoint below it: prefixes do not count.".to_owned(),
            Self::Unknown => match nearest(endpoints, path) {
                Some(route) => format!("Did you mean `{route}`?"),
                None => {
                    "Remove it, unless clients ask for it although no endpoint answers.".to_owned()
                }
            },
        }
    }
}

fn nearest<'e>(endpoints: &'e Routes<'_>, path: &str) -> Option<&'e str> {
    // A route of quite another length is far, and there may be thousands.
    let length = path.chars().count();
    let routes = endpoints.iter().filter(|route| route.chars().count().abs_diff(length) <= 2);
    let routes = routes.map(|route| (edit_distance(path, route), route));
    routes.filter(|(distance, _)| *distance <= 2).min().map(|(_, route)| route)
}
