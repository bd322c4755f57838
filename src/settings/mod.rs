//! Settings: what a team decides once, in `otel-lint.toml`, and what a call decides with flags.
//!
//! Both say the same things, so both are [`Choices`], each with its [`Origin`]. [`InForce`] puts
//! them together for one file, by one order: flags, then overrides for its path, then the rest of
//! the settings file, then what the rule or the configuration itself says.
//!
//! [`Finder`] looks for the file that applies, in whatever [`Files`](crate::files::Files) the host has.

mod choices;
mod fault;
mod finder;
mod flexible;
mod in_force;
mod patterns;
mod read;
mod reader;
mod selector;
mod shape;

pub use choices::{Choices, Given, Origin};
pub use fault::RULE;
pub use finder::{Finder, Found, Loaded, Search, SettingsError};
pub use flexible::{Flexible, FlexibleEnvironment};
pub use in_force::{InForce, RuleInForce};
pub use patterns::Patterns;
pub use read::read;
pub use selector::{Selector, UnknownRule};
pub use shape::schema;

/// The names a settings file may have; where both are, the first is read.
pub const FILE_NAMES: [&str; 2] = ["otel-lint.toml", ".otel-lint.toml"];

/// A settings file.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// What holds for every file.
    pub choices: Choices,
    /// Files that a search of folders looks at; empty for the usual ones.
    pub include: Patterns,
    /// Files and folders that a search of folders leaves out.
    pub exclude: Patterns,
    /// What holds for some files beside; the later wins.
    pub overrides: Vec<Override>,
    /// Bases of flexible configurations, and what is rendered with them.
    pub flexible: Vec<Flexible>,
}

/// What holds for the files that some patterns match.
#[derive(Clone, Debug, Default)]
pub struct Override {
    /// The patterns, relative to the folder of the settings file.
    pub paths: Patterns,
    /// What holds for them.
    pub choices: Choices,
}
