//! The files around what is checked: settings and baselines. An interface, so that an editor or a
//! browser can answer instead of the disk.

use std::path::{Path, PathBuf};

/// Where settings files and baselines are read from.
pub trait Files: Sync + Send {
    /// The bytes of the file at `path`.
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError>;

    /// Whether there is a file at `path`.
    fn is_file(&self, path: &Path) -> bool;

    /// Whether there is anything at `path`.
    fn exists(&self, path: &Path) -> bool;

    /// `path` absolute and without links and dots; as it is if there is no such thing.
    fn canonical(&self, path: &Path) -> PathBuf;
}

/// Why a file cannot be read. The text goes after the name of the file.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// There is no such file.
    #[error("no such file")]
    NotFound,
    /// It is a directory.
    #[error("is a directory")]
    Directory,
    /// It is a pipe, a device or a socket, which need not end.
    #[error("is {0}, not a file")]
    Special(&'static str),
    /// It is larger than so many MB.
    #[error("is larger than {0} MB, and not read: --max-file-size sets another limit")]
    TooLarge(u64),
    /// The operating system refuses.
    #[error("cannot be read: {0}")]
    Io(std::io::Error),
}
