//! How many findings people are shown: of thousands of one kind the first ones say enough.

use std::collections::BTreeMap;

use crate::analysis::CheckedFile;
use crate::finding::Finding;

/// Findings of one rule in one file that people are shown unless they ask for more.
pub const MOST_FINDINGS: usize = 100;

/// The findings of `report` that are shown, `most` of each rule (0: all), and of how many of which rules
/// more there are.
pub(super) fn shown(
    report: &CheckedFile,
    most: usize,
) -> (Vec<&Finding>, BTreeMap<&'static str, usize>) {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    let is_shown = |finding: &&Finding| {
        let count = counts.entry(finding.rule).or_default();
        *count += 1;
        most == 0 || *count <= most
    };
    let shown = report.findings.iter().filter(is_shown).collect();
    counts.retain(|_, count| most > 0 && *count > most);
    for count in counts.values_mut() {
        *count -= most;
    }
    (shown, counts)
}

/// What is said of `more` findings of `rule` that are not shown.
pub(super) fn remark(rule: &str, more: usize) -> String {
    let plural = if more == 1 { "finding" } else { "findings" };
    format!("{more} more {plural} of {rule} are not shown: --max-findings 0 shows all")
}
