use crate::effective::fault::{Fault, Flaw};
use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Credentials in a host are not sent.
pub static RULE: Rule = Rule {
    id: "otlp-host-credentials",
    summary: "credentials in an OTLP host are never sent",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS.since(releases::URL_SCHEMES),
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Of a host with `http://` or `https://` the gateway takes name and port only. User and password before
an `@` are dropped without a log line: a collector that asks for them refuses each export, and one that does
not works without them. The secret stands in the file for nothing.

Headers for a collector can be set from outside, in the variable `OTEL_EXPORTER_OTLP_HEADERS`; the
Enterprise Edition has a block for them.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "http://user:password@collector", "use_http": true, "port": 4318 }
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
          { "name": "collector", "host": "http://collector", "use_http": true, "port": 4318 }
        ]
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
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "http://collector", "use_http": true, "port": 4318 }
        ]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel exporter/otelcollector/otelcollector.go:66-79,120-133"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.effective.service.faulty_hosts() {
        let is_dropped = !at.fault.breaks(&at.host, cx.target());
        if at.fault != Fault::Invalid(Flaw::Credentials) || !is_dropped {
            continue;
        }
        let text = at.host.text;
        let (user, scheme) = (at.host.userinfo.unwrap_or_default(), at.host.scheme);
        let begin = scheme.map_or(0, |scheme| scheme.len() + "://".len());
        let value = format!("{}{}", &text[..begin], &text[begin + user.len() + 1..]);
        let finding = cx
            .at(at.node, "credentials in a host are dropped: they are never sent")
            .labelled("never sent")
            .help(if cx.effective.is_community() {
                "Remove them, and set OTEL_EXPORTER_OTLP_HEADERS in the environment of the gateway."
            } else {
                "Remove them, and name the headers in `telemetry/opentelemetry-security`."
            })
            .unsafe_fix(
                "Remove the credentials",
                vec![Edit::Replace { node: at.node, value: value.into() }],
            );
        cx.report(finding);
    }
}
