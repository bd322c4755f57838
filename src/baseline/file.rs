//! A baseline in its file: read through [`Files`], so that an editor compares as the command line does.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use super::{Baseline, BaselineError};
use crate::analysis::CheckedFile;
use crate::files::{FileError, Files};

/// Why a baseline cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such file.
    #[error("{0}: no such baseline; `otel-lint --write-baseline {0}` records one")]
    Missing(String),
    /// The file cannot be read.
    #[error("{0}: {1}")]
    Unreadable(String, FileError),
    /// It is not JSON, or not that of a baseline; with the line and the column.
    #[error("{0}:{1}")]
    Invalid(String, BaselineError),
    /// It is another file, or of a newer version.
    #[error("{0}: {1}")]
    Foreign(String, BaselineError),
}

/// A baseline and the file it is in. Other files are named relative to its folder.
pub struct BaselineFile<'f> {
    files: &'f dyn Files,
    path: PathBuf,
    folder: PathBuf,
    baseline: Baseline,
}

/// What came of a comparison with a baseline, in findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Those that are known, which the reports no longer have.
    pub hidden: usize,
    /// Those that are recorded and no longer occur.
    pub gone: usize,
}

impl<'f> BaselineFile<'f> {
    /// Reads the baseline at `path`.
    pub fn read(files: &'f dyn Files, path: &Path) -> Result<Self, Error> {
        let name = || path.display().to_string();
        let text = files.read(path).map_err(|error| match error {
            FileError::NotFound => Error::Missing(name()),
            error => Error::Unreadable(name(), error),
        })?;
        let baseline = Baseline::parse(&text).map_err(|error| match error {
            BaselineError::Invalid { .. } => Error::Invalid(name(), error),
            _ => Error::Foreign(name(), error),
        })?;
        Ok(Self { baseline, ..Self::empty(files, path) })
    }

    /// A baseline without findings, which may become the file at `path`.
    #[must_use]
    pub fn empty(files: &'f dyn Files, path: &Path) -> Self {
        let folder = folder_of(files, path);
        Self { files, path: path.to_owned(), folder, baseline: Baseline::default() }
    }

    /// Takes the known findings out of `reports`; with `records`, those of today are recorded before, and
    /// are all known.
    pub fn compare(&mut self, reports: &mut [CheckedFile], records: bool) -> Compared {
        // Of a file that is named twice, what is gone is gone once.
        let mut gone: BTreeMap<String, usize> = BTreeMap::new();
        let mut hidden = 0;
        for report in reports {
            let file = self.relative(report.source.name());
            let pruned = if records { self.baseline.record(&file, report) } else { 0 };
            let known = self.baseline.hide(&file, report);
            hidden += known.hidden;
            gone.entry(file).or_insert(pruned + known.gone);
        }
        let (files, folder) = (self.files, &self.folder);
        let is_there = |file: &str| file.starts_with('<') || files.exists(&folder.join(file));
        let missing = self.baseline.prune(is_there);
        Compared { hidden, gone: gone.into_values().sum::<usize>() + missing }
    }

    /// Takes the known findings out of one report.
    pub fn hide(&self, report: &mut CheckedFile) {
        self.baseline.hide(&self.relative(report.source.name()), report);
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The findings in it.
    #[must_use]
    pub fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// The file called `name` as seen from the folder of the baseline, with `/` on every system: the same
    /// wherever the program runs and however the file is named.
    fn relative(&self, name: &str) -> String {
        let path = Path::new(name);
        let Some(last) = path.file_name().filter(|_| !name.starts_with('<')) else {
            return name.to_owned();
        };
        let full = folder_of(self.files, path).join(last);
        let (mut from, mut to) =
            (self.folder.components().peekable(), full.components().peekable());
        while from.peek().is_some() && from.peek() == to.peek() {
            from.next();
            to.next();
        }
        if to.peek().is_some_and(|first| matches!(first, Component::Prefix(_))) {
            return full.display().to_string().replace('\\', "/"); // On another drive.
        }
        let up = from.map(|_| "..".to_owned());
        let down = to.map(|part| part.as_os_str().to_string_lossy().into_owned());
        up.chain(down).collect::<Vec<_>>().join("/")
    }
}

/// The folder of the file at `path`, without links.
fn folder_of(files: &dyn Files, path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    files.canonical(folder.unwrap_or(Path::new(".")))
}
