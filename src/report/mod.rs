//! Reports: what was found in one file, and the formats it is shown in.
//!
//! A reporter turns reports into bytes. It sees sources, findings and rules, never a document or a
//! terminal: whoever calls it says how wide and how colourful the output may be.

pub mod concise;
mod frame;
pub mod human;
mod spot;
mod strip;
mod text;

use crate::finding::Finding;
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
}
