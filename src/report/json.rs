//! A run as one JSON object, and as JSON lines.

use std::fmt::Write as _;

use super::Report;
use super::data::{LineData, RunData};
pub use super::data::{line_schema, schema};
use super::text::{hidden, is_command};

/// The run as a JSON object, indented.
///
/// # Panics
/// Never: the data are text and numbers.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let data = RunData::new(report);
    let text = serde_json::to_string_pretty(&data).expect("text and numbers");
    harmless(&text) + "\n"
}

/// `json` with escapes in the place of what a terminal would obey or hide, and of what a CI server
/// would take for a command. Both can only stand in strings, but for line ends.
#[must_use]
pub fn harmless(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for (at, c) in json.char_indices() {
        let is_harmless = c == '\n' || !hidden(c);
        if is_harmless && !(c == '#' && is_command(&json.as_bytes()[at..])) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out
}

/// The run as lines, each a JSON object with a `type`: first `run`, then each `file` followed by its
/// `finding`s and `suppressed` ones, last `summary`. Who has read the last line has read all.
///
/// # Panics
/// Never: the data are text and numbers.
#[must_use]
pub fn render_lines(report: &Report<'_>) -> String {
    let RunData { form, tool, files, summary } = RunData::new(report);
    let mut out = String::new();
    let mut push = |line: LineData<'_>| {
        out.push_str(&harmless(&serde_json::to_string(&line).expect("text and numbers")));
        out.push('\n');
    };
    push(LineData::Run { form, tool });
    for mut file in files {
        let findings = std::mem::take(&mut file.findings);
        let suppressed = std::mem::take(&mut file.suppressed);
        let path = file.path.clone();
        push(LineData::File(file));
        for finding in findings {
            push(LineData::Finding { path: path.clone(), finding });
        }
        for suppressed in suppressed {
            push(LineData::Suppressed { path: path.clone(), suppressed });
        }
    }
    push(LineData::Summary(summary));
    out
}
