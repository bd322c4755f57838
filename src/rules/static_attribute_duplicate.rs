use std::collections::HashMap;

use crate::effective::attributes::{AttributeList, Pair};
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets;

/// A list of static attributes has a key twice.
pub static RULE: Rule = Rule {
    id: "static-attribute-duplicate",
    summary: "a list of static attributes has the same key twice, and only the last counts",
    group: Group::Privacy,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
An attribute has one value. Of two pairs with the same key in one list the last one counts; the
others have no effect, and the gateway does not mention them.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "proxy": {
          "metrics_static_attributes": [
            { "key": "team", "value": "payments" },
            { "key": "team", "value": "orders" }
          ]
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
        "proxy": { "metrics_static_attributes": [{ "key": "team", "value": "orders" }] }
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
        "proxy": {
          "metrics_static_attributes": [
            { "key": "team", "value": "payments" },
            { "key": "region", "value": "eu" }
          ]
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
        "opentelemetry-go attribute/set.go (the last of equal keys stays)",
        "krakend-otel lura/proxy.go:118-136",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let is_long = |list: &&AttributeList<'_>| list.items.len() > 1;
    for block in cx.effective.attribute_blocks(&|block| block.lists().any(|it| is_long(&it))) {
        for list in block.lists().filter(is_long) {
            let pairs: Vec<Pair<'_>> = list.pairs().collect();
            let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
            for (index, pair) in pairs.iter().enumerate() {
                places.entry(pair.key).or_default().push(index);
            }
            for (index, pair) in pairs.iter().enumerate() {
                let Some((&last, earlier)) = places[pair.key].split_last() else { continue };
                if last != index || earlier.is_empty() {
                    continue;
                }
                let key = secrets::masked(pair.key);
                let message = format!("the attribute `{key}` is in this list more than once");
                let edits = earlier.iter().map(|&at| Edit::Remove { node: pairs[at].item });
                let mut finding = cx
                    .at(pair.key_at, message)
                    .labelled("this value counts")
                    .help("Remove the others, or give them keys of their own.")
                    .safe_fix("Remove those without effect", edits.collect());
                for &at in earlier {
                    finding = finding.related(cx.label(pairs[at].key_at, "has no effect"));
                }
                cx.report(finding);
            }
        }
    }
}
