//! What is found in folders, which settings hold for it, and what is said about that.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::program::{CLEAN, Folder, WARN};

/// The files that would be checked, with `/` on every system.
fn files(folder: &Folder, args: &[&str]) -> Vec<String> {
    let (_, out, _) = folder.told(&[&["--show-files"], args].concat());
    let names = out.lines().filter_map(|line| line.split('\t').next());
    names.map(|name| name.replace('\\', "/")).collect()
}

#[test]
fn a_folder_is_searched_for_what_is_in_files() {
    let folder = Folder::new("discovery/content");
    folder
        .write("krakend.json", CLEAN)
        .write("deep/er/gateway.JSON", CLEAN)
        .write("größe/köln.json", CLEAN)
        .write(".docker/krakend.json", CLEAN)
        .write(
            "escaped.json",
            CLEAN.replace("telemetry/opentelemetry", r"telemetry\/opentelemetry"),
        )
        .write(
            "package.json",
            r#"{"name": "krakend", "dependencies": {"@opentelemetry/api": "1"}}"#,
        )
        .write("empty.json", "")
        .write("notes.txt", CLEAN)
        .write(".git/krakend.json", CLEAN)
        .write("built/krakend.json", CLEAN)
        .write("secret.json", CLEAN)
        .write(".gitignore", "built/\nsecret.json\n");
    let all = [
        ".docker/krakend.json",
        "deep/er/gateway.JSON",
        "escaped.json",
        "größe/köln.json",
        "krakend.json",
    ];
    assert_eq!(files(&folder, &["."]), all);
    assert_eq!(files(&folder, &["deep"]), ["deep/er/gateway.JSON"]);
    // Each once, however it is named; the order is that of the command line.
    assert_eq!(
        files(&folder, &["krakend.json", "./krakend.json", "deep/../krakend.json", "deep", "."]),
        [
            "krakend.json",
            "deep/er/gateway.JSON",
            ".docker/krakend.json",
            "escaped.json",
            "größe/köln.json",
        ]
    );
    // Who names a file wants it checked.
    assert_eq!(files(&folder, &["built/krakend.json"]), ["built/krakend.json"]);
    assert_eq!(files(&folder, &["--exclude", "deep/", "--exclude", "*.docker", "."]), all[2..]);
    let (status, out, err) = folder.told(&["--output-format", "concise", "."]);
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("no findings in 5 files"), "{err}");
}

#[test]
fn results_are_in_one_order_however_many_cores() {
    let folder = Folder::new("discovery/order");
    for nth in 0..60 {
        folder.write(&format!("{nth:02}/krakend.json"), WARN);
    }
    let args = ["--output-format", "concise", "."];
    let (status, first, _) = folder.told(&args);
    assert_eq!(status, 0);
    let names: Vec<&str> = first.lines().filter_map(|line| line.split(':').next()).collect();
    assert_eq!(names.len(), 60);
    assert!(names.is_sorted());
    for _ in 0..5 {
        assert_eq!(folder.told(&args).1, first);
    }
}

#[test]
fn a_search_in_vain_is_no_success() {
    let folder = Folder::new("discovery/vain");
    folder.write("package.json", "{}").write("empty/readme.md", "");
    for args in [&["."][..], &["empty"], &[".", "empty"], &["--files", "."]] {
        let (status, out, err) = folder.told(args);
        assert_eq!((status, out.as_str()), (2, ""), "{args:?}");
        assert!(err.contains("no KrakenD configuration found in"), "{args:?}: {err}");
    }
    let (status, _, err) = folder.told(&[]);
    assert_eq!(status, 2);
    assert!(err.contains("`otel-lint .`"), "{err}");
    let (status, _, err) = folder.told(&["--exclude", "{a", "."]);
    assert_eq!(status, 2);
    assert!(err.contains("--exclude: `{a` is not a pattern"), "{err}");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_checked() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("discovery/unreadable");
    folder.write("a.json", CLEAN).write("locked.json", CLEAN).write("locked/b.json", CLEAN);
    symlink(folder.0.join("a.json"), folder.0.join("link.json")).expect("a link");
    symlink(&folder.0, folder.0.join("loop")).expect("a loop");
    assert_eq!(files(&folder, &["."]), ["a.json", "locked/b.json", "locked.json"]);
    let mode = |name: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.0.join(name), permissions).expect("it is ours");
    };
    mode("locked.json", 0o000);
    mode("locked", 0o000);
    let runs_as_root = std::fs::read(folder.0.join("locked.json")).is_ok();
    let (status, _, err) = folder.told(&["."]);
    mode("locked", 0o755);
    if runs_as_root {
        return;
    }
    assert_eq!(status, 2);
    assert!(err.contains("locked.json: cannot be read"), "{err}");
    assert!(err.contains("locked: "), "{err}");
    assert!(err.contains("checked against KrakenD"), "{err}");
}

