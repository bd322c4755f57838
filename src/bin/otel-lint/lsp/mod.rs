//! `otel-lint lsp`: an editor asks, over standard input and output.
//!
//! One thread does all the work, one message after the other ([`serve`]); when there is none, it checks
//! what has changed ([`diagnostics`]). Another fills the [`inbox`], so that a check sees when its
//! document changes again. What is answered is computed in `otel_lint::editor`; here it becomes the
//! protocol's ([`convert`]).

mod actions;
mod client;
mod convert;
mod diagnostics;
mod documents;
mod inbox;
mod overlay;
mod projects;
mod rendered;
mod requests;
mod serve;
mod server;
mod uri;
mod workspace;

use clap::Args;
use lsp_server::{Connection, ErrorCode, Message, Response};
use serde_json::{Value, json};

use self::client::{Client, UserOptions};
use self::inbox::Inbox;
use self::server::Server;
use crate::choices::{RuleArgs, SettingsArgs, TargetArgs};
use crate::exit::Outcome;
use crate::output;

/// The arguments.
#[derive(Debug, Args)]
pub struct LspArgs {
    #[command(flatten, next_help_heading = "Gateway")]
    pub target: TargetArgs,
    #[command(flatten, next_help_heading = "Rules")]
    pub rules: RuleArgs,
    #[command(flatten, next_help_heading = "Settings")]
    pub settings: SettingsArgs,
    /// Standard input and output, which are used anyway: many editors say so
    #[arg(long, hide = true)]
    pub stdio: bool,
}

/// Serves until the editor says `exit` or goes away.
pub fn run(args: &LspArgs) -> Outcome {
    let (connection, threads) = Connection::stdio();
    let Connection { sender, receiver } = connection;
    let inbox = Inbox::of(receiver);
    let send = move |message: Message| {
        // An editor that has gone away is noticed when nothing more comes from it.
        let _ = sender.send(message);
    };
    let outcome = match start(&inbox, &send) {
        Some((client, options)) => {
            let mut server = Server::new(client, options, args, &inbox, &send);
            server.serve()
        }
        None => Outcome::Failed,
    };
    drop(send);
    if outcome == Outcome::Clean && threads.join().is_err() {
        output::say("otel-lint: the connection to the editor broke");
        return Outcome::Failed;
    }
    outcome
}

/// Waits for `initialize`, and answers it; `None` if it never comes.
fn start(inbox: &Inbox, send: &dyn Fn(Message)) -> Option<(Client, UserOptions)> {
    loop {
        match inbox.next(None)? {
            Message::Request(request) if request.method == "initialize" => {
                let client = Client::new(&request.params);
                let none = Value::Null;
                let options = request.params.get("initializationOptions").unwrap_or(&none);
                let (options, faults) = UserOptions::new(options);
                send(Response::new_ok(request.id, capabilities(&client)).into());
                for fault in faults {
                    server::warn(send, &fault);
                }
                return Some((client, options));
            }
            Message::Request(request) => {
                let code = ErrorCode::ServerNotInitialized as i32;
                let error = Response::new_err(request.id, code, "say `initialize` first".into());
                send(error.into());
            }
            Message::Notification(it) if it.method == "exit" => return None,
            _ => {}
        }
    }
}

/// What the server can do for `client`.
fn capabilities(client: &Client) -> Value {
    let mut capabilities = json!({
        "positionEncoding": client.encoding.as_str(),
        "textDocumentSync": {
            "openClose": true,
            "change": 2,
            "save": { "includeText": false },
        },
        "hoverProvider": true,
        "completionProvider": { "triggerCharacters": ["\"", "/"] },
        "definitionProvider": true,
        "referencesProvider": true,
        "documentHighlightProvider": true,
        "documentSymbolProvider": true,
        "renameProvider": { "prepareProvider": true },
        "documentLinkProvider": {},
        "inlayHintProvider": true,
        "codeActionProvider": {
            "codeActionKinds": ["quickfix", "source.fixAll", actions::FIX_ALL],
            "resolveProvider": true,
        },
        "executeCommandProvider": { "commands": actions::COMMANDS },
        "workspace": {
            "workspaceFolders": { "supported": true, "changeNotifications": true },
        },
    });
    if client.pulls {
        capabilities["diagnosticProvider"] = json!({
            "identifier": "otel-lint",
            "interFileDependencies": true,
            "workspaceDiagnostics": false,
        });
    }
    json!({
        "capabilities": capabilities,
        "serverInfo": { "name": "otel-lint", "version": env!("CARGO_PKG_VERSION") },
    })
}
