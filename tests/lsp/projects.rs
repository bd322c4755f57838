//! Projects of templates: found as on the command line, with the same findings, whichever of their files
//! are open.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::client::{Client, able};
use crate::editor::{Editor, by_command_line, copy, files, layouts};
use crate::edits::{PIECES, Random};
use crate::program::{Folder, out};

/// The bases of a layout, each with the files that belong to it.
fn bases(layout: &str) -> Vec<(&'static str, Vec<&'static str>)> {
    match layout {
        "compose" => vec![(
            "gateway/base.tmpl",
            vec!["gateway/shapes/telemetry.tmpl", "gateway/values/otel.json"],
        )],
        "dockerfile" => vec![(
            "gateway/krakend.json",
            vec![
                "gateway/config/pieces/period",
                "gateway/config/values/dev/otel.json",
                "gateway/config/values/prod/otel.json",
            ],
        )],
        "alone" | "enterprise" => vec![("krakend.tmpl", vec![])],
        "left-over-action" => {
            vec![("krakend.tmpl", vec!["settings/otel.json", "partials/rate.tmpl"])]
        }
        "makefile" => vec![(
            "the gateway #1/gateway.tmpl",
            vec!["the gateway #1/cfg/unused.json", "the gateway #1/cfg/parts/otel/exporters.json"],
        )],
        "out-yaml" => vec![("gateway/krakend.tmpl", vec!["gateway/settings/otel.json"])],
        "settings-file" => vec![(
            "gateway/service.json",
            vec!["gateway/values/otel.json", "common/exporters.json"],
        )],
        "two-bases" => vec![
            ("internal/krakend.tmpl", vec!["internal/settings/otel.json"]),
            ("public/krakend.tmpl", vec!["public/settings/otel.json"]),
        ],
        "unreadable" | "unrendered" => vec![("krakend.tmpl", vec!["settings/otel.json"])],
        "usual-names" => vec![(
            "krakend.tmpl",
            vec![
                "partials/period.txt",
                "settings/paths.json",
                "settings/service.json",
                "templates/exporter.tmpl",
            ],
        )],
        "yaml" => vec![("krakend.yaml", vec!["config/settings/otel.json"])],
        other => panic!("nobody says what belongs to the bases of {other}"),
    }
}

#[test]
fn an_editor_shows_what_the_command_line_finds() {
    for layout in layouts() {
        let name = layout.file_name().expect("a name").to_string_lossy().into_owned();
        let folder = copy(&layout, &format!("lsp-projects-{name}"));
        let all = by_command_line(&folder, ".");
        assert!(!all.is_empty(), "{name}");
        // Every file open, in both orders.
        let mut names = files(&layout);
        for order in ["forwards", "backwards"] {
            let mut editor = Editor::new(&folder);
            for file in &names {
                editor.open(&folder, file);
            }
            assert_eq!(editor.told(), all, "{name}, opened {order}");
            // Closed one after the other, what is not open of a project is still shown; at last nothing is.
            for file in &names {
                editor.close(file);
            }
            assert_eq!(editor.told(), BTreeSet::new(), "{name}, closed");
            assert_eq!(editor.client.leave(), Some(0));
            names.reverse();
        }
        // One file open: its project, all of it.
        for (base, parts) in bases(&name) {
            let project = by_command_line(&folder, base);
            for file in [base].iter().chain(&parts) {
                let mut editor = Editor::new(&folder);
                editor.open(&folder, file);
                assert_eq!(editor.told(), project, "{name}, only {file}");
                editor.close(file);
                assert_eq!(editor.told(), BTreeSet::new(), "{name}, {file} closed");
                assert_eq!(editor.client.leave(), Some(0));
            }
        }
    }
}

/// A copy of the layout `name`.
fn layout(name: &str, test: &str) -> Folder {
    let layout = layouts().into_iter().find(|it| it.ends_with(name)).expect("it is there");
    copy(&layout, test)
}

