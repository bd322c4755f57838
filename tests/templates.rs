//! Templates: nothing is said that is not true of every file they become, and all that is.

use std::path::Path;

use otel_lint::document::{Document, Kind, NodeId, json};
use otel_lint::finding::Finding;
use otel_lint::linter::{self, Options};
use otel_lint::report::{Content, FileReport};
use otel_lint::rules::{self, Example, ExampleKind};
use otel_lint::source::{Source, Span};

/// A change to a text: other text in the place of a span.
#[derive(Clone, Debug)]
struct Change {
    span: Span,
    text: String,
}

impl Change {
    fn new(span: Span, text: &str) -> Self {
        Self { span, text: text.to_owned() }
    }

    fn apply(&self, text: &str) -> String {
        let range = self.span.range();
        format!("{}{}{}", &text[..range.start], self.text, &text[range.end..])
    }

    /// Where an offset before or after the change is when it is made.
    fn moved(&self, offset: u32) -> u32 {
        if offset >= self.span.end && offset > self.span.start {
            offset + self.text.len() as u32 - (self.span.end - self.span.start)
        } else {
            offset
        }
    }
}

fn options(example: &Example<'_>) -> Options {
    let version = example.version.map(|version| version.parse().expect("a version"));
    Options { version, edition: example.edition, pedantic: true }
}

fn check(text: &str, options: Options) -> FileReport {
    linter::check(Source::new("krakend.tmpl", text), options)
}

/// What two findings must share to be the same: all that is said, and the place.
type Said = (&'static str, String, u32, u32);

fn said(finding: &Finding, moved: impl Fn(u32) -> u32) -> Said {
    let span = finding.primary.span;
    (finding.rule, finding.message.clone(), moved(span.start), moved(span.end))
}

fn examples() -> impl Iterator<Item = (&'static str, Example<'static>)> {
    let all = rules::ALL.iter();
    let examples = all.flat_map(|rule| rules::examples(rule).into_iter().map(|e| (rule.id, e)));
    examples.filter(|(_, example)| json::read(&Source::new("e", example.text)).errors.is_empty())
}

/// The span of a member from its key to its value, or of an item.
fn whole(doc: &Document<'_>, node: NodeId) -> Span {
    let key = doc.nodes().find_map(|object| doc.members(object).find(|member| member.value == node));
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
        changes.push(Change::new(whole, "{{ include \"x\" . }}"));
        let end = Span::at(whole.end as usize);
        changes.push(Change::new(end, ", {{- template \"x\" }}"));
        if span != whole {
            changes.push(Change::new(whole, &format!("{{{{ .k }}}}: {{{{ .v }}}}")));
        }
        let before = &text[whole.range()];
        changes.push(Change::new(whole, &format!("{{{{ if .x }}}}{before}{{{{ end }}}}")));
        changes.push(Change::new(whole, &format!("{{{{ range .x }}}}{before},{{{{ end }}}}")));
        changes.push(Change::new(span, &format!("{{{{ if .x }}}}{}{{{{ else }}}}{{{{ .y }}}}{{{{ end }}}}", &text[span.range()])));
    }
    changes
}

#[test]
fn what_is_unknown_gives_no_finding_that_was_not_there() {
    let mut failures = Vec::new();
    let (mut cases, mut kept, mut all) = (0, 0, 0);
    for (rule, example) in examples() {
        let options = options(&example);
        let before = check(example.text, options).findings;
        for change in changes(example.text) {
            cases += 1;
            let text = change.apply(example.text);
            let report = check(&text, options);
            assert_eq!(report.content, Content::Template);
            let expected: Vec<Said> = before.iter().map(|f| said(f, |at| change.moved(at))).collect();
            all += expected.len();
            for finding in &report.findings {
                if expected.contains(&said(finding, |at| at)) {
                    kept += 1;
                } else if failures.len() < 4000 {
                    let at = change.span.start as usize;
                    let line = example.text[..at].lines().count();
                    failures.push(format!(
                        "{rule} ({:?}) line {line} `{}` -> `{}`: {} [{}]",
                        example.kind, &example.text[change.span.range()].chars().take(40).collect::<String>().replace('\n', " "), change.text.chars().take(60).collect::<String>().replace('\n', " "), finding.rule, finding.message
                    ));
                }
            }
        }
    }
    println!("{cases} cases, {kept} of {all} findings kept");
    assert!(failures.is_empty(), "{} of {cases}\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn what_has_nothing_to_do_with_a_finding_does_not_hide_it() {
    for (rule, example) in examples().filter(|(_, e)| e.kind == ExampleKind::Bad) {
        let options = options(&example);
        let before = check(example.text, options).findings;
        let at = example.text.find('{').expect("an object") + 1;
        let added = "{{/* x */}}{{ $x := 1 }}{{ if .y }}\"cache_ttl\": {{ .t }},{{ end }}{{ include \"z\" }},";
        let change = Change::new(Span::at(at), added);
        let after = check(&change.apply(example.text), options).findings;
        let expected: Vec<Said> = before.iter().map(|f| said(f, |at| change.moved(at))).collect();
        let found: Vec<Said> = after.iter().map(|f| said(f, |at| at)).collect();
        assert_eq!(found, expected, "{rule}\n{}", change.apply(example.text));
    }
}
