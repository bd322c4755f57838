//! Keys with dots and quotes, taken apart as go-toml does: its lexer resolves the escapes of a key
//! and puts the quotes back, and only then is it cut into parts. In the name of a table no escape is
//! resolved, and no bracket is read as text.

use super::faults::Faults;
use super::strings;
use super::tree::Key;
use crate::document::text::inner;
use crate::source::{Source, Span};

/// Why a text is not a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Flaw {
    /// Nothing stands where a part should be.
    Missing(Span),
    /// A character that must be quoted.
    Character(Span, char),
    /// Blanks beside a dot that go-toml does not take.
    Blank(Span),
    /// A quote within quotes, or a quote that is not closed.
    Quote(Span),
    /// A bracket in the name of a table.
    Bracket(Span),
}

impl Flaw {
    /// Reports it; where it is in one of `parts`, at the whole of that part.
    pub(super) fn report(self, parts: &[Span], faults: &mut Faults) {
        let whole = |at: Span| parts.iter().copied().find(|part| part.contains(at)).unwrap_or(at);
        let (span, message, help) = match self {
            Self::Missing(span) => {
                let message = "a key is missing here";
                faults.broken(span, message).help("TOML is written `key = value`.".to_owned());
                return;
            }
            Self::Character(span, c) => {
                let message = format!("a key without quotes cannot hold `{}`", c.escape_default());
                faults.error(whole(span), message).help("Put the key in double quotes.".to_owned());
                return;
            }
            Self::Blank(span) => (
                span,
                "the gateway's reader does not read a dot with such blanks around it",
                "Write the dot without blanks.",
            ),
            Self::Quote(span) => (
                whole(span),
                "the gateway's reader takes a quote within this key for its end",
                "Put a key that holds a double quote in single quotes.",
            ),
            Self::Bracket(span) => (
                span,
                "the gateway's reader takes a bracket within the name of a table for its end",
                "Write this table as a value, with its key before a `=`.",
            ),
        };
        faults.error(span, message).help(help.to_owned());
    }
}

/// A character of a key, and where it is written.
#[derive(Clone, Copy)]
struct Char {
    c: char,
    at: Span,
}

/// The parts of the key at `span`, which a `=` follows.
pub(super) fn assigned(source: &Source, span: Span, faults: &mut Faults) -> Result<Vec<Key>, Flaw> {
    let bytes = source.bytes();
    if let Some(key) = bare(source, span) {
        return Ok(vec![key]);
    }
    let mut chars = Vec::new();
    let (mut at, end) = (span.start as usize, span.end as usize);
    let push = |chars: &mut Vec<Char>, at: usize| {
        chars.push(Char { c: char::from(bytes[at]), at: Span::new(at, at + 1) });
    };
    while at < end {
        match bytes[at] {
            quote @ (b'"' | b'\'') => {
                let open = Span::new(at, at + 1);
                let close = closing(&bytes[..end], at + 1, quote).ok_or(Flaw::Quote(open))?;
                let text = strings::key(source, Span::new(at, close + 1), faults);
                let content = Span::new(at + 1, close);
                push(&mut chars, at);
                chars.extend(text.chars().map(|c| Char { c, at: content }));
                push(&mut chars, close);
                at = close + 1;
            }
            b' ' | b'\t' => {
                let dot = after_blanks(bytes, at, end);
                if dot == end {
                    break;
                }
                if bytes[dot] != b'.' {
                    let last = chars.last().map_or(Span::at(at), |last: &Char| last.at);
                    return Err(Flaw::Blank(last));
                }
                let next = after_blanks(bytes, dot + 1, end);
                chars.push(Char { c: ' ', at: Span::new(at, dot) });
                (dot..next).for_each(|at| push(&mut chars, at));
                at = next;
            }
            b'.' => {
                push(&mut chars, at);
                at += 1;
            }
            byte if is_bare(char::from(byte)) => {
                push(&mut chars, at);
                at += 1;
            }
            _ => return Err(unfit(bytes, at, end)),
        }
    }
    parts(&chars, Span::at(end)).map(|parts| keys(source, parts))
}

