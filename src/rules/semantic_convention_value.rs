use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets;

/// The one version of the conventions that can be chosen.
const KNOWN: &str = "1.27";

/// A `semantic_convention` that the gateway does not know.
pub static RULE: Rule = Rule {
    id: "semantic-convention-value",
    summary: "`semantic_convention` is not \"1.27\", the only one there is",
    group: Group::Layers,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::COMMUNITY.since(releases::SEMANTIC_CONVENTION),
    fix: Availability::Sometimes,
    supersedes: &["value-not-allowed", "wrong-type"],
    needs_whole: false,
    docs: r#"
The gateway knows the names of one version of the semantic conventions, chosen by the text `"1.27"`,
and its own older names for everything else. Any other text is not an error to it: metrics go on under
the old names, such as `http.server.duration`, and dashboards made for the new ones stay empty. A
number is worse. It is of the wrong type, and the gateway starts without any telemetry.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": { "global": { "semantic_convention": 1.27 } },
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
      "layers": { "global": { "semantic_convention": "1.27" } },
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
      "layers": { "global": { "semantic_convention": "1.29" } },
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
      "layers": { "global": { "semantic_convention": "1.27" } },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel http/server/metrics.go:28-34", "krakend-otel config/lura.go:58-60"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let Some(block) = &cx.effective.block else { return };
    let layers = block.written.layers.get();
    let Some(global) = layers.and_then(|layers| layers.global.get()) else { return };
    let field = &global.semantic_convention;
    let Some(at) = field.at() else { return };
    let finding = match (field.get(), cx.doc.number(at.node)) {
        (Some(text), _) if text.is_empty() || text == KNOWN => return,
        (Some(text), _) => {
            let text = secrets::masked(text);
            cx.at(at.node, format!("the gateway has no semantic conventions \"{text}\""))
                .labelled("ignored")
                .help("Write \"1.27\", or remove it to keep the older names of metrics.")
        }
        (None, Some(_)) => cx
            .at(at.node, "a number as `semantic_convention` switches all telemetry off")
            .labelled("should be a string")
            .help("Write \"1.27\", with quotes: it is a name, not a number."),
        // Any other type is for the rule about types.
        (None, None) => return,
    };
    let means_known = match field.get() {
        Some(text) => text.trim().trim_start_matches('v').trim_end_matches(".0") == KNOWN,
        None => cx.doc.number(at.node) == Some(1.27),
    };
    let finding = if means_known {
        let edit = Edit::Replace { node: at.node, value: KNOWN.into() };
        finding.safe_fix("Write \"1.27\"", vec![edit])
    } else {
        finding
    };
    cx.report(finding);
}
