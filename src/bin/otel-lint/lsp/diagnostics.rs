//! Checking documents, and telling what was found: unasked, or to an editor that asks.

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
use super::documents::{Found, Role};
use super::server::{Failure, Server, failure};
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
const MOST_SHOWN: usize = 1000;

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
        let Some(uri) = self.dirty.first().cloned() else { return };
        let since = Instant::now();
        let inbox = self.inbox;
        let is_cancelled = || inbox.has_change(&uri) && since.elapsed() < PATIENCE;
        if self.client.pulls {
            // The editor asks when it wants to know.
            self.dirty.remove(&uri);
            return;
        }
        if !self.projects_of(&uri).is_empty() {
            self.dirty.remove(&uri);
            return self.check_projects(&uri);
        }
        if self.find(&uri, &is_cancelled).is_none() {
            return;
        }
        self.dirty.remove(&uri);
        let Some(document) = self.documents.get(&uri) else { return };
        let diagnostics = self.diagnostics_of(&uri);
        self.publish(&document.uri, Some(document.version), &diagnostics);
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
        let found = Rc::new(self.look(uri, is_cancelled)?);
        self.documents.get_mut(uri)?.found = Some(Rc::clone(&found));
        Some(found)
    }

    fn look(&self, uri: &str, is_cancelled: &(dyn Fn() -> bool + Sync)) -> Option<Found> {
        let document = self.documents.get(uri)?;
        let source = document.text.source();
        let none = Analysis { content: Content::Unrecognised, ..Analysis::default() };
        if document.role == Role::Settings {
            let analysis = match settings::read(source.clone()) {
                Ok(_) => none,
                Err(file) => file.analysis,
            };
            return Some(Found { analysis, options: Options::default(), refusal: None });
        }
        // What has no file has the settings of the folder that the server works in.
        let path = document.path.as_deref().unwrap_or("-".as_ref());
        match self.finder.in_force(path, &self.flags) {
            Ok(in_force) => {
                let options = in_force.options();
                let analysis = analyze(source, &options, is_cancelled)?;
                Some(Found { analysis, options, refusal: None })
            }
            Err(error) => {
                let options = Options::default();
                let is_ours = analyze(source, &options, is_cancelled)?;
                let is_ours = is_ours.content != Content::Unrecognised;
                let refusal = is_ours.then(|| not_checked(&error));
                Some(Found { analysis: none, options, refusal })
            }
        }
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

    /// Sends diagnostics, unless the editor asks for them itself.
    pub fn publish(&self, uri: &Uri, version: Option<i32>, diagnostics: &[Diagnostic]) {
        if self.client.pulls {
            return;
        }
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
        if !self.projects_of(uri).is_empty() && self.documents[uri].found.is_none() {
            self.check_projects(uri);
        }
        let inbox = self.inbox;
        if self.find(uri, &|| inbox.has_change(uri)).is_none() {
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

/// Why a document was not checked, whose settings are wrong.
fn not_checked(error: &SettingsError) -> String {
    format!("not checked, because its settings are wrong: {}", unread(error).error)
}
