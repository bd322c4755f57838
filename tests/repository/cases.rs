//! Files with what must be found in them: our own in `fixtures/repository`, and the cases beside the
//! checkout if they are there.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The path of the program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_otel-lint");

/// Rows of the shared table whose lines are not those of its file: read as the second.
const CORRECTED: [(&str, &str); 1] = [(
    "35-argocd-application-nested-values.yaml",
    "sample-rate-zero@14,otlp-host-contains-port@15",
)];

/// A finding, and what the table calls it.
struct Found {
    id: String,
    name: String,
    is_error: bool,
}

/// What a run in `folder` says about the file `name`: what it is, and what is found.
fn run(folder: &Path, args: &[&str], name: &str) -> (String, Vec<Found>) {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).args(["--no-config", "--output-format", "json"]).args(args);
    let output = command.output().expect("the program runs");
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let files = report["files"].as_array().expect("files");
    let is_it = |file: &&Value| {
        let path = Path::new(file["path"].as_str().unwrap_or_default());
        path.ends_with(name)
    };
    let Some(file) = files.iter().find(is_it) else {
        return ("unrecognised".to_owned(), Vec::new());
    };
    let found = file["findings"].as_array().into_iter().flatten().map(|finding| {
        let id = finding["rule"].as_str().expect("a rule").to_owned();
        let name = format!("{id}@{}", finding["place"]["start"]["line"]);
        Found { id, name, is_error: finding["severity"] == "error" }
    });
    let content = file["content"].as_str().unwrap_or("unrecognised");
    (content.to_owned(), found.collect())
}

fn rows(folder: &Path) -> Vec<Vec<String>> {
    let table = std::fs::read_to_string(folder.join("EXPECTED.tsv")).expect("a table");
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    rows.map(|row| row.split('\t').map(str::to_owned).collect()).collect()
}

fn own() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repository")
}

/// What the files of our own are for; what else is true of them is not listed.
const BESIDE: &str = "metrics-to-trace-backend";

#[test]
fn each_of_our_files_is_taken_for_what_it_is() {
    for row in rows(&own()) {
        let [name, flags, found, content] = &row[..] else { panic!("{row:?}") };
        let args: Vec<&str> = flags.split_whitespace().chain([name.as_str()]).collect();
        let (is, findings) = run(&own(), &args, name);
        let listed = findings.iter().filter(|finding| finding.id != BESIDE);
        let names: Vec<_> = listed.map(|finding| finding.name.as_str()).collect();
        let names = if names.is_empty() { "-".to_owned() } else { names.join(",") };
        assert_eq!((&names, &is), (found, content), "{name}");
    }
}

#[test]
fn a_search_and_a_named_file_are_checked_alike() {
    for row in rows(&own()) {
        let name = &row[0];
        let (named, of_named) = run(&own(), &["--skip-unrecognised", name], name);
        let (searched, of_searched) = run(&own(), &["."], name);
        let listed = |found: &[Found]| -> Vec<String> {
            found.iter().map(|finding| finding.name.clone()).collect()
        };
        assert_eq!((searched, listed(&of_searched)), (named, listed(&of_named)), "{name}");
    }
}

/// Nothing that the plain call checks is refused by `effective`, but a template.
#[test]
fn effective_takes_what_the_plain_call_takes() {
    for row in rows(&own()) {
        let (name, content) = (&row[0], row[3].as_str());
        // A text with faults, and an old telemetry system alone, have nothing in force to show.
        if matches!(name.as_str(), "configmap-broken.yaml" | "values-opencensus.yaml") {
            continue;
        }
        let mut command = Command::new(PROGRAM);
        command.current_dir(own()).args(["effective", "--no-config", name]);
        let output = command.output().expect("the program runs");
        let is_shown = output.status.code() == Some(0);
        let expected = !matches!(content, "template" | "unrecognised");
        assert_eq!(is_shown, expected, "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_shared_cases_are_as_expected() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases/repository");
    if !folder.is_dir() {
        eprintln!("skipped: the shared cases are not beside this checkout");
        return;
    }
    let mut wrong = Vec::new();
    for row in rows(&folder) {
        let [name, flags, wanted, refused, ..] = &row[..] else { panic!("{row:?}") };
        let args: Vec<&str> = flags.split_whitespace().chain([name.as_str()]).collect();
        let (_, found) = run(&folder, &args, name);
        let corrected = CORRECTED.iter().find(|(file, _)| file == name);
        let wanted = corrected.map_or(wanted.as_str(), |(_, wanted)| wanted);
        for entry in wanted.split(',').filter(|entry| *entry != "-") {
            let is_there = match entry.split_once('@') {
                // The table does not name the rule.
                Some(("NEW", line)) => {
                    found.iter().any(|finding| finding.name.ends_with(&format!("@{line}")))
                }
                _ => found.iter().any(|finding| finding.name == entry),
            };
            if !is_there {
                wrong.push(format!("{name}: {entry} is missing"));
            }
        }
        for finding in &found {
            let is_refused = refused.split(',').any(|refused| match refused {
                "all" => true,
                "errors" => finding.is_error && !wanted.split(',').any(|it| it == finding.name),
                rule => rule == finding.id,
            });
            if is_refused {
                wrong.push(format!("{name}: {} must not be there", finding.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
