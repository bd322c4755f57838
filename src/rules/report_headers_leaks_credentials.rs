use serde_json::json;

use crate::effective::headers::HeaderSettings;
use crate::effective::layers::Matching;
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Headers with credentials become attributes of spans.
pub static RULE: Rule = Rule {
    id: "report-headers-leaks-credentials",
    summary: "`report_headers` exports credentials such as `Authorization` with every span",
    group: Group::Privacy,
    severity: Severity::Warning,
    consequence: Consequence::DataLeaks,
    applies: Applies::ALWAYS,
    fix: Availability::Always,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
With `report_headers` a layer writes every header of requests and responses into its spans, and they
leave for the collector: bearer tokens, session cookies, API keys. `skip_headers` keeps headers out,
but of the layer it stands in only; each layer needs the list. The vendor's page on Jaeger turns
`report_headers` on in all three layers and has no list at all.

The proxy and backend layers only see what gets that far: request headers that `input_headers` of an
endpoint lets through, and `Set-Cookie` of responses. Before 2.12 there is no `skip_headers`; then
headers are all reported or none.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "global": { "report_headers": true }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
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
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
        }
      },
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
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
        },
        "proxy": { "report_headers": true, "skip_headers": ["Cookie"] },
        "backend": { "traces": { "round_trip": true, "report_headers": true } }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["Authorization", "Content-Type"],
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json fixed
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "global": {
          "report_headers": true,
          "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
        },
        "proxy": {
          "report_headers": true,
          "skip_headers": ["Cookie", "Authorization", "Proxy-Authorization", "Set-Cookie", "X-Api-Key"]
        },
        "backend": {
          "traces": {
            "round_trip": true,
            "report_headers": true,
            "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
          }
        }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["Authorization", "Content-Type"],
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["Authorization", "Content-Type"],
      "extra_config": {
        "telemetry/opentelemetry": {
          "proxy": { "report_headers": true }
        }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
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
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["Authorization", "Content-Type"],
      "extra_config": {
        "telemetry/opentelemetry": {
          "proxy": {
            "report_headers": true,
            "skip_headers": ["Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"]
          }
        }
      },
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```

```json bad version=2.11
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "global": { "report_headers": true }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  }
}
```

```json fixed version=2.11
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "global": { "report_headers": false }
      },
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
      "layers": {
        "proxy": { "report_headers": true }
      },
      "exporters": {
        "otlp": [{ "name": "collector", "host": "collector" }]
      }
    }
  },
  "endpoints": [
    {
      "endpoint": "/orders",
      "input_headers": ["Content-Type"],
      "backend": [{ "url_pattern": "/orders", "host": ["http://orders"] }]
    }
  ]
}
```
"#,
    evidence: &[
        "krakend-otel http/server/traces.go:62-75,98-111",
        "krakend-otel http/client/transport_traces.go:87-93,111-118",
        "krakend-otel pull request 60",
        "krakend-documentation docs/telemetry/jaeger.md:38-58 (shows the leak)",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let effective = cx.effective;
    if !effective.is_registered() || !effective.service.has_traces() {
        return;
    }
    for block in effective.header_blocks() {
        let leaking: Vec<(&HeaderSettings<'_>, Vec<&str>)> = block
            .iter()
            .filter(|settings| settings.reports() && !loses_list(cx, settings))
            .map(|settings| (settings, leaked(cx, settings)))
            .filter(|(_, headers)| !headers.is_empty())
            .collect();
        let Some(((first, _), rest)) = leaking.split_first() else { continue };
        let Some(at) = first.report_at() else { continue };
        let seen = |header: &str| leaking.iter().any(|(_, headers)| headers.contains(&header));
        let headers: Vec<&str> = cx.credentials().filter(|header| seen(header)).collect();
        let help = match first.matching {
            Matching::Ignored => {
                "Set `report_headers` to false: before 2.12 no header can be left out."
            }
            _ => "List them in `skip_headers` beside `report_headers`, in each of the layers.",
        };
        let edits = leaking.iter().flat_map(|(settings, _)| remedy(cx, settings)).collect();
        let title = match first.matching {
            Matching::Ignored => "Report no headers",
            _ => "Leave headers with credentials out",
        };
        let mut finding = cx
            .at(at.node, format!("headers with credentials go into spans: {}", headers.join(", ")))
            .labelled(format!("reported by the {} layer", first.layer.as_str()))
            .help(help)
            .unsafe_fix(title, edits);
        for (settings, _) in rest {
            if let Some(at) = settings.report_at() {
                let text = format!("and by the {} layer", settings.layer.as_str());
                finding = finding.related(cx.label(at.node, text));
            }
        }
        cx.report(finding);
    }
}

/// Whether an override leaks because it drops the service's `skip_headers`: that is one fault, and
/// `override-replaces-not-merges` speaks of it.
fn loses_list(cx: &Context<'_>, settings: &HeaderSettings<'_>) -> bool {
    let losses = match settings.of {
        None => return false,
        Some((endpoint, None)) => cx.effective.lost_by_endpoint(endpoint),
        Some((_, Some(backend))) => cx.effective.lost_by_backend(backend),
    };
    losses.iter().any(|loss| loss.name == "skip_headers")
}

/// The headers with credentials that get into the spans of this layer. One that an entry means is
/// not among them: if the entry is written so that the release does not understand it, that is for
/// the rules on entries to say.
fn leaked<'a>(cx: &Context<'a>, settings: &HeaderSettings<'_>) -> Vec<&'a str> {
    let is_ignored = settings.matching == Matching::Ignored;
    if is_ignored && cx.effective.is_community() && settings.entries().next().is_some() {
        return Vec::new(); // `skip-headers-unsupported` has the same to say.
    }
    let leaks = |header: &&str| {
        (is_ignored || !settings.means(header)) && cx.effective.exposes(settings, header)
    };
    cx.credentials().filter(leaks).collect()
}

/// The edits that keep credentials out of this layer.
fn remedy(cx: &Context<'_>, settings: &HeaderSettings<'_>) -> Vec<Edit> {
    if settings.matching == Matching::Ignored {
        let at = settings.report_at();
        return at
            .map(|at| Edit::Replace { node: at.node, value: false.into() })
            .into_iter()
            .collect();
    }
    match settings.skip_at() {
        Some(list) => cx
            .credentials()
            .filter(|header| !settings.means(header))
            .map(|header| Edit::Append { array: list.node, value: header.into() })
            .collect(),
        None => vec![cx.set(
            settings.object,
            "skip_headers",
            json!(cx.credentials().collect::<Vec<_>>()),
        )],
    }
}
