use crate::effective::Status;
use crate::finding::{Edit, Severity};
use crate::model::{Field, Place};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A period that nothing uses.
pub static RULE: Rule = Rule {
    id: "period-has-no-effect",
    summary: "a reporting period is set that no exporter uses",
    group: Group::Sampling,
    severity: Severity::Info,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &["value-out-of-range"],
    needs_whole: false,
    docs: r#"
Periods tell OTLP exporters how often to push metrics. Prometheus fetches metrics itself, as often as
its own configuration says, so `metric_reporting_period` beside Prometheus exporters alone, or
`custom_metric_reporting_period` in one of them, changes nothing. Nor does a period of an OTLP
exporter that gets no metrics, or a period of the service if every exporter has its own.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "metric_reporting_period": 10,
      "exporters": {
        "prometheus": [{ "name": "prometheus" }]
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
        "prometheus": [{ "name": "prometheus" }]
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
        "prometheus": [{ "name": "prometheus", "custom_metric_reporting_period": 5 }]
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
        "prometheus": [{ "name": "prometheus" }]
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
          { "name": "collector", "host": "collector", "disable_metrics": true, "custom_metric_reporting_period": 5 }
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
      "metric_reporting_period": 10,
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel config/config.go:121-128",
        "krakend-otel exporter/otelcollector/otelcollector.go:36-42",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let Some(block) = &effective.block else { return };
    if effective.status() != Status::Active {
        return; // Nothing has an effect then, which has a finding of its own.
    }
    let service = &effective.service;
    if let (Some(at), false) =
        (block.written.metric_reporting_period.at(), effective.uses_service_period())
    {
        let why = if service.has_otlp_metrics() {
            "every exporter has a period of its own"
        } else {
            "no exporter pushes metrics"
        };
        report(cx, at, &format!("this period has no effect: {why}"));
    }
    if cx.target().version < releases::CUSTOM_PERIOD {
        return; // The other setting is not known there, which is said elsewhere.
    }
    for exporter in &service.otlp {
        let is_idle = !exporter.metrics.value && !effective.is_chosen(&exporter.name.value);
        if let (Some(at), true) =
            (written(&exporter.written.custom_metric_reporting_period), is_idle)
        {
            report(cx, at, "this period has no effect: the exporter gets no metrics");
        }
    }
    for exporter in &service.prometheus {
        let period = &exporter.written.custom_metric_reporting_period;
        if let Some(at) = written(period).or_else(|| negative(cx, period)) {
            report(cx, at, "this period has no effect: Prometheus decides when it fetches metrics");
        }
    }
}

/// Where a period is written; 0 says itself that it has no effect.
fn written(period: &Field<u64>) -> Option<Place> {
    period.get().filter(|&&seconds| seconds > 0).and(period.at())
}

/// Where a negative period is written, which nothing decodes here.
fn negative(cx: &Context<'_>, period: &Field<u64>) -> Option<Place> {
    period.at().filter(|at| cx.doc.number(at.node).is_some_and(|seconds| seconds < 0.0))
}

fn report(cx: &mut Context<'_>, at: Place, message: &str) {
    let finding = cx
        .at(at.node, message)
        .labelled("not used")
        .help("Remove it.")
        .safe_fix("Remove it", vec![Edit::Remove { node: at.key() }]);
    cx.report(finding);
}
