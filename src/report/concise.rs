//! One line for each finding, for logs, `grep` and the problem matchers of editors.

use std::fmt::Write as _;

use super::most;
use super::text::{MAX_MESSAGE, Marks, name};
use crate::analysis::CheckedFile;

/// A line `path:line:column: severity[rule-id] message` for each finding. Lines and columns start at
/// 1, columns count characters. Line ends and other control characters are replaced.
#[must_use]
pub fn render(report: &CheckedFile) -> String {
    render_most(report, 0)
}

/// The same with `most` findings of each rule at most, and a line about how many more there are; 0 is all.
#[must_use]
pub fn render_most(report: &CheckedFile, most: usize) -> String {
    let marks = Marks::new(true);
    let path = name(report.source.name());
    let mut out = String::new();
    let (shown, more) = most::shown(report, most);
    for finding in shown {
        let position = report.source.position(finding.primary.span.start);
        let message = marks.clean(&finding.message, MAX_MESSAGE);
        let (line, column) = (position.line, position.column);
        let (severity, rule) = (finding.severity, finding.rule);
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{path}:{line}:{column}: {severity}[{rule}] {message}");
    }
    for (rule, more) in more {
        let _ = writeln!(out, "{path}: {}", most::remark(rule, more));
    }
    out
}
