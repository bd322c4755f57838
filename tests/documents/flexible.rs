//! Findings in a rendered configuration are told where somebody must change something.

use otel_lint::finding::Severity;
use otel_lint::flexible::{self, Checked};
use otel_lint::linter::{Host, Options};
use otel_lint::source::Source;
use otel_lint::template::{Project, Role};

const BASE: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      {{ include "sampling.tmpl" }}
      "trace_sample_rate": {{ .telemetry.rate }},
      "exporters": { "otlp": [
        {{ range $i, $e := .telemetry.exporters }}{{ if $i }},{{ end }}
        { "name": "{{ $e.name }}", "host": "{{ $e.host }}"{{ if $e.http }}, "use_http": true{{ end }} }
        {{ end }}
      ] }
    }
  }
}
"#;

const SETTINGS: &str = r#"{
  "rate": 0.5,
  "exporters": [{ "name": "a", "host": "collector", "http": false }]
}"#;

/// A project with one settings file and one partial.
fn project(base: &str, settings: &str, partial: &str) -> Project {
    let mut project = Project::new("krakend.tmpl", Source::new("krakend.tmpl", base));
    project.add(Role::Settings, "telemetry", Source::new("settings/telemetry.json", settings));
    project.add(Role::Partial, "sampling.tmpl", Source::new("partials/sampling.tmpl", partial));
    project
}

fn check(project: &Project) -> Checked {
    let options = Options { pedantic: true, ..Options::default() };
    flexible::check(project, &options, Host::PLAIN).expect("nobody cancels")
}

/// The findings of `rule`: the file, and the text at the place.
fn places(project: &Project, rule: &str) -> Vec<(String, String)> {
    let mut places = Vec::new();
    for file in check(project).files {
        for finding in file.findings.iter().filter(|finding| finding.rule == rule) {
            let text = String::from_utf8_lossy(file.source.slice(finding.primary.span));
            places.push((file.source.name().to_owned(), text.into_owned()));
        }
    }
    places
}

fn at(file: &str, text: &str) -> Vec<(String, String)> {
    vec![(file.to_owned(), text.to_owned())]
}

#[test]
fn a_fault_in_a_setting_is_told_at_the_setting() {
    let settings = SETTINGS.replace("0.5", "0");
    let zero = project(BASE, &settings, "");
    assert_eq!(places(&zero, "sample-rate-zero"), at("settings/telemetry.json", "0"));
    let settings = SETTINGS.replace("\"collector\"", "\"collector:4317\"");
    let port = project(BASE, &settings, "");
    let expected = at("settings/telemetry.json", "\"collector:4317\"");
    assert_eq!(places(&port, "otlp-host-contains-port"), expected);
}

#[test]
fn a_fault_in_a_template_or_partial_is_told_there() {
    let partial = r#""metric_reporting_period": 0,"#;
    let period = project(BASE, SETTINGS, partial);
    assert_eq!(places(&period, "metric-period-not-positive"), at("partials/sampling.tmpl", "0"));
    let base = BASE.replace("\"version\": 3,", "\"version\": 3, \"port\": 8080, \"port\": 8081,");
    let twice = project(&base, SETTINGS, "");
    assert_eq!(places(&twice, "duplicate-key"), at("krakend.tmpl", "\"port\""));
}

#[test]
fn what_an_iteration_writes_is_told_once_with_its_iteration() {
    let settings = SETTINGS
        .replace("false }", "true }, { \"name\": \"b\", \"host\": \"c2\", \"http\": true }");
    let http = project(BASE, &settings, "");
    let found = places(&http, "otlp-http-without-port");
    assert_eq!(found, at("krakend.tmpl", "{"), "both iterations write this brace");
    let files = check(&http).files;
    let finding = files[0].findings.iter().find(|it| it.rule == "otlp-http-without-port");
    let labels: Vec<&str> =
        finding.expect("it").related.iter().map(|label| label.text.as_str()).collect();
    assert!(labels.contains(&"called from here, iteration 0"), "{labels:?}");
}

#[test]
fn a_template_error_is_told_in_its_file() {
    let broken = project(&BASE.replace(".telemetry.rate }}", ".telemetry.rate }"), SETTINGS, "");
    let found = places(&broken, "template-error");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "krakend.tmpl");
    let settings = project(BASE, "[1]", "");
    assert_eq!(places(&settings, "template-error")[0].0, "settings/telemetry.json");
}

#[test]
fn nothing_is_said_that_depends_on_an_unknown_variable() {
    let base = BASE.replace("{{ .telemetry.rate }}", "5{{ env \"RATE\" }}");
    let unknown = check(&project(&base, SETTINGS, ""));
    assert_eq!(unknown.unknowns, ["the variable RATE"]);
    let of_rate = |files: &Checked| {
        files.files.iter().any(|file| file.findings.iter().any(|it| it.rule.starts_with("sample")))
    };
    assert!(!of_rate(&unknown) && unknown.uncertain > 0);
    let mut known = project(&base, SETTINGS, "");
    known.environment.variables.insert("RATE".to_owned(), "5".to_owned());
    assert!(of_rate(&check(&known)));
}

#[test]
fn nothing_is_certain_where_an_unknown_variable_decides() {
    let base = BASE.replace(
        "\"trace_sample_rate\": {{ .telemetry.rate }},",
        "{{ if env \"TRACE_ALL\" }}\"trace_sample_rate\": 0,{{ end }}",
    );
    let severity = |project: &Project| {
        let files = check(project).files;
        let mut all = files.iter().flat_map(|file| &file.findings);
        all.find(|it| it.rule == "sample-rate-zero").map(|it| it.severity)
    };
    let mut project = project(&base, SETTINGS, "");
    assert_eq!(severity(&project), Some(Severity::Warning));
    project.environment.variables.insert("TRACE_ALL".to_owned(), "yes".to_owned());
    assert_eq!(severity(&project), Some(Severity::Error));
}

#[test]
fn the_project_of_this_file_is_clean() {
    let clean = check(&project(BASE, SETTINGS, ""));
    let options = clean.files.iter().flat_map(|file| &file.findings);
    let errors: Vec<_> = options.filter(|it| it.severity > Severity::Info).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(clean.files[0].has_telemetry);
}
