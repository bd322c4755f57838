//! Why a file was taken for what it is, or was not checked: in words.

use std::fmt;

use super::{Foreign, Mark};
use crate::source::Format;

/// The reason for what a file was taken for. As text it ends a sentence: "checked because …", "not
/// checked: …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// A whole configuration, by this mark.
    Configuration(Mark),
    /// A configuration by its name, though its syntax is wrong.
    Name,
    /// It holds telemetry blocks.
    Blocks,
    /// Its strings are, or hold, configurations.
    Embedded,
    /// A template that can be checked as it is.
    Template,
    /// A file of a flexible configuration that was rendered.
    Rendered,
    /// A file of a flexible configuration that cannot be rendered.
    Unrenderable,
    /// Members or items without brackets around them, as a template includes them.
    Spliced,
    /// A template that says too little about what it becomes.
    Unrendered,
    /// A template of a Helm chart, of which nothing can be checked before Helm renders it.
    Chart,
    /// Text that templates include, and no document on its own.
    Included,
    /// Its syntax is wrong, and nothing shows that the gateway reads it.
    Broken(Format),
    /// A text in it names the gateway's settings, but cannot be read as one of its configurations.
    UnreadText,
    /// A file of another program.
    Foreign(Foreign),
    /// Nothing in it is of KrakenD's telemetry.
    NoMarks,
}

impl Default for Reason {
    fn default() -> Self {
        Self::Configuration(Mark::default())
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Configuration(mark) => mark.fmt(f),
            Self::Name => f.write_str("its name is that of a KrakenD configuration"),
            Self::Blocks => f.write_str("it holds a telemetry block"),
            Self::Embedded => f.write_str("a text in it is a configuration"),
            Self::Template => f.write_str("it has template actions"),
            Self::Rendered => f.write_str("a file of a flexible configuration, checked as rendered"),
            Self::Unrenderable => f.write_str("the configuration cannot be rendered"),
            Self::Spliced => f.write_str("it holds members or items without brackets around them"),
            Self::Unrendered => f.write_str(
                "a template whose telemetry is not in its own text: check it with --fc-settings, \
                 --fc-partials and --fc-templates, or check the rendered file",
            ),
            Self::Chart => f.write_str(
                "a template of a Helm chart: check what Helm makes of it (`helm template … | otel-lint -`)",
            ),
            Self::Included => f.write_str(
                "text that a template includes and that is not a document on its own: check that template \
                 with --fc-partials, or check the rendered file",
            ),
            Self::Broken(format) => write!(
                f,
                "no valid {}, and nothing shows that the gateway reads it",
                format.as_str()
            ),
            Self::UnreadText => f.write_str(
                "a text in it names the gateway's settings but cannot be read as a configuration",
            ),
            Self::Foreign(foreign) => f.write_str(foreign.words()),
            Self::NoMarks => f.write_str(
                "it has no `endpoints` as KrakenD has them, no `extra_config` and no telemetry block",
            ),
        }
    }
}
