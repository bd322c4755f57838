//! Findings in a rendered configuration are told where somebody must change something.

use otel_lint::finding::{Elsewhere, Severity};
use otel_lint::flexible::{self, Checked};
use otel_lint::linter::{Host, Options};
use otel_lint::source::{Source, Span};
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
    assert!(labels.contains(&"called from here, iteration 0 of /exporters"), "{labels:?}");
}

/// The places in other files that lead to the only finding of `rule`, with the text there.
fn elsewhere(project: &Project, rule: &str) -> Vec<(String, String)> {
    let checked = check(project);
    let findings: Vec<_> = checked.files.iter().flat_map(|file| &file.findings).collect();
    let finding = findings.iter().find(|finding| finding.rule == rule).expect("a finding");
    let shown = |place: &Elsewhere| {
        let file = project.files().find(|(_, file)| file.source.name() == place.file);
        let source = &file.expect("a file of the project").1.source;
        let span = Span { start: place.start.offset, end: place.end.offset };
        let text = String::from_utf8_lossy(source.slice(span));
        (place.text.clone(), format!("{}: {text}", place.file))
    };
    finding.elsewhere.iter().map(shown).collect()
}

#[test]
fn what_led_to_a_finding_in_another_file_is_told() {
    let pair = |text: &str, place: &str| (text.to_owned(), place.to_owned());
    let partial = project(BASE, SETTINGS, r#""metric_reporting_period": 0,"#);
    let include = pair("included from here", "krakend.tmpl: {{ include \"sampling.tmpl\" }}");
    assert_eq!(elsewhere(&partial, "metric-period-not-positive"), [include]);
    let zero = project(BASE, &SETTINGS.replace("0.5", "0"), "");
    let written = pair("written from here", "krakend.tmpl: {{ .telemetry.rate }}");
    assert_eq!(elsewhere(&zero, "sample-rate-zero"), [written]);
    // From the base through a template to a setting.
    let base = BASE.replace("{{ $e.host }}", "{{ template \"host\" $e }}");
    let settings = SETTINGS.replace("\"collector\"", "\"collector:4317\"");
    let mut through = project(&base, &settings, "");
    let template = r#"{{ define "host" }}{{ .host }}{{ end }}"#;
    through.add(Role::Template, "host.tmpl", Source::new("templates/host.tmpl", template));
    let expected = [
        pair(
            "called from here, iteration 0 of /exporters",
            "krakend.tmpl: {{ range $i, $e := .telemetry.exporters }}",
        ),
        pair("called from here", "krakend.tmpl: {{ template \"host\" $e }}"),
        pair("written from here", "templates/host.tmpl: {{ .host }}"),
    ];
    assert_eq!(elsewhere(&through, "otlp-host-contains-port"), expected);
}

#[test]
fn the_rendered_line_is_told_without_its_secrets() {
    let base = BASE.replace(
        "\"host\": \"{{ $e.host }}\"",
        "\"host\": \"{{ $e.host }}\", \"custom_headers\": { \"Authorization\": \"{{ $e.key }}\" }",
    );
    let settings =
        SETTINGS.replace("\"collector\"", "\"collector:4317\", \"key\": \"Bearer 5f1d7c9be2a04\"");
    let checked = check(&project(&base, &settings, ""));
    let findings: Vec<_> = checked.files.iter().flat_map(|file| &file.findings).collect();
    let finding = findings.iter().find(|it| it.rule == "otlp-host-contains-port").expect("one");
    let line = finding.rendered.as_ref().expect("the line is another one");
    assert_eq!(&line.text[line.span.range()], "\"collector:4317\"");
    assert!(line.text.contains("\"Authorization\": \"*"), "{}", line.text);
    for finding in findings {
        assert!(!format!("{finding:?}").contains("5f1d7c9be2a04"), "{finding:#?}");
    }
    let plain = check(&project(&BASE.replace("\"version\": 3", "\"version\": 2"), SETTINGS, ""));
    let findings = &plain.files[0].findings;
    let version = findings.iter().find(|it| it.rule == "config-version").expect("one");
    assert_eq!(version.rendered, None, "the line is as it is written");
}

#[test]
fn a_template_fault_is_told_in_its_file() {
    let broken = project(&BASE.replace(".telemetry.rate }}", ".telemetry.rate }"), SETTINGS, "");
    let found = places(&broken, "template-error");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].0, "krakend.tmpl");
    for settings in ["[1]", "{", "{ \"rate\": 0,5 }"] {
        let settings = project(BASE, settings, "");
        let found = places(&settings, "unreadable-settings");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].0, "settings/telemetry.json");
        assert_eq!(check(&settings).unrendered, [""]);
    }
    let unknown = project(&BASE.replace(".telemetry.rate", "tojson .telemetry.rate"), SETTINGS, "");
    assert_eq!(places(&unknown, "unknown-function"), at("krakend.tmpl", "tojson"));
    let findings = check(&unknown).files[0].findings.clone();
    assert_eq!(findings[0].message, "there is no function `tojson`: did you mean `toJson`?");
    let undefined =
        project(&BASE.replace("{{ if $i }}", "{{ template \"x\" }}{{ if $i }}"), SETTINGS, "");
    assert_eq!(places(&undefined, "undefined-template"), at("krakend.tmpl", "\"x\""));
}

