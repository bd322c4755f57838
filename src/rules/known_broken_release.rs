use crate::document::NodeId;
use crate::effective::layers::Backend;
use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::source::Format;

/// The release panics on requests with such a configuration.
pub static RULE: Rule = Rule {
    id: "known-broken-release",
    summary: "the release is known to panic on requests with these telemetry settings",
    group: Group::Versions,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::COMMUNITY.until(releases::KOANF),
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Two releases break off requests because of telemetry; the next patch of each is sound:

- 2.6.0 and 2.6.1 panic on requests over HTTP/2 as soon as telemetry is on;
- 2.9.0 panics on requests to backends whose `traces` have neither `round_trip` nor `read_payload`
  while their metrics have one of the two.

```json bad version=2.6.1
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

```json bad version=2.9.0
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      },
      "layers": {
        "backend": { "traces": { "disable_stage": true } }
      }
    }
  }
}
```

```json good version=2.9
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      },
      "layers": {
        "backend": { "traces": { "disable_stage": true } }
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-ce issues 858 and 871 (fixed in krakend-otel v0.4.0)",
        "krakend-ce pull request 964, krakend-otel pull request 45 (fixed in v0.9.1)",
        "krakend-koanf parser.go (commit 902bf59, in 2.12.1)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    not_read(cx);
    let effective = cx.effective;
    let Some(block) = effective.block.as_ref().filter(|_| effective.is_registered()) else {
        return;
    };
    let version = effective.target.version;
    let layers = &effective.service.layers;
    if version < releases::ABORTS_HANDLED {
        if layers.global.metrics.value || layers.global.traces.value {
            let finding = cx
                .at(
                    block.key,
                    format!("KrakenD {version} panics on HTTP/2 requests with telemetry"),
                )
                .labelled("telemetry is on")
                .help("Use KrakenD 2.6.2 or newer.");
            cx.report(finding);
        }
        return;
    }
    if version != releases::ANSWERS_500 {
        return;
    }
    let mut places = Vec::new();
    places.extend(nil_tracer(&layers.backend));
    for endpoint in &effective.endpoints {
        for backend in &endpoint.backends {
            let has_override = backend.written().is_some();
            if has_override && endpoint.is_reported {
                places.extend(nil_tracer(&effective.backend_of(backend)));
            }
        }
    }
    let Some((&first, rest)) = places.split_first() else { return };
    let mut finding = cx
        .at(first, "KrakenD 2.9.0 panics on requests to backends with these settings")
        .pointing_at(cx.doc.opening(first))
        .labelled("neither `round_trip` nor `read_payload`")
        .help("Use KrakenD 2.9.1 or newer, or set `\"round_trip\": true` here.");
    for &other in rest {
        let mut label = cx.label(other, "here too");
        label.span = cx.doc.opening(other);
        finding = finding.related(label);
    }
    cx.report(finding);
}

/// In its first release the new loader had no case for `.yaml`, only for `.yml`.
fn not_read(cx: &mut Context<'_>) {
    let Some(root) = cx.doc.root().filter(|_| cx.target().version == releases::KOANF) else {
        return;
    };
    // Its comparison minds the case: `.YAML` is JSON for it.
    let is_yaml = cx.doc.source().name().rsplit('.').next() == Some("yaml");
    if cx.doc.source().format() == Format::Yaml && is_yaml {
        let finding = cx
            .at(root, "KrakenD 2.12.0 cannot read a file called `.yaml`, and does not start")
            .pointing_at(cx.doc.opening(root))
            .help("Call it `.yml`, or use KrakenD 2.12.1 or newer.");
        cx.report(finding);
    }
}

/// The `traces` object that leaves the instrumented HTTP client without a tracer.
fn nil_tracer(layer: &Backend) -> Option<NodeId> {
    let breaks = layer.metrics.instruments_client() && !layer.traces.instruments_client();
    layer.traces.node.filter(|_| breaks)
}
