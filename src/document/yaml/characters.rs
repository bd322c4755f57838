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

fn is_readable(mut text: &str) -> bool {
    const BLOCK: usize = 64;
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t');
    // Nearly all are blocks of plain bytes, which are looked at without a branch for each byte.
    let is_plain = |block: &&[u8; BLOCK]| block.iter().fold(true, |all, it| all & is_plain(it));
    while !text.is_empty() {
        let blocks = text.as_bytes().as_chunks().0.iter().take_while(is_plain).count();
        let mut rest = text[blocks * BLOCK..].chars();
        if !rest.by_ref().take(BLOCK).all(is_allowed) {
            return false;
        }
        text = rest.as_str();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_looked_at_wherever_they_stand() {
        let unusual = "\t\r\n\0\u{1B}\u{7F}\u{85}\u{9F}\u{A0}é中🚀\u{FFFD}\u{FFFE}\u{FFFF}";
        for c in unusual.chars().chain([' ', '~']) {
            for before in [0, 1, 62, 63, 64, 65, 200] {
                for after in [0, 1, 63, 64, 130] {
                    for filler in ["x", "é"] {
                        let text = filler.repeat(before) + &c.to_string() + &filler.repeat(after);
                        assert_eq!(is_readable(&text), is_allowed(c), "{before} {c:?} {after}");
                    }
                }
            }
        }
    }
}
