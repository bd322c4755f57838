use crate::effective::{Effective, Status};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Every exporter is disabled.
pub static RULE: Rule = Rule {
    id: "no-active-exporter",
    summary: "every exporter is disabled, so nothing is exported",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::TelemetryOffSilently,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &["exporter-does-nothing"],
    needs_whole: true,
    docs: r#"
An exporter with `disable_metrics` gets no metrics, one with `disable_traces` no spans. If that leaves
none that gets anything, telemetry is set up with nowhere to go: the gateway starts without a log line,
nothing is exported, and no `traceparent` reaches the backends.

In the Enterprise Edition an exporter that an endpoint names in `exporters_override` counts as
enabled.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "collector", "disable_metrics": true, "disable_traces": true }
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
          { "name": "collector", "host": "collector", "disable_metrics": true, "disable_traces": true }
        ],
        "prometheus": [{ "name": "prometheus", "disable_metrics": true }]
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
        "otlp": [{ "name": "collector", "host": "collector", "disable_metrics": true }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel otel.go:102-111", "krakend-otel state/state.go:96,115"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let Effective { service, block: Some(block), .. } = cx.effective else { return };
    let Some(exporters) = block.written.exporters.at() else { return };
    let (otlp, prometheus) = (&service.otlp, &service.prometheus);
    if cx.effective.status() != Status::Idle
        || (otlp.is_empty() && prometheus.is_empty())
        || service.names().any(|name| cx.effective.is_chosen(&name.value))
    {
        return;
    }
    let mut finding = cx
        .at(
            exporters.key(),
            "every exporter is disabled: nothing is exported, and the gateway does not say so",
        )
        .labelled("no exporter is active")
        .help("Remove `disable_metrics` or `disable_traces` where data should go.");
    let metrics = otlp.iter().map(|exporter| exporter.metrics);
    let metrics = metrics.chain(prometheus.iter().map(|exporter| exporter.metrics));
    let traces = otlp.iter().map(|exporter| exporter.traces.node);
    for node in metrics.filter_map(|metrics| metrics.node) {
        finding = finding.related(cx.label(node, "no metrics here"));
    }
    for node in traces.flatten() {
        finding = finding.related(cx.label(node, "no traces here"));
    }
    cx.report(finding);
}
