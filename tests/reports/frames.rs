//! What each report says, looked at as its reader does.

use otel_lint::analysis::{Analysis, CheckedFile};
use otel_lint::consequence::Consequence;
use otel_lint::finding::{Elsewhere, Finding, Label, RenderedLine, Severity};
use otel_lint::report::human::Style;
use otel_lint::report::{concise, human};
use otel_lint::source::{Position, Source, Span};

const PLAIN: Style = Style { width: 80, color: false, links: false, unicode: true };

const JAEGER: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "exporters": {
        "otlp": [
          {
            "name": "jaeger",
            "host": "jaeger",
            "use_http": true
          }
        ]
      }
    }
  }
}
"#;

fn report(text: impl Into<Vec<u8>>, findings: Vec<Finding>) -> CheckedFile {
    CheckedFile {
        source: Source::new("krakend.json", text),
        analysis: Analysis { has_telemetry: true, findings, ..Analysis::default() },
    }
}

/// The place of the first `needle` in `text`.
fn place(text: impl AsRef<[u8]>, needle: impl AsRef<[u8]>) -> Span {
    let (text, needle) = (text.as_ref(), needle.as_ref());
    let found = text.windows(needle.len()).position(|window| window == needle);
    let start = found.expect("the needle is in the text");
    Span::new(start, start + needle.len())
}

fn finding(rule: &'static str, message: &str, primary: Label) -> Finding {
    Finding {
        consequence: Consequence::NoEffect,
        rule,
        severity: Severity::Error,
        message: message.to_owned(),
        primary,
        related: Vec::new(),
        more_related: 0,
        elsewhere: Vec::new(),
        rendered: None,
        pointer: String::new(),
        identity: String::new(),
        help: String::new(),
        fix: None,
    }
}

fn without_port(text: impl AsRef<[u8]>) -> Finding {
    Finding {
        help: "add `\"port\": 4318`, or remove `use_http` to speak gRPC".to_owned(),
        ..finding(
            "otlp-http-without-port",
            "exporter `jaeger` speaks HTTP but connects to 4317, the port for gRPC",
            Label::new(place(text, "\"use_http\": true"), "HTTP is chosen here"),
        )
    }
}

fn plain(text: impl Into<Vec<u8>>, finding: Finding) -> String {
    human::render(&report(text, vec![finding]), PLAIN)
}

#[test]
fn a_plain_finding() {
    insta::assert_snapshot!(plain(JAEGER, without_port(JAEGER)));
}

#[test]
fn ascii() {
    let style = Style { unicode: false, ..PLAIN };
    let shown = human::render(&report(JAEGER, vec![without_port(JAEGER)]), style);
    assert!(shown.is_ascii());
    insta::assert_snapshot!(shown);
}

#[test]
fn color_by_severity() {
    let style = Style { color: true, ..PLAIN };
    let severities = [Severity::Error, Severity::Warning, Severity::Info];
    let findings = severities.map(|severity| Finding { severity, ..without_port(JAEGER) });
    let shown = human::render(&report(JAEGER, findings.to_vec()), style);
    insta::assert_snapshot!(shown.replace('\u{1b}', "<ESC>"));
}

#[test]
fn the_id_of_a_rule_can_be_a_link_to_its_page() {
    let text = r#"{"otlp": [{"use_http": true}]}"#;
    let report = || report(text, vec![without_port(text)]);
    let linked = human::render(&report(), Style { links: true, ..PLAIN });
    let page = "docs/rules/otlp-http-without-port.md\x1b\\";
    assert!(linked.starts_with("\x1b]8;;https://") && linked.contains(page), "{linked:?}");
    let start = linked.find("error[").expect("the head");
    let (head, rest) = linked[start..].split_once("\x1b]8;;\x1b\\").expect("the end of the link");
    let plain = human::render(&report(), PLAIN);
    assert_eq!(format!("{head}{rest}"), plain, "nothing else changes");
}

