use crate::effective::Status;
use crate::effective::layers::SignalKind;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Settings for traces, and no exporter that takes them.
pub static RULE: Rule = Rule {
    id: "traces-without-trace-exporter",
    summary: "trace settings have no effect because no exporter takes traces",
    group: Group::Layers,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Only OTLP exporters take traces. With Prometheus alone the gateway makes no spans at all and sends no
`traceparent` to the backends, whatever the settings for traces say, and says nothing about it. Where
every OTLP exporter has `disable_traces`, the settings are leftovers: then this is an info.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "trace_sample_rate": 0.1,
      "exporters": {
        "prometheus": [{ "name": "scrape" }]
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
      "trace_sample_rate": 0.1,
      "exporters": {
        "prometheus": [{ "name": "scrape" }],
        "otlp": [{ "name": "collector", "host": "collector", "disable_metrics": true }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel otel.go:102-111", "krakend-otel state/state.go:96,115"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let service = &effective.service;
    // Without any exporter at work there is more to say than this, and others say it.
    if effective.status() != Status::Active || service.has_traces() {
        return;
    }
    let settings = effective.settings_of(SignalKind::Traces);
    let Some((&first, rest)) = settings.split_first() else { return };
    let (severity, help) = if service.otlp.is_empty() {
        let help =
            "Add an OTLP exporter, or remove the marked settings: Prometheus takes metrics only.";
        (Severity::Warning, help)
    } else {
        let help = "Remove the marked settings, or take `disable_traces` out of an exporter.";
        (Severity::Info, help)
    };
    let mut finding = cx
        .at(first, "no exporter takes traces, so settings for them have no effect")
        .labelled("has no effect")
        .help(help)
        .severity(severity);
    for &node in rest {
        finding = finding.related(cx.label(node, "nor has this"));
    }
    cx.report(finding);
}
