use crate::document::NodeId;
use crate::finding::{Edit, Finding, Severity};
use crate::model::Field;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A sample rate that is not between 0 and 1.
pub static RULE: Rule = Rule {
    id: "sample-rate-range",
    summary: "a `trace_sample_rate` is below 0 or above 1",
    group: Group::Sampling,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &["value-out-of-range"],
    needs_whole: false,
    docs: r#"
`trace_sample_rate` is a fraction between 0 and 1: 0.05 traces 5 % of the requests. Any number outside 0 to 1
selects the sampler that keeps all traces, so `5`, meant as 5 % (the habit of OpenCensus), traces
twenty times as much as was meant.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "trace_sample_rate": 5,
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
      "trace_sample_rate": 1,
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
    if let Some(block) = &effective.block {
        check_rate(cx, &block.written.trace_sample_rate);
    }
    if effective.is_community() {
        return; // It does not read `exporters_override`; the schema's bounds speak there.
    }
    for endpoint in &effective.endpoints {
        let Some(block) = &endpoint.block else { continue };
        if let Some(exporters) = block.written.exporters_override.get() {
            check_rate(cx, &exporters.trace_sample_rate);
        }
    }
}

fn check_rate(cx: &mut Context<'_>, rate: &Field<f64>) {
    let Some((&rate, at)) = rate.written() else { return };
    if (0.0..=1.0).contains(&rate) {
        return;
    }
    let finding = cx
        .at(at.node, format!("a sample rate of {rate} traces every request"))
        .labelled("means 100 %");
    cx.report(advise(finding, at.node, rate));
}

fn advise(finding: Finding, node: NodeId, rate: f64) -> Finding {
    if rate > 1.0 && rate <= 100.0 {
        let part = rate / 100.0;
        finding
            .help(format!("The rate is a fraction between 0 and 1, not a percentage: write {part} for {rate} %."))
            .unsafe_fix(
                format!("Write {rate} % as {part}"),
                vec![Edit::Replace { node, value: part.into() }],
            )
    } else {
        finding.help(
            "Write the part of the requests to trace: a number from 0.0 to 1.0, such as 0.05.",
        )
    }
}
