//! Templates: nothing is said that is not true of every file they become, and all that is.

use std::path::Path;

use otel_lint::analysis::CheckedFile;
use otel_lint::document::{Document, Kind, NodeId, json};
use otel_lint::finding::Finding;
use otel_lint::linter::{self, Options};
use otel_lint::recognise::Content;
use otel_lint::report::concise;
use otel_lint::report::human::{self, Style};
use otel_lint::rules::{self, Example, ExampleKind};
use otel_lint::source::{Format, Source, Span};
use otel_lint::target::Edition;

/// A change to a text: other text in the place of a span.
#[derive(Clone, Debug)]
struct Change {
    span: Span,
    text: String,
    /// Where the old text is in the new one, if it is.
    old_at: Option<u32>,
}

impl Change {
    fn new(span: Span, text: &str) -> Self {
        Self { span, text: text.to_owned(), old_at: None }
    }

    /// The old text between two others.
    fn around(span: Span, text: &str, before: &str, after: &str) -> Self {
        let new = format!("{before}{}{after}", &text[span.range()]);
        Self { old_at: Some(before.len() as u32), ..Self::new(span, &new) }
    }

    fn apply(&self, text: &str) -> String {
        let range = self.span.range();
        format!("{}{}{}", &text[..range.start], self.text, &text[range.end..])
    }

    /// Where an offset before or after the change is when it is made.
    fn moved(&self, place: Span) -> Span {
        let moved = |offset: u32| {
            if offset >= self.span.end && place.end > self.span.end {
                offset + self.text.len() as u32 - (self.span.end - self.span.start)
            } else {
                offset + self.old_at.filter(|_| self.span.contains(place)).unwrap_or(0)
            }
        };
        Span { start: moved(place.start), end: moved(place.end) }
    }
}

fn options(example: &Example<'_>) -> Options {
    let version = example.version.map(|version| version.parse().expect("a version"));
    Options { version, edition: example.edition, pedantic: true, ..Options::default() }
}

fn check(text: &str, options: &Options) -> CheckedFile {
    linter::check(Source::new("krakend.tmpl", text), options)
}

/// What two findings must share to be the same: where the readings of a template differ in words, a
/// finding has those of its rule.
type Said = (&'static str, u32, u32);

fn said(finding: &Finding, moved: impl Fn(Span) -> Span) -> Said {
    let span = moved(finding.primary.span);
    (finding.rule, span.start, span.end)
}

fn examples() -> impl Iterator<Item = (&'static str, Example<'static>)> {
    let all = rules::ALL.iter();
    let examples = all.flat_map(|rule| rules::examples(rule).into_iter().map(|e| (rule.id, e)));
    examples.filter(|(_, example)| json::read(&Source::new("e", example.text)).errors.is_empty())
}

/// The span of a member from its key to its value, or of an item.
fn whole(doc: &Document<'_>, node: NodeId) -> Span {
    let key =
        doc.nodes().find_map(|object| doc.members(object).find(|member| member.value == node));
    let span = doc.span(node);
    key.map_or(span, |member| Span { start: doc.span(member.key).start, end: span.end })
}

/// Every value of `text` but its root: instead of it something unknown, instead of the whole member
/// or item, and beside it.
fn changes(text: &str) -> Vec<Change> {
    let source = Source::new("e", text);
    let doc = json::read(&source).document;
    let root = doc.root().expect("an example has a root");
    let values = doc.nodes().flat_map(|node| {
        let members = doc.members(node).map(|member| member.value);
        members.chain(doc.items(node)).collect::<Vec<_>>()
    });
    let mut changes = Vec::new();
    for value in values.filter(|value| *value != root) {
        let (span, whole) = (doc.span(value), whole(&doc, value));
        changes.push(Change::new(span, "{{ .x }}"));
        if doc.kind(value) == Kind::String {
            changes.push(Change::new(span, "\"{{ env \"X\" }}\""));
        }
        changes.push(Change::new(whole, " {{ include \"x\" . }}"));
        let end = Span::at(whole.end as usize);
        changes.push(Change::new(end, ", {{- template \"x\" }}"));
        if span != whole {
            changes.push(Change::new(whole, " {{ .k }}: {{ .v }}"));
        }
        changes.push(Change::around(whole, text, " {{ if .x }}", "{{ end }}"));
        changes.push(Change::around(whole, text, " {{ range .x }}", ",{{ end }}"));
        changes.push(Change::around(span, text, "{{ if .x }}", "{{ else }}{{ .y }}{{ end }}"));
    }
    changes
}

/// Of the changes to an example, one in so many is tried; it is not a divisor of the kinds of changes.
const STEP: usize = 29;
const START: usize = 3;

/// What is wrong with the findings of an example that was changed.
fn surprises(
    rule: &str,
    example: &Example<'_>,
    before: &[Finding],
    change: &Change,
) -> Vec<String> {
    let report = check(&change.apply(example.text), &options(example));
    assert_eq!(report.content, Content::Template);
    // Where the readings of a template differ in words, a finding has those of its rule.
    let place = |finding: &Finding, span: Span| (finding.rule, span.start, span.end);
    let expected: Vec<_> = before.iter().map(|f| place(f, change.moved(f.primary.span))).collect();
    let new = report.findings.iter().filter(|f| !expected.contains(&place(f, f.primary.span)));
    let line = example.text[..change.span.start as usize].lines().count();
    let old = &example.text[change.span.range()];
    new.map(|f| format!("{rule}:{line}: {old} -> {}\n  {}: {}", change.text, f.rule, f.message))
        .collect()
}

#[test]
fn what_is_unknown_gives_no_finding_that_was_not_there() {
    let examples: Vec<_> = examples().collect();
    let threads = 2;
    let work = &|part: usize| {
        let mut surprising = Vec::new();
        for (rule, example) in examples.iter().skip(part).step_by(threads) {
            let before = check(example.text, &options(example)).analysis.findings;
            for change in changes(example.text).into_iter().skip(START).step_by(STEP) {
                surprising.extend(surprises(rule, example, &before, &change));
            }
        }
        surprising
    };
    let surprising: Vec<String> = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads).map(|part| scope.spawn(move || work(part))).collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    });
    assert!(surprising.is_empty(), "{}:\n{}", surprising.len(), surprising.join("\n"));
}

