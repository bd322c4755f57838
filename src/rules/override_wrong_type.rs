use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// A value of the wrong type in an override.
pub static RULE: Rule = Rule {
    id: "override-wrong-type",
    summary: "a value of the wrong type makes the gateway drop the whole override, and nothing is logged",
    group: Group::Scopes,
    severity: Severity::Error,
    consequence: Consequence::NoEffect,
    applies: Applies::COMMUNITY,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
One value of the wrong type makes the gateway drop the whole override of this endpoint or backend,
with no line in its log; the service's settings stay in force there.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": { "proxy": { "disable_metrics": "true" } }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
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
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": { "proxy": { "disable_metrics": true } }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
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
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": { "proxy": { "disable_metrics": true } }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```
"#,
    evidence: &["krakend-otel state/config.go:61-64,93-96"],
    check: Check::Schema,
};
