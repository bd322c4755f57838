//! The command line: exit status, streams, and what each command prints.

use std::path::Path;
use std::process::Stdio;

use crate::program::{BAD, CLEAN, Folder, WARN, err, out, status};

#[test]
fn the_exit_status_tells_what_was_found() {
    let folder = Folder::new("status");
    folder.write("clean.json", CLEAN).write("bad.json", BAD).write("warn.json", WARN);
    let table: &[(&[&str], i32)] = &[
        (&["clean.json"], 0),
        (&["warn.json"], 0),
        (&["bad.json"], 1),
        (&["clean.json", "bad.json"], 1),
        (&["--fail-on", "warning", "warn.json"], 1),
        (&["--fail-on", "info", "warn.json"], 1),
        (&["--fail-on", "never", "bad.json"], 0),
        (&["missing.json"], 2),
        (&["missing.json", "bad.json"], 2),
        (&["bad.json", "missing.json"], 2),
        (&["--fail-on", "never", "missing.json"], 2),
        (&["--no-such-flag"], 2),
        (&["--krakend-version", "2.5", "clean.json"], 2),
        (&["--krakend-version", "abc", "clean.json"], 2),
        (&["--help"], 0),
        (&["--version"], 0),
    ];
    for (args, expected) in table {
        let output = folder.run(args);
        assert_eq!(status(&output), *expected, "{args:?}: {}", err(&output));
    }
}

#[test]
fn findings_go_to_standard_output_and_the_rest_to_standard_error() {
    let folder = Folder::new("streams");
    folder.write("bad.json", BAD);
    let output = folder.run(&["--output-format", "concise", "bad.json", "missing.json"]);
    assert_eq!(
        out(&output),
        "bad.json:5:75: error[port-range] there is no port 70000: ports end at 65535\n"
    );
    let err = err(&output);
    assert!(err.contains("missing.json: no such file"), "{err}");
    assert!(err.contains("KrakenD CE 2.13.8 (newest)"), "{err}");
    assert!(err.contains("1 error in 1 file"), "{err}");
    let quiet = folder.run(&["--quiet", "bad.json"]);
    assert!(quiet.stderr.is_empty() && !quiet.stdout.is_empty());
}

#[test]
fn without_a_file_krakend_json_is_checked() {
    let folder = Folder::new("default");
    let nothing = folder.run(&[]);
    assert_eq!(status(&nothing), 2);
    assert!(err(&nothing).contains("there is no krakend.json here"), "{}", err(&nothing));
    folder.write("krakend.json", BAD);
    assert_eq!(status(&folder.run(&[])), 1);
}

#[test]
fn a_dash_is_standard_input() {
    let folder = Folder::new("stdin");
    let output = folder.pipe(&["--output-format=concise", "-"], BAD.as_bytes());
    assert_eq!(status(&output), 1);
    assert!(out(&output).starts_with("<stdin>:5:75: error[port-range]"), "{}", out(&output));
}

