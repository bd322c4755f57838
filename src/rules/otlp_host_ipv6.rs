use crate::effective::fault::Fault;
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// An IPv6 address needs brackets.
pub static RULE: Rule = Rule {
    id: "otlp-host-ipv6",
    summary: "the host of an OTLP exporter with gRPC is an IPv6 address without brackets",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway puts a colon and the port behind `host`. Behind a bare IPv6 address, which is full of
colons, gRPC cannot tell where the port begins: it takes all of `2001:db8::7:4317` for an address and
goes to port 443 there, so every export fails. Put the address in brackets. With `use_http` a bare
address works.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "2001:db8::7", "port": 4317 }]
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
        "otlp": [{ "name": "collector", "host": "[2001:db8::7]", "port": 4317 }]
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
        "otlp": [{ "name": "collector", "host": "2001:db8::7:4317" }]
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
        "otlp": [{ "name": "collector", "host": "[2001:db8::7]", "port": 4317 }]
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
        if at.fault != Fault::Ipv6 {
            continue;
        }
        let finding = cx
            .at(at.node, "an IPv6 address needs brackets: the port is put right behind it")
            .labelled("no brackets")
            .help(
                "Write the address in brackets, such as `[2001:db8::7]`, and the port into `port`.",
            );
        let name = at.host.name;
        // A port may hide in the last group; a zone is written otherwise in a URL.
        let last = name.rsplit(':').next().unwrap_or_default();
        let is_sure = !matches!(last, "4317" | "4318") && !name.contains('%');
        cx.report(if is_sure {
            let value = at.host.text.replacen(name, &format!("[{name}]"), 1).into();
            finding.safe_fix("Add brackets", vec![Edit::Replace { node: at.node, value }])
        } else {
            finding
        });
    }
}
