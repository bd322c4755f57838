//! The YAML reader: what it makes of a text, where it says things are written, and what it refuses.

use std::time::{Duration, Instant};

use otel_lint::analysis::CheckedFile;
use otel_lint::document::{self, Document, NodeId, Parsed, yaml};
use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::source::{Format, Source, Span};
use serde_json::Value;

use super::yaml_facts::{FAULTS, MEANINGS};

fn source(text: impl AsRef<[u8]>) -> Source {
    Source::new("k.yaml", text.as_ref()).with_format(Format::Yaml)
}

fn check(text: impl AsRef<[u8]>) -> CheckedFile {
    linter::check(source(text), &Options { pedantic: true, ..Options::default() })
}

fn slice(source: &Source, span: Span) -> String {
    String::from_utf8_lossy(source.slice(span)).into_owned()
}

/// The value at `pointer`.
fn at(doc: &Document<'_>, pointer: &str) -> NodeId {
    let node = doc.nearest(pointer).expect("a root");
    assert_eq!(doc.pointer(node).as_str(), pointer, "there is no such place");
    node
}

/// Equality, for which `1e3` is 1000.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

#[test]
fn a_text_means_what_the_gateway_takes_it_for() {
    for (text, expected) in MEANINGS {
        let source = source(text);
        let Parsed { document, faults, .. } = document::read(&source);
        let errors: Vec<_> = faults.iter().filter(|fault| !fault.is_warning).collect();
        let expected: Value = serde_json::from_str(expected).expect("JSON");
        let root = document.root().expect("a root");
        assert!(errors.is_empty(), "{text:?}: {errors:?}");
        let found = document.to_value(root, 100);
        assert!(same(&found, &expected), "{text:?}: {found}, not {expected}");
    }
}

#[test]
fn nothing_at_all_is_no_configuration() {
    for text in ["", "# nothing\n", "~", "---\n", "\u{feff}"] {
        let source = source(text);
        let parsed = document::read(&source);
        assert!(!parsed.reliable && parsed.faults.len() == 1, "{text:?}: {:?}", parsed.faults);
        assert!(parsed.faults[0].message.starts_with("there is no configuration"), "{text:?}");
    }
}

#[test]
fn a_fault_is_named_where_it_is() {
    for (text, place, message) in FAULTS {
        let source = source(text);
        let faults = document::read(&source).faults;
        let fault = faults.iter().find(|fault| !fault.is_warning);
        let fault = fault.unwrap_or_else(|| panic!("no fault: {text:?}"));
        assert_eq!(
            (slice(&source, fault.span).as_str(), fault.message.as_str()),
            (*place, *message),
            "{text:?}"
        );
        assert!(fault.help.ends_with('.') && fault.message.len() <= 120, "{text:?}");
    }
}

#[test]
fn what_the_gateway_reads_all_the_same_is_a_warning() {
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain("version: 3".bytes().flat_map(|byte| [byte, 0])).collect();
    let table: &[(&[u8], &str)] = &[
        (b"version: 3\n---\nb: 2\n", "another document"),
        (b"version: 3\n--- {\n", "another document"),
        (b"  version: 3\nb: 2\n", "the configuration ends before"),
        (b"{version: 3}}", "the configuration ends before"),
        (b"version: 3\nname: .inf", "JSON has no such number"),
        (b"version: 3\nname: -.Inf", "JSON has no such number"),
        (b"version: 3\nname: .nan", "JSON has no such number"),
        (&utf16, "UTF-16"),
    ];
    for (text, message) in table {
        let report = check(text);
        let about: Vec<_> = report.findings.iter().filter(|f| f.rule == "invalid-yaml").collect();
        assert_eq!(about.len(), 1, "{:?}: {:?}", String::from_utf8_lossy(text), report.findings);
        assert_eq!(about[0].severity, Severity::Warning);
        assert!(about[0].message.contains(message), "{}", about[0].message);
    }
    assert!(document::read(&source("a: 1\n---\n# nothing\n")).faults.is_empty());
}

#[test]
fn every_byte_that_is_no_utf8_is_a_fault() {
    let source = source(b"a: \xff\nb: \xe2\x82\nc: \xc3\xa9\n");
    let parsed = document::read(&source);
    let spans: Vec<_> = parsed.faults.iter().map(|f| (f.span.start, f.span.end)).collect();
    assert_eq!(spans, [(3, 4), (8, 10)]);
    let root = parsed.document.root().expect("a root");
    assert_eq!(parsed.document.members(root).count(), 3, "what follows is read");
}

