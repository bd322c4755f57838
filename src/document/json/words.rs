//! Bare words, and numbers and strings in the forms of other languages.

use super::{ErrorKind, Expect, Parser, SyntaxError, scan};
use crate::document::Kind;
use crate::source::Span;

impl Parser<'_> {
    /// The end of the bare word here; see [`word_end`].
    pub(super) fn word_end(&self, value: bool) -> usize {
        word_end(self.bytes, self.at, value)
    }

    /// Passes over the bare word here, which stands for a value.
    pub(super) fn bare_value(&mut self) -> Expect {
        let start = self.at;
        let end = self.word_end(true);
        let word = &self.bytes[start..end];
        self.at = end;
        let mut error = ErrorKind::Word;
        let kind = if let Some(kind) = constant(word) {
            kind
        } else if is_number_like(word) {
            error = ErrorKind::NumberForm;
            let read = std::str::from_utf8(word).is_ok_and(|word| word.parse::<f64>().is_ok());
            if read { Kind::Number } else { Kind::Null }
        } else if self.open.is_empty() {
            self.report(SyntaxError::new(ErrorKind::NotJson, Span::new(start, end)));
            return self.abandon(Expect::Value);
        } else {
            self.at = phrase_end(self.bytes, end);
            Kind::String
        };
        self.at = unopened_end(self.bytes, start).unwrap_or(self.at);
        let kind = if self.peek() == Some(b'"') { Kind::String } else { kind };
        self.push(kind, start);
        self.skip_stray_quote();
        self.report_word(error, start);
        Expect::After
    }

    /// Passes over the bare word here, which stands for a key.
    pub(super) fn bare_key(&mut self) -> Expect {
        let start = self.at;
        self.at = unopened_end(self.bytes, start).unwrap_or_else(|| self.word_end(false));
        self.push(Kind::String, start);
        self.skip_stray_quote();
        self.report_word(ErrorKind::UnquotedKey, start);
        Expect::Colon
    }

    /// Reports the word from `start` to here, unless it is the last one: then the text ends too early,
    /// and it may be no more than the beginning of what was meant.
    fn report_word(&mut self, kind: ErrorKind, start: usize) {
        let last = scan::blank_end(self.bytes, self.at) == self.bytes.len();
        if !last || self.open.is_empty() {
            self.report(SyntaxError::new(kind, Span::new(start, self.at)));
        }
    }

    /// Passes over the closing quote of a string that lacks its opening one.
    fn skip_stray_quote(&mut self) {
        if self.peek() == Some(b'"') && scan::closes(self.bytes, self.at + 1) {
            self.at += 1;
        }
    }

    /// The quote here, if it is none of JSON's: its length and those that may close it.
    pub(super) fn quote(&self) -> Option<(usize, &'static [&'static str])> {
        Some(match first_char(&self.bytes[self.at..])? {
            '\'' => (1, &["'"]),
            '`' => (1, &["`"]),
            c @ ('“' | '”' | '„') => (c.len_utf8(), &["”", "“", "\""]),
            c @ ('‘' | '’' | '‚') => (c.len_utf8(), &["’", "‘", "'"]),
            _ => return None,
        })
    }

    /// Passes over the string in other quotes here, if there is one.
    pub(super) fn quoted(&mut self) -> bool {
        let Some((len, closing)) = self.quote() else { return false };
        let start = self.at;
        let end = quoted_end(self.bytes, start + len, closing);
        let kind = if end.is_some() { ErrorKind::Quotes } else { ErrorKind::Unterminated };
        self.at = end.unwrap_or_else(|| {
            scan::text_end(self.bytes, start + len, scan::line_end(self.bytes, start))
        });
        self.push(Kind::String, start);
        self.report(SyntaxError::new(kind, Span::new(start, self.at)));
        true
    }
}

/// The end of the string whose inside begins at `from` and that one of `closing` ends: after the
/// first on this line that something follows which can follow a string, or else after the first.
fn quoted_end(bytes: &[u8], from: usize, closing: &[&str]) -> Option<usize> {
    let mut first = None;
    let mut at = from;
    while at < bytes.len() && bytes[at] != b'\n' {
        if bytes[at] == b'\\' {
            at += 2;
            continue;
        }
        let found = closing.iter().find(|quote| bytes[at..].starts_with(quote.as_bytes()));
        at += found.map_or(1, |quote| quote.len());
        if found.is_some() {
            if scan::closes(bytes, at) {
                return Some(at);
            }
            first.get_or_insert(at);
        }
    }
    first
}

