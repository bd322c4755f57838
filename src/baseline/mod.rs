//! The baseline: findings that are known and not to be told again, recorded in a file.
//!
//! A finding is known by its fingerprint (see [`crate::identity`]), so that neither the line it
//! stands in nor the wording of its message matters. Equal fingerprints are counted: one more of a
//! kind is new. Faults of syntax are never in a baseline, for behind one nothing else is found.

mod file;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::analysis::CheckedFile;
use crate::finding::{Finding, Severity};
use crate::identity;
use crate::linter::INTERNAL_ERROR;
use crate::rules;

pub use file::{BaselineFile, Compared, Error};

/// The version of the format that is written, and the only one that is read.
pub const VERSION: u32 = 1;
/// What tells a baseline from another JSON file with a version.
const TOOL: &str = "otel-lint";

/// Known findings, by the file they are in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Baseline {
    files: BTreeMap<String, Vec<Entry>>,
}

/// A known finding, or several that are the same but for their number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What the finding is known by; see [`identity::fingerprint`].
    pub fingerprint: String,
    /// The file, relative to the folder of the baseline, with `/` between its parts.
    pub file: String,
    /// The id of the rule.
    pub rule: String,
    /// The identity of what is at fault, for people; see [`Finding::identity`].
    pub place: String,
    /// How many there are.
    pub count: u32,
}

/// What a baseline file holds.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: u32,
    tool: String,
    findings: Vec<Entry>,
}

/// What a baseline file of any version begins with.
#[derive(Deserialize)]
struct Head {
    version: Option<serde_json::Value>,
    tool: Option<serde_json::Value>,
}

/// Why a text is not a baseline that can be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaselineError {
    /// No JSON, or a member of the wrong type. Line and column start at 1; columns count bytes.
    #[error("{line}:{column}: not a valid baseline: {message}")]
    Invalid {
        /// The line.
        line: usize,
        /// The column in bytes.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// JSON of another kind.
    #[error("not a baseline: `--write-baseline` writes one")]
    Foreign,
    /// A format that this version of the linter does not know.
    #[error("a baseline of version {0}, but this otel-lint reads version {VERSION}: update it")]
    Version(String),
}

/// What a baseline comes to for one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Findings that it hid.
    pub hidden: usize,
    /// Findings of it that no longer occur.
    pub gone: usize,
}

impl Baseline {
    /// Whether a file that begins with `text` is a baseline: one names the places of configurations,
    /// and so looks like one from afar.
    #[must_use]
    pub fn begins(text: &[u8]) -> bool {
        let head = &text[..text.len().min(128)];
        let tool = format!("\"tool\": \"{TOOL}\"");
        memchr::memmem::find(head, tool.as_bytes()).is_some()
            && memchr::memmem::find(head, b"\"version\": ").is_some()
    }

