//! Which flexible configurations the workspace has: those that the editor's options name, and those that
//! the command line finds in its folders.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use lsp_types::Diagnostic;
use otel_lint::settings::Patterns;
use otel_lint::source::{Format, Source};

use super::client::ProjectOptions;
use super::documents::Role;
use super::overlay::place;
use super::rendered::Outcome;
use super::server::Server;
use crate::common_args::InputArgs;
use crate::described::{Described, shown};
use crate::discovery::{self, Input};
use crate::flexible_args::{FlexibleArgs, Variable};
use crate::inputs::{self, InputError};
use crate::projects;

/// The projects of the workspace.
#[derive(Default)]
pub struct Projects {
    pub known: Vec<Project>,
    /// What editors were told of files that are not open, by their URIs.
    pub told: BTreeMap<String, Vec<Diagnostic>>,
    /// The folders that were searched.
    searched: BTreeSet<PathBuf>,
    /// Those of them that have too many files.
    cut: Vec<PathBuf>,
    /// When to search them again, if something has changed.
    search_at: Option<Instant>,
    /// When the last search was over, and how long it took.
    last: Option<(Instant, Duration)>,
}

/// A base and what belongs to it.
pub struct Project {
    /// Where the base is.
    pub base: PathBuf,
    /// What is rendered with it, or why nobody knows.
    pub described: Result<Described, String>,
    /// The folders of its settings, partials and templates.
    folders: Vec<PathBuf>,
    /// What was found in it.
    pub outcome: Option<Outcome>,
    /// Whether one of its files has changed since then.
    pub is_stale: bool,
}

impl Project {
    fn new(base: PathBuf, described: Result<Described, String>) -> Self {
        let mut folders = Vec::new();
        if let Ok(described) = &described {
            let settings = described.environments.iter().filter_map(|it| it.settings.as_ref());
            let all = settings.chain(&described.partials).chain(&described.templates);
            folders = all.map(|folder| place(folder)).collect();
        }
        Self { base, described, folders, outcome: None, is_stale: true }
    }

    /// Whether what is found in it may depend on the file at `path`.
    pub fn holds(&self, path: &Path) -> bool {
        self.base == path
            || self.folders.iter().any(|folder| path.starts_with(folder))
            || self.outcome.as_ref().is_some_and(|outcome| outcome.parts.contains(path))
    }
}

impl Projects {
    /// Something has changed that may change which projects there are.
    pub fn search_now(&mut self) {
        self.search_at = Some(Instant::now());
    }

    /// Some file has changed on the disk. A build may change thousands: searching takes not more than a
    /// tenth of the time.
    pub fn search_soon(&mut self) {
        let rested = self.last.map(|(end, took)| end + took * 10);
        self.search_at = self.search_at.or(Some(rested.unwrap_or_else(Instant::now)));
    }

    /// When the folders are to be searched again.
    pub fn search_at(&self) -> Option<Instant> {
        self.search_at
    }
}

