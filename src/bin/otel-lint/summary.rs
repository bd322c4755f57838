//! What a run came to, for standard error.

use std::fmt::Write;

use otel_lint::analysis::{CheckedFile, Counts};
use otel_lint::recognise::{Content, Reason};
use otel_lint::report;
use otel_lint::target::Target;

use crate::common_args::FixArgs;
use crate::fixes::{self, Outlook};
use crate::output;

/// Names of files in one line; of more only the number is said.
const MOST_NAMES: usize = 5;

/// A file that was not checked.
pub struct NotChecked {
    /// Its name.
    pub name: String,
    /// Why not.
    pub reason: Reason,
    /// Whether it could have been a configuration, so that people want to know.
    pub is_told: bool,
    /// Whether a search came by it, and nobody named it.
    pub is_found: bool,
}

/// What there is to say about the files of a run, each thing in one line, and the number of findings.
#[derive(Default)]
pub struct Summary {
    /// A line for each file: what it is.
    kinds: Vec<String>,
    /// What was checked against which gateway.
    targets: Groups<Target>,
    /// Remarks about files that were checked.
    remarks: Groups<&'static str>,
    /// Why files were not checked.
    unchecked: Groups<Reason>,
    /// The number of files that were checked, or in which something was found.
    checked: usize,
    /// The number of files that nobody takes for configurations.
    skipped: usize,
    counts: Counts,
    known: usize,
    /// Findings with a safe fix, and with another one.
    fixable: (usize, usize),
}

/// The names of files that have something in common, in the order in which they came.
struct Groups<K>(Vec<(K, Vec<String>)>);

impl<K> Default for Groups<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq> Groups<K> {
    fn add(&mut self, key: K, name: String) {
        match self.0.iter_mut().find(|(other, _)| *other == key) {
            Some((_, names)) => names.push(name),
            None => self.0.push((key, vec![name])),
        }
    }
}

impl Summary {
    /// The summary of `reports` and of `skipped` files, after a baseline took `known` findings out.
    pub fn new(reports: &[CheckedFile], skipped: &[NotChecked], known: usize) -> Self {
        let fixable = fixes::fixable(reports);
        let mut summary = Self { known, fixable, ..Self::default() };
        for report in reports {
            summary.add(report);
        }
        for file in skipped {
            if file.is_told {
                let name = report::name(&file.name);
                summary.kinds.push(format!("{name}: not checked: {}", file.reason));
                summary.unchecked.add(file.reason, name);
            } else if !file.is_found {
                summary.skipped += 1;
            }
        }
        summary
    }

    fn add(&mut self, report: &CheckedFile) {
        self.counts += report.counts();
        self.checked += usize::from(report.is_checked() || !report.findings.is_empty());
        let name = report::name(report.source.name());
        let (target, reason) = (report.target, report.reason);
        if !report.is_checked() {
            self.kinds.push(format!("{name}: not checked: {reason}"));
            self.unchecked.add(reason, name);
            return;
        }
        let kind = report.content.as_str();
        let is_silent = !report.has_telemetry && report.findings.is_empty();
        let remark = match report.content {
            Content::Template => Some("checked as far as a template tells"),
            Content::Configuration | Content::Rendered if is_silent => {
                Some("no telemetry block: nothing is exported")
            }
            _ => None,
        };
        let more = remark.map(|remark| format!("; {remark}")).unwrap_or_default();
        self.kinds.push(format!("{name}: {kind} ({reason}), checked against {target}{more}"));
        if let Some(remark) = remark {
            self.remarks.add(remark, name.clone());
        }
        self.targets.add(target, name);
    }

    /// Says it, with a line for each file if it is to be `verbose`; `fixed` is what came of `--fix` or
    /// `--diff`.
    pub fn say(&self, verbose: bool, fixed: Option<&Outlook>, args: &FixArgs) {
        let mut said = Vec::new();
        if verbose {
            said.extend_from_slice(&self.kinds);
        } else {
            for (target, names) in &self.targets.0 {
                said.push(match self.targets.0.len() {
                    1 => format!("checked against {target}"),
                    _ => format!("{}: checked against {target}", named(names)),
                });
            }
            let remarks = self.remarks.0.iter();
            said.extend(remarks.map(|(remark, names)| format!("{}: {remark}", named(names))));
            for (reason, names) in &self.unchecked.0 {
                said.push(format!("{}: not checked: {reason}", named(names)));
            }
        }
        if self.skipped > 0 {
            let files = plural(self.skipped, "file");
            said.push(format!("{files} skipped: not a KrakenD configuration"));
        }
        if self.checked > 0 || !self.unchecked.0.is_empty() {
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
            (_, 0, 0) | (true, _, 0) => None,
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

    /// The number of findings in all, and that of the files that were not checked.
    fn counts(&self) -> String {
        let unchecked = self.unchecked.0.iter().map(|(_, names)| names.len()).sum();
        if self.checked == 0 {
            return format!("{} not checked", plural(unchecked, "file"));
        }
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
        let _ = write!(line, " in {}", plural(self.checked, "file"));
        let silent = [(suppressed, "suppressed"), (self.known, "in the baseline")];
        for (count, words) in silent.into_iter().filter(|(count, _)| *count > 0) {
            let _ = write!(line, ", {count} {words}");
        }
        if unchecked > 0 {
            let _ = write!(line, ", {} not checked", plural(unchecked, "file"));
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

/// The names of a few files, or the number of many.
fn named(names: &[String]) -> String {
    match names.len() {
        0..=MOST_NAMES => names.join(", "),
        more => {
            format!("{} and {} more", names[..MOST_NAMES].join(", "), more - MOST_NAMES)
        }
    }
}

pub fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}
