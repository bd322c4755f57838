//! Checking a flexible configuration as it is rendered.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use otel_lint::flexible::{self, SaidBy};
use otel_lint::linter::Host;
use otel_lint::recognise::{self, Content, Marks};
use otel_lint::rules;
use otel_lint::settings::{Choices, Finder, SettingsError};
use otel_lint::target::Edition;

use crate::described::Described;
use crate::fixes::Recheck;
use crate::flexible_args::FlexibleArgs;
use crate::folders::Read;
use crate::inputs::InputError;
use crate::summary;

/// Why a file could not be checked.
pub enum Failure {
    Input(InputError),
    Settings(Arc<SettingsError>),
}

/// What came of a base and what is said to belong to it.
pub enum Came {
    /// It was rendered and checked.
    Rendered(Rendered),
    /// Its base is to be checked as far as its own text tells; and what to say about that.
    Alone(Option<String>),
    /// The host cancelled it.
    Cancelled,
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

impl Rendered {
    /// What is to be said about it.
    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.line.iter().cloned().collect();
        if self.found.uncertain > 0 {
            notes.push(format!(
                "{} not shown: they depend on {}",
                summary::plural(self.found.uncertain, "finding"),
                self.found.unknowns.join(", ")
            ));
        }
        notes
    }
}

/// Renders and checks a project, unless it is of the Enterprise Edition, or a search found its base and
/// nothing shows that it is one. `read` reads its files.
pub fn check(
    described: &Described,
    finder: &Finder,
    flags: &Choices,
    args: &FlexibleArgs,
    read: Read<'_>,
    host: Host<'_>,
) -> Result<Came, Failure> {
    let in_force = finder.in_force(&described.base, flags).map_err(Failure::Settings)?;
    let environments = described.read_by(args, read).map_err(Failure::Input)?;
    let (options, how) = (in_force.options(), described.how(args));
    let Some(found) = flexible::check_all(&environments, &options, how, host) else {
        return Ok(Came::Cancelled);
    };
    let Some(base) = found.files.first() else { return Ok(Came::Alone(None)) };
    let is_rendered = found.unrendered.len() < environments.len();
    let is_ours = if is_rendered {
        base.content != Content::Unrecognised
    } else {
        described.said_by != SaidBy::Names
            || Marks::of(base.source.bytes()).names_gateway()
            || recognise::names_gateway(base.source.name())
    };
    let is_readable = !base.findings.iter().any(|it| rules::is_syntax(it.rule));
    let is_community = in_force.edition.value == Edition::Community;
    if described.is_enterprise && !(is_rendered && is_readable && is_community) {
        return Ok(Came::Alone(Some(format!(
            "{}: not rendered: its settings or references are of the Enterprise Edition",
            described.base.display()
        ))));
    }
    if described.is_found && !is_ours {
        return Ok(Came::Alone(None));
    }
    let files = environments.iter().flat_map(|it| it.project.files().map(|(_, file)| file));
    let names: BTreeSet<PathBuf> = files.map(|file| PathBuf::from(file.source.name())).collect();
    let parts =
        if is_rendered { names.into_iter().collect() } else { vec![described.base.clone()] };
    let recheck = Recheck::Project(Arc::new(environments), options, how);
    Ok(Came::Rendered(Rendered { found, parts, line: described.line.clone(), recheck }))
}
