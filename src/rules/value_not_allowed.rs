use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// A value that is not among the allowed ones.
pub static RULE: Rule = Rule {
    id: "value-not-allowed",
    summary: "a value is not among those the setting takes",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS.since(releases::OVERRIDES),
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The setting takes one of a few values only. With any other the gateway falls back to its default
without a log line.

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": { "global": { "semantic_convention": "1.29" } },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json good edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": { "global": { "semantic_convention": "1.27" } },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel http/server/metrics.go:28-34",
        "krakend-schema telemetry/opentelemetry.json (enum)",
    ],
    check: Check::Schema,
};
