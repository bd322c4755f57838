use crate::effective::exporters::OTLP_HTTP_PORT;
use crate::effective::host::Host;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An exporter with `use_http` and without a port sends HTTP to the gRPC port.
pub static RULE: Rule = Rule {
    id: "otlp-http-without-port",
    summary: "an OTLP exporter with `use_http` and no port sends HTTP to the gRPC port 4317",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
With `use_http` an exporter posts to `/v1/traces` and `/v1/metrics` over HTTP. Collectors take that
on port 4318. The vendor's documentation says that 4318 is the default then, but the gateway has one
default for both protocols: 4317, where collectors speak gRPC only. A port of 0 counts as none.

The gateway starts, and every export fails: no span and no metric reaches the collector.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "use_http": true }]
      }
    }
  }
}
```

```json fixed
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "port": 4318, "use_http": true }]
      }
    }
  }
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
  }
}
```
"#,
    evidence: &[
        "krakend-otel exporter/otelcollector/otelcollector.go:160-162",
        "krakend-schema v2.13/telemetry/opentelemetry.json:61 (says 4318)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.otlp {
        if !exporter.use_http.value || exporter.port.node.is_some() {
            continue;
        }
        let host = Host::parse(&exporter.host.value);
        // A port of its own, or a path that makes the port be dropped, is another rule's business.
        if host.port.is_some() || host.drops_port(cx.target()) || cx.takes_any_port(&host) {
            continue;
        }
        let message = "this exporter sends HTTP to port 4317, where collectors expect gRPC";
        let port = exporter.written.port.at();
        let mut finding = match port {
            Some(at) => cx.at(at.node, message).labelled("0 means the default, 4317"),
            None => cx.missing(exporter.node, "port", message).labelled("no `port` here"),
        }
        .help(
            "Set `\"port\": 4318`, the port for OTLP over HTTP, or remove `use_http` to use gRPC.",
        )
        .unsafe_fix("Set the port to 4318", vec![cx.set(exporter.node, "port", OTLP_HTTP_PORT)]);
        if let Some(node) = exporter.use_http.node {
            finding = finding.related(cx.label(node, "HTTP is chosen here"));
        }
        cx.report(finding);
    }
}
