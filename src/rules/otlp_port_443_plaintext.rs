use crate::effective::host::Host;
use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The port of HTTPS.
const HTTPS_PORT: i64 = 443;

/// Telemetry goes to port 443 in clear text.
pub static RULE: Rule = Rule {
    id: "otlp-port-443-plaintext",
    summary: "an OTLP exporter sends to port 443 in clear text",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::DataLeaks,
    applies: Applies::COMMUNITY,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The port says nothing about encryption: without `https://` in `host`, and over gRPC in any case, the
exporter sends in clear text, to port 443 as to any other. Where TLS is expected there, no export
arrives; where a proxy takes anything, everything in spans and metrics can be read on the way.

Up to 2.9 `use_http` alone means TLS. Since 2.10 it does not: the update from 2.9 takes the encryption
away, and nothing is logged.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "use_http": true, "port": 443 }]
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
          { "name": "collector", "host": "https://collector", "use_http": true, "port": 443 }
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
        "otlp": [{ "name": "collector", "host": "collector", "port": 443 }]
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
        "otlp": [
          { "name": "collector", "host": "https://collector", "use_http": true, "port": 443 }
        ]
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
        "otlp": [{ "name": "collector", "host": "collector", "use_http": true, "port": 443 }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel exporter/otelcollector/otelcollector.go:120-133,176"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let target = cx.target();
    for exporter in &cx.effective.service.otlp {
        let host = Host::parse(&exporter.host.value);
        let endpoint = exporter.endpoint(target);
        let Some(port) = exporter.port.node.filter(|_| exporter.port.value == HTTPS_PORT) else {
            continue;
        };
        // Another rule speaks of hosts that ask for TLS over gRPC, and of those with a fault.
        if endpoint.tls || exporter.fault.is_some() || exporter.refusal.is_some() {
            continue;
        }
        let http = exporter.use_http.value;
        let finding = cx
            .at(port, "this exporter sends to port 443 in clear text")
            .labelled("no TLS, whatever the port");
        let can_use_tls = http && target.version >= releases::URL_SCHEMES;
        cx.report(match exporter.host.node {
            Some(node) if can_use_tls => {
                let value = format!("https://{}", host.authority).into();
                finding.help("Write `https://` before the host to send over TLS.").unsafe_fix(
                    "Send over TLS",
                    vec![Edit::Replace { node, value }],
                )
            }
            _ => finding.help(
                "The Community Edition has no TLS over gRPC: set `use_http` and write `https://` before \
                 the host, or send to a collector beside the gateway.",
            ),
        });
    }
}
