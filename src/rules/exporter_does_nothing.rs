use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An exporter that gets nothing.
pub static RULE: Rule = Rule {
    id: "exporter-does-nothing",
    summary: "an OTLP exporter gets neither metrics nor traces",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
With `disable_metrics` and `disable_traces` an exporter gets nothing. It is created all the same, and
a fault in its settings can still switch all telemetry off. If it is not needed, remove it; if one of
the two flags slipped in, its data is missing at the collector.

In the Enterprise Edition an exporter that an endpoint names in `exporters_override` is left alone.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "collector" },
          { "name": "jaeger", "host": "jaeger", "disable_metrics": true, "disable_traces": true }
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
          { "name": "collector", "host": "collector" },
          { "name": "jaeger", "host": "jaeger", "disable_metrics": true }
        ]
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
    if !cx.effective.is_registered() {
        return; // No exporter does anything.
    }
    for exporter in &cx.effective.service.otlp {
        let (Some(metrics), Some(traces)) = (exporter.metrics.node, exporter.traces.node) else {
            continue;
        };
        if exporter.gets_something() || cx.effective.is_chosen(&exporter.name.value) {
            continue;
        }
        let (first, later) = (metrics.min(traces), metrics.max(traces));
        let disabled = |node| {
            if node == metrics { "metrics are disabled here" } else { "traces are disabled here" }
        };
        let finding = cx
            .at(later, "this exporter gets neither metrics nor traces")
            .labelled(disabled(later))
            .related(cx.label(first, disabled(first)))
            .help("Remove the exporter, or one of the two flags.");
        cx.report(finding);
    }
}
