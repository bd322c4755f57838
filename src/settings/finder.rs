//! Which settings file applies to a file: the nearest above it, up to the root of its repository.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Choices, FILE_NAMES, Flexible, InForce, Settings, read};
use crate::analysis::CheckedFile;
use crate::files::{FileError, Files};
use crate::source::{Format, Source};

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

impl Loaded {
    /// The canonical path `path` as the patterns have it; `None` if it is elsewhere.
    #[must_use]
    pub fn relative<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.strip_prefix(&self.base).ok()
    }
}

/// Why there are no settings where there should be.
#[derive(Debug)]
pub enum SettingsError {
    /// The file called so cannot be read.
    Unreadable(String, FileError),
    /// The file is wrong.
    Invalid(Box<CheckedFile>),
}

/// What was found for a folder. An error is shared: it is told once.
pub type Found = Result<Option<Arc<Loaded>>, Arc<SettingsError>>;

/// Where settings are looked for.
#[derive(Clone, Debug, Default)]
pub enum Search {
    /// In the folder of each file and those above it.
    #[default]
    Above,
    /// In this file alone.
    File(PathBuf),
    /// Nowhere.
    Nowhere,
}

/// Finds settings, and reads each file once.
pub struct Finder {
    files: Box<dyn Files>,
    /// What applies to every file, if nothing is to be searched.
    fixed: Option<Found>,
    /// The current folder, from which names are shown.
    here: PathBuf,
    known: Mutex<HashMap<PathBuf, Found>>,
    /// The files that were read.
    read: Mutex<Vec<PathBuf>>,
    /// Folders as they are named, and without links and dots.
    folders: Mutex<HashMap<PathBuf, PathBuf>>,
}

impl Finder {
    /// A finder of what `search` says, in `files`.
    #[must_use]
    pub fn new(files: Box<dyn Files>, search: &Search) -> Self {
        let here = files.canonical(Path::new("."));
        let fixed = match search {
            // The patterns of a file that is named are relative to the current folder.
            Search::File(file) => {
                Some(load(&*files, file, &file.display().to_string(), &here).map(Some))
            }
            Search::Nowhere => Some(Ok(None)),
            Search::Above => None,
        };
        let read = match search {
            Search::File(file) => vec![file.clone()],
            _ => Vec::new(),
        };
        let (known, folders) = (Mutex::default(), Mutex::default());
        Self { files, fixed, here, known, read: Mutex::new(read), folders }
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
            let mut names = FILE_NAMES.iter().map(|name| above.join(name));
            if let Some(file) = names.find(|file| self.files.is_file(file)) {
                let name = file.strip_prefix(&self.here).unwrap_or(&file).display().to_string();
                found = load(&*self.files, &file, &name, above).map(Some);
                self.read.lock().unwrap_or_else(PoisonError::into_inner).push(file);
                break;
            }
            if self.files.exists(&above.join(".git")) {
                break;
            }
        }
        for folder in passed {
            known.insert(folder, found.clone());
        }
        found
    }

    /// The settings files that were read.
    #[must_use]
    pub fn read(&self) -> Vec<PathBuf> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The settings for the file at `path`; for standard input those of the current folder.
    pub fn of_file(&self, path: &Path) -> Found {
        self.of_folder(&self.folder(path))
    }

    /// The settings for the file at `path`, and what they say of the flexible configuration whose base it
    /// is; `None` if they say nothing of that, or are wrong.
    #[must_use]
    pub fn flexible(&self, path: &Path) -> Option<(Arc<Loaded>, Flexible)> {
        let loaded = self.of_file(path).ok()??;
        let absolute = self.absolute(path);
        let mut all = loaded.settings.flexible.iter();
        let one = all.find(|one| self.absolute(&loaded.base.join(&one.base)) == absolute)?.clone();
        Some((loaded, one))
    }

    /// `path` in its canonical folder. A link keeps its own name: that is what people named.
    pub fn absolute(&self, path: &Path) -> PathBuf {
        let Some(name) = path.file_name() else { return self.files.canonical(path) };
        self.folder(path).join(name)
    }

    /// The canonical folder of `path`, looked up once: for many files that costs more than the rest.
    fn folder(&self, path: &Path) -> PathBuf {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        let mut folders = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(folder) = folders.get(parent) {
            return folder.clone();
        }
        let folder = self.files.canonical(parent);
        folders.insert(parent.to_owned(), folder.clone());
        folder
    }

    /// What is in force for the file at `path`; for standard input that of the current folder.
    ///
    /// # Errors
    /// That the settings file is wrong, or cannot be read.
    pub fn in_force(&self, path: &Path, flags: &Choices) -> Result<InForce, Arc<SettingsError>> {
        let name = (path.as_os_str() != "-").then(|| self.absolute(path));
        let folder = name.as_deref().and_then(Path::parent).unwrap_or(&self.here);
        let found = self.of_folder(folder)?;
        let relative = found.as_ref().and_then(|found| found.relative(name.as_deref()?));
        Ok(InForce::new(flags, found.as_ref().map(|found| &found.settings), relative))
    }
}

fn load(
    files: &dyn Files,
    file: &Path,
    name: &str,
    base: &Path,
) -> Result<Arc<Loaded>, Arc<SettingsError>> {
    let unreadable = |error| Arc::new(SettingsError::Unreadable(name.to_owned(), error));
    let bytes = files.read(file).map_err(unreadable)?;
    let source = Source::new(name, bytes).with_format(Format::of_name(name));
    let settings = read(source).map_err(|report| Arc::new(SettingsError::Invalid(report)))?;
    Ok(Arc::new(Loaded { name: name.to_owned(), settings, base: base.to_owned() }))
}
