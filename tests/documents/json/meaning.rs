//! What is read in spite of a fault, and what is said about it.

use otel_lint::document::json::SyntaxError;
use otel_lint::source::Source;
use serde_json::{Value, json};

use super::tape;

fn value(text: &str) -> Value {
    tape::read(text.as_bytes(), |parsed| {
        let root = parsed.document.root().expect("a value");
        parsed.document.to_value(root, 100)
    })
}

#[test]
fn what_is_meant_is_read() {
    let is = |text: &str, meant: Value| assert_eq!(value(text), meant, "{text}");
    is("\u{FEFF}{// x\n'a':[1,2,],}", json!({"a": [1, 2]}));
    is(
        "{a: NaN, b: True, c: None, d: -Infinity}",
        json!({"a": null, "b": true, "c": null, "d": null}),
    );
    is("{\"a\": [01, +2, .5, 1., 1e400]}", json!({"a": [1, 2, 0.5, 1.0, f64::MAX]}));
    is("{\"a\": [5s, 10.0.0.1, http://x:80/y]}", json!({"a": ["5s", "10.0.0.1", "http://x:80/y"]}));
    is("{“a”: 'it's', `b`: „x“}", json!({"a": "it's", "b": "x"}));
    is("{\"a\": \"C:\\dir\tx\ny\", \"b\": 1}", json!({"a": "C:\\dir\tx\ny", "b": 1}));
    is("{\"a\" 1 \"b\"= 2; \"c\": 3}", json!({"a": 1, "b": 2, "c": 3}));
    is("{a\": b\", \"c\": 1}", json!({"a": "b", "c": 1}));
}

#[test]
fn what_is_probably_meant_is_read() {
    let is = |text: &str, meant: Value| assert_eq!(value(text), meant, "{text}");
    is("{\"a: \"x\", \"b\": \"y,\n\"c\": \"z}", json!({"a": "x", "b": "y", "c": "z"}));
    is(
        "{\"a\": \"/x/{id},\n\"b\": {\"c\": \"d},\n\"e\": 1}",
        json!({"a": "/x/{id}", "b": {"c": "d"}, "e": 1}),
    );
    is("{\"a\": \"say \"hi\" now\"}", json!({"a": "say \"hi\" now"}));
    is("{\"a\": [1, {\"b\": [2}, 3], \"c\": 4}", json!({"a": [1, {"b": [2]}, 3], "c": 4}));
    is(
        "{\"a\": [1, {\"b\": {\"c\": 2}, 3], \"d\": 4}",
        json!({"a": [1, {"b": {"c": 2}}, 3], "d": 4}),
    );
    is("{\"a\": [{\"b\": 1, \"x\", 3], \"d\": 4}", json!({"a": [{"b": 1}, "x", 3], "d": 4}));
    is("{\"a\": [1, 2, \"b\": {\"c\": 3}}", json!({"a": [1, 2], "b": {"c": 3}}));
    is("{\"a\": \"b\": 1, \"c\": 2}, \"d\": 3}", json!({"a": {"b": 1, "c": 2}, "d": 3}));
    is("{\"a\": {\"b\": 1}, {\"b\": 2}], \"c\": 3}", json!({"a": [{"b": 1}, {"b": 2}], "c": 3}));
    is("{\"a\": \"x\", \"y\"], \"c\": 3}", json!({"a": ["x", "y"], "c": 3}));
    is("\"a\": 1, \"b\": 2", json!({"a": 1, "b": 2}));
    is("{\"a\", \"b\": }", json!({"a": null, "b": null}));
}

/// The first error of `text`, and the text and line of each place related to it.
fn first<T>(text: &str, then: impl FnOnce(&Source, &SyntaxError) -> T) -> T {
    tape::read(text.as_bytes(), |parsed| then(parsed.document.source(), &parsed.errors[0]))
}

