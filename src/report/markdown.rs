//! A summary in Markdown: for a pull request, or for the summary of a job.

use std::fmt::Write as _;

use super::run::Region;
use super::text::{advice, line};
use super::{Report, page_url};
use crate::analysis::{CheckedFile, Counts};

/// Bytes at most: a comment on GitHub takes 65,536 characters.
const MAX_BYTES: usize = 60_000;
/// Bytes kept for what is said about that which is left out, and for the end.
const RESERVE: usize = 500;

/// A heading, what there is in a line, and a table for each file with findings. Bounded: what does not
/// fit is counted.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let counts = report.counts();
    let mut page = Page { out: String::from("## otel-lint\n\n"), omitted: 0 };
    let files = plural(report.files.len(), "file");
    let _ = writeln!(page.out, "**{}** in {files}.", said(counts));
    for unread in &report.unread {
        page.push(&format!("\n- **not checked:** {}\n", inline(&line(&unread.error))));
    }
    for file in report.files.iter().filter(|file| !file.findings.is_empty()) {
        table(&mut page, report, file);
    }
    let ignored: Vec<String> =
        report.files.iter().flat_map(|file| suppressed(report, file)).collect();
    if !ignored.is_empty() {
        let summary = plural(ignored.len(), "ignored finding");
        page.push(&format!("\n<details><summary>{summary}</summary>\n\n"));
        for row in &ignored {
            page.push(row);
        }
        page.out.push_str("\n</details>\n");
    }
    if page.omitted > 0 {
        let more = plural(page.omitted, "more line");
        let _ = writeln!(page.out, "\n… and {more}: the log of the run has them all.");
    }
    page.out
}

/// Text that does not grow past its bound.
struct Page {
    out: String,
    omitted: usize,
}

impl Page {
    /// Adds `row`, or counts it if there is no room. After the first row left out come no others.
    fn push(&mut self, row: &str) {
        if self.omitted == 0 && self.out.len() + row.len() + RESERVE <= MAX_BYTES {
            self.out.push_str(row);
        } else {
            self.omitted += 1;
        }
    }
}

fn said(counts: Counts) -> String {
    let words = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info")];
    let some: Vec<String> = words
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| plural(count, word))
        .collect();
    if some.is_empty() { "No findings".to_owned() } else { some.join(", ") }
}

fn plural(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn table(page: &mut Page, report: &Report<'_>, file: &CheckedFile) {
    let path = report.base.path(file.source.name());
    page.push(&format!(
        "\n### {}\n\nChecked against {}.\n\n| line | severity | finding | rule |\n|---:|---|---|---|\n",
        inline(&format!("`{}`", line(&path).replace('`', "'"))),
        inline(&file.target.to_string()),
    ));
    for finding in &file.findings {
        let start = Region::new(&file.source, finding.primary.span).start;
        let help: Vec<String> = advice(finding).lines().map(inline).collect();
        page.push(&format!(
            "| {} | {} | **{}**<br>{} | [{}]({}) |\n",
            start.line,
            finding.severity,
            inline(&line(&finding.message)),
            help.join("<br>"),
            finding.rule,
            page_url(finding.rule)
        ));
    }
}

/// The ignored findings of `file`, an item of a list each.
fn suppressed<'r>(
    report: &'r Report<'r>,
    file: &'r CheckedFile,
) -> impl Iterator<Item = String> + 'r {
    file.suppressed.iter().map(|suppressed| {
        let finding = &suppressed.finding;
        let start = Region::new(&file.source, finding.primary.span).start;
        let place = format!("{}:{}", report.base.path(file.source.name()), start.line);
        format!(
            "- {} {}: {} ({})\n",
            inline(&line(&place)),
            finding.rule,
            inline(&line(&finding.message)),
            inline(&line(&suppressed.reason))
        )
    })
}

/// `text`, which is one line, with all escaped that Markdown or HTML would take for markup. What is in
/// backticks stays code.
fn inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let parts: Vec<&str> = text.split('`').collect();
    for (nth, part) in parts.iter().enumerate() {
        // The last backtick of an odd number opens nothing.
        let is_code = nth % 2 == 1 && nth + 1 < parts.len();
        if is_code && !part.trim().is_empty() && !part.contains(['|', '\\', '<', '&']) {
            let _ = write!(out, "`{part}`");
        } else if is_code {
            let _ = write!(out, "<code>{}</code>", escaped(part));
        } else {
            out.push_str(if nth % 2 == 1 { "\\`" } else { "" });
            out.push_str(&escaped(part));
        }
    }
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // Nobody is to be called by the name of a key.
            '@' => out.push_str("@<!---->"),
            '\\' | '*' | '_' | '[' | ']' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}
