//! Checking a flexible configuration as it is rendered.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use otel_lint::flexible;
use otel_lint::linter::Host;
use otel_lint::recognise::{self, Content, Marks};
use otel_lint::settings::{Choices, Finder, SettingsError};
use otel_lint::target::Edition;

use crate::args::CheckArgs;
use crate::fixes::Recheck;
use crate::inputs::InputError;
use crate::projects::Described;
use crate::threads::Threads;

/// Why a file could not be checked.
pub enum Failure {
    Input(InputError),
    Settings(Arc<SettingsError>),
}

/// What came of a project.
pub struct Rendered {
    pub found: flexible::Checked,
    /// Its files: if it could be rendered, all; otherwise its base.
    pub parts: Vec<PathBuf>,
    /// What is to be said about where it comes from.
    pub line: Option<String>,
    pub recheck: Recheck,
}

/// Renders and checks a project; nothing if a search found its base, and nothing shows that it is
/// one.
pub fn check(
    described: &Described,
    finder: &Finder,
    flags: &Choices,
    args: &CheckArgs,
) -> Result<Option<Rendered>, Failure> {
    let in_force = finder.in_force(&described.base, flags).map_err(Failure::Settings)?;
    let environments = described.read(&args.flexible).map_err(Failure::Input)?;
    let (options, how) = (in_force.options(), described.how(&args.flexible));
    let host = Host { executor: &Threads, ..Host::PLAIN };
    // Nobody cancels a run but by ending the process.
    let found = flexible::check_all(&environments, &options, how, host).unwrap_or_default();
    let Some(base) = found.files.first() else { return Ok(None) };
    let is_rendered = found.unrendered.len() < environments.len();
    let is_ours = if is_rendered {
        base.content != Content::Unrecognised
    } else {
        !described.is_assumed
            || Marks::of(base.source.bytes()).names_gateway()
            || recognise::names_gateway(base.source.name())
    };
    // A base that stands alone is checked as far as its text tells.
    let is_foreign =
        described.is_enterprise && (!is_rendered || in_force.edition.value == Edition::Enterprise);
    if is_foreign || (described.is_found && !is_ours) {
        return Ok(None);
    }
    let files = environments.iter().flat_map(|it| it.project.files().map(|(_, file)| file));
    let names: BTreeSet<PathBuf> = files.map(|file| PathBuf::from(file.source.name())).collect();
    let parts =
        if is_rendered { names.into_iter().collect() } else { vec![described.base.clone()] };
    let recheck = Recheck::Project(Arc::new(environments), options, how);
    Ok(Some(Rendered { found, parts, line: described.line.clone(), recheck }))
}
