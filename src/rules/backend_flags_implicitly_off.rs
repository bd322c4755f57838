use crate::effective::layers::{Signal, SignalKind};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An object of the backend layer without its flags switches them all off.
pub static RULE: Rule = Rule {
    id: "backend-flags-implicitly-off",
    summary: "writing `metrics` or `traces` of the backend layer without its flags turns them off",
    group: Group::Layers,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Without `metrics` in the backend layer the gateway measures the round trip, the payload and the
connection of every request to a backend. Once the object is there, be it for an attribute only,
each of the three is off unless it is set to true. The same holds for `traces`. Dashboards of
`http.client.*` stay empty, and nothing says why.

Up to 2.11 an empty object counts as not written. In an override the flags of the service do not
count; this rule speaks of an override where the service leaves the defaults.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "metrics": { "static_attributes": [{ "key": "team", "value": "payments" }] }
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
          "metrics": {
            "round_trip": true,
            "read_payload": true,
            "detailed_connection": true,
            "static_attributes": [{ "key": "team", "value": "payments" }]
          }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "traces": {}
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json fixed edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "traces": { "round_trip": true, "read_payload": true, "detailed_connection": true }
        }
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
        "backend": {
          "metrics": { "disable_stage": true }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json good version=2.11
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "backend": {
          "metrics": {}
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
        "krakend-otel config/config.go:59-75",
        "krakend-schema v2.13/telemetry/opentelemetry.json (promises the opposite)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if !effective.is_registered() {
        return;
    }
    let of_service = &effective.service.layers.backend;
    let is_meant = |signal: &Signal| signal.has_details() || !signal.stage.value;
    let is_bare = move |signal: &Signal| signal.node.is_some() && !is_meant(signal);
    for place in effective.backend_layers(&|layer| layer.signals().any(is_bare)) {
        for kind in SignalKind::ALL {
            let signal = place.layer.signal(kind);
            let Some(object) = signal.node else { continue };
            // What an override loses of flags that the service has written is another rule's word.
            let is_default = place.of.is_none() || of_service.signal(kind).node.is_none();
            if is_meant(signal) || !is_default || !effective.service.has(kind) {
                continue;
            }
            let name = kind.as_str();
            let edits = ["round_trip", "read_payload", "detailed_connection"]
                .map(|flag| cx.set(object, flag, true));
            let finding = cx
                .missing(
                    object,
                    "round_trip",
                    format!("`{name}` has none of its flags, so every detail of it is off"),
                )
                .labelled("no flag in here")
                .help(format!(
                    "Set `round_trip`, `read_payload` and `detailed_connection` to true, as far as \
                     they are wanted. Without the object `{name}` all three are on."
                ))
                .unsafe_fix("Turn the three flags on, as without the object", edits.to_vec());
            cx.report(finding);
        }
    }
}
