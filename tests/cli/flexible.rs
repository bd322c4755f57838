//! A flexible configuration, checked as it is rendered.

use std::process::Output;

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
fn nothing_is_fixed_in_a_rendered_text() {
    let folder = project("flexible-fix", "0", "");
    let before = folder.read("settings/telemetry.json");
    let run = check(&folder, &["--fix", "--unsafe-fixes"]);
    assert_eq!(status(&run), 1);
    assert_eq!(folder.read("settings/telemetry.json"), before);
    assert_eq!(folder.read("krakend.tmpl"), BASE);
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
