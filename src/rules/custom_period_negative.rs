use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A negative period switches all telemetry off.
pub static RULE: Rule = Rule {
    id: "custom-period-negative",
    summary: "a negative `custom_metric_reporting_period` switches all telemetry off",
    group: Group::Sampling,
    severity: Severity::Error,
    consequence: Consequence::TelemetryOffLogged,
    applies: Applies::COMMUNITY.since(releases::CUSTOM_PERIOD),
    fix: Availability::Always,
    supersedes: &["wrong-type", "override-wrong-type", "value-out-of-range"],
    needs_whole: false,
    docs: r#"
The gateway reads `custom_metric_reporting_period` of an OTLP exporter into a number without a sign.
A negative one does not decode, and one value that does not decode makes the gateway drop the whole
block: it starts, logs one line, and exports nothing. The vendor's own check accepts it.

Without the setting, or with 0, the exporter uses the period of the service.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "collector", "custom_metric_reporting_period": -1 }
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
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "collector", "custom_metric_reporting_period": 10 }
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
          { "name": "collector", "host": "collector", "custom_metric_reporting_period": 0 }
        ]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel config/config.go (OTLPExporter)",
        "krakend-otel config/lura.go:58-60",
        "krakend-ce executor.go:407-411",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.otlp {
        let period = &exporter.written.custom_metric_reporting_period;
        let wrong = period.at().filter(|_| period.is_wrong());
        let Some(at) = wrong else { continue };
        if cx.doc.number(at.node).is_none_or(|seconds| seconds >= 0.0) {
            continue;
        }
        let finding = cx
            .at(at.node, "a negative period does not decode: the gateway starts without telemetry")
            .labelled("negative")
            .help(
                "Write the seconds between two exports, or remove it to use the period of the \
                 service.",
            )
            .safe_fix("Remove it", vec![Edit::Remove { node: at.key() }]);
        cx.report(finding);
    }
}
