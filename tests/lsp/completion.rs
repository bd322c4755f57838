//! What is offered at a place, in each format, also where the text is half typed. `|` is the cursor.

use otel_lint::editor::{self, Completion};
use otel_lint::linter::Options;
use otel_lint::source::{Format, Source};
use otel_lint::target::{Edition, v};

fn offered(name: &str, text: &str, options: &Options) -> Vec<Completion> {
    let at = text.find('|').expect("a cursor");
    let text = text.replacen('|', "", 1);
    let source = Source::new(name, text).with_format(Format::of_name(name));
    editor::complete(&source, at as u32, options)
}

fn labels(name: &str, text: &str, options: &Options) -> Vec<String> {
    offered(name, text, options).into_iter().map(|one| one.label).collect()
}

/// The text after the completion `label` is taken without snippets.
fn taken(name: &str, text: &str, label: &str) -> String {
    let all = offered(name, text, &Options::default());
    let one = all.iter().find(|one| one.label == label);
    let one = one.unwrap_or_else(|| panic!("no {label} in {all:?}\n{text}"));
    let mut edits = vec![(one.span.range(), one.plain())];
    edits.extend(one.also.iter().map(|also| (also.span.range(), also.text.clone())));
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.replacen('|', "", 1);
    for (range, new) in edits {
        text.replace_range(range, &new);
    }
    text
}

fn enterprise() -> Options {
    Options { edition: Edition::Enterprise, ..Options::default() }
}

/// A whole configuration around the telemetry block.
fn json(block: &str) -> String {
    format!(
        "{{\n  \"version\": 3,\n  \"extra_config\": {{\n    \"telemetry/opentelemetry\": {block}\n  }}\n}}\n"
    )
}

const OTLP: [&str; 6] = [
    "host",
    "port",
    "use_http",
    "disable_metrics",
    "disable_traces",
    "custom_metric_reporting_period",
];

#[test]
fn keys_are_offered_in_every_format_and_none_twice() {
    let default = Options::default();
    for exporter in [
        "{ \"name\": \"c\", \"|\" }",
        "{ \"name\": \"c\", \"|\": 1 }",
        "{ \"name\": \"c\", | }",
        "{ \"name\": \"c\" | }",
        "{ | \"name\": \"c\" }",
        "{ \"|\", \"name\": \"c\" }",
        "{ \"name\": \"c\", \"ho| }",
    ] {
        let text = json(&format!("{{ \"exporters\": {{ \"otlp\": [{exporter}] }} }}"));
        assert_eq!(labels("krakend.json", &text, &default), OTLP, "{exporter}");
    }
    let yaml = "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n        - name: c\n";
    for rest in ["          |", "          ho|\n", "          po|: 4317\n"] {
        assert_eq!(labels("krakend.yaml", &format!("{yaml}{rest}"), &default), OTLP, "{rest}");
    }
    let flow = yaml.replace("- name: c", "- { name: c, | }");
    assert_eq!(labels("krakend.yaml", &flow, &default), OTLP);
    let toml =
        "version = 3\n[[extra_config.\"telemetry/opentelemetry\".exporters.otlp]]\nname = \"c\"\n";
    for rest in ["|\n", "po|", "us| = 1\n"] {
        assert_eq!(labels("krakend.toml", &format!("{toml}{rest}"), &default), OTLP, "{rest}");
    }
}

#[test]
fn a_text_that_breaks_off_is_understood() {
    let whole = json("{ \"exporters\": { \"otlp\": [{ \"name\": \"c\", \"|");
    let cut = &whole[..=whole.find('|').expect("a cursor")];
    assert_eq!(labels("krakend.json", cut, &Options::default()), OTLP);
}

