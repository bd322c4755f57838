use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A list of headers to keep out, for a release that does not know it.
pub static RULE: Rule = Rule {
    id: "skip-headers-unsupported",
    summary: "`skip_headers` is ignored before 2.12, so the headers are exported",
    group: Group::Privacy,
    severity: Severity::Error,
    consequence: Consequence::DataLeaks,
    applies: Applies::COMMUNITY.until(releases::LAST_VIPER),
    fix: Availability::Never,
    supersedes: &["field-not-in-version"],
    needs_whole: false,
    docs: r#"
`skip_headers` arrived with 2.12. The vendor's schema lists it for the backend layer a release too
early, so that its own check accepts it, but the gateway has no such field: with `report_headers` on
every header goes into the spans, those of the list included.

```json bad version=2.11
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "traces": {
            "round_trip": true,
            "report_headers": true,
            "skip_headers": ["Cookie"]
          }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json good version=2.11
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": { "traces": { "round_trip": true, "report_headers": false } }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json good version=2.12
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "traces": {
            "round_trip": true,
            "report_headers": true,
            "skip_headers": ["Set-Cookie"]
          }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```
"#,
    evidence: &[
        "krakend-otel config/config.go (the field is not there up to v0.12.0)",
        "krakend-schema v2.11/telemetry/opentelemetry.json (lists it)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if !effective.is_registered() || !effective.service.has_traces() {
        return;
    }
    for settings in effective.header_blocks().flatten() {
        let (true, Some(list)) = (settings.reports(), settings.skip_at()) else { continue };
        if settings.entries().next().is_none() {
            continue;
        }
        let layer = settings.layer.as_str();
        let mut finding = cx
            .at(
                list.key(),
                format!(
                    "`skip_headers` is ignored before 2.12: the {layer} layer exports all headers"
                ),
            )
            .labelled("not known to this release")
            .help("Set `report_headers` to false, or use 2.12 or later.");
        if let Some(report) = settings.report_at() {
            finding = finding.related(cx.label(report.node, "all are reported"));
        }
        cx.report(finding);
    }
}
