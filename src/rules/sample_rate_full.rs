use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Production traces every request.
pub static RULE: Rule = Rule {
    id: "sample-rate-full",
    summary: "every request of a production environment is traced",
    group: Group::Sampling,
    severity: Severity::Info,
    consequence: Consequence::Works,
    applies: Applies::ALWAYS.since(releases::DEPLOY_ENV),
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Without a `trace_sample_rate`, or with 1, the gateway records every request. Where `deploy_env` says
production that is a lot: memory and network of the gateway, storage and money at the collector. The
vendor's documentation advises to trace about one request in twenty.

It is advice, not a fault: with little traffic, or a collector that samples, everything is fine.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "deploy_env": "production",
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
      "deploy_env": "eu-prod",
      "trace_sample_rate": 1,
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
      "deploy_env": "production",
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
      "deploy_env": "non-production",
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel state/state.go:117-122",
        "krakend-documentation telemetry/opentelemetry-layers-metrics.md:30",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let service = &cx.effective.service;
    let Some(block) = &cx.effective.block else { return };
    let Some(environment) = service.deploy_env.node else { return };
    if !is_production(&service.deploy_env.value)
        || !cx.effective.is_registered()
        || !service.has_traces()
    {
        return;
    }
    let message = "every request of a production environment is traced";
    let rate = &block.written.trace_sample_rate;
    let finding = match rate.written() {
        Some((1.0, at)) => cx.at(at.node, message).labelled("100 %"),
        None if !rate.is_written() => cx
            .missing(block.node, "trace_sample_rate", message)
            .labelled("no `trace_sample_rate` means 100 %"),
        _ => return,
    }
    .related(cx.label(environment, "production"))
    .help(
        "Set `\"trace_sample_rate\": 0.05` to trace one request in twenty, or another fraction between 0 and 1.",
    );
    cx.report(finding);
}

/// Whether the name of an environment says production: `prod`, `eu-production`, `prod2`.
fn is_production(environment: &str) -> bool {
    let lower = environment.to_ascii_lowercase();
    let words = || lower.split(|c: char| !c.is_alphanumeric());
    let is_prod = |word: &str| {
        let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
        matches!(word, "prod" | "prd" | "production")
    };
    words().any(is_prod) && !words().any(|word| matches!(word, "non" | "no" | "not" | "pre"))
}