/// The gateway reads the base as it is after an error: where that is JSON, it runs with it.
#[test]
fn a_template_that_is_json_as_it_is_runs() {
    let base = r#"{ "version": 3, "name": "{{ nosuch }}", "host": ["{{ .telemetry.rate.x }}"] }"#;
    assert_eq!(
        places(&project(base, SETTINGS, ""), "raw-template-runs"),
        at("krakend.tmpl", "nosuch")
    );
    let field = base.replace("nosuch", "len .telemetry");
    assert_eq!(
        places(&project(&field, SETTINGS, ""), "raw-template-runs"),
        at("krakend.tmpl", "x")
    );
    let not = base.replace("3,", "{{ .telemetry.rate }},");
    assert!(places(&project(&not, SETTINGS, ""), "raw-template-runs").is_empty());
    assert_eq!(places(&project(&not, SETTINGS, ""), "unknown-function").len(), 1);
}

#[test]
fn what_does_not_exist_is_told_once_at_its_action() {
    let quoted = BASE.replace("$e.host", "$e.Host");
    assert_eq!(
        places(&project(&quoted, SETTINGS, ""), "no-value"),
        at("krakend.tmpl", "{{ $e.Host }}")
    );
    // Without quotes the text is not JSON either: that is the same fault.
    let bare = project(&BASE.replace(".telemetry.rate", ".telemetry.Rate"), SETTINGS, "");
    assert_eq!(places(&bare, "no-value"), at("krakend.tmpl", "{{ .telemetry.Rate }}"));
    assert!(places(&bare, "invalid-json").is_empty());
    let default = BASE.replace(".telemetry.rate", ".telemetry.Rate | default 0.5");
    assert!(places(&project(&default, SETTINGS, ""), "no-value").is_empty());
}

#[test]
fn a_folder_that_does_not_exist_is_told_alone() {
    for (role, is_told) in [(Role::Settings, true), (Role::Template, true), (Role::Partial, false)]
    {
        let mut project = project(BASE, SETTINGS, "");
        project.missing_folders.push((role, "config/none".to_owned()));
        let found = check(&project);
        let rules: Vec<_> = found.files[0].findings.iter().map(|it| it.rule).collect();
        assert_eq!(rules.contains(&"missing-folder"), is_told, "{rules:?}");
        assert_eq!(found.unrendered.is_empty(), !is_told);
        assert!(!is_told || rules.len() == 1, "{rules:?}");
    }
}

/// What this program cannot render is not a fault of the template.
#[test]
fn a_limit_of_this_program_is_no_error() {
    let base = BASE.replace(".telemetry.rate", "range until 2000000000 }}{{ end }}{{ 0.5");
    let checked = check(&project(&base, SETTINGS, ""));
    let findings = &checked.files[0].findings;
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].rule, findings[0].severity), ("unjudged-template", Severity::Warning));
}

/// What the only fault in the syntax stands before: the file, and the first word there.
fn before(project: &Project) -> String {
    let files = check(project).files;
    let findings = files.iter().flat_map(|file| file.findings.iter().map(move |it| (file, it)));
    let (file, finding) =
        findings.into_iter().find(|(_, it)| it.rule == "invalid-json").expect("it");
    let rest = &file.source.bytes()[finding.primary.span.start as usize..];
    let rest = String::from_utf8_lossy(rest);
    format!("{}: {}", file.source.name(), rest.split(' ').next().unwrap_or_default())
}

/// What a rendered text lacks to be JSON is told where it is written.
#[test]
fn a_fault_in_the_rendered_syntax_is_told_at_its_origin() {
    let comma = BASE.replace("{{ if $i }},{{ end }}", ",");
    assert_eq!(places(&project(&comma, SETTINGS, ""), "invalid-json"), at("krakend.tmpl", ","));
    let both = SETTINGS.replace("false }", "false }, { \"name\": \"b\", \"host\": \"c2\" }");
    let none = BASE.replace("{{ if $i }},{{ end }}", "");
    assert_eq!(before(&project(&none, &both, "")), "krakend.tmpl: {");
    let quote = project(BASE, &SETTINGS.replace("collector", "col\\\"lector"), "");
    let found = places(&quote, "invalid-json");
    assert_eq!(found[0].0, "settings/telemetry.json", "{found:?}");
    let partial = project(BASE, SETTINGS, r#""metric_reporting_period": 30"#);
    assert_eq!(before(&partial), "krakend.tmpl: \"trace_sample_rate\":");
    let unquoted = project(&BASE.replace("\"{{ $e.host }}\"", "{{ $e.host }}"), SETTINGS, "");
    let found = places(&unquoted, "invalid-json");
    assert_eq!(found[0].0, "settings/telemetry.json", "{found:?}");
}

/// Two partials that bring the same key are told with the place of the first.
#[test]
fn a_key_that_two_files_bring_is_told_with_both() {
    let base = BASE.replace(
        "{{ include \"sampling.tmpl\" }}",
        "{{ include \"sampling.tmpl\" }}{{ include \"b.tmpl\" }}",
    );
    let mut project = project(&base, SETTINGS, "\"metric_reporting_period\": 30,");
    let second = Source::new("partials/b.tmpl", "\"metric_reporting_period\": 60,");
    project.add(Role::Partial, "b.tmpl", second);
    assert_eq!(
        places(&project, "duplicate-key"),
        at("partials/b.tmpl", "\"metric_reporting_period\"")
    );
    let first = "partials/sampling.tmpl: \"metric_reporting_period\"";
    let found = elsewhere(&project, "duplicate-key");
    assert!(found.iter().any(|(_, place)| place == first), "{found:?}");
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
