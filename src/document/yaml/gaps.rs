//! What stands between two tokens, where the gateway's library takes less than the parser: tabs, and
//! the names of anchors.

use super::error;
use crate::document::Fault;
use crate::source::Span;

/// Where the last token ended, and what the library does with the blanks after it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gap {
    /// The end of the last token.
    pub(super) from: usize,
    /// Of plain text that may go on: the column before which no tab may stand.
    pub(super) plain: Option<usize>,
}

impl Gap {
    /// What is wrong between here and the token at `until`.
    pub(super) fn check(self, text: &str, until: usize, is_flow: bool) -> Option<Fault> {
        let bytes = &text.as_bytes()[..until];
        let mut plain = self.plain;
        // Whether a key may begin here: there the library takes blanks only.
        let mut may_begin = self.from == 0;
        let mut line = self.from;
        let mut is_first_line = true;
        let mut is_line_start = self.from == 0;
        let mut at = self.from;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b' ' => at += 1,
                b'\t' => {
                    let is_wrong = match plain {
                        Some(column) => !is_first_line && at - line < column,
                        None => may_begin && !is_flow,
                    };
                    if is_wrong {
                        return Some(error::tab(Span::new(at, at + 1)));
                    }
                    at += 1;
                }
                b'\r' | b'\n' => {
                    at += 1;
                    line = at;
                    (is_first_line, is_line_start, may_begin) = (false, true, true);
                }
                b'#' => {
                    at = line_end(bytes, at);
                    plain = None;
                }
                _ => {
                    plain = None;
                    let word = &bytes[at..];
                    let length = word.iter().take_while(|b| !b.is_ascii_whitespace()).count();
                    may_begin = match &word[..length] {
                        b"-" | b"?" => true,
                        b":" => is_line_start,
                        _ => false,
                    };
                    if byte == b'%'
                        && at == line
                        && let Some(fault) = directive(&text[at..line_end(bytes, at)], at)
                    {
                        return Some(fault);
                    }
                    if byte == b'&'
                        && let Some(fault) = anchor(text, at)
                    {
                        return Some(fault);
                    }
                    is_line_start = false;
                    at += length;
                }
            }
        }
        None
    }
}

impl Gap {
    /// A tab in the indentation of the lines of plain text that ends at `until`.
    pub(super) fn check_lines(self, text: &str, until: usize) -> Option<Fault> {
        let column = self.plain?;
        let bytes = &text.as_bytes()[..until];
        let line_ends = memchr::memchr_iter(b'\n', &bytes[self.from..]);
        line_ends.map(|length| self.from + length + 1).find_map(|line| {
            let blanks = bytes[line..].iter().take_while(|byte| b" \t".contains(byte));
            let tab = blanks.take(column).position(|byte| *byte == b'\t')?;
            Some(error::tab(Span::new(line + tab, line + tab + 1)))
        })
    }
}

/// What is wrong with the directive `line` at `start`.
fn directive(line: &str, start: usize) -> Option<Fault> {
    let name = line.split_whitespace().next()?;
    let rest = line[name.len()..].trim_start();
    let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    let at = start + line.len() - rest.len();
    match name {
        "%TAG" => None,
        "%YAML" if &rest[..length] == "1.1" => None,
        "%YAML" => Some(error::version(Span::new(at, at + length))),
        _ => Some(error::directive(Span::new(start, start + name.len()))),
    }
}

/// What is wrong with the name of the anchor at `start`.
fn anchor(text: &str, start: usize) -> Option<Fault> {
    let name = &text[start + 1..];
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let length = name.find(|c| !is_allowed(c)).unwrap_or(name.len());
    let next = name[length..].chars().next().filter(|c| !c.is_whitespace())?;
    let at = start + 1 + length;
    match next {
        ',' | ']' | '}' if length > 0 => None,
        '?' | ':' | '%' | '@' | '`' if length > 0 => {
            Some(error::anchor_ends(Span::new(at, at + next.len_utf8())))
        }
        _ => Some(error::anchor(Span::new(at, at + next.len_utf8()))),
    }
}

/// A tab in the indentation of the block scalar at `scalar`, or in the blank lines after it.
pub(super) fn block_scalar_tab(bytes: &[u8], scalar: Span) -> Option<Span> {
    let header_end = line_end(bytes, scalar.start as usize);
    let header = &bytes[scalar.start as usize..header_end];
    let header = header.split(|byte| b" \t#".contains(byte)).next().unwrap_or_default();
    if header.iter().any(u8::is_ascii_digit) {
        // How deep the text is depends on what is around it.
        return None;
    }
    let mut indent = None;
    let mut at = header_end + 1;
    while at < bytes.len() {
        let blanks = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        let first = at + blanks;
        let is_in = at < scalar.end as usize;
        match bytes.get(first) {
            None => return None,
            Some(b'\t') if indent.is_none_or(|indent| blanks < indent) => {
                // Where the text has ended, what follows is the indentation of something else.
                return Some(Span::new(first, first + 1));
            }
            Some(b'\r' | b'\n') => {}
            Some(_) if !is_in => return None,
            Some(_) => indent = indent.or(Some(blanks)),
        }
        at = line_end(bytes, first) + 1;
    }
    None
}

/// Where the blank lines after `at` end.
pub(super) fn after_blank_lines(bytes: &[u8], at: usize) -> usize {
    let blank = bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let line = memchr::memrchr(b'\n', &bytes[at..at + blank]);
    line.map_or(at, |length| at + length + 1)
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length)
}
