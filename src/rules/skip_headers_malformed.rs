use crate::document::{Kind, NodeId};
use crate::effective::headers::{Entry, bare, canonical};
use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An entry of `skip_headers` that no header is called.
pub static RULE: Rule = Rule {
    id: "skip-headers-malformed",
    summary: "an entry of `skip_headers` is not a header name, so it matches nothing",
    group: Group::Privacy,
    severity: Severity::Warning,
    consequence: Consequence::DataLeaks,
    applies: Applies::COMMUNITY.since(releases::SKIP_HEADERS),
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The entries of `skip_headers` are whole names of headers. An entry with a blank or a colon, an empty
one, or several names in one text match nothing, and there are no wildcards. The header that was
meant is exported.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization:", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
        }
      },
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
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-*"]
        }
      },
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
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel http/server/server.go:93-100",
        "Go net/textproto CanonicalMIMEHeaderKey (leaves malformed names alone)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for block in cx.effective.header_blocks() {
        // The same entry in several layers is one mistake.
        let mut groups: Vec<(&str, Vec<NodeId>)> = Vec::new();
        for settings in block.iter().filter(|settings| settings.reports()) {
            for (node, entry) in settings.entries() {
                if !Entry::of(entry).is_malformed() || cx.doc.kind(node) == Kind::Null {
                    continue;
                }
                match groups.iter_mut().find(|(text, _)| *text == entry) {
                    Some((_, nodes)) => nodes.push(node),
                    None => groups.push((entry, vec![node])),
                }
            }
        }
        for (entry, nodes) in groups {
            let Some((&first, rest)) = nodes.split_first() else { continue };
            let kind = Entry::of(entry);
            // The text is not repeated: whoever writes `Authorization: …` here may write it all.
            let (message, help) = words(kind);
            let mut finding = cx.at(first, message).labelled("no such header").help(help);
            if kind == Entry::Padded {
                let name = canonical(bare(entry));
                let edit = |&node: &NodeId| Edit::Replace { node, value: name.as_str().into() };
                let edits = nodes.iter().map(edit).collect();
                finding = finding.safe_fix(format!("Write `{name}`"), edits);
            }
            for &node in rest {
                finding = finding.related(cx.label(node, "nor does this"));
            }
            cx.report(finding);
        }
    }
}

fn words(kind: Entry) -> (&'static str, &'static str) {
    match kind {
        Entry::Empty => ("an empty entry of `skip_headers` matches no header", "Remove it."),
        Entry::Wildcard => (
            "`skip_headers` has no wildcards, so this entry matches no header",
            "Write each header that is meant by its full name.",
        ),
        Entry::Padded => (
            "blanks and colons are not part of a header's name, so this entry matches no header",
            "Write the name alone.",
        ),
        _ => (
            "no header is called this, so this entry matches no header",
            "Write one header in each entry, by its name alone.",
        ),
    }
}
