//! GitLab's Code Quality report: a JSON array, an object for each finding.

use serde_json::{Value, json};

use super::json::harmless;
use super::run::Region;
use super::text::{advice, line};
use super::{Report, page_url};
use crate::finding::Severity;
use crate::identity::digest;

/// The report for `artifacts: reports: codequality`. Lines start at 1. A file that could not be read is
/// a blocker on its first line.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let mut issues: Vec<Value> = Vec::new();
    for file in &report.files {
        let path = report.base.path(file.source.name());
        let shown = report.entries(file).filter(|(entry, _)| entry.reason.is_none());
        for (entry, fingerprint) in shown {
            let finding = entry.finding;
            let region = Region::new(&file.source, finding.primary.span);
            let help = advice(finding);
            issues.push(json!({
                "description": line(&finding.message),
                "check_name": finding.rule,
                "fingerprint": fingerprint,
                "severity": match finding.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                "location": {
                    "path": path,
                    "lines": {"begin": region.start.line, "end": region.last_line},
                },
                "type": "issue",
                "categories": ["Bug Risk"],
                "content": {"body": format!("{help}\n\n{}", page_url(finding.rule))},
            }));
        }
    }
    for unread in &report.unread {
        let path = report.base.path(&unread.name);
        issues.push(json!({
            "description": line(&unread.error),
            "check_name": "unreadable",
            "fingerprint": digest(&[&path, "unreadable"]),
            "severity": "blocker",
            "location": {"path": path, "lines": {"begin": 1, "end": 1}},
            "type": "issue",
            "categories": ["Bug Risk"],
        }));
    }
    harmless(&format!("{:#}\n", Value::Array(issues)))
}
