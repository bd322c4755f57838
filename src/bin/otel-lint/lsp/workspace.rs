//! The workspace around the open documents: its folders, the editor's options, and files that change on the
//! disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lsp_types::{DidChangeWatchedFilesParams, DidSaveTextDocumentParams};
use otel_lint::settings::{FILE_NAMES, Finder};
use serde_json::{Value, json};

use super::client::UserOptions;
use super::documents::Role;
use super::overlay::place;
use super::server::{Asked, Server};
use super::uri;
use crate::discovery;
use crate::projects;

/// What the registration of the files to watch is called.
const WATCHED: &str = "otel-lint.files";

impl Server<'_> {
    /// Has the editor tell about files that change, anew if its folders have changed.
    pub fn watch_files(&mut self) {
        if !self.client.watches_files {
            return;
        }
        if self.is_watching {
            let gone = json!({ "id": WATCHED, "method": "workspace/didChangeWatchedFiles" });
            // The protocol has it with this fault.
            self.ask("client/unregisterCapability", json!({ "unregisterations": [gone] }));
        }
        self.is_watching = true;
        // Templates and settings of a project may be files of any name.
        let mut watchers = vec![json!({ "globPattern": "**/*" })];
        if self.client.watches_relative {
            let folders = self.client.roots.iter().flat_map(|root| above(root));
            let folders = folders.collect::<BTreeSet<PathBuf>>().into_iter();
            let folders = folders.filter_map(|folder| uri::of_path(&folder));
            watchers.extend(
                folders
                    .map(|folder| json!({ "globPattern": { "baseUri": folder, "pattern": "*" } })),
            );
        }
        let register = json!({ "registrations": [{
            "id": WATCHED,
            "method": "workspace/didChangeWatchedFiles",
            "registerOptions": { "watchers": watchers },
        }] });
        self.ask("client/registerCapability", register);
    }

    /// Takes in what has changed on the disk.
    pub fn files_changed(&mut self, params: &DidChangeWatchedFilesParams) {
        let changed = params.changes.iter().filter_map(|change| uri::path(change.uri.as_str()));
        let changed: Vec<PathBuf> =
            changed.filter(|path| !discovery::is_in_history(path)).collect();
        if changed.iter().any(|path| self.is_settings(path)) {
            return self.refresh();
        }
        for path in &changed {
            self.forget_projects_of(path);
        }
        if !changed.is_empty() {
            self.projects.search_soon();
        }
    }

    /// Takes in that the editor has written a file, which some tell in no other way.
    pub fn saved(&mut self, params: &DidSaveTextDocumentParams) {
        let uri = params.text_document.uri.as_str();
        let is_other = self.documents.get(uri).is_none_or(|it| it.role == Role::Settings);
        let is_watched = self.client.watches_files
            && uri::path(uri)
                .is_some_and(|path| self.client.roots.iter().any(|root| path.starts_with(root)));
        if is_other || !is_watched {
            self.refresh();
        }
    }

    /// Whether settings are, were or may be read from the file at `path`.
    fn is_settings(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| FILE_NAMES.contains(&name))
            || self.finder.read().iter().any(|file| place(file) == place(path))
    }

    /// Reads settings anew, and checks every document again.
    pub fn refresh(&mut self) {
        self.generation += 1;
        self.finder = Arc::new(Finder::new(Box::new(self.overlay.clone()), &self.search));
        self.projects.search_now();
        for project in &mut self.projects.known {
            project.is_stale = true;
        }
        for (uri, document) in &mut self.documents {
            document.found = None;
            self.dirty.insert(uri.clone());
        }
        self.have_pulled_again();
    }

    /// The editor's settings have changed: some send them, others want to be asked.
    pub fn configure(&mut self, params: &Value) {
        let section = params.get("settings").and_then(|settings| settings.get("otel-lint"));
        match section {
            Some(section) => self.take_options(section),
            None if self.client.has_configuration => {
                let items = json!({ "items": [{ "section": "otel-lint" }] });
                self.ask_about(Asked::Configuration, "workspace/configuration", items);
            }
            None => {}
        }
    }

    pub fn take_options(&mut self, section: &Value) {
        if section.is_null() {
            return;
        }
        let (options, faults) = UserOptions::new(section);
        for fault in faults {
            self.warn(&fault);
        }
        if options != self.options {
            self.options = options;
            self.refresh();
            if self.client.refreshes_hints {
                self.ask("workspace/inlayHint/refresh", Value::Null);
            }
        }
    }

    pub fn change_folders(&mut self, params: &Value) {
        let folders = |which: &str| {
            let list = params.pointer(&format!("/event/{which}")).and_then(Value::as_array);
            let uris = list.into_iter().flatten().filter_map(|it| it.get("uri")?.as_str());
            uris.filter_map(uri::path).collect::<Vec<_>>()
        };
        let (added, removed) = (folders("added"), folders("removed"));
        self.client.roots.retain(|root| !removed.contains(root));
        for root in added {
            if !self.client.roots.contains(&root) {
                self.client.roots.push(root);
            }
        }
        self.watch_files();
        self.refresh();
    }
}

/// The folders above `root` whose settings count in it: those of its repository.
fn above(root: &Path) -> Vec<PathBuf> {
    let root = place(root);
    let repository = projects::repository(&root.join("-"));
    let above = root.ancestors().skip(1).map(Path::to_owned);
    above.filter(|folder| folder.starts_with(&repository)).collect()
}
