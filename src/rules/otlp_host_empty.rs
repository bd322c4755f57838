use crate::effective::fault::Fault;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The host is empty.
pub static RULE: Rule = Rule {
    id: "otlp-host-empty",
    summary: "an OTLP host is empty, which means `localhost`",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
An empty host counts as `localhost`, and nothing is logged: the gateway sends to its own machine
or container, where usually no collector listens, and every export fails. It mostly comes from a
template whose variable was not set.

A host of blanks is not even that; it is taken as a name, which nobody has. With `use_http` it switches
all telemetry off: see `otlp-exporter-refused`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "" }]
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
        "otlp": [{ "name": "collector", "host": "  " }]
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
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel exporter/otelcollector/otelcollector.go:163-165"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for at in cx.effective.service.faulty_hosts() {
        if at.fault != Fault::Empty {
            continue;
        }
        let message = if at.host.text.is_empty() {
            "`host` is empty: exports go to `localhost`, the gateway itself"
        } else {
            "`host` is blank: no collector can be reached"
        };
        let finding = cx.at(at.node, message).labelled("no host").help(
            "Write the collector's host. If a template fills it in, check that its variable is set.",
        );
        cx.report(finding);
    }
}
