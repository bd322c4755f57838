//! The folders of a flexible configuration, listed as the gateway lists them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use otel_lint::files::FileError;
use otel_lint::source::Source;
use otel_lint::template::{Project, Role};

use crate::inputs::InputError;

/// How files are read: from the disk, or from an editor.
pub type Read<'r> = &'r dyn Fn(&Path) -> Result<Source, InputError>;

/// The folder that is named, if it exists; otherwise `project` knows that it does not.
pub fn existing<'f>(
    folder: Option<&'f PathBuf>,
    role: Role,
    project: &mut Project,
) -> Option<&'f PathBuf> {
    let folder = folder?;
    if folder.exists() {
        return Some(folder);
    }
    project.missing_folders.push((role, folder.display().to_string()));
    None
}

/// The name of the file at `path`, without its folder.
pub fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What a folder holds, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    let shown = folder.display().to_string();
    let failed = |error| InputError::File(shown.clone(), FileError::Io(error));
    let entries = fs::read_dir(folder).map_err(failed)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

/// The files directly in a folder, by name.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    let mut paths = entries(folder)?;
    paths.retain(|path| path.is_file());
    Ok(paths)
}

/// All files below a folder, by their paths within it. Links to folders are not followed.
pub fn partials(root: &Path, read: Read<'_>) -> Result<BTreeMap<String, Source>, InputError> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            if path.is_file() {
                let below = path.strip_prefix(root).unwrap_or(&path);
                let name = below.to_string_lossy().replace('\\', "/");
                found.insert(name, read(&path)?);
            } else if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            }
        }
    }
    Ok(found)
}
