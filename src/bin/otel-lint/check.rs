//! `otel-lint [FILE]…`: the main job, in four stages, each of which sees only what the one before it
//! made: inputs, check, report, outcome.

use std::path::PathBuf;

use otel_lint::linter::{self, Options};
use otel_lint::content;
use otel_lint::report::{self, Content, FileReport, concise, human};

use otel_lint::source::Source;

use crate::args::{CheckArgs, FailOn, OutputFormat};
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
    let checked = Checked::new(&files, args);
    show(&checked, args).max(outcome(&checked, args.fail_on))
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
pub struct Checked {
    pub reports: Vec<FileReport>,
    pub failures: Vec<InputError>,
    /// How many files have nothing to do with KrakenD.
    pub skipped: usize,
}

impl Checked {
    /// Reads and checks `files`.
    fn new(files: &[PathBuf], args: &CheckArgs) -> Self {
        let mut checked = Self { reports: Vec::new(), failures: Vec::new(), skipped: 0 };
        for file in files {
            match inputs::read(file, &args.input) {
                Ok(source) => checked.check(source, args),
                Err(error) => checked.failures.push(error),
            }
        }
        checked
    }

    /// Checks `source`. If it is no configuration that is a failure, unless such are to be skipped.
    fn check(&mut self, source: Source, args: &CheckArgs) {
        if args.skip_unrecognised && !content::is_plausible(source.bytes()) {
            self.skipped += 1;
            return;
        }
        let report = linter::check(source, options(args));
        if report.content != Content::Unrecognised {
            self.reports.push(report);
        } else if args.skip_unrecognised {
            self.skipped += 1;
        } else {
            let name = report.source.name().to_owned();
            self.failures.push(InputError::Unrecognised(name));
        }
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
        Summary::new(&checked.reports, checked.skipped).say();
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
