use crate::effective::attributes::Pair;
use crate::effective::layers::SignalKind;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets;

/// A static attribute whose value looks like a secret.
pub static RULE: Rule = Rule {
    id: "static-attribute-secret",
    summary: "a static attribute looks like a secret, and leaves with every span or metric",
    group: Group::Privacy,
    severity: Severity::Warning,
    consequence: Consequence::DataLeaks,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Static attributes are part of everything that is exported: whoever may read spans or metrics may read
them. A token or password is not safe there, and credentials for a collector do not belong there
either; attributes authenticate nobody. Revoke what was exported.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "proxy": { "traces_static_attributes": [{ "key": "api_key", "value": "7f3e9a1c55d2" }] }
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
        "proxy": { "traces_static_attributes": [{ "key": "api_version", "value": "7f3e9a1c55d2" }] }
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
        "krakend-otel http/server/server.go:84-88,105-109",
        "krakend-otel lura/proxy.go:126-136",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let is_secret = |pair: &Pair<'_>| secrets::is_secret_attribute(pair.key, pair.value);
    for block in cx.effective.attribute_blocks(&|block| block.pairs().any(|it| is_secret(&it))) {
        for group in block.alike(is_secret) {
            let Some((first, rest)) = group.split_first() else { continue };
            let key = secrets::masked(first.key);
            let what = match first.signal {
                SignalKind::Metrics => "metric",
                SignalKind::Traces => "span",
            };
            let mut finding = cx
                .at(
                    first.value_at,
                    format!(
                        "the value of `{key}` looks like a secret, and goes out with every {what}"
                    ),
                )
                .labelled("looks like a secret")
                .help("Remove the attribute, and replace the secret if it was exported already.");
            for pair in rest {
                finding = finding.related(cx.label(pair.value_at, "again here"));
            }
            cx.report(finding);
        }
    }
}
