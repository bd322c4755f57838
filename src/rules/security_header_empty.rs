use crate::document::Kind;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// A credential of which only the name is there.
pub static RULE: Rule = Rule {
    id: "security-header-empty",
    summary: "a header with credentials has an empty value",
    group: Group::Enterprise,
    severity: Severity::Warning,
    consequence: Consequence::ExportErrors,
    applies: Applies::ENTERPRISE,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The header is sent, but with nothing in it, so the collector refuses each export. Usually the value
comes from an environment variable or a secret that was not set when the file was rendered: neither
`envsubst` nor a template with an unset variable complains about that.

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
      "otlp": [{ "name": "vendor", "headers": { "api-key": "" } }]
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
"#,
    evidence: &["krakend-schema v2.13/telemetry/opentelemetry-security.json:22"],
    check: Check::Semantic(check),
};

/// What may stand before a credential, and is nothing without one.
const SCHEMES: [&str; 3] = ["bearer", "basic", "api-token"];

fn check(cx: &mut Context<'_>) {
    let Some(block) = &cx.effective.security else { return };
    for one in block.written.otlp.get().into_iter().flatten() {
        let Some(headers) = one.get().and_then(|one| one.headers.at()) else { continue };
        if cx.doc.kind(headers.node) != Kind::Object {
            continue; // The type is the business of `wrong-type`.
        }
        for header in cx.doc.members(headers.node) {
            let Some(value) = cx.doc.str(header.value) else { continue };
            let value = value.trim();
            if !value.is_empty() && !SCHEMES.iter().any(|it| it.eq_ignore_ascii_case(value)) {
                continue;
            }
            let finding = cx
                .at(header.value, "this header has no credential in it: the collector refuses it")
                .labelled(if value.is_empty() { "empty" } else { "nothing after this word" })
                .help(
                    "Check that the variable it comes from is set when the configuration is rendered.",
                );
            cx.report(finding);
        }
    }
}
