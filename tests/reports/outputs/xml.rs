//! The formats that are XML: well-formed, of known elements and attributes, then read.

use roxmltree::{Document, Node};

use super::regions::{Unit, offset, text};
use super::runs::Run;
use super::{Cut, Seen, severity, source};

/// Elements: the name, what may be in it, and the attributes it must have; a `?` marks others.
type Grammar = &'static [(&'static str, &'static [&'static str], &'static [&'static str])];

/// As the JUnit plugin of Jenkins and GitLab read it.
const JUNIT: Grammar = &[
    ("testsuites", &["testsuite"], &["name", "tests", "failures", "errors", "time"]),
    ("testsuite", &["testcase"], &["name", "tests", "failures", "errors", "skipped", "time"]),
    (
        "testcase",
        &["failure", "error", "skipped", "system-out"],
        &["name", "classname", "file", "line", "time"],
    ),
    ("failure", &[], &["message", "type"]),
    ("error", &[], &["message", "type"]),
    ("skipped", &[], &["message"]),
    ("system-out", &[], &[]),
];

const CHECKSTYLE: Grammar = &[
    ("checkstyle", &["file"], &["version"]),
    ("file", &["error"], &["name"]),
    ("error", &[], &["line", "column?", "severity", "message", "source"]),
];

fn follows(node: Node<'_, '_>, grammar: Grammar) {
    let name = node.tag_name().name();
    let (_, children, attributes) =
        grammar.iter().find(|(known, ..)| *known == name).unwrap_or_else(|| panic!("no {name}"));
    for child in node.children().filter(Node::is_element) {
        assert!(children.contains(&child.tag_name().name()), "{child:?} in {name}");
        follows(child, grammar);
    }
    for attribute in node.attributes() {
        let is_it = |known: &&str| known.trim_end_matches('?') == attribute.name();
        assert!(attributes.iter().any(is_it), "{attribute:?} of {name}");
    }
    for known in attributes.iter().filter(|known| !known.ends_with('?')) {
        assert!(node.attribute(*known).is_some(), "{name} has no {known}");
    }
}

fn elements<'a, 'i>(node: Node<'a, 'i>, name: &'static str) -> Vec<Node<'a, 'i>> {
    node.children().filter(|child| child.has_tag_name(name)).collect()
}

fn number(node: Node<'_, '_>, name: &str) -> u64 {
    node.attribute(name).and_then(|text| text.parse().ok()).expect("a number")
}

/// All of `text` from line and column on, in characters.
fn from(text: &str, line: u64, column: u64) -> Cut {
    let at = offset(text, line, column, Unit::Characters);
    Cut::From(text[at..].trim_start_matches('\u{FEFF}').to_owned())
}

pub fn checkstyle(text: &str, run: &Run) -> Vec<Seen> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    follows(document.root_element(), CHECKSTYLE);
    let mut seen = Vec::new();
    let files = elements(document.root_element(), "file");
    assert_eq!(files.len(), run.files.len() + run.unread.len());
    for file in files {
        let path = path(file.attribute("name").expect("a name"), run);
        for error in elements(file, "error") {
            let rule = error.attribute("source").and_then(|id| id.strip_prefix("otel-lint."));
            let rule = rule.expect("a rule");
            if rule == "unreadable" {
                continue;
            }
            let content = self::text(source(run, &path));
            seen.push(Seen {
                path: path.clone(),
                rule: rule.to_owned(),
                severity: severity(error.attribute("severity").expect("a severity")),
                cut: Some(from(&content, number(error, "line"), number(error, "column"))),
                ..Seen::default()
            });
        }
    }
    seen
}

pub fn junit(text: &str, run: &Run) -> Vec<Seen> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let root = document.root_element();
    follows(root, JUNIT);
    let suites = elements(root, "testsuite");
    assert_eq!(suites.len(), run.files.len() + run.unread.len());
    for count in ["tests", "failures", "errors"] {
        let sum: u64 = suites.iter().map(|suite| number(*suite, count)).sum();
        assert_eq!(number(root, count), sum);
    }
    let mut seen = Vec::new();
    for suite in suites {
        let cases = elements(suite, "testcase");
        let having =
            |name| cases.iter().filter(|case| !elements(**case, name).is_empty()).count() as u64;
        assert!(!cases.is_empty(), "a suite without tests");
        assert_eq!(number(suite, "tests"), cases.len() as u64);
        assert_eq!(number(suite, "failures"), having("failure"));
        assert_eq!(number(suite, "errors"), having("error"));
        assert_eq!(number(suite, "skipped"), having("skipped"));
        for case in cases {
            let name = case.attribute("name").expect("a name");
            // A file without findings is one test, and so is one that could not be read.
            let Some((rule, place)) = name.split_once(" at ") else { continue };
            let (line, column) = place.split_once(':').expect("line and column");
            assert_eq!(case.attribute("line"), Some(line));
            let path = path(case.attribute("file").expect("a file"), run);
            let content = self::text(source(run, &path));
            let column = column.parse().expect("a number");
            let failure = elements(case, "failure").first().and_then(|f| f.attribute("type"));
            seen.push(Seen {
                path,
                rule: rule.to_owned(),
                severity: failure.map_or("", severity),
                ignored: !elements(case, "skipped").is_empty(),
                cut: Some(from(&content, number(case, "line"), column)),
            });
        }
    }
    seen
}

/// The path that is written so: XML has no escape character.
fn path(written: &str, run: &Run) -> String {
    let mut paths = run.files.iter().map(|file| run.base.path(file.source.name()));
    let shown = |path: &String| path.replace('\u{1b}', "\u{FFFD}") == written;
    paths.find(shown).unwrap_or_else(|| written.to_owned())
}
