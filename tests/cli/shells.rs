//! Completions and manual pages. The scripts are tried in the shells that are here; bash, which nearly every
//! machine has, is asked what it would offer.

use std::path::Path;
use std::process::{Command, Output};

use crate::program::{Folder, PROGRAM, err, out, status};

/// What the program answers a shell that asks what could follow `words`, the last of which is begun.
fn candidates(folder: &Folder, words: &[&str]) -> Vec<String> {
    let mut command = folder.command(&["--", "otel-lint"]);
    command.args(words).env("OTEL_LINT_COMPLETE", "bash");
    command.env("_CLAP_COMPLETE_INDEX", words.len().to_string());
    command.env("_CLAP_COMPLETE_COMP_TYPE", "9").env("_CLAP_COMPLETE_SPACE", "true");
    command.env("_CLAP_IFS", "\n");
    let output = command.output().expect("it starts");
    assert_eq!(status(&output), 0, "{}", err(&output));
    out(&output).lines().map(str::to_owned).collect()
}

#[test]
fn names_of_rules_groups_and_releases_are_offered() {
    let folder = Folder::new("shells/offered");
    let table: &[(&[&str], &[&str])] = &[
        (
            &["--select", "sample-rate-"],
            &["sample-rate-zero", "sample-rate-range", "sample-rate-full"],
        ),
        (&["check", "--ignore", "priv"], &["privacy"]),
        (&["--error", "privacy,sample-rate-z"], &["privacy,sample-rate-zero"]),
        (&["--warn=sample-rate-z"], &["--warn=sample-rate-zero"]),
        (&["config", "--select", "al"], &["all", "all-layers-disabled"]),
        (
            &["explain", "sampl"],
            &[
                "sampling",
                "sample-rate-zero",
                "sample-rate-range",
                "sample-rate-full",
                "sampling-not-passed-on",
            ],
        ),
        (&["explain", "invalid-se"], &["invalid-settings"]),
        (&["suppress", "sample-rate-z"], &["sample-rate-zero"]),
        (&["--krakend-version", "2.1"], &["2.13", "2.12", "2.11", "2.10"]),
        (&["-f", "s"], &["sarif"]),
        (&["comp"], &["completions"]),
        (&["completions", "po"], &["powershell"]),
    ];
    for (words, expected) in table {
        assert_eq!(candidates(&folder, words), *expected, "{words:?}");
    }
}

#[test]
fn files_are_offered() {
    let folder = Folder::new("shells/files");
    folder.write("gateway.json", "{}").write("gateway.d/one.json", "{}");
    assert_eq!(candidates(&folder, &["effective", "gat"]), ["gateway.d/", "gateway.json"]);
    assert_eq!(candidates(&folder, &["gateway.j"]), ["gateway.json"]);
}

#[test]
fn a_question_that_is_none_checks_as_ever() {
    let folder = Folder::new("shells/none");
    let output = folder.command(&["missing.json"]).env("OTEL_LINT_COMPLETE", "").output();
    assert_eq!(status(&output.expect("it starts")), 2);
}

