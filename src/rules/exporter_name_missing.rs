use crate::document::Kind;
use crate::effective::Service;
use crate::effective::host::Host;
use crate::finding::Severity;
use crate::model::Field;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An exporter without a name.
pub static RULE: Rule = Rule {
    id: "exporter-name-missing",
    summary: "an exporter has no name",
    group: Group::Shape,
    severity: Severity::Warning,
    consequence: Consequence::Works,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &["missing-field", "wrong-type"],
    needs_whole: false,
    docs: r#"
One exporter without a name works: the gateway calls it "". A second one does not, for no two may
share a name, and then all telemetry is off. The Enterprise Edition moreover finds an exporter by its
name, in its credentials and in the overrides of endpoints.

Of two exporters without a name, the second is a finding of `duplicate-exporter-name`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "host": "collector" }]
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
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }],
        "prometheus": [{ "name": "" }]
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
        "otlp": [{ "name": "collector", "host": "collector" }],
        "prometheus": [{ "name": "prometheus" }]
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
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel config/config.go:94-109",
        "krakend-schema v2.13/telemetry/opentelemetry.json",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let (service, target) = (&cx.effective.service, cx.target());
    let otlp = service.otlp.iter();
    let otlp = otlp.map(|exporter| (exporter.node, &exporter.written.name, Some(exporter)));
    let prometheus = service.prometheus.iter();
    let prometheus = prometheus.map(|exporter| (exporter.node, &exporter.written.name, None));
    for (node, name, otlp) in otlp.chain(prometheus) {
        // `null` in place of an exporter has a finding of its own.
        if !is_missing(name) || cx.doc.kind(node) != Kind::Object {
            continue;
        }
        let message = "this exporter has no name";
        let null = cx.doc.get(node, "name");
        let finding = match name.at().map(|at| at.node).or(null.map(|null| null.value)) {
            Some(name) => cx.at(name, message).labelled("no name"),
            None => cx.missing(node, "name", message).labelled("no `name` in here"),
        };
        let proposal = otlp.map_or("prometheus", |exporter| {
            let host = Host::parse(&exporter.host.value);
            let is_plain = !host.name.is_empty() && host.fault(true, target).is_none();
            if is_plain { host.name } else { "otlp" }
        });
        let edit = cx.set(node, "name", free_name(service, proposal));
        cx.report(
            finding
                .help("Add a name, different from those of the other exporters.")
                .unsafe_fix("Name it", vec![edit]),
        );
    }
}

/// Whether no name is written, or an empty one; a name of the wrong type is another fault.
fn is_missing(name: &Field<String>) -> bool {
    !name.is_wrong() && name.get().is_none_or(String::is_empty)
}

/// `proposal`, with a number if there is an exporter of this name.
fn free_name(service: &Service, proposal: &str) -> String {
    let is_free = |name: &String| service.names().all(|taken| taken.value != *name);
    let numbered = (2..).map(|number| format!("{proposal}_{number}"));
    std::iter::once(proposal.to_owned()).chain(numbered).find(is_free).unwrap_or_default()
}
