use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// A number or a list outside its bounds.
pub static RULE: Rule = Rule {
    id: "value-out-of-range",
    summary: "a number is out of its bounds, or a list is empty",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The value is outside the bounds of its setting. An empty list of exporters is a warning: it does
nothing, but it does no harm either. Numbers that the gateway cannot decode, or that make no port, have
rules of their own.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [],
        "prometheus": [{ "name": "metrics" }]
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
        "prometheus": [{ "name": "metrics" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-schema telemetry/opentelemetry.json (minimum, maximum, minItems)"],
    check: Check::Schema,
};
