//! What can be chosen for a file, whoever chooses it.

use std::fmt;
use std::sync::Arc;

use super::Selector;
use crate::finding::Severity;
use crate::policy::{FailOn, Level};
use crate::target::{Edition, Version};

/// The words for levels in settings.
pub(super) const LEVELS: [(&str, Option<Level>); 5] = [
    ("off", Some(Level::Off)),
    ("info", Some(Level::At(Severity::Info))),
    ("warning", Some(Level::At(Severity::Warning))),
    ("error", Some(Level::At(Severity::Error))),
    ("default", None),
];

/// Who said something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line, such as `--ignore`.
    Flag(&'static str),
    /// A line of a settings file.
    Settings {
        /// The file, as it is shown.
        file: Arc<str>,
        /// The line, from 1.
        line: u32,
    },
    /// The `$schema` of the configuration.
    Schema,
    /// Nobody: it is so from the start.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Settings { file, line } => write!(f, "{file}:{line}"),
            Self::Schema => f.write_str("$schema"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Something chosen, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given<T> {
    /// What.
    pub value: T,
    /// By whom.
    pub origin: Origin,
}

impl<T> Given<T> {
    /// What a flag says.
    pub fn by_flag(flag: &'static str, value: T) -> Self {
        Self { value, origin: Origin::Flag(flag) }
    }

    /// What holds if nobody says anything.
    pub fn by_default(value: T) -> Self {
        Self { value, origin: Origin::Default }
    }
}

/// The choices of one place: the command line, a settings file, an override in it. Each is empty
/// where the place says nothing.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// The gateway's release.
    pub krakend_version: Option<Given<Version>>,
    /// The gateway's edition.
    pub edition: Option<Given<Edition>>,
    /// Whether infos are shown.
    pub pedantic: Option<Given<bool>>,
    /// The least severity that makes the run fail.
    pub fail_on: Option<Given<FailOn>>,
    /// The only rules to check, if it says so.
    pub select: Option<Vec<Given<Selector>>>,
    /// Levels of rules, among them those that are off; `None` for the rule's own level.
    pub levels: Vec<(Given<Selector>, Option<Level>)>,
    /// Names of headers that carry secrets, in their canonical form.
    pub sensitive_headers: Vec<Given<String>>,
    /// Hosts whose ports are not checked, in lower case.
    pub port_exempt_hosts: Vec<Given<String>>,
}
