use crate::effective::host::Host;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A vendor refuses data without credentials.
pub static RULE: Rule = Rule {
    id: "saas-endpoint-needs-auth",
    summary: "an exporter sends to a vendor that wants credentials",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::ExportErrors,
    applies: Applies::COMMUNITY,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
The vendor takes data with an API key or token only. The Community Edition has no setting for such a
header: every export is refused, unless the key comes from outside, in the variable
`OTEL_EXPORTER_OTLP_HEADERS`, which holds for all OTLP exporters. Another way is a collector of one's
own that adds the key.

The block `telemetry/opentelemetry-security` does it in the Enterprise Edition only.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "https://otlp.nr-data.net", "use_http": true, "port": 4318 }
        ]
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
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
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
        "otlp": [
          { "name": "collector", "host": "https://otlp.nr-data.net", "use_http": true, "port": 4318 }
        ]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel exporter/otelcollector/otelcollector.go",
        "krakend-schema v2.13/telemetry/opentelemetry-security.json",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.otlp {
        let (Some(node), true) = (exporter.host.node, exporter.gets_something()) else { continue };
        let Some(vendor) = Host::parse(&exporter.host.value).vendor() else { continue };
        let message = format!(
            "{vendor} wants credentials, and the Community Edition has no setting for them"
        );
        let finding = cx.at(node, message).labelled("refuses data without a key").help(
            "Set OTEL_EXPORTER_OTLP_HEADERS in the environment of the gateway, or send to a \
             collector that adds the key.",
        );
        cx.report(finding);
    }
}
