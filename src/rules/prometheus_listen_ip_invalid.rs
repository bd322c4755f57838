use std::net::IpAddr;

use crate::effective::is_filled_in_later;
use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The address to listen on is none.
pub static RULE: Rule = Rule {
    id: "prometheus-listen-ip-invalid",
    summary: "`listen_ip` of a Prometheus exporter is not an IP address",
    group: Group::Prometheus,
    severity: Severity::Error,
    consequence: Consequence::WrongData,
    applies: Applies::ENTERPRISE,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
`listen_ip` takes an IPv4 or IPv6 address, IPv6 without brackets. The schema takes any text, so
a host name, a port or a range goes unnoticed until Prometheus finds no metrics to fetch.

The Community Edition does not read this setting at all: see `prometheus-listen-ip-ignored`.

```json bad edition=ee
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "prometheus": [{ "name": "metrics", "listen_ip": "localhost" }]
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
        "prometheus": [{ "name": "metrics", "listen_ip": "::1" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-schema v2.13/telemetry/opentelemetry.json (no format)"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.prometheus {
        let listen_ip = &exporter.written.listen_ip;
        let Some((text, at)) = listen_ip.written() else { continue };
        // What is filled in before the gateway reads it cannot be checked.
        if text.is_empty() || is_address(text) || is_filled_in_later(text) {
            continue;
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let finding = match bare.filter(|bare| is_address(bare)) {
            // Whether the brackets do harm is not known.
            Some(_) => cx
                .at(at.node, "`listen_ip` takes an IPv6 address without brackets")
                .labelled("brackets do not belong to the address")
                .severity(Severity::Warning)
                .help("Leave out the brackets."),
            None => cx
                .at(at.node, "`listen_ip` is not an IP address")
                .labelled("not an address")
                .help("Write an IPv4 or IPv6 address of this machine, or remove it to listen on all interfaces."),
        };
        cx.report(finding);
    }
}

/// Whether `text` is an address, perhaps with a zone.
fn is_address(text: &str) -> bool {
    let address = text.split_once('%').map_or(text, |(address, _)| address);
    address.parse::<IpAddr>().is_ok()
}
