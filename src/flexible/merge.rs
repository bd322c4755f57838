//! From what was found in each environment to what is told of all: equal findings once, with the
//! names of the environments.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checked, One, place};
use crate::analysis::{Analysis, CheckedFile, Suppressed};
use crate::finding::Finding;
use crate::secrets;
use crate::source::{Source, Span};
use crate::template::Project;

/// What makes two findings of two environments one.
type Same = (&'static str, Span, String);

/// A file and its findings, each with the environments it is found in.
struct Merged {
    source: Source,
    whole: Analysis,
    findings: Vec<(Finding, Vec<usize>)>,
    known: BTreeMap<Same, usize>,
    suppressed: Vec<Suppressed>,
    hidden: Vec<Finding>,
}

pub(super) fn merge(environments: &[(&str, &Project)], checked: Vec<One>) -> Checked {
    let mut merged = Checked::default();
    let mut unknowns = BTreeSet::new();
    let mut files: Vec<Merged> = Vec::new();
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    for (nth, (one, (name, project))) in checked.into_iter().zip(environments).enumerate() {
        unknowns.extend(one.unknowns);
        merged.uncertain = merged.uncertain.max(one.uncertain);
        if !one.is_rendered {
            merged.unrendered.push((*name).to_owned());
        }
        for (file, analysis) in one.files {
            let source = &project.file(file).source;
            let index = *by_name.entry(source.name().to_owned()).or_insert_with(|| {
                files.push(Merged::new(source.clone(), one.whole.clone()));
                files.len() - 1
            });
            files[index].add(nth, analysis, &one.whole);
        }
    }
    merged.unknowns = unknowns.into_iter().collect();
    // That nothing is exported is told of the base, if nothing else is told.
    let is_told = files.iter().any(|file| !file.findings.is_empty());
    for (nth, file) in files.iter_mut().enumerate() {
        file.whole.has_telemetry |= is_told || nth > 0;
    }
    merged.files = files.into_iter().map(|file| file.finish(environments)).collect();
    merged
}

impl Merged {
    fn new(source: Source, whole: Analysis) -> Self {
        Self {
            source,
            whole,
            findings: Vec::new(),
            known: BTreeMap::new(),
            suppressed: Vec::new(),
            hidden: Vec::new(),
        }
    }

    fn add(&mut self, environment: usize, analysis: Analysis, whole: &Analysis) {
        let has_telemetry = self.whole.has_telemetry || whole.has_telemetry;
        if !self.whole.is_checked() && whole.is_checked() {
            self.whole = whole.clone();
        }
        self.whole.has_telemetry = has_telemetry;
        for finding in analysis.findings {
            let same = (finding.rule, finding.primary.span, finding.message.clone());
            if let Some(&index) = self.known.get(&same) {
                let (known, environments) = &mut self.findings[index];
                known.severity = known.severity.max(finding.severity);
                if known.fix != finding.fix {
                    known.fix = None;
                }
                if environments.last() != Some(&environment) {
                    environments.push(environment);
                }
            } else {
                self.known.insert(same, self.findings.len());
                self.findings.push((finding, vec![environment]));
            }
        }
        add_new(&mut self.suppressed, analysis.suppressed, |one| place(&one.finding));
        add_new(&mut self.hidden, analysis.hidden, place);
    }

    fn finish(self, environments: &[(&str, &Project)]) -> CheckedFile {
        let Self { source, whole, findings, mut suppressed, mut hidden, .. } = self;
        // The environments that this file is a part of.
        let concerned: Vec<usize> = (environments.iter().enumerate())
            .filter(|(_, (_, project))| {
                project.files().any(|(_, file)| file.source.name() == source.name())
            })
            .map(|(nth, _)| nth)
            .collect();
        let mut findings: Vec<Finding> = findings
            .into_iter()
            .map(|(mut finding, found)| {
                if found.len() < concerned.len() {
                    // An edit would change what is right elsewhere.
                    finding.fix = None;
                }
                if let Some(line) = named(&found, environments) {
                    if !finding.help.is_empty() {
                        finding.help.push('\n');
                    }
                    finding.help.push_str(&line);
                }
                finding
            })
            .collect();
        findings.sort_by_key(place);
        suppressed.sort_by_key(|one| place(&one.finding));
        hidden.sort_by_key(place);
        // Nothing is shown of a file in which nothing is found.
        let is_shown = !findings.is_empty() || !suppressed.is_empty();
        let secrets =
            if is_shown { secrets::protect_text(&source, &mut findings) } else { Vec::new() };
        let analysis = Analysis { findings, suppressed, hidden, secrets, ..whole };
        CheckedFile { source, analysis }
    }
}

/// Adds to `known` what is not there yet by its place.
fn add_new<T>(known: &mut Vec<T>, new: Vec<T>, place: impl Fn(&T) -> (Span, &'static str)) {
    if known.is_empty() {
        *known = new;
        return;
    }
    let places: BTreeSet<_> = known.iter().map(&place).collect();
    known.extend(new.into_iter().filter(|one| !places.contains(&place(one))));
}

/// In which of several environments something is found; nothing if there is only one.
fn named(found: &[usize], environments: &[(&str, &Project)]) -> Option<String> {
    let names = || found.iter().map(|&nth| environments[nth].0).collect::<Vec<_>>().join(", ");
    match (found.len(), environments.len()) {
        (_, 0 | 1) => None,
        (some, all) if some == all => Some(format!("In every environment: {}.", names())),
        (1, _) => Some(format!("Only in the environment {}.", names())),
        _ => Some(format!("Only in the environments {}.", names())),
    }
}
