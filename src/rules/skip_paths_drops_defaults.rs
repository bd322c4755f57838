use crate::effective::components::DEFAULT_HEALTH_PATH;
use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A list of paths replaces the default one.
pub static RULE: Rule = Rule {
    id: "skip-paths-drops-defaults",
    summary: "a `skip_paths` list drops the default entry for the health check",
    group: Group::Scopes,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    // Up to 2.6.2 the global layer reported skipped paths as well (krakend-otel v0.5.0).
    applies: Applies::ALWAYS.since(releases::SKIP_PATHS_GLOBAL),
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Without `skip_paths` the gateway reports nothing of `/__health`, `/__debug/`, `/__echo/` and
`/__stats/`. A list that is not empty replaces these four; it does not add to them. So each health
check, every few seconds from every probe, becomes a trace and counts in the metrics.

`[""]` skips nothing and is left alone: it says so on purpose.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "skip_paths": ["/internal"],
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
      "skip_paths": ["/internal", "/__health"],
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
    "router": { "disable_health": true },
    "telemetry/opentelemetry": {
      "skip_paths": ["/internal"],
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel config/config.go:77-86", "krakend-otel issue 25"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let skipped = &effective.service.skip_paths;
    let Some(list) = skipped.node else { return };
    if effective.service.skips_nothing() || effective.service.skips(DEFAULT_HEALTH_PATH) {
        return;
    }
    // A health check elsewhere is not among the defaults: `health-path-not-skipped` asks for it.
    let is_default = effective.health_path().is_some_and(|path| path.value == DEFAULT_HEALTH_PATH);
    if !is_default || !effective.reports_every_request() {
        return;
    }
    let finding = cx
        .at(list, "this list replaces the default one: health checks are traced and measured")
        .pointing_at(cx.doc.opening(list))
        .labelled(format!("`{DEFAULT_HEALTH_PATH}` is not in it"))
        .help(format!("Add `{DEFAULT_HEALTH_PATH}`."))
        .unsafe_fix(
            format!("Add `{DEFAULT_HEALTH_PATH}`"),
            vec![Edit::Append { array: list, value: DEFAULT_HEALTH_PATH.into() }],
        );
    cx.report(finding);
}
