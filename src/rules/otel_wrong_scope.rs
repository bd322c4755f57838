use crate::document::NodeId;
use crate::effective::{NAMESPACE, SECURITY_NAMESPACE};
use crate::finding::{Edit, Finding, Severity};
use crate::moves;
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
    let mut below_service = BelowService { root, security: Vec::new(), exporters: Vec::new() };
    for endpoint in &effective.endpoints {
        if endpoint.has_misplaced_namespace {
            outside_extra_config(cx, endpoint.node, endpoint.extra_config, "an endpoint");
            below_service.add_security(cx, endpoint.node, endpoint.extra_config);
        }
        for backend in endpoint.backends.iter().filter(|backend| backend.has_misplaced_namespace) {
            outside_extra_config(cx, backend.node, backend.extra_config, "a backend");
            below_service.add_security(cx, backend.node, backend.extra_config);
        }
    }
    for endpoint in &effective.endpoints {
        if let Some(block) = &endpoint.block {
            below_service.add_exporters(cx, block.node, "an endpoint");
        }
        for block in endpoint.backends.iter().filter_map(|backend| backend.block.as_ref()) {
            below_service.add_exporters(cx, block.node, "a backend");
        }
    }
    below_service.report(cx);
}

/// A namespace beside the `extra_config` of `object` instead of in it.
fn outside_extra_config(
    cx: &mut Context<'_>,
    object: NodeId,
    extra_config: Option<NodeId>,
    place: &str,
) {
    for name in [NAMESPACE, SECURITY_NAMESPACE] {
        let is_of_service = Some(object) == cx.effective.root;
        let member = cx.doc.get(object, name).filter(|_| is_of_service || name == NAMESPACE);
        let Some(member) = member else { continue };
        let is_taken = extra_config.is_some_and(|extra| cx.doc.get(extra, name).is_some());
        let finding = cx
            .at(member.key, format!("`{name}` is ignored here: it is not a key of {place}"))
            .labelled("not in an `extra_config`");
        if is_taken {
            let help = "Remove it: the `extra_config` here has such a block already.";
            report(cx, finding.help(help));
            continue;
        }
        let finding = finding.help(format!("Move it into the `extra_config` of {place}."));
        let edits = match extra_config {
            Some(extra_config) => moves::into(cx.doc, member.key, extra_config, &[]),
            None => moves::into(cx.doc, member.key, object, &["extra_config"]),
        };
        report(cx, moved(finding, "Move it into `extra_config`", edits));
    }
}

/// What belongs to the service and stands in an endpoint or backend: if that is so once, it is clear which
/// one the service gets.
struct BelowService {
    root: NodeId,
    security: Vec<(NodeId, Finding)>,
    exporters: Vec<(NodeId, Finding)>,
}

impl BelowService {
    /// Credentials in an endpoint or backend, in its `extra_config` or beside it.
    fn add_security(&mut self, cx: &Context<'_>, object: NodeId, extra_config: Option<NodeId>) {
        let members = [Some(object), extra_config].into_iter().flatten();
        for member in members.filter_map(|object| cx.doc.get(object, SECURITY_NAMESPACE)) {
            let finding = cx
                .at(member.key, format!("`{SECURITY_NAMESPACE}` is ignored here"))
                .labelled("not the service's `extra_config`")
                .help("Move it into the `extra_config` at the root of the file: credentials belong to the service.");
            self.security.push((member.key, finding));
        }
    }

    /// Exporters in the override `block`.
    fn add_exporters(&mut self, cx: &Context<'_>, block: NodeId, place: &str) {
        if let Some(member) = cx.doc.get(block, "exporters") {
            let finding = cx
                .at(member.key, format!("`exporters` are ignored in the override of {place}"))
                .labelled("only the service has exporters")
                .help("Move them into the `telemetry/opentelemetry` block in the `extra_config` at the root of the file.");
            self.exporters.push((member.key, finding));
        }
    }

    fn report(self, cx: &mut Context<'_>) {
        let Self { root, security, exporters } = self;
        // The Community Edition does not read credentials there either.
        let is_one = security.len() == 1 && !cx.effective.is_community();
        for (key, finding) in security {
            let edits = is_one.then(|| moves::into(cx.doc, key, root, &["extra_config"])).flatten();
            report(cx, moved(finding, "Move it into the `extra_config` of the service", edits));
        }
        let is_one = exporters.len() == 1;
        for (key, finding) in exporters {
            let path = ["extra_config", NAMESPACE];
            let edits = is_one.then(|| moves::into(cx.doc, key, root, &path)).flatten();
            report(cx, moved(finding, "Move them to the telemetry block of the service", edits));
        }
    }
}

/// `finding` with the fix `title`, if there are `edits`.
fn moved(finding: Finding, title: &str, edits: Option<Vec<Edit>>) -> Finding {
    match edits {
        Some(edits) => finding.unsafe_fix(title, edits),
        None => finding,
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
