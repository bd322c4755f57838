//! What a run must not do whatever files are called and hold: overwrite what it reads, speak to the CI
//! server in the name of a stranger, show a secret.

use crate::program::{BAD, CLEAN, Folder, err, out, status};

/// Every file of `folder` and what it holds.
fn content(folder: &Folder) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(&folder.0).expect("a folder").map(|entry| entry.expect("one"));
    let mut files: Vec<_> = entries
        .filter(|entry| entry.path().is_file())
        .map(|entry| {
            let text = std::fs::read(entry.path()).expect("a file");
            (entry.file_name().to_string_lossy().into_owned(), text)
        })
        .collect();
    files.sort();
    files
}

/// A folder with a configuration under several names, settings and a baseline.
fn full(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.write("krakend.json", BAD).write("otel-lint.toml", "pedantic = true\n");
    folder.write("other.toml", "pedantic = true\n").write("notes.json", "{\"a\": 1}");
    let made = folder.run(&["krakend.json", "--write-baseline", "baseline.json"]);
    assert_eq!(status(&made), 0, "{}", err(&made));
    std::fs::hard_link(folder.0.join("krakend.json"), folder.0.join("hard")).expect("a link");
    #[cfg(unix)]
    for (link, target) in [("soft", "krakend.json"), ("settings", "otel-lint.toml")] {
        std::os::unix::fs::symlink(target, folder.0.join(link)).expect("a link");
    }
    std::fs::create_dir(folder.0.join("sub")).expect("a folder");
    folder
}

#[test]
fn nothing_that_is_read_is_overwritten() {
    let folder = full("overwrite");
    let absolute = format!("json={}", folder.0.join("krakend.json").display());
    let mut calls: Vec<Vec<&str>> = vec![
        vec![".", "--report", "json=krakend.json"],
        vec!["krakend.json", "--report", "json=krakend.json"],
        vec!["krakend.json", "--report", "json=./sub/../krakend.json"],
        vec!["krakend.json", "--report", &absolute],
        vec!["krakend.json", "--report", "json=hard"],
        vec!["hard", "--report", "sarif=krakend.json"],
        vec!["krakend.json", "--report", "json=otel-lint.toml"],
        vec!["krakend.json", "--config", "other.toml", "--report", "json=other.toml"],
        vec!["krakend.json", "--baseline", "baseline.json", "--report", "json=baseline.json"],
        vec!["krakend.json", "--write-baseline", "new.json", "--report", "json=./new.json"],
        vec!["krakend.json", "--report", "json=new.json", "--report", "sarif=./sub/../new.json"],
        vec!["krakend.json", "--write-baseline", "krakend.json"],
        vec!["krakend.json", "--write-baseline", "otel-lint.toml"],
        // What was named may not be overwritten even if it is nothing of ours.
        vec!["krakend.json", "notes.json", "--skip-unrecognised", "--report", "json=notes.json"],
        vec!["krakend.json", "missing.json", "--report", "json=krakend.json"],
    ];
    if cfg!(unix) {
        calls.push(vec!["krakend.json", "--report", "json=soft"]);
        calls.push(vec!["soft", "--report", "json=krakend.json"]);
        calls.push(vec!["krakend.json", "--report", "json=settings"]);
        calls.push(vec!["krakend.json", "--write-baseline", "soft"]);
    }
    let before = content(&folder);
    for call in calls {
        let output = folder.run(&call);
        assert_eq!(status(&output), 2, "{call:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{call:?}");
        assert_eq!(err(&output).lines().count(), 1, "{call:?}: {}", err(&output));
        assert_eq!(content(&folder), before, "{call:?}");
    }
    let output = folder.run(&["krakend.json", "--report", "json=./krakend.json"]);
    assert_eq!(
        err(&output),
        "otel-lint: --report cannot write ./krakend.json: this run checks that file\n"
    );
}

#[test]
fn what_is_not_read_is_written() {
    let folder = full("written");
    for report in ["json=report.json", "json=notes.json", "sarif=report.json"] {
        // The second time the search meets the report of the first time.
        for _ in 0..2 {
            let output = folder.run(&[".", "--report", report]);
            assert_eq!(status(&output), 1, "{report}: {}", err(&output));
        }
    }
    let twice = folder.run(&["krakend.json", "--write-baseline", "baseline.json"]);
    assert_eq!(status(&twice), 0, "{}", err(&twice));
    let names: Vec<String> = content(&folder).into_iter().map(|(name, _)| name).collect();
    assert!(!names.iter().any(|name| name.contains(".tmp")), "{names:?}");
}

