//! What the engine says about one source: the result of checking, whoever shows it.

use std::ops::{Deref, DerefMut};

use crate::finding::{Finding, Severity};
use crate::policy::FailOn;
use crate::recognise::{Content, Reason};
use crate::source::{Source, Span};
use crate::target::Target;

/// What was found in one source.
#[derive(Clone, Debug, Default)]
pub struct Analysis {
    /// The gateway that the source was checked against.
    pub target: Target,
    /// What the source turned out to be.
    pub content: Content,
    /// What showed that; of a source that was not checked, why not.
    pub reason: Reason,
    /// Whether it has a telemetry block at all.
    pub has_telemetry: bool,
    /// The findings to show, sorted by place.
    pub findings: Vec<Finding>,
    /// Findings that the source itself suppresses, sorted by place.
    pub suppressed: Vec<Suppressed>,
    /// Findings that nobody asked for, infos unless pedantic, sorted by place. No output shows them,
    /// but a baseline must know that they are still there.
    pub hidden: Vec<Finding>,
    /// Values near the findings that must not be shown: headers, tokens, passwords. Sorted.
    pub secrets: Vec<Span>,
    /// Rules that were turned off, so that nothing is known about their findings.
    pub off: Vec<&'static str>,
    /// The least severity of a finding that makes the run fail.
    pub fail_on: FailOn,
}

/// A finding that the source suppresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Why it is suppressed, in the words of whoever wrote so.
    pub reason: String,
}

impl Analysis {
    /// Whether anything of the source was checked.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        match self.content {
            Content::Unrecognised => false,
            Content::Template => self.has_telemetry || !self.has_nothing_to_show(),
            _ => true,
        }
    }

    /// Whether there is no finding in it that any output could show: hidden ones are only counted by
    /// a baseline.
    #[must_use]
    pub fn has_nothing_to_show(&self) -> bool {
        self.findings.is_empty() && self.suppressed.is_empty()
    }

    /// Whether some finding is bad enough to make the run fail.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.findings.iter().any(|finding| self.fail_on.fails(finding.severity))
    }

    /// How many findings and suppressed findings there are.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { suppressed: self.suppressed.len(), ..Counts::default() };
        for finding in &self.findings {
            *match finding.severity {
                Severity::Error => &mut counts.errors,
                Severity::Warning => &mut counts.warnings,
                Severity::Info => &mut counts.infos,
            } += 1;
        }
        counts
    }

    /// Adds the findings of a document that is embedded in this source. The first target counts.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.has_telemetry |= other.has_telemetry;
        self.findings.extend(other.findings);
        self.suppressed.extend(other.suppressed);
        self.hidden.extend(other.hidden);
        self.secrets.extend(other.secrets);
    }
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Infos.
    pub infos: usize,
    /// Suppressed findings of any severity.
    pub suppressed: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.errors += other.errors;
        self.warnings += other.warnings;
        self.infos += other.infos;
        self.suppressed += other.suppressed;
    }
}

/// A source and what was found in it: what reports and baselines work on.
#[derive(Clone, Debug)]
pub struct CheckedFile {
    /// The source.
    pub source: Source,
    /// What was found in it.
    pub analysis: Analysis,
}

impl Deref for CheckedFile {
    type Target = Analysis;

    fn deref(&self) -> &Analysis {
        &self.analysis
    }
}

impl DerefMut for CheckedFile {
    fn deref_mut(&mut self) -> &mut Analysis {
        &mut self.analysis
    }
}
