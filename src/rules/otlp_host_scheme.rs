use crate::effective::{fault::Fault, faulty_host::FaultyHost};
use crate::finding::{Edit, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The host begins with a scheme that is taken for a part of its name.
pub static RULE: Rule = Rule {
    id: "otlp-host-scheme",
    summary: "an OTLP host begins with a scheme that the gateway does not know",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
A host may begin with `http://` or `https://`, in lower case, from 2.10 on. Anything else before
`://` counts as a part of the host name, `HTTP://` and `grpc://` too, and up to 2.9 every scheme
does. No such name exists: the gateway starts, and every export over gRPC fails. With `use_http` it is
worse: see `otlp-exporter-refused`.

gRPC needs no scheme. Its own notation for name resolution, `dns:///collector`, is understood.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "grpc://collector" }]
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
        "otlp": [{ "name": "collector", "host": "unix:///run/collector.sock" }]
      }
    }
  }
}
```

```json bad version=2.9
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "http://collector" }]
      }
    }
  }
}
```

```json fixed version=2.9
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

```json good
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "dns:///collector" }]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel exporter/otelcollector/otelcollector.go:66-79,120-133",
        "krakend-otel PR #46, #51",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let target = cx.target();
    for at in cx.effective.service.faulty_hosts() {
        let (Fault::Scheme, Some(scheme)) = (at.fault, at.host.scheme) else { continue };
        let lower = scheme.to_ascii_lowercase();
        let is_web = matches!(&*lower, "http" | "https");
        let too_old = target.version < releases::URL_SCHEMES;
        let message = if too_old && is_web {
            format!("KrakenD {} takes `{scheme}://` for a part of the host name", target.version)
        } else {
            format!("the gateway takes `{scheme}://` for a part of the host name")
        };
        let finding = cx.at(at.node, message).labelled("no such host");
        let rest = &at.host.text[scheme.len() + "://".len()..];
        let put = |text: String| vec![Edit::Replace { node: at.node, value: text.into() }];
        cx.report(if is_web && !too_old {
            let finding = finding.help("Write the scheme in lower case.");
            let text = format!("{lower}://{rest}");
            // gRPC would send in clear text where nothing was sent before.
            if exposes(&at, &lower) {
                finding.unsafe_fix("Write the scheme in lower case", put(text))
            } else {
                finding.safe_fix("Write the scheme in lower case", put(text))
            }
        } else {
            let finding = finding.help("Write the host alone, without a scheme.");
            if at.host.name.is_empty() {
                finding
            } else {
                finding.unsafe_fix("Remove the scheme", put(rest.to_owned()))
            }
        });
    }
}

fn exposes(at: &FaultyHost<'_>, scheme: &str) -> bool {
    scheme == "https" && !at.exporter.use_http.value
}
