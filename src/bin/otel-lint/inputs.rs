//! Reading what is to be checked.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use otel_lint::source::{Format, MAX_LEN, Source};

use crate::args::InputArgs;

/// The file that is checked when none is named.
const DEFAULT: &str = "krakend.json";

/// Why an input could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// Nothing was named, and there is no `krakend.json`.
    #[error("no file named, and there is no {DEFAULT} here: name one, as in `otel-lint FILE`")]
    Nothing,
    /// There is no such file.
    #[error("{0}: no such file")]
    NotFound(String),
    /// A directory.
    #[error("{0}: is a directory; name the file in it, such as {0}/{DEFAULT}")]
    Directory(String),
    /// A pipe with a name, or another thing that need not end.
    #[error("{0}: is {1}, not a file; pipe it in instead: `otel-lint - < {0}`")]
    Special(String, &'static str),
    /// Neither a configuration nor a part of one.
    #[error(
        "{0}: is not a KrakenD configuration: it has neither `version`, `endpoints` or \
         `extra_config` nor a telemetry block"
    )]
    Unrecognised(String),
    /// More bytes than offsets can count.
    #[error("{0}: is larger than 4 GiB")]
    TooLarge(String),
    /// The operating system says no.
    #[error("{0}: cannot be read: {1}")]
    Io(String, io::Error),
}

/// The inputs that `files` name.
pub fn named(files: &[PathBuf]) -> Result<Vec<PathBuf>, InputError> {
    if !files.is_empty() {
        return Ok(files.to_vec());
    }
    let default = PathBuf::from(DEFAULT);
    if default.exists() { Ok(vec![default]) } else { Err(InputError::Nothing) }
}

/// Reads one input; `-` is standard input.
pub fn read(path: &Path, args: &InputArgs) -> Result<Source, InputError> {
    let told = args.input_format.map(Format::from);
    if path.as_os_str() == "-" {
        let named = args.stdin_filename.as_ref().map(|name| name.display().to_string());
        let name = named.as_deref().unwrap_or("<stdin>");
        let source = read_all(io::stdin().lock(), 0, name)?;
        let format = told.or_else(|| named.as_deref().map(Format::of_name));
        let format = format.unwrap_or_else(|| Format::of_text(source.bytes()));
        return Ok(source.with_format(format));
    }
    let name = path.display().to_string();
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => InputError::NotFound(name.clone()),
        _ => InputError::Io(name.clone(), plain(error)),
    };
    let metadata = fs::metadata(path).map_err(failed)?;
    if metadata.is_dir() {
        return Err(InputError::Directory(name));
    }
    if let Some(kind) = special(path, metadata.file_type()) {
        return Err(InputError::Special(name, kind));
    }
    let format = told.unwrap_or_else(|| Format::of_name(&name));
    let source = read_all(File::open(path).map_err(failed)?, metadata.len(), &name)?;
    Ok(source.with_format(format))
}

fn read_all(reader: impl Read, len: u64, name: &str) -> Result<Source, InputError> {
    let mut bytes = Vec::with_capacity(usize::try_from(len.min(MAX_LEN as u64)).unwrap_or(0));
    // One byte past the limit tells a file at the limit from one beyond it.
    reader
        .take(MAX_LEN as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| InputError::Io(name.to_owned(), plain(error)))?;
    if bytes.len() > MAX_LEN {
        return Err(InputError::TooLarge(name.to_owned()));
    }
    Ok(Source::new(name, bytes))
}

/// The error without the number the operating system gives it.
fn plain(error: io::Error) -> io::Error {
    let kind = error.kind();
    if kind == io::ErrorKind::Other { error } else { io::Error::from(kind) }
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
