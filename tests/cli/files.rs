//! Every odd thing that can be named as a file.

use std::process::Command;

use crate::program::{BAD, CLEAN, Folder, PROGRAM, err, out, status};

#[test]
fn odd_files_get_a_clear_message_and_no_panic() {
    let folder = Folder::new("odd");
    folder.write("empty.json", "").write("deep.json", "[".repeat(100_000));
    folder
        .write("bom.json", format!("\u{feff}{CLEAN}"))
        .write("latin1.json", b"{\"version\": 3, \"name\": \"\xe9\"}");
    folder.write("tab.yml", "version: 3\nname:\n\t- x\n");
    folder.write("k.yaml", "version: 3").write("k.TOML", "version = 3");
    std::fs::create_dir(folder.0.join("folder")).expect("a folder");
    let table: &[(&str, i32, &str)] = &[
        ("empty.json", 1, "invalid-json"),
        ("deep.json", 1, "10,000"),
        ("bom.json", 1, "byte order mark"),
        ("latin1.json", 0, "UTF-8"),
        ("folder", 2, "no KrakenD configuration found"),
        ("k.yaml", 0, "no telemetry block"),
        ("tab.yml", 1, "invalid-yaml"),
        ("k.TOML", 0, "no telemetry block"),
    ];
    for (file, expected, word) in table {
        let output = folder.run(&[file]);
        let said = out(&output) + &err(&output);
        assert_eq!(status(&output), *expected, "{file}: {said}");
        assert!(said.contains(word), "{file}: {said}");
        assert!(!said.contains("panicked"), "{file}: {said}");
    }
}

