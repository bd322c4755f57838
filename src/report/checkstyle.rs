//! The XML of checkstyle, which Jenkins, reviewdog and many editors read.

use super::Report;
use super::run::Region;
use super::text::{advice, line};
use super::xml::Xml;

/// A `file` for each file, an `error` for each finding. Lines and columns start at 1, columns count
/// characters. A file that could not be read has an error on line 1.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let mut xml = Xml::new();
    xml.open("checkstyle", &[("version", "4.3")]);
    for file in &report.files {
        let path = report.base.path(file.source.name());
        if file.findings.is_empty() {
            xml.empty("file", &[("name", &path)]);
            continue;
        }
        xml.open("file", &[("name", &path)]);
        for finding in &file.findings {
            let start = Region::new(&file.source, finding.primary.span).start;
            xml.empty(
                "error",
                &[
                    ("line", &start.line.to_string()),
                    ("column", &start.column.to_string()),
                    ("severity", finding.severity.as_str()),
                    ("message", &format!("{}\n{}", line(&finding.message), advice(finding))),
                    ("source", &format!("otel-lint.{}", finding.rule)),
                ],
            );
        }
        xml.close();
    }
    for unread in &report.unread {
        xml.open("file", &[("name", &report.base.path(&unread.name))]);
        let message = line(&unread.error);
        let source = "otel-lint.unreadable";
        let place =
            [("line", "1"), ("severity", "error"), ("message", &message), ("source", source)];
        xml.empty("error", &place);
        xml.close();
    }
    xml.finish()
}
