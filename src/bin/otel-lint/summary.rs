//! What a run came to, for standard error.

use std::fmt::Write;

use otel_lint::analysis::{CheckedFile, Counts};
use otel_lint::content::Content;
use otel_lint::report;

use crate::args::FixArgs;
use crate::fixes::{self, Outlook};
use crate::output;

/// A line for each file, and the number of findings in all.
#[derive(Default)]
pub struct Summary {
    lines: Vec<String>,
    counts: Counts,
    known: usize,
    skipped: usize,
    /// Findings with a safe fix, and with another one.
    fixable: (usize, usize),
}

impl Summary {
    /// The summary of `reports`, after a baseline took `known` findings out of them and `skipped`
    /// files were passed by.
    pub fn new(reports: &[CheckedFile], known: usize, skipped: usize) -> Self {
        let fixable = fixes::fixable(reports);
        let mut summary = Self { known, skipped, fixable, ..Self::default() };
        for report in reports {
            summary.add(report);
        }
        summary
    }

    fn add(&mut self, report: &CheckedFile) {
        self.counts += report.counts();
        let name = report::clean(report.source.name());
        let target = report.target;
        let is_silent = !report.has_telemetry && report.findings.is_empty();
        self.lines.push(match (report.content, report.has_telemetry) {
            (Content::Fragment, _) => format!("{name}: fragment, judged for {target}"),
            (Content::Carrier, _) => {
                format!("{name}: carries a configuration, judged for {target}")
            }
            (Content::Template, true) => {
                format!("{name}: judged for {target}, as far as a template tells")
            }
            (Content::Template, false) => {
                format!("{name}: a template without telemetry to judge: lint the rendered file")
            }
            _ if is_silent => {
                format!("{name}: judged for {target}; no telemetry block: nothing is exported")
            }
            _ => format!("{name}: judged for {target}"),
        });
    }

    /// Says it all; `fixed` is what came of `--fix` or `--diff`.
    pub fn say(&self, fixed: Option<&Outlook>, args: &FixArgs) {
        let mut said = Vec::new();
        if self.skipped > 0 {
            let files = plural(self.skipped, "file");
            said.push(format!("{files} skipped: not a KrakenD configuration"));
        }
        if !self.lines.is_empty() {
            said.extend_from_slice(&self.lines);
            said.push(self.counts());
            said.extend(fixed.map(|fixed| fixed_line(fixed, args)));
            said.extend(self.fixable(fixed.is_some(), args));
        }
        if !said.is_empty() {
            output::say(&said.join("\n"));
        }
    }

    /// How many findings can be fixed, and how.
    fn fixable(&self, was_fixed: bool, args: &FixArgs) -> Option<String> {
        let (safe, others) = self.fixable;
        match (was_fixed, safe, others) {
            (_, 0, 0) => None,
            (true, _, 0) => None,
            (true, _, _) if args.unsafe_fixes => None,
            (false, safe, 0) => Some(format!("{safe} can be fixed with --fix")),
            (false, 0, _) | (true, _, _) => {
                Some(format!("{others} can be fixed with --fix --unsafe-fixes"))
            }
            (false, safe, others) => Some(format!(
                "{safe} can be fixed with --fix, {others} more with --fix --unsafe-fixes"
            )),
        }
    }

    /// The number of findings in all.
    fn counts(&self) -> String {
        let Counts { errors, warnings, infos, suppressed } = self.counts;
        let mut line = String::new();
        let counts = [(errors, "error"), (warnings, "warning"), (infos, "info")];
        for (count, word) in counts.into_iter().filter(|(count, _)| *count > 0) {
            let comma = if line.is_empty() { "" } else { ", " };
            let _ = write!(line, "{comma}{}", plural(count, word));
        }
        if line.is_empty() {
            line.push_str("no findings");
        }
        let _ = write!(line, " in {}", plural(self.lines.len(), "file"));
        let silent = [(suppressed, "suppressed"), (self.known, "in the baseline")];
        for (count, words) in silent.into_iter().filter(|(count, _)| *count > 0) {
            let _ = write!(line, ", {count} {words}");
        }
        line
    }
}

/// What was fixed, or would be.
fn fixed_line(fixed: &Outlook, args: &FixArgs) -> String {
    let Outlook { count, files, .. } = fixed;
    let (done, nothing) = if args.is_dry() {
        ("would be applied", "nothing would be fixed")
    } else {
        ("applied", "nothing was fixed")
    };
    if *count == 0 {
        return nothing.to_owned();
    }
    let fixes = if *count == 1 { "1 fix".to_owned() } else { format!("{count} fixes") };
    format!("{fixes} {done} in {}", plural(*files, "file"))
}

pub fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
