use crate::effective::load::LoadError;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A host of a backend, or of the service, that is none.
pub static RULE: Rule = Rule {
    id: "backend-host-invalid",
    summary: "a backend host that is not a host keeps the gateway from starting",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
The gateway takes a scheme (`http://` or `https://`), a name and a port of two to six digits from each
`host`, of the service and of the backends, and exits at start-up if it does not find exactly one such
host in the text: `host http://orders/v1 not valid: invalid host`. So a path, a query or credentials
must not be part of it. Paths belong into `url_pattern`.

With `disable_host_sanitize` a backend takes any text.

```json bad
{
  "version": 3,
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders/v1"] }]
    }
  ]
}
```

```json good
{
  "version": 3,
  "endpoints": [
    {
      "endpoint": "/orders",
      "backend": [{ "url_pattern": "/v1/orders", "host": ["http://orders:8080"] }]
    }
  ]
}
```
"#,
    evidence: &["lura config/uri.go (hostPattern, SafeCleanHost)"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for error in &cx.effective.load_errors {
        let LoadError::Host(node) = *error else { continue };
        let message = "the gateway does not start: this is not exactly one host";
        let help = "Write a scheme, a name and perhaps a port, such as `http://orders:8080`; a path \
                    belongs into `url_pattern`.";
        cx.report(cx.at(node, message).help(help));
    }
}
