//! A client that speaks the protocol and nothing else: it knows what it sent, and what came.

#![expect(clippy::needless_pass_by_value, reason = "what is sent is written where it is sent")]

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::program::PROGRAM;

/// How long a session may take.
const PATIENCE: Duration = Duration::from_secs(240);

/// An editor with a server.
pub struct Client {
    child: Arc<Mutex<Child>>,
    /// While it is there, the watchdog waits.
    awake: Option<Sender<()>>,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    last_id: i64,
    /// What came and nobody has asked for yet.
    came: VecDeque<Value>,
    /// What the server said it can do.
    pub capabilities: Value,
}

/// What an editor can do that can do everything that the server asks about, pulling left out.
pub fn able() -> Value {
    json!({
        "general": { "positionEncodings": ["utf-16"] },
        "window": { "showDocument": { "support": true } },
        "workspace": {
            "workspaceEdit": { "documentChanges": true },
            "configuration": true,
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "inlayHint": { "refreshSupport": true },
        },
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true,
                "codeDescriptionSupport": true,
                "tagSupport": { "valueSet": [1, 2] },
            },
            "codeAction": { "resolveSupport": { "properties": ["edit"] } },
            "hover": { "contentFormat": ["markdown"] },
            "completion": { "completionItem": {
                "snippetSupport": true,
                "insertTextModeSupport": { "valueSet": [1, 2] },
                "documentationFormat": ["markdown"],
            } },
            "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
        },
    })
}

impl Client {
    /// A client that has started a server, with these capabilities and options.
    pub fn new(capabilities: Value, options: Value) -> Self {
        Self::in_folder(Path::new("."), &[], capabilities, options)
    }

    /// The same in a folder, which is its workspace, with flags for the server.
    pub fn in_folder(folder: &Path, flags: &[&str], capabilities: Value, options: Value) -> Self {
        let mut client = Self::silent(folder, flags);
        let root = uri(folder);
        let params = json!({
            "processId": null,
            "rootUri": root,
            "workspaceFolders": [{ "uri": root, "name": "root" }],
            "capabilities": capabilities,
            "initializationOptions": options,
        });
        let answer = client.request("initialize", params);
        assert_eq!(answer["serverInfo"]["name"], "otel-lint");
        client.capabilities = answer["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    /// A client that has not said a word yet.
    pub fn silent(folder: &Path, flags: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .arg("lsp")
            .args(flags)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let input = child.stdin.take();
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let child = Arc::new(Mutex::new(child));
        let awake = Some(watchdog(Arc::clone(&child)));
        let came = VecDeque::new();
        Self { child, awake, input, output, last_id: 0, came, capabilities: Value::Null }
    }

    /// Sends a message as it is.
    pub fn send(&mut self, message: &Value) {
        self.send_text(&message.to_string());
    }

    /// Sends the body of a message, whatever it is.
    pub fn send_text(&mut self, body: &str) {
        let input = self.input.as_mut().expect("still open");
        write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        input.flush().expect("the server reads");
    }

    /// Sends a notification.
    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request, and gives its number.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// The whole answer to the request `id`.
    pub fn answer(&mut self, id: i64) -> Value {
        let is_answer = |message: &Value| message["id"] == id && message.get("method").is_none();
        if let Some(at) = self.came.iter().position(is_answer) {
            return self.came.remove(at).expect("it is there");
        }
        loop {
            let message = self.read().expect("the server answers");
            if is_answer(&message) {
                return message;
            }
            self.keep(message);
        }
    }

    /// The result of a request that succeeds.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// The error of a request that fails.
    pub fn error(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        let answer = self.answer(id);
        assert!(answer.get("result").is_none(), "{method}: {answer}");
        answer["error"].clone()
    }

    /// What the server sends next by `method`.
    pub fn wait_for(&mut self, method: &str) -> Value {
        if let Some(at) = self.came.iter().position(|message| message["method"] == method) {
            return self.came.remove(at).expect("it is there")["params"].clone();
        }
        loop {
            let message = self.read().expect("the server sends");
            let is_it = message["method"] == method;
            let params = message["params"].clone();
            self.keep(message);
            if is_it {
                self.came.pop_back();
                return params;
            }
        }
    }

    /// What the server has sent by `method` until now, after it has checked everything.
    pub fn settled(&mut self, method: &str) -> Vec<Value> {
        self.request("otel-lint/settle", Value::Null);
        let (found, rest) = self.came.drain(..).partition(|it| it["method"] == method);
        self.came = rest;
        let found: VecDeque<Value> = found;
        found.into_iter().map(|message| message["params"].clone()).collect()
    }

    /// The diagnostics of the version `version` of a document.
    pub fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let is_it = |message: &Value| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        };
        loop {
            if let Some(at) = self.came.iter().position(is_it) {
                let message = self.came.remove(at).expect("it is there");
                return message["params"]["diagnostics"].as_array().expect("a list").clone();
            }
            let message = self.read().expect("the server sends");
            self.keep(message);
        }
    }

