use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// A setting that is newer than the gateway.
pub static RULE: Rule = Rule {
    id: "field-not-in-version",
    summary: "a setting is newer than the gateway it is written for",
    group: Group::Versions,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The setting arrived in a later release than the one the file is checked against, which ignores it without
a word. Sometimes the vendor's schema lists a setting before the gateway reads it; the release named
here is the first one that does.

```json bad version=2.9
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "deploy_env": "production",
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json good version=2.10
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "deploy_env": "production",
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["go.mod of krakend-ce at each tag", "krakend-schema"],
    check: Check::Schema,
};
