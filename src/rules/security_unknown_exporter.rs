use std::collections::{HashMap, HashSet};

use super::override_without_service_otel::is_elsewhere;
use crate::document::NodeId;
use crate::effective::{NAMESPACE, SECURITY_NAMESPACE, Status, is_filled_in_later};
use crate::finding::{Edit, Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets::masked;
use crate::spelling::edit_distance;

/// Credentials for an exporter that does not exist.
pub static RULE: Rule = Rule {
    id: "security-unknown-exporter",
    summary: "credentials name an OTLP exporter that is not declared",
    group: Group::Enterprise,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ENTERPRISE,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
`telemetry/opentelemetry-security` adds headers to OTLP exporters by their names, letter by letter.
A name that no exporter under `otlp` of `telemetry/opentelemetry` has adds them to nothing: the
exporter that was meant sends without credentials, and its collector refuses it.

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "newrelic", "host": "https://otlp.nr-data.net", "port": 4318, "use_http": true }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "newrelik", "headers": { "api-key": "${NEW_RELIC_KEY}" } }]
    }
  }
}
```

```json fixed edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "newrelic", "host": "https://otlp.nr-data.net", "port": 4318, "use_http": true }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "newrelic", "headers": { "api-key": "${NEW_RELIC_KEY}" } }]
    }
  }
}
```

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "newrelic", "headers": { "api-key": "${NEW_RELIC_KEY}" } }]
    }
  }
}
```

```json good edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "newrelic", "host": "https://otlp.nr-data.net", "port": 4318, "use_http": true }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "newrelic", "headers": { "api-key": "${NEW_RELIC_KEY}" } }]
    }
  }
}
```
"#,
    evidence: &["krakend-schema v2.13/telemetry/opentelemetry-security.json:31"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    let Some(block) = &effective.security else { return };
    let credentials = block.written.otlp.get().into_iter().flatten();
    match effective.status() {
        Status::Absent if is_elsewhere(effective) => return,
        Status::Absent => {
            let finding = cx
                .at(block.key, "credentials, but no exporters: the service has no telemetry block")
                .labelled("credentials for nothing")
                .help(format!(
                    "Add `{NAMESPACE}` with the exporters beside `{SECURITY_NAMESPACE}`, or remove \
                     the latter."
                ));
            cx.report(finding);
            return;
        }
        _ if !effective.knows_names() => return,
        _ => {}
    }
    let names = || effective.service.otlp.iter().map(|otlp| otlp.name.value.as_str());
    let known: HashSet<&str> = names().collect();
    let prometheus = effective.service.prometheus.iter().rev();
    let prometheus: HashMap<&str, _> =
        prometheus.map(|other| (other.name.value.as_str(), other)).collect();
    for one in credentials {
        let Some(name) = one.get().map(|one| &one.name) else { continue };
        let Some((text, at)) = name.written() else { continue };
        if is_filled_in_later(text) || known.contains(&**text) {
            continue;
        }
        let finding = match prometheus.get(&**text).and_then(|other| other.name.node) {
            Some(node) => cx
                .at(at.node, "these credentials are for an exporter that sends nothing")
                .labelled("a Prometheus exporter")
                .related(cx.label(node, "declared here"))
                .help("Remove them: a Prometheus exporter waits to be read."),
            None if text.is_empty() => cx
                .at(at.node, "these credentials name no exporter")
                .labelled("an empty name")
                .help("Write the name of an exporter under `otlp`, letter by letter."),
            None => {
                let finding = cx
                    .at(at.node, format!("no OTLP exporter is called `{}`", shown(text)))
                    .labelled("no such exporter");
                match near(names(), text) {
                    Some(near) => called(finding, at.node, near),
                    None => finding
                        .help("Write the name of an exporter under `otlp`, letter by letter."),
                }
            }
        };
        cx.report(finding);
    }
}

/// Names of exporters at most among which a similar one is sought: nobody mistakes one of so many.
const MOST_NAMES: usize = 64;

/// The one of `names` that `name` is a misspelling of, if one is near enough. Only the first
/// [`MOST_NAMES`] are looked at.
pub(super) fn near<'e>(names: impl Iterator<Item = &'e str>, name: &str) -> Option<&'e str> {
    let lower = name.to_lowercase();
    names
        .take(MOST_NAMES)
        .map(|other| (edit_distance(&lower, &other.to_lowercase()), other))
        .filter(|(distance, other)| *distance <= 2.min(other.len() / 3) && masked(other) == *other)
        .min()
        .map(|(_, other)| other)
}

/// `finding` about the name at `node`, which is probably meant to be `near`.
pub(super) fn called(finding: Finding, node: NodeId, near: &str) -> Finding {
    let edit = Edit::Replace { node, value: near.into() };
    finding
        .help(format!("Did you mean `{near}`?"))
        .unsafe_fix(format!("Name the exporter `{near}`"), vec![edit])
}

/// `name` as it may stand in a message: short, and no secret.
pub(super) fn shown(name: &str) -> String {
    const LONGEST: usize = 40;
    let masked = masked(name);
    match masked.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked,
    }
}
