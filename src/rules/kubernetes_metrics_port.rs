use crate::document::Pointer;
use crate::finding::{Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Group, Rule};
use crate::source::Span;

/// A Kubernetes resource that scrapes a port on which no Prometheus exporter listens.
pub static RULE: Rule = Rule {
    id: "kubernetes-metrics-port",
    summary: "a Service, monitor or annotation scrapes a port that no Prometheus exporter opens",
    group: Group::Prometheus,
    severity: Severity::Warning,
    consequence: Consequence::NoEffect,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
In Kubernetes Prometheus finds the gateway's metrics by the port of a Service, a ServiceMonitor or
PodMonitor, or the annotation `prometheus.io/port`. If that is not the port of a Prometheus exporter in
the configuration, the scrape fails and there are no metrics, while the gateway itself logs nothing.

This is checked where one file holds the configuration (as a ConfigMap) and the resources around it. A
port of a Service counts if its name speaks of metrics. Only what belongs to the gateway is looked at: a
workload with an image called `krakend`, Services that select its pods, monitors that select those.

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata: { name: gateway }
data:
  krakend.json: |
    {
      "version": 3,
      "extra_config": {
        "telemetry/opentelemetry": {
          "exporters": { "prometheus": [{ "name": "metrics", "port": 9090 }] }
        }
      }
    }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway }
spec:
  selector: { matchLabels: { app: gateway } }
  template:
    metadata: { labels: { app: gateway } }
    spec:
      containers:
        - name: gateway
          image: krakend:2.13
---
apiVersion: v1
kind: Service
metadata: { name: gateway }
spec:
  selector: { app: gateway }
  ports:
    - { name: http, port: 80, targetPort: 8080 }
    - { name: metrics, port: 9091 }
```

```yaml good
apiVersion: v1
kind: ConfigMap
metadata: { name: gateway }
data:
  krakend.json: |
    {
      "version": 3,
      "extra_config": {
        "telemetry/opentelemetry": {
          "exporters": { "prometheus": [{ "name": "metrics", "port": 9090 }] }
        }
      }
    }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: gateway }
spec:
  selector: { matchLabels: { app: gateway } }
  template:
    metadata: { labels: { app: gateway } }
    spec:
      containers:
        - name: gateway
          image: krakend:2.13
---
apiVersion: v1
kind: Service
metadata: { name: gateway }
spec:
  selector: { app: gateway }
  ports:
    - { name: http, port: 80, targetPort: 8080 }
    - { name: metrics, port: 9091, targetPort: 9090 }
```
"#,
    evidence: &["krakend-otel exporter/prometheus/prometheus.go"],
    check: Check::Linter,
};

/// The finding for the port `scraped`, written at `span`, where an exporter listens on `opened`.
pub(crate) fn finding(span: Span, pointer: &Pointer, scraped: i64, opened: i64) -> Finding {
    Finding::new(
        &RULE,
        span,
        pointer,
        format!("metrics are scraped from port {scraped}, where no Prometheus exporter listens"),
    )
    .labelled("scraped here")
    .help(format!("Scrape port {opened}, or set the `port` of the exporter to {scraped}."))
}
