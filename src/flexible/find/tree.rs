//! The paths of a repository, and which folder of it a path in a container is.

use std::collections::{BTreeMap, BTreeSet};

use super::hints::{Folder, Hint};
use super::paths::{self, ancestors, below, distance, folder, joined, last, parts};

/// How far below a base its folders are looked for.
const MOST_LEVELS: usize = 3;

/// All files below a folder.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// Each folder with the names of the files in it.
    folders: BTreeMap<String, BTreeSet<String>>,
}

impl Tree {
    /// The tree of these paths, which are relative and have `/` between their parts.
    pub fn new(files: impl IntoIterator<Item = String>) -> Self {
        let mut tree = Self::default();
        for file in files {
            let place = folder(&file).to_owned();
            let name = file.rsplit('/').next().unwrap_or_default().to_owned();
            for above in ancestors(&place) {
                tree.folders.entry(above.to_owned()).or_default();
            }
            tree.folders.entry(place).or_default().insert(name);
        }
        tree
    }

    pub(super) fn has_file_named(&self, name: &str) -> bool {
        self.folders.values().any(|files| files.contains(name))
    }

    /// Whether `hint` may be about the base at `base`: it names that one or none that there is. In a folder
    /// apart from the base, a file of the name that is beside the hint is the one that is meant.
    pub(super) fn may_tell(&self, hint: &Hint, base: &str) -> bool {
        let is_there = |path: &String| {
            let path = joined(hint.folder(), &parts(path).join("/"));
            self.folders.get(folder(&path)).is_some_and(|files| files.contains(last(&path)))
        };
        if !hint.is_in_line(folder(base)) && hint.bases.iter().any(is_there) {
            return false;
        }
        let name = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
        let mut known =
            hint.bases.iter().filter(|base| self.has_file_named(&name(base))).peekable();
        known.peek().is_none() || known.any(|known| name(known) == name(base))
    }

    /// Whether settings are directly in `folder`.
    pub(super) fn has_settings(&self, folder: &str) -> bool {
        let files = self.folders.get(folder);
        // The gateway minds the case.
        let is_one = |name: &String| name.strip_suffix(".json").is_some();
        files.is_some_and(|files| files.iter().any(is_one))
    }

    /// Whether `folder` has settings that only the Enterprise Edition reads: in another format, or in
    /// folders.
    pub(super) fn has_enterprise_settings(&self, folder: &str) -> bool {
        let formats = [".yml", ".yaml", ".toml"];
        let files = self.folders.get(folder).into_iter().flatten();
        files.into_iter().any(|name| formats.iter().any(|format| name.ends_with(format)))
            || !self.environments(folder).is_empty()
    }

    /// The folders in `folder` that hold settings, with their names.
    pub(super) fn environments(&self, folder: &str) -> Vec<(String, String)> {
        let below = self.folders.keys().filter(|other| paths::folder(other) == folder);
        let below = below.filter(|other| *other != folder && self.has_settings(other));
        below.map(|other| (last(other).to_owned(), other.clone())).collect()
    }

    /// The folders that `path`, as a gateway sees it, stands for: a variable in it stands for each
    /// folder that there is.
    pub(super) fn resolve(&self, path: &str, hint: &Hint, base: &str) -> Vec<(String, String)> {
        let parts = parts(path);
        let is_open = |part: &&str| part.contains(['$', '*', '<', '%']) || part.contains("{{");
        let fixed = parts.iter().position(is_open).unwrap_or(parts.len());
        let Some(folder) = self.resolve_fixed(&parts[..fixed], hint, base) else {
            return Vec::new();
        };
        let Some(open) = parts.get(fixed) else {
            return vec![(String::new(), folder)];
        };
        let begin = &open[..open.find(['$', '*', '<', '%', '{']).unwrap_or(0)];
        let mut all = self.environments(&folder);
        all.retain(|(name, _)| name.starts_with(begin));
        all
    }

    fn resolve_fixed(&self, path: &[&str], hint: &Hint, base: &str) -> Option<String> {
        if path.is_empty() {
            return None;
        }
        // What is copied or mounted there, from where the file is or above it.
        let mut copies: Vec<_> = (hint.copies.iter())
            .filter_map(|(from, to)| Some((parts(from), path.strip_prefix(&*parts(to))?)))
            .collect();
        copies.sort_by_key(|(_, rest)| rest.len());
        for (from, rest) in copies {
            let inner = [&*from, rest].concat().join("/");
            let mut found = ancestors(hint.folder()).into_iter().map(|above| joined(above, &inner));
            if let Some(found) = found.find(|found| self.folders.contains_key(found)) {
                return Some(found);
            }
        }
        // Otherwise the folder whose path ends as this one does, as far as possible.
        (0..path.len()).find_map(|skipped| {
            let end = path[skipped..].join("/");
            let inner = format!("/{end}");
            let fits = |folder: &&String| **folder == end || folder.ends_with(&inner);
            let all = self.folders.keys().filter(fits);
            all.min_by_key(|folder| (distance(folder, base), distance(folder, hint.folder())))
                .cloned()
        })
    }

    /// The folder nearest to the base at `base` that has a usual name and belongs to none of
    /// `others`.
    pub(super) fn nearest_named(
        &self,
        kind: Folder,
        base: &str,
        others: &BTreeSet<&str>,
    ) -> Option<String> {
        let place = folder(base);
        let outer = (!place.is_empty()).then(|| folder(place));
        let is_usual = |path: &str| {
            if let Some(rest) = below(path, place) {
                let is_others =
                    |other: &&str| folder(other) != place && below(path, folder(other)).is_some();
                return parts(rest).len() <= MOST_LEVELS && !others.iter().any(is_others);
            }
            let rest = outer.and_then(|outer| below(path, outer)).map(parts);
            matches!(rest.as_deref(), Some([_] | ["config", _]))
        };
        let named = self.folders.keys().filter(|path| kind.names().contains(&last(path)));
        let named = named.filter(|path| is_usual(path));
        named.min_by_key(|path| (below(path, place).is_none(), parts(path).len())).cloned()
    }
}
