//! The folders of a workspace: several, one, none; each file has the settings and the projects of its own.

use std::fs;

use serde_json::{Value, json};

use crate::client::{Client, able, uri};
use crate::editor::{Editor, by_command_line, copy, layouts};
use crate::program::{BAD, CLEAN, Folder, WARN};

/// A client whose workspace has these folders; it works in another.
fn with_roots(place: &Folder, roots: &[&Folder], more: &Value) -> Client {
    let mut client = Client::silent(&place.0, &[]);
    let mut able = able();
    able["workspace"]["didChangeWatchedFiles"]["relativePatternSupport"] = json!(true);
    let mut params = json!({ "processId": null, "rootUri": null, "capabilities": able });
    if !roots.is_empty() {
        let folder = |root: &&Folder| json!({ "uri": uri(&root.0), "name": "one of them" });
        params["workspaceFolders"] = roots.iter().map(folder).collect();
    }
    for (name, value) in more.as_object().into_iter().flatten() {
        params[name] = value.clone();
    }
    client.request("initialize", params);
    client.notify("initialized", json!({}));
    client
}

fn folder_of(layout: &str, test: &str) -> Folder {
    let found = layouts().into_iter().find(|it| it.ends_with(layout)).expect("it is there");
    copy(&found, test)
}

/// The rules of what is shown at `uri` when everything is checked, as far as it is new.
fn news(client: &mut Client, uri: &str) -> Vec<String> {
    let told = client.settled("textDocument/publishDiagnostics");
    let last = told.into_iter().rfind(|it| it["uri"] == uri).expect("something is shown there");
    let rule = |one: &Value| one["code"].as_str().unwrap_or("-").to_owned();
    last["diagnostics"].as_array().expect("a list").iter().map(rule).collect()
}

