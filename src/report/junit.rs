//! JUnit's XML, which nearly every CI server shows: a suite for each file, a test for each finding.

use super::run::{Entry, Region};
use super::text::{advice, line, name};
use super::xml::Xml;
use super::{Report, page_url};
use crate::analysis::CheckedFile;
use crate::finding::Finding;

/// Findings that fail the run are failed tests; the others are passed ones with a text; ignored ones
/// are skipped; a file without findings is one passed test, and one that could not be read an error.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let suites: Vec<Suite<'_>> = report.files.iter().map(|file| Suite::new(report, file)).collect();
    let tests: usize = suites.iter().map(Suite::tests).sum();
    let failures: usize = suites.iter().map(|suite| suite.failures).sum();
    let unread = report.unread.len();
    let mut xml = Xml::new();
    xml.open(
        "testsuites",
        &[
            ("name", "otel-lint"),
            ("tests", &(tests + unread).to_string()),
            ("failures", &failures.to_string()),
            ("errors", &unread.to_string()),
            ("time", "0"),
        ],
    );
    for suite in &suites {
        suite.write(report, &mut xml);
    }
    for unread in &report.unread {
        let path = report.base.path(&unread.name);
        open(&mut xml, &path, [1, 0, 1, 0]);
        xml.open("testcase", &test("can be read", &path, &path, "1"));
        let error = line(&unread.error);
        xml.text("error", &[("message", &error), ("type", "unreadable")], &error);
        xml.close();
        xml.close();
    }
    xml.finish()
}

/// Begins a suite with the numbers of its tests, failures, errors and skipped tests.
fn open(xml: &mut Xml, path: &str, numbers: [usize; 4]) {
    let [tests, failures, errors, skipped] = numbers.map(|number| number.to_string());
    xml.open(
        "testsuite",
        &[
            ("name", path),
            ("tests", &tests),
            ("failures", &failures),
            ("errors", &errors),
            ("skipped", &skipped),
            ("time", "0"),
        ],
    );
}

fn test<'t>(
    name: &'t str,
    class: &'t str,
    file: &'t str,
    line: &'t str,
) -> [(&'static str, &'t str); 5] {
    [("name", name), ("classname", class), ("file", file), ("line", line), ("time", "0")]
}

/// One file.
struct Suite<'r> {
    file: &'r CheckedFile,
    path: String,
    failures: usize,
}

impl<'r> Suite<'r> {
    fn new(report: &Report<'_>, file: &'r CheckedFile) -> Self {
        let fails = |finding: &&Finding| file.fail_on.fails(finding.severity);
        let failures = file.findings.iter().filter(fails).count();
        Self { file, path: report.base.path(file.source.name()), failures }
    }

    fn tests(&self) -> usize {
        (self.file.findings.len() + self.file.suppressed.len()).max(1)
    }

    fn write(&self, report: &Report<'_>, xml: &mut Xml) {
        let skipped = self.file.suppressed.len();
        open(xml, &self.path, [self.tests(), self.failures, 0, skipped]);
        if self.file.findings.is_empty() && skipped == 0 {
            xml.empty("testcase", &test("no finding", &self.path, &self.path, "1"));
        }
        for (entry, _) in report.entries(self.file) {
            self.case(entry, xml);
        }
        xml.close();
    }

    fn case(&self, Entry { finding, reason }: Entry<'_>, xml: &mut Xml) {
        let region = Region::new(&self.file.source, finding.primary.span);
        let (row, column) = (region.start.line, region.start.column);
        // The place tells apart what has the same rule.
        let title = format!("{} at {row}:{column}", finding.rule);
        xml.open("testcase", &test(&title, &self.path, &self.path, &row.to_string()));
        let message = line(&finding.message);
        let kind = finding.severity.as_str();
        let text = format!(
            "{}:{row}:{column}: {kind}[{}] {message}\n{}\n{}",
            name(&self.path),
            finding.rule,
            advice(finding),
            page_url(finding.rule)
        );
        if let Some(reason) = reason {
            let why = format!("{message} (ignored: {})", line(reason));
            xml.empty("skipped", &[("message", &why)]);
        } else if self.file.fail_on.fails(finding.severity) {
            xml.text("failure", &[("message", &message), ("type", kind)], &text);
        } else {
            xml.text("system-out", &[], &text);
        }
        xml.close();
    }
}
