use serde_json::json;

use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A backend override without `traces` crashes the gateway.
pub static RULE: Rule = Rule {
    id: "backend-override-panics",
    summary: "a backend override without `traces` crashes the gateway at start-up",
    group: Group::Scopes,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::COMMUNITY.since(releases::BACKEND_OVERRIDE_PANICS),
    fix: Availability::Always,
    supersedes: &["override-wrong-type", "wrong-type"],
    needs_whole: false,
    docs: r#"
An override of the backend layer that has no `traces` object makes the gateway follow a nil pointer
while it sets up its endpoints: it exits with a stack trace before it serves a request. The vendor's
own check, with and without its schema, calls such a file valid.

The service's settings do not help: an override replaces them as a whole. Write both `metrics` and
`traces`, each with every flag that is meant to be on.

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
            "telemetry/opentelemetry": {
              "backend": { "metrics": { "disable_stage": true } }
            }
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
      "backend": [
        {
          "url_pattern": "/orders",
          "host": ["http://orders"],
          "extra_config": {
            "telemetry/opentelemetry": {
              "backend": {
                "metrics": { "disable_stage": true },
                "traces": { "round_trip": true, "read_payload": true, "detailed_connection": true }
              }
            }
          }
        }
      ]
    }
  ]
}
```

```json good version=2.11
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
            "telemetry/opentelemetry": {
              "backend": { "metrics": { "disable_stage": true } }
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
        "krakend-otel lura/proxy.go:197 (v0.13.0 to v0.14.4)",
        "krakend-ce backend_factory.go:75",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for node in cx.effective.panicking_overrides() {
        let traces = json!({"round_trip": true, "read_payload": true, "detailed_connection": true});
        let edit = cx.set(node, "traces", traces);
        let message = "a backend override without `traces` crashes the gateway at start-up";
        let finding = match cx.doc.get(node, "traces") {
            Some(null) => cx.at(null.value, message).labelled("counts as missing"),
            None => cx.missing(node, "traces", message).labelled("no `traces` in here"),
        }
        .help(
            "Add `traces` with the details that are wanted, such as `\"traces\": \
             {\"round_trip\": true, \"read_payload\": true, \"detailed_connection\": true}`.",
        )
        .unsafe_fix("Add `traces` with all details on, as without the override", vec![edit]);
        cx.report(finding);
    }
}
