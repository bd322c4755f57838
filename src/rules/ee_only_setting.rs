use crate::document::{Kind, NodeId};
use crate::finding::Severity;
use crate::model::Place;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A setting of the Enterprise Edition in the Community Edition.
pub static RULE: Rule = Rule {
    id: "ee-only-setting",
    summary: "a setting that only the Enterprise Edition reads",
    group: Group::Enterprise,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::COMMUNITY,
    fix: Availability::Never,
    supersedes: &[
        "unknown-field",
        "wrong-type",
        "override-wrong-type",
        "missing-field",
        "value-out-of-range",
        "value-not-allowed",
        "key-case",
        "field-not-in-version",
    ],
    needs_whole: false,
    docs: r#"
Documentation and schema are shared by both editions. The Community Edition has no code for

- `telemetry/opentelemetry-security`: exports go out without credentials, and a collector that wants
  some refuses them;
- `exporters_override` of an endpoint: its telemetry goes where that of the service goes;
- `histograms`: the buckets are fixed.

It ignores them without a log line. For the Enterprise Edition run this program with `--edition ee`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "collector", "headers": { "api-key": "${OTLP_API_KEY}" } }]
    }
  }
}
```

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "histograms": { "time_buckets": [0.1, 0.5, 1] },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json good edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "histograms": { "time_buckets": [0.1, 0.5, 1] },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel config/config.go:11-20 (no such fields)",
        "krakend-schema telemetry/opentelemetry-endpoint.json, opentelemetry-security.json",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if let Some(block) = &effective.security
        && cx.doc.kind(block.node) != Kind::Null
    {
        let message = "the Community Edition ignores these credentials";
        let help = "Remove them, or check with `--edition ee`. This edition takes headers for \
                        all its exporters from the variable OTEL_EXPORTER_OTLP_HEADERS.";
        report(cx, block.key, message, help);
    }
    let histograms = effective.block.as_ref().and_then(|block| block.written.histograms.at());
    // Before 2.8 no edition has them, which `field-not-in-version` says.
    if let Some(key) = histograms.map(Place::key)
        && effective.target.version >= releases::HISTOGRAMS
    {
        let message = "the Community Edition ignores `histograms`: it has fixed buckets";
        report(cx, key, message, "Remove it, or check with `--edition ee`.");
    }
    for endpoint in &effective.endpoints {
        let Some(block) = &endpoint.block else { continue };
        if let Some(at) = block.written.exporters_override.at() {
            let message = "the Community Edition ignores `exporters_override`";
            let help = "Remove it, or check with `--edition ee`. The exporters of the service \
                        serve every endpoint.";
            report(cx, at.key(), message, help);
        }
    }
}

fn report(cx: &mut Context<'_>, key: NodeId, message: &str, help: &str) {
    let finding = cx.at(key, message).labelled("Enterprise Edition only").help(help);
    cx.report(finding);
}