/// A finding about what an object lacks, where `@` stands in it: there is none if more may come in.
#[test]
fn what_may_come_in_is_not_missed() {
    let prometheus = |port| {
        format!(
            r#""telemetry/opentelemetry": {{
                "exporters": {{ "prometheus": [{{ "name": "p", "port": {port} }}] }}
            }}"#
        )
    };
    let otlp = r#""name": "c", "host": "https://c.example", "port": 4318, "use_http": true"#;
    let table = [
        (
            "security-headers-invalid",
            format!(
                r#"{{ "version": 3, "extra_config": {{
                    "telemetry/opentelemetry": {{ "exporters": {{ "otlp": [{{ {otlp} }}] }} }},
                    "telemetry/opentelemetry-security": {{
                        "otlp": [{{ "name": "c", "headers": {{ @ }} }}]
                    }}
                }} }}"#
            ),
        ),
        (
            "prometheus-port-conflict",
            format!(r#"{{ "version": 3 @, "extra_config": {{ {} }} }}"#, prometheus(8080)),
        ),
        (
            "prometheus-port-conflict",
            format!(
                r#"{{ "version": 3, "extra_config": {{ {}, "telemetry/metrics": {{ @ }} }} }}"#,
                prometheus(8090)
            ),
        ),
        (
            "skip-paths-no-match",
            format!(
                r#"{{ "version": 3, "extra_config": {{ "telemetry/opentelemetry": {{
                    "skip_paths": ["/admin/*"], "exporters": {{ "otlp": [{{ {otlp} }}] }}
                }} @ }}, "endpoints": [{{ "endpoint": "/admin/status" }}] }}"#
            ),
        ),
    ];
    for (rule, text) in table {
        let finds = |at: &str| {
            let edition = Edition::Enterprise;
            let options = Options { edition, pedantic: true, ..Options::default() };
            let findings = check(&text.replace('@', at), &options).analysis.findings;
            findings.iter().any(|finding| finding.rule == rule)
        };
        assert!(finds("{{/* nothing */}}"), "{rule}: {text}");
        assert!(!finds("{{ include \"x\" . }}"), "{rule}: {text}");
    }
}

#[test]
fn what_has_nothing_to_do_with_a_finding_does_not_hide_it() {
    for (rule, example) in examples().filter(|(_, e)| e.kind == ExampleKind::Bad) {
        let options = options(&example);
        // As a template, too.
        let before = check(&format!("{}{{{{/* x */}}}}", example.text), &options).analysis.findings;
        let at = example.text.find('{').expect("an object") + 1;
        let added = " {{/* x */}}{{ $x := 1 }}{{ if .y }}\"cache_ttl\": {{ .t }},{{ end }}";
        let change = Change::new(Span::at(at), added);
        let after = check(&change.apply(example.text), &options).analysis.findings;
        let expected: Vec<Said> = before.iter().map(|f| said(f, |at| change.moved(at))).collect();
        let found: Vec<Said> = after.iter().map(|f| said(f, |at| at)).collect();
        assert_eq!(found, expected, "{rule}\n{}", change.apply(example.text));
    }
}

fn fixture(name: &str) -> CheckedFile {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/templates").join(name);
    let source = Source::new(name, std::fs::read(file).expect("a fixture"));
    let source = source.with_format(Format::of_name(name));
    linter::check(source, &Options { pedantic: true, ..Options::default() })
}

