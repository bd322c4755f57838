use crate::effective::attributes::{AttributeBlock, AttributeList, Pair, built_in};
use crate::effective::layers::SignalKind;
use crate::finding::Severity;
use crate::releases;
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::secrets;
use crate::target::Target;

/// A static attribute that makes no proper Prometheus label.
pub static RULE: Rule = Rule {
    id: "static-attribute-prometheus-label",
    summary: "the key of a static attribute makes no proper Prometheus label",
    group: Group::Prometheus,
    severity: Severity::Warning,
    consequence: Consequence::WrongData,
    applies: Applies::ALWAYS,
    fix: Availability::Never,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
A Prometheus exporter turns the key of an attribute into a label, with an underscore in the place of
what a label cannot have: `team.name` becomes `team_name`. Two keys that become the same label are
joined into one, with both values in it, divided by a semicolon. A key that makes no valid label, as
it begins with two underscores, spoils the metric it is added to: Prometheus does not get it. So does
one that begins with a digit or is not ASCII, up to 2.13.4; since 2.13.5 it gets another name:
`2nd-team` becomes `_nd_team`. `le` is the label of the buckets of histograms, and then stands twice in
each sample.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "layers": {
        "proxy": {
          "metrics_static_attributes": [
            { "key": "team.name", "value": "payments" },
            { "key": "team_name", "value": "payments" }
          ]
        }
      },
      "exporters": {
        "prometheus": [{ "name": "scrape" }]
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
        "proxy": { "metrics_static_attributes": [{ "key": "2nd-team", "value": "payments" }] }
      },
      "exporters": {
        "prometheus": [{ "name": "scrape" }]
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
        "proxy": { "metrics_static_attributes": [{ "key": "2nd-team", "value": "payments" }] }
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
        "proxy": { "metrics_static_attributes": [{ "key": "team.name", "value": "payments" }] }
      },
      "exporters": {
        "prometheus": [{ "name": "scrape" }]
      }
    }
  }
}
```
"#,
    evidence: &["opentelemetry-go exporters/prometheus/exporter.go getAttrs (v0.47.0)"],
    check: Check::Semantic(check),
};

fn check(cx: &mut Context<'_>) {
    if !cx.effective.service.prometheus.iter().any(|exporter| exporter.metrics.value) {
        return;
    }
    let target = cx.target();
    let is_faulty =
        move |pair: &Pair<'_>| pair.signal == SignalKind::Metrics && fault(pair, target).is_some();
    let may_collide = |list: &AttributeList<'_>| list.items.len() > 1;
    let is_worth_it = move |block: &AttributeBlock<'_>| {
        block.pairs().any(|pair| is_faulty(&pair)) || block.lists().any(may_collide)
    };
    for block in cx.effective.attribute_blocks(&is_worth_it) {
        for group in block.alike(is_faulty) {
            let Some((first, rest)) = group.split_first() else { continue };
            let Some(message) = fault(first, target) else { continue };
            let mut finding = cx
                .at(first.key_at, message)
                .labelled(called(first.key))
                .help("Choose another key: letters, digits, dots and underscores, a letter first.");
            for pair in rest {
                finding = finding.related(cx.label(pair.key_at, "the same here"));
            }
            cx.report(finding);
        }
        for list in block.lists().filter(|list| list.signal == SignalKind::Metrics) {
            collisions(cx, list);
        }
    }
}

/// Keys of one list that become one label.
fn collisions(cx: &mut Context<'_>, list: &AttributeList<'_>) {
    let mut labels: Vec<(String, Vec<Pair<'_>>)> = Vec::new();
    for pair in list.pairs() {
        // What the gateway sets itself was compared already.
        if fault(&pair, cx.target()).is_some()
            || built_in(pair.layer, pair.signal).contains(&pair.key)
        {
            continue;
        }
        let label = label(pair.key);
        match labels.iter_mut().find(|(known, _)| *known == label) {
            // The same key twice is for another rule.
            Some((_, pairs)) if pairs.iter().any(|known| known.key == pair.key) => {}
            Some((_, pairs)) => pairs.push(pair),
            None => labels.push((label, vec![pair])),
        }
    }
    for (_, pairs) in labels {
        let Some((latest, others)) = pairs.split_last() else { continue };
        let Some(earliest) = others.first() else { continue };
        let (one, two) = (earliest.key, latest.key);
        let mut finding = cx
            .at(latest.key_at, format!("`{one}` and `{two}` are the same label for Prometheus"))
            .labelled(format!("{} again", called(one)))
            .help("Keep one of them: Prometheus gets all values in one label, joined by `;`.");
        for pair in others {
            finding = finding.related(cx.label(pair.key_at, "already has this label"));
        }
        cx.report(finding);
    }
}

/// What is wrong with the label of `pair`, taken alone.
fn fault(pair: &Pair<'_>, target: Target) -> Option<String> {
    let label = label(pair.key);
    let is_valid = !label.starts_with("__")
        && !label.starts_with(|c: char| c.is_ascii_digit())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let same = |own: &&&str| **own != pair.key && label_of(own).eq(label.chars());
    if label == "le" {
        Some("`le` is the label of histogram buckets: Prometheus cannot read the metric".to_owned())
    } else if !is_valid && !label.starts_with("__") && target.version >= releases::LABELS_RENAMED {
        Some("this key makes no valid Prometheus label, so it gets another name there".to_owned())
    } else if !is_valid {
        Some("this key makes no valid Prometheus label, so metrics with it are lost".to_owned())
    } else {
        let own = built_in(pair.layer, pair.signal).iter().find(same)?;
        Some(format!("this is the same Prometheus label as `{own}`, which the gateway sets"))
    }
}

/// How a label is called that the exporter makes of `key`: not by its name if the key looks like a secret,
/// since the characters that tell a secret are replaced in it.
fn called(key: &str) -> String {
    if secrets::may_be_secret(key) {
        "the label of this key".to_owned()
    } else {
        format!("the label `{}`", label(key))
    }
}

/// The label that the exporter makes of `key`.
fn label(key: &str) -> String {
    label_of(key).collect()
}

fn label_of(key: &str) -> impl Iterator<Item = char> {
    key.chars().map(|c| if c.is_alphanumeric() || c == ':' { c } else { '_' })
}