fn related(text: &str) -> Vec<(String, u32)> {
    first(text, |source, error| {
        let places = error.related.iter().map(|(span, _)| *span);
        let shown = |span| String::from_utf8_lossy(source.slice(span)).into_owned();
        places.map(|span| (shown(span), source.position(span.start).line)).collect()
    })
}

#[test]
fn other_places_are_shown() {
    let are = |text: &str, places: &[(&str, u32)]| {
        let places: Vec<_> =
            places.iter().map(|(text, line)| ((*text).to_owned(), *line)).collect();
        assert_eq!(related(text), places, "{text}");
    };
    are("{\n\"a\": 12\n\"b\": 1}", &[("2", 2)]);
    are("{\n\"a\"\n1}", &[("\"a\"", 2)]);
    are("{\"a\":\n[1\n}}", &[("[", 2)]);
    are("{\"a\":\n[\n{\"b\":\"x", &[("\"", 3), ("{", 3), ("[", 2), ("{", 1)]);
    are("{\n}\n{", &[("}", 2)]);
    are("{\"a\": [\n1,\n\"b\": 2}", &[("[", 1)]);
    are("{\n\"a\": 1,\n2]}", &[("2", 3)]);
}

#[test]
fn the_indentation_tells_where_brackets_went_wrong() {
    let missing = "{\n  \"a\": {\n    \"b\": {\n      \"c\": 1\n  },\n  \"d\": 2\n}\n";
    assert_eq!(related(missing), [("{".to_owned(), 1), ("{".to_owned(), 3), ("}".to_owned(), 5)]);
    let extra = "{\n  \"a\": {\n    \"b\": 1\n    }\n  },\n  \"c\": 2\n}\n";
    let places = [("}".to_owned(), 5), ("{".to_owned(), 2), ("}".to_owned(), 4)];
    assert_eq!(related(extra), places);
}

#[test]
fn a_message_says_what_is_wrong() {
    let says = |text: &str, message: &str| {
        assert_eq!(first(text, |source, error| error.message(source)), message, "{text}");
    };
    says("{\"a\":1,}", "a comma before `}`: JSON allows none after the last member");
    says("{\"a\":[1,\n]}", "a comma before `]`: JSON allows none after the last item");
    says("{\"a\":[1}}", "`}` where `]` should be");
    says("{\"a\":[1,\"b\":2}", "`]` is missing before this");
    says("{\"a\":\"b\":1}}", "`{` is missing before this");
    says("{\"a\":1,2]}", "`[` is missing before this");
    says("{\"a\"}", "the key `\"a\"` has no value");
    says("{\"a\"=1}", "`=` where `:` should be");
    says("{\"a\":NaN}", "`NaN` is not a number in JSON");
    says("{\"a\":None}", "`None` is not how JSON writes `null`");
    says("{\"a\":007}", "`007` is not a number in JSON: it has a leading zero");
    says("{\"a\":\"\t\"}", "a tab inside a string");
    says("{\u{A0}}", "U+00A0 looks like a blank or like nothing, but JSON does not allow it here");
    says("{\"a\":1}\0", "the byte 0x00 after the end of the configuration");
}

/// Values may be secrets: a token without quotes, say.
#[test]
fn a_message_holds_no_text_of_values() {
    let texts = [
        "{\"a\": s3cret}",
        "{\"a\": 's3cret'}",
        "{\"a\": \"s3cret}",
        "{\"a\": \"x\" s3cret}",
        "{\"a\": \"x\"s3cret\"}",
        "{\"a\": \"\ts3cret\"}",
        "{\"a\": s3cret\"}",
        "{\"a\": 1 s3cret, \"b\": 1}",
    ];
    for text in texts {
        tape::read(text.as_bytes(), |parsed| {
            for error in &parsed.errors {
                let said = error.message(parsed.document.source()) + &error.help();
                assert!(!said.contains("s3cret"), "{text}: {said}");
            }
        });
    }
}
