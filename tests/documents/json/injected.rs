//! One fault in an otherwise good document is one error, wherever it is.

use otel_lint::document::json::ErrorKind;
use otel_lint::document::{Document, Kind, Member, NodeId};

use super::generate::{Layout, Random, document};
use super::tape;

/// Bytes to replace: where they are, how many, and by what.
type Replacement = (usize, usize, &'static [u8]);

/// A slip of the keyboard, at a node if that has a place for it.
type Slip = fn(&Document<'_>, NodeId) -> Option<Vec<Replacement>>;

/// Slips, and the kinds of error that each may be taken for.
const SLIPS: &[(&str, Slip, &[ErrorKind])] = &[
    ("comma lost", |d, n| Some(one(comma(d, n)?, 1, b"")), &[ErrorKind::MissingComma]),
    ("comma twice", |d, n| Some(one(comma(d, n)?, 0, b", ")), &[ErrorKind::ExtraComma]),
    ("semicolon", |d, n| Some(one(comma(d, n)?, 1, b";")), &[ErrorKind::Separator]),
    ("trailing comma", |d, n| Some(one(last_end(d, n)?, 0, b",")), &[ErrorKind::TrailingComma]),
    ("colon lost", |d, n| Some(one(end(d, member(d, n)?.key), 1, b"")), &[ErrorKind::MissingColon]),
    ("value lost", value_lost, &[ErrorKind::MissingValue]),
    ("comment", |d, n| Some(one(start(d, n), 0, b"/* , \" } */")), &[ErrorKind::Comment]),
    (
        "word after value",
        |d, n| Some(one(end(d, member(d, n)?.value), 0, b" word")),
        &[ErrorKind::Unexpected],
    ),
    (
        "other bracket",
        |d, n| Some(one(closing(d, n)?, 1, if d.kind(n) == Kind::Array { b"}" } else { b"]" })),
        &[ErrorKind::Mismatched],
    ),
    (
        "closing bracket twice",
        |d, n| Some(one(closing(d, n)?, 0, if d.kind(n) == Kind::Array { b"]" } else { b"}" })),
        &[
            ErrorKind::Mismatched,
            ErrorKind::Unopened,
            ErrorKind::AfterRoot,
            ErrorKind::MissingOpening,
        ],
    ),
    (
        "closing bracket lost",
        |d, n| Some(one(closing(d, n)?, 1, b"")),
        &[ErrorKind::Mismatched, ErrorKind::Unclosed, ErrorKind::Truncated],
    ),
    (
        "opening bracket lost",
        opening_lost,
        &[
            ErrorKind::MissingOpening,
            ErrorKind::Mismatched,
            ErrorKind::NoBraces,
            ErrorKind::Unopened,
        ],
    ),
    ("single quotes", single_quotes, &[ErrorKind::Quotes]),
    (
        "closing quote lost",
        |d, n| Some(one(end(d, plain(d, n)?) - 1, 1, b"")),
        &[ErrorKind::Unterminated],
    ),
    ("end lost", |d, n| Some(one(end(d, n) - 1, rest(d, n), b"")), &[ErrorKind::Truncated]),
];

fn start(doc: &Document<'_>, id: NodeId) -> usize {
    doc.span(id).start as usize
}

fn end(doc: &Document<'_>, id: NodeId) -> usize {
    doc.span(id).end as usize
}

fn one(at: usize, len: usize, new: &'static [u8]) -> Vec<Replacement> {
    vec![(at, len, new)]
}

/// The number of bytes from the last one of a node on.
fn rest(doc: &Document<'_>, id: NodeId) -> usize {
    doc.source().bytes().len() - end(doc, id) + 1
}

fn member(doc: &Document<'_>, id: NodeId) -> Option<Member> {
    doc.members(id).last()
}

/// The end of the last child of an object or array.
fn last_end(doc: &Document<'_>, id: NodeId) -> Option<usize> {
    tape::children(doc, id).last().map(|&child| end(doc, child))
}

/// The comma after the first child of an object or array.
fn comma(doc: &Document<'_>, id: NodeId) -> Option<usize> {
    let first = doc.members(id).map(|member| member.value).chain(doc.items(id)).next()?;
    let at = end(doc, first);
    (doc.source().bytes()[at] == b',').then_some(at)
}

/// The closing bracket of an object or array.
fn closing(doc: &Document<'_>, id: NodeId) -> Option<usize> {
    matches!(doc.kind(id), Kind::Object | Kind::Array).then(|| end(doc, id) - 1)
}

/// A string without anything that means something outside of one.
fn plain(doc: &Document<'_>, id: NodeId) -> Option<NodeId> {
    let text = doc.str(id)?;
    let plain = !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == ' ');
    plain.then_some(id)
}

fn value_lost(doc: &Document<'_>, id: NodeId) -> Option<Vec<Replacement>> {
    let value = doc.span(member(doc, id)?.value).range();
    Some(one(value.start, value.len(), b""))
}

/// Only that of a member: the items of an array may as well be those of the one around it.
fn opening_lost(doc: &Document<'_>, id: NodeId) -> Option<Vec<Replacement>> {
    let value = member(doc, id)?.value;
    closing(doc, value)?;
    Some(one(start(doc, value), 1, b""))
}

fn single_quotes(doc: &Document<'_>, id: NodeId) -> Option<Vec<Replacement>> {
    let string = plain(doc, id)?;
    Some(vec![(start(doc, string), 1, b"'"), (end(doc, string) - 1, 1, b"'")])
}

#[test]
fn one_slip_is_one_error() {
    let mut random = Random::new(4);
    for &(name, slip, kinds) in SLIPS {
        let mut done = 0;
        while done < 3000 {
            let mut text = document(&mut random, Layout::Pretty("\n", "  "), 4).into_bytes();
            let replacements = tape::read(&text, |parsed| {
                let nodes: Vec<NodeId> = parsed.document.nodes().collect();
                slip(&parsed.document, random.one_of(&nodes))
            });
            let Some(replacements) = replacements else { continue };
            done += 1;
            for (at, len, new) in replacements.into_iter().rev() {
                text.splice(at..at + len, new.iter().copied());
            }
            tape::read(&text, |parsed| {
                let found: Vec<ErrorKind> = parsed.errors.iter().map(|error| error.kind).collect();
                let expected = matches!(found[..], [kind] if kinds.contains(&kind));
                assert!(expected, "{name}: {found:?}\n{}", String::from_utf8_lossy(&text));
            });
        }
    }
}
