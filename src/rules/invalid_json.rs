use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// The file is not JSON.
pub static RULE: Rule = Rule {
    id: "invalid-json",
    summary: "the file is not valid JSON, so the gateway does not start",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway reads strict JSON: no comments, no trailing commas, no byte order mark, no single
quotes, no NaN; and the root must be an object. On anything else it exits, and since 2.12 its
message does not say where the fault is.

Bytes that are not UTF-8 are a warning: the gateway reads each as U+FFFD, the replacement character.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", }]
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

```json bad
{
  // the collector of the platform team
  "version": 3
}
```

```json good
{
  "@comment": "the collector of the platform team",
  "version": 3
}
```
"#,
    evidence: &["Go encoding/json", "krakend-koanf parser.go:67-69"],
    check: Check::Reader,
};
