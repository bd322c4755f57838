use crate::document::NodeId;
use crate::effective::Backend;
use crate::effective::losses::Loss;
use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An override loses settings of the service.
pub static RULE: Rule = Rule {
    id: "override-replaces-not-merges",
    summary: "an override leaves out settings of the service, which are lost by that",
    group: Group::Scopes,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::COMMUNITY.since(releases::OVERRIDES),
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
`proxy` in the telemetry block of an endpoint replaces `layers.proxy` of the service as a whole, and
so does `backend` in that of a backend with `layers.backend`. Nothing is merged: what the override
does not repeat falls back to its default. A `skip_headers` that is left out, for one, makes the
headers in it leave the gateway again; attributes that dashboards group by are gone.

Repeat these settings in the override. Settings of a signal that the override turns off are not
missed.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      },
      "layers": {
        "proxy": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Cookie", "Proxy-Authorization", "Set-Cookie", "X-Api-Key"]
        }
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["Authorization"],
      "extra_config": {
        "telemetry/opentelemetry": { "proxy": { "report_headers": true } }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
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
      },
      "layers": {
        "proxy": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Cookie", "Proxy-Authorization", "Set-Cookie", "X-Api-Key"]
        }
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["Authorization"],
      "extra_config": {
        "telemetry/opentelemetry": {
          "proxy": {
            "report_headers": true,
            "skip_headers": ["Authorization", "Cookie", "Proxy-Authorization", "Set-Cookie", "X-Api-Key"]
          }
        }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      },
      "layers": {
        "backend": {
          "metrics": { "round_trip": true, "static_attributes": [{ "key": "team", "value": "shop" }] },
          "traces": { "round_trip": true, "static_attributes": [{ "key": "team", "value": "shop" }] }
        }
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
                "metrics": { "disable_stage": true },
                "traces": { "round_trip": true }
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
      },
      "layers": {
        "backend": {
          "metrics": { "round_trip": true, "static_attributes": [{ "key": "team", "value": "shop" }] },
          "traces": { "round_trip": true, "static_attributes": [{ "key": "team", "value": "shop" }] }
        }
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
                "metrics": { "disable_stage": true },
                "traces": {
                  "round_trip": true,
                  "static_attributes": [{ "key": "team", "value": "shop" }]
                }
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
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      },
      "layers": {
        "proxy": { "traces_static_attributes": [{ "key": "team", "value": "shop" }] }
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": { "proxy": { "disable_traces": true } }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```
"#,
    evidence: &["krakend-otel state/config.go:51-70,87-102", "krakend-otel pull request 36"],
    check: Check::Semantic(check),
};

/// Levels of a setting that are copied; none is as deep.
const DEPTH: usize = 16;

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let writes_layers =
        effective.block.as_ref().is_some_and(|block| block.written.layers.is_written());
    if !writes_layers || !effective.is_registered() {
        return;
    }
    for endpoint in &effective.endpoints {
        let has_override = |backend: &Backend| backend.written().is_some();
        let proxy = endpoint.written();
        if proxy.is_none() && !endpoint.backends.iter().any(has_override) {
            continue;
        }
        if !endpoint.is_reported {
            continue;
        }
        if let Some(own) = proxy {
            report(cx, own.node, "layers.proxy", &effective.lost_by_endpoint(endpoint));
        }
        for backend in &endpoint.backends {
            if let Some(own) = backend.written() {
                report(cx, own.node, "layers.backend", &effective.lost_by_backend(backend));
            }
        }
    }
}

fn report(cx: &mut Context<'_>, node: NodeId, layer: &str, losses: &[Loss]) {
    let leak = losses.iter().find(|loss| loss.name == "skip_headers");
    let Some(first) = leak.or(losses.first()) else { return };
    let more = match losses.len() {
        1 => String::new(),
        2 => " and another setting".to_owned(),
        all => format!(" and {} more settings", all - 1),
    };
    let copy = |loss: &Loss| cx.set(loss.object, loss.name, cx.doc.to_value(loss.at.node, DEPTH));
    let mut finding = cx
        .at(node, format!("this override loses `{}`{more} of the service's `{layer}`", first.name))
        .pointing_at(cx.doc.opening(node))
        .labelled("replaces the whole layer")
        .help("Repeat these settings in the override.")
        .unsafe_fix("Copy it from the service", losses.iter().map(copy).collect());
    for loss in losses {
        let text =
            if loss.name == "skip_headers" { "not skipped in this override" } else { "lost" };
        finding = finding.related(cx.label(loss.at.key(), text));
    }
    cx.report(finding);
}
