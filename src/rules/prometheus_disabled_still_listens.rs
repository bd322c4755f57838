use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A Prometheus exporter without metrics keeps its port open.
pub static RULE: Rule = Rule {
    id: "prometheus-disabled-still-listens",
    summary: "a Prometheus exporter with `disable_metrics` still opens its port",
    group: Group::Prometheus,
    severity: Severity::Info,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
`disable_metrics` takes the metrics away from a Prometheus exporter, not its server: the port stays
open, can collide with another, and each scrape writes an error to the log. To have neither, leave
the exporter out.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }],
        "prometheus": [{ "name": "metrics", "disable_metrics": true }]
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
        "krakend-otel exporter/prometheus/prometheus.go:71-75, otel.go:102-106",
        "opentelemetry-go exporters/prometheus (Collect: reader is not registered)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.prometheus {
        let Some(node) = exporter.metrics.node.filter(|_| !exporter.metrics.value) else {
            continue;
        };
        let port = exporter.port.value;
        let finding = cx
            .at(
                node,
                format!(
                    "metrics are disabled in this exporter, but it still listens on port {port}"
                ),
            )
            .labelled("does not close the port")
            .help("Remove the exporter: without it the port stays closed.");
        cx.report(finding);
    }
}
