use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// A template that the gateway cannot render.
pub static RULE: Rule = Rule {
    id: "template-error",
    summary: "the gateway cannot render this template",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
With Flexible Configuration (`FC_ENABLE`) the gateway renders a template before it reads it. After an error
it logs it and reads the file as it is, with all its braces; that is not JSON, so it does not start. (If it
happens to be JSON, see [raw-template-runs](raw-template-runs.md).) Errors are

- in the syntax: an action without `}}`, an `if` without `end`, a variable that is not declared before it is
  used, or declared only in a block that has ended;
- in the arguments of a function: too many or too few, or of a type that it does not take. Numbers of
  settings are of the type `float64`, so `printf "%d"` and `until` want `int .port`;
- fields of what has none: of a text, a list, or a setting that is `null`. (What does not exist is not an error:
  see [no-value](no-value.md).)
- in what a function makes of its arguments: an index past the end, a text that is not JSON;
- `range` over something that has no items.

Each function and template has to exist, too: [unknown-function](unknown-function.md),
[undefined-template](undefined-template.md).

With the folders of the project this program renders the template as the gateway does and points at the
exact place:

```sh
otel-lint --fc-settings settings --fc-partials partials --fc-templates templates krakend.tmpl
```

Without them only the syntax is checked.

```json bad
{
  "version": 3,
  {{ if .telemetry }}
  "extra_config": {
    "telemetry/opentelemetry": { {{ marshal .telemetry }}
  }
}
```

```json good
{
  "version": 3,
  {{ if .telemetry }}
  "extra_config": {
    "telemetry/opentelemetry": {{ marshal .telemetry }}
  },
  {{ end }}
  "port": {{ .port }}
}
```

A project is written here as its files, each below its name.

```project bad
--- krakend.tmpl
{
  "version": 3,
  "port": {{ .service.gateway.port }},
  "extra_config": {
    "telemetry/opentelemetry": { "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
  }
}
--- settings/service.json
{ "gateway": null }
```

```project good
--- krakend.tmpl
{
  "version": 3,
  "port": {{ .service.gateway.port }},
  "extra_config": {
    "telemetry/opentelemetry": { "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
  }
}
--- settings/service.json
{ "gateway": { "port": 8080 } }
```
"#,
    evidence: &["krakend-flexibleconfig template.go:75-130", "Go text/template (parse, exec)"],
    check: Check::Linter,
};

/// The finding for a fault at `span`; `message` says in words what it is.
pub(crate) fn finding(span: Span, message: &str) -> Finding {
    Finding::new(
        &RULE,
        span,
        &Pointer::root(),
        format!("the template cannot be rendered: {message}"),
    )
    .labelled("rendering stops here")
    .help("Correct the template: after an error the gateway reads the file without rendering it.")
}
