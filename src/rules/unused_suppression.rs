use crate::finding::{Edit, Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::suppress::Ignore;

/// A suppression of what is not found.
pub static RULE: Rule = Rule {
    id: "unused-suppression",
    summary: "a suppression has nothing left to ignore",
    group: Group::Suppressions,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The rule has no finding where the suppression holds: the fault is fixed, or the suppression stands
in the wrong object. One that is left behind would hide the next fault of its kind.

Only a suppression that no release of either edition needs is called unused, and one of an info is
used even if infos are not shown. If the syntax of the file is at fault, none is.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          {
            "name": "collector",
            "host": "collector",
            "port": 4317,
            "@otel-lint": { "ignore": { "otlp-port-protocol-mismatch": "gRPC on 4318, by ticket 7" } }
          }
        ]
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

```json bad
{
  "version": 3,
  "@otel-lint": {
    "ignore": {
      "otlp-port-protocol-mismatch": "gRPC on 4318, by ticket 7",
      "otlp-host-scheme": "was needed for 2.9"
    }
  },
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "port": 4318 }]
      }
    }
  }
}
```

```json fixed
{
  "version": 3,
  "@otel-lint": {
    "ignore": {
      "otlp-port-protocol-mismatch": "gRPC on 4318, by ticket 7"
    }
  },
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "port": 4318 }]
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
        "otlp": [
          {
            "name": "collector",
            "host": "collector",
            "port": 4318,
            "@otel-lint": { "ignore": { "otlp-port-protocol-mismatch": "gRPC on 4318, by ticket 7" } }
          }
        ]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-schema v2.13/krakend.json (patternProperties `^[@$_#]`)"],
    check: Check::Linter,
};

/// The finding for an ignore of `rule` that nothing falls under; `removal` takes it out.
pub(crate) fn finding(rule: &Rule, ignore: &Ignore, removal: Edit) -> Finding {
    let message = format!("`{}` has no finding here that could be ignored", rule.id);
    Finding::new(&RULE, ignore.span, &ignore.pointer, message)
        .labelled("ignores nothing")
        .help("Remove it: it would hide the next fault of this kind.")
        .safe_fix("Remove it", vec![removal])
}
