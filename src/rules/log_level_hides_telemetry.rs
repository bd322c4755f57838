use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The log level hides the one line that tells that telemetry is off.
pub static RULE: Rule = Rule {
    id: "log-level-hides-telemetry",
    summary: "the log level CRITICAL hides every error of OpenTelemetry",
    group: Group::Exporters,
    severity: Severity::Info,
    consequence: Consequence::Works,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Everything that goes wrong with OpenTelemetry is logged at level ERROR: the one line
`cannot register exporters: …` when the gateway drops the block, and each failed export. With
`telemetry/logging` at level CRITICAL none of it is seen, so that telemetry that is off looks like
telemetry that is on.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/logging": { "level": "CRITICAL", "stdout": true },
    "telemetry/opentelemetry": {
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
    "telemetry/logging": { "level": "ERROR", "stdout": true },
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-ce executor.go:407-411", "krakend-gologging (log levels)"],
    check: Check::Semantic(check),
};

/// The namespaces of the log, today's first.
const LOGGING: &[&str] = &["telemetry/logging", "github_com/devopsfaith/krakend-gologging"];

fn check(cx: &mut Context<'_>) {
    if cx.effective.block.is_none() {
        return;
    }
    let Some(logging) = cx.effective.component(LOGGING) else { return };
    let Some(level) = cx.doc.get(logging.value, "level") else { return };
    if !cx.doc.str(level.value).is_some_and(|level| level.eq_ignore_ascii_case("CRITICAL")) {
        return;
    }
    let finding = cx
        .at(level.value, "at this level no error of OpenTelemetry is logged")
        .labelled("above ERROR")
        .help("Write `ERROR` or a lower level.");
    cx.report(finding);
}
