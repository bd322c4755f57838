//! From what is named on the command line to the files to check: folders are searched for
//! configurations, by what is in them.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ignore::{DirEntry, WalkBuilder};
use otel_lint::baseline::Baseline;
use otel_lint::parallel;
use otel_lint::recognise::{self, Marks};
use otel_lint::report::sarif;
use otel_lint::settings::{Finder, Patterns, Settings};
use otel_lint::source::Format;

use crate::disk;
use crate::disk::canonical;
use crate::inputs::InputError;
use crate::threads::Threads;

/// The extension of templates.
const TEMPLATE: &str = "tmpl";

/// Folders that hold the history of a repository, and nothing that runs.
const HISTORIES: [&str; 4] = [".git", ".hg", ".jj", ".svn"];

/// Files of a repository that are looked at for what belongs to a base, and of a workspace for bases.
pub const MOST_FILES: usize = 50_000;

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// The files to check, and what stood in the way.
#[derive(Default)]
pub struct Discovered {
    /// The files, in the order of the command line, each once; those of a folder sorted.
    pub files: Vec<Input>,
    /// Files and folders that cannot be read.
    pub failures: Vec<InputError>,
    /// Folders with more files than are looked at.
    pub cut: Vec<PathBuf>,
}

/// A file to check.
pub struct Input {
    pub path: PathBuf,
    /// Whether a search found it. Then it need not be a configuration: nobody said it was one.
    pub found: bool,
}

/// The files that `named` stands for. In each folder, not more than `most` files and folders are looked at.
pub fn discover(
    named: &[PathBuf],
    exclude: &Patterns,
    finder: &Arc<Finder>,
    most: usize,
) -> Discovered {
    let mut discovered = Discovered::default();
    let mut seen = HashSet::new();
    for path in named {
        if !is_folder(path) {
            if seen.insert(finder.absolute(path)) {
                discovered.files.push(Input { path: path.clone(), found: false });
            }
            continue;
        }
        let Found { files: candidates, failures, is_cut } = candidates(path, exclude, finder, most);
        discovered.failures.extend(failures);
        if is_cut {
            discovered.cut.push(path.clone());
        }
        let plausible = parallel::map(&Threads, &candidates, |file| {
            if recognise::names_gateway(&file.to_string_lossy()) || finder.flexible(file).is_some()
            {
                return Ok(true);
            }
            File::open(file).and_then(is_plausible).map_err(|error| {
                InputError::File(file.display().to_string(), disk::failure(&error))
            })
        });
        for (file, plausible) in candidates.into_iter().zip(plausible) {
            match plausible {
                Ok(false) => {}
                Ok(true) if !seen.insert(finder.absolute(&file)) => {}
                Ok(true) => discovered.files.push(Input { path: file, found: true }),
                Err(error) => discovered.failures.push(error),
            }
        }
    }
    discovered
}

/// Whether `path` is to be searched, and not to be read.
pub fn is_folder(path: &Path) -> bool {
    path.as_os_str() != "-" && path.is_dir()
}

/// What a search of one folder finds.
pub struct Found {
    /// The files that could be configurations by their names, sorted.
    pub files: Vec<PathBuf>,
    /// What cannot be searched.
    pub failures: Vec<InputError>,
    /// Whether there was too much to look at.
    pub is_cut: bool,
}

/// Every file in `folder` that could be a configuration by its name, among the first `most` files and
/// folders. Links are not followed: what they lead to is found where it is, or is elsewhere.
pub fn candidates(folder: &Path, exclude: &Patterns, finder: &Arc<Finder>, most: usize) -> Found {
    let (mut files, mut failures) = (Vec::new(), Vec::new());
    let search = Search {
        root: folder.to_owned(),
        place: canonical(folder),
        here: canonical(Path::new(".")),
        exclude: exclude.clone(),
        finder: Arc::clone(finder),
    };
    let left = Arc::new(AtomicUsize::new(most.saturating_add(1)));
    let is_over = Arc::clone(&left);
    let is_left = move || {
        let take = |left: usize| left.checked_sub(1);
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    };
    let walk = walk(folder)
        .filter_entry(move |entry| entry.depth() == 0 || (is_left() && search.enters(entry)))
        .build();
    for entry in walk {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                let path = entry.into_path();
                // `otel-lint .` shows names as `otel-lint FILE` has them.
                let shown = path.strip_prefix("./").map(Path::to_owned);
                files.push(shown.unwrap_or(path));
            }
            Ok(_) => {}
            Err(error) => failures.push(InputError::Search(error)),
        }
    }
    Found { files, failures, is_cut: is_over.load(Ordering::Relaxed) == 0 }
}

/// Every file in `folder` whatever its name, as paths within it with `/` between their parts; not more
/// than [`MOST_FILES`]. What a search leaves out counts, too: it may well be a part of something.
pub fn all(folder: &Path) -> Vec<String> {
    let walk = walk(folder).filter_entry(|entry| !is_history(entry)).build();
    let files = walk
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
    let paths = files.filter_map(|entry| {
        let below = entry.path().strip_prefix(folder).ok()?.to_str()?;
        Some(below.replace('\\', "/"))
    });
    paths.take(MOST_FILES).collect()
}

