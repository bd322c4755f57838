use crate::effective::{EndpointKind, Status};
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A sample rate of 0 samples everything.
pub static RULE: Rule = Rule {
    id: "sample-rate-zero",
    summary: "a `trace_sample_rate` of 0 samples every request",
    group: Group::Sampling,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Only a rate between 0 and 1, both left out, makes the gateway sample. Every other number, 0 among
them, selects the sampler that keeps all traces: 100 % of the requests are traced and exported, even
those that the caller decided not to sample. Whoever comes from OpenCensus, where 0 meant none, gets
the opposite of what was meant.

To export no traces, set `disable_traces` on the exporters.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "trace_sample_rate": 0,
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
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "disable_traces": true }]
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
      "trace_sample_rate": 0.05,
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel state/state.go:117-122"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if let Some(block) = &effective.block
        && let Some((0.0, at)) = block.written.trace_sample_rate.written()
        // Where no exporter takes traces, none are exported at any rate.
        && (effective.service.has_traces() || effective.status() == Status::Dropped)
    {
        let mut edits: Vec<Edit> = vec![Edit::Remove { node: at.key() }];
        for exporter in &effective.service.otlp {
            edits.push(cx.set(exporter.node, "disable_traces", true));
        }
        let finding = cx
            .at(at.node, "a sample rate of 0 traces every request, not none")
            .labelled("means 100 %")
            .help(
                "Write the fraction of requests to trace, such as 0.05 for 5 %. To export no \
                     traces, remove this and set `\"disable_traces\": true` on the exporters.",
            )
            .unsafe_fix("Export no traces", edits);
        cx.report(finding);
    }
    if effective.is_community() {
        return; // It does not read `exporters_override`.
    }
    for endpoint in &effective.endpoints {
        let Some(block) = &endpoint.block else { continue };
        let Some(exporters) = block.written.exporters_override.get() else { continue };
        if let Some((0.0, at)) = exporters.trace_sample_rate.written() {
            let what = match endpoint.kind {
                EndpointKind::Endpoint => "this endpoint",
                EndpointKind::AsyncAgent => "this agent",
            };
            let finding = cx
                .at(at.node, format!("a sample rate of 0 traces every request of {what}, not none"))
                .labelled("means 100 %")
                .help("Write the fraction of requests to trace, such as 0.05 for 5 %.");
            cx.report(finding);
        }
    }
}
