//! The baseline: what is recorded stays quiet, whatever is done to the layout of the file; what is
//! new is told.

mod fingerprints;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use fingerprints::{check, lists, seeds};
use otel_lint::analysis::CheckedFile;
use otel_lint::baseline::{Baseline, BaselineError};
use otel_lint::linter::{self, Options};
use otel_lint::policy::{Level, Policy};
use otel_lint::source::Source;
use serde_json::{Value, json};

use crate::program::{Folder, status};

/// A configuration with an exporter for each of `hosts`, all with a port that expects HTTP.
fn exporters(hosts: &[&str]) -> String {
    let exporters: Vec<Value> =
        hosts.iter().map(|host| json!({"name": host, "host": host, "port": 4318})).collect();
    let block = json!({"exporters": {"otlp": exporters}});
    format!("{:#}", json!({"version": 3, "extra_config": {"telemetry/opentelemetry": block}}))
}

#[test]
fn one_more_of_the_same_rule_is_new() {
    let mut baseline = Baseline::default();
    let mut report = report(&exporters(&["one", "two"]), false);
    assert_eq!(baseline.record("k.json", &report), 0);
    assert_eq!(baseline.count(), 2);
    let known = baseline.hide("k.json", &mut report);
    assert_eq!((known.hidden, known.gone, report.findings.len()), (2, 0, 0));

    let mut more = self::report(&exporters(&["new", "two", "one"]), false);
    let known = baseline.hide("k.json", &mut more);
    assert_eq!((known.hidden, known.gone), (2, 0));
    assert_eq!(more.findings.len(), 1);
    assert!(more.findings[0].identity.contains("[new]"), "{}", more.findings[0].identity);

    // The same in another file is new, and so is another rule at the same place.
    let mut other = self::report(&exporters(&["one"]), false);
    assert_eq!(baseline.hide("other.json", &mut other).hidden, 0);
    let text = exporters(&["one"]).replace("4318", "70000");
    let mut worse = self::report(&text, false);
    let known = baseline.hide("k.json", &mut worse);
    assert_eq!((known.hidden, known.gone), (0, 2));
    assert_eq!(worse.findings.len(), 1);
}

#[test]
fn equal_findings_are_counted() {
    let nameless = |count: usize| {
        let text = exporters(&vec!["h"; count]).replace(r#""name": "h""#, r#""@name": "h""#);
        report(&text, false)
    };
    let mut baseline = Baseline::default();
    baseline.record("k.json", &nameless(2));
    let all = nameless(2).findings.len();
    let mut three = nameless(3);
    let before = three.findings.len();
    assert_eq!(baseline.hide("k.json", &mut three).hidden, all);
    assert_eq!(three.findings.len(), before - all);
    assert!(before > all);
}

#[test]
fn what_is_not_asked_for_is_not_gone() {
    let info = r#"{"version": 3, "extra_config": {"telemetry/opentelemetry": {"exporters": {
        "otlp": [{"name": "c", "host": "collector"}],
        "prometheus": [{"name": "p", "host": "127.0.0.1"}]}}}}"#;
    let mut baseline = Baseline::default();
    baseline.record("k.json", &report(info, true));
    let recorded = baseline.clone();
    assert!(recorded.count() > 0);
    let mut quiet = report(info, false);
    assert!(quiet.findings.is_empty() && !quiet.hidden.is_empty());
    assert_eq!(baseline.hide("k.json", &mut quiet).gone, 0);
    assert_eq!(baseline.record("k.json", &quiet), 0);
    assert_eq!(baseline, recorded);
    // But what was never recorded is not recorded unseen.
    let mut empty = Baseline::default();
    empty.record("k.json", &quiet);
    assert_eq!(empty.count(), 0);
}

#[test]
fn what_a_rule_that_is_off_found_is_neither_gone_nor_pruned() {
    let text = exporters(&["one", "two"]);
    let mut baseline = Baseline::default();
    baseline.record("k.json", &report(&text, false));
    let recorded = baseline.clone();
    let levels = [("otlp-port-protocol-mismatch", Level::Off)].into();
    let policy = Arc::new(Policy { levels, ..Policy::default() });
    let options = Options { policy, ..Options::default() };
    let mut silent = linter::check(Source::new("k.json", text), &options);
    assert!(silent.findings.is_empty());
    assert_eq!(baseline.hide("k.json", &mut silent).gone, 0);
    assert_eq!(baseline.record("k.json", &silent), 0);
    assert_eq!(baseline, recorded);
}

