use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// The folder of the settings or templates does not exist.
pub static RULE: Rule = Rule {
    id: "missing-folder",
    summary: "the folder of the settings or templates does not exist",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
With Flexible Configuration the gateway lists the folders `FC_SETTINGS` and `FC_TEMPLATES` when it starts. If one
of them does not exist, it does not start: `open …: no such file or directory`. Where no template needs
the folder, leave the variable empty. (For a folder of partials that does not exist the gateway logs nothing: see
[missing-partial](missing-partial.md).)

Git does not keep empty folders: one that exists on its author's machine may be missing everywhere else.

A project is written here as its files, each below its name. In the first one `FC_TEMPLATES` names a
folder that is not there.

```project bad
--- krakend.tmpl
{
  "version": 3,
  "extra_config": { "telemetry/opentelemetry": {{ marshal .telemetry }} }
}
--- settings/telemetry.json
{ "exporters": { "otlp": [{ "name": "c", "host": "collector" }] } }
--- templates/
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
    evidence: &["krakend-flexibleconfig template.go:29-33,48-53,79-82"],
    check: Check::Linter,
};

/// The finding for the folder `path` of a project: `what` is what it should hold, `variable` what names it.
pub(crate) fn finding(what: &str, variable: &str, path: &str) -> Finding {
    let message = format!("the folder of the {what} does not exist: {path}");
    Finding::new(&RULE, Span::at(0), &Pointer::root(), message)
        .labelled("rendered with this folder")
        .help(format!("Correct the path, or leave `{variable}` empty if the folder is not needed."))
        .known_as(variable.to_owned())
}
