use std::borrow::Cow;

use crate::effective::endpoints::MAX_EDIT_DISTANCE;
use crate::effective::{NAMESPACE, SECURITY_NAMESPACE};
use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::spelling::edit_distance;

/// A key of an `extra_config` that is nearly the telemetry namespace.
pub static RULE: Rule = Rule {
    id: "otel-namespace-typo",
    summary: "a key of an `extra_config` is nearly, but not quite, the telemetry namespace",
    group: Group::Scopes,
    severity: Severity::Error,
    consequence: Consequence::TelemetryOffSilently,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
The namespace is `telemetry/opentelemetry`, and there is no other name for it. The gateway ignores a
block under any other key without a log line, so it runs without telemetry.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/otel": {
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

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    },
    "telemetry/logging": { "level": "INFO" }
  }
}
```
"#,
    evidence: &["krakend-ce cmd/krakend-ce/main.go:85-128 (no alias)"],
    check: Check::Semantic(check),
};

/// Other names that people give the namespace.
const ALIASES: &[&str] = &[
    "telemetry/otel",
    "telemetry/otlp",
    "telemetry/open-telemetry",
    "telemetry/open_telemetry",
    "telemetry/open/telemetry",
    "telemetry.opentelemetry",
    "telemetry_opentelemetry",
    "telemetry-opentelemetry",
    "telemetry:opentelemetry",
    "opentelemetry",
    "open-telemetry",
    "otel",
    "github_com/krakend/krakend-otel",
    "github.com/krakend/krakend-otel",
    "github_com/krakendio/krakend-otel",
    "github_com/devopsfaith/krakend-otel",
];

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let endpoints = effective.endpoints.iter().flat_map(|endpoint| {
        let backends = endpoint.backends.iter().filter(|backend| backend.has_misplaced_namespace);
        let own = Some(endpoint).filter(|endpoint| endpoint.has_misplaced_namespace);
        let own = own.into_iter().map(|endpoint| endpoint.extra_config);
        own.chain(backends.map(|backend| backend.extra_config))
    });
    let doc = cx.doc;
    for extra_config in std::iter::once(effective.extra_config).chain(endpoints).flatten() {
        for member in doc.members(extra_config) {
            let written = doc.key(member.key);
            let Some(meant) = meant(&written, effective.target.version < releases::KOANF) else {
                continue;
            };
            let is_taken = cx.doc.get(extra_config, meant).is_some();
            let finding = cx
                .at(
                    member.key,
                    format!("the gateway ignores `{written}`: the namespace is `{meant}`"),
                )
                .labelled("not a namespace the gateway knows");
            cx.report(if is_taken {
                // Beside the real block it may be one that somebody took out of service.
                finding
                    .severity(Severity::Warning)
                    .help(format!("Remove it, or merge it into `{meant}`, which is there as well."))
            } else {
                finding.help(format!("Rename it to `{meant}`.")).unsafe_fix(
                    format!("Rename it to `{meant}`"),
                    vec![Edit::Rename { key: member.key, name: meant.to_owned() }],
                )
            });
        }
    }
}

/// The namespace that is meant by `written`, if it is none but nearly one. viper (up to 2.11)
/// lower-cases every key, so there another case is not a fault.
pub(super) fn meant(written: &str, any_case: bool) -> Option<&'static str> {
    if written == NAMESPACE {
        return None;
    }
    let is_capital = |byte: u8| byte.is_ascii_uppercase();
    let lower = if written.bytes().any(is_capital) {
        Cow::Owned(written.to_ascii_lowercase())
    } else {
        Cow::Borrowed(written)
    };
    if lower == NAMESPACE || lower == SECURITY_NAMESPACE {
        let name = if lower == NAMESPACE { NAMESPACE } else { SECURITY_NAMESPACE };
        return (written != lower && !any_case).then_some(name);
    }
    if ALIASES.contains(&&*lower) {
        return Some(NAMESPACE);
    }
    // Two slips of the pen make a name longer or shorter by two at most, and leave one of five pieces
    // as it is; most keys of most files need no closer look.
    let pieces = ["telem", "etry/", "opent", "eleme", "try"];
    let is_near = |name: &str| name.len().abs_diff(lower.len()) <= MAX_EDIT_DISTANCE;
    let may_mean = |name: &&str| is_near(name) && pieces.iter().any(|piece| lower.contains(piece));
    let names = [NAMESPACE, SECURITY_NAMESPACE].into_iter().filter(may_mean);
    names.into_iter().find(|name| edit_distance(&lower, name) <= MAX_EDIT_DISTANCE)
}
