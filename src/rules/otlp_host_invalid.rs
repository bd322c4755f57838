use crate::effective::fault::{Fault, Flaw};
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The host holds what no host can.
pub static RULE: Rule = Rule {
    id: "otlp-host-invalid",
    summary: "an OTLP host holds something that no host can have",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
A host is a name or an address, with nothing around it. Blanks at its ends are not trimmed;
characters that no name can have, unpaired brackets and stray colons make an address that cannot be
connected to, so every export fails. An address that does not even parse switches all telemetry off:
see `otlp-exporter-refused`. Credentials before an `@` break the address, too, unless it has a scheme:
see `otlp-host-credentials`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": " collector" }]
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
      "exporters": {
        "otlp": [{ "name": "collector", "host": "<collector>" }]
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
        "otlp": [{ "name": "collector", "host": "http://", "use_http": true, "port": 4318 }]
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
        "otlp": [{ "name": "collector", "host": "otel_collector.monitoring.svc" }]
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
        let Fault::Invalid(flaw) = at.fault else { continue };
        if !at.fault.breaks(&at.host, cx.target()) {
            continue;
        }
        let (message, help) = words(flaw, cx.effective.is_community());
        let finding = cx.at(at.node, message).labelled("not a host name").help(help);
        cx.report(if flaw == Flaw::Blanks {
            let value = at.host.text.trim().into();
            finding.safe_fix("Remove the blanks", vec![Edit::Replace { node: at.node, value }])
        } else {
            finding
        });
    }
}

fn words(flaw: Flaw, is_community: bool) -> (String, &'static str) {
    match flaw {
        Flaw::Blanks => (
            "`host` begins or ends with blanks, which are not trimmed".to_owned(),
            "Remove the blanks.",
        ),
        Flaw::Credentials => (
            "the gateway does not send the credentials in `host`".to_owned(),
            if is_community {
                "Remove the credentials, and set OTEL_EXPORTER_OTLP_HEADERS in the environment of the gateway."
            } else {
                "Remove the credentials, and write the headers in `telemetry/opentelemetry-security`."
            },
        ),
        Flaw::Nameless => (
            "there is no host name in `host`".to_owned(),
            "Write the collector's host. If a template fills it in, check that its variable is set.",
        ),
        Flaw::Character(odd) => (
            format!("no host name has the character `{}`", odd.escape_debug()),
            "Write the name or address of the collector alone.",
        ),
        Flaw::Brackets => (
            "the brackets in `host` are not a pair around an address".to_owned(),
            "Put an IPv6 address in brackets, such as `[2001:db8::7]`, and nothing else.",
        ),
        Flaw::Colon => (
            "`host` contains a colon that no port follows".to_owned(),
            "Write the host alone here, and the number of the port into `port`.",
        ),
    }
}
