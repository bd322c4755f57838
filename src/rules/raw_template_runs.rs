use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// A template that cannot be rendered, with which the gateway starts all the same.
pub static RULE: Rule = Rule {
    id: "raw-template-runs",
    summary: "the gateway cannot render this template, and runs with it unrendered",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway logs an error in a template (`Unable to parse configuration file`, `Error parsing
sub-templates`, `Found error while executing template`) and reads the base unrendered. If all actions in the
base are in strings, it is JSON all the same: the gateway starts, and `check` says `Syntax OK!`. The actions
then are values: a service called `{{ .service.name }}`, a collector whose host cannot be resolved.

If the base is not JSON as it is, the same error is a [template-error](template-error.md), an
[unknown-function](unknown-function.md) or an [undefined-template](undefined-template.md), and the gateway
does not start.

A project is written here as its files, each below its name.

```project bad
--- krakend.json
{
  "version": 3,
  "name": "{{ .service.name | toUpper }}",
  "extra_config": {
    "telemetry/opentelemetry": { "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
  }
}
--- settings/service.json
{ "name": "orders" }
```

```project good
--- krakend.json
{
  "version": 3,
  "name": "{{ .service.name | upper }}",
  "extra_config": {
    "telemetry/opentelemetry": { "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
  }
}
--- settings/service.json
{ "name": "orders" }
```
"#,
    evidence: &["krakend-flexibleconfig template.go:96-117"],
    check: Check::Linter,
};

/// The finding for a fault at `span`; `message` says in words what it is.
pub(crate) fn finding(span: Span, message: &str) -> Finding {
    let message = format!("the gateway runs with the unrendered template: {message}");
    Finding::new(&RULE, span, &Pointer::root(), message).labelled("rendering stops here").help(
        "Correct the template: after an error the gateway takes the actions in strings as values.",
    )
}
