use std::collections::HashSet;

use serde_json::json;

use crate::document::NodeId;
use crate::effective::headers::{Entry, HeaderSettings, canonical};
use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A header that one layer keeps out and another exports.
pub static RULE: Rule = Rule {
    id: "skip-headers-inconsistent",
    summary: "a header that one layer keeps out is exported by another",
    group: Group::Privacy,
    severity: Severity::Warning,
    consequence: Consequence::DataLeaks,
    applies: Applies::COMMUNITY.since(releases::SKIP_HEADERS),
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Each layer has a list of its own. A header that is in the list of one layer and not in that of another
one, where headers are reported too, still leaves the gateway with the other's spans. The rule looks
at headers that `input_headers` of an endpoint lets through, so that they get to the layer; those
with well-known credentials are for `report-headers-leaks-credentials`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Session"]
        },
        "proxy": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["X-Session"],
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
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Session"]
        },
        "proxy": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Session"]
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["X-Session"],
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
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "X-Session"]
        },
        "proxy": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["Content-Type"],
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```
"#,
    evidence: &["krakend-otel pull request 60 (the list is needed in each layer)"],
    check: Check::Semantic(check),
};

/// Names that are looked for in the list of each layer at most: each may be looked for in all endpoints.
const MOST_NAMES: usize = 200;

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if !effective.is_registered() || !effective.service.has_traces() {
        return;
    }
    // The service's layers; an override that loses the list is for another rule.
    let Some(service) = effective.header_blocks().next() else { return };
    let layers: Vec<_> = service.iter().filter(|settings| settings.reports()).collect();
    let mut lacking: Vec<(&HeaderSettings<'_>, Vec<(NodeId, String)>)> = Vec::new();
    for &layer in &layers {
        let mut missing: Vec<(NodeId, String)> = Vec::new();
        let others = layers.iter().filter(|other| other.layer != layer.layer);
        let mut seen: HashSet<String> = HashSet::new();
        for (node, entry) in others.flat_map(|other| other.entries()) {
            let name = canonical(entry);
            if seen.len() < MOST_NAMES && seen.insert(name.clone()) && exports(cx, layer, &name) {
                missing.push((node, name));
            }
        }
        if !missing.is_empty() {
            lacking.push((layer, missing));
        }
    }
    let Some(((first, missing), rest)) = lacking.split_first() else { return };
    let Some((kept_out, name)) = missing.first() else { return };
    let Some(at) = first.skip_at().or_else(|| first.report_at()) else { return };
    let more = match missing.len() - 1 {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let layer = first.layer.as_str();
    let message =
        format!("the {layer} layer exports `{name}`{more}, which another layer keeps out");
    let edits = lacking.iter().flat_map(|(layer, missing)| complete(cx, layer, missing)).collect();
    let mut finding = cx
        .at(at.node, message)
        .labelled("not in this list")
        .help("Give all layers that report headers the same list.")
        .related(cx.label(*kept_out, "kept out here"))
        .unsafe_fix("Add what other layers keep out", edits);
    if first.skip_at().is_none() {
        finding = finding.labelled("reports all headers");
    }
    for (layer, _) in rest {
        if let Some(at) = layer.skip_at().or_else(|| layer.report_at()) {
            finding = finding.related(cx.label(at.node, "lacks some, too"));
        }
    }
    cx.report(finding);
}

/// Whether `layer` exports the header `name`, well-known credentials apart.
fn exports(cx: &Context<'_>, layer: &HeaderSettings<'_>, name: &str) -> bool {
    !Entry::of(name).is_malformed()
        && !cx.credentials().any(|header| header == name)
        && !layer.means(name)
        && cx.effective.endpoints.iter().any(|endpoint| endpoint.forwards(cx.doc, name))
        && cx.effective.reaches(layer, name)
}

/// The edits that add `missing` to the list of `layer`.
fn complete(
    cx: &Context<'_>,
    layer: &HeaderSettings<'_>,
    missing: &[(NodeId, String)],
) -> Vec<Edit> {
    let names: Vec<&str> = missing.iter().map(|(_, name)| name.as_str()).collect();
    match layer.skip_at() {
        Some(list) => {
            let append = |name: &str| Edit::Append { array: list.node, value: name.into() };
            names.into_iter().map(append).collect()
        }
        None => vec![cx.set(layer.object, "skip_headers", json!(names))],
    }
}
