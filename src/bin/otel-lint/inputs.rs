//! Reading what is to be checked.

use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use otel_lint::parallel;
use otel_lint::report::Unread;
use otel_lint::source::{Bytes, Format, MAX_LEN, Source};

use crate::args::InputArgs;

/// The file that is checked when none is named.
pub const DEFAULT: &str = "krakend.json";

/// The bytes that a core reads of a large file at a time.
#[cfg(unix)]
const PIECE: usize = 1 << 20;

/// What standard input is called.
const STDIN: &str = "<stdin>";

/// Why an input could not be checked.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// Nothing was named, and there is no `krakend.json`.
    #[error(
        "no file named, and there is no {DEFAULT} here: name one, as in `otel-lint FILE`, or search \
         with `otel-lint .`"
    )]
    Nothing,
    /// Folders were searched in vain. In a pipeline that must not pass for a clean run.
    #[error("no KrakenD configuration found in {0}")]
    NothingFound(String),
    /// A folder, or what tells which files count in it, cannot be read.
    #[error("{0}")]
    Search(ignore::Error),
    /// Standard input comes once.
    #[error("standard input cannot be watched: name a file")]
    StandardInput,
    /// A pattern of the command line is none.
    #[error("--exclude: `{0}` is no pattern: {1}")]
    Pattern(String, String),
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

impl InputError {
    /// The same as reports have it.
    pub fn unread(&self) -> Unread {
        let name = match self {
            Self::Nothing => DEFAULT,
            Self::StandardInput => STDIN,
            Self::Search(_) | Self::Pattern(..) => ".",
            Self::NothingFound(name)
            | Self::NotFound(name)
            | Self::Directory(name)
            | Self::Special(name, _)
            | Self::TooLarge(name)
            | Self::Unrecognised(name)
            | Self::Io(name, _) => name,
        };
        Unread { name: name.to_owned(), error: self.to_string() }
    }
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
        let name = named.as_deref().unwrap_or(STDIN);
        let source = read_all(io::stdin().lock(), 0, name)?;
        let format = told.or_else(|| named.as_deref().map(Format::of_name));
        let format = format.unwrap_or_else(|| Format::of_text(source.bytes()));
        return Ok(source.with_format(format));
    }
    let source = load(path, &path.display().to_string())?;
    let format = told.unwrap_or(source.format());
    Ok(source.with_format(format))
}

/// The path that tells where the settings of the input `path` are: that of standard input is the name
/// it is given.
pub fn known_as<'p>(path: &'p Path, args: &'p InputArgs) -> &'p Path {
    let named = args.stdin_filename.as_deref().filter(|_| path.as_os_str() == "-");
    named.unwrap_or(path)
}

/// Reads the file at `path`, which is shown as `name`.
pub fn load(path: &Path, name: &str) -> Result<Source, InputError> {
    let metadata = fs::metadata(path).map_err(|error| failure(name, error))?;
    if metadata.is_dir() {
        return Err(InputError::Directory(name.to_owned()));
    }
    if let Some(kind) = special(path, metadata.file_type()) {
        return Err(InputError::Special(name.to_owned(), kind));
    }
    let file = File::open(path).map_err(|error| failure(name, error))?;
    let source = match large(&file, metadata.len()) {
        Some(bytes) => Source::new(name, bytes),
        None => read_all(file, metadata.len(), name)?,
    };
    Ok(source.with_format(Format::of_name(name)))
}

/// All of a large `file`, which has `len` bytes, read on all cores. `None` if it is not large, or if that
/// fails in any way.
#[cfg(unix)]
fn large(file: &File, len: u64) -> Option<Bytes> {
    use std::os::unix::fs::FileExt;
    use std::sync::Mutex;

    let len = usize::try_from(len).ok().filter(|len| (2 * PIECE..=MAX_LEN).contains(len))?;
    let mut bytes = Bytes::zeroed(len);
    let pieces: Vec<_> = (0..).zip(bytes.chunks_mut(PIECE)).map(Mutex::new).collect();
    let read = |piece: &Mutex<(u64, &mut [u8])>| {
        let (nth, bytes) = &mut *piece.lock().ok()?;
        file.read_exact_at(bytes, *nth * PIECE as u64).ok()
    };
    let is_read = parallel::map(&pieces, read).iter().all(Option::is_some);
    drop(pieces);
    // A file that grows meanwhile is read once more.
    let is_all = is_read && file.read_at(&mut [0], len as u64).ok()? == 0;
    is_all.then_some(bytes)
}

#[cfg(not(unix))]
fn large(_: &File, _: u64) -> Option<Bytes> {
    None
}

/// Why the file called `name` could not be opened.
pub fn failure(name: &str, error: io::Error) -> InputError {
    match error.kind() {
        io::ErrorKind::NotFound => InputError::NotFound(name.to_owned()),
        _ => InputError::Io(name.to_owned(), plain(error)),
    }
}

fn read_all(mut reader: impl Read, len: u64, name: &str) -> Result<Source, InputError> {
    let mut bytes = vec![0; usize::try_from(len.min(MAX_LEN as u64)).unwrap_or(0)];
    let failed = |error| InputError::Io(name.to_owned(), plain(error));
    let mut filled = 0;
    // As long as it should be it comes in one piece.
    while filled < bytes.len() {
        match reader.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(more) => filled += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    bytes.truncate(filled);
    // One byte past the limit tells a file at the limit from one beyond it.
    let limit = (MAX_LEN - filled) as u64 + 1;
    reader.take(limit).read_to_end(&mut bytes).map_err(failed)?;
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
