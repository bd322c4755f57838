//! Every key and value is where another parser finds it.

use nojson::{RawJson, RawJsonValue};
use otel_lint::document::{Document, Kind, NodeId};
use otel_lint::source::Span;

use super::generate::{LAYOUTS, Random, document, mutate};
use super::tape;

/// Compares `id` and everything in it with `other`; the number of nodes.
fn compare(doc: &Document<'_>, id: NodeId, other: RawJsonValue<'_, '_>) -> usize {
    let start = other.position();
    let expected = Span::new(start, start + other.as_raw_str().len());
    assert_eq!(doc.span(id), expected, "{}", other.as_raw_str());
    let theirs: Vec<RawJsonValue<'_, '_>> = match doc.kind(id) {
        Kind::Object => {
            let members = other.to_object().expect("an object");
            members.flat_map(|(key, value)| [key, value]).collect()
        }
        Kind::Array => other.to_array().expect("an array").collect(),
        Kind::String => {
            let text = other.to_unquoted_string_str().expect("a string");
            assert_eq!(doc.str(id).as_deref(), Some(&*text));
            Vec::new()
        }
        _ => Vec::new(),
    };
    let ours = tape::children(doc, id);
    assert_eq!(ours.len(), theirs.len(), "{}", other.as_raw_str());
    ours.into_iter().zip(theirs).map(|(id, other)| compare(doc, id, other)).sum::<usize>() + 1
}

#[test]
fn keys_and_values_are_where_another_parser_finds_them() {
    let mut random = Random::new(2);
    let mut nodes = 0;
    for layout in LAYOUTS {
        for _ in 0..4000 {
            let text = document(&mut random, layout, 5);
            let raw = RawJson::parse(&text).expect("valid JSON");
            nodes += tape::read(text.as_bytes(), |parsed| {
                assert_eq!(parsed.errors, [], "{text}");
                let doc = &parsed.document;
                compare(doc, doc.root().expect("a root"), raw.value())
            });
        }
    }
    println!("{nodes} nodes");
    assert!(nodes > 200_000);
}

#[test]
fn anything_can_be_read() {
    let mut random = Random::new(3);
    for _ in 0..100_000 {
        let len = random.below(40);
        let noise: Vec<u8> = (0..len).map(|_| random.below(256) as u8).collect();
        tape::read(&noise, |_| ());
        let soup: Vec<u8> = (0..len)
            .map(|_| random.one_of(b"{}[]\",:\\u0aetn1.-+'`/*# \n\r\t\xE2\x80\x9C\xFF"))
            .collect();
        tape::read(&soup, |_| ());
        let mut text = document(&mut random, LAYOUTS[0], 2).into_bytes();
        for _ in 0..random.below(6) {
            text = mutate(&mut random, &text, &soup);
        }
        tape::read(&text, |_| ());
    }
}