#[test]
fn info_and_warning_say_so() {
    let severities = [Severity::Info, Severity::Warning];
    let findings = severities.map(|severity| Finding { severity, ..without_port(JAEGER) });
    insta::assert_snapshot!(human::render(&report(JAEGER, findings.to_vec()), PLAIN));
}

#[test]
fn labels_on_several_lines() {
    let related = vec![
        Label::new(place(JAEGER, "\"name\""), "this exporter"),
        Label::new(place(JAEGER, "\"version\""), "of a configuration of format 3"),
    ];
    insta::assert_snapshot!(plain(JAEGER, Finding { related, ..without_port(JAEGER) }));
}

#[test]
fn labels_on_one_line() {
    let text = "[\n  { \"name\": \"jaeger\", \"host\": \"jaeger\", \"use_http\": true }\n]\n";
    let related = vec![Label::new(place(text, "\"jaeger\""), "this exporter")];
    insta::assert_snapshot!(plain(text, Finding { related, ..without_port(text) }));
}

#[test]
fn tabs() {
    let text = "{\n\t\"otlp\": [\n\t\t{\t\"use_http\": true }\n\t]\n}\n";
    insta::assert_snapshot!(plain(text, without_port(text)));
}

#[test]
fn crlf() {
    let text = JAEGER.replace('\n', "\r\n");
    let related = vec![Label::new(place(&text, "[\r\n"), "in this list")];
    let shown = plain(text.as_str(), Finding { related, ..without_port(&text) });
    insta::assert_snapshot!(shown);
}

#[test]
fn wide_and_combining_characters() {
    let text = "{\n  \"名前\": \"cafe\u{301} 🐙 日本\", \"use_http\": true\n}\n";
    insta::assert_snapshot!(plain(text, without_port(text)));
}

#[test]
fn characters_of_no_certain_width() {
    let text = "{\n  \"👩\u{200D}🚒 👍\u{1F3FD} \u{2764}\u{FE0F}\": 1, \"use_http\": true\n}\n";
    insta::assert_snapshot!(plain(text, without_port(text)));
}

