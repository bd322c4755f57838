//! Edits of TOML tables, which have lines of their own below a header or by dotted keys.

use otel_lint::document::{self, Document, NodeId};
use otel_lint::finding::Edit;
use otel_lint::fix;
use otel_lint::source::{Format, Source};
use serde_json::json;

/// `text` after the edits that `edits` makes for its document; `None` if they have no place in it.
fn edited(text: &str, edits: impl FnOnce(&Document<'_>) -> Vec<Edit>) -> Option<String> {
    let source = Source::new("t", text).with_format(Format::Toml);
    let parsed = document::read(&source);
    assert!(parsed.reliable && parsed.faults.is_empty(), "{text}");
    let edits = edits(&parsed.document);
    let result = fix::edited(&parsed.document, edits)?;
    Some(String::from_utf8(result).expect("UTF-8"))
}

/// The value at `pointer`.
fn at(doc: &Document<'_>, pointer: &str) -> NodeId {
    let found = doc.nearest(pointer).expect("a document");
    assert_eq!(doc.pointer(found).as_str(), pointer);
    found
}

/// The edit that takes out the member at `pointer`.
fn removal(doc: &Document<'_>, pointer: &str) -> Edit {
    let (object, name) = pointer.rsplit_once('/').expect("a member");
    Edit::Remove { node: doc.get(at(doc, object), name).expect("it is there").key }
}

/// The edit that gives the table at `pointer` a member.
fn insertion(doc: &Document<'_>, pointer: &str, key: &str) -> Edit {
    Edit::Insert { object: at(doc, pointer), key: key.to_owned(), value: json!(true) }
}

#[test]
fn a_table_of_dotted_keys_loses_all_members_but_one() {
    let dotted =
        "[layers]\nbackend.metrics.round_trip = false\nbackend.metrics.disable_stage = true\n";
    let remove = |name: &'static str| {
        edited(dotted, move |doc| vec![removal(doc, &format!("/layers/backend/metrics/{name}"))])
    };
    let left = |line: &str| Some(format!("[layers]\nbackend.metrics.{line}\n"));
    assert_eq!(remove("round_trip"), left("disable_stage = true"));
    assert_eq!(remove("disable_stage"), left("round_trip = false"));
    // With the last member the table itself would go, which is not what the edit says.
    let last = "[layers]\nbackend.metrics.round_trip = false\n";
    let remove = |doc: &Document<'_>| vec![removal(doc, "/layers/backend/metrics/round_trip")];
    assert_eq!(edited(last, remove), None);
    let headed = "[layers.backend.metrics]\nround_trip = false\n";
    assert_eq!(edited(headed, remove).as_deref(), Some("[layers.backend.metrics]\n"));
}

#[test]
fn what_is_added_stands_beside_what_is_left() {
    let change = |doc: &Document<'_>| {
        vec![removal(doc, "/metrics/round_trip"), insertion(doc, "/metrics", "read_payload")]
    };
    for (before, after) in [
        // Behind the setting that the documentation names before it.
        (
            "[metrics]\n  round_trip = false\n  disable_stage = true # why\n",
            "[metrics]\n  disable_stage = true # why\n  read_payload = true\n",
        ),
        // Before what is left.
        (
            "[metrics]\nround_trip = false\ndetailed_connection = true\n",
            "[metrics]\nread_payload = true\ndetailed_connection = true\n",
        ),
        // By dotted keys, which the line beside it shows.
        (
            "metrics.round_trip = false\nmetrics.disable_stage = true",
            "metrics.disable_stage = true\nmetrics.read_payload = true",
        ),
        // Nothing is left but the header.
        ("[metrics]\nround_trip = false\n", "[metrics]\nread_payload = true\n"),
    ] {
        assert_eq!(edited(before, change).as_deref(), Some(after), "{before}");
    }
    // Nothing is left that shows how the table is written.
    assert_eq!(edited("metrics.round_trip = false\n", change), None);
}
