use crate::effective::exporters::{OTLP_HTTP_PORT, OTLP_PORT};
use crate::effective::fault::Fault;
use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// `https://` with gRPC gives no TLS.
pub static RULE: Rule = Rule {
    id: "otlp-grpc-https-is-plaintext",
    summary: "an OTLP exporter with `https://` and gRPC sends clear text",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::DataLeaks,
    applies: Applies::COMMUNITY.since(releases::URL_SCHEMES),
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
An exporter uses gRPC unless `use_http` is true, and the Community Edition opens every gRPC
connection without TLS. `https://` in the host changes nothing: it is taken off, and spans and
metrics leave the gateway in clear text. A collector that insists on TLS refuses them.

With `use_http`, `https://` does what it says. The one other way to TLS is outside the
configuration: the variable `OTEL_EXPORTER_OTLP_CERTIFICATE` turns it on for gRPC. Where it is set,
ignore this finding, and remove `https://`, for it plays no part.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "https://collector", "port": 4317 }]
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
        "otlp": [
          { "name": "collector", "host": "https://collector", "port": 4318, "use_http": true }
        ]
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
        "otlp": [
          { "name": "collector", "host": "https://collector", "port": 443, "use_http": false }
        ]
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
        "otlp": [
          { "name": "collector", "host": "https://collector", "port": 443, "use_http": true }
        ]
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
        "otlp": [
          { "name": "collector", "host": "https://collector", "port": 4318, "use_http": true }
        ]
      }
    }
  }
}
```

```json good edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "https://collector", "port": 4317 }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel exporter/otelcollector/otelcollector.go:131-132,176",
        "krakend-otel #37",
        "krakend-ce #914",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.effective.service.faulty_hosts() {
        if at.fault != Fault::PlainGrpc {
            continue;
        }
        let exporter = at.exporter;
        let mut edits = vec![cx.set(exporter.node, "use_http", true)];
        if exporter.port.value == OTLP_PORT && !cx.takes_any_port(&at.host) {
            edits.push(cx.set(exporter.node, "port", OTLP_HTTP_PORT));
        }
        let mut finding = cx
            .at(at.node, "gRPC has no TLS in the Community Edition: this goes out in clear text")
            .labelled("`https://` is taken off")
            .help(
                "Use HTTP, which does TLS: set `\"use_http\": true` and the port for it, usually \
                 4318. If clear text is meant, write the host without `https://`.",
            )
            .unsafe_fix("Use HTTP over TLS", edits);
        if let Some(node) = exporter.use_http.node {
            finding = finding.related(cx.label(node, "gRPC is chosen here"));
        }
        cx.report(finding);
    }
}
