use std::collections::{BTreeSet, HashMap};

use crate::document::NodeId;
use crate::effective::exporters::Otlp;
use crate::effective::host::Host;
use crate::finding::{Edit, Severity};
use crate::rule::{Applies, Availability, Check, Consequence, Context, Group, Rule};
use crate::spelling::edit_distance;

/// A host that is probably a misspelling.
pub static RULE: Rule = Rule {
    id: "otlp-host-typo",
    summary: "an OTLP host is one letter off a well-known name, or off its exporter's name",
    group: Group::Exporters,
    severity: Severity::Warning,
    consequence: Consequence::ExportErrors,
    applies: Applies::ALWAYS,
    fix: Availability::Sometimes,
    supersedes: &[],
    needs_whole: false,
    docs: r#"
The gateway starts whatever the host is called, and looks it up when it exports. A misspelt name is
never found: there is an error in the log for each export, and no data arrives.

Words of the host are compared with names that collectors and backends usually have (`jaeger`,
`tempo`, `zipkin`, `collector` and others), and with words of the exporter's own name. Only one letter
added, left out, changed or swapped counts, in words of five letters or more. A word that also stands
in the exporter's name, or in the host of another exporter, is taken to be meant.

```json bad
{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [{ "name": "traces", "host": "jaeeger", "disable_metrics": true }]
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
        "otlp": [{ "name": "traces", "host": "jaeger", "disable_metrics": true }]
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
        "otlp": [{ "name": "watchtower", "host": "watchtwoer.monitoring" }]
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
        "otlp": [{ "name": "watchtower", "host": "watchtower.monitoring" }]
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
        "otlp": [{ "name": "jaeger", "host": "jaeger-2", "disable_metrics": true }]
      }
    }
  }
}
```
"#,
    evidence: &["krakend-otel exporter/otelcollector/otelcollector.go:66-79,120-133"],
    check: Check::Semantic(check),
};

/// What hosts that take OTLP are called, and what is often a part of their names.
const NAMES: &[&str] = &[
    "collector",
    "datadog",
    "grafana",
    "honeycomb",
    "jaeger",
    "localhost",
    "opentelemetry",
    "otelcol",
    "prometheus",
    "signoz",
    "telemetry",
    "tempo",
    "uptrace",
    "zipkin",
];

/// Letters that a word must have: in shorter ones, one other letter often makes another word.
const SHORTEST: usize = 5;

fn check(cx: &mut Context<'_>) {
    let exporters = &cx.effective.service.otlp;
    let is_sound = |exporter: &&Otlp| exporter.fault.is_none();
    let suspects: Vec<_> = exporters
        .iter()
        .filter(is_sound)
        .filter_map(|exporter| {
            let node = exporter.host.node?;
            misspelling(exporter).map(|(written, meant)| (exporter, node, written, meant))
        })
        .collect();
    if suspects.is_empty() {
        return;
    }
    let mut uses: HashMap<String, usize> = HashMap::new();
    for exporter in exporters {
        let service = service_of(exporter);
        let words: BTreeSet<&str> = words(&service).collect();
        for word in words {
            *uses.entry(word.to_owned()).or_default() += 1;
        }
    }
    for (exporter, node, written, meant) in suspects {
        if uses.get(&written).is_some_and(|times| *times > 1) {
            continue;
        }
        let finding = cx
            .at(node, format!("`{written}` is one letter off `{meant}`: is it misspelt?"))
            .labelled(format!("perhaps `{meant}`"))
            .help(format!("Write `{meant}` if that is the name of the host."));
        cx.report(match corrected(node, exporter, &written, &meant) {
            Some(edit) => finding.unsafe_fix(format!("Write `{meant}`"), vec![edit]),
            None => finding,
        });
    }
}

/// The service that `exporter` sends to: the first part of its host, in lower case. What follows is a
/// namespace or a domain.
fn service_of(exporter: &Otlp) -> String {
    let host = Host::parse(&exporter.host.value).normalized();
    host.split('.').next().unwrap_or_default().to_owned()
}

/// A word of the host that is a misspelling, and what it is one of.
fn misspelling(exporter: &Otlp) -> Option<(String, String)> {
    let service = service_of(exporter);
    let name = exporter.name.value.to_lowercase();
    let is_meant = |word: &str| NAMES.contains(&word) || words(&name).any(|known| known == word);
    words(&service).filter(|word| !is_meant(word)).find_map(|word| {
        let known = NAMES.iter().copied().find(|known| is_typo(word, known));
        // Two words of a language may differ in one letter only, but then rarely in its place.
        let same_length = |known: &str| known.len() == word.len() && !is_swap(word, known);
        let known = known
            .or_else(|| words(&name).find(|known| is_typo(word, known) && !same_length(known)))?;
        Some((word.to_owned(), known.to_owned()))
    })
}

/// The words of a name that may be compared: of letters alone, and not too short.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric()).filter(|word| {
        word.len() >= SHORTEST && word.len() <= 32 && word.chars().all(char::is_alphabetic)
    })
}

/// Whether one letter makes `word` to `known`. One that is missing or too many at the end does not
/// count: that is a plural, or another word.
fn is_typo(word: &str, known: &str) -> bool {
    word.len().abs_diff(known.len()) <= 1
        && !word.starts_with(known)
        && !known.starts_with(word)
        && edit_distance(word, known) == 1
}

/// Whether the words have the same letters in another order.
fn is_swap(one: &str, other: &str) -> bool {
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    letters(one) == letters(other)
}

/// The edit that puts `meant` in the place of `written`, if that stands in the host exactly once. Not
/// beside credentials, which an edit would repeat.
fn corrected(node: NodeId, exporter: &Otlp, written: &str, meant: &str) -> Option<Edit> {
    let host = &exporter.host.value;
    let is_plain = Host::parse(host).userinfo.is_none() && host.matches(written).count() == 1;
    is_plain.then(|| Edit::Replace { node, value: host.replace(written, meant).into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_letter_inside_a_word_is_a_misspelling() {
        for (word, known, expected) in [
            ("jaeeger", "jaeger", true),
            ("jeager", "jaeger", true),
            ("jager", "jaeger", true),
            ("jaegar", "jaeger", true),
            ("jaeger", "jaeger", false),
            ("collectors", "collector", false),
            ("collecto", "collector", false),
            ("yager", "jaeger", false),
        ] {
            assert_eq!(is_typo(word, known), expected, "{word}");
        }
    }

    #[test]
    fn digits_and_short_words_are_not_compared() {
        assert_eq!(words("otel-jaeger2.traces_eu").collect::<Vec<_>>(), ["traces"]);
    }
}