#[test]
fn a_template_is_checked_at_its_exact_places() {
    let table: &[(&str, &[&str])] = &[
        ("branches.tmpl", &["8:28 sample-rate-zero", "12:80 otlp-port-protocol-mismatch"]),
        ("definitions.tmpl", &["4:63 no-exporters"]),
        (
            "gateway.tmpl",
            &[
                "13:34 metric-period-not-positive",
                "17:11 otlp-http-without-port",
                "26:68 override-wrong-type",
            ],
        ),
        ("manifest.yaml", &["4:9 unjudged-template"]),
        ("partial.tmpl", &["4:60 port-range"]),
        ("secret.tmpl", &["6:75 port-range", "6:82 unknown-field"]),
        ("unchecked.tmpl", &["3:3 unjudged-template"]),
    ];
    for (name, expected) in table {
        let report = fixture(name);
        assert_eq!(report.content, Content::Template, "{name}");
        let place = |finding: &Finding| {
            let at = report.source.position(finding.primary.span.start);
            format!("{}:{} {}", at.line, at.column, finding.rule)
        };
        let found: Vec<String> = report.findings.iter().map(place).collect();
        assert_eq!(found, *expected, "{name}\n{}", concise::render(&report));
    }
}

#[test]
fn secrets_in_a_template_are_not_shown() {
    const SECRETS: [&str; 5] = [
        "0123456789abcdef",
        "fedcba9876543210",
        "0f1e2d3c4b5a6978",
        "8796a5b4c3d2e1f0",
        "a0b1c2d3e4f50617",
    ];
    let checked = fixture("secret.tmpl");
    let whole = String::from_utf8_lossy(checked.source.bytes()).into_owned();
    let pedantic = Options { pedantic: true, ..Options::default() };
    let torn = check(&format!("{{ {{{{ if .x }}}}[{{{{ end }}}}\n{whole}"), &pedantic);
    assert_eq!(torn.findings[0].rule, "unjudged-template");
    for report in [checked, torn] {
        let shown =
            human::render(&report, Style { width: 300, color: false, links: false, unicode: true });
        for secret in SECRETS {
            assert!(whole.contains(secret) && !shown.contains(secret), "{shown}");
        }
    }
}

#[test]
fn no_text_is_too_odd() {
    let whole = include_str!("../../fixtures/templates/gateway.tmpl");
    let mut texts: Vec<Vec<u8>> =
        (0..whole.len()).step_by(3).map(|end| whole[..end].into()).collect();
    texts.extend((0..whole.len()).step_by(3).map(|start| whole[start..].into()));
    texts.push(whole.replace('\n', "\r\n").into());
    texts.push([b"\xEF\xBB\xBF", whole.as_bytes()].concat());
    texts.push([b"\xFF\xFE", whole.as_bytes()].concat());
    texts.push("[".repeat(100_000).into());
    texts.push("{\"a\":".repeat(100_000).into());
    texts.push("{{ if .x }}".repeat(100_000).into());
    texts.push([&*"{{ if .x }}[".repeat(20_000), &*"]{{ end }}".repeat(20_000)].concat().into());
    texts.push([&*"{{ range .x }}1,".repeat(50_000), &*"{{ end }}".repeat(50_000)].concat().into());
    texts.push(format!("[{}1]", "{{ .x }},".repeat(20_000)).into());
    texts.push(format!("{{ {} }}", "{{ .x }}: {{ .y }},".repeat(5_000)).into());
    for text in texts {
        let report = linter::check(Source::new("x.tmpl", text), &Options::default());
        assert!(report.findings.iter().all(|finding| finding.rule != "invalid-json"));
        assert_eq!(report.content, Content::Template);
    }
}

#[test]
fn the_place_of_a_finding_is_the_same_with_any_line_ends() {
    let whole = include_str!("../../fixtures/templates/gateway.tmpl");
    let places = |text: &str| -> Vec<_> {
        let report = check(text, &Options::default());
        let at = |f: &Finding| (report.source.position(f.primary.span.start), f.rule);
        report.findings.iter().map(at).map(|(at, rule)| (at.line, at.column, rule)).collect()
    };
    assert!(!places(whole).is_empty());
    assert_eq!(places(whole), places(&whole.replace('\n', "\r\n")));
}

#[test]
fn braces_in_the_strings_of_an_ordinary_file_make_no_template() {
    let text = |value: &str| format!("{{\"version\": 3, \"@x\": {value}}}");
    for (name, value, expected) in [
        ("krakend.json", "\"{{ .x }}\"", Content::Configuration),
        ("krakend.json", "\"{% if x %} {{\"", Content::Configuration),
        ("krakend.json", "{{ .x }}", Content::Template),
        ("krakend.json", "\"{{ env \"X\" }}\"", Content::Template),
        ("krakend.json.tmpl", "\"{{ .x }}\"", Content::Template),
        ("krakend.TPL", "{{ 1 }}", Content::Template),
        ("krakend.tmpl", "\"${X}\"", Content::Template),
        ("krakend.tmpl", "\"$X\"", Content::Template),
        ("krakend.tmpl", "1,", Content::Template),
        // What has no actions is rendered to itself.
        ("krakend.gotmpl", "\"$ref\"", Content::Configuration),
    ] {
        let report = linter::check(Source::new(name, text(value)), &Options::default());
        assert_eq!(report.content, expected, "{name}: {value}");
    }
}
