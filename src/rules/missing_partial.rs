use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// A template includes a partial that does not exist.
pub static RULE: Rule = Rule {
    id: "missing-partial",
    summary: "a template includes a file that does not exist",
    group: Group::Shape,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
With Flexible Configuration, `include` inserts a file of the folder `FC_PARTIALS` as it is. If there is no
such file, or the folder is not given, the gateway inserts nothing and says nothing: what stood in the
file, such as the exporters, is not in force.

The name is the path below the folder, with its extension and in the same case.

A project is written here as its files, each below its name.

```project bad
--- krakend.tmpl
{
  "version": 3,
  "extra_config": { {{ include "telemetry.json" }} }
}
--- partials/telemetry.tmpl
"telemetry/opentelemetry": { "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
```

```project good
--- krakend.tmpl
{
  "version": 3,
  "extra_config": { {{ include "telemetry.tmpl" }} }
}
--- partials/telemetry.tmpl
"telemetry/opentelemetry": { "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
```
"#,
    evidence: &["krakend-flexibleconfig template.go (include)"],
    check: Check::Linter,
};

/// The finding for the action at `span`, which includes `name`.
pub(crate) fn finding(span: Span, name: &str) -> Finding {
    Finding::new(
        &RULE,
        span,
        &Pointer::root(),
        format!("there is no partial `{name}`: the gateway inserts nothing"),
    )
    .labelled("nothing is inserted here")
    .help("Correct the name, or put the file into the folder of the partials (`FC_PARTIALS`).")
    .known_as(format!("include {name}"))
}
