use crate::effective::Sourced;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Metrics are exported every few seconds.
pub static RULE: Rule = Rule {
    id: "metric-period-low",
    summary: "metrics are exported more often than every five seconds",
    group: Group::Sampling,
    severity: Severity::Info,
    consequence: Consequence::Works,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Each export sends every metric with all its attributes, whether something changed or not. Once a
second, as in many examples, is thirty times the default: work for the gateway, its network and the
collector, for dashboards that rarely show more than one point in ten seconds.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "metric_reporting_period": 1,
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
          { "name": "collector", "host": "collector", "custom_metric_reporting_period": 2 }
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
      "metric_reporting_period": 30,
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
      "metric_reporting_period": 1,
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "disable_metrics": true }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel state/state.go:85",
        "krakend-otel exporter/otelcollector/otelcollector.go:36-42",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if effective.uses_service_period() {
        check_period(cx, effective.service.period);
    }
    for exporter in &effective.service.otlp {
        if exporter.has_own_period && exporter.metrics.value {
            check_period(cx, exporter.period);
        }
    }
}

fn check_period(cx: &mut Context<'_>, period: Sourced<u64>) {
    let (Some(node), 1..=4) = (period.node, period.value) else { return };
    let message = match period.value {
        1 => "all metrics are exported every second".to_owned(),
        seconds => format!("all metrics are exported every {seconds} seconds"),
    };
    let finding = cx
        .at(node, message)
        .labelled("very often")
        .help("Use 10 seconds or more, unless something really reads them that often.");
    cx.report(finding);
}
