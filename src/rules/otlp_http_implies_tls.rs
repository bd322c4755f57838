use crate::effective::host::Host;
use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Up to 2.9 HTTP is always HTTPS.
pub static RULE: Rule = Rule {
    id: "otlp-http-implies-tls",
    summary: "up to 2.9 an OTLP exporter with `use_http` always uses TLS",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::ExportErrors,
    applies: Applies::COMMUNITY.until(releases::LAST_HTTP_OVER_TLS),
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Releases up to 2.9 never tell their HTTP exporters that a connection may go without TLS, so
`use_http` always means HTTPS there. A collector that listens without TLS, as nearly all in the same
network do, answers with a protocol error, and nothing is exported.

From 2.10 on plain HTTP is the default. Before, the variable `OTEL_EXPORTER_OTLP_INSECURE=true` turns
TLS off, or the exporter uses gRPC, which goes without.

Port 443, a host that begins with `https://` and the vendors' own collectors are left alone: TLS is
meant there.

```json bad version=2.9
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "use_http": true, "port": 4318 }]
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
        "otlp": [{ "name": "collector", "host": "collector", "port": 4317 }]
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

```json good version=2.10
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector", "use_http": true, "port": 4318 }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel exporter/otelcollector/otelcollector.go (v0.9.1)",
        "krakend-otel PR #46, #51",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.otlp {
        let (true, Some(node)) = (exporter.use_http.value, exporter.use_http.node) else {
            continue;
        };
        let host = Host::parse(&exporter.host.value);
        let wants_tls = host.is_https() || host.vendor().is_some() || exporter.port.value == 443;
        if wants_tls || !exporter.gets_something() {
            continue;
        }
        let version = cx.target().version;
        let finding = cx
            .at(node, format!("KrakenD {version} uses TLS for every exporter with `use_http`"))
            .labelled("means HTTPS")
            .help(
                "Use gRPC, or KrakenD 2.10 or later; or set OTEL_EXPORTER_OTLP_INSECURE=true in the \
                 environment of the gateway. If the collector uses TLS, nothing needs to change.",
            );
        cx.report(finding);
    }
}
