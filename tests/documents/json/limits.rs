//! Deep, large and hopeless texts.

use otel_lint::document::Kind;
use otel_lint::document::json::{ErrorKind, MAX_ERRORS};

use super::tape;

/// `maxNestingDepth` of Go's `encoding/json`.
const DEEPEST: usize = 10_000;

fn nested(levels: usize) -> Vec<u8> {
    [b"[".repeat(levels), b"]".repeat(levels)].concat()
}

/// The kinds of all errors but the one about the root, which is an array here.
fn kinds(text: &[u8]) -> Vec<ErrorKind> {
    tape::read(text, |parsed| {
        let kinds = parsed.errors.iter().map(|error| error.kind);
        kinds.filter(|&kind| kind != ErrorKind::NotAnObject).collect()
    })
}

#[test]
fn ten_thousand_levels_are_read_and_no_more() {
    assert_eq!(kinds(&nested(DEEPEST)), []);
    assert_eq!(kinds(&nested(DEEPEST + 1)), [ErrorKind::TooDeep]);
    let mut objects = b"{\"a\":".repeat(DEEPEST - 1);
    objects.extend(b"{}");
    objects.extend(b"}".repeat(DEEPEST - 1));
    assert_eq!(kinds(&objects), []);
    tape::read(&[b"{\"a\":".as_slice(), &objects, b"}"].concat(), |parsed| {
        assert_eq!(parsed.errors.len(), 1);
        assert_eq!(parsed.errors[0].kind, ErrorKind::TooDeep);
        assert_eq!(parsed.errors[0].span.start as usize, 5 * DEEPEST);
        assert!(!parsed.reliable);
    });
}

#[test]
fn deeper_texts_end_at_once() {
    tape::read(&nested(100_000), |parsed| {
        assert_eq!(parsed.errors.len(), 1);
        assert_eq!(parsed.errors[0].kind, ErrorKind::TooDeep);
        assert_eq!(parsed.document.len(), DEEPEST);
    });
    assert_eq!(kinds(&b"[".repeat(100_000)), [ErrorKind::TooDeep]);
    assert_eq!(kinds(&b"{\"\":".repeat(100_000)), [ErrorKind::TooDeep]);
}

#[test]
fn a_long_string_is_one_node() {
    let text = format!("{{\"a\":\"{}\"}}", "x".repeat(5 << 20));
    tape::read(text.as_bytes(), |parsed| {
        assert_eq!((parsed.errors.len(), parsed.document.len()), (0, 3));
        let value = parsed.document.members(parsed.document.root().expect("a root")).next();
        let value = value.expect("a member").value;
        assert_eq!(parsed.document.kind(value), Kind::String);
        assert_eq!(parsed.document.span(value).end as usize, text.len() - 1);
    });
}

#[test]
fn errors_are_numbered() {
    let many = |count: usize| format!("{{\"a\":[{}0]}}", "NaN,".repeat(count)).into_bytes();
    assert_eq!(kinds(&many(MAX_ERRORS)), [ErrorKind::Word; MAX_ERRORS]);
    let kinds = kinds(&many(100 * MAX_ERRORS));
    assert_eq!(kinds[..MAX_ERRORS], [ErrorKind::Word; MAX_ERRORS]);
    assert_eq!(kinds[MAX_ERRORS..], [ErrorKind::TooMany]);
    tape::read(&many(100 * MAX_ERRORS), |parsed| {
        assert!(!parsed.reliable && parsed.document.len() < 2 * MAX_ERRORS, "reading goes on");
    });
}

#[test]
fn errors_in_one_string_are_numbered() {
    let text = format!("{{\"a\":\"{}\"}}", "\\x".repeat(100_000));
    let kinds = kinds(text.as_bytes());
    assert_eq!((kinds.len(), kinds[MAX_ERRORS]), (MAX_ERRORS + 1, ErrorKind::TooMany));
}

#[test]
fn warnings_do_not_end_reading() {
    let mut text = b"{\"a\":[".to_vec();
    text.extend(b"\"\xE9t\xE9\",".repeat(1000));
    text.extend(b"0],\"b\":1}");
    tape::read(&text, |parsed| {
        assert_eq!(parsed.errors.len(), MAX_ERRORS);
        assert!(parsed.errors.iter().all(|error| error.kind == ErrorKind::InvalidUtf8));
        assert!(parsed.reliable);
        assert_eq!(parsed.document.len(), 1006);
    });
}

/// Recovery looks ahead, but not from every byte to the end of the text: a reader that did would not
/// come to an end here.
#[test]
fn no_fault_makes_reading_slow() {
    let pieces = [
        "{",
        "}",
        "]",
        "[}",
        "{]",
        "[{",
        "\"",
        "\"x",
        "'",
        "\"a\":",
        "{\"a\" \"",
        "/*",
        "//",
        "\\",
        "{{",
        "[\"a\":",
        ":",
        "[\n",
        "{\"a\":[\n}",
        "(",
        "a(",
        "${",
        "1 ",
        "\"a\" x",
        ",",
        "=",
        "\u{A0}",
    ];
    for piece in pieces {
        for prefix in ["", "{\"a\":", "{", "[", "\"", "{\"a\":["] {
            let text = prefix.to_owned() + &piece.repeat(50_000);
            tape::read(text.as_bytes(), |parsed| assert!(!parsed.errors.is_empty()));
        }
    }
}
