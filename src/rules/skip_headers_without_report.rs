use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A list of headers to keep out where none are reported.
pub static RULE: Rule = Rule {
    id: "skip-headers-without-report",
    summary: "`skip_headers` has no effect where headers are not reported",
    group: Group::Privacy,
    severity: Severity::Info,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS.since(releases::SKIP_HEADERS),
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
`skip_headers` takes headers out of what `report_headers` reports, in the spans of the same layer. If
that is off, or the layer makes no spans, the list does nothing. It is not handed on to other layers
or to overrides.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "global": { "skip_headers": ["Authorization", "Cookie"] }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel http/server/server.go:93-100", "krakend-otel lura/proxy_tracer.go"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for block in cx.effective.header_blocks() {
        let mut idle = block.iter().filter_map(|settings| {
            let key = settings.skip_at()?.key();
            (!settings.reports() && settings.entries().next().is_some()).then_some((settings, key))
        });
        let Some((first, key)) = idle.next() else { continue };
        let (reason, help) = if first.report.get() == Some(&true) {
            ("makes no spans", "Remove it, or let the layer make spans.")
        } else {
            (
                "does not report headers",
                "Remove it, or set `report_headers` to true beside it if headers are wanted.",
            )
        };
        let layer = first.layer.as_str();
        let message = format!("`skip_headers` has no effect: the {layer} layer {reason}");
        let mut finding = cx.at(key, message).labelled("has no effect").help(help);
        if let Some(report) = first.report_at().filter(|_| first.report.get() == Some(&false)) {
            finding = finding.related(cx.label(report.node, "no headers are reported"));
        }
        for (_, key) in idle {
            finding = finding.related(cx.label(key, "nor has this"));
        }
        cx.report(finding);
    }
}
