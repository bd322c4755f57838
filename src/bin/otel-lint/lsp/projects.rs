//! Flexible configurations: each is rendered from what is open and what is on the disk, and its
//! findings are shown where they come from.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use lsp_types::Diagnostic;
use otel_lint::analysis::{Analysis, CheckedFile};
use otel_lint::editor::Text;
use otel_lint::flexible::{self, How};
use otel_lint::linter::{Host, Options};
use otel_lint::recognise::Content;
use otel_lint::source::{Format, Source};

use super::client::ProjectOptions;
use super::documents::Found;
use super::server::Server;
use super::{convert, uri};
use crate::common_args::InputArgs;
use crate::described::Described;
use crate::flexible_args::{FlexibleArgs, Variable};
use crate::settings::unread;
use crate::threads::Threads;
use crate::{disk, inputs};

impl Server<'_> {
    /// The projects that the document at `uri` belongs to.
    pub fn projects_of(&self, uri: &str) -> Vec<ProjectOptions> {
        if self.options.projects.is_empty() {
            return Vec::new();
        }
        let path = self.documents.get(uri).and_then(|document| document.path.as_deref());
        let Some(path) = path.map(disk::canonical) else { return Vec::new() };
        let projects = self.options.projects.iter().map(|project| self.absolute(project));
        projects.filter(|project| holds(project, &path)).collect()
    }

    /// What was found in the files of the projects that the document at `uri` belongs to may be wrong
    /// now.
    pub fn forget_projects_of(&mut self, uri: &str) {
        let projects = self.projects_of(uri);
        if projects.is_empty() {
            return;
        }
        for document in self.documents.values_mut() {
            let path = document.path.as_deref().map(disk::canonical);
            if path.is_some_and(|path| projects.iter().any(|project| holds(project, &path))) {
                document.found = None;
            }
        }
        self.generation += 1;
        self.have_pulled_again();
    }

    /// `project` with paths that do not depend on the folder of the process.
    fn absolute(&self, project: &ProjectOptions) -> ProjectOptions {
        let root = self.client.roots.first();
        let absolute = |path: &PathBuf| {
            disk::canonical(&root.map_or_else(|| path.clone(), |root| root.join(path)))
        };
        ProjectOptions {
            base: absolute(&project.base),
            settings: project.settings.as_ref().map(absolute),
            partials: project.partials.as_ref().map(absolute),
            templates: project.templates.as_ref().map(absolute),
            env: project.env.clone(),
        }
    }

    /// Checks the projects that the document at `uri` belongs to, and tells what was found in each of
    /// their files.
    pub fn check_projects(&mut self, uri: &str) {
        for project in self.projects_of(uri) {
            let (options, result) = self.check_project(&project);
            let files = match result {
                Ok(files) => files,
                Err(refusal) => {
                    self.refuse(uri, options, &refusal);
                    continue;
                }
            };
            self.tell(&project, &options, files);
        }
    }

    /// What was found in a project, or why it was not checked.
    fn check_project(
        &self,
        project: &ProjectOptions,
    ) -> (Options, Result<Vec<CheckedFile>, String>) {
        let in_force = match self.finder.in_force(&project.base, &self.flags) {
            Ok(in_force) => in_force,
            Err(error) => {
                let error = unread(&error).error;
                return (Options::default(), Err(format!("its settings are wrong: {error}")));
            }
        };
        let options = in_force.options();
        let open: HashMap<PathBuf, &Source> = (self.documents.values())
            .filter_map(|it| Some((disk::canonical(it.path.as_deref()?), it.text.source())))
            .collect();
        let read = |path: &Path| match open.get(&disk::canonical(path)) {
            Some(source) => {
                let name = path.display().to_string();
                let format = Format::of_name(&name);
                Ok(Source::new(name, source.bytes()).with_format(format))
            }
            None => inputs::read(path, &InputArgs::default()),
        };
        let variables = project.env.iter();
        let args = FlexibleArgs {
            fc_settings: project.settings.clone(),
            fc_partials: project.partials.clone(),
            fc_templates: project.templates.clone(),
            fc_env: variables
                .map(|(name, value)| Variable { name: name.clone(), value: value.clone() })
                .collect(),
            ..FlexibleArgs::default()
        };
        let described = Described::by_flags(&project.base, &args);
        let environments = described.and_then(|described| described.read_by(&args, &read));
        let files = environments.map_err(|error| error.to_string()).map(|environments| {
            let host = Host { executor: &Threads, ..Host::PLAIN };
            let how = How::default();
            flexible::check_all(&environments, &options, how, host).unwrap_or_default().files
        });
        (options, files)
    }

    /// Says on the document at `uri` why its project was not checked.
    fn refuse(&mut self, uri: &str, options: Options, refusal: &str) {
        let Some(document) = self.documents.get_mut(uri) else { return };
        let analysis = Analysis { content: Content::Unrecognised, ..Analysis::default() };
        let refusal = Some(format!("not checked: {refusal}"));
        document.found = Some(Rc::new(Found { analysis, options, refusal }));
        let document = &self.documents[uri];
        self.publish(&document.uri, Some(document.version), &self.diagnostics_of(uri));
    }

    /// Tells what was found in the files of a project: in those that are open, whether there is
    /// something or not, and in others.
    fn tell(&mut self, project: &ProjectOptions, options: &Options, files: Vec<CheckedFile>) {
        let mut files: BTreeMap<PathBuf, CheckedFile> = (files.into_iter())
            .map(|file| (disk::canonical(Path::new(file.source.name())), file))
            .collect();
        let mut open: Vec<String> = Vec::new();
        for (uri, document) in &mut self.documents {
            let Some(path) = document.path.as_deref().map(disk::canonical) else { continue };
            if !holds(project, &path) {
                continue;
            }
            let none = Analysis { content: Content::Rendered, ..Analysis::default() };
            let analysis = files.remove(&path).map_or(none, |file| file.analysis);
            let options = options.clone();
            document.found = Some(Rc::new(Found { analysis, options, refusal: None }));
            open.push(uri.clone());
        }
        for uri in open {
            self.dirty.remove(&uri);
            let document = &self.documents[&uri];
            self.publish(&document.uri, Some(document.version), &self.diagnostics_of(&uri));
        }
        let before = std::mem::take(&mut self.told);
        for (path, file) in files {
            let Some(uri) = uri::of_path(&path) else { continue };
            let diagnostics = self.closed(&uri, file);
            if !diagnostics.is_empty() || before.contains(uri.as_str()) {
                self.publish(&uri, None, &diagnostics);
            }
            if !diagnostics.is_empty() {
                self.told.insert(uri.as_str().to_owned());
            }
        }
        for gone in before {
            if !self.told.contains(&gone)
                && !self.documents.contains_key(&gone)
                && let Ok(uri) = gone.parse()
            {
                self.publish(&uri, None, &[]);
            }
        }
    }

    /// What is to be shown about a file that is not open.
    fn closed(&self, uri: &lsp_types::Uri, file: CheckedFile) -> Vec<Diagnostic> {
        let CheckedFile { source, analysis } = file;
        let (name, format) = (source.name().to_owned(), source.format());
        let Ok(text) = String::from_utf8(source.into_bytes()) else { return Vec::new() };
        let Ok(text) = Text::new(&name, format, text, self.client.encoding) else {
            return Vec::new();
        };
        let findings = analysis.findings.iter();
        findings.map(|finding| convert::diagnostic(&text, uri, finding, &self.client)).collect()
    }
}

/// Whether the file at `path` belongs to `project`.
fn holds(project: &ProjectOptions, path: &Path) -> bool {
    let folders = [&project.settings, &project.partials, &project.templates];
    path == project.base || folders.into_iter().flatten().any(|folder| path.starts_with(folder))
}
