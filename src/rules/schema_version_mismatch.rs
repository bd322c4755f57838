use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::target::{Origin, Version, minor_of_schema};

/// The file names the schema of another release.
pub static RULE: Rule = Rule {
    id: "schema-version-mismatch",
    summary: "`$schema` names another release than the one the file is checked against",
    group: Group::Versions,
    severity: Severity::Info,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: true,
    docs: r#"
Editors offer and check what the schema named by `$schema` has. If it is that of another release than
the one told with `--krakend-version`, they show settings that the gateway does not have, and call
others unknown that it has. The gateway itself does not look at `$schema`.

```json bad version=2.12
{
  "$schema": "https://www.krakend.io/schema/v2.9/krakend.json",
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

```json fixed version=2.12
{
  "$schema": "https://www.krakend.io/schema/v2.12/krakend.json",
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
  "$schema": "https://www.krakend.io/schema/v2.9/krakend.json",
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
"#,
    evidence: &["krakend-schema (one folder per minor release)", "krakend-cobra check.go"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let target = cx.target();
    // Without a flag it is `$schema` that names the release.
    let Some(root) =
        cx.effective.root.filter(|_| matches!(target.origin, Origin::Flag | Origin::Settings))
    else {
        return;
    };
    let Some(schema) = cx.doc.get(root, "$schema") else { return };
    let Some(url) = cx.doc.str(schema.value) else { return };
    let Some(named) = minor_of_schema(&url) else { return };
    let now = (target.version.major, target.version.minor);
    // A release newer than all known ones is checked as the newest of these.
    let newest = (Version::NEWEST.major, Version::NEWEST.minor);
    if named == now || (named > newest && now == newest) {
        return;
    }
    let (old, new) =
        (format!("/v{}.{}/", named.0, named.1), format!("/v{}/", target.version.minor()));
    let finding = cx
        .at(
            schema.value,
            format!(
                "`$schema` is that of KrakenD {}.{}, not of {}",
                named.0,
                named.1,
                target.version.minor()
            ),
        )
        .labelled("editors show other settings")
        .help(format!("Name the schema of KrakenD {}.", target.version.minor()))
        .safe_fix(
            format!("Name the schema of KrakenD {}", target.version.minor()),
            vec![Edit::Replace { node: schema.value, value: url.replace(&old, &new).into() }],
        );
    cx.report(finding);
}
