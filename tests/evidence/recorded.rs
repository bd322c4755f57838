//! The files of `fixtures/evidence/`, and what follows from them for a rule.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use otel_lint::linter::{self, Options};
use otel_lint::rule::{Consequence, Rule};
use otel_lint::rules::{self, ExampleKind};
use otel_lint::source::Source;
use serde::Deserialize;

use crate::lists::SEEN;
use crate::observation::{Beside, Observation, shows};

#[derive(Deserialize)]
pub struct Evidence {
    pub rule: String,
    pub examples: Vec<ExampleSeen>,
}

#[derive(Deserialize)]
pub struct ExampleSeen {
    pub kind: String,
    pub example: usize,
    pub digest: String,
    pub observed: Vec<ReleaseSeen>,
}

#[derive(Deserialize)]
pub struct ReleaseSeen {
    pub releases: Vec<String>,
    #[serde(flatten)]
    pub seen: Observation,
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: &Path) -> Evidence {
    let text = fs::read_to_string(path).expect("a file of evidence");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn evidence_of(rule: &Rule) -> Option<Evidence> {
    let path = root().join("fixtures/evidence").join(format!("{}.json", rule.id));
    path.exists().then(|| read(&path))
}

/// What one bad example did on one release, and whether that is what its finding says.
pub struct Verdict {
    pub example: usize,
    pub release: String,
    pub consequence: Consequence,
    pub holds: bool,
    /// Lines of its log that no example without the fault has.
    pub log: BTreeSet<String>,
}

impl Evidence {
    pub fn on(&self, kinds: &[&str], example: usize, release: &str) -> Option<&Observation> {
        let example = self
            .examples
            .iter()
            .find(|seen| seen.example == example && kinds.contains(&seen.kind.as_str()))?;
        let seen = example.observed.iter().find(|seen| seen.releases.iter().any(|r| r == release));
        seen.map(|seen| &seen.seen)
    }

    pub fn releases(&self, example: usize) -> BTreeSet<&str> {
        let seen = self.examples.iter().filter(|seen| seen.example == example);
        seen.flat_map(|seen| &seen.observed)
            .flat_map(|observed| observed.releases.iter().map(String::as_str))
            .collect()
    }

    pub fn verdicts(&self, rule: &Rule) -> Vec<Verdict> {
        let examples = rules::examples(rule);
        let bad = |index: &usize| examples[*index].kind == ExampleKind::Bad;
        let mut verdicts = Vec::new();
        for index in (0..examples.len()).filter(bad) {
            let consequence = consequence_of(rule, index);
            for release in self.releases(index) {
                let Some(seen) = self.on(&["bad"], index, release) else { continue };
                let behind = examples.get(index + 1);
                let is_fixed = behind.is_some_and(|next| next.kind == ExampleKind::Fixed);
                let mut others = (index + 1..examples.len()).chain(0..index);
                let beside = Beside {
                    fixed: is_fixed.then(|| self.on(&["fixed"], index + 1, release)).flatten(),
                    good: others.find_map(|other| self.on(&["fixed", "good"], other, release)),
                    removed: self.on(&["removed"], index, release),
                    fact: SEEN
                        .iter()
                        .find(|(id, at, _)| *id == rule.id && *at == index)
                        .map(|(_, _, fact)| *fact),
                };
                let usual: BTreeSet<&String> = (0..examples.len())
                    .filter_map(|other| self.on(&["fixed", "good"], other, release))
                    .flat_map(|other| other.log.iter().chain(&other.log_of_scrapes))
                    .collect();
                verdicts.push(Verdict {
                    example: index,
                    release: release.to_owned(),
                    consequence,
                    holds: shows(consequence, seen, &beside),
                    log: seen
                        .log
                        .iter()
                        .chain(&seen.log_of_scrapes)
                        .filter(|line| !usual.contains(line))
                        .cloned()
                        .collect(),
                });
            }
        }
        verdicts
    }
}

/// What `rule` says an example of it does: its finding may know it better than the rule.
fn consequence_of(rule: &Rule, example: usize) -> Consequence {
    let example = &rules::examples(rule)[example];
    let options = Options {
        version: example.version.map(|version| version.parse().expect("a release")),
        edition: example.edition,
        pedantic: true,
        ..Options::default()
    };
    let source = Source::new("krakend", example.text).with_format(example.format);
    let file = linter::check(source, &options);
    let found = file.analysis.findings.iter().find(|finding| finding.rule == rule.id);
    found.map_or(rule.consequence, |finding| finding.consequence)
}
