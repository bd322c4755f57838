//! Hovers, symbols, hints and names in YAML, TOML, embedded texts, fragments and templates.

use otel_lint::editor::{self, NameError};
use otel_lint::fix;
use otel_lint::linter::Options;
use otel_lint::source::{Format, Source};

fn source(name: &str, text: &str) -> Source {
    Source::new(name, text).with_format(Format::of_name(name))
}

/// What is told about `needle`, and the text that it is told about.
fn told(name: &str, text: &str, needle: &str) -> (String, String) {
    let at = text.find(needle).unwrap_or_else(|| panic!("no {needle}")) as u32;
    let hover = editor::hover(&source(name, text), at + 1, &Options::default());
    let hover = hover.unwrap_or_else(|| panic!("nothing about {needle} in {name}"));
    (hover.markdown, text[hover.span.range()].to_owned())
}

const YAML: &str = "version: 3
extra_config:
  telemetry/opentelemetry:
    trace_sample_rate: 0.5
    exporters:
      otlp:
        - name: main
          host: https://otlp.example.com
          use_http: true
          port: 443
";

const TOML: &str = "version = 3
[extra_config.\"telemetry/opentelemetry\"]
trace_sample_rate = 0.5
[[extra_config.\"telemetry/opentelemetry\".exporters.otlp]]
name = \"main\"
host = \"https://otlp.example.com\"
use_http = true
port = 443
";

const MANIFEST: &str = "apiVersion: v1
kind: ConfigMap
data:
  krakend.json: |
    {
      \"version\": 3,
      \"extra_config\": {\"telemetry/opentelemetry\": {
        \"trace_sample_rate\": 0.5,
        \"exporters\": {\"otlp\": [{\"name\": \"main\", \"host\": \"https://otlp.example.com\", \"use_http\": true, \"port\": 443}]}
      }}
    }
";

const TEMPLATE: &str = "{
  \"version\": 3,
  \"extra_config\": {\"telemetry/opentelemetry\": {
    \"trace_sample_rate\": 0.5,
    {{ if .Env.x }}\"service_name\": \"x\",{{ end }}
    \"exporters\": {\"otlp\": [{\"name\": \"main\", \"host\": \"https://otlp.example.com\", \"use_http\": true, \"port\": 443}]}
  }}
}
";

const DOCUMENTS: [(&str, &str); 4] = [
    ("krakend.yaml", YAML),
    ("krakend.toml", TOML),
    ("configmap.yaml", MANIFEST),
    ("krakend.tmpl", TEMPLATE),
];

#[test]
fn a_hover_tells_the_same_in_every_format() {
    for (name, text) in DOCUMENTS {
        let (page, at) = told(name, text, "trace_sample_rate");
        assert_eq!(at.trim_matches('"'), "trace_sample_rate", "{name}");
        let line =
            text[..text.find("trace_sample_rate").expect("it is there")].matches('\n').count() + 1;
        assert!(page.contains(&format!("50 % of new traces; from line {line}")), "{name}: {page}");
        let (page, _) = told(name, text, "use_http");
        let url = "`https://otlp.example.com:443/v1/traces` by OTLP over HTTP, with TLS";
        assert!(page.contains(url), "{name}: {page}");
    }
}

#[test]
fn symbols_name_the_exporters_in_every_format() {
    for (name, text) in DOCUMENTS {
        let symbols = editor::symbols(&source(name, text), &Options::default());
        assert_eq!(symbols.len(), 1, "{name}: {symbols:?}");
        let block = &symbols[0];
        assert_eq!(block.children[0].name, "main", "{name}");
        assert!(block.span.contains(block.selection), "{name}");
        assert!(text[block.children[0].selection.range()].contains("main"), "{name}");
    }
}

#[test]
fn an_exporter_is_renamed_as_the_format_writes_it() {
    for (name, text, old, new) in [
        ("krakend.yaml", YAML, "name: main", "name: \"two words\""),
        ("krakend.toml", TOML, "name = \"main\"", "name = \"two words\""),
    ] {
        let source = source(name, text);
        let at = text.find("main").expect("it is there") as u32;
        let edits = editor::rename(&source, at, "two words", &Options::default()).expect("it can");
        let renamed = String::from_utf8(fix::replace(text.as_bytes(), &edits)).expect("UTF-8");
        assert_eq!(renamed, text.replace(old, new), "{name}");
    }
    for (name, text) in [("configmap.yaml", MANIFEST), ("krakend.tmpl", TEMPLATE)] {
        let at = text.find("main").expect("it is there") as u32;
        let refused = editor::rename(&source(name, text), at, "x", &Options::default());
        assert_eq!(refused, Err(NameError::Fixed), "{name}");
    }
}

#[test]
fn no_hover_shows_a_secret() {
    let text =
        YAML.replace("https://otlp.example.com", "https://user:hunter2secret@otlp.example.com");
    for needle in ["use_http", "host", "port"] {
        let (page, _) = told("krakend.yaml", &text, needle);
        assert!(!page.contains("hunter2secret"), "{page}");
    }
}

#[test]
fn what_is_off_without_being_written_is_hinted_at() {
    let text = r#"{"version": 3, "extra_config": {"telemetry/opentelemetry": {
  "exporters": {"otlp": [
    {"name": "c", "host": "c"}]}}},
 "endpoints": [{"endpoint": "/a", "backend": [{"url_pattern": "/", "host": ["http://h"], "extra_config":
  {"telemetry/opentelemetry": {"backend": {
    "traces": {"round_trip": true},
    "metrics": {"disable_stage": false}}}}}]}]}"#;
    let hints = editor::hints(&source("krakend.json", text), &Options::default());
    let line = |needle: &str| {
        let at = text.find(needle).expect("it is there");
        at + text[at..].find('\n').expect("a line end")
    };
    let found: Vec<(usize, &str)> =
        hints.iter().map(|hint| (hint.offset as usize, hint.text.as_str())).collect();
    assert_eq!(
        found,
        [
            (line("\"version\""), "every trace is kept, metrics every 30 s"),
            (line("\"host\": \"c\""), "port 4317"),
            (line("\"round_trip\""), "read_payload, detailed_connection off"),
            (text.len(), "round_trip, read_payload, detailed_connection off"),
        ]
    );
}
