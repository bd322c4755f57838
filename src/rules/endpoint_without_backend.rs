use crate::effective::load::LoadError;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An endpoint without a backend.
pub static RULE: Rule = Rule {
    id: "endpoint-without-backend",
    summary: "an endpoint without a backend keeps the gateway from starting",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
An endpoint must have at least one backend. With none, whether `backend` is missing, empty or
misspelt, the gateway does not leave the endpoint out, as its words say, but exits at start-up:
`ignoring the 'GET /orders' endpoint, since it has 0 backends defined!`

An async agent may be without one.

```json bad
{
  "version": 3,
  "endpoints": [{ "endpoint": "/orders", "backends": [{ "url_pattern": "/orders" }] }]
}
```

```json good
{
  "version": 3,
  "host": ["http://orders"],
  "endpoints": [{ "endpoint": "/orders", "backend": [{ "url_pattern": "/orders" }] }]
}
```
"#,
    evidence: &["lura config/config.go (EndpointConfig.validate)"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for error in &cx.effective.load_errors {
        let LoadError::NoBackend { endpoint, list } = *error else { continue };
        let message = "the gateway does not start: this endpoint has no backend";
        let finding = match list {
            Some(list) => cx.at(list, message),
            None => cx.missing(endpoint, "backend", message).labelled("no `backend` here"),
        };
        cx.report(finding.help("Add a backend, or remove the endpoint."));
    }
}
