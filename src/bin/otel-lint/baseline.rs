//! `--baseline` and `--write-baseline`: the stage between checking and reporting.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use otel_lint::analysis::CheckedFile;
use otel_lint::baseline::{Baseline, BaselineError};
use otel_lint::report;

use crate::{system, whole};

/// Why a baseline cannot be used, or not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{0}: no such baseline; `otel-lint --write-baseline {0}` records one")]
    Missing(String),
    #[error("{0}:{1}")]
    Invalid(String, BaselineError),
    #[error("{0}: {1}")]
    Foreign(String, BaselineError),
    #[error("{0}: is no file")]
    NoFile(String),
    #[error("{0}: cannot be read: {reason}", reason = system::reason(.1))]
    Read(String, io::Error),
    #[error("{0}: cannot be written: {reason}", reason = system::reason(.1))]
    Write(String, io::Error),
}

/// A baseline and where it comes from.
pub struct Ledger {
    path: PathBuf,
    baseline: Baseline,
    /// Whether it is to be written anew.
    rewrites: bool,
}

impl Ledger {
    /// The baseline that the flags name, if they name one. A new one may be missing.
    pub fn open(read: Option<&Path>, write: Option<&Path>) -> Result<Option<Self>, Error> {
        let Some(path) = write.or(read) else { return Ok(None) };
        let baseline = match (load(path), write) {
            (Err(Error::Missing(_)), Some(_)) => Baseline::default(),
            (loaded, _) => loaded?,
        };
        Ok(Some(Self { path: path.to_owned(), baseline, rewrites: write.is_some() }))
    }

    /// Takes the known findings out of `reports`, those recorded just now included. Gives how many
    /// that were, and what is to be said about the baseline itself.
    pub fn apply(
        mut self,
        reports: &mut [CheckedFile],
    ) -> Result<(Self, usize, Option<String>), Error> {
        let folder = folder_of(&self.path);
        let is_there = |file: &str| file.starts_with('<') || folder.join(file).exists();
        // Of a file that is named twice, what is gone is gone once.
        let mut gone: BTreeMap<String, usize> = BTreeMap::new();
        let mut hidden = 0;
        for report in reports {
            let file = relative(&folder, report.source.name());
            let pruned = if self.rewrites { self.baseline.record(&file, report) } else { 0 };
            let known = self.baseline.hide(&file, report);
            hidden += known.hidden;
            gone.entry(file).or_insert(pruned + known.gone);
        }
        let gone = gone.into_values().sum::<usize>() + self.baseline.prune(is_there);
        let name = report::name(&self.path.display().to_string());
        if self.rewrites {
            whole::write(&self.path, &self.baseline.text())
                .map_err(|error| Error::Write(self.path.display().to_string(), error))?;
            let count = self.baseline.count();
            let findings = if count == 1 { "finding" } else { "findings" };
            let pruned = if gone > 0 { format!(", {gone} taken out") } else { String::new() };
            let said = format!("{name}: {count} {findings} recorded{pruned}");
            return Ok((self, hidden, Some(said)));
        }
        let (entries, occur) = if gone == 1 { ("entry", "occurs") } else { ("entries", "occur") };
        let said =
            format!("{name}: {gone} {entries} no longer {occur}: `--write-baseline {name}` prunes");
        Ok((self, hidden, (gone > 0).then_some(said)))
    }

    /// Takes the known findings out of one report.
    pub fn hide(&self, report: &mut CheckedFile) {
        let file = relative(&folder_of(&self.path), report.source.name());
        self.baseline.hide(&file, report);
    }
}

fn load(path: &Path) -> Result<Baseline, Error> {
    let name = || path.display().to_string();
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::Missing(name()),
        _ => Error::Read(name(), error),
    })?;
    if !metadata.is_file() {
        return Err(Error::NoFile(name()));
    }
    let text = fs::read(path).map_err(|error| Error::Read(name(), error))?;
    Baseline::parse(&text).map_err(|error| match error {
        BaselineError::Invalid { .. } => Error::Invalid(name(), error),
        _ => Error::Foreign(name(), error),
    })
}

/// The folder that the baseline at `path` is in, as files are told from it.
fn folder_of(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned())
}

/// The file called `name` as seen from `folder`, with `/` on every system: the same wherever the
/// program runs and however the file is named.
fn relative(folder: &Path, name: &str) -> String {
    let path = Path::new(name);
    let Some(last) = path.file_name().filter(|_| !name.starts_with('<')) else {
        return name.to_owned();
    };
    let full = folder_of(path).join(last);
    let (mut from, mut to) = (folder.components().peekable(), full.components().peekable());
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
