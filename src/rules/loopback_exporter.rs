use crate::effective::host::Host;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The collector is on the machine of the gateway.
pub static RULE: Rule = Rule {
    id: "loopback-exporter",
    summary: "an exporter sends to the machine of the gateway itself",
    group: Group::Exporters,
    severity: Severity::Info,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
`localhost` and its addresses mean the machine that the gateway runs on, and in a container that
container alone. A collector in another container is not there, and every export fails. For a
collector on the same machine, or in the same pod, it is right.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "localhost" }]
      }
    }
  }
}
```

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "0.0.0.0" }]
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
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel exporter/otelcollector/otelcollector.go:163-165"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.otlp {
        let Some(node) = exporter.host.node else { continue };
        if exporter.fault.is_some()
            || !exporter.gets_something()
            || !Host::parse(&exporter.host.value).is_loopback()
        {
            continue;
        }
        let finding = cx
            .at(node, "this exporter sends to the gateway's own machine or container")
            .labelled("the gateway itself")
            .help("Name the host of the collector, unless it runs beside the gateway.");
        cx.report(finding);
    }
}
