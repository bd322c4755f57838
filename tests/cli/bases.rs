//! Which files are bases of a flexible configuration, and the format of what they are rendered to.

use crate::program::{BAD, Folder, WARN, err, out, status};

const YAML_BASE: &str = "\
version: 3
extra_config:
  telemetry/opentelemetry:
    trace_sample_rate: {{ .telemetry.rate }}
    exporters:
      otlp:
        - name: c
          host: {{ .telemetry.host }}
          use_http: true
";
const TOML_BASE: &str = "\
version = 3
[extra_config.\"telemetry/opentelemetry\"]
trace_sample_rate = {{ .telemetry.rate }}
[[extra_config.\"telemetry/opentelemetry\".exporters.otlp]]
name = \"c\"
host = \"{{ .telemetry.host }}\"
use_http = true
";

#[test]
fn a_base_in_yaml_or_toml_is_read_in_that_format() {
    for (name, base, port) in [
        ("krakend.yaml", YAML_BASE, "7:11"),
        ("krakend.yml.tmpl", YAML_BASE, "7:11"),
        ("krakend.tmpl", YAML_BASE, "7:11"),
        ("krakend.toml", TOML_BASE, "4:1"),
        ("krakend.tmpl", TOML_BASE, "4:1"),
    ] {
        let folder = Folder::new("flexible-formats");
        let settings = |rate| format!("{{\n  \"rate\": {rate},\n  \"host\": \"collector\"\n}}\n");
        folder.write(name, base).write("settings/dev/telemetry.json", settings("0"));
        folder.write("settings/prod/telemetry.json", settings("0.5"));
        let run = folder.run(&["-f", "concise", "."]);
        let said = out(&run).replace('\\', "/");
        let expected = [
            format!("{name}:{port}: error[otlp-http-without-port]"),
            "settings/dev/telemetry.json:2:11: error[sample-rate-zero]".to_owned(),
        ];
        assert!(expected.iter().all(|one| said.contains(one)), "{name}: {said}{}", err(&run));
        assert_eq!(said.lines().count(), 2, "{name}: {said}");
        assert!(err(&run).contains("(folders with the usual names)"), "{}", err(&run));
        let difference = folder.run(&["render", name, "--diff", "dev", "prod"]);
        assert!(out(&difference).contains("-      \"trace_sample_rate\": 0,"), "{difference:?}");
        let effective = folder.run(&["effective", name, "--fc-environment", "prod"]);
        assert!(out(&effective).contains("50 %"), "{effective:?}");
    }
}

#[test]
fn a_base_that_renders_to_wrong_yaml_is_wrong_yaml() {
    let folder = Folder::new("flexible-wrong-yaml");
    folder.write("krakend.yaml.tmpl", "{{ .a.b }}: [\n").write("settings/a.json", "{\"b\": \"c\"}");
    let run = folder.run(&["-f", "concise", "krakend.yaml.tmpl", "--fc-settings", "settings"]);
    assert!(out(&run).contains("error[invalid-yaml]"), "{}", out(&run));
}

#[test]
fn a_search_finds_the_bases_that_the_settings_name() {
    let folder = Folder::new("flexible-named");
    folder
        .write("krakend.tmpl", "{ \"version\": 3, \"name\": \"{{ env \"NAME\" }}\" }")
        .write("gateway.conf", "{{ include \"all\" }}")
        .write("parts/all", crate::program::BAD)
        .write("otel-lint.toml", "exclude = [\"krakend.tmpl\"]\n[[flexible]]\nbase = \"gateway.conf\"\npartials = \"parts\"\n");
    let run = folder.run(&["-f", "concise", "."]);
    assert!(
        out(&run).replace('\\', "/").contains("parts/all:5:75: error[port-range]"),
        "{}",
        out(&run)
    );
    assert_eq!(folder.run(&["-f", "concise", "gateway.conf"]).stdout, run.stdout);
    // Unless they leave it out.
    folder.write("otel-lint.toml", "exclude = [\"*\"]\n[[flexible]]\nbase = \"gateway.conf\"\n");
    assert_eq!(out(&folder.run(&["-f", "concise", "."])), "");
}

#[test]
fn other_programs_with_a_version_of_3_are_no_base() {
    let folder = Folder::new("flexible-compose");
    folder
        .write("stack.yaml", "version: 3\nservices:\n  a:\n    hostname: {{ node.Hostname }}\n")
        .write("settings/a.json", "{}");
    for args in [&["-f", "concise", "."][..], &["-f", "concise", "stack.yaml"]] {
        let run = folder.run(args);
        assert!(!err(&run).contains("rendered with"), "{}", err(&run));
        assert_eq!(out(&run), "");
    }
}

#[test]
fn a_base_in_yaml_that_cannot_be_rendered_runs_as_it_is_written() {
    let folder = Folder::new("flexible-raw-yaml");
    folder.write("krakend.yaml", "version: 3\nname: \"{{ nothing }}\"\n");
    let run = folder.run(&["-f", "concise", "krakend.yaml", "--fc-env", "A=b"]);
    assert!(out(&run).contains("krakend.yaml:2:11: error[raw-template-runs]"), "{}", out(&run));
}

#[test]
fn a_base_that_asks_for_no_other_file_is_rendered_alone() {
    let folder = Folder::new("flexible-alone");
    let alone = |inner: &str| {
        let exporter =
            r#""name": "c", "host": "{{ env "COLLECTOR" }}", "port": {{ add 65000 5000 }}"#;
        format!(
            r#"{{"version": 3, "extra_config": {{ {inner} "telemetry/opentelemetry":
                {{"exporters": {{"otlp": [{{ {exporter} }}]}}}} }} }}"#
        )
    };
    folder.write("krakend.tmpl", alone(""));
    let run = folder.run(&["-f", "concise", "krakend.tmpl"]);
    assert!(out(&run).contains("error[port-range]"), "{}{}", out(&run), err(&run));
    assert!(err(&run).contains("asks for no other file"), "{}", err(&run));
    let effective = folder.run(&["effective", "krakend.tmpl"]);
    assert!(out(&effective).contains("70000"), "{effective:?}");
    // What it would be rendered to with the others is not known.
    for inner in ["{{ include \"x\" }}", "{{ template \"x\" . }}", "{{ .a.b }}", "{{ nothing }}"] {
        folder.write("krakend.tmpl", alone(inner));
        let run = folder.run(&["-f", "concise", "krakend.tmpl"]);
        assert!(!err(&run).contains("asks for no other file"), "{inner}: {}", err(&run));
    }
    // What the gateway can read as it is may not be rendered at all.
    let readable = WARN.replace("\"collector\"", "\"{{ env `COLLECTOR` }}\"");
    folder.write("krakend.tmpl", "x").write("krakend.json", readable);
    let run = folder.run(&["-f", "concise", "krakend.json"]);
    assert!(out(&run).contains("[unrendered-placeholder]"), "{}{}", out(&run), err(&run));
    // Without telemetry there is nothing to check, which is not the same as not checked.
    folder.write(
        "krakend.tmpl",
        "{\"version\": 3, \"host\": [\"{{ env \"HOST\" }}\"], \"endpoints\": []}",
    );
    let run = folder.run(&["--fail-on-unchecked", "."]);
    assert!(err(&run).contains("krakend.tmpl: no telemetry block"), "{}", err(&run));
    assert_eq!(status(&run), 0);
}

