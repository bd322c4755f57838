use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// A key that no telemetry object knows.
pub static RULE: Rule = Rule {
    id: "unknown-field",
    summary: "a key is not a setting of its object, so it has no effect",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway ignores keys it does not know, and logs nothing about them: what the setting was meant to
do does not happen. Often it is a misspelling, a setting of OpenCensus or of another gateway, something
that OpenTelemetry takes from an environment variable (such as OTEL_PROPAGATORS), or a setting that
belongs to another object. The help says what to write instead. A setting that was written too high or too
low, such as `skip_paths` in `layers.global`, can be moved if there is one place for it above or below.

Keys that begin with `@`, `$`, `_` or `#` are comments and are left alone.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "sample_rate": 0.05,
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
      "trace_sample_rate": 0.05,
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
      "@comment": "one in twenty",
      "trace_sample_rate": 0.05,
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel config/config.go",
        "krakend-schema telemetry/opentelemetry*.json (additionalProperties)",
    ],
    check: Check::Schema,
};
