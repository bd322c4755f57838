//! `--baseline` and `--write-baseline`: the stage between checking and reporting.

use std::io;
use std::path::Path;

use otel_lint::analysis::CheckedFile;
use otel_lint::baseline::{self, BaselineFile};
use otel_lint::report;

use crate::disk::Disk;
use crate::{save, system};

/// Why a baseline cannot be used, or not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Read(#[from] baseline::Error),
    #[error("{0}: cannot be written: {reason}", reason = system::reason(.1))]
    Write(String, io::Error),
}

/// The comparison of a run with the baseline that the flags name.
pub struct Comparison {
    file: BaselineFile<'static>,
    /// Whether it is to be written anew.
    rewrites: bool,
}

impl Comparison {
    /// The baseline that the flags name, if they name one. A new one may be missing.
    pub fn open(read: Option<&Path>, write: Option<&Path>) -> Result<Option<Self>, Error> {
        let Some(path) = write.or(read) else { return Ok(None) };
        let file = match (BaselineFile::read(&Disk, path), write) {
            (Err(baseline::Error::Missing(_)), Some(_)) => BaselineFile::empty(&Disk, path),
            (read, _) => read?,
        };
        Ok(Some(Self { file, rewrites: write.is_some() }))
    }

    /// Takes the known findings out of `reports`, those recorded just now included. Gives how many
    /// that were, and what is to be said about the baseline itself.
    pub fn apply(
        mut self,
        reports: &mut [CheckedFile],
    ) -> Result<(Self, usize, Option<String>), Error> {
        let compared = self.file.compare(reports, self.rewrites);
        let (hidden, gone) = (compared.hidden, compared.gone);
        let path = self.file.path();
        let name = report::name(&path.display().to_string());
        if self.rewrites {
            save::write(path, &self.file.baseline().text())
                .map_err(|error| Error::Write(path.display().to_string(), error))?;
            let count = self.file.baseline().count();
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
        self.file.hide(report);
    }
}
