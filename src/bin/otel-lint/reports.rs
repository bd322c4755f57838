//! Findings in every format, to standard output and to files.

use std::io;

use otel_lint::analysis::CheckedFile;
use otel_lint::report::human::Style;
use otel_lint::report::{
    self, Base, Report, Unread, checkstyle, concise, github, gitlab, human, json, junit, markdown,
    sarif,
};

use crate::args::{CheckArgs, ReportFile};
use crate::common_args::OutputFormat;
use crate::exit::Outcome;
use crate::output::{self, WIDTH};
use crate::save;
use crate::system;

/// Variables in which CI servers tell where the repository is: GitHub, GitLab, Jenkins.
const ROOTS: [&str; 3] = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "WORKSPACE"];

/// How a person sees findings in a file.
const IN_A_FILE: Style = Style { width: WIDTH, color: false, links: false, unicode: true };

/// What a run found, ready to be shown.
pub struct Reports<'r> {
    files: &'r [CheckedFile],
    /// Findings of a rule in a file that people are shown at most; 0 is all.
    most: usize,
    report: Report<'r>,
}

impl CheckArgs {
    /// Whether annotations follow the findings: in GitHub Actions, for people, unless told otherwise.
    pub fn annotations(&self) -> bool {
        let is_human = matches!(self.output_format, OutputFormat::Human);
        let in_actions = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        is_human && in_actions && !self.report.no_annotations
    }
}

impl<'r> Reports<'r> {
    pub fn new(files: &'r [CheckedFile], unread: Vec<Unread>, most: usize) -> Self {
        Self { files, most, report: Report::new(files, unread, base()) }
    }

    /// Prints the findings, and annotations after them if those are wanted.
    pub fn print(&self, format: OutputFormat, style: Style, annotations: bool) -> Outcome {
        let printed = match format {
            // A file at a time: people see the first one while the last one is drawn.
            OutputFormat::Human | OutputFormat::Concise => self
                .files
                .iter()
                .map(|file| output::finish(&self.one(file, format, style)))
                .find(|outcome| *outcome != Outcome::Clean)
                .unwrap_or(Outcome::Clean),
            _ => output::finish(&self.render(format, style)),
        };
        if annotations {
            return printed.max(output::finish(&github::render(&self.report)));
        }
        printed
    }

    /// Writes each of `wanted`, and says which could not be written.
    pub fn write(&self, wanted: &[ReportFile]) -> Outcome {
        let mut outcome = Outcome::Clean;
        for ReportFile { format, file } in wanted {
            if let Err(error) = save::write(file, &self.render(*format, IN_A_FILE)) {
                let why = match error.kind() {
                    io::ErrorKind::NotFound => "there is no such folder".to_owned(),
                    _ => system::reason(&error),
                };
                let message = format!("otel-lint: {}: cannot be written: {why}", file.display());
                output::say(&report::clean(&message));
                outcome = Outcome::Failed;
            }
        }
        outcome
    }

    /// One file in a format for people.
    fn one(&self, file: &CheckedFile, format: OutputFormat, style: Style) -> String {
        match format {
            OutputFormat::Concise => concise::render_most(file, self.most),
            _ => human::render_most(file, style, self.most),
        }
    }

    fn render(&self, format: OutputFormat, style: Style) -> String {
        let report = &self.report;
        match format {
            OutputFormat::Human | OutputFormat::Concise => {
                self.files.iter().map(|file| self.one(file, format, style)).collect()
            }
            OutputFormat::Json => json::render(report),
            OutputFormat::Jsonl => json::render_lines(report),
            OutputFormat::Sarif => sarif::render(report),
            OutputFormat::Github => github::render(report),
            OutputFormat::Gitlab => gitlab::render(report),
            OutputFormat::Junit => junit::render(report),
            OutputFormat::Checkstyle => checkstyle::render(report),
            OutputFormat::Markdown => markdown::render(report),
        }
    }
}

/// Where paths begin: at the repository, if the CI server tells where that is, else here.
fn base() -> Base {
    let here = std::env::current_dir().unwrap_or_default();
    let root = ROOTS.iter().find_map(|name| std::env::var(name).ok());
    Base::new(&here.to_string_lossy(), root.as_deref().filter(|root| !root.is_empty()))
}
