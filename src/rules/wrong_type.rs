use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// A value of a type that the gateway's decoder refuses.
pub static RULE: Rule = Rule {
    id: "wrong-type",
    summary: "a value has the wrong type, which switches all telemetry off",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::TelemetryOffLogged,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
One value of the wrong type, anywhere in the service's block, makes the gateway drop the whole block.
It starts, logs one line that it cannot register the exporters, and exports nothing.

`null` is an exception: it counts as not written, so it is a warning. Types of settings that only the
Enterprise Edition reads are a warning for the Community Edition.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "port": "4317" }]
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
        "otlp": [{ "name": "collector", "host": "collector", "port": 4317 }]
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
        "otlp": [{ "name": "collector", "host": "collector", "port": 4317 }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel config/lura.go:58-60", "krakend-ce executor.go:407-411"],
    check: Check::Schema,
};
