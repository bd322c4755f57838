//! A flexible configuration, checked as it is rendered.

use std::process::Output;

use serde_json::Value;

use crate::program::{Folder, err, out, status};

const BASE: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      {{ include "period.tmpl" }}
      "trace_sample_rate": {{ .telemetry.rate }},
      "exporters": { "otlp": [{ "name": "c", "host": "collector" }] }
    }
  }
}
"#;

fn project(name: &str, rate: &str, period: &str) -> Folder {
    let folder = Folder::new(name);
    folder
        .write("krakend.tmpl", BASE)
        .write("settings/telemetry.json", format!("{{ \"rate\": {rate} }}\n"))
        .write("partials/period.tmpl", period);
    folder
}

fn check(folder: &Folder, more: &[&str]) -> Output {
    let project = ["krakend.tmpl", "--fc-settings", "settings", "--fc-partials", "partials"];
    folder.run(&[&project, more].concat())
}

#[test]
fn each_finding_is_told_in_the_file_to_change() {
    let folder = project("flexible-findings", "0", "\"metric_reporting_period\": 0,\n");
    let run = check(&folder, &["-f", "concise"]);
    assert_eq!(status(&run), 1);
    let said = out(&run).replace('\\', "/");
    assert!(said.contains("settings/telemetry.json:1:11: error[sample-rate-zero]"), "{said}");
    assert!(said.contains("partials/period.tmpl:1:28: warning[metric-period-not"), "{said}");
    // Each of these files was checked, as a part of what was rendered.
    let said = err(&run);
    assert!(!said.contains("not checked") && !said.contains("template tells"), "{said}");
    assert!(!said.contains("no telemetry"), "{said}");
    assert!(said.contains("1 error, 1 warning in 3 files"), "{said}");
    let report = out(&check(&folder, &["-f", "json"]));
    assert_eq!(report.matches("\"content\": \"rendered\"").count(), 3, "{report}");
}

#[test]
fn what_cannot_be_rendered_is_not_called_checked() {
    let folder = project("flexible-error", "{}", "");
    folder.write("krakend.tmpl", BASE.replace(".telemetry.rate", "index .telemetry.rate 0 1"));
    let run = check(&folder, &["-f", "concise"]);
    assert_eq!(status(&run), 1);
    assert!(out(&run).contains("krakend.tmpl:6:"), "{}", out(&run));
    let said = "krakend.tmpl: not checked: the configuration cannot be rendered";
    assert!(err(&run).contains(said), "{}", err(&run));
}

#[test]
fn what_the_configuration_suppresses_is_counted() {
    let folder = project("flexible-suppressed", "0", "");
    let ignore = r#""@otel-lint": { "ignore": { "sample-rate-zero": "all of it" } },"#;
    folder.write("partials/period.tmpl", ignore);
    let run = check(&folder, &[]);
    assert_eq!((status(&run), &*out(&run)), (0, ""));
    assert!(err(&run).contains("no findings in 2 files, 1 suppressed"), "{}", err(&run));
}

#[test]
fn a_fix_is_made_in_the_file_that_the_text_comes_from() {
    let folder = project("flexible-fix", "0.5", "");
    folder
        .write("krakend.tmpl", BASE.replace("\"collector\"", "\"{{ .telemetry.host }}\""))
        .write("settings/telemetry.json", "{ \"rate\": 7, \"host\": \"collector\" }\n");
    let run = check(&folder, &["--fix", "--unsafe-fixes"]);
    let settings = folder.read("settings/telemetry.json");
    assert_eq!(settings, "{ \"rate\": 0.07, \"host\": \"collector\" }\n", "{}", err(&run));
    assert!(folder.read("krakend.tmpl").contains("\"{{ .telemetry.host }}\""));
}

#[test]
fn what_is_rendered_twice_is_not_fixed() {
    let folder = project("flexible-twice", "0.5", "");
    let twice = "[{{ range .telemetry.names }}{ \"name\": \"{{ . }}\", \"host\": \"c:4317\" },\
                 {{ end }} { \"name\": \"z\", \"host\": \"z\" }]";
    let base = BASE.replace("[{ \"name\": \"c\", \"host\": \"collector\" }]", twice);
    folder.write("krakend.tmpl", &base);
    folder.write("settings/telemetry.json", "{ \"rate\": 0.5, \"names\": [\"a\", \"b\"] }\n");
    let run = check(&folder, &["--fix", "--unsafe-fixes"]);
    assert!(out(&run).contains("otlp-host-contains-port"), "{}{}", out(&run), err(&run));
    assert_eq!(folder.read("krakend.tmpl"), base);
    assert!(err(&run).contains("nothing was fixed"), "{}", err(&run));
}

