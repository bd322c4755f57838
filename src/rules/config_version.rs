use crate::document::NodeId;
use crate::effective::load::LoadError;
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::target::{Origin, Version, minor_of_schema};

/// A configuration whose `version` is not 3.
pub static RULE: Rule = Rule {
    id: "config-version",
    summary: "a configuration without `version`, or with another one than 3, is not loaded",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Every gateway since KrakenD 2.0 reads version 3 of the configuration. With another `version`, or none,
it exits at start-up with `unsupported version: 2 (want: 3)`; of a missing one it says 0.

The loader makes a number of text, so `"3"` is as good as `3`. A missing `version` is a finding only
where the file is certainly a whole configuration: it names the vendor's schema, has a key that is meant
as `version`, or has both endpoints and other fields of the service. Else it may be a part of one, such
as settings of the flexible configuration.

A later version, such as 4, is a warning as long as nobody says which release the file is for: a newer
major release of KrakenD may read it.

```json bad
{
  "version": 2,
  "extra_config": {
    "telemetry/opentelemetry": {
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
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json bad
{
  "versions": 3,
  "port": 8080,
  "endpoints": [
    { "endpoint": "/orders", "backend": [{ "url_pattern": "/", "host": ["http://orders"] }] }
  ]
}
```

```json good
{
  "version": "3",
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["lura config/config.go (ServiceConfig.Init)"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for error in &cx.effective.load_errors {
        let LoadError::Version(node) = *error else { continue };
        let finding = match (node, cx.effective.root) {
            (Some(node), _) if is_of_newer_major(cx, node) => cx
                .at(node, "no KrakenD 2 starts with this: it wants version 3 of the configuration")
                .severity(Severity::Warning)
                .help(
                    "Write `\"version\": 3`, unless this is for a newer major release of KrakenD: otel-lint \
                     knows none, and checks this file as for the newest KrakenD 2.",
                ),
            (Some(node), _) => cx
                .at(node, "the gateway does not start: it wants version 3 of the configuration")
                .help("Write `\"version\": 3`.")
                .unsafe_fix("Set the version to 3", vec![Edit::Replace { node, value: 3.into() }]),
            (None, Some(root)) => cx
                .missing(root, "version", "the gateway does not start: the version is missing")
                .labelled("no `version` here")
                .help("Add `\"version\": 3`."),
            (None, None) => continue,
        };
        cx.report(finding);
    }
}

/// Whether the version at `node` may be that of a release to come: nobody said that the file is for a
/// release that is known.
fn is_of_newer_major(cx: &Context<'_>, node: NodeId) -> bool {
    let schema = cx.effective.root.and_then(|root| cx.doc.get(root, "$schema"));
    let named = schema.and_then(|schema| minor_of_schema(&cx.doc.str(schema.value)?));
    let is_open = match cx.target().origin {
        Origin::Flag | Origin::Settings => false,
        Origin::Schema => named > Some((Version::NEWEST.major, Version::NEWEST.minor)),
        Origin::Default => true,
    };
    is_open && cx.doc.number(node).is_some_and(|version| version > 3.0 && version.fract() == 0.0)
}
