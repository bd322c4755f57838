use crate::document::NodeId;
use crate::finding::Severity;
use crate::model::is_comment;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A placeholder that nobody filled in.
pub static RULE: Rule = Rule {
    id: "unrendered-placeholder",
    summary: "a value is a placeholder that was not replaced",
    group: Group::Shape,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[
        "otlp-host-contains-port",
        "otlp-host-contains-path",
        "otlp-host-scheme",
        "otlp-host-ipv6",
        "otlp-host-invalid",
    ],
    needs_whole: false,
    docs: r#"
The gateway reads values as they stand. `<no value>` is what Flexible Configuration prints for a
setting that it does not find: the telemetry then carries that text, or goes to a host of that name.
That is an error.

`${NAME}`, `$NAME` and `{{ … }}` are a warning: the gateway replaces no variables in its
configuration, and renders templates only if `FC_ENABLE` is set. If something fills them in before
the gateway sees the file, check the file that it sees. In the host of an exporter with `use_http` a
placeholder switches all telemetry off: see `otlp-exporter-refused`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "<no value>" }]
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
        "otlp": [{ "name": "collector", "host": "${OTEL_HOST}" }]
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
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "extra_config": {
        "telemetry/opentelemetry": {
          "proxy": {
            "traces_static_attributes": [{ "key": "team", "value": "{{ .team }}" }]
          }
        }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
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
      "@comment": "${OTEL_HOST} was too hard to debug",
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-flexibleconfig template.go:75-77,113-130",
        "krakend-ce cmd/krakend-ce/main.go:52-62",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    for (block, errors) in effective.blocks() {
        let mut rest = vec![block];
        while let Some(node) = rest.pop() {
            // A value of the wrong type is wrong whatever fills it in.
            if !errors.iter().any(|error| error.node == node) {
                look_at(cx, node);
            }
            let members = cx.doc.members(node);
            let values = members.filter(|member| !is_comment(&cx.doc.key(member.key)));
            rest.extend(values.map(|member| member.value).chain(cx.doc.items(node)));
        }
    }
}

fn look_at(cx: &mut Context<'_>, node: NodeId) {
    let Some(text) = cx.doc.str(node) else { return };
    let Some(placeholder) = Placeholder::find(&text) else { return };
    let finding = match placeholder {
        Placeholder::NoValue => cx
            .at(node, "`<no value>`: the template rendered a setting that is not defined")
            .labelled("not defined")
            .help("Define the setting in the settings files, or give the template a default."),
        Placeholder::Template => cx
            .at(node, "template code in a value: the gateway uses it as it is")
            .labelled("not rendered")
            .help("Check the rendered file: start the gateway with FC_ENABLE=1 and FC_OUT=<file>.")
            .severity(Severity::Warning),
        Placeholder::Variable(name) => cx
            .at(node, format!("the gateway does not replace `${name}`: it uses the text as it is"))
            .labelled("not replaced")
            .help("Fill it in before the gateway reads the file, and check that file.")
            .severity(Severity::Warning),
    };
    cx.report(finding);
}

/// What should have been filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Placeholder<'t> {
    NoValue,
    Template,
    /// A variable, by its name: what follows that in `${NAME:-default}` may be a secret.
    Variable(&'t str),
}

impl<'t> Placeholder<'t> {
    fn find(text: &'t str) -> Option<Self> {
        if text.contains("<no value>") {
            Some(Self::NoValue)
        } else if text.contains("{{") {
            Some(Self::Template)
        } else {
            text.match_indices('$').find_map(|(at, _)| variable(text, at)).map(Self::Variable)
        }
    }
}

/// The name of the variable whose `$` is at `at`: `${NAME}` anywhere, `$NAME` where a part of the
/// text begins.
fn variable(text: &str, at: usize) -> Option<&str> {
    let (before, after) = (&text[..at], &text[at + 1..]);
    let name_of = |text: &str| {
        let length = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
        Some(length).filter(|_| text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
    };
    if let Some(inner) = after.strip_prefix('{') {
        let length = name_of(inner)?;
        return inner[length..].contains('}').then_some(&inner[..length]);
    }
    let begins = before.is_empty() || before.ends_with(['/', ':', '@', '.', '-', '_', ',']);
    name_of(after).filter(|_| begins).map(|length| &after[..length])
}
