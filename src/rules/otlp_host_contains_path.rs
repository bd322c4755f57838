use crate::effective::exporters::{Endpoint, OTLP_HTTP_PORT};
use crate::effective::{fault::Fault, faulty_host::FaultyHost};
use crate::finding::{Edit, Finding, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The host brings a path.
pub static RULE: Rule = Rule {
    id: "otlp-host-contains-path",
    summary: "an OTLP host contains a path, which takes the port with it",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway puts a colon and the port behind `host` first, and makes an address of the whole
afterwards. With a scheme in front, a path swallows the port: `https://collector/` goes to port 443,
`http://collector/` over HTTP to port 80, whatever `port` says. The path itself is dropped as well:
`use_http` always posts to `/v1/traces` and `/v1/metrics`. Without a scheme, and up to 2.9 with one,
nothing can be reached over gRPC, but for `?` and `#`, behind which gRPC drops the port and goes to 443;
with `use_http` the gateway drops the whole block (`otlp-exporter-refused`).

Where all that ends up at an address that may well be meant, this is a warning only.

A path for all exporters can be set from outside, in the variable `OTEL_EXPORTER_OTLP_ENDPOINT`.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "https://collector/", "use_http": true, "port": 4318 }
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
          { "name": "collector", "host": "https://collector", "use_http": true, "port": 4318 }
        ]
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
        "otlp": [{ "name": "collector", "host": "https://collector/otlp", "use_http": true }]
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
        "otlp": [{ "name": "collector", "host": "http://collector:4318/", "use_http": true }]
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
          { "name": "collector", "host": "http://collector", "port": 4318, "use_http": true }
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
          { "name": "collector", "host": "https://collector", "use_http": true, "port": 4318 }
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
    let target = cx.target();
    for at in cx.effective.service.faulty_hosts() {
        if at.fault != Fault::Path {
            continue;
        }
        let FaultyHost { exporter, host, .. } = at;
        let Endpoint { tls, address, broken } = exporter.endpoint(target);
        let http = exporter.use_http.value;
        // These two paths are used in any case, and gRPC has no use for one.
        let path = host.path.trim_end_matches('/');
        let loses_path = http && !matches!(path, "" | "/v1/traces" | "/v1/metrics");
        let message = if broken {
            "`host` contains a path: no address like this can be reached".to_owned()
        } else if loses_path {
            format!("the path in `host` is dropped: exports go to `/v1/…` at `{address}`")
        } else {
            format!("the path in `host` takes the place of `port`: exports go to `{address}`")
        };
        let mut finding = cx
            .at(at.node, message)
            .labelled("host and path")
            .help("Write the host alone here, and the port that is meant into `port`.");
        if let Some(node) = exporter.port.node.filter(|_| !broken) {
            finding = finding.related(cx.label(node, "not used"));
        }
        let may_be_meant = match host.port {
            Some(_) => true,
            None => exporter.port.node.is_none() && (http || host.is_https()),
        };
        if may_be_meant && !broken && !loses_path && tls == host.is_https() {
            finding = finding.severity(Severity::Warning);
        }
        let is_fixable = host.is_lone_slash() && host.port.is_some() == at.own_port().is_some();
        cx.report(if is_fixable { without_slash(cx, finding, at) } else { finding });
    }
}

/// Adds the fix for a path that is nothing but a slash.
fn without_slash(cx: &Context<'_>, finding: Finding, at: FaultyHost<'_>) -> Finding {
    let mut edits = vec![Edit::Replace { node: at.node, value: at.bare().into() }];
    let is_dropped = at.host.drops_port(cx.target());
    if let Some(own) = at.own_port() {
        edits.push(cx.set(at.exporter.node, "port", own));
    } else if is_dropped && at.exporter.port.node.is_none() && at.exporter.use_http.value {
        edits.push(cx.set(at.exporter.node, "port", OTLP_HTTP_PORT));
    }
    let is_sure = match at.own_port() {
        Some(_) => !at.ports_differ(),
        None => !is_dropped || at.exporter.port.node.is_some(),
    };
    if is_sure {
        finding.safe_fix("Remove the slash", edits)
    } else {
        finding.unsafe_fix("Remove the slash and use the port for OTLP", edits)
    }
}
