use crate::effective::listeners::{Listener, Owner};
use crate::effective::ports::Ports;
use crate::finding::{MAX_RELATED, Severity};
use crate::identity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A Prometheus exporter uses a port that is in use already.
pub static RULE: Rule = Rule {
    id: "prometheus-port-conflict",
    summary: "a Prometheus exporter listens on a port that something else in the gateway has",
    group: Group::Prometheus,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Each Prometheus exporter opens a port of its own, 9090 unless another is written; one with
`disable_metrics` does so too. Only one of two can have the same port. Who loses depends on the
other:

- a second exporter: its metrics are missing, and only standard error says so;
- the gateway itself: either of the two, as it happens; if it is the gateway, it ends, with status 0;
- `telemetry/metrics`, on 8090 unless another is written: its stats or these metrics are missing;
- the Prometheus exporter of OpenCensus: the whole process may exit.

```json bad
{
  "version": 3,
  "port": 8080,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "prometheus": [{ "name": "metrics", "port": 8080 }]
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
        "prometheus": [{ "name": "public", "port": 9090 }, { "name": "internal" }]
      }
    }
  }
}
```

```json good
{
  "version": 3,
  "port": 8080,
  "extra_config": {
    "telemetry/metrics": { "listen_address": ":9090", "endpoint_disabled": true },
    "telemetry/opentelemetry": {
      "exporters": {
        "prometheus": [{ "name": "public" }, { "name": "internal", "port": 9091 }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel exporter/prometheus/prometheus.go:38-40,67-75",
        "krakend-ce executor.go:181,234",
        "krakend-metrics metrics.go:19, gin/metrics.go",
        "krakend-opencensus exporter/prometheus/prometheus.go:54-58",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if effective.service.prometheus.is_empty() {
        return;
    }
    let mut ports = Ports::new(effective.other_listeners());
    for exporter in &effective.service.prometheus {
        let Some(own) = Listener::of_exporter(exporter) else { continue };
        let free = ports.free();
        let (others, more) = ports.in_the_way_of(&own, MAX_RELATED);
        if let Some(first) = others.first() {
            let port = own.port;
            let list = cx.doc.pointer(exporter.node).above().to_string();
            let message = conflict(first.owner, port);
            let mut finding = match exporter.written.port.at() {
                Some(at) => cx.at(at.node, message),
                None => cx.missing(exporter.node, "port", message),
            }
            .labelled(match exporter.port.node {
                Some(_) => "already in use".to_owned(),
                None => format!("listens on {port}, the default"),
            })
            .help(format!("Give this exporter a port of its own, such as `\"port\": {free}`."))
            .known_as(identity::among(cx.doc, &list, &port.to_string(), "port"));
            finding.more_related = more;
            for other in others {
                if let Some(node) = other.node {
                    let mut label = cx.label(node, owner(other.owner));
                    label.span = cx.doc.opening(node);
                    finding = finding.related(label);
                }
            }
            cx.report(finding);
        }
        ports.add(own);
    }
}

/// What happens if `owner` and an exporter use the same port.
fn conflict(owner: Owner, port: i64) -> String {
    let (other, loss) = match owner {
        Owner::Gateway => {
            ("the gateway", "if the exporter gets it first, the gateway ends at once")
        }
        Owner::Stats => ("`telemetry/metrics`", "the metrics of one of them are missing"),
        Owner::OpenCensus => ("OpenCensus", "OpenCensus ends the gateway if it cannot listen"),
        Owner::Exporter => {
            return format!(
                "two exporters use port {port}: the metrics of one of them are missing"
            );
        }
    };
    format!("Prometheus and {other} both use port {port}: {loss}")
}

fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Gateway => "the port of the gateway",
        Owner::Stats => "the port of `telemetry/metrics`",
        Owner::OpenCensus => "the port of OpenCensus",
        Owner::Exporter => "first used here",
    }
}