#[test]
fn a_gateway_without_telemetry_is_said_to_be_one() {
    let folder = Folder::new("none");
    folder.write("k.json", r#"{"version": 3, "endpoints": []}"#);
    let output = folder.run(&["k.json"]);
    assert_eq!(status(&output), 0);
    assert!(err(&output).contains("no telemetry block: nothing is exported"), "{}", err(&output));
}

#[test]
fn the_version_is_told_with_its_origin() {
    let folder = Folder::new("version");
    let named = CLEAN.replacen(
        '{',
        r#"{ "$schema": "https://www.krakend.io/schema/v2.11/krakend.json","#,
        1,
    );
    folder.write("named.json", named);
    let output = folder.run(&["named.json"]);
    assert!(err(&output).contains("KrakenD CE 2.11.2 ($schema)"), "{}", err(&output));
    let output = folder.run(&["--krakend-version", "2.9", "--edition", "ee", "named.json"]);
    assert!(err(&output).contains("KrakenD EE 2.9.4 (--krakend-version)"), "{}", err(&output));
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::new("pipe");
    let many: String = (0..5000).map(|_| r#"{"name":"c","host":"h","port":70000},"#).collect();
    let bad = format!(
        r#"{{"version":3,"extra_config":{{"telemetry/opentelemetry":{{"exporters":{{"otlp":[{}]}}}}}}}}"#,
        many.trim_end_matches(',')
    );
    folder.write("bad.json", bad);
    let mut child = folder
        .command(&["bad.json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(status(&output), 1);
    assert!(!err(&output).contains("panicked"), "{}", err(&output));
    assert!(!err(&output).contains("cannot write"), "{}", err(&output));
}

#[test]
fn colour_is_used_where_it_is_wanted() {
    let folder = Folder::new("colour");
    folder.write("bad.json", BAD);
    let coloured = |args: &[&str]| folder.run(args).stdout.contains(&0x1b);
    assert!(!coloured(&["bad.json"]), "standard output is not a terminal here");
    assert!(coloured(&["--color", "always", "bad.json"]));
    assert!(!coloured(&["--color", "never", "bad.json"]));
    let no_color = folder
        .command(&["--color", "always", "bad.json"])
        .env("NO_COLOR", "1")
        .output()
        .expect("the program runs");
    assert!(no_color.stdout.contains(&0x1b), "a flag is stronger than the environment");
}

#[test]
fn infos_are_shown_to_the_pedantic_only() {
    let folder = Folder::new("pedantic");
    let info = r#"{"version":3,"extra_config":{"telemetry/opentelemetry":{"exporters":
        {"otlp":[{"name":"c","host":"collector"}],"prometheus":[{"name":"p","host":"127.0.0.1"}]}}}}"#;
    folder.write("k.json", info);
    assert!(out(&folder.run(&["k.json"])).is_empty());
    assert!(out(&folder.run(&["--pedantic", "k.json"])).contains("prometheus-host-undocumented"));
}

#[test]
fn a_rule_is_explained_and_a_near_name_suggested() {
    let folder = Folder::new("explain");
    let page = folder.run(&["explain", "sample-rate-zero"]);
    assert_eq!(status(&page), 0);
    assert!(out(&page).contains("means none") || out(&page).contains("100 %"), "{}", out(&page));
    let markdown = folder.run(&["explain", "--output-format", "markdown", "sample-rate-zero"]);
    assert!(out(&markdown).starts_with("# sample-rate-zero\n"));
    let near = folder.run(&["explain", "sample-rat-zero"]);
    assert_eq!(status(&near), 2);
    assert!(err(&near).contains("did you mean `sample-rate-zero`?"), "{}", err(&near));
    let far = folder.run(&["explain", "xyzzy"]);
    assert_eq!(status(&far), 2);
    assert!(err(&far).contains("`otel-lint rules` lists them"), "{}", err(&far));
}

#[test]
fn every_rule_that_is_listed_is_explained() {
    let folder = Folder::new("rules");
    let list = folder.run(&["rules", "--output-format", "json"]);
    let rules: serde_json::Value = serde_json::from_str(&out(&list)).expect("JSON");
    let rules = rules.as_array().expect("an array");
    assert!(rules.len() >= 60);
    let table = out(&folder.run(&["rules"]));
    for rule in rules {
        let id = rule["id"].as_str().expect("an id");
        assert!(table.contains(id), "{id}");
        let page = folder.run(&["explain", id]);
        assert_eq!(status(&page), 0, "{id}");
        // A line of the gateway's log is one line, to be found and copied.
        let is_log = |line: &&str| {
            ["ERROR", "WARNING", "CRITICAL", "[SERVICE", "panic"]
                .iter()
                .any(|level| line.trim_start().starts_with(level))
        };
        let wide =
            out(&page).lines().filter(|line| !is_log(line)).map(|line| line.chars().count()).max();
        assert!(wide.is_some_and(|columns| columns <= 120), "{id}: {wide:?} columns");
    }
}

#[test]
fn the_printed_schema_is_the_committed_one() {
    let folder = Folder::new("schema");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for (scope, version) in [("service", "2.6"), ("file", "2.13"), ("security", "2.9")] {
        let printed = folder.run(&["schema", "--scope", scope, "--krakend-version", version]);
        assert_eq!(status(&printed), 0);
        let file = committed.join(version).join(format!("{scope}.json"));
        let expected = std::fs::read_to_string(file).expect("committed").replace("\r\n", "\n");
        assert_eq!(out(&printed), expected, "{scope} {version}");
    }
}

#[test]
fn the_effective_configuration_is_shown_in_three_forms() {
    let folder = Folder::new("effective");
    folder.write("k.json", CLEAN).write("broken.json", "{").write("esc.json", "{\"name\": \"\\u001b[31m\", \"extra_config\": {\"telemetry/opentelemetry\": {\"exporters\": {\"prometheus\": [{\"name\": \"p\"}]}}}}");
    let human = folder.run(&["effective", "k.json"]);
    assert_eq!(status(&human), 0);
    assert!(out(&human).contains("grpc://collector:4317, plaintext"), "{}", out(&human));
    assert!(out(&human).contains("(k.json:5)"), "{}", out(&human));
    let json = folder.run(&["effective", "--output-format", "json", "k.json"]);
    let json: serde_json::Value = serde_json::from_str(&out(&json)).expect("JSON");
    assert_eq!(json["status"], "active");
    let chart = folder.run(&["effective", "--output-format", "mermaid", "k.json"]);
    assert!(out(&chart).starts_with("flowchart LR\n"));
    let broken = folder.run(&["effective", "broken.json"]);
    assert_eq!(status(&broken), 2);
    assert!(err(&broken).contains("is not valid JSON"), "{}", err(&broken));
    let escape = folder.run(&["effective", "esc.json"]);
    assert!(!escape.stdout.contains(&0x1b), "{}", out(&escape));
    let colour = folder.run(&["effective", "--color", "always", "k.json"]);
    assert!(colour.stdout.contains(&0x1b));
}

#[test]
fn the_help_of_a_command_says_what_the_list_of_commands_says() {
    let folder = Folder::new("help");
    let all = out(&folder.run(&["--help"]));
    let (_, commands) = all.split_once("Commands:\n").expect("a list of commands");
    let (commands, _) = commands.split_once("\n\n").expect("an end of the list");
    let commands = commands.lines().filter_map(|line| line.trim().split_once("  "));
    let mut seen = 0;
    for (name, description) in commands.filter(|(name, _)| *name != "help") {
        let help = out(&folder.run(&[name, "--help"]));
        // A long description goes on with the next line of the list.
        assert!(help.starts_with(description.trim()), "{name}: {help}");
        assert!(help.contains(&format!("Usage: otel-lint {name} ")), "{help}");
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} commands are found");
}

#[test]
fn the_word_check_may_be_written() {
    let folder = Folder::new("word-check");
    folder.write("gateway/krakend.json", BAD).write("krakend.json", WARN);
    for args in [&["check", "."] as &[&str], &["check"], &["check", "-q", "gateway"]] {
        let plain: Vec<&str> = args[1..].to_vec();
        assert_eq!(folder.told(args), folder.told(&plain), "{args:?}");
    }
    assert_eq!(folder.told(&["check", "--fail-on", "warning"]).0, 1);
}

#[test]
fn exit_zero_is_for_findings_only() {
    let folder = Folder::new("exit-zero");
    folder.write("bad.json", BAD);
    assert_eq!(folder.told(&["--exit-zero", "bad.json"]).0, 0);
    assert_eq!(folder.told(&["--exit-zero", "missing.json"]).0, 2);
}

#[test]
fn statistics_count_the_findings_of_each_rule() {
    let folder = Folder::new("statistics");
    folder.write("a.json", BAD).write("b.json", WARN).write("c.json", WARN);
    let (status, out, _) = folder.told(&["--statistics", "."]);
    assert_eq!(status, 1);
    assert_eq!(out, "2  warning  otlp-port-protocol-mismatch\n1  error    port-range\n");
    assert_eq!(folder.told(&["--statistics", "-f", "json", "."]).0, 2);
}

#[test]
fn output_goes_to_a_file() {
    let folder = Folder::new("output-file");
    folder.write("bad.json", BAD);
    let (_, printed, _) = folder.told(&["-f", "json", "bad.json"]);
    let (status, out, _) = folder.told(&["-f", "json", "-o", "report.json", "bad.json"]);
    assert_eq!((status, out.as_str()), (1, ""));
    assert_eq!(folder.read("report.json"), printed);
    let (_, out, _) = folder.told(&["-f", "json", "-o", "-", "bad.json"]);
    assert_eq!(out, printed);
}

#[test]
fn rules_and_groups_are_explained_in_any_case() {
    let folder = Folder::new("explain-case");
    let (status, page, _) = folder.told(&["explain", "Sample-Rate-ZERO"]);
    assert!(status == 0 && page.starts_with("sample-rate-zero: "), "{page}");
    let (status, group, _) = folder.told(&["explain", "SAMPLING"]);
    assert!(status == 0 && group.contains("sample-rate-zero") && !group.contains("privacy"));
    let (status, _, err) = folder.told(&["explain", "host-port"]);
    assert!(status == 2 && err.contains("did you mean `otlp-host-contains-port`?"), "{err}");
    let (_, list, _) = folder.told(&["rules"]);
    assert!(list.contains("invalid-settings"), "{list}");
    folder.write("warn.json", WARN);
    let ignored = ["--fail-on", "warning", "--ignore", "OTLP-Port-Protocol-Mismatch", "warn.json"];
    assert_eq!(folder.told(&ignored).0, 0);
}

#[test]
fn the_environment_chooses_colour_and_width() {
    let folder = Folder::new("environment");
    folder.write("bad.json", BAD);
    let shown = |variables: &[(&str, &str)]| {
        let mut command = folder.command(&["bad.json"]);
        for name in ["FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "FORCE_HYPERLINK"] {
            command.env_remove(name);
        }
        out(&command.envs(variables.iter().copied()).output().expect("the program runs"))
    };
    assert!(!shown(&[]).contains('\x1b'));
    assert!(shown(&[("FORCE_COLOR", "1")]).contains("\x1b["));
    assert!(shown(&[("CLICOLOR_FORCE", "1")]).contains("\x1b["));
    assert!(!shown(&[("FORCE_COLOR", "1"), ("NO_COLOR", "1")]).contains('\x1b'));
    let widest = |text: &str| text.lines().map(|line| line.chars().count()).max();
    assert!(widest(&shown(&[("COLUMNS", "40")])) < widest(&shown(&[("COLUMNS", "100")])));
    assert!(!shown(&[("FORCE_HYPERLINK", "1")]).contains('\x1b'), "links are for terminals");
}
