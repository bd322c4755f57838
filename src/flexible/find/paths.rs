//! Paths below the root of a repository, with `/` between their parts.

/// The folder of a path; empty for the root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a base in the folder `base` may have `path` as one of its folders.
pub(super) fn is_near(path: &str, base: &str) -> bool {
    below(path, base).is_some() || below(path, folder(base)).is_some()
}

/// Whether `path` is `folder` or below it.
pub(super) fn is_within(path: &str, folder: &str) -> bool {
    below(path, folder).is_some()
}

/// `path` within `folder`; the empty path is the root.
pub(super) fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// The parts of a path, without what says nothing here.
pub(super) fn parts(path: &str) -> Vec<&str> {
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    let here = |part: &&str| {
        ["$PWD", "${PWD}", "$(PWD)", "$(pwd)", "`pwd`", "$(CURDIR)", "~"].contains(part)
    };
    parts.filter(|part| !here(part)).collect()
}

/// A folder and all above it, up to the root.
pub(super) fn ancestors(path: &str) -> Vec<&str> {
    let mut all = vec![path];
    let mut rest = path;
    while !rest.is_empty() {
        rest = folder(rest);
        all.push(rest);
    }
    all
}

pub(super) fn joined(folder: &str, rest: &str) -> String {
    match (folder, rest) {
        ("", rest) => rest.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, rest) => format!("{folder}/{rest}"),
    }
}

/// The number of steps from one folder to another.
pub(super) fn distance(one: &str, other: &str) -> usize {
    let (one, other) = (parts(one), parts(other));
    let common = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    one.len() + other.len() - 2 * common
}
