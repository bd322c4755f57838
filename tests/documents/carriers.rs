//! Configurations inside other files: found, checked, and pointed at in the file around them.

use otel_lint::analysis::CheckedFile;
use otel_lint::document::embedded::Embedded;
use otel_lint::document::{self, Kind};
use otel_lint::linter::{self, Options};
use otel_lint::recognise::Content;
use otel_lint::report::human::{self, Style};
use otel_lint::source::{Format, Source, Span};

fn yaml(text: &str) -> Source {
    Source::new("m.yaml", text.as_bytes()).with_format(Format::Yaml)
}

fn lint(text: &str) -> CheckedFile {
    linter::check(yaml(text), &Options::default())
}

/// Rule, pointer and the text that is pointed at.
fn found(report: &CheckedFile) -> Vec<(&'static str, String, String)> {
    let line = |finding: &otel_lint::finding::Finding| {
        let slice = report.source.slice(finding.primary.span);
        let slice = String::from_utf8_lossy(slice).into_owned();
        (finding.rule, finding.pointer.clone(), slice)
    };
    report.findings.iter().map(line).collect()
}

const BAD: &str = r#"{
  "version": 3,
  "name": "größe",
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": { "otlp": [{ "name": "c", "host": "collector", "port": 70000 }] }
    }
  }
}
"#;

const PORT: &str = "/extra_config/telemetry~1opentelemetry/exporters/otlp/0/port";

fn indented(text: &str, indent: &str) -> String {
    text.lines().flat_map(|line| [indent, line, "\n"]).collect()
}

#[test]
fn every_place_of_a_configuration_is_found() {
    let block = indented(BAD, "    ");
    let flow = BAD.replace('\n', " ");
    let escaped = serde_json::Value::from(BAD).to_string();
    let head = "apiVersion: v1\nkind: ConfigMap\n";
    let toml = "version = 3\n[extra_config.\"telemetry/opentelemetry\".exporters]\n\
                otlp = [{name = \"c\", host = \"h\", port = 70000}]\n";
    let inner = "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n      \
                 - {name: c, host: h, port: 70000}\n";
    for (text, pointer) in [
        (format!("{head}data:\n  krakend.json: |\n{block}"), "/data/krakend.json"),
        (format!("{head}data:\n  krakend.json: |-\n{block}"), "/data/krakend.json"),
        (format!("{head}data:\n  krakend.json: |+\n{block}\n\n"), "/data/krakend.json"),
        (format!("{head}data:\n  krakend.json: >\n{block}"), "/data/krakend.json"),
        (format!("{head}data:\n  krakend.json: |2\n{block}"), "/data/krakend.json"),
        (
            format!("{head}data:\n  krakend.json: |\n{block}").replace('\n', "\r\n"),
            "/data/krakend.json",
        ),
        (format!("kind: Secret\napiVersion: v1\nstringData:\n  k: {escaped}\n"), "/stringData/k"),
        (format!("{head}data:\n  k: '{flow}'\n"), "/data/k"),
        (format!("# values\nconfig:\n  gateway: |\n{block}"), "/config/gateway"),
        (format!("{head}---\n{head}data:\n  k: |\n{block}"), "/data/k"),
        (format!("{head}data:\n  k.toml: |\n{}", indented(toml, "      ")), "/data/k.toml"),
        (format!("{head}data:\n  k.yaml: |\n{}", indented(inner, "   ")), "/data/k.yaml"),
        (format!("{head}data:\n  k: |\n{}", indented(inner, "   ")), "/data/k"),
    ] {
        let report = lint(&text);
        let expected = ("port-range", format!("{pointer}{PORT}"), "70000".to_owned());
        assert_eq!(found(&report), [expected], "{text}");
        assert_eq!(report.content, Content::Carrier);
        assert!(report.has_telemetry && report.findings[0].fix.is_none());
        assert!(report.findings[0].identity.starts_with(pointer));
    }
    let list = serde_json::json!({"apiVersion": "v1", "kind": "List", "items": [{"data": {"k.json": BAD}}]});
    let report = linter::check(Source::new("l.json", format!("{list:#}")), &Options::default());
    let expected = ("port-range", format!("/items/0/data/k.json{PORT}"), "70000".to_owned());
    assert_eq!(found(&report), [expected]);
}

#[test]
fn a_fault_in_the_syntax_of_what_is_carried_is_said_at_its_place() {
    let broken = indented(&BAD.replace("70000 }]", "4317, }]"), "    ");
    let report =
        lint(&format!("apiVersion: v1\nkind: ConfigMap\ndata:\n  krakend.json: |\n{broken}"));
    assert_eq!(found(&report), [("invalid-json", "/data/krakend.json".to_owned(), ",".to_owned())]);
}

