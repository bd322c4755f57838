//! The state of the server, and what each message does to it.

use std::collections::{BTreeSet, HashMap};

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, DidSaveTextDocumentParams,
};
use otel_lint::settings::{Choices, Finder, Search};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::LspArgs;
use super::client::{Client, UserOptions};
use super::documents::{Document, Role};
use super::inbox::Inbox;
use super::overlay::Overlay;
use super::uri;

/// The server.
pub struct Server<'s> {
    pub client: Client,
    pub options: UserOptions,
    pub documents: HashMap<String, Document>,
    /// The settings, read anew when one of their files may have changed.
    pub finder: Finder,
    pub flags: Choices,
    pub inbox: &'s Inbox,
    /// Documents to be checked when nothing else is to be done.
    pub dirty: BTreeSet<String>,
    /// URIs of files that are not open and have diagnostics that were sent.
    pub told: BTreeSet<String>,
    /// How often settings or other files have changed: what was found before may be wrong now.
    pub generation: u64,
    search: Search,
    overlay: Overlay,
    pub send: &'s dyn Fn(Message),
    next_id: i32,
    /// What answers to our own requests are about.
    asked: HashMap<RequestId, Asked>,
    pub is_shut_down: bool,
}

/// What the editor was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// The section of its settings.
    Configuration,
    /// Anything else, whose answer changes nothing.
    Other,
}

/// Why a request fails.
pub type Failure = ResponseError;

/// A failure with this code.
pub fn failure(code: ErrorCode, message: impl Into<String>) -> Failure {
    ResponseError { code: code as i32, message: message.into(), data: None }
}

/// Has the editor show a warning.
pub fn warn(send: &dyn Fn(Message), text: &str) {
    let params = json!({ "type": 2, "message": format!("otel-lint: {text}") });
    let method = "window/showMessage".to_owned();
    send(Notification { method, params }.into());
}

impl<'s> Server<'s> {
    /// A server that has been initialized.
    pub fn new(
        client: Client,
        options: UserOptions,
        args: &LspArgs,
        inbox: &'s Inbox,
        send: &'s dyn Fn(Message),
    ) -> Self {
        let search = match &args.settings.config {
            Some(file) => Search::File(file.clone()),
            None if args.settings.no_config => Search::Nowhere,
            None => Search::Above,
        };
        let overlay = Overlay::default();
        Self {
            client,
            options,
            documents: HashMap::new(),
            finder: Finder::new(Box::new(overlay.clone()), &search),
            flags: args.rules.choices(&args.target),
            inbox,
            dirty: BTreeSet::new(),
            told: BTreeSet::new(),
            generation: 0,
            search,
            overlay,
            send,
            next_id: 0,
            asked: HashMap::new(),
            is_shut_down: false,
        }
    }

    /// Sends a message without an answer.
    pub fn notify(&self, method: &str, params: Value) {
        (self.send)(Notification { method: method.to_owned(), params }.into());
    }

    /// Asks the editor for something; its answer changes nothing.
    pub fn ask(&mut self, method: &str, params: Value) {
        self.ask_about(Asked::Other, method, params);
    }

    fn ask_about(&mut self, what: Asked, method: &str, params: Value) {
        self.next_id += 1;
        let id = RequestId::from(self.next_id);
        self.asked.insert(id.clone(), what);
        (self.send)(Request { id, method: method.to_owned(), params }.into());
    }

    /// Has the editor show a warning.
    pub fn warn(&self, text: &str) {
        warn(self.send, text);
    }