const BASE: &str = "krakend.tmpl";
const SETTINGS: &str = "settings/service.json";
const PARTIAL: &str = "partials/period.txt";

#[test]
fn a_change_in_one_file_changes_what_is_shown_in_the_others() {
    let folder = layout("usual-names", "lsp-projects-change");
    let mut editor = Editor::new(&folder);
    editor.open(&folder, BASE);
    editor.open(&folder, PARTIAL);
    assert_eq!(editor.rules(SETTINGS), ["sample-rate-range", "otlp-port-protocol-mismatch"]);
    assert_eq!(editor.rules(PARTIAL), ["metric-period-not-positive"]);
    // In the base, about settings that are not open.
    let base = folder.read(BASE);
    editor.change(BASE, 2, &base.replace(".service.rate", ".service.port"));
    assert_eq!(editor.rules(SETTINGS), ["otlp-port-protocol-mismatch", "sample-rate-range"]);
    editor.change(BASE, 3, &base);
    assert_eq!(editor.rules(SETTINGS).len(), 2);
    // On the disk.
    folder.write(SETTINGS, "{ \"name\": \"shop\", \"rate\": 0, \"port\": 4317 }\n");
    editor.touched(&[SETTINGS]);
    assert_eq!(editor.rules(SETTINGS), ["sample-rate-zero"]);
    // Open and not saved; what the partial adds is what an exporter needs.
    editor.open(&folder, SETTINGS);
    editor.change(SETTINGS, 2, "{ \"name\": \"shop\", \"rate\": 0.5, \"port\": 70000 }\n");
    assert_eq!(editor.rules(SETTINGS), ["port-range"]);
    editor.change(PARTIAL, 2, "\"Metric_reporting_period\": 30,");
    assert_eq!(editor.rules(PARTIAL), ["key-case"]);
    assert_eq!(editor.rules(BASE), [""; 0]);
    // Half typed.
    editor.change(BASE, 4, &base.replace(" .service.rate }}", ""));
    assert_eq!(editor.rules(BASE), ["template-error"]);
    assert_eq!(editor.rules(SETTINGS), [""; 0]);
    editor.change(BASE, 5, &base);
    assert_eq!(editor.rules(SETTINGS), ["port-range"]);
    // Closed without being saved.
    editor.close(SETTINGS);
    assert_eq!(editor.rules(SETTINGS), ["sample-rate-zero"]);
    editor.close(PARTIAL);
    assert_eq!(editor.rules(PARTIAL), ["metric-period-not-positive"]);
    assert_eq!(editor.told(), by_command_line(&folder, "."));
    // Gone.
    std::fs::remove_file(folder.path(PARTIAL)).expect("it is there");
    editor.touched(&[PARTIAL]);
    assert_eq!(editor.rules(PARTIAL), [""; 0]);
    assert_eq!(editor.told(), by_command_line(&folder, "."));
    assert_eq!(editor.client.leave(), Some(0));
}

