//! `--fix` and `--diff`: what is written, what is not, and that a file is never half of one.

use std::process::Stdio;
use std::time::Duration;

use crate::program::{CLEAN, Folder, err, out, status};

/// A safe fix and an unsafe one.
const BOTH: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          { "name": "a", "host": "a:4317" },
          { "name": "b", "host": "b", "use_http": true }
        ]
      }
    }
  }
}
"#;

fn safe(text: &str) -> String {
    text.replace(r#""host": "a:4317" }"#, r#""host": "a", "port": 4317 }"#)
}

fn all(text: &str) -> String {
    safe(text).replace(r#""host": "b","#, r#""host": "b", "port": 4318,"#)
}

#[test]
fn safe_fixes_are_applied_and_others_only_if_asked_for() {
    let folder = Folder::new("fix");
    folder.write("k.json", BOTH);
    let (code, _, said) = folder.told(&["k.json"]);
    assert_eq!(code, 1);
    assert!(
        said.ends_with("1 can be fixed with --fix, 1 more with --fix --unsafe-fixes\n"),
        "{said}"
    );

    let (code, found, said) = folder.told(&["--fix", "k.json"]);
    assert_eq!(folder.read("k.json"), safe(BOTH));
    assert_eq!(code, 1, "an error is left");
    assert!(found.contains("otlp-http-without-port") && !found.contains("otlp-host-contains-port"));
    assert!(said.contains("1 fix applied in 1 file\n"), "{said}");
    assert!(said.ends_with("1 can be fixed with --fix --unsafe-fixes\n"), "{said}");

    let (code, found, _) = folder.told(&["--fix", "--unsafe-fixes", "k.json"]);
    assert_eq!((code, found.as_str()), (0, ""));
    assert_eq!(folder.read("k.json"), all(BOTH));

    let (_, _, said) = folder.told(&["--fix", "--unsafe-fixes", "k.json"]);
    assert!(said.contains("nothing was fixed\n"), "{said}");
    assert_eq!(folder.read("k.json"), all(BOTH));
    assert_eq!(folder.names(), ["k.json"]);
}

#[test]
fn a_diff_changes_nothing_and_is_what_fixing_does() {
    let folder = Folder::new("diff");
    folder.write("k.json", BOTH);
    let (code, diff, _) = folder.told(&["--diff", "--unsafe-fixes", "k.json"]);
    assert_eq!(code, 1);
    assert!(diff.starts_with("--- k.json\n+++ k.json\n@@ "), "{diff}");
    assert!(diff.contains("-          { \"name\": \"a\", \"host\": \"a:4317\" },\n"), "{diff}");
    assert!(
        diff.contains("+          { \"name\": \"a\", \"host\": \"a\", \"port\": 4317 },\n"),
        "{diff}"
    );
    let dry = folder.told(&["--fix", "--dry-run", "--unsafe-fixes", "k.json"]);
    assert_eq!((dry.0, dry.1), (1, diff));
    assert_eq!(folder.read("k.json"), BOTH);
    // Nothing to fix is no difference, whatever else is found.
    folder.write("k.json", all(BOTH));
    assert_eq!(folder.told(&["--diff", "k.json"]).0, 0);
    assert_eq!(folder.told(&["--diff", "k.json"]).1, "");
}

#[test]
fn no_diff_shows_a_secret() {
    let folder = Folder::new("diff-secrets");
    let secret = "hunter2-hunter2";
    let text = BOTH.replace(
        r#""version": 3,"#,
        &format!(
            r#""version": 3, "x": {{"password": "{secret}", "headers": {{"a": "{secret}"}}}},"#
        ),
    );
    let text = text.replace("a:4317", "a:4317\", \"api_key\": \"hunter2-hunter2");
    folder.write("k.json", &text);
    for args in [&["k.json"][..], &["--diff", "--unsafe-fixes", "k.json"]] {
        let (_, said, more) = folder.told(args);
        assert!(said.contains("***"), "{said}");
        assert!(!said.contains(secret) && !more.contains(secret), "{said}");
    }
    folder.told(&["--fix", "k.json"]);
    assert!(folder.read("k.json").contains(secret), "in the file it stays");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let folder = Folder::new("fix-stdin");
    let output = folder.pipe(&["--fix", "-"], BOTH.as_bytes());
    assert_eq!((status(&output), out(&output)), (1, safe(BOTH)));
    assert!(err(&output).contains("1 fix applied"), "{}", err(&output));
    for text in [CLEAN.to_owned(), all(BOTH), CLEAN.replace('\n', "\r\n")] {
        let output = folder.pipe(&["--fix", "-"], text.as_bytes());
        assert_eq!((status(&output), out(&output)), (0, text));
    }
}

#[test]
fn only_what_is_reported_is_fixed() {
    let folder = Folder::new("fix-baseline");
    folder.write("k.json", BOTH);
    folder.told(&["--write-baseline", "b.json", "k.json"]);
    let (code, _, said) =
        folder.told(&["--baseline", "b.json", "--fix", "--unsafe-fixes", "k.json"]);
    assert_eq!(code, 0);
    assert!(said.contains("nothing was fixed"), "{said}");
    assert_eq!(folder.read("k.json"), BOTH);

    let ignore =
        r#"{ "@otel-lint": { "ignore": { "otlp-host-contains-port": "so it is" } }, "name": "a""#;
    let suppressed = BOTH.replace(r#"{ "name": "a""#, ignore);
    folder.write("s.json", &suppressed);
    folder.told(&["--fix", "s.json"]);
    assert_eq!(folder.read("s.json"), suppressed);
    folder.told(&["--ignore", "otlp-host-contains-port", "--fix", "k.json"]);
    assert_eq!(folder.read("k.json"), BOTH);

    // A suppression that is not needed goes.
    folder.write("u.json", safe(&suppressed));
    folder.told(&["--fix", "u.json"]);
    assert_eq!(folder.read("u.json"), safe(BOTH));
}

#[test]
fn flags_that_make_no_sense_together_are_refused() {
    let folder = Folder::new("fix-flags");
    folder.write("k.json", BOTH);
    for args in [
        &["--fix", "--watch", "k.json"][..],
        &["--fix", "--files", "k.json"],
        &["--diff", "--write-baseline", "b.json", "k.json"],
        &["--dry-run", "k.json"],
    ] {
        assert_eq!(folder.told(args).0, 2, "{args:?}");
    }
    assert_eq!(folder.read("k.json"), BOTH);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_permissions_stay() {
    use std::fs;
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = Folder::new("fix-links");
    folder.write("real/k.json", BOTH);
    fs::set_permissions(folder.path("real/k.json"), fs::Permissions::from_mode(0o640))
        .expect("mine");
    symlink("real/k.json", folder.path("link.json")).expect("a link");
    folder.told(&["--fix", "link.json"]);
    assert!(folder.path("link.json").is_symlink());
    assert_eq!(folder.read("real/k.json"), safe(BOTH));
    let mode = fs::metadata(folder.path("real/k.json")).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(fs::read_dir(folder.path("real")).expect("it is there").count(), 1);

    fs::set_permissions(folder.path("real/k.json"), fs::Permissions::from_mode(0o444))
        .expect("mine");
    let (code, _, said) = folder.told(&["--fix", "--unsafe-fixes", "link.json"]);
    assert_eq!(code, 2);
    assert!(said.contains("link.json: not fixed: it is read-only"), "{said}");
    assert_eq!(folder.read("real/k.json"), safe(BOTH));
}

#[test]
fn killed_at_any_moment_the_old_or_the_new_file_is_there() {
    let folder = Folder::new("fix-killed");
    let filler = "x".repeat(1 << 16);
    let old =
        BOTH.replace("\"version\": 3,", &format!("\"version\": 3,\n  \"$filler\": \"{filler}\","));
    let new = safe(&old);
    let kills = std::env::var("FIX_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(20);
    let mut seen = [0, 0];
    for nth in 0..kills {
        folder.write("k.json", &old);
        let mut child = folder
            .command(&["--fix", "-q", "k.json"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program runs");
        // From before the start to after the end of a run, by a sequence that fills the time evenly.
        let part = f64::from(nth) * 0.618_034 % 1.0;
        std::thread::sleep(Duration::from_secs_f64(part * 0.03));
        let _ = child.kill();
        let _ = child.wait();
        let text = folder.read("k.json");
        assert!(text == old || text == new, "{} bytes", text.len());
        seen[usize::from(text == new)] += 1;
    }
    println!("old: {}, new: {}", seen[0], seen[1]);
    assert!(seen[0] > 0, "no run was killed before it was done");
}

#[test]
fn suppress_writes_a_suppression_that_holds() {
    let folder = Folder::new("suppress-command");
    let rule = "otlp-http-without-port";
    for (name, text) in [
        ("k.json", BOTH.to_owned()),
        ("l.json", BOTH.replace('\n', "\r\n")),
        ("k.yaml", "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n        - name: b # ours\n          host: b\n          use_http: true\n".to_owned()),
        ("k.toml", "version = 3\n[[extra_config.\"telemetry/opentelemetry\".exporters.otlp]]\nname = \"b\" # ours\nhost = \"b\"\nuse_http = true\n".to_owned()),
    ] {
        folder.write(name, &text);
        let (code, diff, said) = folder.told(&["suppress", rule, "--reason", "by \"ticket\" 7", name]);
        assert_eq!(code, 0, "{name}: {said}");
        assert!(diff.contains("+++") && said.contains("1 finding of"), "{diff}{said}");
        let (_, found, _) = folder.told(&["--pedantic", "--output-format", "concise", name]);
        assert!(!found.contains(rule) && !found.contains("suppression"), "{name}: {found}");
        let (code, _, said) = folder.told(&["suppress", rule, "--reason", "again", name]);
        assert_eq!(code, 2);
        assert!(said.contains("there is no finding"), "{said}");
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (old, new) = (lines(&text), lines(&folder.read(name)));
        let kept = old.iter().filter(|line| new.contains(line)).count();
        assert!(kept + 1 >= old.len(), "{name}: {new:?}");
    }
    for args in [
        &["suppress", "invalid-json", "--reason", "x", "k.json"][..],
        &["suppress", "otlp-http-without-prt", "--reason", "x", "k.json"],
        &["suppress", rule, "--reason", " ", "k.json"],
        &["suppress", rule, "k.json"],
    ] {
        assert_eq!(folder.told(args).0, 2, "{args:?}");
    }
}