fn walk(folder: &Path) -> WalkBuilder {
    let mut walk = WalkBuilder::new(folder);
    // Configurations also live in `.docker/` and the like.
    walk.hidden(false).require_git(false).sort_by_file_name(Ord::cmp);
    walk
}

fn is_history(entry: &DirEntry) -> bool {
    let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
    is_folder && HISTORIES.iter().any(|name| entry.file_name() == OsStr::new(name))
}

/// Whether the file at `path` is the history of a repository, of which a search knows nothing.
pub fn is_in_history(path: &Path) -> bool {
    path.components().any(|part| HISTORIES.iter().any(|name| part.as_os_str() == OsStr::new(name)))
}

/// What a search of one folder looks at.
struct Search {
    /// The folder as it was named, and where it really is.
    root: PathBuf,
    place: PathBuf,
    /// The current folder, to which the patterns of `exclude` are relative.
    here: PathBuf,
    exclude: Patterns,
    finder: Arc<Finder>,
}

impl Search {
    /// Whether to look at a file, or into a folder.
    fn enters(&self, entry: &DirEntry) -> bool {
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        if is_history(entry) {
            return false;
        }
        let Ok(below) = entry.path().strip_prefix(&self.root) else { return true };
        let path = self.place.join(below);
        let excluded = |patterns: &Patterns, base: &Path| {
            path.strip_prefix(base).is_ok_and(|path| patterns.matches(path, is_folder))
        };
        if excluded(&self.exclude, &self.here) {
            return false;
        }
        // Settings that are wrong are told of when a file is checked with them.
        let found = path.parent().and_then(|parent| self.finder.of_folder(parent).ok()).flatten();
        let Some(found) = found else { return is_folder || has_extension(&path) };
        let Settings { include, exclude, .. } = &found.settings;
        if excluded(exclude, &found.base) {
            return false;
        }
        is_folder
            || self.finder.flexible(&path).is_some()
            || if include.is_empty() {
                has_extension(&path)
            } else {
                excluded(include, &found.base)
            }
    }
}

fn has_extension(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    let mut known = Format::ALL.iter().flat_map(|format| format.extensions()).chain([&TEMPLATE]);
    known.any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether what `reader` holds could be a configuration of KrakenD, a part of one or a file that
/// holds one: see [`Marks`]. Reads as little as needed and keeps nothing, so that a search passes by
/// files of any size.
fn is_plausible(mut reader: impl Read) -> io::Result<bool> {
    let overlap = Marks::LONGEST - 1;
    let mut window = vec![0; CHUNK + overlap];
    let mut kept = 0;
    let mut marks = Marks::default();
    loop {
        let read = match reader.read(&mut window[kept..]) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let seen = &window[..kept + read];
        if read == 0 || (kept == 0 && (Baseline::begins(seen) || sarif::begins(seen))) {
            return Ok(false);
        }
        marks.add(seen);
        if marks.is_plausible() {
            return Ok(true);
        }
        // A mark may lie across two reads.
        let rest = seen.len().saturating_sub(overlap);
        let len = seen.len();
        window.copy_within(rest..len, 0);
        kept = len - rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that hands out a few bytes at a time.
    struct Drops<'b>(&'b [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let len = self.1.min(self.0.len()).min(buffer.len());
            buffer[..len].copy_from_slice(&self.0[..len]);
            self.0 = &self.0[len..];
            Ok(len)
        }
    }

    #[test]
    fn a_search_ends_where_there_is_too_much() {
        let folder = std::env::temp_dir().join(format!("otel-lint-search-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("b")).expect("a folder");
        for name in ["a.json", "b/c.json", "d.json"] {
            std::fs::write(folder.join(name), "{}").expect("a file");
        }
        let search = otel_lint::settings::Search::Nowhere;
        let finder = Arc::new(Finder::new(Box::new(disk::Disk), &search));
        let look = |most| candidates(&folder, &Patterns::default(), &finder, most);
        let (all, some) = (look(4), look(3));
        std::fs::remove_dir_all(&folder).expect("it is there");
        assert_eq!((all.files.len(), all.is_cut, some.is_cut), (3, false, true));
        assert!(look(1).files.is_empty());
    }

    #[test]
    fn a_mark_is_seen_wherever_it_lies() {
        for mark in [&b"telemetry/open"[..], br"telemetry\/open", b"metric_reporting_period"] {
            for before in [0, 1, CHUNK - 5, CHUNK, CHUNK + 17, 3 * CHUNK] {
                let text = [&vec![b' '; before], mark, b": {}"].concat();
                for drop in [1000, CHUNK, usize::MAX] {
                    assert!(is_plausible(Drops(&text, drop)).expect("memory"), "{before} {drop}");
                }
                let cut = &text[..before + mark.len() - 1];
                assert!(!is_plausible(Drops(cut, CHUNK)).expect("memory"), "{before}");
            }
        }
        assert!(is_plausible(Drops(b"telemetry/open", 1)).expect("memory"));
        // Two words that mean something together need not be in one window.
        let text = [&b"exporters"[..], &vec![b' '; 2 * CHUNK], b"otlp"].concat();
        assert!(is_plausible(Drops(&text, CHUNK)).expect("memory"));
        assert!(!is_plausible(Drops(&text[..text.len() - 1], CHUNK)).expect("memory"));
    }
}
