//! Checking documents, and telling what was found: unasked, or to an editor that asks.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use lsp_server::ErrorCode;
use lsp_types::{Diagnostic, DiagnosticSeverity, DocumentDiagnosticParams, Uri};
use otel_lint::analysis::Analysis;
use otel_lint::linter::{self, Host, Options};
use otel_lint::parallel::{Executor, Sequential};
use otel_lint::recognise::{self, Content, Marks, Reason};
use otel_lint::settings::{self, SettingsError};
use otel_lint::source::Source;
use serde_json::{Value, json};

use super::convert;
use super::documents::{Document, Found, Role};
use super::overlay::place;
use super::server::{Failure, Server, failure};
use crate::fixes::Recheck;
use crate::settings::unread;
use crate::threads::Threads;

/// The size in bytes from which on it pays to check one document on several threads.
const LARGE: usize = 1 << 18;

/// How long a document may change before it is checked in spite of the next change.
const PATIENCE: Duration = Duration::from_millis(400);

/// The executor for a text of that size.
fn executor(source: &Source) -> &'static dyn Executor {
    if source.bytes().len() < LARGE { &Sequential } else { &Threads }
}

/// The most diagnostics of one document that are shown: nobody reads more, and the editor would have to
/// take them all with each key stroke.
pub const MOST_SHOWN: usize = 1000;

/// Whether `source` may have to do with the gateway's telemetry; if not, nothing is done with it.
pub fn is_plausible(source: &Source) -> bool {
    recognise::names_gateway(source.name()) || Marks::of(source.bytes()).is_plausible()
}

/// Checks `source`; `None` if `is_cancelled` said so. What is not certainly ours has no findings, as
/// in a search of the command line.
pub fn analyze(
    source: &Source,
    options: &Options,
    is_cancelled: &(dyn Fn() -> bool + Sync),
) -> Option<Analysis> {
    let none = || Analysis { content: Content::Unrecognised, ..Analysis::default() };
    if !is_plausible(source) {
        return Some(none());
    }
    let host = Host { executor: executor(source), is_cancelled };
    let analysis = linter::analyze(source, options, host)?;
    let is_ours = match analysis.content {
        Content::Unrecognised => false,
        Content::Template => analysis.is_checked() || Marks::of(source.bytes()).names_gateway(),
        _ => !matches!(analysis.reason, Reason::Broken(_)),
    };
    Some(if is_ours { analysis } else { none() })
}

