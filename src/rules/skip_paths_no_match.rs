use std::borrow::Cow;
use std::collections::HashSet;

use crate::effective::{EndpointKind, components::DEFAULT_HEALTH_PATH};
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
        let Some((text, help)) = known.objection(path) else { continue };
        finding = Some(match finding {
            None => cx
                .at(at.node, "this entry of `skip_paths` matches no endpoint")
                .labelled(text)
                .help(help),
            Some(finding) => finding.related(cx.label(at.node, text)),
        });
    }
    if let Some(finding) = finding {
        cx.report(finding);
    }
}

/// What `skip_paths` is compared with.
struct Known<'d> {
    endpoints: Vec<Cow<'d, str>>,
    /// The same, for the common question whether there is exactly this one.
    exact: HashSet<Cow<'d, str>>,
    agents: Vec<Cow<'d, str>>,
    health: String,
    is_complete: bool,
}

/// A few words for the place, and what to do.
type Objection = (&'static str, String);

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
        let endpoints: Vec<_> = routes(EndpointKind::Endpoint).collect();
        Self {
            is_complete: !endpoints.is_empty() && !has_plugin,
            exact: endpoints.iter().cloned().collect(),
            endpoints,
            agents: routes(EndpointKind::AsyncAgent).collect(),
            health: health.unwrap_or_else(|| DEFAULT_HEALTH_PATH.to_owned()),
        }
    }

    /// Why `path` skips nothing that is in the file.
    fn objection(&self, path: &str) -> Option<Objection> {
        let is = |other: &str| {
            other.trim_end_matches('/').eq_ignore_ascii_case(path.trim_end_matches('/'))
        };
        if path.is_empty()
            || path.contains('{')
            || path.starts_with("/__")
            || is(&self.health)
            || self.exact.contains(path)
            || self.agents.iter().any(|agent| agent == path)
            || self.endpoints.iter().any(|route| covers(route, path))
        {
            return None;
        }
        if path.contains('*') {
            let help = "Write each path as it is: there are no wildcards.".to_owned();
            return Some(("no wildcards", help));
        }
        if !self.is_complete {
            return None;
        }
        if let Some(route) = self.endpoints.iter().find(|route| is(route)) {
            let help = format!("Write `{route}`: case and slashes count.");
            return Some(("not quite an endpoint", help));
        }
        let folder = format!("{}/", path.trim_end_matches('/'));
        if folder.len() > 1 && self.endpoints.iter().any(|route| route.starts_with(&folder)) {
            let help = "Write each endpoint below it: prefixes do not count.".to_owned();
            return Some(("no prefixes", help));
        }
        if path == "/" || COMMON.iter().any(|common| path.starts_with(common)) {
            return None;
        }
        let help = match self.nearest(path) {
            Some(route) => format!("Did you mean `{route}`?"),
            None => "Remove it, unless clients ask for it although no endpoint answers.".to_owned(),
        };
        Some(("no such endpoint", help))
    }

    fn nearest(&self, path: &str) -> Option<&str> {
        // A route of quite another length is far, and there may be thousands.
        let length = path.chars().count();
        let alike = |route: &&Cow<'_, str>| route.chars().count().abs_diff(length) <= 2;
        let routes = self.endpoints.iter().filter(alike);
        let routes = routes.map(|route| (edit_distance(path, route), route));
        routes.filter(|(distance, _)| *distance <= 2).min().map(|(_, route)| &**route)
    }
}

/// Whether requests for `path`, or the endpoint itself, go to the endpoint `route`: `:name` stands
/// for one segment, `*` at the end for the rest.
fn covers(route: &str, path: &str) -> bool {
    if route == path {
        return true;
    }
    let mut segments = path.split('/');
    for expected in route.split('/') {
        if expected.starts_with('*') {
            return !path.contains('*');
        }
        match segments.next() {
            Some(segment) if segment == expected => {}
            Some(segment)
                if expected.starts_with(':') && !segment.is_empty() && !segment.contains('*') => {}
            _ => return false,
        }
    }
    segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn an_endpoint_covers_the_paths_it_answers() {
        for (route, path) in
            [("/a", "/a"), ("/a/:id", "/a/42"), ("/a/:id", "/a/:id"), ("/a/*", "/a/b/c")]
        {
            assert!(covers(route, path), "{route} {path}");
        }
        for (route, path) in
            [("/a", "/a/"), ("/a/:id", "/a"), ("/a/:id", "/a/*"), ("/a/:id", "/a/b/c")]
        {
            assert!(!covers(route, path), "{route} {path}");
        }
    }
}
