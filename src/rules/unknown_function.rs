use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// A template calls a function that the gateway does not have.
pub static RULE: Rule = Rule {
    id: "unknown-function",
    summary: "a template calls a function that the gateway does not have",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Templates have the functions of Go's `text/template` and of sprig, and two of the gateway: `include`, which
inserts a partial as it is, and `marshal`, which writes a value as JSON. Functions of other programs that use
Go templates do not exist, such as `toYaml`, `tpl` and `required` of Helm, or `getenv` and `json`.

With a single unknown function anywhere, called or not, the gateway renders nothing: it logs `function "…" not defined` and [reads the file as it is](template-error.md).

A project is written here as its files, each below its name.

```project bad
--- krakend.tmpl
{
  "version": 3,
  "extra_config": { "telemetry/opentelemetry": {{ toJSON .telemetry }} }
}
--- settings/telemetry.json
{ "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
```

```project good
--- krakend.tmpl
{
  "version": 3,
  "extra_config": { "telemetry/opentelemetry": {{ marshal .telemetry }} }
}
--- settings/telemetry.json
{ "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
```
"#,
    evidence: &["krakend-flexibleconfig template.go:64-66,96-100", "sprig functions.go"],
    check: Check::Linter,
};

/// The finding for the name of a function at `span`; `message` says that there is none.
pub(crate) fn finding(span: Span, message: &str) -> Finding {
    Finding::new(&RULE, span, &Pointer::root(), message)
        .labelled("no function of the gateway")
        .help("Use a function of Go's templates, of sprig, `include` or `marshal`.")
}
