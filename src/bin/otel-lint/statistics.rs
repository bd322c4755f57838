//! `--statistics`: how often each rule has a finding, in the place of the findings.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use otel_lint::analysis::CheckedFile;
use otel_lint::finding::Severity;

/// A line for each rule and severity with findings, the most frequent first.
pub fn table(reports: &[CheckedFile]) -> String {
    let mut counts: BTreeMap<(&str, Severity), usize> = BTreeMap::new();
    for finding in reports.iter().flat_map(|report| &report.findings) {
        *counts.entry((finding.rule, finding.severity)).or_default() += 1;
    }
    let mut lines: Vec<_> = counts.into_iter().collect();
    // Equal counts stay in the order of the ids.
    lines.sort_by_key(|(_, count)| Reverse(*count));
    let width = lines.first().map_or(1, |(_, count)| count.to_string().len());
    let mut text = String::new();
    for ((rule, severity), count) in lines {
        let _ = writeln!(text, "{count:width$}  {severity:7}  {rule}");
    }
    text
}
