//! What a whole run found: the one thing that every format for programs is made of.

use std::collections::HashMap;

use super::Base;
use crate::analysis::{CheckedFile, Counts};
use crate::finding::Finding;
use crate::identity::fingerprint;
use crate::source::{Position, Source, Span};

/// What a run found, sorted by file and place.
#[derive(Clone, Debug, Default)]
pub struct Report<'r> {
    /// The files that were checked.
    pub files: Vec<&'r CheckedFile>,
    /// The files that could not be.
    pub unread: Vec<Unread>,
    /// Where paths begin.
    pub base: Base,
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The file as it was named.
    pub name: String,
    /// Why, in a sentence that names the file.
    pub error: String,
}

/// A finding of a [`CheckedFile`], with what it takes to show it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'r> {
    pub(super) finding: &'r Finding,
    /// Why it is ignored, if it is.
    pub(super) reason: Option<&'r str>,
}

impl<'r> Report<'r> {
    /// A report of a run, its files sorted by name.
    #[must_use]
    pub fn new(files: &'r [CheckedFile], unread: Vec<Unread>, base: Base) -> Self {
        let mut report = Self { files: files.iter().collect(), unread, base };
        report.files.sort_by(|a, b| a.source.name().cmp(b.source.name()));
        report.unread.sort_by(|a, b| a.name.cmp(&b.name));
        report
    }

    /// How many findings there are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for file in &self.files {
            counts += file.counts();
        }
        counts
    }

    /// The findings of `file`, those that are ignored after the others, each with its fingerprint.
    /// Of findings that nothing tells apart the second one gets `:2` after it, and so on: what reads
    /// fingerprints takes equal ones for the same finding.
    pub(super) fn entries(
        &self,
        file: &'r CheckedFile,
    ) -> impl Iterator<Item = (Entry<'r>, String)> + use<'r> {
        let path = self.base.path(file.source.name());
        let mut seen: HashMap<String, usize> = HashMap::new();
        let shown = file.findings.iter().map(|finding| Entry { finding, reason: None });
        let ignored = file.suppressed.iter().map(|suppressed| Entry {
            finding: &suppressed.finding,
            reason: Some(suppressed.reason.as_str()),
        });
        shown.chain(ignored).map(move |entry| {
            let mut print = fingerprint(&path, entry.finding);
            let times = seen.entry(print.clone()).or_default();
            *times += 1;
            if *times > 1 {
                print = format!("{print}:{times}");
            }
            (entry, print)
        })
    }
}

/// Where a span begins and ends in its source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    /// Before its first byte.
    pub(super) start: Position,
    /// After its last byte.
    pub(super) end: Position,
    /// The line of its last byte: not the next one, if that byte is a line end.
    pub(super) last_line: u32,
}

impl Region {
    pub(super) fn new(source: &Source, span: Span) -> Self {
        let last = span.end.saturating_sub(1).max(span.start);
        Self {
            start: source.position(span.start),
            end: source.position(span.end),
            last_line: source.position(last).line,
        }
    }
}
