use std::collections::HashMap;

use crate::effective::exporters::Otlp;
use crate::finding::Severity;
use crate::identity;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};

/// Two exporters send the same to the same place.
pub static RULE: Rule = Rule {
    id: "duplicate-otlp-target",
    summary: "two exporters send the same signals to the same address",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
Every exporter gets every span and every metric that it does not disable. Two that send to one
address over one protocol deliver all of it twice: counts double, traces hold each span twice, and so
does the bill. What counts is the address that results, with defaults: no port and port 4317 are the
same.

Two exporters to one address are fine if one disables metrics and the other traces.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "collector", "host": "collector" },
          { "name": "again", "host": "collector", "port": 4317 }
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
        "otlp": [
          { "name": "collector", "host": "http://collector", "disable_metrics": true },
          { "name": "again", "host": "Collector" }
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
          { "name": "collector", "host": "collector", "disable_metrics": true },
          { "name": "metrics", "host": "collector", "disable_traces": true }
        ]
      }
    }
  }
}
```
"#,
    evidence: &[
        "krakend-otel otel.go:102-111",
        "krakend-otel exporter/otelcollector/otelcollector.go",
    ],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    let exporters = &cx.effective.service.otlp;
    if exporters.len() < 2 || !cx.effective.is_registered() {
        return;
    }
    let target = cx.target();
    let mut first_to: HashMap<(String, bool), First<'_>> = HashMap::new();
    for later in exporters {
        let endpoint = later.endpoint(target);
        let key = (endpoint.address.to_ascii_lowercase(), later.use_http.value);
        let first = first_to.entry(key).or_default();
        let same = first.that_shares(later);
        first.add(later);
        let Some(earlier) = same.filter(|_| !endpoint.broken) else { continue };
        let Some(signals) = common(earlier, later) else { continue };
        let (Some(first), Some(second)) = (earlier.host.node, later.host.node) else { continue };
        let address = endpoint.address.to_lowercase();
        let list = cx.doc.pointer(later.node).above().to_string();
        let finding = cx
            .at(second, format!("{signals} go to `{}` twice", endpoint.address))
            .labelled("the same address again")
            .related(cx.label(first, "first sent from here"))
            .help(
                "Remove one of the two exporters, or disable metrics in one and traces in the \
                 other.",
            )
            .known_as(identity::among(cx.doc, &list, &address, "host"));
        cx.report(finding);
    }
}

/// The first exporters to an address, by what they send.
#[derive(Default)]
struct First<'e> {
    metrics: Option<&'e Otlp>,
    traces: Option<&'e Otlp>,
}

impl<'e> First<'e> {
    /// The first one that sends something that `later` sends too.
    fn that_shares(&self, later: &Otlp) -> Option<&'e Otlp> {
        let metrics = self.metrics.filter(|_| later.metrics.value);
        let traces = self.traces.filter(|_| later.traces.value);
        metrics.into_iter().chain(traces).min_by_key(|earlier| earlier.node)
    }

    fn add(&mut self, exporter: &'e Otlp) {
        if exporter.metrics.value {
            self.metrics.get_or_insert(exporter);
        }
        if exporter.traces.value {
            self.traces.get_or_insert(exporter);
        }
    }
}

/// What both exporters send.
fn common(one: &Otlp, other: &Otlp) -> Option<&'static str> {
    match (one.metrics.value && other.metrics.value, one.traces.value && other.traces.value) {
        (true, true) => Some("metrics and traces"),
        (true, false) => Some("metrics"),
        (false, true) => Some("traces"),
        (false, false) => None,
    }
}
