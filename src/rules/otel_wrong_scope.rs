use crate::document::NodeId;
use crate::effective::{NAMESPACE, SECURITY_NAMESPACE};
use crate::finding::{Edit, Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A telemetry block stands where the gateway does not look.
pub static RULE: Rule = Rule {
    id: "otel-wrong-scope",
    summary: "a telemetry block stands where the gateway does not look for it",
    group: Group::Scopes,
    severity: Severity::Error,
    consequence: Consequence::TelemetryOffSilently,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &["unknown-field", "override-misplaced-key", "wrong-type"],
    needs_whole: true,
    docs: r#"
The gateway looks for `telemetry/opentelemetry` in an `extra_config` only: that of the root for the
service's settings, those of endpoints, async agents and backends for overrides. Anywhere else it is
an unknown key, ignored without a log line. Exporters, and the Enterprise block with their credentials,
belong to the service alone.

```json bad
{
  "version": 3,
  "telemetry/opentelemetry": {
    "exporters": {
      "otlp": [{ "name": "collector", "host": "collector" }]
    }
  }
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
      "extra_config": {
        "telemetry/opentelemetry": {
          "exporters": {
            "otlp": [{ "name": "orders", "host": "collector" }]
          }
        }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
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
    evidence: &[
        "krakend-otel config/lura.go",
        "krakend-ce cmd/krakend-ce/main.go:85-128 (no alias)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let Some(root) = effective.root else { return };
    outside_extra_config(cx, root, effective.extra_config, "the root of the file");
    for endpoint in &effective.endpoints {
        if endpoint.has_misplaced_namespace {
            outside_extra_config(cx, endpoint.node, endpoint.extra_config, "an endpoint");
            security_below_service(cx, endpoint.extra_config);
        }
        for backend in endpoint.backends.iter().filter(|backend| backend.has_misplaced_namespace) {
            outside_extra_config(cx, backend.node, backend.extra_config, "a backend");
            security_below_service(cx, backend.extra_config);
        }
    }
    for endpoint in &effective.endpoints {
        if let Some(block) = &endpoint.block {
            exporters_below_service(cx, block.node, "an endpoint");
        }
        for block in endpoint.backends.iter().filter_map(|backend| backend.block.as_ref()) {
            exporters_below_service(cx, block.node, "a backend");
        }
    }
}

/// A namespace beside `extra_config` instead of in it.
fn outside_extra_config(
    cx: &mut Context<'_>,
    object: NodeId,
    extra_config: Option<NodeId>,
    place: &str,
) {
    for name in [NAMESPACE, SECURITY_NAMESPACE] {
        let Some(member) = cx.doc.get(object, name) else { continue };
        let is_taken = extra_config.is_some_and(|extra| cx.doc.get(extra, name).is_some());
        let mut finding = cx
            .at(member.key, format!("`{name}` is ignored here: it is not a key of {place}"))
            .labelled("not in an `extra_config`")
            .help(format!("Move it into the `extra_config` of {place}."));
        if is_taken {
            finding = finding.help("Remove it: the `extra_config` here has such a block already.");
        } else {
            finding = finding.unsafe_fix(
                "Move it into `extra_config`",
                vec![Edit::Move {
                    key: member.key,
                    object: extra_config.unwrap_or(object),
                    path: match extra_config {
                        Some(_) => Vec::new(),
                        None => vec!["extra_config".to_owned()],
                    },
                    name: name.to_owned(),
                }],
            );
        }
        report(cx, finding);
    }
}

/// Credentials in the `extra_config` of an endpoint or backend.
fn security_below_service(cx: &mut Context<'_>, extra_config: Option<NodeId>) {
    let security = extra_config.and_then(|extra| cx.doc.get(extra, SECURITY_NAMESPACE));
    if let Some(member) = security {
        let finding = cx
            .at(member.key, format!("`{SECURITY_NAMESPACE}` is ignored here"))
            .labelled("not the service's `extra_config`")
            .help("Move it into the `extra_config` at the root of the file: credentials belong to the service.");
        report(cx, finding);
    }
}

/// Exporters in an override.
fn exporters_below_service(cx: &mut Context<'_>, block: NodeId, place: &str) {
    if let Some(member) = cx.doc.get(block, "exporters") {
        let finding = cx
            .at(member.key, format!("`exporters` are ignored in the override of {place}"))
            .labelled("only the service has exporters")
            .help("Move them into the `telemetry/opentelemetry` block in the `extra_config` at the root of the file.");
        report(cx, finding);
    }
}

/// Reports `finding`. Where the service has a block in the right place, that one is in force.
fn report(cx: &mut Context<'_>, finding: Finding) {
    cx.report(if cx.effective.block.is_some() {
        finding.consequence(Consequence::NoEffect)
    } else {
        finding
    });
}
