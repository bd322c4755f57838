use std::cell::OnceCell;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::document::NodeId;
use crate::effective::Effective;
use crate::finding::{Edit, Severity};
use crate::model::Field;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets::masked;

/// Two exporters share a name.
pub static RULE: Rule = Rule {
    id: "duplicate-exporter-name",
    summary: "two exporters share a name, which switches all telemetry off",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::TelemetryOffLogged,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &["missing-field", "exporter-name-missing"],
    needs_whole: false,
    docs: r#"
The names of all exporters, those under `otlp` and those under `prometheus` together, must differ.
If two are the same the gateway drops the whole telemetry block: it starts, logs that it cannot
register the exporters, and exports nothing. Exporters without a name are all called "", so two of
them collide as well.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "metrics", "host": "collector" }],
        "prometheus": [{ "name": "metrics" }]
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
        "otlp": [{ "name": "metrics", "host": "collector" }],
        "prometheus": [{ "name": "metrics_2" }]
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
        "otlp": [{ "name": "collector", "host": "collector" }],
        "prometheus": [{ "name": "metrics" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel config/config.go:94-109", "krakend-ce executor.go:407-411"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let service = &cx.effective.service;
    let otlp = service.otlp.iter().map(|exporter| (exporter.node, &exporter.written.name));
    let prometheus =
        service.prometheus.iter().map(|exporter| (exporter.node, &exporter.written.name));
    let names: Vec<(NodeId, &Field<String>)> = otlp.chain(prometheus).collect();
    let taken: HashSet<&str> = names.iter().map(|(_, name)| text(name)).collect();
    let named_elsewhere = OnceCell::new();
    // The first exporter of each name, and the number that the next of them may get.
    let mut first_of: HashMap<&str, ((NodeId, &Field<String>), usize)> = HashMap::new();
    for (node, name) in &names {
        let text = text(name);
        let (first, next) = match first_of.entry(text) {
            Entry::Occupied(first) => first.into_mut(),
            Entry::Vacant(place) => {
                place.insert(((*node, name), 2));
                continue;
            }
        };
        let finding = if text.is_empty() {
            let message =
                "two exporters without a name: the gateway drops the whole telemetry block";
            match name.at() {
                Some(at) => cx.at(at.node, message),
                None => cx.missing(*node, "name", message),
            }
            .labelled("this one has no name")
            .help("Give each exporter a name of its own.")
        } else {
            let at = name.at().map_or(*node, |at| at.node);
            let message = format!(
                "two exporters are called `{text}`: the gateway drops the whole telemetry block"
            );
            let finding = cx
                .at(at, message)
                .labelled("used again here")
                .help("Give each exporter a name of its own, across `otlp` and `prometheus`.");
            // Who names the exporter elsewhere may mean either; a secret is not written once more.
            let elsewhere = named_elsewhere.get_or_init(|| named_elsewhere_in(cx.effective));
            if elsewhere.contains(text) || masked(text) != text {
                finding
            } else {
                while taken.contains(format!("{text}_{next}").as_str()) {
                    *next += 1;
                }
                let name = format!("{text}_{next}");
                *next += 1;
                let edit = Edit::Replace { node: at, value: name.as_str().into() };
                finding.unsafe_fix(format!("Call it `{name}`"), vec![edit])
            }
        };
        let label = match first.1.at() {
            Some(at) => cx.label(at.node, "first used here"),
            None => crate::finding::Label::new(cx.doc.opening(first.0), "neither has this one"),
        };
        cx.report(finding.related(label));
    }
}

fn text(name: &Field<String>) -> &str {
    name.get().map_or("", String::as_str)
}

/// The exporters that credentials or endpoints of the Enterprise Edition name.
fn named_elsewhere_in<'e>(effective: &'e Effective<'_>) -> HashSet<&'e str> {
    let credentials = effective.security.iter().filter_map(|block| block.written.otlp.get());
    let credentials = credentials.flatten().filter_map(|one| one.get()).map(|one| &one.name);
    let overrides = effective.endpoints.iter().filter_map(|endpoint| endpoint.block.as_ref());
    let chosen = overrides.filter_map(|block| block.written.exporters_override.get());
    let lists = chosen.flat_map(|chosen| [&chosen.metric_exporters, &chosen.trace_exporters]);
    let names = lists.filter_map(|list| list.get()).flatten();
    credentials.chain(names).map(text).collect()
}
