use crate::effective::exporters::{OTLP_PORT, Otlp};
use crate::effective::host::Host;
use crate::effective::is_filled_in_later;
use crate::effective::refusal::Refusal;
use crate::finding::{Edit, Finding, Severity};
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// The gateway cannot make an exporter, and drops the whole block.
pub static RULE: Rule = Rule {
    id: "otlp-exporter-refused",
    summary: "an OTLP exporter with an address that does not parse switches all telemetry off",
    group: Group::Exporters,
    severity: Severity::Error,
    consequence: Consequence::TelemetryOffLogged,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[
        "otlp-host-empty",
        "otlp-host-invalid",
        "otlp-host-scheme",
        "otlp-host-contains-port",
        "otlp-host-contains-path",
        "port-range",
        "unrendered-placeholder",
    ],
    needs_whole: false,
    docs: r#"
The gateway makes a URL of host and port when it starts. Where that does not parse, it cannot make
the exporter, and gives up: it drops the whole telemetry block, the other exporters in it as well,
logs one line, and serves without any telemetry. What does not parse:

- with `use_http`: a blank, `#`, `/`, `?`, `@`, `[`, `\`, `^`, `` ` ``, `{`, `|`, `}` or a control
  character in a host without a scheme, and so every scheme but `http://` and `https://` in lower
  case, and every placeholder that nobody filled in;
- behind `http://` and `https://`, whichever the protocol: a blank, `%`, `[`, `\`, `^`, `` ` ``, `{`,
  `|` or `}`;
- over gRPC: a percent sign without two hexadecimal digits behind it, or a control character;
- a negative port with `use_http` or behind a scheme.

Up to 2.9 the gateway knows no scheme, so `http://` and `https://` with `use_http` do this, too.

A host that a template or `envsubst` may still fill in is a warning only.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "HTTPS://collector", "use_http": true, "port": 4318 }
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
        "otlp": [{ "name": "collector", "host": "${HOST}", "use_http": true, "port": 4318 }]
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
        "otlp": [{ "name": "collector", "host": "collector/", "use_http": true, "port": 4318 }]
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
        "otlp": [{ "name": "collector", "host": "collector", "use_http": true, "port": 4318 }]
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
        "otlp": [{ "name": "collector", "host": "collector", "use_http": true, "port": -1 }]
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
    evidence: &[
        "krakend-otel exporter/otelcollector/otelcollector.go:66-79,120-133",
        "Go net/url (parseHost, unescape)",
        "grpc-go clientconn.go (initParsedTargetAndResolverBuilder)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    for exporter in &cx.effective.service.otlp {
        let Some(refusal) = exporter.refusal else { continue };
        let why = match refusal {
            Refusal::Url => "is not a URL",
            Refusal::Request => "makes no URL for requests",
            Refusal::Grpc => "is not an address for gRPC",
        };
        let finding = match host_of(cx, exporter) {
            Some(host) => of_host(cx, exporter, host, why),
            None => of_port(cx, exporter, why),
        };
        if let Some(finding) = finding {
            cx.report(finding);
        }
    }
}

/// The host, if it is what is refused: with any port.
fn host_of<'e>(cx: &Context<'_>, exporter: &'e Otlp) -> Option<&'e str> {
    let host = exporter.written.host.get()?;
    Refusal::of(host, OTLP_PORT, exporter.use_http.value, cx.target()).map(|_| host.as_str())
}

fn of_port(cx: &Context<'_>, exporter: &Otlp, why: &str) -> Option<Finding> {
    let at = exporter.written.port.at()?;
    let usual = if exporter.use_http.value { "4318 for HTTP" } else { "4317 for gRPC" };
    let help = format!("Write the port that is meant, {usual}.");
    let message = format!("with this port the address {why}: the gateway drops the whole block");
    Some(cx.at(at.node, message).labelled("out of range").help(help))
}

fn of_host(cx: &Context<'_>, exporter: &Otlp, text: &str, why: &str) -> Option<Finding> {
    let node = exporter.written.host.at()?.node;
    let message = format!("this host {why}: the gateway drops the whole block");
    let finding = cx.at(node, message).labelled("does not parse");
    if is_filled_in_later(text) {
        let finding = finding.help(
            "The gateway takes it as it stands. Fill it in before the gateway reads the file, and check \
             that file.",
        );
        let is_lost = text.contains("<no value>");
        return Some(if is_lost { finding } else { finding.severity(Severity::Warning) });
    }
    let finding = finding.help(
        "Write the host alone: a name or an address, with `http://` or `https://` before it at most.",
    );
    Some(match corrected(cx, exporter, text) {
        Some((title, value, is_sure)) => {
            let edits = vec![Edit::Replace { node, value: value.into() }];
            if is_sure { finding.safe_fix(title, edits) } else { finding.unsafe_fix(title, edits) }
        }
        None => finding,
    })
}

/// A host that parses and is most likely meant, and whether that is sure.
fn corrected(
    cx: &Context<'_>,
    exporter: &Otlp,
    text: &str,
) -> Option<(&'static str, String, bool)> {
    let (http, target) = (exporter.use_http.value, cx.target());
    let trimmed = text.trim();
    let host = Host::parse(trimmed);
    let rest = host.scheme.map_or(trimmed, |scheme| &trimmed[scheme.len() + "://".len()..]);
    let lower = host.scheme.map(str::to_ascii_lowercase);
    let is_web = matches!(lower.as_deref(), Some("http" | "https"));
    let candidates = [
        ("Remove the blanks", trimmed.to_owned(), true),
        (
            "Write the scheme in lower case",
            lower.filter(|_| is_web).map_or(String::new(), |scheme| format!("{scheme}://{rest}")),
            target.version >= releases::URL_SCHEMES,
        ),
        ("Remove the slash", trimmed.trim_end_matches('/').to_owned(), host.is_lone_slash()),
        ("Remove the scheme", rest.to_owned(), false),
    ];
    candidates.into_iter().find(|(_, value, _)| {
        let is_host = Host::parse(value).fault(http, target).is_none();
        value != text && is_host && Refusal::of(value, OTLP_PORT, http, target).is_none()
    })
}
