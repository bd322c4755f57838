//! An editor with a server, and what it shows; beside it what the command line finds in the same folder.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::client::{Client, able, uri};
use crate::program::{Folder, out};

/// A finding: its file, its range, its severity, its rule and its words.
pub type Told = (String, String, u64, String, String);

/// The layouts in `fixtures/projects`.
pub fn layouts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/projects");
    let entries = fs::read_dir(folder).expect("the fixtures are there");
    let mut layouts: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    layouts.sort();
    layouts
}

/// The files below `folder`, as names within it.
pub fn files(folder: &Path) -> Vec<String> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(inner) = folders.pop() {
        for entry in fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below it").to_string_lossy();
                files.push(name.replace('\\', "/"));
            }
        }
    }
    files.sort();
    files
}

/// A copy of a layout, which is a repository of its own.
pub fn copy(layout: &Path, name: &str) -> Folder {
    let folder = Folder::new(name);
    for file in files(layout) {
        folder.write(&file, fs::read(layout.join(&file)).expect("a file"));
    }
    folder
}

/// What the command line finds.
pub fn by_command_line(folder: &Folder, what: &str) -> BTreeSet<Told> {
    let report: Value =
        serde_json::from_str(&out(&folder.run(&["-f", "json", what]))).expect("a report");
    let mut told = BTreeSet::new();
    for file in report["files"].as_array().expect("a list") {
        for finding in file["findings"].as_array().expect("a list") {
            let place = |which: &str| {
                let number = |name: &str| finding["place"][which][name].as_u64().expect("one") - 1;
                format!("{}:{}", number("line"), number("utf16"))
            };
            let text = |name: &str| finding[name].as_str().expect("text").to_owned();
            let (message, help) = (text("message"), text("help"));
            let severity = match &*text("severity") {
                "error" => 1,
                "warning" => 2,
                _ => 3,
            };
            let words = if help.is_empty() { message } else { format!("{message}\n{help}") };
            let range = format!("{}-{}", place("start"), place("end"));
            let path = file["path"].as_str().expect("text").to_owned();
            let is_unseen = |c: char| c.is_control() && c != '\n';
            let words = words.replace(is_unseen, "\u{FFFD}");
            told.insert((path, range, severity, text("rule"), words));
        }
    }
    told
}

/// An editor, and what it shows.
pub struct Editor {
    pub client: Client,
    root: String,
    /// The diagnostics of each file, by its name in the folder.
    shown: BTreeMap<String, Vec<Value>>,
}

impl Editor {
    /// An editor in `folder`.
    pub fn new(folder: &Folder) -> Self {
        Self::of(Client::in_folder(&folder.0, &[], able(), Value::Null), folder)
    }

    /// An editor with this client, which names files by their paths in `folder`.
    pub fn of(client: Client, folder: &Folder) -> Self {
        let root = format!("{}/", uri(&folder.0));
        Self { client, root, shown: BTreeMap::new() }
    }

    pub fn uri(&self, name: &str) -> String {
        let escaped = name.replace(' ', "%20").replace('#', "%23");
        format!("{}{escaped}", self.root)
    }

    /// Opens a file of the folder as it is on the disk.
    pub fn open(&mut self, folder: &Folder, name: &str) {
        let uri = self.uri(name);
        self.client.open(&uri, "plain", &folder.read(name));
    }

    pub fn close(&mut self, name: &str) {
        let document = json!({ "textDocument": { "uri": self.uri(name) } });
        self.client.notify("textDocument/didClose", document);
    }

    pub fn change(&mut self, name: &str, version: i64, text: &str) {
        let uri = self.uri(name);
        self.client.change(&uri, version, json!([{ "text": text }]));
    }

    /// Tells that files have changed on the disk.
    pub fn touched(&mut self, names: &[&str]) {
        // Created, changed or deleted: the server looks for itself.
        let change = |name: &&str| json!({ "uri": self.uri(name), "type": 1 + name.len() % 3 });
        let changes: Vec<Value> = names.iter().map(change).collect();
        self.client.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    /// What it shows when everything is checked.
    pub fn told(&mut self) -> BTreeSet<Told> {
        self.settle();
        self.shown.iter().flat_map(|(name, all)| all.iter().map(|one| told(name, one))).collect()
    }

    /// The rules of what it shows in the file `name`, when everything is checked.
    pub fn rules(&mut self, name: &str) -> Vec<&str> {
        self.settle();
        let all = self.shown.get(name).into_iter().flatten();
        all.map(|one| one["code"].as_str().unwrap_or("-")).collect()
    }

    fn settle(&mut self) {
        for params in self.client.settled("textDocument/publishDiagnostics") {
            let uri = params["uri"].as_str().expect("text");
            let Some(name) = uri.strip_prefix(&*self.root) else { continue };
            let name = name.replace("%20", " ").replace("%23", "#");
            let diagnostics = params["diagnostics"].as_array().expect("a list").clone();
            self.shown.insert(name, diagnostics);
        }
    }
}

/// A diagnostic of the file `name`.
fn told(name: &str, one: &Value) -> Told {
    let place = |which: &str| {
        let place = &one["range"][which];
        format!("{}:{}", place["line"], place["character"])
    };
    (
        name.to_owned(),
        format!("{}-{}", place("start"), place("end")),
        one["severity"].as_u64().expect("a number"),
        one["code"].as_str().unwrap_or("-").to_owned(),
        one["message"].as_str().expect("text").to_owned(),
    )
}
