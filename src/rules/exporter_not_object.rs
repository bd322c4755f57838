use crate::document::{Kind, NodeId};
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An item of a list of exporters is not an object.
pub static RULE: Rule = Rule {
    id: "exporter-not-object",
    summary: "an item of `otlp` or `prometheus` is not an object",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::TelemetryOffLogged,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &["wrong-type"],
    needs_whole: false,
    docs: r#"
Each exporter is an object with a name and, for OTLP, a host. Anything else makes the gateway drop
the whole telemetry block with one line in its log. `null` is worse: it is taken for an exporter
without a name that sends to port 4317 of the gateway's own machine.

The vendor's schema does not check this.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": ["collector:4317"] }
    }
  }
}
```

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [null] }
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
        "otlp": [{ "name": "collector", "host": "collector", "port": 4317 }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel config/lura.go:52-60"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let Some(exporters) =
        cx.effective.block.as_ref().and_then(|block| block.written.exporters.at())
    else {
        return;
    };
    for (family, good) in [
        ("otlp", "{\"name\": \"collector\", \"host\": \"collector\"}"),
        ("prometheus", "{\"name\": \"prometheus\", \"port\": 9090}"),
    ] {
        let Some(list) = cx.doc.get(exporters.node, family) else { continue };
        let items: Vec<NodeId> = cx.doc.items(list.value).collect();
        for item in items {
            let kind = cx.doc.kind(item);
            let is_null = kind == Kind::Null;
            let message = match kind {
                Kind::Object => continue,
                Kind::Null => {
                    "`null` counts as an exporter without a name, with all defaults".to_owned()
                }
                _ => format!(
                    "an exporter must be an object, not {}: the gateway drops the whole telemetry block",
                    kind.with_article()
                ),
            };
            let finding = cx
                .at(item, message)
                .labelled("not an object")
                .help(format!("Write an object, such as `{good}`, or remove the item."));
            cx.report(if is_null {
                finding.consequence(Consequence::ExportErrors)
            } else {
                finding
            });
        }
    }
}
