use crate::effective::{Sampler, Status};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Requests that are left out carry no decision to the backends.
pub static RULE: Rule = Rule {
    id: "sampling-not-passed-on",
    summary: "backends are not told which requests the gateway left out of its sample",
    group: Group::Sampling,
    severity: Severity::Info,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
With a `trace_sample_rate` between 0 and 1 a request that is left out gets no `traceparent` at all, not
even one that says "not sampled". A backend that is traced as well sees a request without a caller, and
decides for itself: there are traces that begin in the middle, and more of them than the rate suggests.

Give the backends a sampler that does not begin traces of its own, or sample in the collector.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "trace_sample_rate": 0.05,
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
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
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```
"#,
    evidence: &[
        "krakend-otel state/state.go:117-122",
        "krakend-otel http/client/transport_traces.go:95 (spans that are not recorded inject nothing)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let (service, target) = (&effective.service, cx.target());
    let (Sampler::Ratio(_), Some(node)) = (service.sampler.value, service.sampler.node) else {
        return;
    };
    if effective.status() != Status::Active || !service.has_traces() {
        return;
    }
    let mut backends = effective
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.is_reported)
        .flat_map(|endpoint| &endpoint.backends);
    // Where no backend gets a trace at all, other rules speak.
    if !backends.any(|backend| effective.backend_of(backend).propagates(target)) {
        return;
    }
    let finding = cx
        .at(
            node,
            "requests that are left out carry no `traceparent`: backends decide for themselves",
        )
        .labelled("a part of the requests")
        .help(
            "Let traced backends sample by their parent only, or set 1 here and sample in the \
             collector.",
        );
    cx.report(finding);
}
