//! Putting a new text in the place of a file's: whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Why a file keeps its text.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("it is read-only")]
    ReadOnly,
    #[error("it is no file")]
    NoFile,
    #[error("it was changed meanwhile")]
    Changed,
    #[error("it cannot be written: {0}")]
    Io(#[from] io::Error),
}

/// Writes `new` to the file at `path`, which holds `old`: to a new file in the same folder, which then
/// takes its name. So at any moment there is the old text or the new one. A link stays a link; owner
/// and permissions stay as far as that is possible.
pub fn save(path: &Path, old: &[u8], new: &[u8]) -> Result<(), SaveError> {
    let target = fs::canonicalize(path)?;
    let metadata = fs::metadata(&target)?;
    if !metadata.is_file() {
        return Err(SaveError::NoFile);
    }
    if metadata.permissions().readonly() {
        return Err(SaveError::ReadOnly);
    }
    let (file, beside) = create_beside(&target)?;
    let written = fill(file, new, &metadata).map_err(SaveError::Io).and_then(|()| {
        // Whoever saved it since it was read must not lose that.
        if fs::read(&target)? != old {
            return Err(SaveError::Changed);
        }
        Ok(fs::rename(&beside, &target)?)
    });
    if written.is_err() {
        // It is the cause that counts.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Writes `text` to `file`, down to the disk, and makes it like the one that it replaces.
fn fill(mut file: File, text: &[u8], like: &Metadata) -> io::Result<()> {
    file.write_all(text)?;
    own(&file, like);
    file.set_permissions(like.permissions())?;
    file.sync_all()
}

/// Gives `file` the owner of the one that it replaces, if that is allowed.
#[cfg(unix)]
fn own(file: &File, like: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let is_other =
        file.metadata().is_ok_and(|new| (new.uid(), new.gid()) != (like.uid(), like.gid()));
    if is_other {
        let _ = fchown(file, Some(like.uid()), Some(like.gid()));
    }
}

#[cfg(not(unix))]
fn own(_: &File, _: &Metadata) {}

/// A new file in the folder of `path`. A crash may have left one of the same name.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut nth = 0;
    loop {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}-{nth}.tmp", std::process::id()));
        let beside = path.with_file_name(name);
        match File::create_new(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && nth < 100 => nth += 1,
            result => return Ok((result?, beside)),
        }
    }
}