#[test]
fn what_is_taken_reads_well() {
    let block = |inside: &str| json(&format!("{{ {inside} }}"));
    let name = "krakend.json";
    assert_eq!(
        taken(name, &block("\"exporters\": {} |"), "trace_sample_rate"),
        block("\"exporters\": {}, \"trace_sample_rate\": 0.1")
    );
    assert_eq!(
        taken(name, &block("| \"exporters\": {}"), "layers"),
        block("\"layers\": {}, \"exporters\": {}")
    );
    assert_eq!(
        taken(name, &block("\"tr|\": 1, \"exporters\": {}"), "trace_sample_rate"),
        block("\"trace_sample_rate\": 1, \"exporters\": {}")
    );
    assert_eq!(
        taken(name, &block("\"exporters\": { \"otlp\": [|] }"), "OpenTelemetry Collector (HTTP)"),
        block(
            "\"exporters\": { \"otlp\": [{\"name\": \"collector\", \"host\": \"collector\", \"port\": 4318, \"use_http\": true}] }"
        )
    );
    let yaml = "version: 3\nextra_config:\n  |\n";
    let written = taken("krakend.yaml", yaml, "telemetry/opentelemetry");
    assert_eq!(
        written,
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n        - name: collector\n          host: collector\n          port: 4317\n"
    );
    let yaml = format!("{written}        - |\n");
    assert_eq!(
        taken("krakend.yaml", &yaml, "Jaeger"),
        format!(
            "{written}        - name: jaeger\n          host: jaeger\n          port: 4317\n          disable_metrics: true\n"
        )
    );
    let toml = "version = 3\n[extra_config.\"telemetry/opentelemetry\"]\n|\n";
    assert_eq!(
        taken("krakend.toml", toml, "skip_paths"),
        "version = 3\n[extra_config.\"telemetry/opentelemetry\"]\nskip_paths = [\"\"]\n"
    );
}

#[test]
fn values_are_those_that_are_valid() {
    let default = Options::default();
    let of = |block: &str| labels("krakend.json", &json(block), &default);
    assert_eq!(of("{ \"layers\": { \"global\": { \"disable_traces\": | } } }"), ["true", "false"]);
    assert_eq!(of("{ \"trace_sample_rate\": | }"), ["0.1", "0.25", "1"]);
    let paths = of("{ \"skip_paths\": [\"/__health\", \"|\"] }");
    assert_eq!(paths, ["/__debug/", "/__echo/", "/__stats/"]);
    let headers = of("{ \"layers\": { \"proxy\": { \"skip_headers\": [|] } } }");
    assert!(headers.contains(&"Authorization".to_owned()), "{headers:?}");
    let yaml = "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    layers:\n      global:\n        disable_traces: |\n";
    assert_eq!(labels("krakend.yaml", yaml, &default), ["true", "false"]);
    let toml = "version = 3\n[extra_config.\"telemetry/opentelemetry\"]\ntrace_sample_rate = |\n";
    assert_eq!(labels("krakend.toml", toml, &default), ["0.1", "0.25", "1"]);
}

#[test]
fn names_and_paths_come_from_the_file() {
    let text = r#"{
      "version": 3,
      "extra_config": {
        "telemetry/opentelemetry": {
          "skip_paths": [PATH],
          "exporters": { "otlp": [{ "name": "a", "host": "a" }], "prometheus": [{ "name": "p" }] }
        },
        "telemetry/opentelemetry-security": { "otlp": [{ "name": SECURITY, "headers": {} }] }
      },
      "endpoints": [{
        "endpoint": "/orders/{id}",
        "extra_config": { "telemetry/opentelemetry": {
          "exporters_override": { "metric_exporters": [CHOSEN] }
        } },
        "backend": [{ "url_pattern": "/", "extra_config": { BACKEND } }]
      }]
    }"#;
    let with = |place: &str, new: &str| {
        let mut text = text.replace(place, new);
        for other in ["PATH", "SECURITY", "CHOSEN"] {
            text = text.replace(other, "\"\"");
        }
        labels("krakend.json", &text.replace("BACKEND", ""), &enterprise())
    };
    assert_eq!(with("CHOSEN", "\"|\""), ["a", "p"]);
    assert_eq!(with("CHOSEN", "\"a\", |"), ["p"]);
    assert_eq!(with("SECURITY", "\"|\""), ["a"]);
    assert!(with("PATH", "\"|\"").contains(&"/orders/:id".to_owned()));
    assert_eq!(with("BACKEND", "\"|\""), ["telemetry/opentelemetry"]);
}

