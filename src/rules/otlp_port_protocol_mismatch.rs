use crate::effective::exporters::{OTLP_HTTP_PORT, OTLP_PORT};
use crate::effective::host::Host;
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The port belongs to the other protocol.
pub static RULE: Rule = Rule {
    id: "otlp-port-protocol-mismatch",
    summary: "an OTLP exporter speaks HTTP to port 4317, or gRPC to port 4318",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
By convention collectors take OTLP over gRPC on port 4317 and over HTTP on 4318. An exporter uses
gRPC unless `use_http` is true. Against the other port every export fails with a protocol error in
the log, and no span and no metric arrives.

It is a warning because a collector can be told to listen elsewhere, and a few vendors take both
protocols on one port; those known to do so are left alone.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "port": 4318 }]
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

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "port": 4317, "use_http": true }]
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
        "otlp": [{ "name": "collector", "host": "collector", "port": 4317 }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel exporter/otelcollector/otelcollector.go:66-79,120-133"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.otlp {
        let Some(port) = exporter.port.node else { continue };
        let http = exporter.use_http.value;
        let other = if http { OTLP_PORT } else { OTLP_HTTP_PORT };
        if exporter.port.value != other {
            continue;
        }
        let host = Host::parse(&exporter.host.value);
        if cx.takes_any_port(&host) || host.drops_port(cx.target()) {
            continue;
        }
        let finding = match (http, exporter.use_http.node) {
            (true, use_http) => {
                let finding = cx
                    .at(port, "this exporter sends HTTP to port 4317, where collectors expect gRPC")
                    .labelled("the port for gRPC")
                    .help("Use port 4318, the port for OTLP over HTTP, or remove `use_http`.")
                    .unsafe_fix(
                        "Set the port to 4318",
                        vec![Edit::Replace { node: port, value: OTLP_HTTP_PORT.into() }],
                    );
                match use_http {
                    Some(node) => finding.related(cx.label(node, "HTTP is chosen here")),
                    None => finding,
                }
            }
            (false, None) => cx
                .at(port, "this exporter sends gRPC to port 4318, where collectors expect HTTP")
                .labelled("the port for HTTP")
                .help("Add `\"use_http\": true`, or use port 4317, the port for gRPC.")
                .unsafe_fix("Use HTTP", vec![cx.set(exporter.node, "use_http", true)]),
            (false, Some(node)) => cx
                .at(port, "this exporter sends gRPC to port 4318, where collectors expect HTTP")
                .labelled("the port for HTTP")
                .related(cx.label(node, "gRPC is chosen here"))
                .help("Use port 4317, the port for gRPC, or set `\"use_http\": true`.")
                .unsafe_fix(
                    "Set the port to 4317",
                    vec![Edit::Replace { node: port, value: OTLP_PORT.into() }],
                ),
        };
        cx.report(finding);
    }
}