/// Lines that a CI server would take for a command; our own annotations are none of a stranger.
fn commands(text: &str) -> Vec<&str> {
    let is_command = |line: &&str| {
        line.trim_start().starts_with("::")
            || ["##[", "##vso[", "##teamcity["].iter().any(|mark| line.contains(mark))
    };
    text.lines().filter(is_command).collect()
}

#[cfg(unix)]
#[test]
fn no_name_of_a_file_is_a_command() {
    let folder = Folder::new("commands");
    let names = [
        "::stop-commands::x.json",
        " ::set-output name=a::b.json",
        "##[group]x.json",
        "a##vso[task.setvariable variable=x]y.json",
        "##teamcity[buildStop].json",
        "\u{1b}[2J\u{9b}x\u{202e}.json",
        "a\n::error::b.json",
    ];
    for name in names {
        folder.write(name, BAD);
    }
    folder.write("::broken::.json", "{").write("::other::.json", "{\"a\": 1}");
    folder.write("::toml::.toml", "no toml");
    let mut calls: Vec<Vec<&str>> = ["human", "concise", "json", "jsonl", "sarif", "junit"]
        .iter()
        .chain(&["checkstyle", "markdown", "gitlab"])
        .map(|format| vec![".", "--output-format", format])
        .collect();
    calls.push(vec![".", "--files"]);
    calls.push(vec![".", "--write-baseline", "::baseline::.json"]);
    calls.push(vec!["::missing::.json"]);
    calls.push(vec!["::other::.json"]);
    calls.push(vec!["::stop-commands::x.json", "--config", "::toml::.toml"]);
    calls.push(vec!["effective", "::stop-commands::x.json"]);
    calls.push(vec!["effective", "##[group]x.json", "--output-format", "json"]);
    calls.push(vec!["effective", "::broken::.json"]);
    calls.push(vec!["config", "##[group]x.json"]);
    for call in calls {
        let output = folder.run(&call);
        for text in [out(&output), err(&output)] {
            assert_eq!(commands(&text), [""; 0], "{call:?}");
            assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{call:?}: {text}");
        }
    }
    let concise = out(&folder.run(&["::stop-commands::x.json", "--output-format", "concise"]));
    assert!(concise.starts_with("./::stop-commands::x.json:"), "{concise}");
}

#[test]
fn nothing_in_a_file_is_a_command() {
    let folder = Folder::new("commands-inside");
    for name in ["::stop-commands::x ", "##vso[task.complete]", "##[error]x", "\u{1b}]0;x\u{7}"] {
        for pad in 0..60 {
            let name = format!("{}{name}", "x".repeat(pad)).replace('"', "");
            let name = serde_json::Value::from(name);
            let exporter =
                format!("{{\"name\": {name}, \"host\": {name}, \"port\": 0, {name}: 1}}");
            folder.write(
                "krakend.json",
                CLEAN.replace("{ \"name\": \"collector\", \"host\": \"collector\" }", &exporter),
            );
            let shown = folder.run(&["krakend.json", "--pedantic"]);
            for text in [out(&shown), err(&shown)] {
                assert_eq!(commands(&text), [""; 0], "{name}");
                assert!(!text.contains('\u{1b}'), "{name}: {text}");
            }
        }
    }
}

