//! Files that are written whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Names that are tried for the new file: a crash may have left some of them.
const TRIES: usize = 100;

/// Why a file keeps its text.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    #[error("it is read-only")]
    ReadOnly,
    #[error("it is not a file")]
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
    // Whoever saved it since it was read must not lose that.
    let is_same = || if fs::read(&target)? == old { Ok(()) } else { Err(SaveError::Changed) };
    put(&target, new, Some(&metadata), is_same)
}

/// Writes `text` to `path`, whatever is there: to a new file beside it, which then takes its name, its
/// owner and its permissions. A link keeps pointing where it does. What is not a file, such as a pipe, is
/// written to as it is.
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    let old = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
        Ok(old) if old.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(old) if !old.is_file() || path.starts_with("/dev") || path.starts_with("/proc") => {
            return OpenOptions::new().append(true).open(path)?.write_all(text.as_bytes());
        }
        Ok(old) => Some(old),
    };
    let target = if old.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
    put(&target, text.as_bytes(), old.as_ref(), || Ok(()))
}

/// Puts a file with `text` in the place of `target`, like the one that is there, if `may` says so once all
/// is written.
fn put<E: From<io::Error>>(
    target: &Path,
    text: &[u8],
    like: Option<&Metadata>,
    may: impl FnOnce() -> Result<(), E>,
) -> Result<(), E> {
    let (file, beside) = create_beside(target)?;
    let written = fill(file, text, like).map_err(E::from).and_then(|()| {
        may()?;
        Ok(fs::rename(&beside, target)?)
    });
    if written.is_err() {
        // It is the cause that counts.
        let _ = fs::remove_file(&beside);
    }
    written
}

/// Writes `text` to `file`, down to the disk, and makes it like the one that it replaces.
fn fill(mut file: File, text: &[u8], like: Option<&Metadata>) -> io::Result<()> {
    file.write_all(text)?;
    if let Some(like) = like {
        own(&file, like);
        file.set_permissions(like.permissions())?;
    }
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

/// A new file in the folder of `path`, and its name.
fn create_beside(path: &Path) -> io::Result<(File, PathBuf)> {
    let mut nth = 0;
    loop {
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or_default());
        name.push(format!(".{}-{nth}.tmp", std::process::id()));
        let beside = path.with_file_name(name);
        match File::create_new(&beside) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && nth < TRIES => nth += 1,
            result => return Ok((result?, beside)),
        }
    }
}
