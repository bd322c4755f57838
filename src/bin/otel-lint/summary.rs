//! What a run came to, for standard error.

use std::fmt::Write;

use otel_lint::finding::Severity;
use otel_lint::report::{self, Content, FileReport};

use crate::output;

/// A line for each file, and the number of findings in all.
#[derive(Default)]
pub struct Summary {
    lines: Vec<String>,
    errors: usize,
    warnings: usize,
    infos: usize,
    skipped: usize,
}

impl Summary {
    /// The summary of `reports`, with the number of files that were skipped.
    pub fn new(reports: &[FileReport], skipped: usize) -> Self {
        let mut summary = Self { skipped, ..Self::default() };
        for report in reports {
            summary.add(report);
        }
        summary
    }

    fn add(&mut self, report: &FileReport) {
        for finding in &report.findings {
            *match finding.severity {
                Severity::Error => &mut self.errors,
                Severity::Warning => &mut self.warnings,
                Severity::Info => &mut self.infos,
            } += 1;
        }
        let name = report::clean(report.source.name());
        let part = match report.content {
            Content::Fragment => "fragment, ",
            Content::Carrier => "carries a configuration, ",
            _ => "",
        };
        let mut line = format!("{name}: {part}judged for {}", report.target);
        if !report.has_telemetry && report.findings.is_empty() {
            line.push_str("; no telemetry block: nothing is exported");
        }
        self.lines.push(line);
    }

    pub fn say(&self) {
        if self.skipped > 0 {
            let files = plural(self.skipped, "file");
            output::say(&format!("{files} skipped: not a KrakenD configuration"));
        }
        if self.lines.is_empty() {
            return;
        }
        for line in &self.lines {
            output::say(line);
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
        output::say(&format!("{line} in {}", plural(self.lines.len(), "file")));
    }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
