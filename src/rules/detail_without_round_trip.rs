use crate::effective::layers::{Signal, SignalKind};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// `detailed_connection` without what it is a detail of.
pub static RULE: Rule = Rule {
    id: "detail-without-round-trip",
    summary: "`detailed_connection` does nothing without `round_trip` or `read_payload`",
    group: Group::Layers,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The times of name resolution, connection and TLS handshake are taken by the instrumented HTTP client,
and that is there only if `round_trip` or `read_payload` is on in the same object. Flags that are not
written count as off there.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "metrics": { "detailed_connection": true }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
      "layers": {
        "backend": {
          "metrics": { "round_trip": true, "detailed_connection": true }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
      "layers": {
        "backend": {
          "metrics": { "detailed_connection": true, "read_payload": true, "round_trip": true }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel http/client/transport_metrics.go:30-32",
        "krakend-otel http/client/transport_traces.go:29-31",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if !effective.is_registered() {
        return;
    }
    let is_idle =
        |signal: &Signal| signal.detailed_connection.value && !signal.instruments_client();
    for place in effective.backend_layers(&|layer| layer.signals().any(is_idle)) {
        for kind in SignalKind::ALL {
            let signal = place.layer.signal(kind);
            let detail = signal.detailed_connection;
            let (Some(object), Some(node)) = (signal.node, detail.node) else { continue };
            if !is_idle(signal) || !effective.service.has(kind) {
                continue;
            }
            // What is checked is the flag that is missing; what is shown is the one without effect.
            let message = "`detailed_connection` does nothing without `round_trip`";
            let mut finding = cx
                .missing(object, "round_trip", message)
                .pointing_at(cx.doc.span(node))
                .labelled("a detail of the round trip")
                .help("Set `round_trip` to true as well, or remove `detailed_connection`.")
                .unsafe_fix("Turn `round_trip` on", vec![cx.set(object, "round_trip", true)]);
            if let Some(off) = signal.round_trip.node {
                finding = finding.related(cx.label(off, "off here"));
            }
            cx.report(finding);
        }
    }
}
