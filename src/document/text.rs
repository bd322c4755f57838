//! The text of a quoted JSON string.

use std::borrow::Cow;

/// Resolves the escapes of `quoted`, a JSON string with its quotes, as Go's `encoding/json` does:
/// a lone surrogate escape and every byte that is not UTF-8 become U+FFFD.
///
/// What a reader let pass for a string resolves too: one in other quotes, without a closing quote,
/// or without any. A backslash that begins no escape stands for itself.
pub(super) fn unquote(quoted: &[u8]) -> Cow<'_, str> {
    let inner = inner(quoted);
    if !inner.contains(&b'\\')
        && let Ok(text) = std::str::from_utf8(inner)
    {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(inner.len());
    let mut rest = inner;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        push_bytes(&mut text, &rest[..at]);
        let (c, len) = escape(&rest[at..]);
        text.push(c);
        rest = &rest[at + len..];
    }
    push_bytes(&mut text, rest);
    Cow::Owned(text)
}

/// `quoted` without its quotes, as far as it has any.
pub(super) fn inner(quoted: &[u8]) -> &[u8] {
    match quoted {
        [b'"' | b'\'' | b'`', rest @ ..] => rest.strip_suffix(&quoted[..1]).unwrap_or(rest),
        [0xE2, ..] => typographic_inner(quoted).unwrap_or(quoted),
        _ => quoted,
    }
}

/// The same for quotes that a word processor puts in the place of plain ones, or of one of them.
fn typographic_inner(quoted: &[u8]) -> Option<&[u8]> {
    const OPENING: [&str; 6] = ["“", "”", "„", "‘", "’", "‚"];
    const CLOSING: [&str; 6] = ["”", "“", "\"", "’", "‘", "'"];
    let rest = OPENING.iter().find_map(|quote| quoted.strip_prefix(quote.as_bytes()))?;
    let closed = CLOSING.iter().find_map(|quote| rest.strip_suffix(quote.as_bytes()));
    Some(closed.unwrap_or(rest))
}

/// The character that the escape at the front of `bytes` stands for, and the escape's length.
fn escape(bytes: &[u8]) -> (char, usize) {
    let c = match bytes.get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(&c @ (b'"' | b'\\' | b'/' | b'\'' | b'`')) => char::from(c),
        Some(b'u') => return unicode_escape(bytes).unwrap_or(('\\', 1)),
        _ => return ('\\', 1),
    };
    (c, 2)
}

fn unicode_escape(bytes: &[u8]) -> Option<(char, usize)> {
    let first = code_unit(bytes)?;
    if let Some(c) = char::from_u32(first.into()) {
        return Some((c, 6));
    }
    // Half of a surrogate pair. Without the other half Go reads on right behind it, so an escape
    // that follows keeps its own meaning.
    let pair = bytes.get(6..).and_then(code_unit).map(|second| [first, second]);
    match pair.map(|pair| char::decode_utf16(pair).next()) {
        Some(Some(Ok(c))) => Some((c, 12)),
        _ => Some((char::REPLACEMENT_CHARACTER, 6)),
    }
}

fn code_unit(bytes: &[u8]) -> Option<u16> {
    let digits = bytes.strip_prefix(b"\\u")?.get(..4)?;
    digits
        .iter()
        .try_fold(0, |unit, &digit| Some(unit << 4 | char::from(digit).to_digit(16)? as u16))
}

/// Appends `bytes` with one U+FFFD for every byte that is not UTF-8, where the standard library's
/// lossy conversion writes one for a whole truncated sequence.
pub(super) fn push_bytes(text: &mut String, bytes: &[u8]) {
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n(char::REPLACEMENT_CHARACTER, chunk.invalid().len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(quoted: impl AsRef<[u8]>) -> String {
        unquote(quoted.as_ref()).into_owned()
    }

    #[test]
    fn plain_text_is_borrowed() {
        assert!(matches!(unquote("\"größer 😀\"".as_bytes()), Cow::Borrowed("größer 😀")));
        assert!(matches!(unquote(b"\"\""), Cow::Borrowed("")));
    }

    #[test]
    fn every_escape_resolves() {
        assert_eq!(text(r#""\"\\\/\b\f\n\r\t""#), "\"\\/\u{8}\u{C}\n\r\t");
        assert_eq!(text(r#""a\u0041\u00e9\u00E9\u65e5z""#), "aAéé日z");
        assert_eq!(text(r#""\u0000\uFFFF""#), "\0\u{FFFF}");
    }

    #[test]
    fn surrogates_pair_up_or_are_replaced() {
        assert_eq!(text(r#""\ud83d\ude00\uD83D\uDE00""#), "😀😀");
        assert_eq!(text(r#""\ud800""#), "\u{FFFD}");
        assert_eq!(text(r#""\ude00x""#), "\u{FFFD}x");
        assert_eq!(text(r#""\ud800\n""#), "\u{FFFD}\n");
        assert_eq!(text(r#""\ud800\u0041""#), "\u{FFFD}A");
        assert_eq!(text(r#""\ud800\ud83d\ude00""#), "\u{FFFD}😀");
        assert_eq!(text(r#""\ude00\ud83d""#), "\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn every_byte_that_is_no_utf8_is_replaced() {
        assert_eq!(text(b"\"a\xFFb\""), "a\u{FFFD}b");
        assert_eq!(text(b"\"\xE2\x82x\xE2\x82\xAC\""), "\u{FFFD}\u{FFFD}x€");
        assert_eq!(
            text(b"\"\xED\xA0\x80\\n\xC0\xAF\""),
            "\u{FFFD}\u{FFFD}\u{FFFD}\n\u{FFFD}\u{FFFD}"
        );
        assert_eq!(text(b"\"\xF0\x9F\x98\""), "\u{FFFD}\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn what_passed_for_a_string_resolves() {
        assert_eq!(text("'it\\'s \"x\"'"), "it's \"x\"");
        assert_eq!(text("`x`"), "x");
        assert_eq!(text("“x”"), "x");
        assert_eq!(text("“x\""), "x");
        assert_eq!(text("”x“"), "x");
        assert_eq!(text("„x“"), "x");
        assert_eq!(text("‘x’"), "x");
        assert_eq!(text("€x"), "€x");
        assert_eq!(text("\"abc"), "abc");
        assert_eq!(text("abc"), "abc");
        assert_eq!(text(r#""C:\dir\q\u12""#), "C:\\dir\\q\\u12");
        assert_eq!(text("\"x\\"), "x\\");
        assert_eq!((text("\""), text("'"), text("“"), text("")), Default::default());
    }
}
