use crate::document::NodeId;
use crate::effective::headers::{Entry, canonical};
use crate::effective::layers::Matching;
use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An entry of `skip_headers` in another case than the header.
pub static RULE: Rule = Rule {
    id: "skip-headers-not-canonical",
    summary: "an entry of `skip_headers` is not in the canonical form",
    group: Group::Privacy,
    severity: Severity::Info,
    consequence: Consequence::DataLeaks,
    applies: Applies::COMMUNITY.since(releases::SKIP_HEADERS),
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Go names headers in one form: a capital at the beginning and after each dash, small letters
otherwise, as in `X-Api-Key` and `Etag`. Releases 2.12 compare the entries of `skip_headers` with
that form letter by letter. An entry like `authorization` matches nothing there, and the header is
exported: for them this is an error, if the layer reports headers and no other entry names this one.
From 2.13 on the case does not matter, and this is advice.

```json bad version=2.12
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["authorization", "Proxy-Authorization", "cookie", "Set-Cookie", "X-API-Key"]
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json fixed version=2.12
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

```json good version=2.12
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
        "krakend-otel pull requests 60 and 61",
        "krakend-otel lura/proxy_tracer.go (canonical from v0.14.0)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let exports = cx.effective.is_registered() && cx.effective.service.has_traces();
    for block in cx.effective.header_blocks() {
        let in_use: Vec<_> = block.iter().filter(|settings| settings.reports()).collect();
        let mut leaks = false;
        let mut found: Vec<(NodeId, String)> = Vec::new();
        for settings in in_use {
            for (node, entry) in settings.entries() {
                if Entry::of(entry) == Entry::OtherCase {
                    let name = canonical(entry);
                    let is_named_well = settings.entries().any(|(_, other)| other == name);
                    leaks |= exports && settings.matching == Matching::Exact && !is_named_well;
                    found.push((node, name));
                }
            }
        }
        let Some(((first, name), rest)) = found.split_first() else { continue };
        let edits = found
            .iter()
            .map(|(node, name)| Edit::Replace { node: *node, value: name.as_str().into() });
        let (message, severity) = if leaks {
            (
                format!("KrakenD 2.12 compares header names case-sensitively: write `{name}`"),
                Severity::Error,
            )
        } else {
            (format!("the canonical form of this header is `{name}`"), Severity::Info)
        };
        let mut finding = cx
            .at(*first, message)
            .labelled(format!("should be `{name}`"))
            .help("Write each header with a capital at its beginning and after each dash.")
            .severity(severity)
            .safe_fix("Write the canonical forms", edits.collect());
        for (node, name) in rest {
            finding = finding.related(cx.label(*node, format!("should be `{name}`")));
        }
        cx.report(finding);
    }
}
