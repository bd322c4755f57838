use super::otel_namespace_typo::meant;
use crate::document::{NodeId, Pointer};
use crate::effective::{Effective, NAMESPACE, Status};
use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Overrides override nothing.
pub static RULE: Rule = Rule {
    id: "override-without-service-otel",
    summary: "an override stands in a configuration without telemetry",
    group: Group::Scopes,
    severity: Severity::Warning,
    consequence: Consequence::TelemetryOffSilently,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Telemetry runs only if the `extra_config` at the root of the file has a `telemetry/opentelemetry`
block with exporters. What endpoints, agents and backends write under that name changes the settings
of the service for themselves; without a service block it is not looked at, and nothing says so.

```json bad
{
  "version": 3,
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
    evidence: &["krakend-otel state/config.go:51-102", "krakend-ce backend_factory.go:75"],
    check: Check::Semantic(check),
};

/// How many places are pointed at.
const SHOWN: usize = 10;

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    // Old community releases do not look at overrides at all, which `field-not-in-version` says.
    let reads_them = !effective.is_community() || effective.takes_overrides();
    if effective.status() != Status::Absent || !reads_them || is_elsewhere(effective) {
        return;
    }
    let mut overrides = overrides(effective);
    let Some(first) = overrides.next() else { return };
    let rest: Vec<NodeId> = overrides.collect();
    let message = match rest.len() {
        0 => "this override has no effect: the service has no telemetry block".to_owned(),
        1 => "this override and another have no effect: the service has no telemetry block".into(),
        more => format!(
            "this override and {more} others have no effect: the service has no telemetry block"
        ),
    };
    let mut finding = cx.at(first, message).labelled("overrides nothing").help(
        "Add `telemetry/opentelemetry` with exporters to the `extra_config` at the root of the \
         file, or remove the override.",
    );
    for key in rest.into_iter().take(SHOWN) {
        finding = finding.related(cx.label(key, "nor does this one"));
    }
    // What is missing is the block of the service, whichever override comes first.
    let missing = Pointer::root().key("extra_config").key(NAMESPACE);
    cx.report(finding.known_as(missing.to_string()));
}

/// The keys of all overrides. One with exporters is a block of the service in the wrong place, which
/// has a finding of its own.
fn overrides<'e>(effective: &'e Effective<'_>) -> impl Iterator<Item = NodeId> + use<'e> {
    let doc = effective.doc;
    let endpoints = effective.endpoints.iter().flat_map(move |endpoint| {
        let own = endpoint.block.iter().map(|block| (block.key, block.node));
        let backends = endpoint.backends.iter().flat_map(|backend| &backend.block);
        own.chain(backends.map(|block| (block.key, block.node)))
    });
    endpoints.filter(move |(_, node)| doc.get(*node, "exporters").is_none()).map(|(key, _)| key)
}

/// Whether the block of the service is there, but under another name or in another place. That is
/// the fault then.
pub(super) fn is_elsewhere(effective: &Effective<'_>) -> bool {
    let doc = effective.doc;
    let has = |object: Option<NodeId>| object.is_some_and(|it| doc.get(it, NAMESPACE).is_some());
    let any_case = effective.target.version < releases::KOANF;
    let mut keys = effective.extra_config.into_iter().flat_map(|extra| doc.members(extra));
    has(effective.root)
        || keys.any(|member| meant(&doc.key(member.key), any_case) == Some(NAMESPACE))
}
