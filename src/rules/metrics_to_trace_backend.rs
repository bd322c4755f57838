use crate::document::NodeId;
use crate::effective::exporters::Otlp;
use crate::effective::host::Host;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// What stores traces and nothing else.
const BACKENDS: [&str; 2] = ["Jaeger", "Tempo"];

/// How services are called that take everything and pass it on.
const COLLECTORS: [&str; 7] =
    ["otel", "otelcol", "otelcollector", "opentelemetry", "collector", "agent", "alloy"];

/// Metrics go where only traces are taken.
pub static RULE: Rule = Rule {
    id: "metrics-to-trace-backend",
    summary: "metrics are sent to a backend that takes traces only",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Jaeger and Tempo store traces. They take no metrics over OTLP, so each export of metrics fails, and
the gateway logs an error for each period. `disable_metrics` on the exporter ends that; metrics need
another exporter. (Zipkin takes no OTLP at all: see `otlp-not-accepted`.)

The backend is recognised by a word in the host, or in the name of the exporter. A host that is
called a collector or an agent may well take both, so there the name does not count.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "traces", "host": "jaeger", "port": 4317 }]
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
        "otlp": [{ "name": "traces", "host": "jaeger", "port": 4317, "disable_metrics": true }]
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
        "otlp": [{ "name": "local_tempo", "host": "10.0.0.7", "disable_metrics": false }]
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
        "otlp": [{ "name": "local_tempo", "host": "10.0.0.7", "disable_metrics": true }]
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
        "otlp": [{ "name": "jaeger", "host": "jaeger", "disable_metrics": true }]
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
        "otlp": [{ "name": "to_jaeger", "host": "otel-collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel otel.go:102-106", "krakend-ce #864", "krakend-otel #26"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.otlp {
        if !exporter.metrics.value {
            continue;
        }
        let Some((backend, node)) = backend_of(exporter, &BACKENDS) else { continue };
        let mut finding = cx
            .at(node, format!("{backend} takes traces only: each export of metrics fails"))
            .labelled("metrics go here, too")
            .help("Add `\"disable_metrics\": true`, and another exporter for metrics if wanted.")
            .unsafe_fix(
                "Send no metrics there",
                vec![cx.set(exporter.node, "disable_metrics", true)],
            );
        if let Some(node) = exporter.metrics.node {
            finding = finding.related(cx.label(node, "metrics are on"));
        }
        cx.report(finding);
    }
}

/// The one of `backends` that `exporter` seems to send to, and where that is written. The first part
/// of a host says most: it is the service, what follows may be a namespace or a company.
pub(super) fn backend_of<'b>(exporter: &Otlp, backends: &[&'b str]) -> Option<(&'b str, NodeId)> {
    let backend_in = |text: &str| {
        words(text).find_map(|word| {
            backends.iter().copied().find(|backend| backend.eq_ignore_ascii_case(word))
        })
    };
    let host = Host::parse(&exporter.host.value).normalized();
    let (service, rest) = host.split_once('.').unwrap_or((&host, ""));
    let is_collector =
        || words(service).any(|word| COLLECTORS.iter().any(|c| word.eq_ignore_ascii_case(c)));
    if let (Some(backend), Some(node)) = (backend_in(service), exporter.host.node) {
        return Some((backend, node));
    }
    if is_collector() {
        return None;
    }
    let by_host = backend_in(rest).zip(exporter.host.node);
    by_host.or_else(|| backend_in(&exporter.name.value).zip(exporter.name.node))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '-', '_', ' '])
}