    /// Takes in what the editor says.
    pub fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        match method.as_str() {
            "initialized" => self.initialized(),
            "textDocument/didOpen" => {
                if let Some(params) = self.read(&method, params) {
                    self.open(params);
                }
            }
            "textDocument/didChange" => {
                if let Some(params) = self.read(&method, params) {
                    self.change(params);
                }
            }
            "textDocument/didClose" => {
                if let Some(params) = self.read(&method, params) {
                    self.close(&params);
                }
            }
            "textDocument/didSave" => {
                if let Some(params) = self.read::<DidSaveTextDocumentParams>(&method, params) {
                    let uri = params.text_document.uri.as_str();
                    let is_other =
                        self.documents.get(uri).is_none_or(|it| it.role == Role::Settings);
                    if is_other || !self.client.watches_files {
                        self.refresh();
                    }
                }
            }
            "workspace/didChangeWatchedFiles" => {
                if let Some(params) = self.read::<DidChangeWatchedFilesParams>(&method, params)
                    && !params.changes.is_empty()
                {
                    self.refresh();
                }
            }
            "workspace/didChangeConfiguration" => self.configure(&params),
            "workspace/didChangeWorkspaceFolders" => self.change_folders(&params),
            _ => {}
        }
    }

    /// What the editor says, if it can be understood.
    fn read<T: DeserializeOwned>(&self, method: &str, params: Value) -> Option<T> {
        match serde_json::from_value(params) {
            Ok(params) => Some(params),
            Err(error) => {
                let message = format!("otel-lint: cannot read `{method}`: {error}");
                self.notify("window/logMessage", json!({ "type": 2, "message": message }));
                None
            }
        }
    }

    fn initialized(&mut self) {
        if self.client.watches_files {
            // Templates and settings of a project may be files of any name.
            let glob = if self.options.projects.is_empty() {
                "**/{otel-lint.toml,.otel-lint.toml}"
            } else {
                "**/*"
            };
            let register = json!({ "registrations": [{
                "id": "otel-lint.files",
                "method": "workspace/didChangeWatchedFiles",
                "registerOptions": { "watchers": [{ "globPattern": glob }] },
            }] });
            self.ask("client/registerCapability", register);
        }
    }

    fn open(&mut self, params: DidOpenTextDocumentParams) {
        let uri = params.text_document.uri.as_str().to_owned();
        match Document::open(params.text_document, self.client.encoding) {
            Ok(document) => {
                self.documents.insert(uri.clone(), document);
                self.changed(&uri);
            }
            Err(error) => self.warn(&format!("{uri}: {error}: it is not checked")),
        }
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let uri = params.text_document.uri.as_str().to_owned();
        let Some(document) = self.documents.get_mut(&uri) else { return };
        match document.change(params.text_document.version, params.content_changes) {
            Ok(()) => self.changed(&uri),
            Err(error) => {
                // What is left of it is not what the editor has.
                self.documents.remove(&uri);
                self.warn(&format!("{uri}: {error}: it is not checked any more"));
            }
        }
    }

    /// The document at `uri` is new or has changed.
    fn changed(&mut self, uri: &str) {
        let Some(document) = self.documents.get(uri) else { return };
        if document.role == Role::Settings {
            if let Some(path) = &document.path {
                self.overlay.set(path, document.text.source().bytes());
            }
            self.refresh();
        } else {
            self.dirty.insert(uri.to_owned());
            self.forget_projects_of(uri);
        }
    }

    fn close(&mut self, params: &DidCloseTextDocumentParams) {
        let uri = params.text_document.uri.as_str();
        let Some(document) = self.documents.remove(uri) else { return };
        self.dirty.remove(uri);
        self.publish(&document.uri, None, &[]);
        if document.role == Role::Settings {
            if let Some(path) = &document.path {
                self.overlay.remove(path);
            }
            self.refresh();
        } else if !self.options.projects.is_empty() {
            // The files of a project that are still open see what is on the disk now.
            self.refresh();
        }
    }

    /// Reads settings anew, and checks every document again.
    fn refresh(&mut self) {
        self.generation += 1;
        self.finder = Finder::new(Box::new(self.overlay.clone()), &self.search);
        for (uri, document) in &mut self.documents {
            document.found = None;
            self.dirty.insert(uri.clone());
        }
        self.have_pulled_again();
    }

    /// Tells an editor that asks for diagnostics that it has to do so again.
    pub fn have_pulled_again(&mut self) {
        if self.client.refreshes_diagnostics && self.client.pulls {
            self.ask("workspace/diagnostic/refresh", Value::Null);
        }
    }

    /// The editor's settings have changed: some send them, others want to be asked.
    fn configure(&mut self, params: &Value) {
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

    fn take_options(&mut self, section: &Value) {
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

    fn change_folders(&mut self, params: &Value) {
        let folders = |which: &str| {
            let list = params.pointer(&format!("/event/{which}")).and_then(Value::as_array);
            let uris = list.into_iter().flatten().filter_map(|it| it.get("uri")?.as_str());
            uris.filter_map(uri::path).collect::<Vec<_>>()
        };
        let (added, removed) = (folders("added"), folders("removed"));
        self.client.roots.retain(|root| !removed.contains(root));
        self.client.roots.extend(added);
        self.refresh();
    }

    /// Takes in what the editor answers.
    pub fn response(&mut self, response: Response) {
        let asked = self.asked.remove(&response.id);
        if asked == Some(Asked::Configuration)
            && let Ok(answer) = response.response_result
            && let Some(section) = answer.get(0)
        {
            self.take_options(section);
        }
    }
}