#[test]
fn a_folder_is_searched_without_its_baseline() {
    let folder = folder("folder");
    folder.write("gateway/a.json", exporters(&["one"]));
    run(&folder, &["--write-baseline", "known.json", "."]);
    let (_, listed, _) = run(&folder, &["--files", "."]);
    assert_eq!(listed.lines().count(), 1, "{listed}");
    let (status, _, err) = run(&folder, &["--baseline", "known.json", "--fail-on", "warning", "."]);
    assert_eq!(status, 0, "{err}");
    assert!(err.contains("no findings in 1 file, 1 in the baseline"), "{err}");
}

#[test]
fn the_documentation_shows_a_baseline() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/baseline.md");
    let text = fs::read_to_string(path).expect("it is there").replace("\r\n", "\n");
    let (_, rest) = text.split_once("```json\n").expect("an example");
    let (example, _) = rest.split_once("```").expect("its end");
    let mut baseline = Baseline::parse(example.as_bytes()).expect("a baseline");
    assert_eq!(baseline.text(), example);
    // Its fingerprint is that of what it says.
    let text =
        exporters(&["one"]).replace("\"exporters\"", "\"trace_sample_rate\": 0, \"exporters\"");
    let mut report = report(&text.replace("4318", "4317"), false);
    assert_eq!(baseline.hide("gateway/krakend.json", &mut report).hidden, 1);
    assert_eq!(baseline.prune(|_| false), 1);
}

#[test]
fn a_fault_of_syntax_is_never_known_and_nothing_is_gone_behind_it() {
    let text = exporters(&["one"]);
    let mut baseline = Baseline::default();
    baseline.record("k.json", &report(&text, false));
    let recorded = baseline.clone();
    let mut broken = report(&text[..text.len() / 2], false);
    assert_eq!(baseline.record("k.json", &broken), 0);
    assert_eq!(baseline, recorded);
    let known = baseline.hide("k.json", &mut broken);
    assert_eq!((known.hidden, known.gone), (0, 0));
    assert_eq!(broken.findings[0].rule, "invalid-json");
}

#[test]
fn a_text_is_read_as_it_was_written_and_nothing_else_is_read() {
    let mut baseline = Baseline::default();
    for (file, hosts) in [("b.json", ["one", "größer"]), ("a/c.json", ["x\u{202e}", "\n"])] {
        baseline.record(file, &report(&exporters(&hosts), true));
    }
    let text = baseline.text();
    assert_eq!(Baseline::parse(text.as_bytes()), Ok(baseline.clone()));
    assert_eq!(Baseline::parse(format!("\u{feff}{text}").as_bytes()), Ok(baseline.clone()));
    assert_eq!(Baseline::parse(text.replace('\n', "\r\n").as_bytes()), Ok(baseline.clone()));
    let files: Vec<usize> = ["a/c.json", "b.json"].map(|f| text.find(f).expect(f)).into();
    assert!(files.is_sorted(), "{text}");

    let foreign = [r#"{"version": 3}"#, "[]", "{}", "1", r#"{"version": 1, "tool": "other"}"#];
    for text in foreign {
        assert_eq!(Baseline::parse(text.as_bytes()), Err(BaselineError::Foreign), "{text}");
    }
    let newer = text.replace("\"version\": 1", "\"version\": 2");
    let error = Baseline::parse(newer.as_bytes()).expect_err("a newer one");
    assert_eq!(error, BaselineError::Version("2".into()));
    for (from, to, line, word) in [
        ("\"count\": 1", "\"count\": -1", 10, "a whole number"),
        ("\"count\": 1", "\"number\": 1", 10, "number"),
        ("\"findings\": [", "\"findings\": [<<<<", 4, "expected"),
        ("\"rule\"", "<<<<<<< HEAD\n\"rule\"", 8, "string"),
    ] {
        let broken = text.replacen(from, to, 1);
        let error = Baseline::parse(broken.as_bytes()).expect_err("it is broken");
        let BaselineError::Invalid { line: at, message, .. } = &error else { panic!("{error}") };
        assert_eq!(*at, line, "{error}");
        assert!(message.contains(word), "{error}");
    }
    for end in 0..text.len() - 2 {
        assert!(Baseline::parse(&text.as_bytes()[..end]).is_err(), "{end}");
    }
}

fn report(text: &str, pedantic: bool) -> CheckedFile {
    linter::check(Source::new("k.json", text), &Options { pedantic, ..Options::default() })
}

/// A fresh folder for one test of the program, with another in it.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(&format!("baseline/{name}"));
    fs::create_dir(folder.path("gateway")).expect("a folder for the test");
    folder
}

