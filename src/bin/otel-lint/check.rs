//! `otel-lint [FILE]…`: the main job, in four stages, each of which sees only what the one before it
//! made: inputs, check, report, outcome.

use std::path::PathBuf;

use otel_lint::linter::{self, Options};
use otel_lint::report::{self, FileReport, concise, human};

use crate::args::{CheckArgs, FailOn, OutputFormat};
use crate::baseline::{self, Ledger};
use crate::exit::Outcome;
use crate::inputs::{self, InputError};
use crate::output;
use crate::summary::Summary;

pub fn run(args: &CheckArgs) -> Outcome {
    let files = match inputs::named(&args.files) {
        Ok(files) => files,
        Err(error) => {
            output::say(&format!("otel-lint: {error}"));
            return Outcome::Failed;
        }
    };
    let ledger = Ledger::open(args.baseline.as_deref(), args.write_baseline.as_deref());
    let checked = ledger.and_then(|ledger| {
        let checked = Checked::new(&files, &options(args));
        match ledger {
            Some(ledger) => checked.compared_with(ledger),
            None => Ok(checked),
        }
    });
    match checked {
        Ok(checked) => show(&checked, args).max(outcome(&checked, args.fail_on)),
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            Outcome::Failed
        }
    }
}

fn options(args: &CheckArgs) -> Options {
    Options {
        version: args.target.krakend_version,
        edition: args.target.edition.into(),
        // Who fails on infos wants to see them.
        pedantic: args.pedantic || matches!(args.fail_on, FailOn::Info),
    }
}

/// What came of the inputs, in their order.
#[derive(Default)]
pub struct Checked {
    pub reports: Vec<FileReport>,
    pub failures: Vec<InputError>,
    /// The number of findings that a baseline hides.
    pub known: usize,
    /// What is to be said about the baseline.
    pub remark: Option<String>,
}

impl Checked {
    /// Reads and checks `files`.
    fn new(files: &[PathBuf], options: &Options) -> Self {
        let mut checked = Self::default();
        for file in files {
            match inputs::read(file) {
                Ok(source) => checked.reports.push(linter::check(source, *options)),
                Err(error) => checked.failures.push(error),
            }
        }
        checked
    }

    /// The same without the findings that the baseline knows.
    fn compared_with(mut self, ledger: Ledger) -> Result<Self, baseline::Error> {
        (self.known, self.remark) = ledger.apply(&mut self.reports)?;
        Ok(self)
    }
}

/// Writes findings to standard output, and what else is to be said to standard error.
fn show(checked: &Checked, args: &CheckArgs) -> Outcome {
    for failure in &checked.failures {
        output::say(&report::clean(&format!("otel-lint: {failure}")));
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

/// What the run comes to.
fn outcome(checked: &Checked, fail_on: FailOn) -> Outcome {
    let mut findings = checked.reports.iter().flat_map(|report| &report.findings);
    if !checked.failures.is_empty() {
        Outcome::Failed
    } else if findings.any(|finding| fail_on.fails(finding.severity)) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}
