//! No file that a run reads is a file that it writes.

use std::fs;
use std::path::{Path, PathBuf};

use same_file::Handle;

use crate::args::CheckArgs;
use crate::disk;

/// What a file is read as.
#[derive(Clone, Copy)]
pub enum Role {
    Input,
    Settings,
    Baseline,
}

impl Role {
    fn words(self) -> &'static str {
        match self {
            Self::Input => "this run checks that file",
            Self::Settings => "this run reads its settings from that file",
            Self::Baseline => "this run compares with that baseline",
        }
    }
}

/// A file, by whatever name.
struct Known {
    /// What the operating system knows an existing file by, also through links.
    handle: Option<Handle>,
    /// The path in its folder without links and dots, for a file that is yet to be made.
    path: PathBuf,
}

impl Known {
    /// `None` for what is there and is not a file, such as a pipe or `/dev/null`: nothing is overwritten.
    fn new(path: &Path) -> Option<Self> {
        let is_file = fs::metadata(path).map(|metadata| metadata.is_file());
        if matches!(is_file, Ok(false)) {
            return None;
        }
        let handle = is_file.ok().and_then(|_| Handle::from_path(path).ok());
        let path = path.canonicalize().unwrap_or_else(|_| absolute(path));
        Some(Self { handle, path })
    }

    fn is(&self, other: &Self) -> bool {
        (self.handle.is_some() && self.handle == other.handle) || self.path == other.path
    }
}

/// Why this run must not write what it was told to write, if so. `read` are the files that it has
/// read; whatever is written has not been touched yet.
pub fn refusal<'p>(
    args: &'p CheckArgs,
    read: impl Iterator<Item = (&'p Path, Role)>,
) -> Option<String> {
    let reports = args.report.reports.iter().map(|report| ("--report", report.file.as_path()));
    let baseline = args.write_baseline.iter().map(|file| ("--write-baseline", file.as_path()));
    let mut outputs: Vec<(&str, &Path, Known)> = Vec::new();
    for (flag, path) in reports.chain(baseline) {
        let Some(known) = Known::new(path) else { continue };
        if outputs.iter().any(|(_, _, other)| other.is(&known)) {
            return Some(format!(
                "{flag} cannot write {}: another output of this run is the same file",
                path.display()
            ));
        }
        outputs.push((flag, path, known));
    }
    if outputs.is_empty() {
        return None;
    }
    let compared = args.baseline.iter().map(|file| (file.as_path(), Role::Baseline));
    read.chain(compared).find_map(|(file, role)| {
        let known = Known::new(file)?;
        let (flag, path, _) = outputs.iter().find(|(_, _, output)| output.is(&known))?;
        Some(format!("{flag} cannot write {}: {}", path.display(), role.words()))
    })
}

/// `path` in its folder without links and dots, for a file that is not there.
fn absolute(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = disk::canonical(folder.unwrap_or(Path::new(".")));
    path.file_name().map_or_else(|| folder.clone(), |name| folder.join(name))
}
