use crate::effective::neighbours::{INFLUX, OPENCENSUS};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A telemetry system that nobody maintains any more.
pub static RULE: Rule = Rule {
    id: "opencensus-deprecated",
    summary: "OpenCensus and other old telemetry systems are deprecated and will be removed",
    group: Group::Versions,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
OpenCensus was archived in 2023 in favour of OpenTelemetry, and the gateway's next major release has
neither it nor the native InfluxDB client. Instana and Google Analytics were supported through old
libraries as well; the vendor's audit calls all four deprecated. They still work up to 2.13.

`telemetry/opentelemetry` takes their place: most vendors take OTLP, the others have a collector
that does. Settings do not carry over one to one; mind that a sample rate of OpenCensus is a
percentage and that of OpenTelemetry a part of 1, where 0 means all.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opencensus": {
      "sample_rate": 100,
      "exporters": {
        "jaeger": { "endpoint": "http://jaeger:14268/api/traces", "service_name": "gateway" }
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
        "otlp": [{ "name": "jaeger", "host": "jaeger", "disable_metrics": true }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-documentation telemetry/opencensus.md",
        "krakend-ce pull request 1088",
        "krakend-audit rules.go (7.2.1 to 7.2.4)",
    ],
    check: Check::Semantic(check),
};

/// Names of the systems in an `extra_config`, and what is to be said about each.
const SYSTEMS: &[(&[&str], &str)] = &[
    (OPENCENSUS, "OpenCensus is deprecated, and gone in the next major release"),
    (INFLUX, "the native InfluxDB client is deprecated, and gone in the next major release"),
    (&["telemetry/instana"], "the native Instana client is deprecated"),
    (&["telemetry/ganalytics"], "the Google Analytics client is deprecated"),
];

fn check(cx: &mut Context<'_>) {
    for (names, message) in SYSTEMS {
        let Some(member) = cx.effective.neighbour(names) else { continue };
        let finding = cx
            .at(member.key, *message)
            .saying("no longer maintained")
            .help("Use `telemetry/opentelemetry` in its place.");
        cx.report(finding);
    }
}
