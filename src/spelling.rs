//! Names that are nearly right: what somebody probably meant.

use strsim::{normalized_damerau_levenshtein, osa_distance};

/// How many edits lead from one name to the other: a character put in, left out or exchanged, or two
/// neighbours swapped.
#[must_use]
pub fn edit_distance(one: &str, other: &str) -> usize {
    osa_distance(one, other)
}

/// Whether `written`, in any case, is a misspelling of the key `name`, but not the key itself.
#[must_use]
pub fn is_misspelling(written: &str, name: &str) -> bool {
    let limit = 2.min(name.len() / 3).max(1);
    (1..=limit).contains(&edit_distance(&written.to_lowercase(), name))
}

/// Whether one key is the other with separators or a few letters added: `skipHeaders`, `use_https`.
#[must_use]
pub fn is_similar(key: &str, name: &str) -> bool {
    let plain = |text: &str| text.replace(['_', '-', ' ', '.'], "");
    let (key, name) = (plain(key), plain(name));
    key == name || (key.len() >= 6 && normalized_damerau_levenshtein(&key, &name) > 0.75)
}

/// The one of `names`, which are in lower case with hyphens, that is most like `written`, if any is
/// like it at all or has it as a part.
#[must_use]
pub fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let written = written.to_lowercase().replace('_', "-");
    names
        .map(|name| (normalized_damerau_levenshtein(&written, name), name))
        .filter(|(likeness, name)| {
            *likeness > 0.6 || (written.len() > 3 && name.contains(&written))
        })
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, name)| name)
}