#[test]
fn what_is_carried_beside_it_is_left_alone() {
    let head = "apiVersion: v1\nkind: ConfigMap\ndata:\n";
    for rest in [
        "  nginx.conf: |\n    server { endpoint; }\n",
        "  other.json: |\n    {\"endpoint\": }\n",
        "  k.tmpl: |\n    {\"version\": 3, {{ .krakend }} }\n",
        "  otelcol.yaml: |\n    exporters:\n      otlp:\n        endpoint: \"x:4317\"\n",
    ] {
        let report = lint(&format!("{head}{rest}"));
        assert!(report.findings.is_empty(), "{rest}: {:?}", found(&report));
        assert_eq!(report.content, Content::Unrecognised, "{rest}");
    }
    let several =
        lint("apiVersion: v1\nkind: Service # krakend\n---\napiVersion: v1\nkind: Secret\n");
    assert_eq!((several.content, several.findings.len()), (Content::Unrecognised, 0));
}

#[test]
fn a_block_that_is_part_of_the_manifest_is_checked() {
    let report = lint(
        "apiVersion: gateway.krakend.io/v1\nkind: KrakenD\nspec:\n  config:\n    extra_config:\n      \
         telemetry/opentelemetry:\n        exporters:\n          otlp: [{name: c, host: h, port: 70000}]\n",
    );
    assert_eq!(report.content, Content::Fragment);
    assert_eq!(found(&report)[0].2, "70000");
}

#[test]
fn no_secret_of_what_is_carried_is_shown() {
    let text = BAD.replace("\"version\": 3", "\"version\": 3, \"password\": \"zq7ReallySecret\"");
    let text = text.replace("\"host\"", "\"headers\": {\"X\": \"zq7ReallySecret\"}, \"host\"");
    let broken = text.replace("}]", ",]");
    for (text, indent) in [(&text, "    "), (&broken, "    ")] {
        let head = "kind: Secret\napiVersion: v1\nstringData:\n  krakend.json: |\n";
        let report = lint(&format!("{head}{}", indented(text, indent)));
        assert!(!report.findings.is_empty());
        let style = Style { width: 100, color: false, links: false, unicode: true };
        let shown = human::render(&report, style);
        assert!(!shown.contains("zq7ReallySecret"), "{shown}");
    }
}

/// Each document of a file has secrets of its own, and what is said about one shows none of them.
#[test]
fn no_secret_of_a_later_document_is_shown() {
    // Beside a fault what stands behind `password` is hidden, also where it is a key.
    let block = "telemetry/opentelemetry:\n  exporters:\n    otlp: [{name: c, host: h, port: 70000, \
                 password, zq7Hunter: {a: 1, a: 2}}]\n";
    let text = format!("apiVersion: v1\nkind: Secret\nstringData:\n  a: b\n---\n{block}");
    let report = lint(&text);
    let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["port-range", "unknown-field", "unknown-field", "invalid-yaml"]);
    for finding in &report.findings {
        assert!(!finding.pointer.contains("zq7"), "{}", finding.pointer);
        assert!(!finding.message.contains("zq7"), "{}", finding.message);
    }
    let at = text.find("zq7Hunter").expect("it is there") as u32;
    assert!(report.secrets.iter().any(|it| it.start <= at && at + 9 <= it.end), "{report:?}");
}

/// A generator (xorshift), so that a failing seed can be named.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

