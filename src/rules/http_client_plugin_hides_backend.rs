use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A plugin takes the place of the instrumented HTTP client.
pub static RULE: Rule = Rule {
    id: "http-client-plugin-hides-backend",
    summary: "a backend with an HTTP client plugin has no span of its request and passes no trace on",
    group: Group::Scopes,
    severity: Severity::Info,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Telemetry of requests to backends comes from the gateway's own HTTP client. A `plugin/http-client`
takes that client's place: the details `round_trip`, `read_payload` and `detailed_connection` report
nothing for such a backend, and no `traceparent` header reaches it, so its traces begin anew. Only
the stage as a whole is still reported. If the plugin cannot be loaded the gateway uses its own
client, and all is as usual.

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
      "backend": [
        {
          "url_pattern": "/orders",
          "host": ["http://orders"],
          "extra_config": {
            "plugin/http-client": { "name": "proxy" }
          }
        }
      ]
    }
  ]
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "skip_paths": ["/__health", "/orders"],
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [
        {
          "url_pattern": "/orders",
          "host": ["http://orders"],
          "extra_config": {
            "plugin/http-client": { "name": "proxy" }
          }
        }
      ]
    }
  ]
}
```
"#,
    evidence: &[
        "lura transport/http/client/plugin/executor.go",
        "krakend-documentation extending/http-client-plugins.md:30",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let service = &effective.service;
    if !effective.is_registered() {
        return;
    }
    for endpoint in &effective.endpoints {
        for backend in &endpoint.backends {
            let Some(plugin) = effective.http_client_plugin(backend) else { continue };
            let layer = effective.backend_of(backend);
            let traces = service.has_traces() && layer.propagates(effective.target);
            let metrics = service.has_metrics() && layer.metrics.instruments_client();
            if !(traces || metrics) || !endpoint.is_reported {
                continue;
            }
            let message = if traces {
                "the plugin's requests have no span, and no `traceparent` reaches the backend"
            } else {
                "the plugin's requests are not measured: it replaces the gateway's HTTP client"
            };
            let finding = cx
                .at(plugin.key, message)
                .labelled("replaces the instrumented HTTP client")
                .help("Let the plugin report its requests and send `traceparent` itself, or do without it.");
            cx.report(finding);
        }
    }
}
