//! The characters of a source, before they are YAML: what the gateway's library refuses to read at
//! all is found here, and replaced, so that the parser gets to what comes after it.

use std::borrow::Cow;

use super::error::{self, MAX_FAULTS};
use crate::document::Fault;
use crate::source::{Source, Span};

/// The text of `source`, of the same length, with a `_` for each byte that must not be there.
pub(super) fn read(source: &Source) -> (Cow<'_, str>, Vec<Fault>) {
    let bytes = source.bytes();
    match str::from_utf8(bytes) {
        Ok(text) if is_readable(text) => (Cow::Borrowed(text), Vec::new()),
        _ => replaced(bytes),
    }
}

/// What is said of `bytes` that begin with the mark of UTF-16.
pub(super) fn utf16(bytes: &[u8]) -> Option<Fault> {
    let is_utf16 = bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF");
    is_utf16.then(|| {
        error::warning(
            Span::new(0, 2),
            "this file is UTF-16: the gateway reads it, but otel-lint does not",
            "Save it as UTF-8.",
        )
    })
}

fn is_readable(text: &str) -> bool {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
    // Few characters need a closer look.
    let mut rest = text;
    while let Some(at) = rest.as_bytes().iter().position(|byte| !is_plain(byte)) {
        let mut from = rest[at..].chars();
        if !from.next().is_some_and(is_allowed) {
            return false;
        }
        rest = from.as_str();
    }
    true
}

/// The characters of YAML 1.2 without those the library does not take.
fn is_allowed(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{85}' => true,
        '\0'..'\u{20}' | '\u{7F}'..'\u{A0}' | '\u{FFFE}' | '\u{FFFF}' => false,
        _ => true,
    }
}

fn replaced(bytes: &[u8]) -> (Cow<'static, str>, Vec<Fault>) {
    let mut text = String::with_capacity(bytes.len());
    let mut faults = Vec::new();
    let mut report = |start: usize, end: usize, character: Option<char>| {
        if faults.len() < MAX_FAULTS {
            faults.push(error::character(Span::new(start, end), character));
        }
    };
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_allowed(c) {
                text.push(c);
            } else {
                report(text.len(), text.len() + c.len_utf8(), Some(c));
                text.extend(std::iter::repeat_n('_', c.len_utf8()));
            }
        }
        if !chunk.invalid().is_empty() {
            report(text.len(), text.len() + chunk.invalid().len(), None);
            text.extend(std::iter::repeat_n('_', chunk.invalid().len()));
        }
    }
    (Cow::Owned(text), faults)
}