#[test]
fn a_huge_string_is_no_trouble() {
    let folder = Folder::new("huge");
    let text = format!(r#"{{"version": 3, "name": "{}"}}"#, "x".repeat(50_000_000));
    folder.write("huge.json", text);
    let output = folder.run(&["huge.json"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    folder.write("huge.json", format!("{{\"version\": 3, \"name\": \"{}", "x".repeat(50_000_000)));
    let output = folder.run(&["huge.json"]);
    assert_eq!(status(&output), 1);
    assert!(output.stdout.len() < 8192, "the frame is a window: {}", output.stdout.len());
}

#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    let folder = Folder::new("special");
    folder.write("secret.json", CLEAN);
    let made = Command::new("mkfifo").arg(folder.0.join("fifo")).status();
    assert!(made.expect("mkfifo runs").success());
    let fifo = folder.run(&["fifo"]);
    assert_eq!(status(&fifo), 2);
    assert!(err(&fifo).contains("fifo: is a named pipe"), "{}", err(&fifo));
    let null = folder.run(&["/dev/null"]);
    assert_eq!(status(&null), 1);
    assert!(out(&null).contains("invalid-json"), "{}", out(&null));
    let zero = folder.run(&["/dev/zero"]);
    assert_eq!(status(&zero), 2);
    assert!(err(&zero).contains("/dev/zero: is a device"), "{}", err(&zero));
    let process = Command::new("bash")
        .arg("-c")
        .arg(format!("'{PROGRAM}' <(cat secret.json)"))
        .current_dir(&folder.0)
        .output();
    let Ok(process) = process else { return eprintln!("not tried: there is no bash here") };
    assert_eq!(status(&process), 0, "{}", err(&process));
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_reported_and_the_others_are_checked() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new("permission");
    folder.write("closed.json", CLEAN).write("bad.json", BAD);
    let closed = folder.0.join("closed.json");
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).expect("chmod");
    if std::fs::read(&closed).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let output = folder.run(&["closed.json", "bad.json"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("closed.json: cannot be read: permission denied"));
    assert!(out(&output).contains("port-range"));
}

#[test]
fn a_template_is_never_passed_over_in_silence() {
    let folder = Folder::new("template");
    let checked = BAD.replacen('3', "{{ .version }}", 1);
    folder
        .write("checked.tmpl", &checked)
        .write("bare.json", "{\"version\": 3, \"extra_config\": {{ marshal .extra }}}")
        .write("torn.tmpl", "{ {{ if .x }} [ {{ end }} }");
    let run = folder.run(&["checked.tmpl"]);
    assert_eq!(status(&run), 1);
    assert!(out(&run).contains("port-range"), "{}", out(&run));
    assert!(err(&run).contains("as far as a template tells"), "{}", err(&run));
    for name in ["bare.json", "torn.tmpl"] {
        let run = folder.run(&[name]);
        assert_eq!((status(&run), &*out(&run)), (0, ""));
        assert!(err(&run).contains("or check the rendered file"), "{}", err(&run));
    }
    assert!(out(&folder.run(&["--pedantic", "torn.tmpl"])).contains("info[unjudged-template]"));
    let run = folder.run(&["effective", "checked.tmpl"]);
    assert_eq!((status(&run), &*out(&run)), (2, ""));
    assert!(err(&run).contains("--fc-settings DIR"), "{}", err(&run));
    // Without actions nothing depends on what they become.
    folder.write("plain.tmpl", BAD);
    let run = folder.run(&["plain.tmpl"]);
    assert_eq!(status(&run), 1);
    assert!(!err(&run).contains("template"), "{}", err(&run));
    assert!(out(&folder.run(&["effective", "plain.tmpl"])).starts_with("plain.tmpl: "));
}

#[test]
fn the_format_is_told_or_guessed() {
    let folder = Folder::new("format");
    let toml = "version = 3\n[extra_config.\"telemetry/opentelemetry\".exporters]\notlp = \
                [{name = \"c\", host = \"h\", port = 70000}]\n";
    let yaml = "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      \
                otlp: [{name: c, host: h, port: 70000}]\n";
    folder.write("k.toml", toml).write("k.yml", yaml).write("k.conf", toml);
    let concise = "--output-format=concise";
    for (args, input, place) in [
        (&[concise, "k.toml"][..], "", "k.toml:3:41: error[port-range]"),
        (&[concise, "k.yml"], "", "k.yml:5:39: error[port-range]"),
        (&[concise, "k.conf"], "", "k.conf:1:1: error[invalid-json]"),
        (&[concise, "--input-format=toml", "k.conf"], "", "k.conf:3:41: error[port-range]"),
        (&[concise, "-"], toml, "<stdin>:3:41: error[port-range]"),
        (&[concise, "-"], yaml, "<stdin>:5:39: error[port-range]"),
        (&[concise, "-"], BAD, "<stdin>:5:75: error[port-range]"),
        (&[concise, "--stdin-filename=a/k.toml", "-"], toml, "a/k.toml:3:41: error[port-range]"),
        (&[concise, "--stdin-filename=k.json", "-"], toml, "k.json:1:1: error[invalid-json]"),
        (
            &[concise, "--stdin-filename=k.json", "--input-format=yaml", "-"],
            yaml,
            "k.json:5:39: error[port-range]",
        ),
    ] {
        let output = folder.pipe(args, input.as_bytes());
        assert!(out(&output).starts_with(place), "{args:?}: {}{}", out(&output), err(&output));
    }
    let told = folder.pipe(&["effective", "--stdin-filename=k.toml", "-"], toml.as_bytes());
    assert_eq!(status(&told), 0, "{}", err(&told));
}

#[test]
fn what_is_no_configuration_is_refused_or_skipped() {
    let folder = Folder::new("unrecognised");
    folder.write("package.json", r#"{"name": "x", "version": "1.0.0"}"#).write("broken.json", "{");
    folder.write("part.json", r#"{"a": {"telemetry/opentelemetry": {"layers": {}}}}"#);
    folder.write("values.yaml", "replicas: 2\nendpoint: x\n");
    let refused = folder.run(&["-v", "package.json", "part.json"]);
    assert_eq!(status(&refused), 2);
    assert!(err(&refused).contains("package.json: is not a KrakenD configuration"));
    assert!(
        err(&refused).contains("part.json: fragment (it holds a telemetry block), checked against"),
        "{}",
        err(&refused)
    );
    let skip = &["--skip-unrecognised", "package.json", "broken.json", "values.yaml", "part.json"];
    let skipped = folder.run(skip);
    assert_eq!(status(&skipped), 0, "{}", err(&skipped));
    assert!(err(&skipped).contains("3 files skipped"), "{}", err(&skipped));
    assert!(err(&skipped).contains("in 1 file"), "{}", err(&skipped));
    assert_eq!(status(&folder.run(&["broken.json"])), 1);
    for (file, expected) in [("package.json", 2), ("part.json", 0)] {
        assert_eq!(status(&folder.run(&["effective", file])), expected, "{file}");
    }
}
