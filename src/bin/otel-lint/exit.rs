//! The exit status: the one place that says what it means.

use std::process::ExitCode;

/// How a run ended. The greater wins where several hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Status 0: nothing at or above `--fail-on`.
    Clean,
    /// Status 1: findings at or above `--fail-on`.
    Findings,
    /// Status 2: the tool could not do its job for some file, or was called wrongly.
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Failed => 2,
        })
    }
}
