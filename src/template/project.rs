//! What is rendered: a base file with its templates, partials, settings and environment.

use std::collections::BTreeMap;

use crate::source::{Format, Source};

use super::origin::FileId;

/// What a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The file that is rendered.
    Base,
    /// A template for `{{template "name"}}`.
    Template,
    /// A text for `{{include "name"}}`.
    Partial,
    /// A JSON object, whose members are the fields of `.name`.
    Settings,
}

/// A file of a project.
#[derive(Clone, Debug)]
pub struct File {
    /// What it is for.
    pub role: Role,
    /// What templates call it: the file's name of a template, the path below its folder of a
    /// partial, the name without `.json` of settings.
    pub name: String,
    /// Its bytes, under the name that people know it by.
    pub source: Source,
}

/// The variables that `env` and `expandenv` read: nothing is taken from the process.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Name and value.
    pub variables: BTreeMap<String, String>,
    /// Whether these are all: others are not set, and empty as in the gateway. Otherwise others are
    /// unknown.
    pub complete: bool,
}

/// A base file and all it can refer to.
#[derive(Clone, Debug)]
pub struct Project {
    files: Vec<File>,
    /// Variables for `env` and `expandenv`.
    pub environment: Environment,
    /// Folders of settings, partials or templates that somebody names and that do not exist, each with
    /// what it is for and its path.
    pub missing_folders: Vec<(Role, String)>,
    /// The format in which the rendered text is read, if somebody says it.
    pub format: Option<Format>,
}

impl Project {
    /// A project of nothing but its base. `name` is the file's name without its folder: the name of
    /// the template that it is.
    #[must_use]
    pub fn new(name: impl Into<String>, source: Source) -> Self {
        let base = File { role: Role::Base, name: name.into(), source };
        Self {
            files: vec![base],
            environment: Environment::default(),
            missing_folders: Vec::new(),
            format: None,
        }
    }

    /// Adds a file. Of two with the same role and name, the later counts.
    pub fn add(&mut self, role: Role, name: impl Into<String>, source: Source) -> FileId {
        self.files.push(File { role, name: name.into(), source });
        FileId(self.files.len() as u32 - 1)
    }

    /// Puts `source` in the place of the sources that have its name.
    pub fn replace(&mut self, source: &Source) {
        for file in &mut self.files {
            if file.source.name() == source.name() {
                file.source = source.clone();
            }
        }
    }

    /// The file that is rendered.
    #[must_use]
    pub fn base(&self) -> FileId {
        FileId(0)
    }

    /// A file.
    ///
    /// # Panics
    ///
    /// If `id` is of another project.
    #[must_use]
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    /// All files with their ids, the base first, then as they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &File)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(index as u32), file))
    }

    /// The files of a role by name.
    pub(super) fn by_name(&self, role: Role) -> BTreeMap<&[u8], FileId> {
        let files = self.files().filter(|(_, file)| file.role == role);
        files.map(|(id, file)| (file.name.as_bytes(), id)).collect()
    }
}
