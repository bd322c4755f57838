//! Fixing: rounds of applying what can be applied together and checking again.

use crate::analysis::CheckedFile;
use crate::fix::apply::{Fixing, MAX_ROUNDS};
use crate::source::Source;

/// What fixing a file came to.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The file after all fixes.
    pub file: CheckedFile,
    /// The number of fixes applied.
    pub count: usize,
    /// Whether nothing is left that could be applied: if not, fixes undo each other, or there are too
    /// many in one place.
    pub is_complete: bool,
}

/// Applies the fixes of the findings that `file` shows, safe ones or, with `allows_unsafe`, all; then
/// those that `check` finds in the text after them, until nothing is left or too much was tried.
pub fn fix(file: CheckedFile, allows_unsafe: bool, check: impl Fn(Source) -> CheckedFile) -> Fixed {
    let mut fixing = Fixing::new(allows_unsafe);
    let mut file = file;
    let mut texts: Vec<Vec<u8>> = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let Some(text) = fixing.round(&file.source, &file.findings) else {
            return Fixed { file, count: fixing.count(), is_complete: true };
        };
        let source = Source::new(file.source.name(), text.clone());
        let source = source.with_format(file.source.format());
        texts.push(file.source.bytes().to_vec());
        file = check(source);
        if texts.contains(&text) {
            break;
        }
    }
    let is_complete = !file.findings.iter().any(|finding| fixing.applicable(finding).is_some());
    Fixed { file, count: fixing.count(), is_complete }
}
