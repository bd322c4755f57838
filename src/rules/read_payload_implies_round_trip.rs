use crate::effective::layers::{Signal, SignalKind};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// `read_payload` brings the round trip along.
pub static RULE: Rule = Rule {
    id: "read-payload-implies-round-trip",
    summary: "`read_payload` reports the round trip too, although `round_trip` is off",
    group: Group::Layers,
    severity: Severity::Info,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Either of the two flags puts the instrumented HTTP client in place, and that reports the round trip
without asking whether `round_trip` is on. There is no way to measure the payload alone. Writing
both flags says what happens.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "metrics": { "read_payload": true }
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
          "metrics": { "read_payload": true, "round_trip": true }
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
    let is_alone = |signal: &Signal| signal.read_payload.value && !signal.round_trip.value;
    for place in effective.backend_layers(&|layer| layer.signals().any(is_alone)) {
        for kind in SignalKind::ALL {
            let signal = place.layer.signal(kind);
            let alone = signal.read_payload.node.filter(|_| is_alone(signal));
            let Some(node) = alone else { continue };
            // With the stage disabled the two flags contradict more than each other.
            if !signal.stage.value || !effective.service.has(kind) {
                continue;
            }
            let mut finding = cx
                .at(node, "`read_payload` reports the round trip as well")
                .labelled("turns both on")
                .help("Set `round_trip` to true as well, or turn both off.");
            if let Some(off) = signal.round_trip.node {
                finding = finding.related(cx.label(off, "does not turn it off"));
            }
            cx.report(finding);
        }
    }
}
