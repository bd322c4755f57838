use crate::effective::layers::{Signal, SignalKind};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Details that `disable_stage` does not switch off.
pub static RULE: Rule = Rule {
    id: "disable-stage-contradiction",
    summary: "`disable_stage` stands beside details that it does not switch off",
    group: Group::Layers,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The vendor's schema says that `disable_stage` stops all reports of the backend layer. It stops those
of the stage as a whole only: its span, or the metric `krakend.backend.duration`. If `round_trip` or
`read_payload` is on beside it, the spans or metrics of the HTTP client go on as before.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "metrics": { "disable_stage": true, "round_trip": true }
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
          "metrics": { "disable_stage": true, "round_trip": false }
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
    evidence: &["krakend-otel lura/backend.go:101-116", "krakend-otel lura/proxy.go:158-162,195"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if !effective.is_registered() {
        return;
    }
    let is_off = |signal: &Signal| !signal.stage.value;
    for place in effective.backend_layers(&|layer| layer.signals().any(is_off)) {
        for kind in SignalKind::ALL {
            let signal = place.layer.signal(kind);
            let Some(stage) = signal.stage.node.filter(|_| is_off(signal)) else { continue };
            let details =
                [("round_trip", signal.round_trip), ("read_payload", signal.read_payload)];
            let Some((first, _)) = details.iter().find(|(_, flag)| flag.value) else { continue };
            if !effective.service.has(kind) {
                continue;
            }
            let message = format!("`disable_stage` does not switch `{first}` off");
            let mut finding = cx.at(stage, message).labelled("disables the stage alone").help(format!(
                "To report no {} of backends, take the details out as well. To report all, take out \
                 `disable_stage`.",
                kind.as_str()
            ));
            for node in details.iter().filter(|(_, f)| f.value).filter_map(|(_, f)| f.node) {
                finding = finding.related(cx.label(node, "still reports"));
            }
            cx.report(finding);
        }
    }
}
