use crate::finding::Severity;
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};

/// The address that the Community Edition reads.
pub static RULE: Rule = Rule {
    id: "prometheus-host-undocumented",
    summary: "`host` of a Prometheus exporter works, but no schema knows it",
    group: Group::Prometheus,
    severity: Severity::Info,
    consequence: Consequence::Works,
    applies: Applies::COMMUNITY,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The Community Edition takes the address a Prometheus exporter listens on from `host`; the documented
`listen_ip` has no effect there. The vendor's own check calls `host` unknown. An IPv6 address needs
brackets: without them the exporter fails to listen, which is an error.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "prometheus": [{ "name": "metrics", "host": "127.0.0.1" }]
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
        "prometheus": [{ "name": "metrics", "host": "::1" }]
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
        "prometheus": [{ "name": "metrics" }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel config/config.go:124, exporter/prometheus/prometheus.go:67"],
    check: Check::Schema,
};
