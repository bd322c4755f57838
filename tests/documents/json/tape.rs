//! What holds for the result of every reading, whatever was read.

use otel_lint::document::json::{self, MAX_ERRORS, Parsed};
use otel_lint::document::{Document, Kind, NodeId};
use otel_lint::source::{Source, Span};

/// Reads `bytes`, checks what must hold, and gives the result to `then`.
pub(crate) fn read<T>(bytes: &[u8], then: impl FnOnce(&Parsed<'_>) -> T) -> T {
    let source = Source::new("test.json", bytes);
    let parsed = json::read(&source);
    check(&parsed);
    then(&parsed)
}

fn check(parsed: &Parsed<'_>) {
    let source = parsed.document.source();
    let shown = || String::from_utf8_lossy(source.bytes());
    check_nodes(&parsed.document);
    assert!(parsed.errors.len() <= 2 * MAX_ERRORS + 1, "too many errors for {}", shown());
    assert!(parsed.errors.is_sorted_by_key(|error| error.span.start), "order in {}", shown());
    let text = Span::new(0, source.bytes().len());
    for error in &parsed.errors {
        let places = error.related.iter().map(|(span, _)| *span);
        for place in places.chain(error.deletion).chain([error.span]) {
            assert!(place.start <= place.end && text.contains(place), "{error:?} in {}", shown());
        }
        assert!(!error.message(source).is_empty() && !error.help().is_empty());
    }
    if parsed.errors.is_empty() {
        assert!(parsed.reliable, "nothing is wrong with {}", shown());
    }
}

/// Every node is reached exactly once from the root, lies in its parent behind its elder sister, and
/// is what its kind says.
fn check_nodes(doc: &Document<'_>) {
    let shown = || String::from_utf8_lossy(doc.source().bytes());
    let mut reached = 0;
    let mut rest: Vec<NodeId> = doc.root().into_iter().collect();
    while let Some(id) = rest.pop() {
        reached += 1;
        let span = doc.span(id);
        assert!(span.start <= span.end, "{span:?} in {}", shown());
        assert!(span.end as usize <= doc.source().bytes().len(), "{span:?} in {}", shown());
        assert!(span.contains(doc.opening(id)), "{span:?} in {}", shown());
        let mut from = span.start;
        for child in children(doc, id) {
            let inner = doc.span(child);
            assert!(inner.start >= from && span.contains(inner), "{inner:?} in {}", shown());
            from = inner.end;
            rest.push(child);
        }
        match doc.kind(id) {
            Kind::Number => assert!(doc.number(id).is_some(), "{span:?} in {}", shown()),
            Kind::String => assert!(doc.str(id).is_some()),
            _ => {}
        }
        assert!(doc.members(id).all(|member| doc.kind(member.key) == Kind::String));
    }
    assert_eq!(reached, doc.len(), "{}", shown());
}

/// The keys and values of an object, or the items of an array.
pub(crate) fn children(doc: &Document<'_>, id: NodeId) -> Vec<NodeId> {
    let members = doc.members(id).flat_map(|member| [member.key, member.value]);
    members.chain(doc.items(id)).collect()
}