    /// Opens a document.
    pub fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Changes a document.
    pub fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({ "uri": uri, "version": version });
        let params = json!({ "textDocument": document, "contentChanges": changes });
        self.notify("textDocument/didChange", params);
    }

    /// Leaves, and gives the exit status of the server.
    pub fn leave(mut self) -> Option<i32> {
        let result = self.request("shutdown", Value::Null);
        assert!(result.is_null());
        self.notify("exit", Value::Null);
        self.status()
    }

    /// Waits for the server to end.
    pub fn status(&mut self) -> Option<i32> {
        drop(self.input.take());
        self.child.lock().expect("nobody panicked").wait().expect("it is a child").code()
    }

    /// The next message; `None` at the end.
    fn read(&mut self) -> Option<Value> {
        let mut len = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).expect("text") == 0 {
                return None;
            }
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("Content-Length: ") {
                len = value.parse().expect("a number");
            }
        }
        let mut body = vec![0; len];
        self.output.read_exact(&mut body).expect("a whole message");
        Some(serde_json::from_slice(&body).expect("JSON"))
    }

    /// Keeps a message; a question of the server gets an empty answer at once.
    fn keep(&mut self, message: Value) {
        if message.get("method").is_some()
            && let Some(id) = message.get("id")
        {
            let answer = json!({ "jsonrpc": "2.0", "id": id, "result": null });
            self.send(&answer);
        }
        self.came.push_back(message);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.awake.take();
        drop(self.input.take());
        // A test that failed leaves no process behind.
        if let Ok(mut child) = self.child.lock() {
            let has_ended = (0..200).any(|_| {
                thread::sleep(Duration::from_millis(5));
                matches!(child.try_wait(), Ok(Some(_)))
            });
            if !has_ended {
                let _ = child.kill();
            }
            let _ = child.wait();
        }
    }
}

/// Ends a server that is waited for in vain, so that its test fails.
fn watchdog(child: Arc<Mutex<Child>>) -> Sender<()> {
    let (awake, asleep) = mpsc::channel();
    thread::spawn(move || {
        if asleep.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout)
            && let Ok(mut child) = child.lock()
        {
            let _ = child.kill();
        }
    });
    awake
}

/// The URI of a file.
pub fn uri(path: &Path) -> String {
    let path = std::path::absolute(path).expect("a path").display().to_string().replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{path}")
}

/// The position of `needle` in `text`, in UTF-16, moved by `by` ASCII characters.
pub fn position(text: &str, needle: &str, by: usize) -> Value {
    let at = text.find(needle).unwrap_or_else(|| panic!("no {needle} in {text}")) + by;
    let line = text[..at].matches('\n').count();
    let begin = text[..at].rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": text[begin..at].encode_utf16().count() })
}

/// `text` after edits of the protocol, in UTF-16.
pub fn edited(text: &str, edits: &Value) -> String {
    let offset = |position: &Value| {
        let number = |name: &str| position[name].as_u64().expect("a number") as usize;
        let line: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
        let mut units = 0;
        for (at, c) in text[line..].char_indices() {
            if units >= number("character") {
                return line + at;
            }
            units += c.len_utf16();
        }
        text.len()
    };
    let edits = edits.as_array().expect("a list");
    let mut edits: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| {
            let range = &edit["range"];
            let new = edit["newText"].as_str().expect("a text");
            (offset(&range["start"]), offset(&range["end"]), new)
        })
        .collect();
    edits.sort_unstable();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new);
    }
    text
}
