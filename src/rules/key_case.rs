use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// A key that is right but for its case.
pub static RULE: Rule = Rule {
    id: "key-case",
    summary: "a key differs from the setting's name in case",
    group: Group::Shape,
    severity: Severity::Warning,
    consequence: Consequence::Works,
    applies: Applies::ALWAYS.since(releases::KOANF),
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway takes the key all the same: its decoder does not look at case. Editors and the vendor's
own check do, and call it unknown; and beside the right key it would be lost or merged.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "Port": 4317 }]
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
    evidence: &["krakend-otel config/lura.go:52-60", "Go encoding/json (Unmarshal)"],
    check: Check::Schema,
};