/// The parts of the name of a table at `span`, which is between its brackets.
pub(super) fn headed(source: &Source, span: Span, faults: &mut Faults) -> Result<Vec<Key>, Flaw> {
    if let Some(key) = bare(source, span) {
        return Ok(vec![key]);
    }
    let mut chars = Vec::new();
    let mut at = span.start as usize;
    for chunk in source.slice(span).utf8_chunks() {
        let invalid = chunk.invalid().iter().map(|_| (char::REPLACEMENT_CHARACTER, 1));
        let valid = chunk.valid().chars().map(|c| (c, c.len_utf8()));
        for (c, length) in valid.chain(invalid) {
            let here = Span::new(at, at + length);
            if matches!(c, '[' | ']') {
                return Err(Flaw::Bracket(here));
            }
            chars.push(Char { c, at: here });
            at += length;
        }
    }
    let parts = keys(source, parts(&chars, Span::at(at))?);
    for part in &parts {
        strings::check_encoding(source.slice(part.span), part.span, faults);
    }
    Ok(parts)
}

/// The key at `span`, if it is one part without quotes and anything unusual.
fn bare(source: &Source, span: Span) -> Option<Key> {
    let written = source.slice(span).trim_ascii_end();
    let is_bare = !written.is_empty() && written.iter().all(|byte| is_bare(char::from(*byte)));
    let text = str::from_utf8(written).ok().filter(|_| is_bare)?;
    let end = span.start + written.len() as u32;
    Some(Key { span: Span { end, ..span }, text: text.into(), is_plain: true })
}

fn keys(source: &Source, parts: Vec<(String, Span)>) -> Vec<Key> {
    let key = |(text, span): (String, Span)| {
        let is_plain = inner(source.slice(span)) == text.as_bytes();
        Key { span, text: text.into_boxed_str(), is_plain }
    };
    parts.into_iter().map(key).collect()
}

/// What stands at the start of a part that is not a bare character, up to the next that is.
fn unfit(bytes: &[u8], at: usize, end: usize) -> Flaw {
    let text = bytes[at..end].utf8_chunks().next();
    let first = text.and_then(|chunk| chunk.valid().chars().next());
    let c = first.unwrap_or(char::REPLACEMENT_CHARACTER);
    Flaw::Character(Span::new(at, at + first.map_or(1, char::len_utf8)), c)
}

/// Where the quote that was opened before `from` is closed.
fn closing(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            _ if byte == quote => return Some(at),
            b'\\' if quote == b'"' => at += 2,
            _ => at += 1,
        }
    }
    None
}

fn after_blanks(bytes: &[u8], from: usize, end: usize) -> usize {
    from + bytes[from..end].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// The parts of a key, each with its place: go-toml's `parseKey`.
fn parts(chars: &[Char], end: Span) -> Result<Vec<(String, Span)>, Flaw> {
    let blanks =
        |from: usize| chars[from..].iter().take_while(|it| matches!(it.c, ' ' | '\t')).count();
    let mut parts = Vec::new();
    let mut at = blanks(0);
    while let Some(&Char { c, at: here }) = chars.get(at) {
        match c {
            '"' | '\'' => {
                let length = chars[at + 1..].iter().position(|it| it.c == c);
                let length = length.ok_or(Flaw::Quote(here))?;
                let close = at + 1 + length;
                let text = chars[at + 1..close].iter().map(|it| it.c).collect();
                parts.push((text, Span { end: chars[close].at.end, ..here }));
                at = close + 1;
            }
            '.' => {
                let next = chars.get(at + 1).ok_or(Flaw::Missing(end))?;
                match next.c {
                    '"' | '\'' | ' ' => {}
                    '\t' => return Err(Flaw::Blank(here)),
                    c if is_bare(c) => {}
                    '.' => return Err(Flaw::Missing(Span { end: next.at.start, ..next.at })),
                    c => return Err(Flaw::Character(next.at, c)),
                }
                at += 1;
            }
            c if is_bare(c) => {
                let length = chars[at..].iter().take_while(|it| is_bare(it.c)).count();
                let text = chars[at..at + length].iter().map(|it| it.c).collect();
                parts.push((text, Span { end: chars[at + length - 1].at.end, ..here }));
                at += length;
                if let Some(next) = chars.get(at).filter(|next| !matches!(next.c, '.' | ' ' | '\t'))
                {
                    return Err(Flaw::Character(next.at, next.c));
                }
                at += blanks(at);
                if let Some(next) = chars.get(at).filter(|next| next.c != '.') {
                    return Err(Flaw::Blank(next.at));
                }
            }
            c => return Err(Flaw::Character(here, c)),
        }
        at += blanks(at);
    }
    if parts.is_empty() { Err(Flaw::Missing(end)) } else { Ok(parts) }
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}
