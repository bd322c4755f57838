use crate::effective::layers::SignalKind;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// All layers have a signal off, and an exporter waits for it.
pub static RULE: Rule = Rule {
    id: "all-layers-disabled",
    summary: "all three layers have metrics or traces disabled, so exporters get none",
    group: Group::Layers,
    severity: Severity::Warning,
    consequence: Consequence::TelemetryOffSilently,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Each of the three layers can be told to report no metrics or no traces. If all of them are, nothing
is left of that signal, although an exporter is connected for it. Whoever wants no traces at all says
so once, in the exporters; then the collector is not called for nothing either.

`disable_stage` of the backend layer counts if the details beside it are off, too. Overrides that
turn a layer on again keep the rule silent, and so do the metrics of the process and of Go.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "global": { "disable_metrics": true },
        "proxy": { "disable_metrics": true },
        "backend": { "metrics": { "disable_stage": true } }
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
        "global": { "disable_metrics": true },
        "proxy": { "disable_metrics": true }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel http/server/server.go, lura/proxy.go, lura/backend.go (each asks its own flags)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if !effective.is_registered() {
        return;
    }
    let service = &effective.service;
    for kind in SignalKind::ALL {
        // Metrics of the process do not come from a layer.
        let has_others = kind == SignalKind::Metrics
            && service.prometheus.iter().any(|exporter| {
                exporter.metrics.value
                    && (exporter.process_metrics.value || exporter.go_metrics.value)
            });
        if has_others || !service.has(kind) || !effective.is_silent(kind) {
            continue;
        }
        let layers = &service.layers;
        let (global, proxy) = match kind {
            SignalKind::Metrics => (layers.global.metrics, layers.proxy.metrics),
            SignalKind::Traces => (layers.global.traces, layers.proxy.traces),
        };
        let flags = [
            (global.node, "off in the global layer"),
            (proxy.node, "off in the proxy layer"),
            (layers.backend.signal(kind).stage.node, "off in the backend layer"),
        ];
        let mut flags: Vec<_> =
            flags.into_iter().filter_map(|(node, text)| Some((node?, text))).collect();
        flags.sort_unstable();
        let Some((&(first, text), rest)) = flags.split_first() else { continue };
        let name = kind.as_str();
        let mut finding = cx
            .at(first, format!("all three layers have their {name} off, so none are exported"))
            .labelled(text)
            .help(format!(
                "Take the flag out of the layers that should report. To have no {name} at all, set \
                 `disable_{name}` on the exporters instead."
            ));
        for &(node, text) in rest {
            finding = finding.related(cx.label(node, text));
        }
        cx.report(finding);
    }
}
