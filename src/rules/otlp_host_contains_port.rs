use crate::effective::fault::Fault;
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The host brings a port of its own.
pub static RULE: Rule = Rule {
    id: "otlp-host-contains-port",
    summary: "an OTLP host contains a port, and gets a second one",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway puts a colon and the port behind `host`, whatever is in it. With a port in the host the
address has two, `collector:4317:4317`, which cannot be connected to: the gateway starts, and every
export fails. Write the port into `port`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector:4317" }]
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
        "otlp": [{ "name": "collector", "host": "collector", "port": 4317 }]
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
        "otlp": [
          { "name": "collector", "host": "http://collector:4318", "use_http": true, "port": 4318 }
        ]
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
        "otlp": [
          { "name": "collector", "host": "http://collector", "use_http": true, "port": 4318 }
        ]
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
        "otlp": [{ "name": "collector", "host": "collector:99999" }]
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
        "otlp": [{ "name": "collector", "host": "[2001:db8::1]", "port": 4317 }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel exporter/otelcollector/otelcollector.go:66-79,120-133"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.effective.service.faulty_hosts() {
        let (Fault::Port, Some(port)) = (at.fault, at.host.port) else { continue };
        let written = at.exporter.port.value;
        let mut finding = cx
            .at(at.node, format!("`host` contains a port: the address ends in `:{port}:{written}`"))
            .labelled("host and port")
            .help("Write the host alone here, and the port into `port`.");
        if let Some(node) = at.exporter.port.node {
            finding = finding.related(cx.label(node, "the gateway adds this one"));
        }
        if at.host.names_resolver() || !matches!(at.host.path, "" | "/") {
            cx.report(finding);
            continue;
        }
        let host = Edit::Replace { node: at.node, value: at.bare().into() };
        if at.ports_differ() {
            let title = format!("Keep port {written} of the two");
            finding = finding.unsafe_fix(title, vec![host]);
        } else if let Some(own) = at.own_port() {
            let is_written = at.exporter.port.node.is_some() && written == i64::from(own);
            let port = (!is_written).then(|| cx.set(at.exporter.node, "port", own));
            let title = if is_written {
                "Remove the port from `host`"
            } else {
                "Move the port into `port`"
            };
            finding = finding.safe_fix(title, std::iter::once(host).chain(port).collect());
        }
        cx.report(finding);
    }
}
