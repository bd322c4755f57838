//! Fixes as bytes: what they do to the text is what their edits mean, the rest keeps its bytes, and
//! the layout of the file stays that of its author.

use otel_lint::analysis::CheckedFile;
use otel_lint::document;
use otel_lint::finding::Finding;
use otel_lint::fix;
use otel_lint::linter::{self, Options};
use otel_lint::rules::{self, Example, ExampleKind};
use otel_lint::source::{Format, Source};
use serde_json::Value;

use crate::edits;

/// A manner of writing JSON: its name, and the text in this manner.
type Manner = (&'static str, fn(&str) -> String);

const COMMENT: &str = " // {, 'x']";

const MANNERS: &[Manner] = &[
    ("as it is", str::to_owned),
    ("minified", minified),
    ("CRLF", |text| text.replace('\n', "\r\n")),
    ("tabs", |text| {
        let line = |line: &str| {
            let rest = line.trim_start_matches(' ');
            "\t".repeat((line.len() - rest.len()) / 2) + rest
        };
        text.lines().map(line).collect::<Vec<_>>().join("\n")
    }),
    ("with a byte order mark", |text| format!("\u{FEFF}{text}")),
    ("with comments", |text| text.replace('\n', &format!("{COMMENT}\n"))),
];

/// `text` without blanks outside of strings.
fn minified(text: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    let keep = |&c: &char| {
        if quoted {
            (quoted, escaped) = (escaped || c != '"', !escaped && c == '\\');
            return true;
        }
        quoted = c == '"';
        !c.is_ascii_whitespace()
    };
    text.chars().filter(keep).collect()
}

fn check(text: &str, example: &Example<'_>) -> CheckedFile {
    let version = example.version.map(|version| version.parse().expect("a version"));
    let options =
        Options { version, edition: example.edition, pedantic: true, ..Options::default() };
    linter::check(Source::new("example.json", text), &options)
}

fn bad() -> impl Iterator<Item = (&'static str, Example<'static>, Option<Example<'static>>)> {
    rules::ALL.iter().flat_map(|rule| {
        let examples: Vec<_> =
            rules::examples(rule).into_iter().filter(|e| e.format == Format::Json).collect();
        let fixed = examples.iter().skip(1).copied().map(Some).chain([None]).collect::<Vec<_>>();
        let pairs = examples.into_iter().zip(fixed);
        pairs
            .filter(|(example, _)| example.kind == ExampleKind::Bad)
            .map(|(bad, next)| (rule.id, bad, next.filter(|next| next.kind == ExampleKind::Fixed)))
    })
}

fn fixed(report: &CheckedFile, finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let bytes = fix::replace(report.source.bytes(), &fix.replacements);
    Some(String::from_utf8(bytes).expect("the examples are UTF-8"))
}

#[test]
fn every_fix_of_json_has_replacements() {
    for (rule, example, _) in bad() {
        for (manner, write) in MANNERS {
            for finding in check(&write(example.text), &example).analysis.findings {
                let Some(fix) = finding.fix else { continue };
                assert!(!fix.replacements.is_empty(), "{rule}, {manner}: {}", fix.title);
            }
        }
    }
}

#[test]
fn replacements_do_what_the_edits_mean() {
    let mut tried = 0;
    for (rule, example, _) in bad() {
        // What is not JSON before the fix has no other reading than the one that is to be tested.
        if serde_json::from_str::<Value>(example.text).is_err() {
            continue;
        }
        for (manner, write) in MANNERS.iter().filter(|(manner, _)| !manner.starts_with("with")) {
            let report = check(&write(example.text), &example);
            let parsed = document::read(&report.source);
            for finding in &report.findings {
                let Some(text) = fixed(&report, finding) else { continue };
                let fix = finding.fix.as_ref().expect("it was just applied");
                let result: Value = serde_json::from_str(&text)
                    .unwrap_or_else(|error| panic!("{rule}, {manner}: {error}\n{text}"));
                let meant = edits::apply(&parsed.document, &fix.edits);
                assert_eq!(result, meant, "{rule}, {manner}: {}\n{text}", fix.title);
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

#[test]
fn a_fix_writes_as_the_author_of_the_file_would() {
    // The fixed examples are written by hand. A fix gives them but for the choice between one line and
    // several, which the author of a file has made already.
    let (mut tried, mut same) = (0, 0);
    for (rule, example, next) in bad() {
        let Some(next) = next else { continue };
        for (manner, write) in MANNERS {
            // One finding for each comment, and one for the byte order mark.
            if rule == "invalid-json" && manner.starts_with("with") {
                continue;
            }
            let report = check(&write(example.text), &example);
            let finding = report.findings.iter().find(|finding| finding.rule == rule);
            let text = finding.and_then(|finding| fixed(&report, finding)).unwrap_or_default();
            let expected = write(next.text);
            let plain = |text: &str| minified(&text.replace(COMMENT, ""));
            assert_eq!(plain(&text), plain(&expected), "{rule}, {manner}:\n{text}");
            assert!(text == expected || *manner != "minified", "{rule}:\n{text}");
            for line in text.split('\n').filter(|line| !line.is_empty()) {
                assert_eq!(line.ends_with('\r'), *manner == "CRLF", "{rule}: {line}");
                assert!(!line.trim_end_matches('\r').ends_with([' ', '\t']), "{rule}: {line}");
                assert!(*manner != "tabs" || !line.starts_with(' '), "{rule}: {line}");
            }
            tried += 1;
            same += usize::from(text == expected);
        }
    }
    assert!(tried > 100 && same * 3 > tried * 2, "{same} of {tried} are the same to the byte");
}
