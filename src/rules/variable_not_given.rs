use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// A template reads a variable of the environment that nobody gives.
pub static RULE: Rule = Rule {
    id: "variable-not-given",
    summary: "a template reads a variable of the environment that is not given",
    group: Group::Shape,
    severity: Severity::Info,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
`env` and `expandenv` read the environment of the gateway. A variable that is not set there is an empty
text, and nothing is logged: an exporter without a host, a port that is not a number.

This program reads no variable of its own environment. What is not given is unknown: whatever depends on
it is not checked. Give it with `--fc-env NAME=VALUE`, with a file (`--fc-env-file`), or for each
environment in the settings. With `--fc-strict` each variable that is not given is an error: for a
pipeline that knows them all.

A project is written here as its files, each below its name.

```project bad
--- krakend.tmpl
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [{ "name": "c", "host": "{{ env "OTEL_HOST" }}" }] }
    }
  }
}
```

```project good
--- krakend.tmpl
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [{ "name": "c", "host": "{{ .service.otel_host }}" }] }
    }
  }
}
--- settings/service.json
{ "otel_host": "collector" }
```
"#,
    evidence: &["sprig functions.go (env, expandenv)"],
    check: Check::Linter,
};

/// The finding for the call at `span`, which reads the variable `name`; an error if it has to be given.
pub(crate) fn finding(span: Span, name: &str, is_strict: bool) -> Finding {
    let severity = if is_strict { Severity::Error } else { RULE.severity };
    Finding::new(&RULE, span, &Pointer::root(), format!("the variable {name} is not given"))
        .labelled("unknown before the gateway runs")
        .help(format!("Give it with `--fc-env {name}=VALUE`: what depends on it is not checked."))
        .known_as(format!("env {name}"))
        .severity(severity)
}
