//! `otel-lint [FILE]…`: the main job, in four stages, each of which sees only what the one before it
//! made: inputs, check, report, outcome.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use otel_lint::linter;
use otel_lint::report::{self, FileReport, concise, human};
use otel_lint::settings::{Choices, Patterns};

use crate::args::{CheckArgs, OutputFormat};
use crate::baseline::{self, Ledger};
use crate::discovery::{self, Discovered};
use crate::exit::Outcome;
use crate::inputs::{self, InputError};
use crate::settings::{Finder, SettingsError};
use crate::summary::Summary;
use crate::{output, parallel};

pub fn run(args: &CheckArgs) -> Outcome {
    match Plan::new(args) {
        Ok(plan) => once(&plan, args),
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            Outcome::Failed
        }
    }
}

/// What the command line asks for, whatever the files say.
pub struct Plan {
    /// Files, and folders to search.
    pub named: Vec<PathBuf>,
    /// What a search leaves out.
    pub exclude: Patterns,
    flags: Choices,
}

impl Plan {
    pub fn new(args: &CheckArgs) -> Result<Self, InputError> {
        for pattern in &args.exclude {
            Patterns::new([pattern.as_str()])
                .map_err(|reason| InputError::Pattern(pattern.clone(), reason))?;
        }
        let patterns = args.exclude.iter().map(String::as_str);
        Ok(Self {
            named: inputs::named(&args.files)?,
            exclude: Patterns::new(patterns).unwrap_or_default(),
            flags: args.rules.choices(&args.target),
        })
    }
}

/// One run, from the files as they are now to the outcome.
pub fn once(plan: &Plan, args: &CheckArgs) -> Outcome {
    let finder = Arc::new(Finder::new(&args.settings));
    let discovered = discovery::discover(&plan.named, &plan.exclude, &finder);
    if args.list {
        return list(&discovered);
    }
    let checked = Ledger::open(args.baseline.as_deref(), args.write_baseline.as_deref())
        .and_then(|ledger| Checked::new(discovered, &finder, &plan.flags).compared_with(ledger));
    match checked {
        Ok(checked) => show(&checked, args).max(checked.outcome()),
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            Outcome::Failed
        }
    }
}

/// Writes the names of the files that would be checked.
fn list(discovered: &Discovered) -> Outcome {
    for failure in &discovered.failures {
        output::say(&report::clean(&format!("otel-lint: {failure}")));
    }
    let name = |file: &PathBuf| report::clean(&file.display().to_string()) + "\n";
    let names: String = discovered.files.iter().map(name).collect();
    let failed = !discovered.failures.is_empty();
    output::finish(&names).max(if failed { Outcome::Failed } else { Outcome::Clean })
}

/// What came of the inputs, in their order.
#[derive(Default)]
pub struct Checked {
    pub reports: Vec<FileReport>,
    /// Inputs that cannot be read.
    pub failures: Vec<InputError>,
    /// Settings that are wrong, each once; files they hold for are not checked.
    pub settings: Vec<Arc<SettingsError>>,
    /// The number of findings that a baseline hides.
    pub known: usize,
    /// What is to be said about the baseline.
    pub remark: Option<String>,
}

/// Why a file could not be checked.
enum Failure {
    Input(InputError),
    Settings(Arc<SettingsError>),
}

impl Checked {
    /// Reads and checks what was found, on all cores.
    fn new(discovered: Discovered, finder: &Finder, flags: &Choices) -> Self {
        let results = parallel::map(&discovered.files, |file| check(file, finder, flags));
        let mut checked = Self { failures: discovered.failures, ..Self::default() };
        for result in results {
            match result {
                Ok(report) => checked.reports.push(report),
                Err(Failure::Input(error)) => checked.failures.push(error),
                Err(Failure::Settings(error)) => {
                    if !checked.settings.iter().any(|known| Arc::ptr_eq(known, &error)) {
                        checked.settings.push(error);
                    }
                }
            }
        }
        checked
    }

    /// The same without the findings that the baseline knows, if there is one.
    fn compared_with(mut self, ledger: Option<Ledger>) -> Result<Self, baseline::Error> {
        if let Some(ledger) = ledger {
            (self.known, self.remark) = ledger.apply(&mut self.reports)?;
        }
        Ok(self)
    }

    /// What the run comes to.
    fn outcome(&self) -> Outcome {
        if !self.failures.is_empty() || !self.settings.is_empty() {
            Outcome::Failed
        } else if self.reports.iter().any(FileReport::fails) {
            Outcome::Findings
        } else {
            Outcome::Clean
        }
    }
}

fn check(file: &Path, finder: &Finder, flags: &Choices) -> Result<FileReport, Failure> {
    let in_force = finder.in_force(file, flags).map_err(Failure::Settings)?;
    let source = inputs::read(file).map_err(Failure::Input)?;
    Ok(linter::check(source, in_force.options()))
}

/// Writes findings to standard output, and what else is to be said to standard error.
fn show(checked: &Checked, args: &CheckArgs) -> Outcome {
    for failure in &checked.failures {
        output::say(&report::clean(&format!("otel-lint: {failure}")));
    }
    for error in &checked.settings {
        error.say(args.output_format, args.color);
    }
    let style = output::style(args.color);
    for report in &checked.reports {
        let shown = match args.output_format {
            OutputFormat::Human => human::render(report, style),
            OutputFormat::Concise => concise::render(report),
        };
        if output::finish(&shown) == Outcome::Failed {
            return Outcome::Failed;
        }
    }
    if !args.quiet {
        Summary::new(&checked.reports, checked.known).say();
        if let Some(remark) = &checked.remark {
            output::say(&report::clean(remark));
        }
    }
    Outcome::Clean
}
