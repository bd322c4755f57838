use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// A settings file that the gateway cannot read.
pub static RULE: Rule = Rule {
    id: "unreadable-settings",
    summary: "a settings file is not a JSON object",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
With Flexible Configuration the gateway reads each `*.json` file of the folder `FC_SETTINGS`, whether a
template uses it or not. If one of them is not valid JSON or not an object, it does not start:
`loading flexible-config settings`.

A project is written here as its files, each below its name.

```project bad
--- krakend.tmpl
{
  "version": 3,
  "extra_config": { "telemetry/opentelemetry": {{ marshal .telemetry }} }
}
--- settings/telemetry.json
{ "exporters": { "otlp": [{ "name": "c", "host": "collector" }], } }
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
    evidence: &["krakend-flexibleconfig template.go:29-46,79-82"],
    check: Check::Linter,
};

/// The finding for a fault at `span` of a settings file; `message` says in words what it is.
pub(crate) fn finding(span: Span, message: &str) -> Finding {
    Finding::new(
        &RULE,
        span,
        &Pointer::root(),
        format!("the gateway cannot read these settings: {message}"),
    )
    .labelled("reading stops here")
    .help("Correct the file: the gateway reads each `*.json` file in the folder of the settings.")
}
