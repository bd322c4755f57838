use crate::effective::Status;
use crate::effective::components::{NEWRELIC, OPENCENSUS};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Two telemetry systems instrument the same requests.
pub static RULE: Rule = Rule {
    id: "telemetry-coexistence",
    summary: "a second telemetry system instruments the same requests as OpenTelemetry",
    group: Group::Versions,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &["opencensus-deprecated"],
    needs_whole: true,
    docs: r#"
OpenCensus, and in the Enterprise Edition the New Relic agent, wrap the same requests to endpoints
and backends as OpenTelemetry does. With both there are two spans for one request, two kinds of trace
headers on the way to the backends, and twice the work. The gateway's own source has a note that
nobody has looked at what happens then.

While moving from one to the other this may be what is wanted, for a short time.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opencensus": {
      "sample_rate": 100,
      "exporters": {
        "jaeger": { "endpoint": "http://jaeger:14268/api/traces", "service_name": "gateway" }
      }
    },
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
    "telemetry/logging": { "level": "INFO" },
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-ce backend_factory.go:51-53", "krakend-audit rules.go (4.1.3)"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let Some(block) = &effective.block else { return };
    if effective.status() != Status::Active {
        return; // Then the other one is alone.
    }
    let mut report = |names, message, help: &str| {
        let Some(member) = effective.component(names) else { return };
        let finding = cx
            .at(member.key, message)
            .labelled("instruments the same requests")
            .related(cx.label(block.key, "and so does OpenTelemetry"))
            .help(help);
        cx.report(finding);
    };
    report(
        OPENCENSUS,
        "OpenCensus and OpenTelemetry both instrument every request",
        "Remove OpenCensus: it is deprecated, and OpenTelemetry takes its place.",
    );
    // The Community Edition has no such component.
    if !effective.is_community() {
        report(
            NEWRELIC,
            "the New Relic agent and OpenTelemetry both instrument every request",
            "Keep one: New Relic takes OTLP too.",
        );
    }
}