#[test]
fn the_nearest_settings_hold_up_to_the_root_of_the_repository() {
    let folder = Folder::new("discovery/settings");
    folder
        .write("../otel-lint.toml", "edition = 'oss'\n")
        .write("otel-lint.toml", "fail-on = 'warning'\nexclude = ['skipped/']\n")
        .write("krakend.json", WARN)
        .write("skipped/krakend.json", WARN)
        .write("team/.otel-lint.toml", "[rules]\nexporters = 'off'\n[[overrides]]\npaths = ['/x/*.json']\nrules = { all = 'error' }\n")
        .write("team/krakend.json", WARN)
        .write("team/x/k.json", WARN)
        .write("team/both/otel-lint.toml", "include = ['*.conf']")
        .write("team/both/.otel-lint.toml", "nonsense = 1")
        .write("team/both/krakend.json", WARN)
        .write("team/both/krakend.conf", WARN);
    let (status, out, err) = folder.told(&["--output-format", "concise", "."]);
    assert_eq!(status, 1, "{err}");
    let place = |line: &str| line.split_once("] ").map(|(place, _)| place.replace('\\', "/") + "]");
    let found: Vec<String> = out.lines().filter_map(place).collect();
    assert_eq!(
        found,
        [
            "krakend.json:5:75: warning[otlp-port-protocol-mismatch]",
            "team/both/krakend.conf:5:75: warning[otlp-port-protocol-mismatch]",
            "team/x/k.json:5:75: error[otlp-port-protocol-mismatch]",
        ]
    );
    // `fail-on` of the settings holds for its own files only.
    let (status, ..) = folder.told(&["team/krakend.json", "team/both/krakend.conf"]);
    assert_eq!(status, 0);
    // From below, and from elsewhere, it is the same.
    assert_eq!(folder.told_in("team/x", &["k.json"]).0, 1);
    assert_eq!(folder.told_in("team/x", &["../../krakend.json"]).0, 1);
    assert_eq!(folder.told_in("team/x", &["../krakend.json"]).0, 0);
    // Flags: no settings, those of another file, a flag over both.
    assert_eq!(folder.told(&["--no-config", "krakend.json"]).0, 0);
    assert_eq!(folder.told(&["--config", "team/.otel-lint.toml", "krakend.json"]).0, 0);
    assert_eq!(folder.told(&["--fail-on", "error", "krakend.json"]).0, 0);
    assert_eq!(folder.told(&["--ignore", "exporters", "krakend.json"]).0, 0);
    assert_eq!(folder.told(&["--no-config", "--error", "exporters", "krakend.json"]).0, 1);
    assert_eq!(folder.told(&["--select", "privacy,layers", "krakend.json"]).0, 0);
}