#[test]
fn each_root_has_its_own_settings() {
    let [place, first, second] =
        ["place", "first", "second"].map(|name| Folder::new(&format!("lsp-roots-{name}")));
    place.write("otel-lint.toml", "select = [\"syntax\"]\n");
    first.write("a/krakend.json", WARN).write("otel-lint.toml", "ignore = [\"exporters\"]\n");
    second.write("krakend.json", WARN);
    let mut client = with_roots(&place, &[&first, &second], &Value::Null);
    let one = uri(&first.path("a/krakend.json"));
    let other = uri(&second.path("krakend.json"));
    client.open(&one, "json", WARN);
    client.open(&other, "json", WARN);
    assert!(client.diagnostics(&one, 1).is_empty());
    assert_eq!(client.diagnostics(&other, 1).len(), 1);
    // Settings of the second come, and change nothing in the first; those of the first go.
    second.write("otel-lint.toml", "[rules]\nexporters = \"error\"\n");
    let changed = |folder: &Folder, kind: u8| {
        let uri = uri(&folder.path("otel-lint.toml"));
        json!({ "changes": [{ "uri": uri, "type": kind }] })
    };
    client.notify("workspace/didChangeWatchedFiles", changed(&second, 1));
    assert!(client.diagnostics(&one, 1).is_empty());
    assert_eq!(client.diagnostics(&other, 1)[0]["severity"], 1);
    fs::remove_file(first.path("otel-lint.toml")).expect("it is there");
    client.notify("workspace/didChangeWatchedFiles", changed(&first, 3));
    assert_eq!(client.diagnostics(&one, 1)[0]["severity"], 2);
    assert_eq!(client.diagnostics(&other, 1)[0]["severity"], 1);
    // A document without a file has the settings of the first folder.
    first.write("otel-lint.toml", "ignore = [\"exporters\"]\n");
    client.notify("workspace/didChangeWatchedFiles", changed(&first, 1));
    client.open("untitled:Untitled-1", "json", WARN);
    assert!(client.diagnostics("untitled:Untitled-1", 1).is_empty());
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn each_root_has_its_own_projects() {
    let place = Folder::new("lsp-root-projects-place");
    let first = folder_of("usual-names", "lsp-root-projects-first");
    let second = folder_of("two-bases", "lsp-root-projects-second");
    let mut client = with_roots(&place, &[&first], &Value::Null);
    let mut folders = |which: &str, folder: &Folder| {
        let one = json!([{ "uri": uri(&folder.0), "name": "one of them" }]);
        let mut event = json!({ "added": [], "removed": [] });
        event[which] = one;
        client.notify("workspace/didChangeWorkspaceFolders", json!({ "event": event }));
    };
    folders("added", &second);
    let strip = |found: std::collections::BTreeSet<crate::editor::Told>| {
        let whole = |it: crate::editor::Told| (it.0, it.1, it.3);
        found.into_iter().map(whole).collect::<std::collections::BTreeSet<_>>()
    };
    let expected = [strip(by_command_line(&first, ".")), strip(by_command_line(&second, "."))];
    let mut editor = Editor::of(client, &first);
    editor.open(&first, "settings/service.json");
    assert_eq!(strip(editor.told()), expected[0]);
    let mut editor = Editor::of(editor.client, &second);
    editor.open(&second, "common/exporters.json");
    assert_eq!(strip(editor.told()), expected[1]);
    // Out of the workspace, but still open: it is in its repository.
    let gone = json!([{ "uri": uri(&second.0), "name": "one of them" }]);
    let event = json!({ "event": { "added": [], "removed": gone } });
    editor.client.notify("workspace/didChangeWorkspaceFolders", event);
    assert_eq!(strip(editor.told()), expected[1]);
    editor.close("common/exporters.json");
    assert!(editor.told().is_empty());
    assert_eq!(editor.client.leave(), Some(0));
}

#[test]
fn what_the_editor_says_of_a_project_holds_in_each_root_that_has_it() {
    let place = Folder::new("lsp-root-options-place");
    let folders = ["first", "second"].map(|name| {
        let folder = Folder::new(&format!("lsp-root-options-{name}"));
        folder
            .write("base.json", BAD.replace("70000", "{{ .otel.port }}"))
            .write("elsewhere/otel.json", "{ \"port\": 70000 }\n");
        folder
    });
    let options = json!({ "flexible": { "base": "base.json", "settings": "elsewhere" } });
    let roots: Vec<&Folder> = folders.iter().collect();
    let more = json!({ "initializationOptions": options });
    let mut client = with_roots(&place, &roots, &more);
    for folder in &folders {
        let base = uri(&folder.path("base.json"));
        client.open(&base, "json", &folder.read("base.json"));
        let settings = uri(&folder.path("elsewhere/otel.json"));
        assert_eq!(news(&mut client, &settings), ["port-range"]);
    }
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn settings_above_a_root_are_watched() {
    let folder = Folder::new("lsp-root-above");
    folder.write("gateway/krakend.json", WARN);
    let root = Folder(folder.path("gateway"));
    let mut client = with_roots(&root, &[&root], &Value::Null);
    let registered = client.wait_for("client/registerCapability");
    let watchers = &registered["registrations"][0]["registerOptions"]["watchers"];
    let base = watchers[1]["globPattern"]["baseUri"].as_str().expect("a folder");
    assert_eq!((base, watchers.as_array().map(Vec::len)), (&*uri(&folder.0), Some(2)));
    let file = uri(&root.path("krakend.json"));
    client.open(&file, "json", WARN);
    assert_eq!(client.diagnostics(&file, 1).len(), 1);
    folder.write("otel-lint.toml", "ignore = [\"exporters\"]\n");
    let changed = json!({ "uri": uri(&folder.path("otel-lint.toml")), "type": 1 });
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [changed] }));
    assert!(client.diagnostics(&file, 1).is_empty());
    // Other folders: watched anew.
    let event =
        json!({ "event": { "added": [{ "uri": uri(&folder.0), "name": "all" }], "removed": [] } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    client.wait_for("client/unregisterCapability");
    client.wait_for("client/registerCapability");
    // A folder that never was one of them.
    let event =
        json!({ "event": { "added": [], "removed": [{ "uri": "file:///nowhere", "name": "x" }] } });
    client.notify("workspace/didChangeWorkspaceFolders", event);
    assert!(client.diagnostics(&file, 1).is_empty());
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn without_a_root_a_file_has_its_repository() {
    let place = Folder::new("lsp-no-root-place");
    place.write("otel-lint.toml", "ignore = [\"exporters\"]\n");
    let folder = folder_of("dockerfile", "lsp-no-root");
    let mut client = with_roots(&place, &[], &Value::Null);
    // No file at all: the settings of the folder that the server works in.
    client.open("untitled:Untitled-1", "json", WARN);
    assert!(client.diagnostics("untitled:Untitled-1", 1).is_empty());
    let mut editor = Editor::of(client, &folder);
    editor.open(&folder, "gateway/config/values/prod/otel.json");
    let shown: Vec<(String, String)> = editor.told().into_iter().map(|it| (it.0, it.3)).collect();
    let found: Vec<(String, String)> =
        by_command_line(&folder, ".").into_iter().map(|it| (it.0, it.3)).collect();
    assert_eq!(shown, found);
    // Nobody watches here: saving tells.
    folder.write("otel-lint.toml", "ignore = [\"exporters\", \"sampling\"]\n");
    let saved =
        json!({ "textDocument": { "uri": editor.uri("gateway/config/values/prod/otel.json") } });
    editor.client.notify("textDocument/didSave", saved);
    let shown: Vec<(String, String)> = editor.told().into_iter().map(|it| (it.0, it.3)).collect();
    let found: Vec<(String, String)> =
        by_command_line(&folder, ".").into_iter().map(|it| (it.0, it.3)).collect();
    assert_eq!(shown, found);
    assert_eq!(editor.client.leave(), Some(0));
}

#[test]
fn a_file_outside_of_any_repository_is_checked_on_its_own() {
    let place = Folder::new("lsp-no-repository");
    let mut client = with_roots(&place, &[], &Value::Null);
    let nowhere = std::env::temp_dir().join(format!("otel-lint-{}", std::process::id()));
    fs::create_dir_all(nowhere.join("settings")).expect("a folder");
    let file = uri(&nowhere.join("krakend.tmpl"));
    fs::write(nowhere.join("settings/a.json"), "{ \"port\": 70000 }").expect("a file");
    let base = BAD.replace("70000", "{{ .a.port }}");
    fs::write(nowhere.join("krakend.tmpl"), &base).expect("a file");
    client.open(&file, "json", CLEAN);
    assert_eq!(news(&mut client, &file), [""; 0]);
    // A base has what stands beside it.
    client.change(&file, 2, json!([{ "text": base }]));
    assert_eq!(news(&mut client, &uri(&nowhere.join("settings/a.json"))), ["port-range"]);
    assert_eq!(client.leave(), Some(0));
    // Its folder is that of the workspace: the base need not be open.
    let root = Folder(nowhere.clone());
    let mut client = with_roots(&place, &[&root], &Value::Null);
    let settings = uri(&nowhere.join("settings/a.json"));
    client.open(&settings, "json", "{ \"port\": 70000 }");
    assert_eq!(news(&mut client, &settings), ["port-range"]);
    assert_eq!(client.leave(), Some(0));
    fs::remove_dir_all(nowhere).expect("it is ours");
}