impl Server<'_> {
    /// Checks one document that has changed, unless it is changing again.
    pub fn check_one(&mut self) {
        let Some(uri) = self.dirty.first().cloned() else { return self.search_projects(None) };
        if self.client.pulls {
            // The editor asks when it wants to know.
            self.dirty.remove(&uri);
            return;
        }
        let since = Instant::now();
        let (inbox, uris) = (self.inbox, self.with_depending(&uri));
        let is_cancelled = || since.elapsed() < PATIENCE && inbox.has_change(&uris);
        if self.find(&uri, &is_cancelled).is_none() {
            return;
        }
        self.dirty.remove(&uri);
        let Some(document) = self.documents.get(&uri) else { return };
        let diagnostics = self.diagnostics_of(&uri);
        self.publish(&document.uri, Some(document.version), &diagnostics);
    }

    /// Checks all that has changed.
    pub fn settle(&mut self) {
        if self.projects.search_at().is_some() {
            self.projects.search_now();
        }
        while !self.dirty.is_empty() || self.projects.search_at().is_some() {
            self.check_one();
        }
    }

    /// The documents whose changes change what is found in the one at `uri`.
    fn with_depending(&self, uri: &str) -> Vec<String> {
        let mut uris = vec![uri.to_owned()];
        let path = self.documents.get(uri).and_then(|it| it.path.as_deref()).map(place);
        let projects = self.projects.known.iter();
        let projects = projects.filter(|it| path.as_ref().is_some_and(|path| it.holds(path)));
        uris.extend(projects.flat_map(|project| self.open_in(project)));
        uris
    }

    /// What was found in the document at `uri`, checked now if it has changed; `None` if that was
    /// cancelled, or there is no such document.
    pub fn find(
        &mut self,
        uri: &str,
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<Rc<Found>> {
        let document = self.documents.get(uri)?;
        if let Some(found) = &document.found {
            return Some(Rc::clone(found));
        }
        if document.role == Role::Configuration
            && let Some(path) = document.path.clone()
        {
            self.search_projects(Some(&path));
            self.check_projects_of(&place(&path), is_cancelled)?;
        }
        let found = Rc::new(self.look(self.documents.get(uri)?, is_cancelled)?);
        self.documents.get_mut(uri)?.found = Some(Rc::clone(&found));
        Some(found)
    }

    /// What is found in `document`: in its own text, unless it is a part of projects, and in those.
    fn look(&self, document: &Document, is_cancelled: &(dyn Fn() -> bool + Sync)) -> Option<Found> {
        let source = document.text.source();
        if document.role == Role::Settings {
            let wrong = settings::read(source.clone()).err();
            return Some(Found::new(wrong.map(|file| file.analysis).unwrap_or_default(), source));
        }
        let place = document.path.as_deref().map(place);
        let is_part = place.as_deref().is_some_and(|place| self.is_part(place));
        let mut found = if is_part {
            Found::new(Analysis::default(), source)
        } else {
            self.alone(document, is_cancelled)?
        };
        if let Some(place) = place {
            self.add_rendered(&mut found, &place);
        }
        Some(found)
    }

    /// What is found in `document` on its own.
    fn alone(
        &self,
        document: &Document,
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<Found> {
        let source = document.text.source();
        match self.finder.in_force(&self.settings_place(document), &self.flags) {
            Ok(in_force) => {
                let options = in_force.options();
                let analysis = analyze(source, &options, is_cancelled)?;
                let recheck = Recheck::File(options);
                Some(Found { recheck, ..Found::new(analysis, source) })
            }
            Err(error) => {
                let analysis = analyze(source, &Options::default(), is_cancelled)?;
                let is_ours = analysis.content != Content::Unrecognised;
                let refusal = is_ours.then(|| not_checked(&error));
                Some(Found { refusal, ..Found::new(Analysis::default(), source) })
            }
        }
    }

    /// The path that tells which settings `document` has: what has no file has those of the first
    /// folder of the workspace.
    pub fn settings_place(&self, document: &Document) -> PathBuf {
        let root = self.client.roots.first();
        let without = || root.map_or_else(|| "-".into(), |root| root.join("untitled"));
        document.path.clone().unwrap_or_else(without)
    }

    /// What is to be shown about the document at `uri`, which was checked.
    pub fn diagnostics_of(&self, uri: &str) -> Vec<Diagnostic> {
        let Some(document) = self.documents.get(uri) else { return Vec::new() };
        let Some(found) = &document.found else { return Vec::new() };
        let note = |text: &str, severity| Diagnostic {
            severity: Some(severity),
            source: Some("otel-lint".to_owned()),
            message: convert::visible(text),
            ..Diagnostic::default()
        };
        let refusal = found.refusal.iter().map(|text| note(text, DiagnosticSeverity::WARNING));
        let findings = found.analysis.findings.iter().take(MOST_SHOWN);
        let findings = findings.map(|finding| {
            convert::diagnostic(&document.text, &document.uri, finding, &self.client)
        });
        let more = found.analysis.findings.len().saturating_sub(MOST_SHOWN);
        let more = (more > 0).then(|| {
            let text = format!("{more} more findings are not shown; `otel-lint FILE` shows all");
            note(&text, DiagnosticSeverity::INFORMATION)
        });
        refusal.chain(more).chain(findings).collect()
    }

    /// Sends diagnostics of a document, unless the editor asks for them itself.
    pub fn publish(&self, uri: &Uri, version: Option<i32>, diagnostics: &[Diagnostic]) {
        if !self.client.pulls {
            self.push(uri, version, diagnostics);
        }
    }

    /// Sends diagnostics; of a file that is not open no editor asks for them.
    pub fn push(&self, uri: &Uri, version: Option<i32>, diagnostics: &[Diagnostic]) {
        let mut params = json!({ "uri": uri, "diagnostics": diagnostics });
        if let Some(version) = version {
            params["version"] = version.into();
        }
        self.notify("textDocument/publishDiagnostics", params);
    }

    /// Answers an editor that asks for diagnostics.
    pub fn pull(&mut self, params: &DocumentDiagnosticParams) -> Result<Value, Failure> {
        let uri = params.text_document.uri.as_str();
        if !self.documents.contains_key(uri) {
            return Ok(json!({ "kind": "full", "items": [] }));
        }
        let (inbox, uris) = (self.inbox, self.with_depending(uri));
        if self.find(uri, &|| inbox.has_change(&uris)).is_none() {
            let mut error = failure(ErrorCode::ServerCancelled, "the document changes");
            error.data = Some(json!({ "retriggerRequest": true }));
            return Err(error);
        }
        let document = &self.documents[uri];
        let id = format!("{}.{}", document.version, self.generation);
        if params.previous_result_id.as_deref() == Some(&id) {
            return Ok(json!({ "kind": "unchanged", "resultId": id }));
        }
        let items = self.diagnostics_of(uri);
        Ok(json!({ "kind": "full", "resultId": id, "items": items }))
    }
}

/// Why a file was not checked, whose settings are wrong.
pub fn not_checked(error: &SettingsError) -> String {
    format!("not checked, because its settings are wrong: {}", unread(error).error)
}