#[test]
fn wrong_settings_end_in_status_2_and_are_told_once() {
    let folder = Folder::new("discovery/wrong");
    folder
        .write("a/otel-lint.toml", "fail_on = 'error'\n")
        .write("a/1.json", WARN)
        .write("a/b/2.json", WARN)
        .write("c/krakend.json", WARN);
    let (status, out, err) = folder.told(&["--output-format", "concise", "."]);
    assert_eq!(status, 2);
    assert!(out.starts_with("c/krakend.json:5:75:") || out.starts_with("c\\"), "{out}");
    assert_eq!(out.lines().count(), 1, "{out}");
    assert_eq!(
        err.matches("error[invalid-settings] `fail_on` is not a setting").count(),
        1,
        "{err}"
    );
    assert!(err.contains("otel-lint.toml:1:1: "), "{err}");
    assert!(err.contains("no file was checked with it"), "{err}");
    let (status, out, err) = folder.told(&["a/1.json"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(err.contains("Did you mean `fail-on`?"), "{err}");
    for args in [&["effective", "a/1.json"][..], &["config", "a/1.json"]] {
        assert_eq!(folder.told(args).0, 2, "{args:?}");
    }
    let (status, _, err) = folder.told(&["--config", "missing.toml", "c"]);
    assert_eq!(status, 2);
    assert!(err.contains("missing.toml: no such file"), "{err}");
    assert_eq!(folder.told(&["explain", "invalid-settings"]).0, 0);
    // Another file than meant may hold anything.
    folder.write("gateway.json", "{\n  \"api_key\": \"hush-0123456789\"\n}\n");
    let (status, out, err) = folder.told(&["--config", "gateway.json", "c"]);
    assert_eq!(status, 2);
    assert!(err.contains("this is not TOML") && err.contains("api_key"), "{err}");
    assert!(!(out + &err).contains("hush"));
}

#[test]
fn unknown_rules_on_the_command_line_are_refused() {
    let folder = Folder::new("discovery/flags");
    folder.write("krakend.json", WARN);
    for (args, expected) in [
        (["--ignore", "sample-rate-ful"], "Did you mean `sample-rate-full`?"),
        (["--error", "privacy,nonsense"], "no rule or group `nonsense`"),
        (["--select", ""], "no rule or group"),
        (["--warn", "invalid-json"], "always is an error"),
        (["--ignore", "invalid-json"], "always is an error"),
    ] {
        let (status, _, err) = folder.told(&args);
        assert_eq!(status, 2, "{args:?}");
        assert!(err.contains(expected), "{args:?}: {err}");
    }
    // A file that cannot be read is never passed by.
    folder.write("broken.json", "{");
    for args in [["--select", "privacy"], ["--ignore", "all"], ["--warn", "shape"]] {
        let (status, out, _) = folder.told(&[&args[..], &["broken.json"]].concat());
        assert_eq!(status, 1, "{args:?}");
        assert!(out.contains("error[invalid-json]"), "{args:?}");
    }
    // Infos of a rule that is asked for by name are shown.
    folder.write("local.json", CLEAN.replace("\"host\": \"collector\"", "\"host\": \"localhost\""));
    let shown = |args: &[&str]| folder.told(&[args, &["local.json"]].concat()).1;
    assert!(shown(&["--select", "loopback-exporter"]).contains("loopback-exporter"));
    assert!(!shown(&["--select", "exporters"]).contains("loopback-exporter"));
    assert!(shown(&["--warn", "loopback-exporter"]).contains("warning[loopback-exporter]"));
}

#[test]
fn config_tells_what_is_in_force_and_who_said_so() {
    let folder = Folder::new("discovery/config");
    folder
        .write(
            "otel-lint.toml",
            "edition = 'ee'\nsensitive-headers = ['X-S']\n[rules]\nprivacy = 'error'\n",
        )
        .write("k.json", r#"{"$schema": "https://www.krakend.io/schema/v2.9/krakend.json"}"#);
    let args = ["--output-format", "json", "--ignore", "sampling", "k.json"];
    let (status, out, err) = folder.told(&[&["config"], &args[..]].concat());
    assert_eq!(status, 0, "{err}");
    let json: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let settings =
        |line| serde_json::json!({"kind": "settings", "file": "otel-lint.toml", "line": line});
    for (place, value, origin) in [
        ("/krakend-version", "2.9.4", serde_json::json!({"kind": "schema"})),
        ("/edition", "ee", settings(1)),
        ("/fail-on", "error", serde_json::json!({"kind": "default"})),
        ("/sensitive-headers/0", "X-S", settings(2)),
        ("/rules/static-attribute-secret", "error", settings(4)),
        ("/rules/sample-rate-zero", "off", serde_json::json!({"kind": "flag", "flag": "--ignore"})),
        ("/rules/port-range", "error", serde_json::json!({"kind": "default"})),
    ] {
        let found = json.pointer(place).unwrap_or_else(|| panic!("{place}: {out}"));
        assert_eq!((&found["value"], &found["origin"]), (&value.into(), &origin), "{place}");
    }
    let (_, human, _) = folder.told(&["config", "k.json"]);
    for part in ["otel-lint.toml:1", "$schema", "2.9.4", "X-S", "static-attribute-secret"] {
        assert!(human.contains(part), "{part}: {human}");
    }
    // Without a file it tells what would be.
    let (status, human, _) = folder.told(&["config", "--no-config"]);
    assert_eq!(status, 0);
    assert!(human.contains("settings  none") && human.contains("2.13.8"), "{human}");
    assert_eq!(folder.told(&["config", "missing.json"]).0, 2);
    let (status, effective, _) = folder.told(&["effective", "k.json"]);
    assert_eq!(status, 0);
    assert!(effective.contains("EE 2.9.4"), "{effective}");
    let (status, schema, _) = folder.told(&["schema", "--scope", "settings"]);
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/settings.json");
    let committed = std::fs::read_to_string(committed).expect("committed").replace("\r\n", "\n");
    assert_eq!((status, schema), (0, committed));
}

/// Ten thousand files that are none of ours: a few seconds would be too long in a hook.
#[test]
fn other_files_cost_little() {
    let folder = Folder::new("discovery/monorepo");
    let other = format!("{{\"data\": \"{}\"}}", "x".repeat(2_000));
    for nth in 0..10_000 {
        if nth % 100 == 0 {
            folder.write(&format!("{}/first.json", nth / 100), &other);
        }
        let name = folder.0.join(format!("{}/{nth}.json", nth / 100));
        std::fs::write(name, &other).expect("a file for the test");
    }
    folder.write("50/krakend.json", CLEAN);
    folder.write("51/data.json", format!("{{\"data\": \"{}\"}}", "x".repeat(50_000_000)));
    let begin = Instant::now();
    let (status, _, err) = folder.told(&["."]);
    assert_eq!(status, 0);
    assert!(err.contains("no findings in 1 file"), "{err}");
    let took = begin.elapsed();
    eprintln!("10,000 other files: {took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    let _ = std::fs::remove_dir_all(&folder.0);
}
