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
With Flexible Configuration (`FC_ENABLE`) the gateway renders a template before it reads it. If the
template has a syntax error, calls an unknown function or template, or asks for a field of something
that has none, the gateway logs the error and reads the file as it is, with all its braces; that is
rarely a configuration, so it does not start.

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