/// Every kind of scalar, and what of the text is its place.
#[test]
fn a_span_is_what_is_written() {
    let text = "# c\nplain: a b  # c\nquoted: \"x\\ty\" # c\nsingle: 'it''s'\nmany: one\n  two  # c\n\
                lit: &l |-  # c\n  one\n   two  \n\n\nfold: >\n  |x\nbare: |+\nempty:\nlist:\n- 1\n-  x \n-\n\
                props: &p !!str  v\nflow: {a: [ 1 , {b: } ], \"c\":d}\nseq: &s\n  # c\n  - - in\n\
                map:\n  k: v\n\nuse: *p\nlast: end";
    let source = source(text);
    let parsed = document::read(&source);
    assert!(parsed.faults.is_empty(), "{:?}", parsed.faults);
    let doc = &parsed.document;
    for (pointer, written) in [
        ("/plain", "a b"),
        ("/quoted", "\"x\\ty\""),
        ("/single", "'it''s'"),
        ("/many", "one\n  two"),
        ("/lit", "|-  # c\n  one\n   two  "),
        ("/fold", ">\n  |x"),
        ("/bare", "|+"),
        ("/empty", ""),
        ("/list", "- 1\n-  x \n-"),
        ("/list/1", "x"),
        ("/list/2", ""),
        ("/props", "v"),
        ("/flow", "{a: [ 1 , {b: } ], \"c\":d}"),
        ("/flow/a", "[ 1 , {b: } ]"),
        ("/flow/a/1", "{b: }"),
        ("/flow/a/1/b", ""),
        ("/flow/c", "d"),
        ("/seq", "- - in"),
        ("/seq/0", "- in"),
        ("/map", "k: v"),
        ("/use", "v"),
        ("/last", "end"),
    ] {
        assert_eq!(slice(&source, doc.span(at(doc, pointer))), written, "{pointer}");
    }
    let empty = doc.span(at(doc, "/empty")).start as usize;
    assert!(text[..empty].ends_with("empty:"), "nothing is behind its colon");
    for (pointer, opening) in [
        ("", "plain"),
        ("/flow", "{"),
        ("/flow/a", "["),
        ("/list", "-"),
        ("/seq", "-"),
        ("/map", "k"),
        ("/plain", "a b"),
    ] {
        assert_eq!(slice(&source, doc.opening(at(doc, pointer))), opening, "{pointer}");
    }
    let comments: Vec<_> = doc.comments().iter().map(|span| slice(&source, *span)).collect();
    assert_eq!(comments, ["# c"; 6]);
    assert!(doc.comments().is_sorted());
}

#[test]
fn a_copy_knows_where_it_is_written_and_where_it_is_used() {
    let text = "a: &a {p: 'x y', q: &q [1, 0x10]}\nb: *a\nc: {<<: *a, p: 2}\nd:\n  <<: [*a]\ne: [*q, *a]\n";
    let source = source(text);
    let parsed = document::read(&source);
    assert!(parsed.faults.is_empty(), "{:?}", parsed.faults);
    let doc = &parsed.document;
    for (pointer, written, used) in [
        ("/a/p", "'x y'", None),
        ("/b/p", "'x y'", Some("b: *a")),
        ("/b/q/1", "0x10", Some("b: *a")),
        ("/c/p", "2", None),
        ("/c/q/1", "0x10", Some("c: {<<: *a")),
        ("/d/p", "'x y'", Some("<<: [*a")),
        ("/e/0/1", "0x10", Some("e: [*q")),
        ("/e/1/q/1", "0x10", Some("e: [*q, *a")),
    ] {
        let node = at(doc, pointer);
        assert_eq!(slice(&source, doc.span(node)), written, "{pointer}");
        let uses: Vec<_> =
            doc.alias(node).map(|span| &text[..span.end as usize]).into_iter().collect();
        assert_eq!(uses.len(), usize::from(used.is_some()), "{pointer}: {uses:?}");
        assert!(used.is_none_or(|used| uses[0].ends_with(used)), "{pointer}: {uses:?}");
    }
    assert_eq!(doc.number(at(doc, "/e/1/q/1")), Some(16.0));
    // A mapping that begins with a merge key begins there.
    assert_eq!(slice(&source, doc.opening(at(doc, "/d"))), "<<");
}

