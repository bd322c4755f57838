use crate::effective::{Endpoint, EndpointKind, Status};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets::names_secret;

/// A query string with a credential leaves in the spans.
pub static RULE: Rule = Rule {
    id: "query-credentials-in-spans",
    summary: "a credential in the query string leaves in the spans of the gateway",
    group: Group::Privacy,
    severity: Severity::Warning,
    consequence: Consequence::DataLeaks,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
The spans of the global layer, and those of the HTTP client that calls a backend, have the whole URL in
`url.full`, query string included. No setting changes that: `report_headers` and `skip_headers` are about
headers. A token that clients send in the query string is in every span, for everybody who can read
traces.

`input_query_strings` tells which query strings an endpoint expects; one with the name of a credential
is reported. Take credentials in a header, drop the attribute in the collector, or name the endpoint
in `skip_paths`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_query_strings": ["page", "access_token"],
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_query_strings": ["page"],
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "prometheus": [{ "name": "metrics" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_query_strings": ["access_token"],
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```
"#,
    evidence: &[
        "krakend-otel http/server/traces.go (url.full)",
        "krakend-otel http/client/transport_traces.go (url.full)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if effective.status() != Status::Active || !effective.service.has_traces() {
        return;
    }
    for endpoint in &effective.endpoints {
        if endpoint.kind != EndpointKind::Endpoint || !is_traced(cx, endpoint) {
            continue;
        }
        let Some(list) = cx.doc.get(endpoint.node, "input_query_strings") else { continue };
        for item in cx.doc.items(list.value) {
            if !cx.doc.str(item).is_some_and(|name| names_secret(&name)) {
                continue;
            }
            let finding = cx
                .at(item, "this query string leaves in `url.full` of the spans, with its value")
                .labelled("named like a credential")
                .help(
                    "Take it in a header instead, or have the collector drop the query string of \
                     `url.full`.",
                );
            cx.report(finding);
        }
    }
}

/// Whether some span of a request to `endpoint` has its URL.
fn is_traced(cx: &Context<'_>, endpoint: &Endpoint) -> bool {
    let clients = |backend| cx.effective.backend_of(backend).traces.instruments_client();
    endpoint.is_reported
        && (cx.effective.service.layers.global.traces.value
            || endpoint.backends.iter().any(clients))
}
