//! Reports at the command line: streams, files, exit status, GitHub Actions.

use std::path::Path;

use crate::program::{Folder, err, out, status};

const FORMATS: [&str; 10] = [
    "human",
    "concise",
    "json",
    "jsonl",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "markdown",
];

/// One certain fault; `4318` makes it a doubtful one.
const BAD: &str = r#"{"version": 3, "extra_config": {"telemetry/opentelemetry":
  {"exporters": {"otlp": [{"name": "c", "host": "collector", "port": 70000}]}}}}"#;

fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("reports/{name}"));
    folder.write("bad.json", BAD);
    folder.write("warn.json", BAD.replace("70000", "4318"));
    folder.write("clean.json", BAD.replace("70000", "4317"));
    folder
}

#[test]
fn the_exit_status_is_the_same_for_every_format() {
    let folder = folder("status");
    let table: [(&[&str], i32); 6] = [
        (&["clean.json"], 0),
        (&["warn.json"], 0),
        (&["bad.json", "clean.json"], 1),
        (&["--fail-on", "warning", "warn.json"], 1),
        (&["--fail-on", "never", "bad.json"], 0),
        (&["bad.json", "missing.json"], 2),
    ];
    for format in FORMATS {
        for (args, expected) in table {
            let output = folder.run(&[&["--output-format", format], args].concat());
            assert_eq!(status(&output), expected, "{format} {args:?}: {}", err(&output));
        }
    }
}

#[test]
fn a_file_gets_what_standard_output_would() {
    let folder = folder("same");
    for format in FORMATS {
        let report = format!("{format}=out.{format}");
        let args = ["bad.json", "warn.json", "--report", &report, "--output-format", format];
        let output = folder.run(&args);
        assert_eq!(out(&output), folder.read(&format!("out.{format}")), "{format}");
        assert!(err(&output).contains("1 error, 1 warning in 2 files"), "{}", err(&output));
    }
    assert!(folder.names().iter().all(|name| !name.starts_with('.')), "{:?}", folder.names());
}

#[test]
fn several_reports_come_from_one_run() {
    let folder = folder("several");
    folder.write("out.sarif", "an old report");
    let output =
        folder.run(&["bad.json", "--report", "sarif=out.sarif", "--report", "gitlab=out=1.json"]);
    assert_eq!(status(&output), 1, "{}", err(&output));
    assert!(out(&output).contains("error[port-range]"), "{}", out(&output));
    assert!(folder.read("out.sarif").contains("\"port-range\""));
    assert!(folder.read("out=1.json").contains("\"check_name\": \"port-range\""));
}

#[test]
fn a_report_that_cannot_be_written_is_status_2_and_leaves_nothing() {
    let folder = folder("failed");
    std::fs::create_dir(folder.0.join("folder")).expect("a folder");
    let before = folder.names();
    for file in ["missing/out.json", "folder", "clean.json/out.json"] {
        let report = format!("json={file}");
        let output = folder.run(&["clean.json", "--report", &report]);
        assert_eq!(status(&output), 2, "{file}");
        assert!(err(&output).contains(&format!("{file}: cannot be written")), "{}", err(&output));
        assert_eq!(folder.names(), before, "{file}");
    }
}

#[test]
fn what_is_no_report_is_refused() {
    let folder = folder("refused");
    for (report, says) in [
        ("json", "write FORMAT=FILE"),
        ("jason=x", "there is no format `jason`"),
        ("json=", "no name"),
        ("json=-", "--output-format"),
    ] {
        let output = folder.run(&["bad.json", "--report", report]);
        assert_eq!(status(&output), 2, "{report}");
        assert!(err(&output).contains(says), "{report}: {}", err(&output));
    }
    let output = folder.run(&["bad.json", "--report", "json=x", "--report", "sarif=x"]);
    assert_eq!(status(&output), 2);
    assert!(err(&output).contains("the same file"), "{}", err(&output));
    assert!(!folder.names().contains(&"x".to_owned()));
}