    /// Reads the text of a baseline file.
    pub fn parse(text: &[u8]) -> Result<Self, BaselineError> {
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let head: Head = serde_json::from_slice(text).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => BaselineError::Foreign,
            _ => invalid(&error),
        })?;
        let version = head.version.filter(|_| head.tool.is_some_and(|tool| tool == TOOL));
        match version {
            None => return Err(BaselineError::Foreign),
            Some(version) if version != VERSION => {
                return Err(BaselineError::Version(version.to_string()));
            }
            Some(_) => {}
        }
        let content: Content = serde_json::from_slice(text).map_err(|error| invalid(&error))?;
        let mut files: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
        for entry in content.findings {
            files.entry(entry.file.clone()).or_default().push(entry);
        }
        for entries in files.values_mut() {
            sort(entries);
        }
        Ok(Self { files })
    }

    /// The text of the baseline file: one that a reviewer can read, and the same for the same
    /// findings.
    ///
    /// # Panics
    /// Never: an entry has nothing that JSON cannot hold.
    #[must_use]
    pub fn text(&self) -> String {
        let findings = self.files.values().flatten().cloned().collect();
        let content = Content { version: VERSION, tool: TOOL.to_owned(), findings };
        serde_json::to_string_pretty(&content).expect("entries are plain text") + "\n"
    }

    /// The number of findings recorded.
    #[must_use]
    pub fn count(&self) -> usize {
        self.files.values().flatten().map(|entry| entry.count as usize).sum()
    }

    /// Takes the known findings out of `report`, whose file is called `file` as entries call it. Of
    /// equal findings, the first ones are the known ones.
    pub fn hide(&self, file: &str, report: &mut CheckedFile) -> Known {
        let mut left = self.counts(file);
        let mut is_known = |finding: &Finding| {
            let count = left.get_mut(&identity::fingerprint(file, finding));
            count.filter(|count| **count > 0 && is_recorded(finding)).map(|count| *count -= 1)
        };
        let before = report.findings.len();
        report.findings.retain(|finding| is_known(finding).is_none());
        for finding in &report.hidden {
            is_known(finding);
        }
        for entry in self.off(file, report) {
            left.remove(&entry.fingerprint);
        }
        let gone = if is_fully_checked(report) { left.values().sum() } else { 0 };
        Known { hidden: before - report.findings.len(), gone }
    }

    /// Records the findings of `report`, whose file is to be called `file`, in the place of those
    /// recorded for it before; gives how many of those no longer occur. Of the hidden ones those stay
    /// that were recorded, and so do all of rules that are off. Nothing changes if the file could not
    /// be checked.
    pub fn record(&mut self, file: &str, report: &CheckedFile) -> usize {
        if !is_fully_checked(report) {
            return 0;
        }
        let before = self.counts(file);
        let mut left = before.clone();
        let hidden = report.hidden.iter().filter(|finding| {
            let count = left.get_mut(&identity::fingerprint(file, finding));
            count.filter(|count| **count > 0).map(|count| *count -= 1).is_some()
        });
        let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
        for entry in self.off(file, report) {
            entries.insert(entry.fingerprint.clone(), entry.clone());
        }
        let shown = report.findings.iter().filter(|finding| is_recorded(finding));
        for finding in hidden.chain(shown) {
            let fingerprint = identity::fingerprint(file, finding);
            let entry = entries.entry(fingerprint.clone()).or_insert_with(|| Entry {
                fingerprint,
                file: file.to_owned(),
                rule: finding.rule.to_owned(),
                place: finding.identity.clone(),
                count: 0,
            });
            entry.count += 1;
        }
        let now =
            |fingerprint| entries.get(fingerprint).map_or(0, |entry: &Entry| entry.count as usize);
        let gone =
            before.iter().map(|(fingerprint, &count)| count.saturating_sub(now(fingerprint)));
        let gone = gone.sum();
        if entries.is_empty() {
            self.files.remove(file);
        } else {
            let mut entries: Vec<Entry> = entries.into_values().collect();
            sort(&mut entries);
            self.files.insert(file.to_owned(), entries);
        }
        gone
    }

    /// Takes out the findings of all files that `is_there` denies; gives their number.
    pub fn prune(&mut self, is_there: impl Fn(&str) -> bool) -> usize {
        let before = self.count();
        self.files.retain(|file, _| is_there(file));
        before - self.count()
    }

    /// What is recorded for `file` of rules that were off when `report` was made.
    fn off(&self, file: &str, report: &CheckedFile) -> impl Iterator<Item = &Entry> {
        let entries = self.files.get(file).into_iter().flatten();
        entries.filter(|entry| report.off.contains(&entry.rule.as_str()))
    }

    /// How many there are of each fingerprint in `file`.
    fn counts(&self, file: &str) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for entry in self.files.get(file).into_iter().flatten() {
            *counts.entry(entry.fingerprint.clone()).or_default() += entry.count as usize;
        }
        counts
    }
}

/// In the order of places, which a reviewer can follow.
fn sort(entries: &mut [Entry]) {
    entries.sort_by(|a, b| {
        [&a.place, &a.rule, &a.fingerprint].cmp(&[&b.place, &b.rule, &b.fingerprint])
    });
}

/// Whether a baseline may hold `finding`.
fn is_recorded(finding: &Finding) -> bool {
    !rules::is_syntax(finding.rule) && finding.rule != INTERNAL_ERROR.id
}

/// Whether everything in the file was looked at: a fault of syntax hides the others.
fn is_fully_checked(report: &CheckedFile) -> bool {
    let mut findings = report.findings.iter();
    !findings.any(|finding| rules::is_syntax(finding.rule) && finding.severity == Severity::Error)
}

fn invalid(error: &serde_json::Error) -> BaselineError {
    let text = error.to_string();
    let message = text.split(" at line ").next().unwrap_or_default();
    let message = message.replace("expected u32", "expected a whole number");
    BaselineError::Invalid { line: error.line().max(1), column: error.column().max(1), message }
}
