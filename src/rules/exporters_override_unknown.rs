use std::collections::HashMap;

use super::security_unknown_exporter::{called, near, shown};
use crate::document::NodeId;
use crate::effective::exporters::{Otlp, Prometheus};
use crate::effective::{Effective, Service, Status, is_filled_in_later};
use crate::finding::{Finding, Severity};
use crate::model::Field;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An endpoint chooses an exporter that it cannot have.
pub static RULE: Rule = Rule {
    id: "exporters-override-unknown",
    summary: "an `exporters_override` names an exporter that is not declared, or of the wrong kind",
    group: Group::Enterprise,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ENTERPRISE,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
An endpoint can choose its exporters among those of the service, by name and letter by letter. The
schema takes any text, so a misspelt name, or a Prometheus exporter in the list for traces, goes
unnoticed, and the endpoint's telemetry does not arrive.

An exporter that the service has switched off for a signal may be meant to serve some endpoints only,
which is not documented; for that there is an info.

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": {
          "exporters_override": { "trace_exporters": ["colector"] }
        }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json fixed edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": {
          "exporters_override": { "trace_exporters": ["collector"] }
        }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }],
        "prometheus": [{ "name": "scrape" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": {
          "exporters_override": { "trace_exporters": ["scrape"] }
        }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json good edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }],
        "prometheus": [{ "name": "scrape" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": {
          "exporters_override": {
            "metric_exporters": ["scrape"],
            "trace_exporters": ["collector"]
          }
        }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```
"#,
    evidence: &["krakend-schema v2.13/telemetry/opentelemetry-endpoint.json:168-213"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    // Without a service block nothing is declared: `override-without-service-otel` says so.
    if effective.status() == Status::Absent || !effective.knows_names() {
        return;
    }
    let names = Names::new(&effective.service);
    for endpoint in &effective.endpoints {
        let Some(block) = &endpoint.block else { continue };
        let Some(chosen) = block.written.exporters_override.get() else { continue };
        for (list, is_traces) in
            [(&chosen.metric_exporters, false), (&chosen.trace_exporters, true)]
        {
            for item in list.get().into_iter().flatten() {
                look_at(cx, &names, item, is_traces);
            }
        }
    }
}

/// The exporters by their names; of equal ones the first.
struct Names<'e> {
    otlp: HashMap<&'e str, &'e Otlp>,
    prometheus: HashMap<&'e str, &'e Prometheus>,
}

impl<'e> Names<'e> {
    fn new(service: &'e Service) -> Self {
        // Later ones give way to earlier ones.
        let otlp = service.otlp.iter().rev().map(|it| (it.name.value.as_str(), it));
        let prometheus = service.prometheus.iter().rev().map(|it| (it.name.value.as_str(), it));
        Self { otlp: otlp.collect(), prometheus: prometheus.collect() }
    }
}

fn look_at(cx: &mut Context<'_>, names: &Names<'_>, item: &Field<String>, is_traces: bool) {
    let Some((name, at)) = item.written() else { return };
    if is_filled_in_later(name) {
        return;
    }
    let (otlp, prometheus) = (names.otlp.get(&**name), names.prometheus.get(&**name));
    let finding = match (otlp, prometheus) {
        (Some(otlp), _) => {
            let gets = if is_traces { otlp.traces } else { otlp.metrics };
            let Some(node) = gets.node.filter(|_| !gets.value) else { return };
            switched_off(cx, at.node, node)
        }
        (None, Some(other)) if is_traces => {
            let finding = cx
                .at(at.node, "a Prometheus exporter takes no traces")
                .labelled("takes metrics only")
                .help("Choose an exporter under `otlp`.");
            match other.name.node {
                Some(node) => finding.related(cx.label(node, "declared under `prometheus`")),
                None => finding,
            }
        }
        (None, Some(other)) => {
            let Some(node) = other.metrics.node.filter(|_| !other.metrics.value) else { return };
            switched_off(cx, at.node, node)
        }
        (None, None) => {
            let finding = cx
                .at(at.node, format!("no exporter is called `{}`", shown(name)))
                .labelled("no such exporter");
            match near(known(cx.effective, is_traces), name) {
                Some(near) => called(finding, at.node, near),
                None => {
                    finding.help("Write the name of an exporter of the service, letter by letter.")
                }
            }
        }
    };
    cx.report(finding);
}

/// An exporter that the service has switched off for the signal. krakend-otel calls that "by
/// default" (`exporter/prometheus/prometheus.go`), which suggests that an override brings it back.
fn switched_off(cx: &Context<'_>, chosen: NodeId, flag: NodeId) -> Finding {
    cx.at(chosen, "this exporter is switched off for this signal by the service")
        .labelled("perhaps still off here")
        .related(cx.label(flag, "switched off here"))
        .severity(Severity::Info)
        .help("Make sure that its data arrives, or choose another exporter.")
}

/// The names that can be chosen.
fn known<'e>(effective: &'e Effective<'_>, is_traces: bool) -> impl Iterator<Item = &'e str> {
    let otlp = effective.service.otlp.iter().map(|otlp| &otlp.name);
    let prometheus = effective.service.prometheus.iter().map(|other| &other.name);
    otlp.chain(prometheus.filter(move |_| !is_traces)).map(|name| name.value.as_str())
}
