use crate::effective::exporters::{OTLP_HTTP_PORT, OTLP_PORT};
use crate::effective::host::Host;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Credentials for an exporter that uses gRPC.
pub static RULE: Rule = Rule {
    id: "security-requires-http",
    summary: "an exporter with credentials does not have `use_http`",
    group: Group::Enterprise,
    severity: Severity::Warning,
    consequence: Consequence::ExportErrors,
    applies: Applies::ENTERPRISE,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The vendor's documentation says that an exporter with credentials must have `use_http`. With gRPC
they are not added, so the collector refuses what it is sent. Mind the port: collectors take HTTP on
4318, and the gateway's default is 4317 for both.

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "vendor", "host": "https://otlp.example.com", "port": 4317 }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "vendor", "headers": { "api-key": "${OTLP_API_KEY}" } }]
    }
  }
}
```

```json fixed edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "vendor", "host": "https://otlp.example.com", "port": 4318, "use_http": true }
        ]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "vendor", "headers": { "api-key": "${OTLP_API_KEY}" } }]
    }
  }
}
```

```json good edition=ee
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
"#,
    evidence: &["krakend.io docs/enterprise/telemetry/opentelemetry-security"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let Some(block) = &effective.security else { return };
    for exporter in &effective.service.otlp {
        if exporter.use_http.value || exporter.written.use_http.is_wrong() {
            continue;
        }
        let mut names = block.written.otlp.get().into_iter().flatten().filter_map(|one| {
            let name = &one.get()?.name;
            name.get().filter(|text| !text.is_empty() && **text == exporter.name.value)?;
            name.at()
        });
        let Some(credentials) = names.next() else { continue };
        let message = "this exporter has credentials, which need `use_http`";
        let mut edits = vec![cx.set(exporter.node, "use_http", true)];
        let host = Host::parse(&exporter.host.value);
        if exporter.port.value == OTLP_PORT && !cx.takes_any_port(&host) {
            edits.push(cx.set(exporter.node, "port", OTLP_HTTP_PORT));
        }
        let finding = match exporter.use_http.node {
            Some(node) => cx.at(node, message).labelled("gRPC is chosen here"),
            None => cx.missing(exporter.node, "use_http", message).labelled("uses gRPC"),
        }
        .related(cx.label(credentials.node, "its credentials"))
        .help("Set `\"use_http\": true`, and the port on which the collector takes HTTP.")
        .unsafe_fix("Use HTTP", edits);
        cx.report(finding);
    }
}
