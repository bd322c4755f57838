use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::{Source, Span};

/// A template whose text says too little about what it becomes.
pub static RULE: Rule = Rule {
    id: "unjudged-template",
    summary: "a template that cannot be checked before it is rendered",
    group: Group::Shape,
    severity: Severity::Info,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
A template is checked as it is where its text is a configuration whatever its actions put there:
values may be unknown, members and items may be missing, and `if`, `with` and `range` may leave out
parts of it. Where that is not enough (a brace that opens in one branch and closes in another, YAML
with actions between its lines) only the rendered file can be checked. Nothing is wrong with such a
template; it has just not been checked.

Let the gateway render it, and lint the result:

```sh
FC_ENABLE=1 FC_SETTINGS=settings FC_OUT=out.json krakend check -c krakend.tmpl
otel-lint out.json
```

```json bad
{
  "version": 3,
  {{ if .telemetry }}
  "extra_config": {
    "telemetry/opentelemetry": { {{ marshal .telemetry }}
  {{ end }}
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
    evidence: &["krakend-flexibleconfig template.go", "krakend-ce cmd/krakend-ce/main.go:52-62"],
    check: Check::Linter,
};

/// The finding for the template `source`: at its first action.
pub(crate) fn finding(source: &Source) -> Finding {
    let at = memchr::memmem::find(source.bytes(), b"{{").unwrap_or(0);
    let span = Span::new(at, (at + 2).min(source.bytes().len()));
    Finding::new(&RULE, span, &Pointer::root(), "this template cannot be checked before it is rendered")
        .labelled("known only after rendering")
        .help(
            "Render it with `FC_ENABLE=1 FC_SETTINGS=<folder> FC_OUT=out.json krakend check -c <file>`, then `otel-lint out.json`.",
        )
}

/// The finding for a place where rendering reaches a limit of this program; `message` says which.
pub(crate) fn beyond_limits(span: Span, message: &str) -> Finding {
    let message = format!("this template is not checked: {message}");
    Finding::new(&RULE, span, &Pointer::root(), message)
        .labelled("rendering stops here")
        .help(
            "The gateway may well render it: let it, with `FC_OUT=out.json`, and check `out.json`.",
        )
        .severity(Severity::Warning)
}
