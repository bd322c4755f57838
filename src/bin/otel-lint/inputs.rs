//! Reading what is to be checked.

use std::io;
use std::path::{Path, PathBuf};

use otel_lint::files::FileError;
use otel_lint::recognise::Reason;
use otel_lint::report::Unread;
use otel_lint::source::{Format, Source};

use crate::common_args::InputArgs;
use crate::disk;

/// The file that is checked when none is named.
pub const DEFAULT: &str = "krakend.json";

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
    #[error("--exclude: `{0}` is not a pattern: {1}")]
    Pattern(String, String),
    /// A file cannot be read.
    #[error("{}", Self::text(.0, .1))]
    File(String, FileError),
    /// An environment that nobody names.
    #[error("there is no environment `{0}`: there are {1}")]
    NoEnvironment(String, String),
    /// Neither a configuration nor a part of one.
    #[error("{0}: is not a KrakenD configuration: {1}")]
    Unrecognised(String, Reason),
}

impl InputError {
    /// Why the file called `name` cannot be read, and what to do.
    pub fn text(name: &str, error: &FileError) -> String {
        match error {
            FileError::Directory => {
                format!("{name}: {error}; name the file in it, such as {name}/{DEFAULT}")
            }
            FileError::Special(_) => {
                format!("{name}: {error}; pipe it in instead: `otel-lint - < {name}`")
            }
            _ => format!("{name}: {error}"),
        }
    }

    /// The same as reports have it.
    pub fn unread(&self) -> Unread {
        let name = match self {
            Self::Nothing => DEFAULT,
            Self::StandardInput => STDIN,
            Self::Search(_) | Self::Pattern(..) | Self::NoEnvironment(..) => ".",
            Self::NothingFound(name) | Self::File(name, _) | Self::Unrecognised(name, _) => name,
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
        let bytes = disk::read_all(io::stdin().lock(), 0, args.max_file_size);
        let bytes = bytes.map_err(|error| InputError::File(name.to_owned(), error))?;
        let source = Source::new(name, bytes);
        let format = told.or_else(|| named.as_deref().map(Format::of_name));
        let format = format.unwrap_or_else(|| Format::of_text(source.bytes()));
        return Ok(source.with_format(format));
    }
    let name = path.display().to_string();
    let bytes = disk::read_most(path, args.max_file_size)
        .map_err(|error| InputError::File(name.clone(), error))?;
    let format = told.unwrap_or_else(|| Format::of_name(&name));
    Ok(Source::new(name, bytes).with_format(format))
}

/// The path that tells where the settings of the input `path` are: that of standard input is the name
/// it is given.
pub fn known_as<'p>(path: &'p Path, args: &'p InputArgs) -> &'p Path {
    let named = args.stdin_filename.as_deref().filter(|_| path.as_os_str() == "-");
    named.unwrap_or(path)
}
