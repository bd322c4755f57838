use crate::document::NodeId;
use crate::effective::exporters::{OTLP_HTTP_PORT, OTLP_PORT, Otlp};
use crate::effective::host::Host;
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::rules::metrics_to_trace_backend::backend_of;

/// OTLP is sent where another protocol is spoken.
pub static RULE: Rule = Rule {
    id: "otlp-not-accepted",
    summary: "an OTLP exporter sends to a port, or to Zipkin, where another protocol is spoken",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
An exporter under `otlp` sends OTLP, over gRPC or HTTP, and nothing else. Some ports are those of
other protocols; an export to them fails, with an error in the log for each batch:

- 14268 and 14250 are Jaeger's own protocols over HTTP and gRPC, 6831 is that of its old agent.
  Jaeger takes OTLP on 4317 and 4318.
- 9411 is Zipkin's protocol. Zipkin itself takes no OTLP on any port: send to an OpenTelemetry
  Collector that has a `zipkin` exporter.
- 8126 is the trace protocol of the Datadog agent, 8125 is StatsD. The agent takes OTLP on 4317 and
  4318 once its OTLP receiver is switched on.
- 55678 is the OpenCensus receiver of a collector, whose OTLP receiver has 4317 and 4318.

It is a warning because any service can be told to listen elsewhere. A host that really takes OTLP on
such a port can be named in the setting `port-exempt-hosts`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "traces", "host": "jaeger", "port": 14250, "disable_metrics": true }]
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
        "otlp": [{ "name": "traces", "host": "zipkin", "port": 9411, "use_http": true, "disable_metrics": true }]
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
        "otlp": [{ "name": "traces", "host": "zipkin" }]
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
        "otlp": [{ "name": "zipkin", "host": "otel-collector", "port": 4317 }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel exporter/otelcollector/otelcollector.go (OTLP is the only protocol)",
        "the documentation of Jaeger, Zipkin, the Datadog agent and the OpenTelemetry Collector (ports)",
    ],
    check: Check::Semantic(check),
};

/// A port that is known for a protocol other than OTLP, and that protocol.
const OTHER_PROTOCOLS: &[(i64, &str)] = &[
    (6831, "the protocol of the old Jaeger agent, over UDP"),
    (8125, "StatsD"),
    (8126, "the trace protocol of the Datadog agent"),
    (ZIPKIN_PORT, "the protocol of Zipkin"),
    (14250, "Jaeger's own protocol over gRPC"),
    (14268, "Jaeger's own protocol over HTTP"),
    (55678, "the protocol of OpenCensus"),
];

const ZIPKIN_PORT: i64 = 9411;

const TO_A_COLLECTOR: &str =
    "Send to an OpenTelemetry Collector that has a `zipkin` exporter, on port 4317 or 4318.";

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.otlp {
        if !exporter.gets_something() {
            continue;
        }
        let host = Host::parse(&exporter.host.value);
        let tells_by_port = !cx.takes_any_port(&host) && !host.drops_port(cx.target());
        let by_port = exporter.port.node.filter(|_| tells_by_port).and_then(|node| {
            let known = OTHER_PROTOCOLS.iter().find(|(port, _)| *port == exporter.port.value)?;
            Some((node, known.1))
        });
        if let Some((node, protocol)) = by_port {
            by_its_port(cx, exporter, node, protocol);
        } else if let Some((_, node)) = backend_of(exporter, &["Zipkin"])
            && !cx.takes_any_port(&host)
        {
            let finding = cx
                .at(node, "Zipkin takes no OTLP: each export fails")
                .labelled("takes another protocol")
                .help(TO_A_COLLECTOR);
            cx.report(finding);
        }
    }
}

fn by_its_port(cx: &mut Context<'_>, exporter: &Otlp, node: NodeId, protocol: &str) {
    let port = exporter.port.value;
    let finding = cx
        .at(node, format!("port {port} is for {protocol}, and this exporter sends OTLP"))
        .labelled("the port of another protocol");
    if port == ZIPKIN_PORT {
        cx.report(finding.help(TO_A_COLLECTOR));
        return;
    }
    let (right, transport) =
        if exporter.use_http.value { (OTLP_HTTP_PORT, "HTTP") } else { (OTLP_PORT, "gRPC") };
    let edits = vec![Edit::Replace { node, value: right.into() }];
    let finding = finding
        .help(format!("Use port {right}, the port for OTLP over {transport}."))
        .unsafe_fix(format!("Set the port to {right}"), edits);
    cx.report(finding);
}
