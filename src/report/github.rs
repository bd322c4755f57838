//! Workflow commands of GitHub Actions, which become annotations on the changed lines.

use std::fmt::Write as _;

use super::Report;
use super::run::Region;
use super::text::{advice, line};
use crate::finding::Severity;

/// A line `::error file=…,line=…,…::message` for each finding. Lines and columns start at 1, columns
/// count characters, and the end is the column behind the place. GitHub takes columns only of a place
/// on one line. A file that could not be read is an error without a line.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let mut out = String::new();
    for file in &report.files {
        let path = property(&line(&report.base.path(file.source.name())));
        for finding in &file.findings {
            let region = Region::new(&file.source, finding.primary.span);
            let (start, end) = (region.start, region.end);
            let command = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "notice",
            };
            let _ = write!(out, "::{command} file={path},line={}", start.line);
            let _ = write!(out, ",endLine={}", region.last_line);
            if start.line == end.line {
                let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
            }
            let title = property(&format!("otel-lint: {}", finding.rule));
            let text = format!("{}\n{}", line(&finding.message), advice(finding));
            let _ = writeln!(out, ",title={title}::{}", data(&text));
        }
    }
    for unread in &report.unread {
        let path = property(&line(&report.base.path(&unread.name)));
        let _ =
            writeln!(out, "::error file={path},title=otel-lint::{}", data(&line(&unread.error)));
    }
    out
}

/// `text` as the message of a command: one line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// `text` as the value of a property: without what ends one.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
