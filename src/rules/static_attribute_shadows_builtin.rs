use crate::effective::attributes::{Pair, built_in};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A static attribute has the key of one that the gateway sets.
pub static RULE: Rule = Rule {
    id: "static-attribute-shadows-builtin",
    summary: "a static attribute has the key of an attribute that the gateway itself sets",
    group: Group::Privacy,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway gives metrics and spans attributes of its own, such as `http.route` and
`http.request.method`. A static attribute of the same key fights with them: depending on the layer
the fixed value takes the place of the real one, so that all routes look alike, or the other way
round. Either way one of the two is lost, and dashboards break.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "proxy": { "metrics_static_attributes": [{ "key": "http.route", "value": "orders" }] }
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
        "proxy": { "metrics_static_attributes": [{ "key": "app.route_group", "value": "orders" }] }
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
        "global": { "metrics_static_attributes": [{ "key": "error", "value": "none" }] }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel lura/proxy.go:118-136", "krakend-otel http/server/metrics.go:78-88"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let shadows = |pair: &Pair<'_>| built_in(pair.layer, pair.signal).contains(&pair.key);
    for block in cx.effective.attribute_blocks(&|block| block.pairs().any(|it| shadows(&it))) {
        for group in block.alike(shadows) {
            let Some((first, rest)) = group.split_first() else { continue };
            let key = first.key;
            let mut finding = cx
                .at(
                    first.key_at,
                    format!("the gateway sets `{key}` itself: one of the two values is lost"),
                )
                .labelled(format!("built in, {} layer", first.layer.as_str()))
                .help(format!("Choose another key, such as `app.{key}`."));
            for pair in rest {
                let text = format!("and here, {} layer", pair.layer.as_str());
                finding = finding.related(cx.label(pair.key_at, text));
            }
            cx.report(finding);
        }
    }
}