#[test]
fn a_project_comes_into_being_changes_and_goes() {
    let folder = layout("dockerfile", "lsp-projects-come-and-go");
    let (base, docker) = ("gateway/krakend.json", folder.read("Dockerfile"));
    let (dev, period) = ("gateway/config/values/dev/otel.json", "gateway/config/pieces/period");
    std::fs::remove_file(folder.path("Dockerfile")).expect("it is there");
    let mut editor = Editor::new(&folder);
    for file in [base, dev, period] {
        editor.open(&folder, file);
    }
    assert_eq!(editor.rules(dev), [""; 0]);
    assert_eq!(editor.told(), by_command_line(&folder, "."));
    let alone = editor.told();
    // The Dockerfile is written.
    folder.write("Dockerfile", &docker);
    editor.touched(&["Dockerfile"]);
    assert_eq!(editor.rules(dev), ["sample-rate-zero"]);
    assert_eq!(editor.rules(period), ["metric-period-not-positive"]);
    assert_eq!(editor.told(), by_command_line(&folder, "."));
    // It names no partials any more: the file of one is not a part, and nothing is left in it.
    folder.write("Dockerfile", docker.replace("FC_PARTIALS", "OTHER"));
    editor.touched(&["Dockerfile"]);
    assert_eq!(editor.rules(period), [""; 0]);
    assert_eq!(editor.told(), by_command_line(&folder, "."));
    // A third environment is added, then the base loses its actions as it is typed.
    folder.write("Dockerfile", &docker);
    folder.write("gateway/config/values/test/otel.json", "{ \"rate\": 9, \"host\": \"c\" }\n");
    editor.touched(&["Dockerfile", "gateway/config/values/test/otel.json"]);
    assert_eq!(editor.rules("gateway/config/values/test/otel.json"), ["sample-rate-range"]);
    assert_eq!(editor.told(), by_command_line(&folder, "."));
    editor.change(base, 2, crate::program::BAD);
    assert_eq!(editor.rules(base), ["port-range"]);
    assert_eq!(editor.told().len(), 1);
    editor.change(base, 3, &folder.read(base));
    assert_eq!(editor.told(), by_command_line(&folder, "."));
    // The Dockerfile goes.
    std::fs::remove_file(folder.path("Dockerfile")).expect("it is there");
    editor.touched(&["Dockerfile"]);
    assert_eq!(editor.told(), alone);
    assert_eq!(editor.client.leave(), Some(0));
}

#[test]
fn an_editor_that_asks_is_told_about_files_that_are_not_open() {
    let folder = layout("usual-names", "lsp-projects-pull");
    let mut able = able();
    able["textDocument"]["diagnostic"] = json!({ "relatedDocumentSupport": false });
    able["workspace"]["diagnostics"] = json!({ "refreshSupport": true });
    let client = Client::in_folder(&folder.0, &[], able, Value::Null);
    let mut editor = Editor::of(client, &folder);
    let pulled = |editor: &mut Editor, name: &str| -> Vec<String> {
        let params = json!({ "textDocument": { "uri": editor.uri(name) } });
        let report = editor.client.request("textDocument/diagnostic", params);
        let items = report["items"].as_array().expect("a list").iter();
        items.map(|one| one["code"].as_str().expect("a rule").to_owned()).collect()
    };
    editor.open(&folder, BASE);
    editor.open(&folder, PARTIAL);
    assert_eq!(pulled(&mut editor, BASE), [""; 0]);
    assert_eq!(pulled(&mut editor, PARTIAL), ["metric-period-not-positive"]);
    assert_eq!(editor.rules(SETTINGS), ["sample-rate-range", "otlp-port-protocol-mismatch"]);
    assert_eq!(editor.rules(PARTIAL), [""; 0], "it is asked for");
    // Open, it is asked for, and not told as well.
    editor.open(&folder, SETTINGS);
    assert_eq!(editor.rules(SETTINGS), [""; 0]);
    assert_eq!(pulled(&mut editor, SETTINGS).len(), 2);
    // A change in one has the others asked for again.
    editor.client.settled("workspace/diagnostic/refresh");
    editor.change(PARTIAL, 2, "\"metric_reporting_period\": 30,");
    assert_eq!(editor.client.settled("workspace/diagnostic/refresh").len(), 1);
    assert_eq!(pulled(&mut editor, PARTIAL), [""; 0]);
    assert_eq!(editor.client.leave(), Some(0));
}

