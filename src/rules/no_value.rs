use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// An action writes what does not exist.
pub static RULE: Rule = Rule {
    id: "no-value",
    summary: "an action writes `<no value>`, because its setting does not exist",
    group: Group::Shape,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
A setting that does not exist is not an error in a template: the gateway writes `<no value>` and logs nothing.
Within quotes that becomes a host or a name; without quotes the rendered text is not valid JSON.

Settings are the `*.json` files directly in the folder `FC_SETTINGS`, each below its file's name:
`{{ .telemetry.host }}` is the member `host` of `telemetry.json`. Names differ by case. Within a template
that is executed without an argument (`{{ template "name" }}`, without a `.`) there are no settings.

A project is written here as its files, each below its name.

```project bad
--- krakend.tmpl
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [{ "name": "{{ .telemetry.Name }}", "host": "collector" }] }
    }
  }
}
--- settings/telemetry.json
{ "name": "central" }
```

```project good
--- krakend.tmpl
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [{ "name": "{{ .telemetry.name }}", "host": "collector" }] }
    }
  }
}
--- settings/telemetry.json
{ "name": "central" }
```
"#,
    evidence: &[
        "Go text/template exec.go (printValue)",
        "krakend-flexibleconfig template.go:29-46",
    ],
    check: Check::Linter,
};

/// The finding for the action at `span`.
pub(crate) fn finding(span: Span) -> Finding {
    let message = "this action has no value: the gateway writes `<no value>`";
    Finding::new(&RULE, span, &Pointer::root(), message).labelled("no such setting").help(
        "Correct the name, add it to the settings (`FC_SETTINGS`), or give a default: \
         `{{ … | default \"…\" }}`.",
    )
}