#[test]
fn the_format_is_that_of_the_file_that_the_gateway_writes() {
    let folder = Folder::new("flexible-fc-out");
    let base = "# A comment.\n{\"version\": 3, \"name\": \"{{ .a.name }}\", \"endpoints\": [], }\n";
    folder.write(".git/HEAD", "").write("krakend.tmpl", base);
    folder.write("settings/a.json", "{ \"name\": \"x\" }");
    for (out_file, is_wrong) in [("out.yaml", false), ("./x/out.yml", false), ("out.json", true)] {
        let script =
            format!("FC_OUT={out_file} FC_SETTINGS=settings krakend run -c krakend.tmpl\n");
        folder.write("run.sh", script);
        let run = folder.run(&["-f", "concise", "."]);
        assert_eq!(out(&run).contains("error[invalid-json]"), is_wrong, "{out_file}: {run:?}");
        assert!(err(&run).contains("told by run.sh"), "{}", err(&run));
    }
    let mut command = folder.command(&["-f", "concise", "krakend.tmpl"]);
    command.env("FC_ENABLE", "1").env("FC_SETTINGS", "settings").env("FC_OUT", "out.yaml");
    let run = command.output().expect("it runs");
    assert_eq!(out(&run), "", "{}", err(&run));
}

#[test]
fn a_search_in_no_repository_reads_what_all_of_its_folder_says() {
    let path = std::env::temp_dir().join(format!("otel-lint-no-git-{}", std::process::id()));
    let folder = Folder(path);
    folder
        .write("gateway/krakend.tmpl", BAD.replace("70000", "{{ .otel.port }}"))
        .write("gateway/values/otel.json", "{ \"port\": 70000 }")
        .write("compose.yaml", "volumes: [./gateway:/g]\nenvironment:\n  FC_SETTINGS: /g/values\n");
    let run = folder.run(&["-f", "concise", "."]);
    std::fs::remove_dir_all(&folder.0).expect("it is there");
    assert!(err(&run).contains("told by compose.yaml"), "{}", err(&run));
    assert!(out(&run).contains("[port-range]"), "{}", out(&run));
}