#[test]
fn all_safe_fixes_of_a_rendered_file_are_those_of_the_project() {
    let folder = layout("usual-names", "lsp-projects-fix");
    folder.write(SETTINGS, "{ \"name\": \"shop\", \"rate\": 0.5, \"port\": 4317 }\n");
    folder.write(PARTIAL, "\"Metric_reporting_period\": 30, \"Skip_paths\": [\"/__health\"],\n");
    let mut editor = Editor::new(&folder);
    editor.open(&folder, PARTIAL);
    assert_eq!(editor.rules(PARTIAL), ["key-case"; 2]);
    let end = json!({ "line": 9, "character": 0 });
    let params = json!({
        "textDocument": { "uri": editor.uri(PARTIAL) },
        "range": { "start": { "line": 0, "character": 0 }, "end": end },
        "context": { "diagnostics": [], "only": ["source.fixAll"] },
    });
    let actions = editor.client.request("textDocument/codeAction", params);
    let action = editor.client.request("codeAction/resolve", actions[0].clone());
    let edits = &action["edit"]["documentChanges"][0]["edits"];
    let fixed = crate::client::edited(&folder.read(PARTIAL), edits);
    assert_eq!(fixed, "\"metric_reporting_period\": 30, \"skip_paths\": [\"/__health\"],\n");
    folder.run(&["--fix", "."]);
    assert_eq!(folder.read(PARTIAL), fixed);
    assert_eq!(editor.client.leave(), Some(0));
}

/// Edits at random in all files of a project, which are opened, closed and saved meanwhile.
fn edit_at_random(name: &str, seed: u64, rounds: usize) {
    let folder = layout(name, &format!("lsp-projects-random-{name}"));
    let mut editor = Editor::new(&folder);
    let mut random = Random(seed);
    let base = bases(name)[0].0;
    let files: Vec<String> = files(&folder.0)
        .into_iter()
        .filter(|file| file.ends_with("json") || file.ends_with("tmpl"))
        .collect();
    let start: Vec<String> = files.iter().map(|file| folder.read(file)).collect();
    // What is open, and the version and the text of it.
    let mut open: Vec<Option<(i64, String)>> = vec![None; files.len()];
    for round in 0..rounds {
        let nth = random.below(files.len());
        let file = files[nth].as_str();
        match &mut open[nth] {
            None => {
                editor.open(&folder, file);
                open[nth] = Some((1, folder.read(file)));
            }
            Some(_) if random.below(12) == 0 && file != base => {
                editor.close(file);
                open[nth] = None;
            }
            Some((_, text)) if random.below(6) == 0 => {
                folder.write(file, &text);
                editor.touched(&[file]);
            }
            Some((version, text)) => {
                *version += 1;
                if random.below(4) == 0 {
                    text.clone_from(&start[nth]);
                } else {
                    let at = |n: usize| text.char_indices().nth(n).map_or(text.len(), |it| it.0);
                    let first = random.below(text.chars().count() + 1);
                    let range = at(first)..at(first + random.below(4));
                    // An editor has no place between the two characters of a line end.
                    text.replace_range(range, &random.one_of(&PIECES).replace('\r', "0"));
                }
                let text = text.clone();
                editor.change(file, *version, &text);
            }
        }
        if round % 25 == 24 || round + 1 == rounds {
            for (file, open) in files.iter().zip(&mut open) {
                let uri = json!({ "textDocument": { "uri": editor.uri(file) } });
                let text = editor.client.request("otel-lint/text", uri);
                assert_eq!(text["text"].as_str(), open.as_ref().map(|it| it.1.as_str()), "{file}");
                if let Some((_, text)) = open {
                    folder.write(file, &text);
                } else {
                    editor.open(&folder, file);
                    *open = Some((1, folder.read(file)));
                }
            }
            editor.touched(&files.iter().map(String::as_str).collect::<Vec<_>>());
            let told = editor.told();
            // A search passes by a base that does not look like one any more.
            let listed = out(&folder.run(&["--files", "."]));
            if bases(name).iter().all(|(base, _)| listed.contains(base)) {
                assert_eq!(told, by_command_line(&folder, "."), "{name} {seed} round {round}");
            }
        }
    }
    assert_eq!(editor.client.leave(), Some(0));
}

#[test]
fn edits_at_random_leave_what_the_command_line_finds() {
    let more: u64 = std::env::var("LSP_ROUNDS").ok().and_then(|it| it.parse().ok()).unwrap_or(1);
    for seed in 0..more {
        for name in ["two-bases", "compose", "settings-file", "left-over-action"] {
            edit_at_random(name, 11 + seed, 100);
        }
    }
}
