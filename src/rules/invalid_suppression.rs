use crate::finding::{Edit, Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets;
use crate::spelling;
use crate::suppress::{Ignore, Mistake, Suppressions};

/// A suppression that suppresses nothing because of how it is written.
pub static RULE: Rule = Rule {
    id: "invalid-suppression",
    summary: "a suppression has no reason, or names no rule, or stands where none may be",
    group: Group::Suppressions,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The key `@otel-lint` makes the linter ignore findings about the object that it stands in, and about
all that is in there; at the root, about the whole file. It names each rule, and says why:

`"@otel-lint": { "ignore": { "rule-id": "reason" } }`

The gateway ignores the key. In YAML and TOML a comment does the same for its own line, or for the
next one if it has its line for itself: `# otel-lint: ignore[rule-id] reason`.

A suppression does nothing without a reason, or if there is no such rule. Faults of syntax cannot be
ignored: behind them nothing can be checked. Nor can a finding about a suppression; the settings can
turn that rule off.

In two places the key must not stand; there the object around takes it. Among the `headers` of
`telemetry/opentelemetry-security` it would be sent as a header, and in an item of
`metrics_static_attributes` or `traces_static_attributes` the vendor's own check refuses it.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          {
            "name": "collector",
            "host": "collector",
            "@otel-lint": { "ignore": { "otlp-port-protocol-mismatch": "" } }
          }
        ]
      }
    }
  }
}
```

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          {
            "name": "collector",
            "host": "collector",
            "port": 4318,
            "@otel-lint": { "ignore": { "otlp-port-mismatch": "gRPC on 4318, by ticket 7" } }
          }
        ]
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
      "exporters": {
        "otlp": [
          {
            "name": "collector",
            "host": "collector",
            "port": 4318,
            "@otel-lint": { "ignore": { "otlp-port-protocol-mismatch": "gRPC on 4318, by ticket 7" } }
          }
        ]
      }
    }
  }
}
```

```json bad
{
  "version": 3,
  "@otel-lint": { "ignore": {} }
}
```

```json fixed
{
  "version": 3
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          {
            "name": "collector",
            "host": "collector",
            "port": 4318,
            "@otel-lint": { "ignore": { "otlp-port-protocol-mismatch": "gRPC on 4318, by ticket 7" } }
          }
        ]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-schema v2.13/krakend.json (patternProperties `^[@$_#]`)",
        "krakend-schema v2.13/telemetry/opentelemetry.json (static attributes of global and proxy)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let written = Suppressions::read(cx.doc);
    let mut misnamed_before = 0;
    for ignore in &written.ignores {
        if let Some(finding) = misnamed(ignore, misnamed_before < MOST_SUGGESTIONS) {
            misnamed_before += 1;
            cx.report(finding);
        }
    }
    for mistake in written.mistakes {
        cx.report(of(mistake));
    }
}

/// Unknown names in a file at most for which a similar rule is sought.
const MOST_SUGGESTIONS: usize = 50;

/// The rule that `ignore` names, if it is one that can be ignored.
pub(crate) fn rule_of(ignore: &Ignore) -> Option<&'static Rule> {
    super::get(&ignore.rule).filter(|rule| can_be_ignored(rule))
}

/// Whether a file can say that findings of `rule` are to be ignored.
pub(crate) fn can_be_ignored(rule: &Rule) -> bool {
    !matches!(rule.check, Check::Reader | Check::Linter)
        && !matches!(rule.group, Group::Suppressions)
}

/// The finding for an ignore of what cannot be ignored; with a suggestion, if that is wanted.
fn misnamed(ignore: &Ignore, suggests: bool) -> Option<Finding> {
    if rule_of(ignore).is_some() {
        return None;
    }
    if let Some(rule) = super::get(&ignore.rule) {
        let message = format!("`{}` cannot be ignored", rule.id);
        let help = match rule.check {
            Check::Reader => "Correct the syntax: nothing behind a syntax error can be checked.",
            _ => "Correct the suppression, or turn the rule off in the settings.",
        };
        return Some(finding(ignore, message).help(help));
    }
    let name = secrets::masked(&ignore.rule);
    let finding = finding(ignore, format!("there is no rule `{name}`: nothing is ignored"));
    let near = suggests.then(|| spelling::nearest(&ignore.rule, super::ids())).flatten();
    let Some(near) = near else {
        return Some(finding.help("`otel-lint rules` lists the rules."));
    };
    let finding = finding.help(format!("Did you mean `{near}`?"));
    Some(match ignore.key {
        Some(key) => {
            let edit = Edit::Rename { key, name: near.to_owned() };
            finding.unsafe_fix(format!("Rename it to `{near}`"), vec![edit])
        }
        None => finding,
    })
}

fn finding(ignore: &Ignore, message: String) -> Finding {
    Finding::new(&RULE, ignore.span, &ignore.pointer, message).labelled("ignores nothing")
}

fn of(mistake: Mistake) -> Finding {
    let Mistake { message, span, label, pointer, help, removal } = mistake;
    let finding = Finding::new(&RULE, span, &pointer, message).labelled(label).help(help);
    match removal {
        Some(edit) => finding.safe_fix("Remove it", vec![edit]),
        None => finding,
    }
}
