use crate::effective::service::{DEFAULT_PERIOD, SDK_PERIOD};
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A period that is not positive means another one.
pub static RULE: Rule = Rule {
    id: "metric-period-not-positive",
    summary: "a `metric_reporting_period` of 0 or less means 60 seconds",
    group: Group::Sampling,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
A period of 0 or less is neither "at once" nor "never", nor the default of 30 seconds. The SDK ignores
it and takes 60 seconds, or what the variable `OTEL_METRIC_EXPORT_INTERVAL` says. Zeros often come
from OpenCensus, where the setting was called `reporting_period`.

To send no metrics, set `disable_metrics` on the exporters.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "metric_reporting_period": 0,
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
      "metric_reporting_period": 30,
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel state/state.go:85",
        "opentelemetry-go sdk/metric/periodic_reader.go:91-98",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let Some(block) = &cx.effective.block else { return };
    let period = block.written.metric_reporting_period.written();
    let Some((&value, at)) = period else { return };
    if value > 0 || !cx.effective.uses_service_period() {
        return; // Where nothing uses the period, `period-has-no-effect` speaks.
    }
    let finding = cx
        .at(at.node, format!("a period of {value} means {SDK_PERIOD} seconds"))
        .labelled("not used")
        .help(format!(
            "Write the seconds between two exports, or remove it for the default of \
             {DEFAULT_PERIOD}."
        ))
        .unsafe_fix(
            format!("Remove it: metrics are exported every {DEFAULT_PERIOD} seconds"),
            vec![Edit::Remove { node: at.key() }],
        );
    cx.report(finding);
}
