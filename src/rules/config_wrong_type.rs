use crate::effective::load::LoadError;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A value of a type that one of the gateway's own fields cannot hold.
pub static RULE: Rule = Rule {
    id: "config-wrong-type",
    summary: "a value of the wrong type in one of the gateway's own fields: it is not loaded",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::DoesNotStart,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
The gateway decodes its own fields (`port`, `timeout`, `endpoints`, `backend`, `host`, `extra_config`
and the others that stand beside them) before anything else. If one of them cannot hold its value, it
exits at start-up and says `'timeout' expected type 'time.Duration', got unconvertible type …` or the
like.

The decoder is loose. It takes `"8080"` for a number, `1` for text, and anything that is not a list for a
list of one item; case does not matter in keys, and `null` is as if nothing were there. None of that is
a finding.

```json bad
{
  "version": 3,
  "timeout": "3",
  "endpoints": []
}
```

```json bad
{
  "version": 3,
  "extra_config": "telemetry/opentelemetry",
  "endpoints": []
}
```

```json good
{
  "version": 3,
  "port": "8080",
  "timeout": "3s",
  "endpoints": []
}
```
"#,
    evidence: &[
        "lura config/config.go (ServiceConfig)",
        "go-viper/mapstructure v2.4.0 mapstructure.go",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for error in &cx.effective.load_errors {
        let (node, expected) = match *error {
            LoadError::WrongType { node, expected } => (node, expected),
            LoadError::NullItem(node) => (node, "an object"),
            _ => continue,
        };
        let message = format!("the gateway does not start: it wants {expected} here");
        let help = format!("Write {expected}, or remove the key.");
        cx.report(cx.at(node, message).help(help));
    }
}
