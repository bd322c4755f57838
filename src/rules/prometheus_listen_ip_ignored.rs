use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The Community Edition does not read the address to listen on.
pub static RULE: Rule = Rule {
    id: "prometheus-listen-ip-ignored",
    summary: "`listen_ip` of a Prometheus exporter is ignored: it listens on every interface",
    group: Group::Prometheus,
    severity: Severity::Warning,
    consequence: Consequence::DataLeaks,
    applies: Applies::COMMUNITY,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The documentation and the vendor's schema call the address that a Prometheus exporter listens on
`listen_ip`. The Community Edition has no such field: it listens on all interfaces, so whoever
reaches the gateway reads its metrics, although the file says otherwise.

What it reads instead is `host`, which the vendor's own check calls unknown. The sure way is a
firewall or a network policy.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "prometheus": [{ "name": "metrics", "listen_ip": "127.0.0.1" }]
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
        "prometheus": [{ "name": "metrics", "listen_ip": "127.0.0.1", "host": "127.0.0.1" }]
      }
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
        "prometheus": [{ "name": "metrics", "listen_ip": "127.0.0.1" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel config/config.go:121-128, exporter/prometheus/prometheus.go:67"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.prometheus {
        let listen_ip = &exporter.written.listen_ip;
        let Some((address, at)) = listen_ip.written() else { continue };
        let means_all = matches!(address.as_str(), "" | "0.0.0.0" | "::" | "[::]");
        // Whoever writes `host` as well knows.
        if means_all || !exporter.listens_everywhere() {
            continue;
        }
        let finding = cx
            .at(at.node, "`listen_ip` is ignored: these metrics are open on every interface")
            .labelled("not read by the Community Edition")
            .help(format!(
                "Close port {} to others with a firewall or network policy, or write `\"host\": \
                 \"{}\"`, which this edition reads although the vendor's check calls it unknown.",
                exporter.port.value,
                bracketed(address),
            ));
        cx.report(finding);
    }
}

/// The address as `host` takes it: an IPv6 address needs brackets there.
fn bracketed(address: &str) -> String {
    if address.contains(':') && !address.starts_with('[') {
        format!("[{address}]")
    } else {
        address.to_owned()
    }
}