/// Status, standard output and standard error.
fn run(folder: &Folder, args: &[&str]) -> (i32, String, String) {
    run_in(folder, "", args)
}

fn run_in(folder: &Folder, name: &str, args: &[&str]) -> (i32, String, String) {
    folder.told_in(name, &[&["--output-format", "concise"], args].concat())
}

#[test]
fn old_findings_are_quiet_and_new_ones_fail() {
    let folder = folder("story");
    folder.write("gateway/a.json", exporters(&["one"])).write("b.json", exporters(&["two"]));
    let strict = ["--fail-on", "warning", "gateway/a.json", "b.json"];
    let (status, out, _) = run(&folder, &strict);
    assert_eq!((status, out.lines().count()), (1, 2), "{out}");

    let with = |flag: &'static str| [&[flag, "known.json"], &strict[..]].concat();
    let (status, out, err) = run(&folder, &with("--write-baseline"));
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("known.json: 2 findings recorded\n"), "{err}");
    let (status, out, err) = run(&folder, &with("--baseline"));
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("no findings in 2 files, 2 in the baseline"), "{err}");
    assert!(!err.contains("no longer"), "{err}");

    folder.write("b.json", exporters(&["new", "two"]));
    let (status, out, err) = run(&folder, &with("--baseline"));
    assert_eq!((status, out.lines().count()), (1, 1), "{out}");
    assert!(err.contains("1 warning in 2 files, 2 in the baseline"), "{err}");

    // However the files are named, and wherever from.
    let (status, _, err) =
        run_in(&folder, "gateway", &["--baseline", "../known.json", "a.json", "../gateway/a.json"]);
    assert_eq!(status, 0);
    assert!(err.contains("no findings in 1 file, 1 in the baseline"), "{err}");
    let (status, _, err) = run(&folder, &["-q", "--baseline", "known.json", "gateway/a.json"]);
    assert_eq!((status, err.as_str()), (0, ""));
}

#[test]
fn what_is_gone_is_told_and_pruned_and_what_was_not_looked_at_stays() {
    let folder = folder("gone");
    folder.write("gateway/a.json", exporters(&["one", "two"])).write("b.json", exporters(&["c"]));
    let (_, _, err) = run(&folder, &["--write-baseline", "known.json", "gateway/a.json", "b.json"]);
    assert!(err.contains("known.json: 3 findings recorded\n"), "{err}");

    folder.write("gateway/a.json", exporters(&["one"]));
    let (_, _, err) =
        run(&folder, &["--baseline", "known.json", "gateway/a.json", "gateway/a.json"]);
    let said = "known.json: 1 entry no longer occurs: `--write-baseline known.json` prunes";
    assert!(err.contains(said), "{err}");
    let (_, _, err) = run(&folder, &["--baseline", "known.json", "b.json"]);
    assert!(!err.contains("no longer"), "a part of the files: {err}");

    let (_, _, err) = run(&folder, &["--write-baseline", "known.json", "gateway/a.json"]);
    assert!(err.contains("known.json: 2 findings recorded, 1 taken out\n"), "{err}");
    assert!(folder.read("known.json").contains("b.json"), "b.json was not looked at");

    fs::remove_file(folder.0.join("b.json")).expect("it is there");
    let (_, _, err) = run(&folder, &["--baseline", "known.json", "gateway/a.json"]);
    assert!(err.contains("known.json: 1 entry no longer occurs"), "{err}");
    run(&folder, &["--write-baseline", "known.json", "gateway/a.json"]);
    assert!(!folder.read("known.json").contains("b.json"));
}

