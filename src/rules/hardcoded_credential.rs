use super::security_headers_invalid::is_token;
use crate::effective::is_filled_in_later;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets::{is_secret, names_secret};

/// A secret stands in the file.
pub static RULE: Rule = Rule {
    id: "hardcoded-credential",
    summary: "a credential for a collector is written into the configuration",
    group: Group::Enterprise,
    severity: Severity::Warning,
    consequence: Consequence::DataLeaks,
    applies: Applies::ENTERPRISE,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Whoever can read this file, or any older version of it in its repository, can read the credential.
Take it from the environment or from a secret store when the file is made: a placeholder such as
`${OTLP_API_KEY}` for `envsubst`, or a template of Flexible Configuration.

A file that such a tool has just written holds the secret by necessity; check the one it is made of.

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
      "otlp": [{ "name": "vendor", "headers": { "api-key": "c8c9a1f0e7" } }]
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
      "otlp": [
        { "name": "vendor", "headers": { "api-key": "${OTLP_API_KEY}", "X-Scope-OrgID": "shop" } }
      ]
    }
  }
}
```
"#,
    evidence: &["krakend-schema v2.13/telemetry/opentelemetry-security.json:19-24"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let Some(block) = &cx.effective.security else { return };
    for one in block.written.otlp.get().into_iter().flatten() {
        let Some(headers) = one.get().and_then(|one| one.headers.at()) else {
            continue;
        };
        for header in cx.doc.members(headers.node) {
            let Some(value) = cx.doc.str(header.value) else { continue };
            let name = cx.doc.key(header.key);
            let is_credential = is_secret(&value) || names_credential(&name);
            // A name that is none may hold the secret; `security-headers-invalid` speaks of it.
            if is_token(&name) && is_credential && !is_placeholder(&value) {
                // No word of the value, here or in any message.
                let finding = cx
                    .at(header.value, "a credential is written in plain text in this file")
                    .labelled("not a placeholder")
                    .help("Write a placeholder that is filled in from the environment or a secret store.");
                cx.report(finding);
            }
        }
    }
}

/// Whether a header of this name holds a credential: a general word for one, or a vendor's name.
fn names_credential(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    names_secret(name) || lower.ends_with("-key") || lower.ends_with("-auth") || lower == "auth"
}

/// Whether the value is filled in later, or plainly none: an example, a row of dots.
fn is_placeholder(value: &str) -> bool {
    let rest = ["Bearer ", "Basic ", "Api-Token ", "Token "]
        .iter()
        .find_map(|scheme| value.strip_prefix(scheme))
        .unwrap_or(value)
        .trim();
    let upper = rest.to_ascii_uppercase();
    let mut letters = rest.chars();
    let first = letters.next();
    first.is_none_or(|first| letters.all(|c| c == first))
        || rest.starts_with(['$', '<', '%'])
        || is_filled_in_later(value)
        || ["YOUR", "CHANGEME", "CHANGE_ME", "REPLACE", "EXAMPLE"].iter().any(|w| upper.contains(w))
}
