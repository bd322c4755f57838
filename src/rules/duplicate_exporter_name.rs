use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::document::NodeId;
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
    let mut first_of: HashMap<&str, (NodeId, &Field<String>)> = HashMap::new();
    for (node, name) in &names {
        let text = text(name);
        let first = match first_of.entry(text) {
            Entry::Occupied(first) => *first.get(),
            Entry::Vacant(place) => {
                place.insert((*node, name));
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
            if is_named_elsewhere(cx, text) || masked(text) != text {
                finding
            } else {
                let is_free =
                    |name: &String| names.iter().all(|(_, other)| self::text(other) != name);
                let nth = names[..=index].iter().filter(|(_, other)| self::text(other) == text);
                let mut free = (nth.count()..).map(|nth| format!("{text}_{nth}")).filter(is_free);
                let name = free.next().unwrap_or_default();
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

/// Whether credentials or an endpoint of the Enterprise Edition name an exporter `name`.
fn is_named_elsewhere(cx: &Context<'_>, name: &str) -> bool {
    let effective = cx.effective;
    let is_it = |field: &Field<String>| text(field) == name;
    let credentials = effective.security.iter().filter_map(|block| block.written.otlp.get());
    let mut credentials = credentials.flatten().filter_map(|one| one.get());
    let overrides = effective.endpoints.iter().filter_map(|endpoint| endpoint.block.as_ref());
    let mut chosen = overrides.filter_map(|block| block.written.exporters_override.get());
    credentials.any(|one| is_it(&one.name))
        || chosen.any(|chosen| {
            let lists = [&chosen.metric_exporters, &chosen.trace_exporters];
            lists.into_iter().filter_map(|list| list.get()).flatten().any(is_it)
        })
}
