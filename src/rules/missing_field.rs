use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// A required setting is missing.
pub static RULE: Rule = Rule {
    id: "missing-field",
    summary: "a required setting is missing",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The setting is required. The gateway does not insist on it and goes on with an empty value: an
exporter without a host sends to the gateway's own machine, an attribute without a value is dropped.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector" }]
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
        "krakend-schema telemetry/opentelemetry.json (required)",
        "krakend-otel exporter/otelcollector/otelcollector.go:163-165",
    ],
    check: Check::Schema,
};
