//! The text of a TOML string or key, as go-toml reads it.

use toml_parser::decoder::Encoding;

use super::faults::Faults;
use crate::document::text::push_bytes;
use crate::source::{Source, Span};

/// The content of the string at `span`; `None` if it is plainly what stands between its quotes.
pub(super) fn decode(
    source: &Source,
    span: Span,
    encoding: Encoding,
    faults: &mut Faults,
) -> Option<String> {
    let quoted = source.slice(span);
    let marks: &[u8] = match encoding {
        Encoding::LiteralString => b"'",
        Encoding::BasicString => b"\"",
        Encoding::MlLiteralString => b"'''",
        Encoding::MlBasicString => b"\"\"\"",
    };
    let inner = quoted.strip_prefix(marks).unwrap_or(quoted);
    let start = span.end as usize - inner.len();
    let Some(inner) = inner.strip_suffix(marks) else {
        let mark = String::from_utf8_lossy(marks);
        faults
            .broken(span, format!("a string without its closing `{mark}`"))
            .help(format!("Close it with `{mark}`."));
        return Some(String::from_utf8_lossy(inner).into_owned());
    };
    let is_long = marks.len() == 3;
    if is_long && inner.last() == marks.first() && !ends_in_escape(inner, encoding) {
        let end = span.end as usize;
        faults
            .error(Span::new(end - 4, end), "four closing quotes: the gateway's reader takes three")
            .help("End the text with something else than a quote, or escape it.".to_owned());
    }
    check_encoding(inner, span, faults);
    let is_basic = marks[0] == b'"';
    let special = |byte: &u8| is_basic && (*byte == b'\\' || is_forbidden(*byte, is_long));
    if !is_long && !inner.iter().any(special) && inner.is_ascii() {
        return None;
    }
    let body = if is_long { without_first_line_end(inner) } else { inner };
    let start = start + inner.len() - body.len();
    let mut text = String::with_capacity(body.len());
    if is_basic {
        resolve(body, start, is_long, &mut text, faults);
    } else {
        push_bytes(&mut text, body);
    }
    Some(text)
}

/// The content of a part of a key in one pair of quotes, the part at `span`: it may span lines.
pub(super) fn key(source: &Source, span: Span, faults: &mut Faults) -> String {
    let quoted = source.slice(span);
    let inner = &quoted[1..quoted.len() - 1];
    check_encoding(inner, span, faults);
    let mut text = String::with_capacity(inner.len());
    if quoted[0] == b'"' {
        resolve(inner, span.start as usize + 1, true, &mut text, faults);
    } else {
        push_bytes(&mut text, inner);
    }
    text
}

/// Warns of bytes in `inner`, the text of what is at `span`, that the gateway's reader replaces.
pub(super) fn check_encoding(inner: &[u8], span: Span, faults: &mut Faults) {
    if std::str::from_utf8(inner).is_err() {
        faults
            .error(span, "this string holds bytes that are not UTF-8")
            .help("Save the file as UTF-8.".to_owned())
            .warning();
    }
}

/// Whether the last quote of `inner` is one that a backslash makes text.
fn ends_in_escape(inner: &[u8], encoding: Encoding) -> bool {
    let before = &inner[..inner.len() - 1];
    let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\').count();
    encoding == Encoding::MlBasicString && backslashes % 2 == 1
}

fn without_first_line_end(inner: &[u8]) -> &[u8] {
    let rest = inner.strip_prefix(b"\r\n").or_else(|| inner.strip_prefix(b"\n"));
    rest.unwrap_or(inner)
}

/// Whether `byte` may stand in a string in double quotes as an escape only.
fn is_forbidden(byte: u8, is_long: bool) -> bool {
    byte < b' ' && byte != b'\t' && !(is_long && matches!(byte, b'\n' | b'\r'))
}

/// Appends `body`, which begins at offset `start`, with its escapes resolved.
fn resolve(body: &[u8], start: usize, is_long: bool, text: &mut String, faults: &mut Faults) {
    let mut plain = 0;
    let mut at = 0;
    while at < body.len() {
        let byte = body[at];
        if is_forbidden(byte, is_long) {
            faults
                .error(Span::new(start + at, start + at + 1), "a control character inside a string")
                .help(format!("Write it as `\\u{byte:04X}`."));
        }
        if byte != b'\\' {
            at += 1;
            continue;
        }
        push_bytes(text, &body[plain..at]);
        let rest = &body[at..];
        let blank = blank_len(&rest[1..]);
        at += if blank > 0 {
            1 + blank
        } else {
            let (c, len) = escape(rest);
            if let Some(c) = c {
                text.push(c);
            } else {
                let shown = String::from_utf8_lossy(&rest[..len]).into_owned();
                let here = Span::new(start + at, start + at + len);
                let help = "Write `\\\\` for a backslash, or put the text in single quotes.";
                faults
                    .error(
                        here,
                        format!("`{shown}` is not an escape that the gateway's reader knows"),
                    )
                    .help(help.to_owned());
                push_bytes(text, &rest[..len]);
            }
            len
        };
        plain = at;
    }
    push_bytes(text, &body[plain..]);
}

/// The number of blanks and line ends at the front of `bytes`: a backslash takes them away.
fn blank_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| b" \t\r\n".contains(byte)).count()
}

/// What the escape at the front of `bytes` stands for, if it is one, and its length.
fn escape(bytes: &[u8]) -> (Option<char>, usize) {
    let c = match bytes.get(1) {
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{C}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(&c @ (b'"' | b'\\' | b'/')) => char::from(c),
        Some(b'u') => return code_point(bytes, 4),
        Some(b'U') => return code_point(bytes, 8),
        Some(byte) if byte.is_ascii_graphic() => return (None, 2),
        _ => return (None, 1),
    };
    (Some(c), 2)
}

/// The character of an escape with `digits` digits; what is not Unicode is U+FFFD, as in Go.
fn code_point(bytes: &[u8], digits: usize) -> (Option<char>, usize) {
    let code = bytes.get(2..2 + digits).filter(|code| code.iter().all(u8::is_ascii_hexdigit));
    let Some(code) = code else { return (None, 2) };
    let value = code
        .iter()
        .fold(0, |value, digit| value << 4 | char::from(*digit).to_digit(16).unwrap_or_default());
    (Some(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)), 2 + digits)
}
