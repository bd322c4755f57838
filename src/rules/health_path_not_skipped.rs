use serde_json::json;

use crate::effective::components::DEFAULT_HEALTH_PATH;
use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Health checks at another path are reported.
pub static RULE: Rule = Rule {
    id: "health-path-not-skipped",
    summary: "the router's `health_path` is not among the paths that telemetry skips",
    group: Group::Scopes,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    // Up to 2.6.2 the global layer reported skipped paths as well (krakend-otel v0.5.0).
    applies: Applies::ALWAYS.since(releases::SKIP_PATHS_GLOBAL),
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
The router can answer health checks at another path than `/__health`. Telemetry does not know: by
default it skips `/__health` only, so each health check, every few seconds from every probe, becomes
a trace and counts in the metrics.

```json bad
{
  "version": 3,
  "extra_config": {
    "router": { "health_path": "/healthz" },
    "telemetry/opentelemetry": {
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
    "router": { "health_path": "/healthz" },
    "telemetry/opentelemetry": {
      "skip_paths": ["/healthz"],
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
    "router": { "health_path": "/healthz" },
    "telemetry/opentelemetry": {
      "skip_paths": ["/__health"],
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
    "router": { "health_path": "/healthz" },
    "telemetry/opentelemetry": {
      "skip_paths": ["/__health", "/healthz"],
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
    "router": { "health_path": "/healthz" },
    "telemetry/opentelemetry": {
      "skip_paths": ["/healthz"],
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["lura router/gin/engine.go:107-110", "krakend-otel config/config.go:77-86"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let Some(block) = &effective.block else { return };
    let Some(health) = effective.health_path() else { return };
    let Some(node) = health.node.filter(|_| health.value != DEFAULT_HEALTH_PATH) else { return };
    let service = &effective.service;
    if service.skips(&health.value) || service.skips_nothing() || !effective.reports_every_request()
    {
        return;
    }
    let path = &health.value;
    let edit = match service.skip_paths.node {
        Some(array) => Edit::Append { array, value: path.as_str().into() },
        None => cx.set(block.node, "skip_paths", json!([path])),
    };
    let mut finding = cx
        .at(node, "health checks at this path are traced and measured")
        .labelled("not in `skip_paths`")
        .help("Add this path to `skip_paths` of `telemetry/opentelemetry`.")
        .unsafe_fix("Add it to `skip_paths`", vec![edit]);
    if let Some(list) = service.skip_paths.node {
        let mut label = cx.label(list, "not in here");
        label.span = cx.doc.opening(list);
        finding = finding.related(label);
    }
    cx.report(finding);
}