impl Server<'_> {
    /// Searches the folders for projects, if the one of the file at `path` was not searched yet, or
    /// something has changed.
    pub fn search_projects(&mut self, path: Option<&Path>) {
        let is_new = path
            .and_then(|path| self.root_of(path))
            .is_some_and(|root| !self.projects.searched.contains(&root));
        if !is_new && self.projects.search_at.is_none_or(|at| Instant::now() < at) {
            return;
        }
        let begin = Instant::now();
        let found = self.found_projects();
        self.projects.search_at = None;
        self.projects.last = Some((Instant::now(), begin.elapsed()));
        let mut before = std::mem::take(&mut self.projects.known);
        let mut changed = Vec::new();
        for (base, described) in found {
            let same = before.iter().position(|it| it.base == base && it.described == described);
            self.projects.known.push(if let Some(index) = same {
                before.swap_remove(index)
            } else {
                let project = Project::new(base, described);
                changed.extend(self.open_in(&project));
                project
            });
        }
        // What is left is gone, or is not what it was.
        let gone = before.iter().flat_map(|project| self.open_in(project)).collect::<Vec<_>>();
        self.forget(changed.into_iter().chain(gone));
        self.tell_closed();
    }

    /// Each base with what is rendered with it.
    fn found_projects(&mut self) -> Vec<(PathBuf, Result<Described, String>)> {
        let text = |error: InputError| error.to_string();
        let mut found: Vec<(PathBuf, Result<Described, String>)> = Vec::new();
        for project in &self.options.projects {
            for (base, args) in self.by_options(project) {
                found.push((place(&base), Described::by_flags(&base, &args).map_err(text)));
            }
        }
        let open = || self.documents.values().filter(|it| it.role != Role::Settings);
        let open: Vec<PathBuf> = open().filter_map(|it| it.path.clone()).collect();
        let roots: BTreeSet<PathBuf> = open.iter().filter_map(|it| self.root_of(it)).collect();
        let named: Vec<PathBuf> = roots.iter().map(|root| from_here(root)).collect();
        let (all, most) = (Patterns::default(), discovery::MOST_FILES);
        let searched = discovery::discover(&named, &all, &self.finder, most);
        let mut inputs = searched.files;
        for folder in searched.cut.iter().filter(|it| !self.projects.cut.contains(it)) {
            let folder = folder.display();
            self.warn(&format!(
                "{folder} has more than {most} files: projects of templates are found among the first \
                 of them only"
            ));
        }
        self.projects.cut = searched.cut;
        for path in open {
            let path = shown(&path);
            let absolute = self.finder.absolute(&path);
            if !inputs.iter().any(|input| self.finder.absolute(&input.path) == absolute) {
                inputs.push(Input { path, found: true });
            }
        }
        let open = self.open_sources();
        let read = |path: &Path| read(path, &open);
        let described =
            projects::find(&inputs, &named, &self.finder, &FlexibleArgs::default(), &read);
        for (index, described) in described {
            let base = place(&inputs[index].path);
            if !found.iter().any(|(known, _)| *known == base) {
                found.push((base, described.map_err(text)));
            }
        }
        drop(open);
        self.projects.searched = roots;
        found
    }

    /// The bases that `project` stands for, one in each folder of the workspace that has it, with what the
    /// editor says of it.
    fn by_options(&self, project: &ProjectOptions) -> Vec<(PathBuf, FlexibleArgs)> {
        let here = [PathBuf::from(".")];
        let roots = if self.client.roots.is_empty() { &here } else { &*self.client.roots };
        let mut having: Vec<&PathBuf> = roots.iter().collect();
        having.retain(|root| root.join(&project.base).is_file());
        if having.is_empty() {
            having.push(&roots[0]);
        }
        let at = |root: &Path| {
            let within = |path: &PathBuf| shown(&place(&root.join(path)));
            let variables = project.env.iter();
            let args = FlexibleArgs {
                fc_settings: project.settings.as_ref().map(within),
                fc_partials: project.partials.as_ref().map(within),
                fc_templates: project.templates.as_ref().map(within),
                fc_env: variables
                    .map(|(name, value)| Variable { name: name.clone(), value: value.clone() })
                    .collect(),
                ..FlexibleArgs::default()
            };
            (within(&project.base), args)
        };
        having.into_iter().map(|root| at(root)).collect()
    }

    /// The folder to search for projects that the file at `path` may belong to: that of the workspace, the
    /// innermost of several; of a file elsewhere its repository, if it is in one.
    fn root_of(&self, path: &Path) -> Option<PathBuf> {
        let path = place(path);
        let roots = self.client.roots.iter().map(|root| place(root));
        let around = roots.filter(|root| path.starts_with(root));
        let innermost = around.max_by_key(|root| root.components().count());
        innermost
            .or_else(|| Some(projects::repository(&path)).filter(|root| root.join(".git").exists()))
    }

    /// The URIs of the open files that `project` holds.
    pub fn open_in(&self, project: &Project) -> Vec<String> {
        let is_in = |path: &Path| project.holds(&place(path));
        let open = self.documents.iter();
        let open = open.filter(|(_, it)| it.path.as_deref().is_some_and(is_in));
        open.map(|(uri, _)| uri.clone()).collect()
    }

    /// The text of each open file.
    pub fn open_sources(&self) -> HashMap<PathBuf, &Source> {
        let open = self.documents.values();
        open.filter_map(|it| Some((place(it.path.as_deref()?), it.text.source()))).collect()
    }

    /// What was found in the projects of the file at `path` may be wrong now.
    pub fn forget_projects_of(&mut self, path: &Path) {
        let path = place(path);
        let (mut open, mut is_left) = (Vec::new(), false);
        for index in 0..self.projects.known.len() {
            let project = &self.projects.known[index];
            if project.holds(&path) {
                let holds = self.open_in(project);
                let project = &mut self.projects.known[index];
                project.is_stale = true;
                if holds.is_empty() {
                    // Nobody looks at it any more.
                    is_left |= project.outcome.take().is_some();
                }
                open.extend(holds);
            }
        }
        self.forget(open);
        if is_left {
            self.tell_closed();
        }
    }

    /// What was found in the open files `uris` may be wrong now.
    fn forget(&mut self, uris: impl IntoIterator<Item = String>) {
        let mut is_known = false;
        for uri in uris {
            let Some(document) = self.documents.get_mut(&uri) else { continue };
            is_known |= document.found.take().is_some();
            self.dirty.insert(uri);
        }
        if is_known {
            self.generation += 1;
            self.have_pulled_again();
        }
    }
}

/// The file at `path` as it is open, or else on the disk.
pub fn read(path: &Path, open: &HashMap<PathBuf, &Source>) -> Result<Source, InputError> {
    match open.get(&place(path)) {
        Some(source) => {
            let name = path.display().to_string();
            let format = Format::of_name(&name);
            Ok(Source::new(name, source.bytes()).with_format(format))
        }
        None => inputs::read(path, &InputArgs::default()),
    }
}

/// The folder at `path` as somebody names it who is in the current one.
fn from_here(path: &Path) -> PathBuf {
    if place(Path::new(".")) == path { PathBuf::from(".") } else { shown(path) }
}
