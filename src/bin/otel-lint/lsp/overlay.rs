//! Files as the editor has them: what is open and not yet saved counts, all else is on the disk.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use otel_lint::files::{FileError, Files};

use crate::disk::{self, Disk};

/// Where the file at `path` is, which need not be on the disk any more: without links and dots as far as
/// its folder is there.
pub fn place(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| match (path.parent(), path.file_name()) {
        (Some(folder), Some(name)) => disk::canonical(folder).join(name),
        _ => path.to_owned(),
    })
}

/// Open settings files by path, over the disk.
#[derive(Clone, Default)]
pub struct Overlay {
    open: Arc<Mutex<HashMap<PathBuf, Vec<u8>>>>,
}

impl Overlay {
    /// The file at `path` is open, with this text.
    pub fn set(&self, path: &Path, text: &[u8]) {
        self.lock().insert(place(path), text.to_vec());
    }

    /// The file at `path` is closed.
    pub fn remove(&self, path: &Path) {
        self.lock().remove(&place(path));
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Vec<u8>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Files for Overlay {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        let open = self.lock().get(path).cloned();
        open.map_or_else(|| Disk.read(path), Ok)
    }

    fn is_file(&self, path: &Path) -> bool {
        self.lock().contains_key(path) || Disk.is_file(path)
    }

    fn exists(&self, path: &Path) -> bool {
        self.lock().contains_key(path) || Disk.exists(path)
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        Disk.canonical(path)
    }
}
