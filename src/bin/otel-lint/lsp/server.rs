//! The state of the server, and what each message does to it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response, ResponseError};
use lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
};
use otel_lint::flexible::find;
use otel_lint::settings::{Choices, Finder, Search};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::LspArgs;
use super::client::{Client, UserOptions};
use super::documents::{Document, Role};
use super::inbox::Inbox;
use super::overlay::Overlay;
use super::projects::Projects;

/// The server.
pub struct Server<'s> {
    pub client: Client,
    pub options: UserOptions,
    pub documents: HashMap<String, Document>,
    /// The settings, read anew when one of their files may have changed.
    pub finder: Arc<Finder>,
    pub projects: Projects,
    pub flags: Choices,
    pub inbox: &'s Inbox,
    /// Documents to be checked when nothing else is to be done.
    pub dirty: BTreeSet<String>,
    /// How often settings or other files have changed: what was found before may be wrong now.
    pub generation: u64,
    pub search: Search,
    pub overlay: Overlay,
    /// Whether the editor was asked to tell about files.
    pub is_watching: bool,
    pub send: &'s dyn Fn(Message),
    next_id: i32,
    /// What answers to our own requests are about.
    asked: HashMap<RequestId, Asked>,
    pub is_shut_down: bool,
}

/// What the editor was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
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
            finder: Arc::new(Finder::new(Box::new(overlay.clone()), &search)),
            projects: Projects::default(),
            flags: args.rules.choices(&args.target),
            inbox,
            dirty: BTreeSet::new(),
            generation: 0,
            search,
            overlay,
            is_watching: false,
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

    pub fn ask_about(&mut self, what: Asked, method: &str, params: Value) {
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
            "initialized" => self.watch_files(),
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
                if let Some(params) = self.read(&method, params) {
                    self.saved(&params);
                }
            }
            "workspace/didChangeWatchedFiles" => {
                if let Some(params) = self.read(&method, params) {
                    self.files_changed(&params);
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

    fn open(&mut self, params: DidOpenTextDocumentParams) {
        let uri = params.text_document.uri.as_str().to_owned();
        match Document::open(params.text_document, self.client.encoding) {
            Ok(document) => {
                self.documents.insert(uri.clone(), document);
                self.changed(&uri);
                self.tell_closed();
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
            return;
        }
        let is_base = document.path.is_some() && find::is_base(document.text.source());
        let path = document.path.clone();
        let document = self.documents.get_mut(uri).expect("it is there");
        if std::mem::replace(&mut document.is_base, is_base) != is_base {
            self.projects.search_now();
        }
        self.dirty.insert(uri.to_owned());
        if let Some(path) = path {
            self.forget_projects_of(&path);
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
            return;
        }
        // What is still open of its projects sees what is on the disk now.
        if document.is_base {
            self.projects.search_now();
        }
        if let Some(path) = &document.path {
            self.forget_projects_of(path);
        }
        self.tell_closed();
    }

    /// Tells an editor that asks for diagnostics that it has to do so again.
    pub fn have_pulled_again(&mut self) {
        if self.client.pulls {
            self.ask("workspace/diagnostic/refresh", Value::Null);
        }
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