#[test]
fn each_character_of_a_content_is_where_it_is_written() {
    let words = [
        "a",
        "größe",
        "日本",
        "💥",
        "{\"x\": 1}",
        "'",
        "\"",
        "\\",
        "# no comment",
        "x: y",
        "-",
        "tab\there",
    ];
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut compared = 0;
    for round in 0..6000 {
        let mut lines: Vec<String> = Vec::new();
        for _ in 0..=random.below(6) {
            let count = random.below(4);
            let line: Vec<_> = (0..count).map(|_| words[random.below(words.len())]).collect();
            let lead = if count > 0 && !lines.is_empty() {
                " ".repeat(random.below(3))
            } else {
                String::new()
            };
            lines.push(lead + &line.join(" "));
        }
        if lines[0].is_empty() {
            lines[0].push('x');
        }
        let text = lines.join("\n");
        let end = if random.below(2) == 0 { "\n" } else { "\r\n" };
        let indent = " ".repeat(1 + random.below(5));
        let body: String = lines
            .iter()
            .map(
                |line| {
                    if line.is_empty() { end.to_owned() } else { format!("{indent}{line}{end}") }
                },
            )
            .collect();
        let scalar = match round % 8 {
            0 => format!("|{end}{body}"),
            1 => format!("|-{end}{body}"),
            2 => format!("|+{end}{body}{end}"),
            3 => format!("|{}{end}{body}", indent.len()),
            4 => format!(">{end}{body}"),
            5 => format!("{}{end}", serde_json::Value::from(text.as_str())),
            6 => format!("'{}'{end}", lines.join(&format!("{end}{indent}")).replace('\'', "''")),
            _ => format!(
                "\"{}\"{end}",
                lines.join(&format!("{end}{indent}")).replace('\\', "\\\\").replace('"', "\\\"")
            ),
        };
        let source = yaml(&format!("before: 1{end}k: {scalar}after: \"x\"{end}"));
        let parsed = document::read(&source);
        let doc = &parsed.document;
        let root = doc.root().expect("a root");
        let Some(member) = doc.get(root, "k").filter(|m| doc.kind(m.value) == Kind::String) else {
            continue;
        };
        if !parsed.faults.is_empty() {
            continue;
        }
        let embedded =
            Embedded::new(doc, member.value).unwrap_or_else(|| panic!("no way: {scalar:?}"));
        let whole = doc.span(member.value);
        for (at, c) in embedded.text.char_indices().filter(|(_, c)| !c.is_whitespace()) {
            let outer = embedded.outer(Span::new(at, at + c.len_utf8()));
            let slice = String::from_utf8_lossy(source.slice(outer)).into_owned();
            let escaped = [format!("\\{c}"), "''".to_owned(), c.to_string()].contains(&slice);
            assert!(escaped, "{c:?} at {at} of {scalar:?} is {slice:?}");
            assert!(whole.contains(outer), "{scalar:?}");
            compared += 1;
        }
        let len = embedded.text.len();
        for at in 0..=len {
            let outer = embedded.outer(Span::new(at, len));
            assert!(outer.start <= outer.end && outer.end as usize <= source.bytes().len());
        }
    }
    assert!(compared > 20_000, "{compared}");
}

/// A `ConfigMap` as a chart of Helm has it: actions between its values, and in the configuration.
const CHART: &str = r#"apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "gateway.fullname" . }}
  {{- with .Values.labels }}
  labels:
    {{- toYaml . | nindent 4 }}
  {{- end }}
data:
  krakend.json: |-
    {
      "version": 3,
      {{- if .Values.port }}
      "port": {{ .Values.port }},
      {{- end }}
      "extra_config": {
        "telemetry/opentelemetry": {
          "trace_sample_rate": 0,
          "exporters": {
            "otlp": [{ "name": "c", "host": {{ .Values.host | quote }}, "port": {{ .Values.collector }} }]
          }
        }
      }
    }
{{- if .Values.extra }}
  extra: {{ .Values.extra }}
{{- end }}
"#;

#[test]
fn a_configuration_in_a_chart_of_helm_is_checked_for_what_is_certain() {
    let rate = "/data/krakend.json/extra_config/telemetry~1opentelemetry/trace_sample_rate";
    let expected = [("sample-rate-zero", rate.to_owned(), "0".to_owned())];
    for text in [CHART.to_owned(), CHART.replace('\n', "\r\n")] {
        let report = lint(&text);
        assert_eq!(found(&report), expected, "{text}");
        assert_eq!(report.content, Content::Carrier);
    }
    // An action outside of the configuration is in no document, and its secret in no output.
    let secret = CHART.replace("json: |-", "json: |- # {{ \"https://me:hunter2pw@host\" }}");
    let report = lint(&secret);
    assert_eq!(found(&report), expected);
    let at = secret.find("me:hunter2pw").expect("it is there") as u32;
    assert!(report.secrets.iter().any(|it| it.start <= at && at + 12 <= it.end));
    // The actions are all in strings, so that it is YAML as it stands: Helm renders it all the same.
    let quoted = "apiVersion: v1\nkind: ConfigMap\ndata:\n  krakend.json: |\n    { \"version\": 3, \
        \"extra_config\": { \"telemetry/opentelemetry\": { \"trace_sample_rate\": 0, \"exporters\": { \
        \"otlp\": [{ \"name\": \"c\", \"host\": \"{{ .Values.host }}\" }] } } } }\n";
    assert_eq!(found(&lint(quoted)), expected);
    // Not of Helm: the gateway gets the braces.
    let plain = quoted.replace(".Values.host", ".host");
    let rules: Vec<_> = found(&lint(&plain)).into_iter().map(|(rule, ..)| rule).collect();
    assert_eq!(rules, ["sample-rate-zero", "unrendered-placeholder"]);
}

#[test]
fn a_chart_that_cannot_be_read_before_it_is_rendered_is_not_checked() {
    let outdented = CHART.replace("      {{- if .Values.port }}", "{{- if .Values.port }}");
    let files = "data:\n  krakend.json: |-\n{{ .Files.Get \"krakend.json\" | indent 4 }}\n";
    for text in [&*outdented, files] {
        let report = lint(text);
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        assert!(!report.is_checked(), "{text}");
        assert!(report.reason.to_string().contains("helm template"), "{}", report.reason);
    }
}
