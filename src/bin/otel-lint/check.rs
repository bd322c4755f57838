//! `otel-lint [FILE]…`: the main job.

use std::fmt::Write;

use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::report::{self, Content, FileReport, concise, human};

use crate::args::{CheckArgs, FailOn, OutputFormat};
use crate::exit::Outcome;
use crate::{inputs, output};

pub fn run(args: &CheckArgs) -> Outcome {
    let files = match inputs::named(&args.files) {
        Ok(files) => files,
        Err(error) => {
            output::say(&format!("otel-lint: {error}"));
            return Outcome::Failed;
        }
    };
    let options = Options {
        version: args.target.krakend_version,
        edition: args.target.edition.into(),
        // Who fails on infos wants to see them.
        pedantic: args.pedantic || matches!(args.fail_on, FailOn::Info),
    };
    let style = output::style(args.color);
    let mut outcome = Outcome::Clean;
    let mut summary = Summary::default();
    for file in &files {
        let source = match inputs::read(file) {
            Ok(source) => source,
            Err(error) => {
                output::say(&report::clean(&format!("otel-lint: {error}")));
                outcome = Outcome::Failed;
                continue;
            }
        };
        let report = linter::check(source, options);
        let shown = match args.output_format {
            OutputFormat::Human => human::render(&report, style),
            OutputFormat::Concise => concise::render(&report),
        };
        if output::finish(&shown) == Outcome::Failed {
            return Outcome::Failed;
        }
        if report.findings.iter().any(|finding| args.fail_on.fails(finding.severity)) {
            outcome = outcome.max(Outcome::Findings);
        }
        if !args.quiet {
            summary.add(&report);
        }
    }
    if !args.quiet {
        summary.say();
    }
    outcome
}

/// What the run came to, for standard error.
#[derive(Default)]
struct Summary {
    files: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
}

impl Summary {
    fn add(&mut self, report: &FileReport) {
        self.files += 1;
        for finding in &report.findings {
            *match finding.severity {
                Severity::Error => &mut self.errors,
                Severity::Warning => &mut self.warnings,
                Severity::Info => &mut self.infos,
            } += 1;
        }
        let name = report::clean(report.source.name());
        let line = match (report.content, report.has_telemetry) {
            (Content::Template, true) => {
                format!("{name}: judged for {}, as far as a template tells", report.target)
            }
            (Content::Template, false) => {
                format!("{name}: a template without telemetry to judge: lint the rendered file")
            }
            (_, false) if report.findings.is_empty() => format!(
                "{name}: judged for {}; no telemetry block: nothing is exported",
                report.target
            ),
            _ => format!("{name}: judged for {}", report.target),
        };
        output::say(&line);
    }

    fn say(&self) {
        if self.files == 0 {
            return;
        }
        let mut line = String::new();
        let counts = [(self.errors, "error"), (self.warnings, "warning"), (self.infos, "info")];
        for (count, word) in counts.into_iter().filter(|(count, _)| *count > 0) {
            let comma = if line.is_empty() { "" } else { ", " };
            let _ = write!(line, "{comma}{}", plural(count, word));
        }
        if line.is_empty() {
            line.push_str("no findings");
        }
        output::say(&format!("{line} in {}", plural(self.files, "file")));
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
