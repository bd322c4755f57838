//! Patterns of paths, written as in `.gitignore`.

use std::path::Path;

use ignore::gitignore::{Gitignore, GitignoreBuilder};

/// A list of patterns. As in `.gitignore`, one without a slash matches a name in any folder, one that
/// matches a folder matches all in it, and one that begins with `!` takes out what an earlier one
/// matched.
#[derive(Clone, Debug)]
pub struct Patterns(Gitignore);

impl Default for Patterns {
    fn default() -> Self {
        Self(Gitignore::empty())
    }
}

impl Patterns {
    /// The list of `patterns`.
    ///
    /// # Errors
    /// What is wrong with the first that is none.
    pub fn new<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Result<Self, String> {
        let mut builder = GitignoreBuilder::new("");
        for pattern in patterns {
            // Lines of a file may be empty or comments; here nobody means that.
            if pattern.trim().is_empty() || pattern.starts_with('#') {
                return Err("it is empty, or a comment".to_owned());
            }
            if has_open_class(pattern) {
                return Err("a `[` has no `]`".to_owned());
            }
            if let Err(error) = builder.add_line(None, pattern) {
                return Err(reason(error));
            }
        }
        builder.build().map(Self).map_err(reason)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether some pattern matches `path`, relative to where the patterns are written, or a folder
    /// it is in.
    #[must_use]
    pub fn matches(&self, path: &Path, is_folder: bool) -> bool {
        // Outside there is nothing to match, and an absolute path has no place in a pattern.
        let inside = path.is_relative() && !path.starts_with("..");
        inside && self.0.matched_path_or_any_parents(path, is_folder).is_ignore()
    }
}

/// Whether a `[` in `pattern` is never closed: Git then matches nothing, and the reader of patterns
/// takes it as it is.
fn has_open_class(pattern: &str) -> bool {
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => {
                rest.next();
            }
            '[' => {
                let inside = rest.as_str();
                let inside = inside.strip_prefix(['!', '^']).unwrap_or(inside);
                // A bracket that comes first is one of the characters.
                let inside = inside.strip_prefix(']').unwrap_or(inside);
                let Some((_, behind)) = inside.split_once(']') else { return true };
                rest = behind.chars();
            }
            _ => {}
        }
    }
    false
}

/// What is wrong with a pattern, without the pattern itself.
fn reason(error: ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err,
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_gitignore() {
        let table: &[(&[&str], &str, bool)] = &[
            (&["*.tmpl"], "a/b.tmpl", true),
            (&["test/"], "test/krakend.json", true),
            (&["test/"], "a/test/krakend.json", true),
            (&["/test/"], "a/test/krakend.json", false),
            (&["a/*/c.json"], "a/b/c.json", true),
            (&["a/*/c.json"], "a/b/b/c.json", false),
            (&["a/**/c.json"], "a/b/b/c.json", true),
            (&["*.json", "!keep.json"], "keep.json", false),
            (&["größe.json"], "größe.json", true),
            (&["*"], "../outside.json", false),
            (&["*"], "/outside.json", false),
            (&["[]a].json"], "a.json", true),
            (&["\\[a.json"], "[a.json", true),
            (&[], "a.json", false),
        ];
        for (patterns, path, expected) in table {
            let list = Patterns::new(patterns.iter().copied()).expect("patterns");
            assert_eq!(list.matches(Path::new(path), false), *expected, "{patterns:?} {path}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for patterns in [
            ["a", "b{c"],
            ["[z-a]", "b"],
            ["a", ""],
            ["#a", "b"],
            ["[a-", "b"],
            ["a", "b[]"],
            ["[!]x", "b"],
        ] {
            assert!(Patterns::new(patterns).is_err(), "{patterns:?}");
        }
    }
}
