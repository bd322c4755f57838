//! Settings files on the disk, and what is said of those that are wrong.

use otel_lint::report::{self, Unread, concise, human};
use otel_lint::settings::{Finder, Search, SettingsError};

use crate::choices::SettingsArgs;
use crate::common_args::{Color, OutputFormat};
use crate::disk::Disk;
use crate::inputs::InputError;
use crate::output;

/// A finder of the settings that `args` ask for.
pub fn finder(args: &SettingsArgs) -> Finder {
    let search = match &args.config {
        Some(file) => Search::File(file.clone()),
        None if args.no_config => Search::Nowhere,
        None => Search::Above,
    };
    Finder::new(Box::new(Disk), &search)
}

/// The error as reports have it: the first fault, with its place.
pub fn unread(error: &SettingsError) -> Unread {
    match error {
        SettingsError::Unreadable(name, error) => {
            Unread { name: name.clone(), error: InputError::text(name, error) }
        }
        SettingsError::Invalid(report) => Unread {
            name: report.source.name().to_owned(),
            error: concise::render(report).lines().next().unwrap_or_default().to_owned(),
        },
    }
}

/// Writes to standard error what is wrong: the standard output is for what is wrong with
/// configurations.
pub fn say(error: &SettingsError, format: OutputFormat, color: Color) {
    let report = match error {
        SettingsError::Unreadable(name, error) => {
            let text = InputError::text(name, error);
            return output::say(&report::clean(&format!("otel-lint: {text}")));
        }
        SettingsError::Invalid(report) => report,
    };
    let shown = match format {
        OutputFormat::Concise => concise::render(report),
        _ => human::render(report, output::style_of_errors(color)),
    };
    output::say(shown.trim_end());
    let name = report::clean(report.source.name());
    output::say(&format!("otel-lint: {name} is wrong: no file was checked with it"));
}
