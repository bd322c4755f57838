//! Where things are written, to the byte, where the parser tells it only roughly.

use crate::source::Span;

/// What a block scalar covers: from its `|` or `>`, the first one from `from` on that is not part of a
/// tag, an anchor or a comment, to the end of its last line that is not empty.
pub(super) fn block_scalar(bytes: &[u8], from: usize, end: usize) -> Span {
    let start = skip_properties(bytes, from);
    let header_end = line_end(bytes, start);
    let text = &bytes[..end.max(start)];
    let content = start + text[start..].trim_ascii_end().len();
    if content <= header_end {
        let header = bytes[start..header_end].iter().position(|byte| b" \t".contains(byte));
        return Span::new(start, header.map_or(header_end, |length| start + length));
    }
    Span::new(start, line_end(bytes, content))
}

/// The first `-` that begins a line, from the line that holds `from` on: where a list begins.
pub(super) fn dash(bytes: &[u8], from: usize, until: usize) -> usize {
    let mut at = from;
    while at < until {
        let line = line_end(bytes, at);
        let first = at + bytes[at..line].iter().take_while(|byte| **byte == b' ').count();
        if bytes.get(first) == Some(&b'-') {
            return first;
        }
        at = line + 1;
    }
    until
}

/// Where a value that is not written would stand: behind the colon after `from`, if there is one
/// before anything else.
pub(super) fn nothing(bytes: &[u8], from: usize, at: usize) -> usize {
    let colon = from + bytes[from..].iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
    if colon >= at && bytes.get(colon) == Some(&b':') { colon + 1 } else { at }
}

/// Steps over what may stand between a colon or dash and its value.
fn skip_properties(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'|' | b'>' => break,
            b'#' => at = line_end(bytes, at),
            b'&' | b'!' => {
                at += bytes[at..].iter().take_while(|byte| !byte.is_ascii_whitespace()).count();
            }
            _ => at += 1,
        }
    }
    at.min(bytes.len())
}

/// The end of the line that holds `at`, without its line break.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length);
    if end > at && bytes[end - 1] == b'\r' { end - 1 } else { end }
}
