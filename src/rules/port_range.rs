use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A port that TCP does not have.
pub static RULE: Rule = Rule {
    id: "port-range",
    summary: "a port is below 0 or above 65535",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &["value-out-of-range"],
    needs_whole: false,
    docs: r#"
Ports end at 65535. The gateway takes any number without a log line: an OTLP exporter then fails at
every export, a Prometheus exporter fails to listen. 0 is not an error here; it means the default. A negative
port with `use_http`, or behind `http://` or `https://`, switches all telemetry off: see
`otlp-exporter-refused`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "port": 431700 }]
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
        "otlp": [{ "name": "collector", "host": "collector", "port": 4317 }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel exporter/otelcollector/otelcollector.go, exporter/prometheus/prometheus.go:67",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let service = &cx.effective.service;
    let otlp = service
        .otlp
        .iter()
        .map(|exporter| (&exporter.written.port, "4317 for gRPC, 4318 for HTTP"));
    let prometheus =
        service.prometheus.iter().map(|exporter| (&exporter.written.port, "usually 9090"));
    for (port, usual) in otlp.chain(prometheus) {
        let Some((value, at)) = port.written() else { continue };
        if !(0..=65535).contains(value) {
            let finding = cx
                .at(at.node, format!("there is no port {value}: ports end at 65535"))
                .labelled("out of range")
                .help(format!("Write the port that is meant, {usual}."));
            cx.report(finding);
        }
    }
}