#[test]
fn the_release_and_the_edition_decide() {
    let text = json("{ \"|\" }");
    let has = |options: &Options, name: &str| {
        labels("krakend.json", &text, options).contains(&name.to_owned())
    };
    let old = Options { version: Some(v(2, 9, 4)), ..Options::default() };
    assert!(has(&Options::default(), "deploy_env") && !has(&old, "deploy_env"));
    assert!(has(&enterprise(), "histograms") && !has(&Options::default(), "histograms"));
    let root = "{\"version\": 3, \"extra_config\": { \"|\" }}";
    assert_eq!(labels("krakend.json", root, &Options::default()), ["telemetry/opentelemetry"]);
    assert_eq!(labels("krakend.json", root, &enterprise()).len(), 2);
}

#[test]
fn suppressions_name_rules() {
    let text = json("{ \"@otel-lint\": { \"ignore\": { \"|\" } } }");
    let rules = labels("krakend.json", &text, &Options::default());
    assert!(rules.contains(&"sample-rate-full".to_owned()), "{rules:?}");
    assert!(!rules.contains(&"invalid-json".to_owned()));
}

#[test]
fn embedded_texts_and_fragments_are_completed_too() {
    let manifest = "apiVersion: v1\nkind: ConfigMap\ndata:\n  krakend.json: |\n    {\"version\": 3, \"extra_config\": {\"telemetry/opentelemetry\": {\n      \"exporters\": {\"otlp\": [{\"name\": \"c\", \"\u{1}\"}]}}}}\n";
    let at = manifest.find('\u{1}').expect("a cursor");
    let source =
        Source::new("configmap.yaml", manifest.replace('\u{1}', "")).with_format(Format::Yaml);
    let found = editor::complete(&source, at as u32, &Options::default());
    let found: Vec<_> = found.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(found, OTLP);
    let fragment = "{ \"telemetry/opentelemetry\": { \"exporters\": { \"otlp\": [{ \"name\": \"c\", \"|\" }] } } }";
    assert_eq!(labels("settings/otel.json", fragment, &Options::default()), OTLP);
    for elsewhere in ["{\"version\": 3, \"|\": 1}", "{\"a\": {\"|\"}}"] {
        assert!(labels("krakend.json", elsewhere, &Options::default()).is_empty(), "{elsewhere}");
    }
}

#[test]
fn the_settings_file_is_completed_by_its_schema() {
    let offered = |text: &str| -> Vec<String> {
        let at = text.find('|').expect("a cursor") as u32;
        let source = Source::new("otel-lint.toml", text.replacen('|', "", 1));
        editor::complete_settings(&source, at).into_iter().map(|one| one.label).collect()
    };
    let keys = offered("edition = \"ee\"\n|\n");
    assert!(keys.contains(&"krakend-version".to_owned()) && !keys.contains(&"edition".to_owned()));
    assert_eq!(offered("edition = \"|\"\n"), ["ce", "ee"]);
    assert_eq!(offered("pedantic = |\n"), ["true", "false"]);
    assert!(offered("ignore = [\"|\"]\n").contains(&"sampling".to_owned()));
    assert!(offered("[rules]\n|\n").contains(&"sample-rate-full".to_owned()));
    assert!(offered("[rules]\nsampling = \"|\"\n").contains(&"off".to_owned()));
    assert!(offered("[[overrides]]\n|\n").contains(&"paths".to_owned()));
}