/// The output of `shell` with `arguments`; `None` where there is no such shell.
fn run(shell: &str, arguments: &[&str], folder: &Folder) -> Option<Output> {
    let own = Path::new(PROGRAM).parent().expect("a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::iter::once(own.to_owned()).chain(std::env::split_paths(&path));
    let mut command = Command::new(shell);
    command.args(arguments).current_dir(&folder.0);
    command.env("PATH", std::env::join_paths(path).expect("a path"));
    let output = command.output().ok();
    if output.is_none() {
        eprintln!("not tried: there is no {shell} here");
    }
    output
}

/// The script for `shell` in a file of `folder`.
fn script(folder: &Folder, shell: &str) -> String {
    let output = folder.run(&["completions", shell]);
    assert_eq!(status(&output), 0, "{shell}");
    assert!(out(&output).contains("otel-lint"), "{shell}");
    folder.write("script", out(&output));
    "script".to_owned()
}

#[test]
fn bash_offers_what_the_program_says() {
    let folder = Folder::new("shells/bash");
    script(&folder, "bash");
    let ask = "source ./script
        registered=$(complete -p otel-lint) || exit 3
        function=${registered##* -F }; function=${function%% *}
        COMP_WORDS=(otel-lint --select sample-rate-z) COMP_CWORD=2 COMP_TYPE=9
        COMP_LINE='otel-lint --select sample-rate-z' COMP_POINT=32
        $function otel-lint sample-rate-z --select
        printf '%s\\n' \"${COMPREPLY[@]}\"";
    let Some(output) = run("bash", &["--norc", "--noprofile", "-c", ask], &folder) else { return };
    assert_eq!(out(&output).trim(), "sample-rate-zero", "{}", err(&output));
}

#[test]
fn fish_offers_what_the_program_says() {
    let folder = Folder::new("shells/fish");
    script(&folder, "fish");
    let ask = "source ./script; complete -C 'otel-lint explain sample-rate-z'";
    let Some(output) = run("fish", &["--no-config", "-c", ask], &folder) else { return };
    let text = out(&output);
    assert!(text.starts_with("sample-rate-zero\t"), "{text}{}", err(&output));
    assert!(text.contains("samples every request"), "{text}");
}

#[test]
fn zsh_offers_what_the_program_says_at_the_first_tab() {
    let folder = Folder::new("shells/zsh");
    script(&folder, "zsh");
    folder.write("_otel-lint", folder.read("script"));
    // What zsh does at a Tab: it loads the function from a file of its name, and calls it.
    let prepare = "autoload -U compinit; compinit -u -D
        _describe() { print -rl -- \"${(@P)@[-1]}\" }
        words=(otel-lint --select sample-rate-z) CURRENT=3\n";
    let loaded = "fpath=(. $fpath); autoload -U _otel-lint; _otel-lint";
    let sourced = "source ./script; $_comps[otel-lint]";
    for ask in [loaded, sourced] {
        let ask = format!("{prepare}{ask}");
        let Some(output) = run("zsh", &["-f", "-c", &ask], &folder) else { return };
        let text = out(&output);
        assert!(text.starts_with("sample-rate-zero:"), "{ask}: {text}{}", err(&output));
        assert_eq!(text.lines().count(), 1, "{ask}: {text}");
    }
}

#[test]
fn the_other_shells_get_a_script() {
    let folder = Folder::new("shells/others");
    for (shell, mark) in [
        ("elvish", "set edit:completion:arg-completer[otel-lint]"),
        ("powershell", "Register-ArgumentCompleter"),
        ("nushell", "export extern otel-lint"),
    ] {
        script(&folder, shell);
        let text = folder.read("script");
        assert!(text.contains(mark), "{shell}: {text}");
    }
    // It has all names in it, since it can't ask.
    assert!(folder.read("script").contains("\"sample-rate-zero\""));
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new("shells/man");
    let help = out(&folder.run(&["--help"]));
    let commands = help.split_once("Commands:\n").expect("a list").1.split("\n\n").next();
    let names = commands.expect("a list").lines().filter_map(|line| {
        let name = line.strip_prefix("  ")?.split(' ').next()?;
        (!name.is_empty() && name != "help").then_some(name)
    });
    let mut pages = vec![("otel-lint".to_owned(), folder.run(&["man"]))];
    pages.extend(names.map(|name| (format!("otel-lint-{name}"), folder.run(&["man", name]))));
    assert!(pages.len() > 9, "the commands are not found in the help");
    for (name, page) in pages {
        assert_eq!(status(&page), 0, "{name}");
        assert!(out(&page).contains(&format!(".TH {name} 1 ")), "{name}: {}", out(&page));
        folder.write("page", out(&page));
        // What it finds to be better is not a fault of a page; what it calls an error is.
        if let Some(said) = run("mandoc", &["-T", "lint", "-W", "error", "page"], &folder) {
            assert_eq!(out(&said), "", "{name}");
        }
    }
    let none = folder.run(&["man", "no-such"]);
    assert_eq!(status(&none), 2);
    assert!(err(&none).contains("no command `no-such`"), "{}", err(&none));
}

#[test]
fn the_version_tells_the_releases() {
    let folder = Folder::new("shells/version");
    let output = folder.run(&["--version"]);
    let expected =
        concat!("otel-lint ", env!("CARGO_PKG_VERSION"), "\nknows KrakenD 2.6.0 to 2.13.8\n");
    assert_eq!(out(&output), expected);
    assert_eq!(out(&folder.run(&["-V"])), concat!("otel-lint ", env!("CARGO_PKG_VERSION"), "\n"));
}
