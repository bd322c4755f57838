//! `--fix` and `--diff`: the stage between checking and reporting.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use otel_lint::analysis::{Analysis, CheckedFile};
use otel_lint::finding::Safety;
use otel_lint::flexible::{self, Environment, How};
use otel_lint::linter::{self, Fixed, Host, Options};
use otel_lint::report::human::diff;
use otel_lint::source::Source;
use otel_lint::{document, parallel, report, secrets};

use crate::baseline::Comparison;
use crate::common_args::FixArgs;
use crate::exit::Outcome;
use crate::output;
use crate::save::save;
use crate::threads::Threads;
use crate::threads::check_source;

/// A checked file, and how it was checked.
pub struct Origin {
    pub path: PathBuf,
    pub recheck: Recheck,
}

/// How a file is checked again with another text.
#[derive(Clone)]
pub enum Recheck {
    /// On its own.
    File(Options),
    /// As a file of a flexible configuration.
    Project(Arc<Vec<Environment>>, Options, How),
}

impl Recheck {
    pub fn options(&self) -> &Options {
        match self {
            Self::File(options) | Self::Project(_, options, _) => options,
        }
    }

    pub fn check(&self, source: Source) -> CheckedFile {
        let (environments, options, how) = match self {
            Self::File(options) => return check_source(source, options),
            Self::Project(environments, options, how) => (environments, options, *how),
        };
        let replaced = environments.iter().map(|it| {
            let mut project = it.project.clone();
            project.replace(&source);
            Environment { name: it.name.clone(), project }
        });
        let replaced: Vec<Environment> = replaced.collect();
        let host = Host { executor: &Threads, ..Host::PLAIN };
        let checked = flexible::check_all(&replaced, options, how, host).unwrap_or_default();
        let mut files = checked.files;
        let file = files.iter().position(|file| file.source.name() == source.name());
        if let Some(index) = file {
            return files.swap_remove(index);
        }
        // It has no finding any more.
        let whole = files.swap_remove(0).analysis;
        let (findings, suppressed, hidden, secrets) = Default::default();
        let analysis = Analysis { findings, suppressed, hidden, secrets, ..whole };
        CheckedFile { source, analysis }
    }
}

/// What fixing came to.
#[derive(Default)]
pub struct Outlook {
    /// Fixes applied, or that would be.
    pub count: usize,
    /// Files they are in.
    pub files: usize,
    /// What a file that could not be written, or is not settled, comes to.
    pub outcome: Option<Outcome>,
    /// Whether standard output is taken: by a diff, or by the fixed text.
    pub is_printed: bool,
}

impl FixArgs {
    /// Whether anything is to be fixed, or to be shown as if it were.
    pub fn is_wanted(&self) -> bool {
        self.fix || self.diff
    }

    /// Whether files stay as they are.
    pub fn is_dry(&self) -> bool {
        self.diff || self.dry_run
    }
}

/// Fixes what `reports` show, and puts the reports on the fixed files in their place; with `--diff`
/// only shows what would change.
pub fn run(
    reports: &mut [CheckedFile],
    origins: &[Origin],
    comparison: Option<&Comparison>,
    args: &FixArgs,
) -> Outlook {
    let mut outlook = Outlook::default();
    let files: Vec<(&CheckedFile, &Origin)> = reports.iter().zip(origins).collect();
    let fixed = parallel::map(&Threads, &files, |(report, origin)| {
        let is_fixable = report.findings.iter().any(|finding| finding.fix.is_some());
        is_fixable.then(|| fix(report, origin, comparison, args.unsafe_fixes))
    });
    for ((report, origin), fixed) in reports.iter_mut().zip(origins).zip(fixed) {
        let is_stdin = origin.path.as_os_str() == "-";
        outlook.is_printed |= args.is_dry() || is_stdin;
        let Some(fixed) = fixed.filter(|fixed| fixed.count > 0) else {
            if is_stdin && !args.is_dry() {
                outlook.print_text(&report.source);
            }
            continue;
        };
        if !fixed.is_complete {
            outlook.complain(report, "not all fixes could be applied in ten rounds: run it again");
        }
        if args.is_dry() {
            let text = shown(report, &fixed.file, origin.recheck.options());
            outlook.print(&text);
        } else if is_stdin {
            outlook.print_text(&fixed.file.source);
        } else if let Err(why) =
            save(&origin.path, report.source.bytes(), fixed.file.source.bytes())
        {
            outlook.complain(report, &format!("not fixed: {why}"));
            continue;
        }
        outlook.count += fixed.count;
        outlook.files += 1;
        if !args.is_dry() {
            *report = fixed.file;
        }
    }
    if args.is_dry() && outlook.files > 0 {
        outlook.outcome = outlook.outcome.max(Some(Outcome::Findings));
    }
    outlook
}

/// Fixes one file in memory.
fn fix(
    report: &CheckedFile,
    origin: &Origin,
    comparison: Option<&Comparison>,
    allows_unsafe: bool,
) -> Fixed {
    linter::fix(report.clone(), allows_unsafe, |source| {
        let mut report = origin.recheck.check(source);
        if let Some(comparison) = comparison {
            comparison.hide(&mut report);
        }
        report
    })
}

/// What fixing changes, without secrets.
fn shown(old: &CheckedFile, new: &CheckedFile, options: &Options) -> String {
    let secrets = |source: &Source| {
        let parsed = document::read(source);
        secrets::all(&parsed.document, &options.policy.sensitive_headers)
    };
    let (before, after) = (secrets(&old.source), secrets(&new.source));
    diff::unified(old.source.name(), (&old.source, &before), (&new.source, &after))
}

impl Outlook {
    fn complain(&mut self, report: &CheckedFile, what: &str) {
        let name = report.source.name();
        output::say(&report::clean(&format!("otel-lint: {name}: {what}")));
        self.outcome = Some(Outcome::Failed);
    }

    fn print(&mut self, text: &str) {
        self.outcome = self.outcome.max(Some(output::finish(text)));
    }

    /// Prints the text of a source as it is.
    fn print_text(&mut self, source: &Source) {
        self.is_printed = true;
        self.outcome = self.outcome.max(Some(output::finish_bytes(source.bytes())));
    }
}

/// How many findings of `reports` could be fixed by safe fixes, and by others.
pub fn fixable(reports: &[CheckedFile]) -> (usize, usize) {
    let findings = reports.iter().flat_map(|report| &report.findings);
    let fixes = findings.filter_map(|finding| finding.fix.as_ref());
    let (safe, others): (Vec<_>, Vec<_>) = fixes.partition(|fix| fix.safety == Safety::Safe);
    (safe.len(), others.len())
}

/// Whether `path` is standard input.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