#[test]
fn a_finding_in_an_alias_says_where_it_is_used() {
    let endpoint = |n| {
        format!("  - endpoint: /{n}\n    extra_config: *o\n    backend: [{{url_pattern: /}}]\n")
    };
    let endpoints = (0..5).map(endpoint).collect::<Vec<String>>().concat();
    let text = format!(
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp: [{{name: c, host: h}}]\n\
         x-override: &o\n  telemetry/opentelemetry:\n    proxy:\n      disable_metric: true\nendpoints:\n{endpoints}"
    );
    let report = check(&text);
    let found: Vec<_> = report.findings.iter().filter(|f| f.rule == "unknown-field").collect();
    assert_eq!(found.len(), 1, "{:?}", report.findings);
    assert_eq!(slice(&report.source, found[0].primary.span), "disable_metric");
    let uses: Vec<_> = found[0].related.iter().filter(|label| label.text == "used here").collect();
    let lines: Vec<_> = uses.iter().map(|l| report.source.position(l.span.start).line).collect();
    assert_eq!(lines, [12, 15, 18], "the first three");
    assert!(uses.iter().all(|label| slice(&report.source, label.span) == "*o"));
}

#[test]
fn every_document_of_a_file_can_be_had() {
    let source = source("# a\na: &x 1\n---\nb: [\n---\nc: 3 # c\n...\n---\n- d\n");
    let documents = yaml::documents(&source);
    let roots: Vec<_> = documents
        .iter()
        .map(|parsed| {
            let root = parsed.document.root().expect("a root");
            (parsed.document.to_value(root, 9).to_string(), parsed.faults.len(), parsed.reliable)
        })
        .collect();
    assert_eq!(roots.len(), 4, "{roots:?}");
    assert_eq!(roots[0], (r#"{"a":1}"#.to_owned(), 0, true));
    assert!(roots[1].1 == 1 && !roots[1].2);
    assert_eq!(roots[2], (r#"{"c":3}"#.to_owned(), 0, true));
    assert_eq!(roots[3], (r#"["d"]"#.to_owned(), 0, true));
    assert_eq!(documents[2].document.comments().len(), 1);
}

/// Made-up files, and a word of what is said of them.
#[test]
fn what_is_made_to_exhaust_is_refused_in_time() {
    let bomb: String = (1..30).fold("a0: &a0 [x, x]\n".to_owned(), |text, n| {
        let alias = vec![format!("*a{}", n - 1); 10].join(", ");
        text + &format!("a{n}: &a{n} [{alias}]\n")
    });
    let merges: String = (1..200).fold("a0: &a0 {k0: v}\n".to_owned(), |text, n| {
        text + &format!("a{n}: &a{n} {{<<: *a{}, k{n}: v}}\n", n - 1)
    });
    let chain = format!("a: {}x{}", "{<<: {b: ".repeat(4000), "}}".repeat(4000));
    let wide = format!("a: &a [{}]\nb: *a\n", "1,".repeat(50_000));
    let key = |n| format!("k{n}: v\n");
    let keys = (0..100_000).map(key).collect::<Vec<String>>().concat();
    let table: &[(&str, String, Option<&str>)] = &[
        ("aliases of aliases", bomb, Some("aliases make this file")),
        ("a few hundred merges", merges, None),
        ("merges in merges", chain, None),
        ("one large alias", wide, None),
        ("nested lists", format!("a: {}", "[".repeat(100_000)), Some("nested too deep")),
        (
            "closed nested lists",
            format!("a: {}{}", "[".repeat(100_000), "]".repeat(100_000)),
            Some("nested too deep"),
        ),
        ("nested mappings", format!("a: {}", "{a: ".repeat(100_000)), Some("nested too deep")),
        ("nested dashes", format!("a:\n{}x", "- ".repeat(100_000)), Some("nested too deep")),
        ("a large block scalar", format!("a: |\n{}", "  text of a line\n".repeat(600_000)), None),
        ("a large plain scalar", format!("a:\n{}", "  text of a line\n".repeat(300_000)), None),
        ("comments", format!("a:\n{}  - b\n", "  # c\n".repeat(300_000)), None),
        ("many keys", keys, None),
        ("the same key", "k: v\n".repeat(20_000), Some("set twice")),
        ("documents", "--- a\n".repeat(100_000), Some("one piece of text")),
    ];
    for (name, text, expected) in table {
        let start = Instant::now();
        let source = source(text);
        let parsed = document::read(&source);
        let elapsed = start.elapsed();
        // Far more than a loaded machine needs, far less than what it guards against.
        assert!(elapsed < Duration::from_secs(60), "{name}: {elapsed:?}");
        let messages: Vec<_> =
            parsed.faults.iter().filter(|f| !f.is_warning).map(|f| &f.message).collect();
        assert!(messages.len() <= 101, "{name}: {}", messages.len());
        match expected {
            Some(word) => {
                assert!(messages.iter().any(|m| m.contains(word)), "{name}: {messages:?}");
            }
            None => assert!(messages.is_empty(), "{name}: {messages:?}"),
        }
        assert!(parsed.document.len() < 2_000_000, "{name}: {}", parsed.document.len());
        assert!(!check(text).findings.iter().any(|f| f.message.is_empty()));
    }
}

#[test]
fn release_2_12_0_reads_no_file_called_yaml() {
    let text = "version: 3\n";
    for (name, version, expected) in
        [("k.yaml", "2.12.0", 1), ("k.yml", "2.12.0", 0), ("k.yaml", "2.12.1", 0)]
    {
        let source = Source::new(name, text).with_format(Format::Yaml);
        let options = Options { version: version.parse().ok(), ..Options::default() };
        let report = linter::check(source, &options);
        let count = report.findings.iter().filter(|f| f.rule == "known-broken-release").count();
        assert_eq!(count, expected, "{name}, {version}");
    }
}

#[test]
fn no_secret_of_a_yaml_file_is_shown() {
    use otel_lint::report::human::{self, Style};
    let secret = "zq7ReallySecretValue";
    for text in [
        "a: 1\nheaders:\n  x-any: SECRET\nport: 1\n b: 2\n",
        "password: my SECRET pass\na: 1\na: 2\n",
        "token: \"SECRET\n",
        "# api-key: SECRET\na: 1\na: 2\n",
        "a: 1\na: 2 # Bearer SECRET\n",
        "auth:\n  client_secret: |\n    SECRET\nb: [\n",
        "x: &h {x-team: SECRET}\ny: {headers: *h}\na: 1\na: 2\n",
        "a: [ http://u:SECRET@h\n",
    ] {
        let report = check(text.replace("SECRET", secret));
        assert!(!report.findings.is_empty(), "{text}");
        let style = Style { width: 80, color: false, links: false, unicode: true };
        let output = human::render(&report, style);
        assert!(!output.contains(secret), "{output}");
    }
}

/// Texts made of pieces that mean something somewhere in YAML: whatever comes out, each place that is
/// named is one.
#[test]
fn places_of_mutated_texts_are_places() {
    let seeds: Vec<&str> = MEANINGS
        .iter()
        .map(|(text, _)| *text)
        .chain(FAULTS.iter().map(|(text, ..)| *text))
        .collect();
    let pieces = [
        "\n", "\n  ", " ", "\t", ": ", ":", "- ", "? ", "#", " # é", "&a ", "*a", "!!str ",
        "!!int ", "'", "\"", "[", "]", "{", "}", ",", "|\n ", ">-\n", "<<: *a", "<<: ", "\\",
        "\\/", "---\n", "...\n", "é", "\u{2028}", "\u{feff}", "😀", "\r\n", "0x1", "a: 1\n", "%",
    ];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut below = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % limit.max(1) as u64) as usize
    };
    let (mut good, mut bad) = (0, 0);
    for _ in 0..20_000 {
        let mut text: Vec<char> = seeds[below(seeds.len())].chars().collect();
        for _ in 0..=below(4) {
            let place = below(text.len() + 1);
            match below(4) {
                0 if place < text.len() => drop(text.remove(place)),
                1 => drop(text.splice(place..place, seeds[below(seeds.len())].chars())),
                _ => drop(text.splice(place..place, pieces[below(pieces.len())].chars())),
            }
        }
        let text: String = text.into_iter().collect();
        let report = check(&text);
        let parsed = document::read(&report.source);
        let doc = &parsed.document;
        let faults = parsed.faults.iter().flat_map(|fault| {
            std::iter::once(fault.span).chain(fault.related.iter().map(|(span, _)| *span))
        });
        let findings = report.findings.iter().flat_map(|finding| {
            std::iter::once(&finding.primary).chain(&finding.related).map(|label| label.span)
        });
        let nodes = doc.nodes().flat_map(|id| [doc.span(id), doc.opening(id)]);
        for span in faults.chain(findings).chain(nodes).chain(doc.comments().iter().copied()) {
            assert!(text.get(span.range()).is_some(), "{span:?}: {text:?}");
        }
        let hidden = doc.nodes().filter(|id| doc.alias(*id).is_some()).count();
        assert!(hidden <= doc.len());
        if parsed.faults.is_empty() { good += 1 } else { bad += 1 }
    }
    assert!(good > 2000 && bad > 2000, "{good} good, {bad} bad");
}
