//! The TOML reader: what a text means, where each part of it is, and what is wrong with it.
//!
//! The tables of meanings and of faults were decided by the gateway's own reader: each text was
//! given to koanf's `parsers/toml` 0.1.0 with go-toml 1.9.5, and what came out encoded as JSON.

use otel_lint::document::{self, Document, Kind, Parsed, toml};
use otel_lint::source::{Format, Source};
use serde_json::{Value, json};

fn source(text: impl AsRef<[u8]>) -> Source {
    Source::new("t.toml", text.as_ref()).with_format(Format::Toml)
}

fn value(doc: &Document<'_>) -> Value {
    doc.root().map_or(Value::Null, |root| doc.to_value(root, 1000))
}

fn errors(parsed: &Parsed<'_>) -> Vec<String> {
    let errors = parsed.faults.iter().filter(|fault| !fault.is_warning);
    errors.map(|fault| fault.message.clone()).collect()
}

#[test]
fn a_text_means_what_the_gateway_reads() {
    let table: &[(&str, Value)] = &[
        ("", json!({})),
        ("# only a comment", json!({})),
        ("a = 0x1F\nb = 0o17\nc = 0b11\nd = 1_000", json!({"a": 31, "b": 15, "c": 3, "d": 1000})),
        ("a = +1\nb = -0\nc = 08\nd = -010", json!({"a": 1, "b": 0, "c": 8, "d": -10})),
        ("a = +0.0\nb = 1e5\nc = 1_0.0_1", json!({"a": 0.0, "b": 1e5, "c": 10.01})),
        ("a = 18446744073709551615", json!({"a": u64::MAX})),
        ("a = 0xFFFFFFFFFFFFFFFF", json!({"a": u64::MAX})),
        ("a = -9223372036854775808", json!({"a": i64::MIN})),
        ("a = true\nb = false", json!({"a": true, "b": false})),
        ("a = 1979-05-27T07:32:00Z", json!({"a": "1979-05-27T07:32:00Z"})),
        ("a = 1979-05-27 07:32:00", json!({"a": "1979-05-27T07:32:00"})),
        ("a = 07:32:00", json!({"a": "07:32:00"})),
        (r#"a = "x\ty\u00e9\U0001F600\b\f\n\r\"\\\/""#, json!({"a": "x\tyé😀\u{8}\u{c}\n\r\"\\/"})),
        (r#"a = "\ud83d\ude00""#, json!({"a": "\u{FFFD}\u{FFFD}"})),
        (r#"a = "\U00110000""#, json!({"a": "\u{FFFD}"})),
        ("a = 'C:\\x'", json!({"a": "C:\\x"})),
        ("a = '''\nfirst\nsecond'''", json!({"a": "first\nsecond"})),
        ("a = \"\"\"\r\nb\r\nc\"\"\"", json!({"a": "b\r\nc"})),
        ("a = \"\"\"b \\  \r\n  c\"\"\"", json!({"a": "b c"})),
        ("a = \"\"\"\"x\\\"\"\"\"", json!({"a": "\"x\""})),
        ("a = \"\"\"\"\"\"\nb = ''\nc = ''''''", json!({"a": "", "b": "", "c": ""})),
        ("a = 'x\u{1}y'", json!({"a": "x\u{1}y"})),
        ("a = [1, \"x\", 2.5]", json!({"a": [1, "x", 2.5]})),
        ("a = [1, 2,\n # c\n 3,]", json!({"a": [1, 2, 3]})),
        ("a = [[], [[]]]\nb = {}", json!({"a": [[], [[]]], "b": {}})),
        ("a = {b = 1, c.d = 2}", json!({"a": {"b": 1, "c": {"d": 2}}})),
        ("a = {\n b = 1\n}", json!({"a": {"b": 1}})),
        ("a = {b = 1, b = 2}", json!({"a": {"b": 2}})),
        ("a.b.c = 1\na.d = 2", json!({"a": {"b": {"c": 1}, "d": 2}})),
        ("a . b = 1", json!({"a": {"b": 1}})),
        ("3.14 = 1\na-b_9 = 2", json!({"3": {"14": 1}, "a-b_9": 2})),
        ("\"telemetry/opentelemetry\" = 1", json!({"telemetry/opentelemetry": 1})),
        ("'x.y' = 1\n\"\" = 2\n\"a\\u0041\" = 3", json!({"x.y": 1, "": 2, "aA": 3})),
        ("[ \"a\" . 'b c' ]\nx = 1", json!({"a": {"b c": {"x": 1}}})),
        (
            "[a.b]\nx = 1\n[a]\ny = 2\n[a.c]\nz = 3",
            json!({"a": {"b": {"x": 1}, "y": 2, "c": {"z": 3}}}),
        ),
        ("[a.b]\nx = 1\n[a]\nb.y = 2", json!({"a": {"b": {"x": 1, "y": 2}}})),
        ("a.b = 1\n[a]\nc = 2", json!({"a": {"b": 1, "c": 2}})),
        ("[a]\nb.c = 1\n[a.b]\nd = 2", json!({"a": {"b": {"c": 1, "d": 2}}})),
        (
            "[[a]]\nx = 1\n[[a]]\ny = 2\n[a.b]\nz = 3",
            json!({"a": [{"x": 1}, {"y": 2, "b": {"z": 3}}]}),
        ),
        (
            "[[a.b.c]]\nx = 1\n[a.b]\ny = 1\n[[a.b.c]]\nx = 2",
            json!({"a": {"b": {"c": [{"x": 1}, {"x": 2}], "y": 1}}}),
        ),
        ("a = [{b = 1}]\n[[a]]\nc = 2", json!({"a": [{"b": 1}, {"c": 2}]})),
        ("[[t.a]]\nx = 1\n[t]\na.b = 2", json!({"t": {"a": [{"x": 1, "b": 2}]}})),
        ("\u{FEFF}a = 1\r\nb = 2\r\n", json!({"a": 1, "b": 2})),
        ("a = 1\rb = 2", json!({"a": 1, "b": 2})),
        ("a = 'x' # c\r\n# größe 日本\n", json!({"a": "x"})),
    ];
    for (text, meaning) in table {
        let source = source(text);
        let parsed = document::read(&source);
        assert_eq!(value(&parsed.document), *meaning, "{text}");
        assert!(parsed.reliable && parsed.faults.is_empty(), "{text}: {:?}", parsed.faults);
    }
}

#[test]
fn bytes_that_are_no_utf8_are_replaced() {
    let source = source(b"# \xFF\na = \"x\xFF\xFE\"\n\"\x80\" = 'y\x80'");
    let parsed = document::read(&source);
    assert_eq!(value(&parsed.document), json!({"a": "x\u{FFFD}\u{FFFD}", "\u{FFFD}": "y\u{FFFD}"}));
    assert_eq!(parsed.faults.len(), 3);
    assert!(parsed.reliable && parsed.faults.iter().all(|fault| fault.is_warning));
}

#[test]
fn bytes_in_the_name_of_a_table_are_replaced_one_by_one() {
    // The first two bytes of a character of three: one fault of encoding, and two bytes.
    let source = source(b"[a. \"x\xE2\x82y\"]\n[['\xF4']]\nb = 1");
    let parsed = document::read(&source);
    let meaning = json!({"a": {"x\u{FFFD}\u{FFFD}y": {}}, "\u{FFFD}": [{"b": 1}]});
    assert_eq!(value(&parsed.document), meaning);
    let places: Vec<_> = parsed.faults.iter().map(|fault| source.slice(fault.span)).collect();
    assert_eq!(places, [&b"\"x\xE2\x82y\""[..], b"'\xF4'"]);
    assert!(parsed.reliable && parsed.faults.iter().all(|fault| fault.is_warning));
}

/// Text, what is at fault in it, words of the message, words at another place.
type Case<'t> = (&'t str, &'t str, &'t str, &'t str);

#[test]
fn every_fault_is_said_at_its_place() {
    let table: &[Case<'_>] = &[
        ("a = 1\na = 2", "a", "defined twice", "first defined here"),
        ("[a]\nx = 1\n[b]\n[a]", "a", "defined twice", "first defined here"),
        ("[a.b.c]\n[a]\nb = 1", "b", "defined twice", "first defined here"),
        ("[[a]]\n[a]", "a", "list of tables", "first defined here"),
        ("[a]\n[[a]]", "a", "not a list of tables", "it has another value here"),
        ("a = []\n[[a]]", "a", "not a list of tables", "it has another value here"),
        ("a = 1\n[a.b]", "a", "not a table", "it has a value here"),
        ("a.b = 1\na.b.c = 2", "b", "not a table", "it has a value here"),
        ("a = {b = 1}\na.c = 2", "a", "between brackets", "it is complete here"),
        ("a = {b = 1,}", ",", "a comma after the last member", ""),
        ("a = host", "host", "neither a number nor a boolean", ""),
        ("a = 127.0.0.1", "127.0.0.1", "neither a number nor a boolean", ""),
        ("a = 5s", "5s", "neither a number nor a boolean", ""),
        ("a = 1__0", "1__0", "neither", ""),
        ("a = 1_", "1_", "neither", ""),
        ("a = 1.", "1.", "neither", ""),
        ("a = .5", ".5", "neither", ""),
        ("a = -0x1", "-0x1", "neither", ""),
        ("a = 0o8", "0o8", "neither", ""),
        ("a = 0XFF", "0XFF", "neither", ""),
        ("a = True", "True", "this is not a value", ""),
        ("a = null", "null", "no null", ""),
        ("a = 010", "010", "begins with a zero", ""),
        ("a = 18446744073709551616", "18446744073709551616", "no 64 bits", ""),
        ("a = -9223372036854775809", "-9223372036854775809", "no 64 bits", ""),
        ("a = 1e999", "1e999", "no 64 bits", ""),
        ("a = \"\\q\"", "\\q", "`\\q` is not an escape", ""),
        ("a = \"\\e\"", "\\e", "`\\e` is not an escape", ""),
        ("a = \"\\x41\"", "\\x", "`\\x` is not an escape", ""),
        ("a = \"\\u12\"", "\\u", "`\\u` is not an escape", ""),
        ("a = \"x\u{1}y\"", "\u{1}", "control character", ""),
        ("a = \"x", "\"x", "without its closing `\"`", ""),
        ("a = \"\"\"x", "\"\"\"x", "without its closing `\"\"\"`", ""),
        ("a = '''x''''", "''''", "four closing quotes", ""),
        ("é = 1", "é", "cannot hold", ""),
        ("a/b = 1", "a/b", "cannot hold `/`", ""),
        ("version: 3", "", "no `=` after this key", ""),
        ("a = ", "", "a value is missing", ""),
        ("= 1", "", "a key is missing", ""),
        ("[]", "", "a key is missing", ""),
        ("[a", "", "lacks its `]`", ""),
        ("[[a]", "", "lacks its `]]`", ""),
        ("a = 1 b = 2", "1 b", "neither a number nor a boolean", ""),
        ("a = \"x\" b = 2", "", "text after the end", ""),
        ("a = [1 2]", "1 2", "neither a number nor a boolean", ""),
        ("a = [\"x\" 2]", "", "a comma is missing", ""),
        ("a = [1,,2]", ",", "a comma with nothing before it", ""),
        ("a = [1,", "[", "never closed", ""),
        ("a = {b = 1", "{", "never closed", ""),
        ("{\n \"version\": 3\n}", "", "neither a key nor a table", ""),
    ];
    for (text, at, message, related) in table {
        let source = source(text);
        let parsed = document::read(&source);
        let found = parsed.faults.iter().any(|fault| {
            fault.message.contains(message)
                && source.slice(fault.span) == at.as_bytes()
                && fault.related.first().map_or("", |(_, words)| words.as_str()) == *related
        });
        assert!(found && !errors(&parsed).is_empty(), "{text}: {:#?}", parsed.faults);
        assert!(parsed.faults.iter().all(|fault| fault.help.ends_with(['.', '`'])), "{text}");
    }
}

#[test]
fn several_faults_are_all_found() {
    let source = source("a = x\n[b\nc = 1\nd = [1,,2]\nd = 2\n");
    let found = errors(&document::read(&source));
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn a_bracket_that_is_never_closed_is_one_fault() {
    let source = source("a = x\nb = [1,\n[c]\nversion = 3\nd = {\n");
    let parsed = document::read(&source);
    let places: Vec<_> = parsed.faults.iter().map(|fault| fault.span.start).collect();
    assert_eq!((places, parsed.reliable), (vec![4, 10], false));
}

#[test]
fn what_is_not_finite_is_a_warning() {
    let source = source("a = inf\nb = -inf\nc = nan");
    let parsed = document::read(&source);
    assert_eq!(value(&parsed.document), json!({"a": f64::MAX, "b": f64::MIN, "c": 0}));
    assert_eq!((parsed.faults.len(), errors(&parsed).len()), (3, 0));
}

/// A text with every form there is.
const FORMS: &str = "\u{FEFF}title = \"größe\"\r\n[extra_config.\"telemetry/opentelemetry\"]\r
service_name = 'gateway' # why\r
exporters.otlp = [\r
  { name = \"c\", host = \"h\", port = 43_17 }, # first\r
]\r
# between\r
[[endpoints]]\r
endpoint = \"/a\"\r
[[endpoints.backend]]\r
url_pattern = '''/b'''\r
extra_config . x.y = { z = [1.5, true, \"\\u00e9\"] }\r
[[endpoints]]\r
endpoint = \"/日本\"\r
[extra_config.router]\r
on = false\r
";

#[test]
fn spans_are_exact() {
    let source = source(FORMS);
    let parsed = document::read(&source);
    let doc = &parsed.document;
    assert!(parsed.faults.is_empty(), "{:?}", parsed.faults);
    let find = |pointer: &str| -> Vec<_> {
        doc.nodes().filter(|n| doc.pointer(*n).as_str() == pointer).collect()
    };
    let slices = |pointer: &str| -> Vec<String> {
        let text = |node| String::from_utf8_lossy(source.slice(doc.span(node))).into_owned();
        find(pointer).into_iter().map(text).collect()
    };
    assert_eq!(slices("/title"), ["title", "\"größe\""]);
    let otlp = "/extra_config/telemetry~1opentelemetry/exporters/otlp";
    assert_eq!(slices(&format!("{otlp}/0/port")), ["port", "43_17"]);
    assert_eq!(slices(&format!("{otlp}/0")), ["{ name = \"c\", host = \"h\", port = 43_17 }"]);
    assert_eq!(slices("/endpoints/0/backend/0/url_pattern"), ["url_pattern", "'''/b'''"]);
    assert_eq!(slices("/endpoints/0/backend/0/extra_config/x/y/z/2"), ["\"\\u00e9\""]);
    assert_eq!(slices("/endpoints/1/endpoint"), ["endpoint", "\"/日本\""]);
    assert_eq!(slices("/extra_config/router/on"), ["on", "false"]);
    for (pointer, opening) in [
        ("", "title"),
        ("/extra_config", "extra_config"),
        ("/extra_config/telemetry~1opentelemetry", "[extra_config.\"telemetry/opentelemetry\"]"),
        ("/extra_config/telemetry~1opentelemetry/exporters", "exporters"),
        (otlp, "["),
        ("/endpoints/0", "[[endpoints]]"),
        ("/endpoints/0/backend/0", "[[endpoints.backend]]"),
        ("/endpoints/0/backend/0/extra_config/x", "x"),
        ("/endpoints/0/backend/0/extra_config/x/y", "{"),
    ] {
        let node = find(pointer).pop().expect(pointer);
        let slice = String::from_utf8_lossy(source.slice(doc.opening(node)));
        assert_eq!(slice, opening, "{pointer}");
    }
    let comments: Vec<_> = doc.comments().iter().map(|span| source.slice(*span)).collect();
    assert_eq!(comments, [&b"# why"[..], b"# first", b"# between"]);
}

#[test]
fn what_is_inside_is_within() {
    let source = source(FORMS);
    let parsed = document::read(&source);
    within(&parsed.document);
}

/// Every node lies within its parent, in span and on the tape, and every text can be had.
fn within(doc: &Document<'_>) {
    for node in doc.nodes() {
        let span = doc.span(node);
        for below in doc.subtree(node) {
            assert!(span.contains(doc.span(below)), "{:?} {:?}", span, doc.span(below));
        }
        if matches!(doc.kind(node), Kind::String | Kind::Number) {
            let _ = doc.text(node);
        }
    }
}

#[test]
fn deep_nesting_ends_with_a_warning() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{b=".repeat(100_000)),
        format!("a = {}{}", "[".repeat(5000), "]".repeat(5000)),
        format!("{}a = 1", "a.".repeat(100_000)),
        format!("[{}a]\nb = 1", "a.".repeat(100_000)),
    ] {
        let source = source(&text);
        let parsed = document::read(&source);
        let is_limit =
            |fault: &document::Fault| fault.is_warning && fault.help.contains("otel-lint reads no");
        assert!(parsed.faults.iter().any(is_limit), "{:?}", parsed.faults.first());
        assert!(!parsed.reliable);
        assert!(parsed.faults.len() <= toml::MAX_FAULTS);
    }
}

#[test]
fn long_texts_are_read_in_a_moment() {
    let long = "x".repeat(10_000_000);
    let source1 = source(format!("a = \"{long}\"\nb = '''{long}'''"));
    let parsed = document::read(&source1);
    assert!(parsed.faults.is_empty());
    let items: Vec<_> = (0..50_000).map(|n| format!("[[a]]\nb.c{n} = {n}")).collect();
    let many = items.join("\n");
    let source2 = source(&many);
    let parsed = document::read(&source2);
    assert_eq!(parsed.document.len(), 3 + 50_000 * 5);
    let faulty = "a = x\n".repeat(100_000);
    let source3 = source(&faulty);
    let parsed = document::read(&source3);
    assert_eq!(parsed.faults.len(), toml::MAX_FAULTS);
    assert!(parsed.faults[toml::MAX_FAULTS - 1].message.contains("more than 100"));
}

#[test]
fn no_mutation_makes_it_panic() {
    let marks = b"\"'[]{}=.,#\\ \n\r\tax09_-+:\xFF\x00\xC3";
    let bytes = FORMS.as_bytes();
    for at in 0..bytes.len() {
        for &mark in marks {
            let mut replaced = bytes.to_vec();
            replaced[at] = mark;
            let mut inserted = bytes.to_vec();
            inserted.insert(at, mark);
            for text in [replaced, inserted] {
                let source = source(text);
                within_quickly(&document::read(&source));
            }
        }
        let source = source(&bytes[..at]);
        within_quickly(&document::read(&source));
    }
}

/// Like [`within`], parents and children only.
fn within_quickly(parsed: &Parsed<'_>) {
    let doc = &parsed.document;
    for node in doc.nodes() {
        let below = doc.items(node).chain(doc.members(node).flat_map(|m| [m.key, m.value]));
        for below in below {
            assert!(doc.span(node).contains(doc.span(below)));
        }
    }
    let len = doc.source().bytes().len();
    for fault in &parsed.faults {
        assert!(fault.span.start <= fault.span.end && fault.span.end as usize <= len);
        assert!(!fault.help.is_empty(), "{}", fault.message);
    }
}
