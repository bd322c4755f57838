//! Files on the disk.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use otel_lint::files::{FileError, Files};
use otel_lint::source::MAX_LEN;

use crate::system;

/// The file system that the program sees.
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        read(path)
    }

    fn is_file(&self, path: &Path) -> bool {
        path.is_file()
    }

    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        canonical(path)
    }
}

/// `path` without links and dots; as it is if there is no such thing.
pub fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The largest file that is read unless told otherwise, in MB (1,000,000 bytes).
pub const MOST_MB: u64 = 256;

/// The bytes of the file at `path`, which has at most [`MOST_MB`].
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    read_most(path, MOST_MB)
}

/// The bytes of the file at `path`, unless it has more than `most` MB.
pub fn read_most(path: &Path, most: u64) -> Result<Vec<u8>, FileError> {
    let metadata = fs::metadata(path).map_err(|error| failure(&error))?;
    if metadata.is_dir() {
        return Err(FileError::Directory);
    }
    if let Some(kind) = special(path, metadata.file_type()) {
        return Err(FileError::Special(kind));
    }
    read_all(File::open(path).map_err(|error| failure(&error))?, metadata.len(), most)
}

/// All that `reader` gives, which is expected to be `len` bytes, unless it is more than `most` MB.
pub fn read_all(reader: impl Read, len: u64, most: u64) -> Result<Vec<u8>, FileError> {
    let limit = most.saturating_mul(1_000_000).min(MAX_LEN as u64);
    if len > limit {
        return Err(FileError::TooLarge(most));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(len).unwrap_or(0) + 1);
    // One byte past the limit tells a file at the limit from one beyond it.
    let mut reader = reader.take(limit + 1);
    reader.read_to_end(&mut bytes).map_err(|error| FileError::Io(plain(&error)))?;
    if bytes.len() as u64 > limit { Err(FileError::TooLarge(most)) } else { Ok(bytes) }
}

/// Why a file could not be opened.
pub fn failure(error: &io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::NotFound => FileError::NotFound,
        _ => FileError::Io(plain(error)),
    }
}

/// The error in our words.
fn plain(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), system::reason(error))
}

/// What `path` is, if reading it need not end. What a shell passes for `<(command)` and the
/// standard streams have a writer, and `/dev/null` is empty: those can be read.
#[cfg(unix)]
fn special(path: &Path, kind: FileType) -> Option<&'static str> {
    use std::os::unix::fs::FileTypeExt;
    let is_stream = ["/dev/fd", "/proc/self/fd"].iter().any(|dir| path.starts_with(dir))
        || path == Path::new("/dev/stdin");
    if kind.is_socket() {
        Some("a socket")
    } else if kind.is_block_device()
        || (kind.is_char_device() && !is_stream && path != Path::new("/dev/null"))
    {
        Some("a device")
    } else if kind.is_fifo() && !is_stream {
        Some("a named pipe")
    } else {
        None
    }
}

#[cfg(not(unix))]
fn special(_: &Path, _: FileType) -> Option<&'static str> {
    None
}
