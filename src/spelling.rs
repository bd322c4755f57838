//! Names that are nearly right: what somebody probably meant.

use strsim::{normalized_damerau_levenshtein, osa_distance};

/// Bytes of a name at most for which anything near is sought: comparing costs the product of the lengths.
const LONGEST: usize = 128;

/// How many edits lead from one name to the other: a character put in, left out or exchanged, or two
/// neighbours swapped. From a name of more than `LONGEST` bytes to another one it is that far.
#[must_use]
pub fn edit_distance(one: &str, other: &str) -> usize {
    match one.len().max(other.len()) {
        _ if one == other => 0,
        longest if longest > LONGEST => longest,
        _ => osa_distance(one, other),
    }
}

/// How much one name is like the other, from 0 to 1.
fn alike(one: &str, other: &str) -> f64 {
    if one.len().max(other.len()) > LONGEST {
        return 0.0;
    }
    normalized_damerau_levenshtein(one, other)
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
    key == name || (key.len() >= 6 && alike(&key, &name) > 0.75)
}

/// How many names are suggested at most.
const SUGGESTIONS: usize = 3;

/// The one of `names`, which are in lower case with hyphens, that is most like `written`, if any is
/// like it at all or has it as a part.
#[must_use]
pub fn nearest<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    ranked(written, names).first().copied()
}

/// The few of `names`, which are in lower case with hyphens, that are like `written`, the likeliest
/// first: those that are nearly as likely as the first one.
#[must_use]
pub fn ranked<'n>(written: &str, names: impl Iterator<Item = &'n str>) -> Vec<&'n str> {
    let written = written.to_lowercase().replace(['_', ' '], "-");
    let mut ranked: Vec<(f64, &str)> = names
        .map(|name| (likeness(&written, name), name))
        .filter(|(likeness, _)| *likeness > 0.6)
        .collect();
    ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let best = ranked.first().map_or(1.0, |(likeness, _)| *likeness);
    ranked.retain(|(likeness, _)| *likeness > best - 0.1);
    ranked.into_iter().take(SUGGESTIONS).map(|(_, name)| name).collect()
}

/// How much `name` is like `written`, from 0 to 1: as a whole, or because it has each word of it.
fn likeness(written: &str, name: &str) -> f64 {
    let whole = alike(written, name);
    let word = |word: &str| {
        let words = name.split('-').map(|known| alike(word, known));
        words.fold(0.0, f64::max)
    };
    let worst = written.split('-').map(word).fold(1.0, f64::min);
    let has_part = written.len() > 3 && name.contains(written);
    if has_part || worst > 0.7 { whole.max(0.65 + 0.25 * whole) } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likelier_name_comes_first() {
        let names = [
            "port-range",
            "otlp-host-empty",
            "otlp-host-contains-port",
            "otlp-host-contains-path",
            "sample-rate-zero",
            "sample-rate-full",
        ];
        let ranked = |written| ranked(written, names.into_iter());
        assert_eq!(ranked("host-port"), ["otlp-host-contains-port"]);
        assert_eq!(ranked("otlp-host-contains-prot")[0], "otlp-host-contains-port");
        assert_eq!(ranked("sample-rate-zeros")[0], "sample-rate-zero");
        assert_eq!(ranked("sample rate"), ["sample-rate-zero", "sample-rate-full"]);
        assert_eq!(ranked("").len(), 0);
        assert_eq!(ranked("grafana").len(), 0);
    }
}
