//! What must not be shown: values of headers, tokens, passwords, credentials in URLs. This is the one
//! place that decides it; `docs/secrets.md` lists what counts.
//!
//! Secrets are told by the names of their keys (`names`) and by the look of their values
//! (`values`): in what was read as a document (`written`), and where the reader stopped in the text
//! alone (`lexical`, `lines`). Too much hidden is no harm in what is only shown; for a finding
//! about a secret fewer signs count ([`names_secret`], [`is_secret`]).

mod lexical;
mod lines;
mod names;
mod redact;
mod values;
mod windows;
mod written;

use std::borrow::Borrow;

use serde_json::Value;

use crate::document::Document;
use crate::finding::Finding;
use crate::source::{Format, Source, Span};

pub use names::{hides, hides_all, names_secret};
pub use redact::{protect, protect_text};
pub use values::{has_userinfo, is_secret, is_secret_attribute, masked, may_be_secret, redacted};

/// What is shown in the place of a secret.
const STARS: &str = "***";

/// The rules whose findings tell that a part of the source may be on no tape.
const UNREAD: [&str; 4] = ["invalid-json", "invalid-yaml", "invalid-toml", "unjudged-template"];

/// The secrets of `docs`, the documents of one source in their order, near the places of `findings`,
/// sorted. Values of keys called like one of `headers` are among them.
fn near<F>(docs: &[&Document<'_>], findings: &[F], headers: &[String]) -> Vec<Span>
where
    F: Borrow<Finding>,
{
    let Some(source) = docs.first().map(|doc| doc.source()).filter(|_| !findings.is_empty()) else {
        return Vec::new();
    };
    let hides =
        |name: &str| hides(name) || headers.iter().any(|header| header.eq_ignore_ascii_case(name));
    let windows = windows::shown(source, findings);
    let read = docs.iter().flat_map(|doc| written::secrets(doc, &windows, hides));
    let mut secrets: Vec<Span> = read.collect();
    let faults: Vec<&Finding> = findings.iter().map(Borrow::borrow).collect();
    let faults = faults.into_iter().filter(|finding| UNREAD.contains(&finding.rule));
    let faults = windows::shown(source, &faults.collect::<Vec<_>>());
    if !faults.is_empty() || source.has_braces() {
        // The reader may have stopped or skipped: what it left out is on no tape, but in a frame. So
        // is what stands in the action of a template.
        let unread = unread(source, hides);
        secrets.extend(unread.into_iter().filter(|span| overlaps(&windows, *span)));
    }
    for window in faults {
        // A fault may have taken away what tells a secret: the name of its key, a quote, a scheme.
        let start = window.start as usize;
        let tokens = values::tokens(source.slice(window));
        secrets.extend(tokens.map(|token| Span::new(start + token.start, start + token.end)));
    }
    let comments: Vec<Span> = docs.iter().flat_map(|doc| comments(doc)).collect();
    for comment in comments.iter().filter(|comment| overlaps(&windows, **comment)) {
        secrets.extend(in_comment(source, *comment, hides));
    }
    secrets.extend(below_keys(source, &windows::widened(&windows), &comments, hides));
    joined(secrets)
}

/// The secrets in `comments` that the lines before them tell, such as a key whose value became a comment.
fn below_keys(
    source: &Source,
    windows: &[Span],
    comments: &[Span],
    hides: impl Fn(&str) -> bool + Copy,
) -> Vec<Span> {
    if comments.is_empty() || source.format() == Format::Json {
        return Vec::new();
    }
    let is_commented = |span: &Span| {
        let before = comments.partition_point(|comment| comment.start <= span.start);
        before > 0 && comments[before - 1].contains(*span)
    };
    let len = source.bytes().len() as u32;
    let mut found = Vec::new();
    for window in windows {
        let window = Span { start: window.start.min(len), end: window.end.min(len) };
        let secrets = lines::secrets(source.slice(window), window.start as usize, hides);
        found.extend(secrets.into_iter().filter(is_commented));
    }
    found
}

/// All secrets of `doc`, sorted, what looks like one anywhere in its text among them: for showing all of
/// it. Values of keys called like one of `headers` are among them.
#[must_use]
pub fn all(doc: &Document<'_>, headers: &[String]) -> Vec<Span> {
    let hides =
        |name: &str| hides(name) || headers.iter().any(|header| header.eq_ignore_ascii_case(name));
    let whole = Span::new(0, doc.source().bytes().len());
    let mut secrets = written::secrets(doc, &[whole], hides);
    secrets.extend(unread(doc.source(), hides));
    for comment in comments(doc) {
        secrets.extend(in_comment(doc.source(), comment, hides));
    }
    joined(secrets)
}

/// Whether `value`, which is to be written somewhere, has a secret in it.
#[must_use]
pub(crate) fn in_value(value: &Value) -> bool {
    let mut rest = vec![(value, false)];
    while let Some((value, hidden)) = rest.pop() {
        match value {
            Value::Object(members) => rest.extend(
                members
                    .iter()
                    .map(|(key, value)| (value, hidden || names::hides_all(key) || hides(key))),
            ),
            Value::Array(items) => rest.extend(items.iter().map(|item| (item, hidden))),
            Value::String(text) if hidden || may_be_secret(text) => return true,
            Value::Number(_) if hidden => return true,
            _ => {}
        }
    }
    false
}

/// `secrets` sorted, those that overlap as one.
#[must_use]
pub fn joined(mut secrets: Vec<Span>) -> Vec<Span> {
    secrets.sort_unstable();
    secrets.dedup_by(|next, last| {
        let joins = next.start < last.end;
        if joins {
            last.end = last.end.max(next.end);
        }
        joins
    });
    secrets
}

/// The secrets of a text that is not read as a document, sorted.
pub(crate) fn in_text(source: &Source) -> Vec<Span> {
    joined(unread(source, hides))
}

/// The secrets of the text of `source`, whatever its reader made of it, in no order.
fn unread(source: &Source, hides: impl Fn(&str) -> bool + Copy) -> Vec<Span> {
    let mut secrets = lexical::secrets(source.bytes(), 0, source.format(), hides);
    secrets.extend(lines::secrets(source.bytes(), 0, hides));
    secrets
}

/// The secrets of a comment, in no order: a part of a configuration, of whatever format, may have been
/// made a comment.
fn in_comment(source: &Source, comment: Span, hides: impl Fn(&str) -> bool + Copy) -> Vec<Span> {
    let (bytes, offset) = (source.slice(comment), comment.start as usize);
    let mut secrets = lines::secrets(bytes, offset, hides);
    // Prose has no braces: there one word after another would be taken for a key and its value.
    if bytes.contains(&b'{') {
        secrets.extend(lexical::secrets(bytes, offset, Format::Json, hides));
        secrets.extend(lexical::secrets(bytes, offset, Format::Toml, hides));
    }
    secrets
}

/// The comments of `doc` from the beginnings of their lines, those without anything between them as
/// one: somebody may have made comments of a block with a secret in it.
fn comments(doc: &Document<'_>) -> Vec<Span> {
    let bytes = doc.source().bytes();
    let mut joined: Vec<Span> = Vec::new();
    for &comment in doc.comments() {
        let blanks = bytes[..comment.start as usize].iter().rev();
        let blanks = blanks.take_while(|byte| matches!(byte, b' ' | b'\t')).count() as u32;
        let start = comment.start - blanks;
        match joined.last_mut() {
            Some(last)
                if doc
                    .source()
                    .slice(Span { start: last.end, end: start })
                    .trim_ascii()
                    .is_empty() =>
            {
                last.end = comment.end;
            }
            _ => joined.push(Span { start, end: comment.end }),
        }
    }
    joined
}

/// Those of `spans`, which are sorted and disjoint, that have something of `place` in them or touch it.
fn overlapping(spans: &[Span], place: Span) -> impl Iterator<Item = &Span> {
    let first = spans.partition_point(|span| span.end < place.start);
    spans[first..].iter().take_while(move |span| span.start <= place.end)
}

fn overlaps(windows: &[Span], span: Span) -> bool {
    let first = windows.partition_point(|window| window.end < span.start);
    windows.get(first).is_some_and(|window| window.start <= span.end)
}
