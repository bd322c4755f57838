use crate::effective::Status;
use crate::effective::layers::SignalKind;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Settings for metrics, and no exporter that takes them.
pub static RULE: Rule = Rule {
    id: "metrics-without-metric-exporter",
    summary: "metric settings have no effect because no exporter takes metrics",
    group: Group::Layers,
    severity: Severity::Info,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
If every exporter has `disable_metrics`, no layer's metrics go anywhere. Attributes for metrics, the
names of metrics and the details of the backend layer are then leftovers.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "proxy": { "metrics_static_attributes": [{ "key": "team", "value": "payments" }] }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "disable_metrics": true }]
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
        "proxy": { "traces_static_attributes": [{ "key": "team", "value": "payments" }] }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "disable_metrics": true }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel otel.go:102-111"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if effective.status() != Status::Active || effective.service.has_metrics() {
        return;
    }
    let settings = effective.settings_of(SignalKind::Metrics);
    let Some((&first, rest)) = settings.split_first() else { return };
    let mut finding = cx
        .at(first, "no exporter takes metrics, so settings for them have no effect")
        .labelled("has no effect")
        .help("Remove the marked settings, or let an exporter take metrics.");
    for &node in rest {
        finding = finding.related(cx.label(node, "nor has this"));
    }
    cx.report(finding);
}
