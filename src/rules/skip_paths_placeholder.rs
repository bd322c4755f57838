use crate::effective::places::route_of;
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An entry of `skip_paths` with a placeholder matches nothing.
pub static RULE: Rule = Rule {
    id: "skip-paths-placeholder",
    summary: "an entry of `skip_paths` with a `{placeholder}` never matches",
    group: Group::Scopes,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Entries of `skip_paths` are compared letter by letter. When that happens the gateway has rewritten
`/users/{id}` to `/users/:id`, so an entry with braces, which the vendor's documentation recommends,
matches no endpoint: its requests are traced and measured all the same.

The form with a colon works for the proxy and backend layers. The global layer compares the path of
the request itself, such as `/users/42`; it has no pattern for that.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "skip_paths": ["/__health", "/users/{id}"],
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json fixed
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "skip_paths": ["/__health", "/users/:id"],
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "skip_paths": ["/__health", "/users/:id"],
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/users/{id}",
      "backend": [{ "url_pattern": "/users/{id}", "host": ["http://users"] }]
    }
  ]
}
```
"#,
    evidence: &[
        "lura config/uri.go:98-107",
        "krakend-otel state/config.go:104-111",
        "krakend-otel pull request 19",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let Some(block) = &cx.effective.block else { return };
    let entries = block.written.skip_paths.get().into_iter().flatten();
    let mut wrong = entries.filter_map(|entry| {
        let path = entry.get().filter(|path| has_placeholder(path))?;
        Some((entry.at()?.node, path))
    });
    let Some((first, path)) = wrong.next() else { return };
    let replace = |node, path: &str| Edit::Replace { node, value: route_of(path).into() };
    let mut edits = vec![replace(first, path)];
    let mut finding = cx
        .at(first, "an entry with a placeholder in braces never matches a path")
        .labelled("compared as it is")
        .help(format!(
            "Write `{}`, as the gateway calls the endpoint; the global layer still reports it.",
            route_of(path)
        ));
    for (node, path) in wrong {
        edits.push(replace(node, path));
        finding = finding.related(cx.label(node, "neither does this one"));
    }
    cx.report(finding.unsafe_fix("Write placeholders with a colon", edits));
}

/// Whether the path has a `{placeholder}`; `{{` is a template that is not filled in yet.
fn has_placeholder(path: &str) -> bool {
    !path.contains("{{") && route_of(path) != path
}
