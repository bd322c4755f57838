use serde_json::{Value, json};

use crate::document::{Kind, Member, NodeId};
use crate::effective::{Backend, Block, Endpoint, NAMESPACE};
use crate::finding::{Edit, Severity};
use crate::model;
use crate::moves;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The Community Edition does not read a backend layer in an endpoint.
pub static RULE: Rule = Rule {
    id: "endpoint-backend-override-ee-only",
    summary: "only the Enterprise Edition reads `backend` in the override of an endpoint",
    group: Group::Scopes,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    // The schema of 2.6 does not list it, which `field-not-in-version` says.
    applies: Applies::COMMUNITY.since(releases::ENDPOINT_BACKEND_LISTED),
    fix: Availability::Sometimes,
    supersedes: &[
        "unknown-field",
        "wrong-type",
        "override-wrong-type",
        "missing-field",
        "value-out-of-range",
        "value-not-allowed",
        "key-case",
        "field-not-in-version",
        "override-misplaced-key",
    ],
    needs_whole: false,
    docs: r#"
The schema lets an endpoint override the backend layer for all its backends. The Community Edition
looks for that in the `extra_config` of each backend only; in the endpoint it is ignored without a
word, and the backends report as the service says.

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
      "extra_config": {
        "telemetry/opentelemetry": {
          "proxy": { "disable_metrics": true },
          "backend": { "traces": { "round_trip": true } }
        }
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
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": { "proxy": { "disable_metrics": true } }
      },
      "backend": [
        {
          "url_pattern": "/orders",
          "host": ["http://orders"],
          "extra_config": {
            "telemetry/opentelemetry": { "backend": { "traces": { "round_trip": true } } }
          }
        }
      ]
    }
  ]
}
```

Without `traces` it cannot just be moved: in a backend that crashes the gateway, see
`backend-override-panics`.

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
      "extra_config": {
        "telemetry/opentelemetry": { "backend": { "metrics": { "disable_stage": true } } }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json good edition=ee
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
      "extra_config": {
        "telemetry/opentelemetry": { "backend": { "traces": { "round_trip": true } } }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```
"#,
    evidence: &[
        "krakend-otel state/config.go:87-102 (BackendOpts)",
        "krakend-schema v2.7/telemetry/opentelemetry-endpoint.json",
    ],
    check: Check::Semantic(check),
};

/// Levels of an override that are moved; none is as deep.
const DEPTH: usize = 16;

fn check(cx: &mut Context<'_>) {
    for endpoint in &cx.effective.endpoints {
        let Some(block) = &endpoint.block else { continue };
        let Some(at) = block.written.backend.at() else { continue };
        let (key, value) = (at.key(), at.node);
        let finding = cx
            .at(key, "`backend` has no effect in an endpoint of the Community Edition")
            .labelled("Enterprise Edition only")
            .help("Write it in the `extra_config` of each backend of this endpoint.");
        cx.report(match moved(cx, endpoint, block, Member { key, value }) {
            Some(edits) => finding.unsafe_fix("Move it to the backends", edits),
            None => finding,
        });
    }
}

/// The edits that write `member` into each backend instead, where that does some good and no harm.
fn moved(
    cx: &Context<'_>,
    endpoint: &Endpoint,
    block: &Block<model::EndpointOverride>,
    member: Member,
) -> Option<Vec<Edit>> {
    let layer = block.written.backend.get()?;
    let crashes =
        cx.target().version >= releases::BACKEND_OVERRIDE_PANICS && layer.traces.get().is_none();
    if crashes || !cx.effective.takes_overrides() || !block.errors.is_empty() {
        return None;
    }
    if let [backend] = &*endpoint.backends {
        return moves::into(cx.doc, member.key, backend.node, &["extra_config", NAMESPACE]);
    }
    let value = cx.doc.to_value(member.value, DEPTH);
    let mut edits = vec![Edit::Remove { node: emptied(cx, block.key, block.node, member.key) }];
    let has_own = |backend: &Backend| {
        backend.block.as_ref().is_some_and(|block| block.written.backend.is_written())
    };
    for backend in endpoint.backends.iter().filter(|backend| !has_own(backend)) {
        edits.push(written_into(cx, backend, &value)?);
    }
    (edits.len() > 1).then_some(edits)
}

/// What to remove: the block if the member `key` is all that is in it.
fn emptied(cx: &Context<'_>, block_key: NodeId, block: NodeId, key: NodeId) -> NodeId {
    if cx.doc.members(block).count() == 1 { block_key } else { key }
}

/// The edit that gives `backend` the override `value`; `None` if its `extra_config` is nothing to
/// write into.
fn written_into(cx: &Context<'_>, backend: &Backend, value: &Value) -> Option<Edit> {
    let is_object = |node: &NodeId| cx.doc.kind(*node) == Kind::Object;
    let Some(extra_config) = backend.extra_config else {
        let extra = json!({ NAMESPACE: { "backend": value } });
        return Some(cx.set(backend.node, "extra_config", extra));
    };
    let extra_config = Some(extra_config).filter(is_object)?;
    let Some(block) = cx.doc.get(extra_config, NAMESPACE) else {
        let block = json!({ "backend": value });
        return Some(cx.set(extra_config, NAMESPACE, block));
    };
    let block = Some(block.value).filter(is_object)?;
    Some(cx.set(block, "backend", value.clone()))
}
