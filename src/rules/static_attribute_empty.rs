use crate::document::{Kind, Member, NodeId};
use crate::effective::attributes::AttributeList;
use crate::finding::{Finding, Severity};
use crate::model::{self, Field, Place};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets;

/// A static attribute without key or value.
pub static RULE: Rule = Rule {
    id: "static-attribute-empty",
    summary: "a static attribute without a key or a value is dropped",
    group: Group::Privacy,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::COMMUNITY,
    fix: Availability::Never,
    supersedes: &["missing-field"],
    needs_whole: false,
    docs: r#"
A static attribute needs a key and a value, and neither may be empty. Otherwise the gateway drops the
pair without a log line: no metric and no span has it, and queries that select by it find nothing. An
empty value is often a variable that was not set when the configuration was made.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "proxy": { "metrics_static_attributes": [{ "key": "team", "value": "" }] }
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
      "layers": {
        "backend": { "traces": { "round_trip": true, "static_attributes": [{ "value": "payments" }] } }
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
        "proxy": { "metrics_static_attributes": [{ "key": "team", "value": "payments" }] }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json good version=2.7.0
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "proxy": { "metrics_static_attributes": [{ "key": "team", "value": "" }] }
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
    let is_partial = |list: &AttributeList<'_>| list.pairs().count() < list.items.len();
    for block in cx.effective.attribute_blocks(&|block| block.lists().any(is_partial)) {
        for item in block.lists().flat_map(|list| list.items) {
            let Some((attribute, at)) = item.written() else { continue };
            if cx.doc.kind(at.node) != Kind::Object {
                continue; // `null` is for the rule about types.
            }
            let key = half(cx, at.node, "key", attribute.key.at(), &attribute.key);
            let value = half(cx, at.node, "value", attribute.value.at(), &attribute.value);
            if let Some(finding) = empty_attribute(cx, at.node, attribute, key, value) {
                cx.report(finding.help(
                    "Give it a key and a value, or remove it; the gateway drops it as it is.",
                ));
            }
        }
    }
}

/// One half of a pair.
#[derive(Clone, Copy)]
enum Half {
    /// It is there, or of a wrong type, which is for another rule.
    Written,
    /// It is the empty text.
    Empty(NodeId),
    /// It is not there.
    Missing,
}

fn half(
    cx: &Context<'_>,
    item: NodeId,
    name: &str,
    at: Option<Place>,
    field: &Field<String>,
) -> Half {
    let is_null = |member: Member| cx.doc.kind(member.value) == Kind::Null;
    match (field, at) {
        (Field::Set(value, _), Some(at)) if value.is_empty() => Half::Empty(at.node),
        (Field::Absent, _) if !cx.doc.get(item, name).is_some_and(is_null) => Half::Missing,
        _ => Half::Written,
    }
}

fn empty_attribute(
    cx: &Context<'_>,
    item: NodeId,
    attribute: &model::Attribute,
    key: Half,
    value: Half,
) -> Option<Finding> {
    let place = |half: Half, name: &str, message: String| match half {
        Half::Empty(node) => cx.at(node, message).labelled("empty"),
        _ => cx.missing(item, name, message).labelled(format!("no `{name}` in here")),
    };
    Some(match (key, value) {
        (Half::Written, Half::Written) => return None,
        (Half::Written, _) => {
            let name = attribute.key.get().map_or("", String::as_str);
            let name = secrets::masked(name);
            place(value, "value", format!("the attribute `{name}` has no value, so it is dropped"))
        }
        (_, Half::Written) => place(key, "key", "an attribute without a key is dropped".to_owned()),
        _ => {
            let message = "an attribute without key and value is dropped".to_owned();
            let mut finding = place(key, "key", message);
            // Both halves are checked: what is said of either gives way.
            finding.pointer = cx.doc.pointer(item).to_string();
            finding
        }
    })
}
