//! Which settings file holds for a file: the nearest above it, up to the root of its repository.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use otel_lint::report::{self, FileReport, Unread, concise, human};
use otel_lint::settings::{self, Choices, FILE_NAMES, InForce, Settings};
use otel_lint::source::Format;

use crate::args::{Color, OutputFormat};
use crate::choices::SettingsArgs;
use crate::inputs::{self, InputError};
use crate::output;

/// A settings file that was read.
#[derive(Debug)]
pub struct Loaded {
    /// The file, as it is shown.
    pub name: String,
    /// What it says.
    pub settings: Settings,
    /// The folder that its patterns are relative to.
    pub base: PathBuf,
}

/// Why there are no settings where there should be.
#[derive(Debug)]
pub enum SettingsError {
    /// The file cannot be read.
    Unreadable(InputError),
    /// The file is wrong.
    Invalid(Box<FileReport>),
}

impl SettingsError {
    /// The same as reports have it: the first fault, with its place.
    pub fn unread(&self) -> Unread {
        match self {
            Self::Unreadable(error) => error.unread(),
            Self::Invalid(report) => Unread {
                name: report.source.name().to_owned(),
                error: concise::render(report).lines().next().unwrap_or_default().to_owned(),
            },
        }
    }

    /// Writes to standard error what is wrong: the standard output is for what is wrong with
    /// configurations.
    pub fn say(&self, format: OutputFormat, color: Color) {
        let report = match self {
            Self::Unreadable(error) => {
                return output::say(&report::clean(&format!("otel-lint: {error}")));
            }
            Self::Invalid(report) => report,
        };
        let shown = match format {
            OutputFormat::Concise => concise::render(report),
            _ => human::render(report, output::style_of_errors(color)),
        };
        output::say(shown.trim_end());
        let name = report::clean(report.source.name());
        output::say(&format!("otel-lint: {name} is wrong: no file was checked with it"));
    }
}

/// What was found for a folder. An error is shared: it is told once.
type Found = Result<Option<Arc<Loaded>>, Arc<SettingsError>>;

/// Finds settings, and reads each file once.
pub struct Finder {
    /// What holds for every file, if the search is spared.
    fixed: Option<Found>,
    /// The current folder, from which names are shown.
    here: PathBuf,
    known: Mutex<HashMap<PathBuf, Found>>,
    /// Folders as they are named, and without links and dots.
    folders: Mutex<HashMap<PathBuf, PathBuf>>,
}

impl Finder {
    pub fn new(args: &SettingsArgs) -> Self {
        let here = canonical(Path::new("."));
        let fixed = match &args.config {
            // Whoever names a file from afar means the patterns in it for where they are.
            Some(file) => Some(load(file, &file.display().to_string(), &here).map(Some)),
            None => args.no_config.then_some(Ok(None)),
        };
        Self { fixed, here, known: Mutex::default(), folders: Mutex::default() }
    }

    /// The settings for the files in `folder`, which is canonical.
    pub fn of_folder(&self, folder: &Path) -> Found {
        if let Some(fixed) = &self.fixed {
            return fixed.clone();
        }
        // Nobody panics while holding the lock, so what is in it is whole.
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(folder) {
            return found.clone();
        }
        let mut passed = Vec::new();
        let mut found = Ok(None);
        for above in folder.ancestors() {
            if let Some(known) = known.get(above) {
                found.clone_from(known);
                break;
            }
            passed.push(above.to_owned());
            let file = FILE_NAMES.iter().map(|name| above.join(name)).find(|file| file.is_file());
            if let Some(file) = file {
                let name = file.strip_prefix(&self.here).unwrap_or(&file).display().to_string();
                found = load(&file, &name, above).map(Some);
                break;
            }
            if above.join(".git").exists() {
                break;
            }
        }
        for folder in passed {
            known.insert(folder, found.clone());
        }
        found
    }

    /// The settings for the file at `path`; for standard input those of the current folder.
    pub fn of_file(&self, path: &Path) -> Found {
        self.of_folder(&folder(path))
    }

    /// The same as [`absolute`], without asking for the same folder again.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        let (Some(name), Some(parent)) = (path.file_name(), path.parent()) else {
            return absolute(path);
        };
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = folders.get(parent) {
            return folder.join(name);
        }
        let folder = folder(path);
        let absolute = folder.join(name);
        folders.insert(parent.to_owned(), folder);
        absolute
    }

    /// What is in force for the file at `path`; for standard input that of the current folder.
    pub fn in_force(&self, path: &Path, flags: &Choices) -> Result<InForce, Arc<SettingsError>> {
        // The folder is looked up once: that costs more than all else here.
        let name = (path.as_os_str() != "-").then(|| self.absolute(path));
        let folder = name.as_deref().and_then(Path::parent).unwrap_or(&self.here);
        let found = self.of_folder(folder)?;
        let relative = found.as_ref().and_then(|found| found.relative(name.as_deref()?));
        Ok(InForce::new(flags, found.as_ref().map(|found| &found.settings), relative))
    }
}

impl Loaded {
    /// The canonical path `path` as the patterns have it; `None` if it is elsewhere.
    pub fn relative<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.strip_prefix(&self.base).ok()
    }
}

fn load(file: &Path, name: &str, base: &Path) -> Result<Arc<Loaded>, Arc<SettingsError>> {
    let source =
        inputs::load(file, name).map_err(|error| Arc::new(SettingsError::Unreadable(error)))?;
    let source = source.with_format(Format::of_name(name));
    let settings =
        settings::read(source).map_err(|report| Arc::new(SettingsError::Invalid(report)))?;
    Ok(Arc::new(Loaded { name: name.to_owned(), settings, base: base.to_owned() }))
}

/// The folder of `path`, canonical.
fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => canonical(parent),
        _ => canonical(Path::new(".")),
    }
}

/// `path` in its canonical folder. A link keeps its own name: that is what people named.
pub fn absolute(path: &Path) -> PathBuf {
    match path.file_name() {
        Some(name) => folder(path).join(name),
        None => canonical(path),
    }
}

/// `path` without links and dots; as it is if there is no such thing.
pub fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
