use crate::document::NodeId;
use crate::effective::layers::{Signal, SignalKind};
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Backends get no `traceparent`, so traces end at the gateway.
pub static RULE: Rule = Rule {
    id: "propagation-to-backends-off",
    summary: "backends get no `traceparent`, so every trace ends at the gateway",
    group: Group::Layers,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::COMMUNITY,
    fix: Availability::Always,
    supersedes: &["backend-flags-implicitly-off", "detail-without-round-trip"],
    needs_whole: false,
    docs: r#"
The header that carries a trace on to a backend is written by one place in the gateway only: the
traced HTTP client. It is there if `round_trip` or `read_payload` of the backend layer's `traces` is
on, as both are without that object. If the object is there and neither flag is true, no backend
hears of the trace: each begins its own, and the picture of a request ends at the gateway. Up to 2.8
the flags of `metrics` were enough.

The rule is silent where clients' `traceparent` headers are let through by `input_headers`, and where
no layer reports spans.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "traces": { "report_headers": false }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
      "layers": {
        "backend": {
          "traces": { "round_trip": true, "report_headers": false }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [
        {
          "url_pattern": "/orders",
          "host": ["http://orders"],
          "extra_config": {
            "telemetry/opentelemetry": {
              "backend": {
                "traces": { "round_trip": false, "read_payload": false }
              }
            }
          }
        }
      ]
    }
  ]
}
```

```json fixed
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [
        {
          "url_pattern": "/orders",
          "host": ["http://orders"],
          "extra_config": {
            "telemetry/opentelemetry": {
              "backend": {
                "traces": { "round_trip": true, "read_payload": false }
              }
            }
          }
        }
      ]
    }
  ]
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "traces": { "round_trip": true, "report_headers": false }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json good version=2.8
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "traces": { "disable_stage": true }
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
    evidence: &[
        "krakend-otel http/client/transport_traces.go:29-31,95",
        "krakend-otel http/client/transport.go:131-134",
        "krakend-ce issue 884 (the symptom)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if !effective.is_registered() || !effective.service.has_traces() {
        return;
    }
    let target = effective.target;
    for place in effective.backend_layers(&|layer| !layer.propagates(target)) {
        let traces = &place.layer.traces;
        let Some(object) = traces.node else { continue };
        let is_kept = !effective.breaks_traces(&place) || effective.is_silent(SignalKind::Traces);
        if is_kept {
            continue;
        }
        let message = match place.of {
            None => "no trace reaches the backends: that takes `round_trip` or `read_payload`",
            Some(_) => "no trace reaches this backend: that takes `round_trip` or `read_payload`",
        };
        let mut finding = match traces.round_trip.node {
            Some(node) => cx.at(node, message).labelled("no `traceparent` is sent"),
            None => cx.missing(object, "round_trip", message).labelled("neither is on in here"),
        }
        .help(if traces.stage.value {
            "Set `round_trip` to true, so that the gateway makes a span of each request to a \
                 backend and sends `traceparent` along."
        } else {
            "If traces are to go on behind the gateway, remove `disable_stage` and set \
                 `round_trip` to true: only a request with a span carries a `traceparent`."
        })
        .unsafe_fix("Turn `round_trip` on", remedy(cx, object, traces));
        if let Some(node) = traces.read_payload.node {
            finding = finding.related(cx.label(node, "off as well"));
        }
        cx.report(finding);
    }
}

/// The client is instrumented again, and the stage that was turned off as well: one without the other
/// would contradict.
fn remedy(cx: &Context<'_>, object: NodeId, traces: &Signal) -> Vec<Edit> {
    let mut edits = vec![cx.set(object, "round_trip", true)];
    if !traces.stage.value {
        edits.push(cx.set(object, "disable_stage", false));
    }
    edits
}