/// The end of the bare word at `at`, which is there if there is none. A `value` may hold colons, as
/// in `http://host:4317`, where a key ends at the first.
fn word_end(bytes: &[u8], start: usize, value: bool) -> usize {
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied().unwrap_or(b' ');
        let before = if at > start { bytes[at - 1] } else { b' ' };
        at += match byte {
            b'/' if matches!(next, b'/' | b'*') && before != b':' => break,
            b'/' => 1,
            b':' if value && at > start && (next == b'/' || scan::is_word(next)) => 1,
            // `${PORT}`
            b'{' if before == b'$' => match memchr::memchr2(b'}', b'\n', &bytes[at..]) {
                Some(len) if bytes[at + len] == b'}' => len + 1,
                _ => break,
            },
            // `ObjectId("…")`
            b'(' if at > start => match memchr::memchr2(b')', b'\n', &bytes[at..]) {
                Some(len) if bytes[at + len] == b')' => len + 1,
                _ => break,
            },
            0x80.. => match first_char(&bytes[at..]) {
                Some(c) if !is_invisible(c) && !"“”„‘’‚".contains(c) => c.len_utf8(),
                _ => break,
            },
            byte if scan::is_word(byte) => 1,
            _ => break,
        };
    }
    at
}

/// The closing quote of the text at `start`, if that is a string without its opening quote: no other
/// string begins on the line before it.
fn unopened_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = start + memchr::memchr2(b'"', b'\n', &bytes[start..])?;
    (bytes[quote] == b'"' && scan::closes(bytes, quote + 1)).then_some(quote)
}

/// The end of the words, blanks between them, whose first one ends at `end`.
fn phrase_end(bytes: &[u8], mut end: usize) -> usize {
    loop {
        let blanks = bytes[end..].iter().take_while(|&&b| b == b' ' || b == b'\t').count();
        let next = word_end(bytes, end + blanks, true);
        if blanks == 0 || next == end + blanks {
            return end;
        }
        end = next;
    }
}

/// What a constant of another language is in JSON.
pub(super) fn constant(word: &[u8]) -> Option<Kind> {
    const NULLS: [&str; 7] = ["null", "none", "nil", "undefined", "nan", "inf", "infinity"];
    let is = |name: &str| unsigned(word).eq_ignore_ascii_case(name.as_bytes());
    match () {
        () if is("true") => Some(Kind::Bool(true)),
        () if is("false") => Some(Kind::Bool(false)),
        () if NULLS.into_iter().any(is) => Some(Kind::Null),
        () => None,
    }
}

/// Whether `word` is meant as a number, in whatever form: `+1`, `.5`, `1.`, `007`, `0x1F`, `1_000`,
/// `1e`, a lone sign. Text that only begins with digits is none: `5s`, `10.0.0.1`.
pub(super) fn is_number_like(word: &[u8]) -> bool {
    let rest = unsigned(word);
    if let [b'0', b'x' | b'X', digits @ ..] = rest {
        return digits.iter().all(|b| b.is_ascii_hexdigit() || *b == b'_');
    }
    let mut rest = digits(rest);
    if let [b'.', fraction @ ..] = rest {
        rest = digits(fraction);
    }
    if let [b'e' | b'E', exponent @ ..] = rest
        && word.iter().any(u8::is_ascii_digit)
    {
        rest = digits(unsigned(exponent));
    }
    let digit = word.iter().any(u8::is_ascii_digit);
    rest.is_empty() && (digit || (!word.is_empty() && !word.contains(&b'_')))
}

/// `word` without its sign.
pub(super) fn unsigned(word: &[u8]) -> &[u8] {
    word.strip_prefix(b"-").or(word.strip_prefix(b"+")).unwrap_or(word)
}

/// `bytes` without the digits, and underscores between them, at its front.
fn digits(bytes: &[u8]) -> &[u8] {
    let len = bytes.iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count();
    &bytes[len..]
}

/// Whether `byte` outside a string can only be a slip of the keyboard.
pub(super) fn is_stray(byte: u8) -> bool {
    !scan::is_word(byte) && !scan::is_blank(byte) && !b"{}[],:\"'`#/".contains(&byte) && byte < 0x80
}

/// Whether `c` looks like a blank or like nothing, and is not a blank of JSON.
pub(super) fn is_invisible(c: char) -> bool {
    (c.is_whitespace() && !" \t\r\n".contains(c))
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{AD}')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{180E}' | '\u{3164}')
}

/// The character at the front of `bytes`, if that is UTF-8.
pub(super) fn first_char(bytes: &[u8]) -> Option<char> {
    bytes[..bytes.len().min(4)].utf8_chunks().next()?.valid().chars().next()
}