#[cfg(unix)]
#[test]
fn links_devices_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("links");
    folder.write("real.json", "old");
    let mode = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(folder.0.join("real.json"), mode).expect("it is ours");
    symlink("real.json", folder.0.join("link.json")).expect("a link");
    let output = folder.run(&["bad.json", "--report", "json=link.json"]);
    assert_eq!(status(&output), 1, "{}", err(&output));
    let link = std::fs::symlink_metadata(folder.0.join("link.json")).expect("it is there");
    assert!(link.is_symlink() && folder.read("real.json").contains("port-range"));
    let mode = std::fs::metadata(folder.0.join("real.json")).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    let output = folder.run(&["clean.json", "--report", "concise=/dev/null"]);
    assert_eq!(status(&output), 0, "{}", err(&output));
    assert!(!Path::new("/dev/null").is_file());
    let output = folder.run(&["bad.json", "--report", "concise=/dev/stderr", "--quiet"]);
    assert!(err(&output).contains("error[port-range]"), "{}", err(&output));
}

#[test]
fn annotations_follow_in_github_actions() {
    let folder = folder("actions");
    let annotations = |args: &[&str], actions: &str| {
        let mut command = folder.command(&[&["bad.json"], args].concat());
        let output = command.env("GITHUB_ACTIONS", actions).output().expect("it runs");
        assert_eq!(status(&output), 1);
        out(&output).lines().filter(|line| line.starts_with("::error file=bad.json,")).count()
    };
    assert_eq!(annotations(&[], "true"), 1);
    assert_eq!(annotations(&[], "false"), 0);
    assert_eq!(annotations(&["--no-annotations"], "true"), 0);
    assert_eq!(annotations(&["--output-format", "github"], "true"), 1);
    for format in FORMATS.into_iter().filter(|format| !matches!(*format, "human" | "github")) {
        assert_eq!(annotations(&["--output-format", format], "true"), 0, "{format}");
    }
}

#[test]
fn paths_begin_at_the_repository() {
    let folder = folder("root");
    std::fs::create_dir(folder.0.join("gateway")).expect("a folder");
    folder.write("gateway/k.json", BAD);
    for name in ["GITHUB_WORKSPACE", "CI_PROJECT_DIR", "WORKSPACE"] {
        let absolute = folder.0.join("bad.json");
        let absolute = absolute.to_str().expect("UTF-8");
        let mut command = folder.command(&["--output-format", "github", "k.json", absolute]);
        command.current_dir(folder.0.join("gateway")).env(name, &folder.0);
        let text = out(&command.output().expect("it runs"));
        assert!(text.contains("file=gateway/k.json,"), "{name}: {text}");
        assert!(text.contains("file=bad.json,"), "{name}: {text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_unicode_is_no_obstacle() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder("names");
    let name = std::ffi::OsStr::from_bytes(b"na\xFFme.json");
    std::fs::write(folder.0.join(name), BAD).expect("Linux takes any name");
    for format in FORMATS {
        let mut command = folder.command(&["--output-format", format]);
        let output = command.arg(name).output().expect("it runs");
        assert_eq!(status(&output), 1, "{format}: {}", err(&output));
        assert!(out(&output).contains("port-range"), "{format}");
    }
}

#[test]
fn the_problem_matcher_matches() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/problem-matcher.json");
    let file = std::fs::read_to_string(file).expect("it is there");
    let matcher: serde_json::Value = serde_json::from_str(&file).expect("JSON");
    let pattern = &matcher["problemMatcher"][0]["pattern"][0]["regexp"];
    let schema = serde_json::json!({ "pattern": pattern });
    let validator = jsonschema::validator_for(&schema).expect("a pattern");
    let folder = folder("matcher");
    let text = out(&folder.run(&["--output-format", "concise", "bad.json", "warn.json"]));
    assert_eq!(text.lines().count(), 2);
    for line in text.lines() {
        assert!(validator.is_valid(&line.into()), "{line}");
    }
    assert!(!validator.is_valid(&"2 errors in 1 file".into()));
    // What the handbook tells people to write into their own repository is the same file.
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci.md");
    let guide = std::fs::read_to_string(guide).expect("it is there").replace("\r\n", "\n");
    let (_, rest) = guide.split_once("<<'EOF'\n").expect("the command that writes it");
    let (written, _) = rest.split_once("EOF\n").expect("the end of the file");
    let written: serde_json::Value = serde_json::from_str(written).expect("JSON");
    assert_eq!(written, matcher);
}
