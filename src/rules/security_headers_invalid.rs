use crate::document::{Kind, Member, NodeId};
use crate::finding::{Finding, Severity};
use crate::moves;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Headers with credentials that cannot be sent.
pub static RULE: Rule = Rule {
    id: "security-headers-invalid",
    summary: "headers with credentials are missing, or cannot be sent as they are",
    group: Group::Enterprise,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ENTERPRISE,
    fix: Availability::Sometimes,
    supersedes: &["wrong-type", "value-out-of-range", "invalid-suppression"],
    needs_whole: false,
    docs: r#"
A slip in the vendor's schema leaves the headers of `telemetry/opentelemetry-security` unchecked, so
an empty list, a number in place of a text, or a name that HTTP does not allow passes. The collector
then gets no credentials, or the request is not even sent.

Every member is a header here: what would be a comment elsewhere, such as `@comment`, is one too.

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "vendor", "host": "https://otlp.example.com", "port": 4318, "use_http": true }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "vendor", "headers": { "api-key": 1 } }]
    }
  }
}
```

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "vendor", "host": "https://otlp.example.com", "port": 4318, "use_http": true }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "vendor", "headers": {} }]
    }
  }
}
```

```json good edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "vendor", "host": "https://otlp.example.com", "port": 4318, "use_http": true }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [{ "name": "vendor", "headers": { "api-key": "${OTLP_API_KEY}" } }]
    }
  }
}
```

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "vendor", "host": "https://otlp.example.com", "port": 4318, "use_http": true }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [
        { "name": "vendor", "headers": { "@comment": "renewed each May", "api-key": "${OTLP_API_KEY}" } }
      ]
    }
  }
}
```

```json fixed edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "vendor", "host": "https://otlp.example.com", "port": 4318, "use_http": true }]
      }
    },
    "telemetry/opentelemetry-security": {
      "otlp": [
        { "name": "vendor", "headers": { "api-key": "${OTLP_API_KEY}" }, "@comment": "renewed each May" }
      ]
    }
  }
}
```
"#,
    evidence: &[
        "krakend-schema v2.13/telemetry/opentelemetry-security.json:22",
        "golang.org/x/net http/httpguts (names and values of headers)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let Some(block) = &cx.effective.security else { return };
    for one in block.written.otlp.get().into_iter().flatten() {
        let Some(at) = one.get().and_then(|one| one.headers.at()) else { continue };
        if cx.doc.kind(at.node) != Kind::Object {
            continue; // The type of the whole is `wrong-type`'s business.
        }
        if cx.doc.members(at.node).next().is_none() {
            let finding = cx
                .at(at.node, "no headers: the exporter sends without credentials")
                .pointing_at(cx.doc.opening(at.node))
                .labelled("holds nothing")
                .help("Add the header that the collector wants, such as `\"api-key\"`.");
            cx.report(finding);
        }
        for member in cx.doc.members(at.node) {
            if let Some(finding) = look_at(cx, at.node, member) {
                cx.report(finding);
            }
        }
    }
}

/// What is wrong with one header. No message shows its value, nor a name that is none, not even in its
/// pointer: it may hold the value as well.
fn look_at(cx: &Context<'_>, headers: NodeId, header: Member) -> Option<Finding> {
    let name = cx.doc.key(header.key);
    if name.starts_with('@') {
        let finding = cx.at(header.key, "this is not a comment: it is sent as a header, and fails");
        let finding = finding
            .labelled("a header like the others")
            .help("Move the comment out of `headers`, into the object around it.");
        let around = cx.doc.parent(headers);
        return Some(match around.and_then(|it| moves::into(cx.doc, header.key, it, &[])) {
            Some(edits) => finding.unsafe_fix("Move it out of `headers`", edits),
            None => finding,
        });
    }
    if !is_token(&name) {
        let finding = cx
            .at(headers, "this is not a header name: HTTP does not send it")
            .pointing_at(cx.doc.span(header.key))
            .labelled("not allowed in a header's name")
            .help("Write a name of letters, digits and dashes, and the rest as its value.");
        return Some(finding);
    }
    if name.starts_with(['$', '#', '_']) {
        let message = "this is not a comment: it is sent to the collector as a header";
        let finding = cx.at(header.key, message).severity(Severity::Warning);
        return Some(
            finding
                .labelled("a header like the others")
                .help("If it is a comment, move it out of `headers`, into the object around it."),
        );
    }
    let kind = cx.doc.kind(header.value);
    let Some(value) = cx.doc.str(header.value) else {
        let message =
            format!("the value of a header must be a string, not {}", kind.with_article());
        let finding = cx.at(header.value, message).labelled("should be a string");
        return Some(finding.help("Write it in quotes."));
    };
    value.chars().any(|c| c.is_control() && c != '\t').then(|| {
        cx.at(header.value, "this value has a line break or another control character in it")
            .labelled("HTTP does not send it")
            .help("Remove it: it often comes from the end of the file that holds the secret.")
    })
}

/// Whether HTTP takes `name` for a header (RFC 9110, section 5.6.2).
pub(super) fn is_token(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(allowed)
}