#[test]
fn no_argument_is_repeated_as_a_command() {
    let folder = Folder::new("arguments");
    folder.write("krakend.json", CLEAN);
    for argument in [
        "x\n::stop-commands::y",
        "\u{1b}[2Jx",
        "\u{9b}2Jx",
        "\u{202e}x",
        "##vso[task.complete]x",
        "::x",
    ] {
        for call in [
            vec!["explain", argument],
            vec!["krakend.json", "--select", argument],
            vec!["krakend.json", "--ignore", argument],
            vec!["krakend.json", "--krakend-version", argument],
            vec!["krakend.json", "--edition", argument],
            vec!["krakend.json", "--output-format", argument],
            vec!["krakend.json", "--report", argument],
            vec!["krakend.json", "--exclude", "[", "--exclude", argument],
            vec!["krakend.json", "--config", argument],
            vec!["krakend.json", "--baseline", argument],
            vec!["effective", argument],
            vec!["schema", "--scope", argument],
            vec![argument],
        ] {
            let output = folder.run(&call);
            assert_eq!(status(&output), 2, "{call:?}");
            let text = out(&output) + &err(&output);
            assert!(!text.is_empty(), "{call:?}");
            assert_eq!(commands(&text), [""; 0], "{call:?}");
            assert!(!text.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{call:?}: {text}");
        }
    }
}

#[test]
fn a_pattern_that_is_none_is_refused() {
    let folder = Folder::new("pattern");
    folder.write("krakend.json", CLEAN).write("otel-lint.toml", "exclude = [\"[a-\"]\n");
    let output = folder.run(&["krakend.json"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("this is not a pattern: a `[` has no `]`"), "{}", err(&output));
    let flag = folder.run(&["krakend.json", "--no-config", "--exclude", "[a-"]);
    assert_eq!(status(&flag), 2);
    assert!(err(&flag).contains("a `[` has no `]`"), "{}", err(&flag));
}

#[test]
fn the_locale_decides_the_frames() {
    let folder = Folder::new("locale");
    folder.write("krakend.json", BAD);
    let shown = |name: &str, value: &str| {
        let mut command = folder.command(&["krakend.json"]);
        out(&command.env(name, value).output().expect("the program runs"))
    };
    for (name, value) in [("LC_ALL", "C"), ("LANG", "POSIX"), ("LC_CTYPE", "en_US.ISO-8859-1")] {
        let text = shown(name, value);
        assert!(text.is_ascii() && text.contains("port-range"), "{name}={value}: {text}");
    }
    for (name, value) in [("LC_ALL", "C.UTF-8"), ("LANG", "en_US.utf8"), ("LC_ALL", "")] {
        assert!(shown(name, value).contains('│'), "{name}={value}");
    }
}

#[test]
fn wrong_settings_show_no_secret() {
    let folder = Folder::new("settings-secret");
    folder.write("krakend.json", CLEAN);
    for line in [
        "password = \"SECRETX\"",
        "krakend-version = \"Bearer SECRETX\"",
        "edition = \"https://u:SECRETX@h\"",
        "select = [\"Bearer SECRETX\"]",
        "sensitive-headers = [\"Authorization: Bearer SECRETX\"]",
        "port-exempt-hosts = [\"https://u:SECRETX@h\"]",
        "ignore = \"api-key=SECRETX\"",
        "api-key = \"SECRETX",
        "[rules]\n\"Bearer SECRETX\" = \"off\"",
        "[rules]\nall = \"Bearer SECRETX\"",
        "\"Bearer SECRETX\" = 1",
    ] {
        folder.write("otel-lint.toml", line);
        for format in ["human", "concise", "json", "sarif", "junit"] {
            let output = folder.run(&["krakend.json", "--output-format", format]);
            let text = out(&output) + &err(&output);
            assert_eq!(status(&output), 2, "{line}: {text}");
            assert!(!text.contains("SECRETX"), "{line}: {text}");
        }
    }
}

#[test]
fn the_program_shows_no_secret_of_a_configuration() {
    let folder = Folder::new("secret");
    let config = CLEAN.replace(
        "\"host\": \"collector\"",
        "\"host\": \"https://u:SECRETX@collector\", \"port\": 0, \"Api-Key\": \"SECRETX\"",
    );
    folder.write("krakend.json", config);
    let mut calls: Vec<Vec<&str>> = Vec::new();
    for format in
        ["human", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown"]
    {
        calls.push(vec!["krakend.json", "--pedantic", "--output-format", format]);
    }
    for format in ["human", "json", "mermaid"] {
        calls.push(vec!["effective", "krakend.json", "--output-format", format]);
    }
    calls.push(vec!["krakend.json", "--write-baseline", "new.json", "--report", "sarif=new.sarif"]);
    for call in calls {
        let output = folder.run(&call);
        let text = out(&output) + &err(&output);
        assert!(!text.contains("SECRETX"), "{call:?}: {text}");
    }
    for (name, text) in content(&folder).iter().filter(|(name, _)| name.starts_with("new")) {
        let text = String::from_utf8_lossy(text);
        assert!(text.contains("otel-lint") && !text.contains("SECRETX"), "{name}: {text}");
    }
}