#[test]
fn what_is_no_baseline_is_told_and_never_overwritten() {
    let folder = folder("invalid");
    folder.write("a.json", exporters(&["one"])).write("broken.json", "{\n  \"version\": 1,,\n}");
    folder.write("new.json", r#"{"version": 7, "tool": "otel-lint"}"#);
    folder.write("other.json", exporters(&["two"]));
    for (flag, file, said) in [
        ("--baseline", "none.json", "none.json: no such baseline; `otel-lint --write-baseline"),
        ("--baseline", "broken.json", "broken.json:2:16: not a valid baseline"),
        ("--write-baseline", "broken.json", "broken.json:2:16: not a valid baseline"),
        ("--baseline", "a.json", "a.json: not a baseline"),
        ("--write-baseline", "other.json", "other.json: not a baseline"),
        ("--baseline", "new.json", "new.json: a baseline of version 7"),
        ("--baseline", "gateway", "gateway: is a directory"),
        ("--write-baseline", "gateway", "gateway: is a directory"),
        ("--write-baseline", "no/such/folder.json", "cannot be written"),
    ] {
        let before = fs::read(folder.0.join(file)).ok();
        let (status, out, err) = run(&folder, &[flag, file, "a.json"]);
        assert_eq!((status, out.as_str()), (2, ""), "{flag} {file}: {err}");
        assert!(err.contains(said), "{flag} {file}: {err}");
        assert_eq!(before, fs::read(folder.0.join(file)).ok(), "{flag} {file}");
    }
    let (status, _, err) = run(&folder, &["--baseline", "x", "--write-baseline", "x", "a.json"]);
    assert_eq!(status, 2, "{err}");
}

#[test]
fn a_baseline_is_written_whole_and_the_same_each_time() {
    let folder = folder("whole");
    folder.write("a.json", exporters(&["one", "two"])).write("b.json", exporters(&["one"]));
    run(&folder, &["--write-baseline", "known.json", "a.json", "b.json"]);
    let first = folder.read("known.json");
    assert!(first.starts_with("{\n  \"version\": 1,\n  \"tool\": \"otel-lint\",\n"), "{first}");
    run(&folder, &["--write-baseline", "known.json", "b.json", "./a.json"]);
    assert_eq!(folder.read("known.json"), first);
    let left = folder.names();
    assert_eq!(left, ["a.json", "b.json", "gateway", "known.json"], "no temporary file is left");
}

#[cfg(unix)]
#[test]
fn links_permissions_and_closed_folders_are_respected() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("links");
    folder.write("a.json", exporters(&["one"]));
    run(&folder, &["--write-baseline", "gateway/real.json", "a.json"]);
    assert!(folder.read("gateway/real.json").contains("\"../a.json\""));
    let real = folder.0.join("gateway/real.json");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("chmod");
    symlink("real.json", folder.0.join("gateway/link.json")).expect("a link");
    folder.write("a.json", exporters(&["one", "two"]));
    run(&folder, &["--write-baseline", "gateway/link.json", "a.json"]);
    assert!(folder.0.join("gateway/link.json").is_symlink());
    assert_eq!(folder.read("gateway/real.json").matches("fingerprint").count(), 2);
    assert_eq!(fs::metadata(&real).expect("it is there").permissions().mode() & 0o777, 0o640);
}

#[test]
fn standard_input_has_a_name_of_its_own() {
    let folder = folder("stdin");
    let run = |flag: &str| {
        let args = [flag, "known.json", "--fail-on", "warning", "-"];
        status(&folder.pipe(&args, exporters(&["one"]).as_bytes()))
    };
    assert_eq!(run("--write-baseline"), 0);
    assert_eq!(run("--baseline"), 0);
    assert!(folder.read("known.json").contains("<stdin>"));
}

#[test]
fn no_secret_gets_into_a_baseline() {
    let secret = "zq7ReallySecretValue";
    for (text, edition, version) in seeds() {
        let Ok(mut value) = serde_json::from_str::<Value>(&text) else { continue };
        for list in lists(&mut value) {
            for item in list.iter_mut().filter_map(Value::as_object_mut) {
                for (name, value) in item.iter_mut() {
                    if matches!(name.as_str(), "name" | "host" | "url_pattern" | "endpoint") {
                        *value = format!("http://user:{secret}@host/?token={secret}").into();
                    }
                }
            }
        }
        let report = check(&value.to_string(), edition, version);
        let mut baseline = Baseline::default();
        baseline.record("k.json", &report);
        assert!(!baseline.text().contains(secret), "{}", baseline.text());
    }
}
