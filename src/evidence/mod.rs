//! What real gateways did with the examples of the rules, as far as it is embedded in the program:
//! the releases, and the lines of the log by which a fault is known.
//!
//! The whole evidence is in `fixtures/evidence/`; `conformance/` records it, and a test compares the
//! embedded table with it.

mod search;
mod table;

pub use search::{Match, search};

/// What was shown of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The id of the rule.
    pub rule: &'static str,
    /// Releases of the Community Edition on which its examples did what the rule says, newest first.
    pub releases: &'static [&'static str],
    /// Lines of the gateway's log that its bad examples have and the others do not, sorted; `…` stands
    /// for what differs from run to run.
    pub log: &'static [&'static str],
}

/// What was shown of the rule called `id`; `None` if it is known from the source only.
#[must_use]
pub fn of(id: &str) -> Option<&'static Shown> {
    table::SHOWN.iter().find(|shown| shown.rule == id)
}

/// What was shown of all rules, sorted by their ids.
#[must_use]
pub fn all() -> &'static [Shown] {
    table::SHOWN
}
