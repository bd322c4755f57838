use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// A template is executed that no file defines.
pub static RULE: Rule = Rule {
    id: "undefined-template",
    summary: "a template is executed that no file defines",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
`{{ template "name" . }}` executes what `{{ define "name" }}` defines in the base or in a template, or a whole
file of the folder `FC_TEMPLATES`: that is called by the name of its file, with `.tmpl`. The gateway loads
only files whose names end in `.tmpl`, and none of folders within the folder. A partial is not a template:
`{{ include "name" }}` inserts it.

When a template that does not exist is executed, the gateway logs `template "…" not defined` and
[reads the file as it is](template-error.md).

A project is written here as its files, each below its name.

```project bad
--- krakend.tmpl
{
  "version": 3,
  "extra_config": { {{ template "telemetry" . }} }
}
--- templates/telemetry.tmpl
"telemetry/opentelemetry": { "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
```

```project good
--- krakend.tmpl
{
  "version": 3,
  "extra_config": { {{ template "telemetry.tmpl" . }} }
}
--- templates/telemetry.tmpl
"telemetry/opentelemetry": { "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
```
"#,
    evidence: &["krakend-flexibleconfig template.go:48-60,101-112"],
    check: Check::Linter,
};

/// The finding for the name of a template at `span`; `message` says that there is none.
pub(crate) fn finding(span: Span, message: &str) -> Finding {
    Finding::new(&RULE, span, &Pointer::root(), message).labelled("no file defines it").help(
        "Correct the name: a file of the folder of the templates (`FC_TEMPLATES`) is called \
             with `.tmpl` at its end. A partial is inserted by `include`.",
    )
}