/// A configuration on one line, with `before` and `after` characters around the exporter.
fn minified(before: usize, after: usize) -> String {
    let exporter = r#"{"name":"jaeger","use_http": true,"host":"jaeger"}"#;
    let (before, after) = ("x".repeat(before), "y".repeat(after));
    format!(r#"{{"a":"{before}","otlp":[{exporter}],"b":"{after}"}}"#)
}

#[test]
fn a_minified_megabyte() {
    let text = minified(500_000, 500_000);
    insta::assert_snapshot!(plain(text.as_str(), without_port(&text)));
}

#[test]
fn labels_far_apart_in_a_minified_file() {
    let text = minified(500_000, 500_000);
    let related = vec![
        Label::new(place(&text, "\"jaeger\""), "this exporter"),
        Label::new(place(&text, "\"b\""), "and this has nothing to do with it"),
        Label::new(place(&text, "\"a\""), "nor has this"),
    ];
    let finding = Finding { related, ..without_port(&text) };
    insta::assert_snapshot!(plain(text, finding));
}

#[test]
fn near_labels_in_a_minified_file() {
    let text = minified(500_000, 500_000);
    let mut finding = without_port(&text);
    finding.primary.span = place(&text, "true,\"host\":\"jaeger\"");
    finding.primary.text = "HTTP is chosen here, and no port is".to_owned();
    finding.related = vec![Label::new(place(&text, "\"jaeger\""), "not the first of the list")];
    insta::assert_snapshot!(plain(text, finding));
}

#[test]
fn a_long_value() {
    let text = minified(500_000, 500_000);
    let value = place(&text, format!("\"{}\"", "y".repeat(500_000)));
    let finding = finding("value-too-long", "`b` is too long", Label::new(value, "this"));
    insta::assert_snapshot!(plain(text, finding));
}

#[test]
fn blank_neighbours() {
    let text = "{\n  \n  \"use_http\": true\n\n}\n";
    insta::assert_snapshot!(plain(text, without_port(text)));
}

#[test]
fn the_end_of_a_line_as_wide_as_the_frame() {
    let line = |cells| {
        let text = "x".repeat(cells);
        let shown = plain(text, finding("json-syntax", "", Label::new(Span::at(cells), "")));
        shown.lines().nth(2).map(|line| line.chars().count()).expect("the line of the code")
    };
    // The margin ` 1 │ ` takes 5 cells, the caret one.
    assert_eq!(line(74), 79);
    assert!(line(75) < 80);
}

#[test]
fn marks_without_end_on_one_letter() {
    let text = format!("{{ \"e{}\": 1, \"use_http\": true }}", "\u{301}".repeat(1_000_000));
    let label = Label::new(place(&text, "\"e"), "this key");
    for finding in [without_port(&text), finding("unknown-field", &text, label)] {
        let shown = plain(text.as_str(), finding);
        assert!(shown.len() < 4096, "{} bytes", shown.len());
    }
}

#[test]
fn no_terminal_is_too_wide() {
    let at = |width| {
        let text = minified(500, 500);
        human::render(&report(text.as_str(), vec![without_port(&text)]), Style { width, ..PLAIN })
    };
    assert_eq!(at(usize::MAX), at(200));
    assert_eq!(at(0), at(40));
}

#[test]
fn a_label_that_needs_room() {
    let text = format!("{{\n  \"comment\": \"{}\", \"use_http\": true\n}}\n", "-".repeat(34));
    let mut finding = without_port(&text);
    finding.primary.text = "HTTP is chosen here, and no port is: the exporter takes 4317, which \
                            is where collectors listen for gRPC"
        .to_owned();
    insta::assert_snapshot!(plain(text, finding));
}

#[test]
fn the_end_of_the_file() {
    let text = "{\n  \"version\": 3,\n";
    let label = Label::new(Span::at(text.len()), "a key or `}` is missing");
    insta::assert_snapshot!(plain(text, finding("json-syntax", "the file ends too early", label)));
    let text = "{\n  \"version\": 3";
    let label = Label::new(Span::at(text.len()), "`}` is missing");
    insta::assert_snapshot!(plain(text, finding("json-syntax", "the file ends too early", label)));
}

#[test]
fn an_empty_file() {
    let label = Label::new(Span::at(0), "a configuration is expected here");
    insta::assert_snapshot!(plain("", finding("json-syntax", "the file is empty", label)));
}

#[test]
fn an_object_of_many_lines() {
    let start = place(JAEGER, "{\n            \"name\"").start as usize;
    let label = Label::new(Span::new(start, JAEGER.len() - 20), "this exporter");
    let related = vec![Label::new(Span::new(0, JAEGER.len()), "in this configuration")];
    let finding = finding("otlp-http-without-port", "exporter `jaeger` has no port", label);
    insta::assert_snapshot!(plain(JAEGER, Finding { related, ..finding }));
}

#[test]
fn secrets() {
    let text =
        "{\n  \"headers\": { \"Authorization\": \"Bearer päss\\\"wörd\" }, \"port\": 70000\n}\n";
    let secret = place(text, "\"Bearer päss\\\"wörd\"");
    let label = Label::new(place(text, "70000"), "not a port");
    let related = vec![Label::new(secret, "sent with each request")];
    let finding = finding("value-out-of-range", "`port` must be at most 65535", label);
    let mut report = report(text, vec![Finding { related, ..finding }]);
    report.secrets = vec![secret];
    let shown = human::render(&report, PLAIN);
    assert!(!shown.contains("Bearer") && !shown.contains("rd"));
    insta::assert_snapshot!(shown);
}

#[test]
fn control_characters() {
    let key = "\"a\u{1b}[31m\u{202E}b\0\rc\u{85}\u{7f}\"";
    let text = format!("{{\n  {key}: 1\n}}\n");
    let mut finding = finding(
        "unknown-field",
        &format!("unknown field `{key}`\n\u{1b}]0;title\u{7}"),
        Label::new(place(&text, key), format!("{key}\n")),
    );
    finding.help = format!("remove {key}\nor\t{key}");
    let mut report = report(text, vec![finding]);
    report.source = Source::new("a\u{1b}[1m\n/b.json", report.source.bytes());
    insta::assert_snapshot!(human::render(&report, PLAIN));
    insta::assert_snapshot!(concise::render(&report));
}

#[test]
fn invalid_utf8() {
    let text = b"{\n  \"\xFF\xE2\x82 \xF0\x9F\x90\x99\": 1, \"use_http\": true\n}\n";
    insta::assert_snapshot!(plain(text, without_port(text)));
}

#[test]
fn long_texts_are_shortened() {
    let long = format!("the end of {} is here", "long ".repeat(100_000));
    let mut finding =
        finding("unknown-field", &long, Label::new(place(JAEGER, "\"otlp\""), &*long));
    finding.help = "x".repeat(1_000_000);
    finding.related = (0..1000).map(|at| Label::new(Span::at(at % JAEGER.len()), &*long)).collect();
    insta::assert_snapshot!(plain(JAEGER, finding));
}

#[test]
fn thousands_of_lines_apart() {
    let text = JAEGER.repeat(1000);
    let end = text.len();
    let nth = |n: usize| Label::new(Span::new(end * n / 10, end * n / 10 + 1), "");
    let mut related: Vec<_> = (1..=10).map(nth).collect();
    related[0].text = "a tenth of the way".to_owned();
    related[9].text = "the end".to_owned();
    related.reverse();
    insta::assert_snapshot!(plain(text, Finding { related, ..without_port(JAEGER) }));
}

#[test]
fn overlapping_labels() {
    let text = "{\n  \"otlp\": [{ \"name\": \"jaeger\", \"use_http\": true }]\n}\n";
    let exporter = place(text, "{ \"name\": \"jaeger\", \"use_http\": true }");
    let related = vec![
        Label::new(exporter, "this exporter"),
        Label::new(place(text, "\"use_http\""), "by this"),
    ];
    insta::assert_snapshot!(plain(text, Finding { related, ..without_port(text) }));
}

/// Of a finding in a template: what it is rendered to, and what led to it from other files.
#[test]
fn rendered_line() {
    let template = "\"host\": \"{{ .host }}\",\n";
    let at = |line, column| Position { offset: 0, line, column, utf16: column, byte: column };
    let call = Elsewhere {
        file: "krakend.tmpl".to_owned(),
        start: at(7, 3),
        end: at(7, 30),
        text: "called from here, iteration 3 of /endpoints".to_owned(),
    };
    let text = format!("{}\"host\": \"collector:4317\",{}", " ".repeat(90), " ".repeat(90));
    let span = place(&text, "\"collector:4317\"");
    let rendered = RenderedLine { position: at(1204, span.start + 1), text, span };
    let label = Label::new(place(template, "{{ .host }}"), "");
    let mut finding = finding("otlp-host-contains-port", "`host` has a port in it", label);
    finding.elsewhere = vec![call];
    finding.rendered = Some(rendered);
    insta::assert_snapshot!(plain(template, finding));
}

#[test]
fn concise_lines() {
    let info = Finding { severity: Severity::Info, ..without_port(JAEGER) };
    insta::assert_snapshot!(concise::render(&report(JAEGER, vec![without_port(JAEGER), info])));
    let text = "{\"名前🐙\": 1, \"use_http\": true}";
    insta::assert_snapshot!(concise::render(&report(text, vec![without_port(text)])));
}
