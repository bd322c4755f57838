//! Reports: what was found in one file, and the formats it is shown in.
//!
//! People read one file after the other ([`human`], [`concise`]); programs read a whole run, the
//! [`Report`]. A reporter turns reports into bytes. It sees sources, findings and rules, never a document or a
//! terminal: whoever calls it says how wide and how colourful the output may be.

pub mod checkstyle;
pub mod concise;
mod data;
mod frame;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
mod path;
pub mod rules;
mod run;
pub mod sarif;
mod spot;
mod strip;
mod text;
mod xml;

pub use path::Base;
pub use run::{Counts, Report, Unread};

use crate::finding::Finding;
use crate::policy::FailOn;
use crate::source::{Source, Span};
use crate::target::Target;

/// What was found in one file.
#[derive(Clone, Debug)]
pub struct FileReport {
    /// The file.
    pub source: Source,
    /// The gateway it was judged for.
    pub target: Target,
    /// Whether it has a telemetry block at all.
    pub has_telemetry: bool,
    /// The findings to show, sorted by place.
    pub findings: Vec<Finding>,
    /// Values near the findings that must not be shown: headers, tokens, passwords. Sorted.
    pub secrets: Vec<Span>,
    /// What the file turned out to be.
    pub content: Content,
    /// Findings that the file itself says to ignore, sorted by place.
    pub suppressed: Vec<Suppressed>,
    /// Findings that nobody asked for, infos unless pedantic, sorted by place. No output shows them,
    /// but a baseline must know that they are still there.
    pub hidden: Vec<Finding>,
    /// Rules that were turned off, so that nothing is known about their findings.
    pub off: Vec<&'static str>,
    /// The least severity of a finding that makes the run fail.
    pub fail_on: FailOn,
}

impl FileReport {
    /// A report without findings.
    #[must_use]
    pub fn new(source: Source, target: Target) -> Self {
        Self {
            source,
            target,
            has_telemetry: false,
            findings: Vec::new(),
            secrets: Vec::new(),
            content: Content::default(),
            suppressed: Vec::new(),
            hidden: Vec::new(),
            off: Vec::new(),
            fail_on: FailOn::default(),
        }
    }

    /// Whether there is no finding in it that any output could show, with what stands at its place: those
    /// that are hidden a baseline only counts.
    #[must_use]
    pub fn has_nothing_to_show(&self) -> bool {
        self.findings.is_empty() && self.suppressed.is_empty()
    }

    /// Whether some finding is bad enough to make the run fail.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.findings.iter().any(|finding| self.fail_on.fails(finding.severity))
    }
}

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Content {
    /// A gateway's configuration.
    #[default]
    Configuration,
    /// A part of one, with a telemetry block: settings or a partial of the flexible configuration.
    Fragment,
    /// Another kind of file that carries configurations as text, such as a Kubernetes manifest.
    Carrier,
    /// A template, which becomes a configuration when it is rendered.
    Template,
    /// Nothing that has to do with KrakenD's telemetry.
    Unrecognised,
}

impl Content {
    /// The name in machine-readable output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Fragment => "fragment",
            Self::Carrier => "carrier",
            Self::Template => "template",
            Self::Unrecognised => "unrecognised",
        }
    }
}

/// A finding that the file says to ignore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// Why it is ignored, in the words of whoever wrote so.
    pub reason: String,
}

/// `text` as a terminal may have it: on one line, control characters made visible, shortened in its
/// middle if it is very long.
#[must_use]
pub fn clean(text: &str) -> String {
    text::Marks::new(true).clean(text, text::MAX_PATH)
}

/// The page of the rule `id`.
fn page_url(id: &str) -> String {
    format!("{}/blob/main/docs/rules/{id}.md", crate::HOME)
}