#[test]
fn many_findings_in_one_setting_take_no_quadratic_time() {
    let rates = vec![
        "{ \"endpoint\": \"/a\", \"extra_config\": { \"telemetry/opentelemetry\": 1 } }";
        4000
    ];
    let folder = project("flexible-many", "1", "");
    folder
        .write("settings/telemetry.json", format!("{{ \"all\": [{}] }}\n", rates.join(",\n")))
        .write("krakend.tmpl", r#"{ "version": 3, "endpoints": {{ marshal .telemetry.all }} }"#);
    let start = std::time::Instant::now();
    let run = check(&folder, &["-f", "concise"]);
    let seconds = start.elapsed().as_secs();
    assert!(seconds < 20, "{seconds} s, {} findings", out(&run).lines().count());
}

/// A repository with two environments, whose Dockerfile names the folders.
fn repository(name: &str) -> Folder {
    let folder = Folder::new(name);
    let base = BASE.replace("\"collector\"", "\"{{ .telemetry.host }}\"");
    folder
        .write(".git/HEAD", "")
        .write("gateway/krakend.tmpl", base)
        .write("gateway/config/settings/dev/telemetry.json", "{ \"rate\": 0, \"host\": \"c\" }\n")
        .write(
            "gateway/config/settings/prod/telemetry.json",
            "{ \"rate\": 1, \"host\": \"c:1\" }\n",
        )
        .write("gateway/config/partials/period.tmpl", "\"metric_reporting_period\": -5,\n")
        .write(
            "gateway/Dockerfile",
            "FROM krakend\nCOPY config /etc/krakend/\nENV FC_ENABLE=1\n\
             ENV FC_SETTINGS=/etc/krakend/settings/$ENV\nENV FC_PARTIALS=/etc/krakend/partials\n",
        );
    folder
}

fn slashes(text: &str) -> String {
    text.replace('\\', "/")
}

#[test]
fn a_search_renders_what_a_repository_tells() {
    let folder = repository("flexible-search");
    let run = folder.run(&["-f", "concise", "."]);
    let said = slashes(&out(&run));
    assert_eq!(status(&run), 1, "{said}");
    let count = |part: &str| said.matches(part).count();
    assert_eq!(
        count("gateway/config/settings/dev/telemetry.json:1:11: error[sample-rate-zero]"),
        1
    );
    assert_eq!(count("gateway/config/settings/prod/telemetry.json:1:22: error[otlp-host-con"), 1);
    assert_eq!(count("gateway/config/partials/period.tmpl:1:"), 1, "told once: {said}");
    let line = "gateway/krakend.tmpl: rendered with settings gateway/config/settings/dev, \
                gateway/config/settings/prod; partials gateway/config/partials (told by \
                gateway/Dockerfile)";
    assert!(slashes(&err(&run)).contains(line), "{}", err(&run));
    assert!(!err(&run).contains("as far as a template tells"), "{}", err(&run));
    let full = out(&folder.run(&["."]));
    assert!(full.contains("In every environment: dev, prod."), "{full}");
    assert!(full.contains("Only in the environment prod."), "{full}");
    let one = folder.run(&["-f", "concise", "--fc-environment", "dev", "."]);
    assert!(!out(&one).contains("prod") && out(&one).contains("sample-rate-zero"), "{}", out(&one));
}

#[test]
fn a_named_base_is_rendered_with_what_stands_beside_it() {
    let folder = project("flexible-usual", "0", "");
    let run = folder.run(&["-f", "concise", "krakend.tmpl"]);
    assert!(slashes(&out(&run)).contains("settings/telemetry.json:1:11: error"), "{}", out(&run));
    assert!(err(&run).contains("(folders with the usual names)"), "{}", err(&run));
    let quiet = folder.run(&["-q", "krakend.tmpl"]);
    assert!(!err(&quiet).contains("usual names"), "{}", err(&quiet));
}

#[test]
fn settings_name_environments_with_variables_of_their_own() {
    let folder = project("flexible-settings", "{{ env \"RATE\" }}", "");
    folder
        .write("krakend.tmpl", BASE.replace("{{ .telemetry.rate }}", "{{ env \"RATE\" }}"))
        .write("settings/telemetry.json", "{}")
        .write("prod.env", "# of the production\nexport RATE='0'\n")
        .write(
            "otel-lint.toml",
            "[[flexible]]\nbase = \"krakend.tmpl\"\npartials = \"partials\"\n\
             settings = \"settings\"\n\
             [[flexible.environments]]\nname = \"dev\"\nvariables = { RATE = \"0.1\" }\n\
             [[flexible.environments]]\nname = \"prod\"\nenv-file = \"prod.env\"\n",
        );
    let run = folder.run(&["krakend.tmpl"]);
    let said = out(&run);
    assert!(said.contains("sample-rate-zero"), "{said}{}", err(&run));
    assert!(said.contains("Only in the environment prod."), "{said}");
    assert_eq!(said.matches("Only in the environment dev.").count(), 0, "{said}");
    let run = folder.run(&["render", "krakend.tmpl", "--diff", "dev", "prod"]);
    let said = out(&run);
    assert!(said.contains("-      \"trace_sample_rate\": 0.1"), "{said}{}", err(&run));
    assert!(said.contains("+      \"trace_sample_rate\": 0"), "{said}");
    assert!(said.contains("--- dev") && said.contains("+++ prod"), "{said}");
    let run = folder.run(&["render", "krakend.tmpl"]);
    assert_eq!(status(&run), 2);
    assert!(err(&run).contains("choose an environment with --fc-environment: dev, prod"));
    let run = folder.run(&["render", "krakend.tmpl", "--fc-environment", "prod"]);
    assert!(out(&run).contains("\"trace_sample_rate\": 0,"), "{}", err(&run));
    let run = folder.run(&["effective", "krakend.tmpl"]);
    let said = out(&run);
    assert!(said.contains("krakend.tmpl (dev)") && said.contains("krakend.tmpl (prod)"), "{said}");
}

/// The base has its own lines, a partial and a setting theirs, and what has a loop is where the loop has it.
#[test]
fn the_effective_configuration_names_the_file_of_each_value() {
    let folder = Folder::new("flexible-effective");
    let base = "{\n  \"version\": 3,\n  \"extra_config\": {\n    {{ include \"otel.tmpl\" }}\n  },\n  \
                \"endpoints\": [{{ range $i, $e := .service.endpoints }}{{ if $i }},{{ end }}\n    {\n      \
                \"endpoint\": \"{{ $e.path }}\",\n      \"extra_config\": { \"telemetry/opentelemetry\": \
                { \"proxy\": { \"disable_traces\": {{ $e.off }} } } },\n      \"backend\": \
                [{ \"url_pattern\": \"/\", \"host\": [\"http://a\"] }]\n    }{{ end }}\n  ]\n}\n";
    let partial = "\"telemetry/opentelemetry\": {\n  \"trace_sample_rate\": 0.2,\n  \"exporters\": \
                   { \"otlp\": [{ \"name\": \"c\",\n    \"host\": \"collector\" }] }\n}\n";
    let settings = "{\"endpoints\": [\n  {\"path\": \"/a\", \"off\": true},\n  {\"path\": \"/b\", \"off\": true}\n]}";
    folder.write("krakend.json", base).write("partials/otel.tmpl", partial);
    folder.write("settings/service.json", settings);
    let said = slashes(&out(&folder.run(&["effective", "krakend.json", "--edition", "ee"])));
    for line in [
        "  sampler: 20 % of new traces, callers' decisions respected  (partials/otel.tmpl:2)",
        "    grpc://collector:4317, plaintext  (partials/otel.tmpl:4, port default)",
        "  GET /a  (krakend.json:9)\n    proxy.traces: off instead of on  (settings/service.json:2)",
        "  GET /b  (krakend.json:9)\n    proxy.traces: off instead of on  (settings/service.json:3)",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let run = folder.run(&["effective", "krakend.json", "--edition", "ee", "-f", "json"]);
    let json: serde_json::Value = serde_json::from_str(&slashes(&out(&run))).expect("JSON");
    let place =
        |file, line, column| serde_json::json!({"file": file, "line": line, "column": column});
    assert_eq!(json["service"]["sampler"]["from"], place("partials/otel.tmpl", 2, 24));
    assert_eq!(json["overrides"][0].get("file"), None);
    assert_eq!(json["overrides"][1]["line"], 9);
    assert_eq!(json["overrides"][1]["changes"][0]["from"], place("settings/service.json", 3, 25));
}

#[test]
fn a_variable_that_is_not_given_is_an_error_if_it_has_to_be() {
    let folder = project("flexible-strict", "1", "");
    folder.write("krakend.tmpl", BASE.replace("collector", "{{ env \"HOST\" }}"));
    let run = check(&folder, &["-f", "concise"]);
    assert_eq!((status(&run), out(&run).contains("variable-not-given")), (0, false));
    let run = check(&folder, &["-f", "concise", "--fc-strict"]);
    assert_eq!(status(&run), 1);
    assert!(out(&run).contains("error[variable-not-given] the variable HOST is"), "{}", out(&run));
    folder.write("vars", "HOST=collector\n");
    let run = check(&folder, &["--fc-strict", "--fc-env-file", "vars"]);
    assert_eq!(status(&run), 0, "{}", out(&run));
}

#[test]
fn a_partial_that_does_not_exist_is_told() {
    let folder = project("flexible-missing", "0.5", "");
    folder.write("krakend.tmpl", BASE.replace("period.tmpl", "Period.tmpl"));
    let run = check(&folder, &["-f", "concise"]);
    assert!(out(&run).contains("krakend.tmpl:5:"), "{}", out(&run));
    assert!(out(&run).contains("warning[missing-partial] there is no partial `Period.tmpl`"));
}

#[test]
fn quotes_around_a_number_are_told_at_the_quotes() {
    let folder = project("flexible-quotes", "0.5", "");
    folder
        .write("krakend.tmpl", BASE.replace("{{ .telemetry.rate }}", "\"{{ .telemetry.rate }}\""));
    let run = check(&folder, &["-f", "concise"]);
    assert!(out(&run).contains("krakend.tmpl:6:28: error[wrong-type]"), "{}", out(&run));
    assert!(out(&check(&folder, &[])).contains("around the action make a string"));
    assert_eq!(status(&check(&folder, &["--fix"])), 0);
    assert_eq!(folder.read("krakend.tmpl"), BASE);
}

#[test]
fn what_is_not_checked_can_fail_a_run() {
    let folder = Folder::new("flexible-unchecked");
    folder.write(
        "krakend.tmpl",
        "{ \"version\": 3, \"extra_config\": { \"telemetry/opentelemetry\": { \"exporters\": \
         {{ marshal .exporters }} } } }",
    );
    let run = folder.run(&["krakend.tmpl"]);
    assert_eq!(status(&run), 0);
    assert!(err(&run).contains("krakend.tmpl: not checked: a template whose"), "{}", err(&run));
    assert!(err(&run).ends_with("\n1 file not checked\n"), "{}", err(&run));
    assert_eq!(status(&folder.run(&["--fail-on-unchecked", "krakend.tmpl"])), 1);
    folder.write("krakend.json", "{ \"version\": 3 }");
    assert_eq!(status(&folder.run(&["--fail-on-unchecked", "krakend.json"])), 0);
}

#[test]
fn the_variables_of_the_process_count_only_with_fc_enable() {
    let folder = project("flexible-process", "0", "");
    std::fs::rename(folder.path("settings"), folder.path("values")).expect("a folder");
    let run = |enable: Option<&str>| {
        let mut command = std::process::Command::new(crate::program::PROGRAM);
        command.current_dir(&folder.0).args(["-f", "concise", "krakend.tmpl"]);
        command.env("FC_SETTINGS", "values").env("FC_PARTIALS", "partials");
        match enable {
            Some(value) => command.env("FC_ENABLE", value),
            None => command.env_remove("FC_ENABLE"),
        };
        command.output().expect("it runs")
    };
    let on = run(Some("0"));
    assert!(slashes(&out(&on)).contains("values/telemetry.json:1:11: error"), "{}", out(&on));
    let line = "rendered as FC_ENABLE of this process says, with FC_SETTINGS=values";
    assert!(err(&on).contains(line), "{}", err(&on));
    let off = run(None);
    assert!(!out(&off).contains("values/"), "{}", out(&off));
}

#[test]
fn forms_of_the_enterprise_edition_are_no_errors() {
    let folder = project("flexible-enterprise", "{}", "");
    folder
        .write("krakend.tmpl", BASE.replace("{{ include \"period.tmpl\" }}", "{{ .hosts.x.y }}"))
        .write("settings/hosts.yml", "x: { y: 1 }\n");
    let run = folder.run(&["."]);
    assert!(!out(&run).contains("template-error"), "{}", out(&run));
    assert!(!err(&run).contains("rendered with"), "{}", err(&run));
    assert!(err(&run).contains("krakend.tmpl: not rendered: its settings or"), "{}", err(&run));
}

/// The template asks for settings that are not in the repository: they may be written when it is deployed.
#[test]
fn settings_that_a_repository_does_not_have_make_no_error() {
    let folder = Folder::new("flexible-unwritten");
    folder
        .write(".git/HEAD", "")
        .write(
            "krakend.tmpl",
            "{ \"version\": 3, \"endpoints\": [], \"@all\": [ 1,{{ range .paths.all }} {{ . }} {{ end }} ] }\n",
        )
        .write("settings/paths.example.json", "{ \"all\": [2] }\n")
        .write(
            "Makefile",
            "run:\n\tFC_ENABLE=1 FC_SETTINGS=./settings krakend run -c krakend.tmpl\n",
        );
    let run = folder.run(&["."]);
    let said = out(&run);
    assert_eq!(status(&run), 0, "{said}");
    assert!(said.contains("warning[invalid-json]") && said.contains("`paths.json`"), "{said}");
    // Who names the folder says that this is all of it.
    let told = folder.run(&["-f", "concise", "--fc-settings", "settings", "krakend.tmpl"]);
    assert!(out(&told).contains("error[invalid-json]"), "{}", out(&told));
    folder.write("settings/paths.json", "{ \"all\": [2, 3] }\n");
    let run = folder.run(&["-f", "concise", "."]);
    assert!(out(&run).contains("error[invalid-json]"), "{}", out(&run));
}

/// A template of another program may have the usual folders beside it, too.
#[test]
fn a_function_of_another_program_is_no_error_where_folders_are_assumed() {
    let folder = project("flexible-foreign", "1", "");
    folder.write("krakend.tmpl", BASE.replace(".telemetry.rate", "getenv \"RATE\""));
    let run = folder.run(&["-f", "concise", "."]);
    assert_eq!(status(&run), 0, "{}", out(&run));
    assert!(out(&run).contains("krakend.tmpl:6:31: warning[unknown-function]"), "{}", out(&run));
    let told = check(&folder, &["-f", "concise"]);
    assert!(out(&told).contains("krakend.tmpl:6:31: error[unknown-function]"), "{}", out(&told));
}

#[test]
fn what_led_to_a_finding_is_a_place_in_reports() {
    let folder = project("flexible-elsewhere", "0", "");
    // In bytes and in UTF-16 it is not the column that people count.
    folder.write("krakend.tmpl", BASE.replace("\"trace", "\"@\u{1f600}\": 1, \"trace"));
    let value = |format: &str| -> Value {
        serde_json::from_str(&out(&check(&folder, &["-f", format]))).expect("a report")
    };
    let report = value("json");
    let files = report["files"].as_array().expect("files");
    let finding = files.iter().flat_map(|file| file["findings"].as_array().expect("findings"));
    let finding = finding.into_iter().find(|it| it["rule"] == "sample-rate-zero").expect("it");
    let place = &finding["elsewhere"][0];
    assert!(place["path"].as_str().is_some_and(|path| path.ends_with("krakend.tmpl")), "{place}");
    assert_eq!(place["label"], "written from here");
    let column = |at: &str| [&place[at]["line"], &place[at]["column"], &place[at]["utf16"]];
    assert_eq!(column("start"), [6, 37, 38]);
    assert_eq!(column("end"), [6, 58, 59]);
    assert_eq!(finding["rendered"]["line"], 6);

    let log = value("sarif");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let result = results.iter().find(|it| it["ruleId"] == "sample-rate-zero").expect("it");
    let place = &result["relatedLocations"][0];
    let at = &place["physicalLocation"];
    let uri = at["artifactLocation"]["uri"].as_str();
    assert!(uri.is_some_and(|uri| uri.ends_with("krakend.tmpl")), "{place}");
    let region = serde_json::json!({
        "startLine": 6, "startColumn": 38, "endLine": 6, "endColumn": 59
    });
    assert_eq!(at["region"], region);
    assert_eq!(place["message"]["text"], "written from here");
}

#[test]
fn an_action_in_a_partial_is_not_rendered() {
    let folder =
        project("flexible-left-over", "0.5", "\"trace_sample_rate\": {{ .telemetry.rate }},\n");
    let run = check(&folder, &["-f", "concise"]);
    let said = "partials/period.tmpl:1:22: error[invalid-json] an action that is not rendered";
    assert!(slashes(&out(&run)).contains(said), "{}{}", out(&run), err(&run));
    assert_eq!(status(&run), 1);
}

#[test]
fn a_secret_beside_a_finding_in_a_setting_is_not_shown() {
    let folder = project("flexible-secret", "0,\n  \"api_key\": \"CANARY\"", "");
    for format in ["human", "json", "sarif"] {
        let run = check(&folder, &["-f", format]);
        let said = out(&run);
        assert!(said.contains("sample-rate-zero"), "{said}");
        assert!(!said.contains("CANARY"), "{format}: {said}");
    }
}
