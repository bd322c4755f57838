//! What one run showed, and whether that is a consequence.

use std::collections::BTreeSet;

use otel_lint::rule::Consequence;
use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Deserialize)]
pub struct Observation {
    pub started: bool,
    #[serde(default)]
    pub log: BTreeSet<String>,
    #[serde(default)]
    pub log_of_scrapes: BTreeSet<String>,
    /// Everything else.
    #[serde(flatten)]
    pub behaviour: serde_json::Map<String, Value>,
}

/// Adds the facts in `value` as `path: text`.
pub fn state(facts: &mut BTreeSet<String>, path: &str, value: &Value) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| state(facts, path, item)),
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| state(facts, &format!("{path} {key}"), value));
        }
        Value::String(text) => {
            facts.insert(format!("{path}: {text}"));
        }
        value => {
            facts.insert(format!("{path}: {value}"));
        }
    }
}

impl Observation {
    pub fn logs(&self, part: &str) -> bool {
        self.log.iter().any(|line| line.contains(part))
    }

    /// What was seen of `fields`.
    pub fn facts(&self, fields: &[&str]) -> BTreeSet<String> {
        let mut facts = BTreeSet::new();
        for field in fields {
            if let Some(value) = self.behaviour.get(*field) {
                state(&mut facts, field, value);
            }
        }
        facts
    }

    /// Whether `part` is in what was seen; with `!` before it, whether it is not.
    pub fn has(&self, part: &str) -> bool {
        if let Some(part) = part.strip_prefix('!') {
            return !self.has(part);
        }
        let fields: Vec<&str> = self.behaviour.keys().map(String::as_str).collect();
        let mut facts = self.facts(&fields);
        facts.extend(self.log.iter().chain(&self.log_of_scrapes).cloned());
        facts.iter().any(|fact| fact.contains(part))
    }

    /// Whether any telemetry gets anywhere. A page of Prometheus has its status, then telemetry.
    pub fn exports_something(&self) -> bool {
        let facts = self.facts(&["exports", "prometheus"]);
        facts.iter().any(|fact| fact.ends_with(" accepted") || fact.contains("_duration_count"))
    }

    /// What leaves the gateway, or can be had from it.
    pub fn gives_away(&self) -> BTreeSet<String> {
        self.facts(&["spans", "credentials", "exports", "ports"])
    }

    pub fn did_as(&self, other: &Self) -> bool {
        self.started == other.started && self.behaviour == other.behaviour
    }
}

/// What an example is compared with.
pub struct Beside<'e> {
    pub fixed: Option<&'e Observation>,
    pub good: Option<&'e Observation>,
    /// The same example without what is found in it.
    pub removed: Option<&'e Observation>,
    /// What it shows that `good` does not.
    pub fact: Option<&'static str>,
}

/// Whether `seen` shows `consequence`.
pub fn shows(consequence: Consequence, seen: &Observation, beside: &Beside<'_>) -> bool {
    if consequence == Consequence::DoesNotStart {
        return !seen.started && seen.behaviour.contains_key("exit");
    }
    let differs = |how: &dyn Fn(&Observation) -> bool| match beside.fact {
        Some(fact) => seen.has(fact) && beside.good.is_some_and(|good| !good.has(fact)),
        None => beside.fixed.is_some_and(how),
    };
    seen.started
        && match consequence {
            Consequence::DoesNotStart => false,
            Consequence::TelemetryOffLogged => {
                !seen.exports_something() && seen.logs("cannot register exporters")
            }
            Consequence::TelemetryOffSilently => {
                !seen.exports_something() && !seen.logs("OpenTelemetry")
            }
            Consequence::ExportErrors => {
                seen.logs("traces export") || seen.logs("failed to upload metrics")
            }
            Consequence::WrongData => differs(&|fixed| !seen.did_as(fixed)),
            Consequence::DataLeaks => {
                differs(&|fixed| !seen.gives_away().is_subset(&fixed.gives_away()))
            }
            Consequence::NoEffect => [beside.fixed, beside.good, beside.removed]
                .into_iter()
                .flatten()
                .any(|other| seen.did_as(other)),
            Consequence::Works => {
                let has_effect = beside.removed.is_some_and(|other| !seen.did_as(other));
                (seen.exports_something() || has_effect)
                    && beside.fact.is_none_or(|fact| seen.has(fact))
            }
        }
}
