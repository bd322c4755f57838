//! A run as one JSON object, and as JSON lines.

use super::Report;
use super::data::{LineData, RunData};
pub use super::data::{line_schema, schema};

/// The run as a JSON object, indented.
///
/// # Panics
/// Never: the data are text and numbers.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let data = RunData::new(report);
    serde_json::to_string_pretty(&data).expect("text and numbers") + "\n"
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
        out.push_str(&serde_json::to_string(&line).expect("text and numbers"));
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
