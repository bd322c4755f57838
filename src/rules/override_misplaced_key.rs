use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// A setting that an override does not have.
pub static RULE: Rule = Rule {
    id: "override-misplaced-key",
    summary: "an override has a setting that belongs elsewhere",
    group: Group::Scopes,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
An endpoint can override the proxy layer and add attributes to the global one; a backend can override
the backend layer. Every other setting of the service is ignored in an override, without a log line. The
vendor's documentation shows some of these. What was meant for an endpoint can be moved from its only
backend.

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
      "backend": [
        {
          "url_pattern": "/orders",
          "host": ["http://orders"],
          "extra_config": {
            "telemetry/opentelemetry": { "proxy": { "disable_metrics": true } }
          }
        }
      ]
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

Each part of an override has its place:

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
        "telemetry/opentelemetry": {
          "global": { "traces_static_attributes": [{ "key": "team", "value": "orders" }] },
          "proxy": { "disable_metrics": true }
        }
      },
      "backend": [
        {
          "url_pattern": "/orders",
          "host": ["http://orders"],
          "extra_config": {
            "telemetry/opentelemetry": {
              "backend": {
                "metrics": { "round_trip": true },
                "traces": { "round_trip": true }
              }
            }
          }
        }
      ]
    }
  ]
}
```
"#,
    evidence: &[
        "krakend-otel state/config.go:51-102",
        "krakend-schema telemetry/opentelemetry-{endpoint,backend}.json",
    ],
    check: Check::Schema,
};
