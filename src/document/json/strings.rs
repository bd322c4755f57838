//! Faults inside strings, and strings that do not end where they should.

use super::{ErrorKind, Expect, Parser, SyntaxError, foreign, scan, words};
use crate::document::{Kind, Plain};
use crate::source::Span;

impl Parser<'_> {
    /// Goes on inside the string that began at `start`, where the next byte cannot be part of one.
    /// False if the string ends here.
    #[cold]
    pub(super) fn recover_string(&mut self, start: usize, expect: Expect) -> bool {
        let rest = &self.bytes[self.at..];
        match rest {
            [] | [b'\\'] => self.unterminated(start, expect),
            [b'\n', ..] | [b'\r' | b'\\', b'\n', ..] | [b'\\', b'\r', b'\n', ..] => {
                let len = rest.iter().take_while(|&&byte| byte != b'\n').count() + 1;
                if !self.goes_on(self.at + len) {
                    return self.unterminated(start, expect);
                }
                self.control_character(start, len)
            }
            [b'\\', next @ ..] => {
                let len = match next {
                    [b'u', digits @ ..] => {
                        let digits = digits.iter().take(4);
                        2 + digits.take_while(|digit| digit.is_ascii_hexdigit()).count()
                    }
                    next => 1 + words::first_char(next).map_or(1, char::len_utf8),
                };
                let span = Span::new(self.at, self.at + len);
                self.report(SyntaxError::new(ErrorKind::BadEscape, span));
                self.at += len;
                true
            }
            _ => self.control_character(start, 1),
        }
    }

    /// Passes over `len` bytes that must be escaped, and reports the first such place of a string:
    /// text that was pasted with its tabs and line ends is one fault.
    fn control_character(&mut self, start: usize, len: usize) -> bool {
        let mut errors = self.errors.iter().rev().take_while(|e| e.span.start as usize > start);
        if !errors.any(|error| error.kind == ErrorKind::ControlCharacter) {
            let span = Span::new(self.at, self.at + len);
            self.report(SyntaxError::new(ErrorKind::ControlCharacter, span));
        }
        self.at += len;
        true
    }

    /// Whether a string goes on with the line at `at`: a quote ends it there before another string
    /// can begin, and the line does not begin like one of JSON.
    fn goes_on(&self, at: usize) -> bool {
        let next = scan::blank_end(self.bytes, at);
        let Some(len) = memchr::memchr(b'"', &self.bytes[next..]) else { return false };
        let like_json = matches!(self.bytes[next], b'{' | b'}' | b'[' | b']' | b',' | b'/');
        !like_json && scan::closes(self.bytes, next + len + 1)
    }

    /// Ends the string that began at `start`, and has no end on its line, where its author most
    /// likely meant to.
    fn unterminated(&mut self, start: usize, expect: Expect) -> bool {
        let line = scan::line_end(self.bytes, start);
        let end = match memchr::memchr(b':', &self.bytes[start..line]) {
            Some(colon) if expect == Expect::Colon => start + colon,
            _ => scan::text_end(self.bytes, start + 1, line),
        };
        let closed = self.bytes[end..line].iter().filter(|byte| b"}]".contains(byte)).count();
        let over = scan::blank_end(self.bytes, line) == self.bytes.len();
        if over && (closed == 0 || closed != self.open.len()) {
            self.report_truncated(Some(start));
            self.at = self.bytes.len();
        } else {
            self.report(SyntaxError::new(ErrorKind::Unterminated, Span::new(start, end)));
            self.at = end;
        }
        false
    }

    /// What follows the string read last follows it without a gap, and is not what `expect` expects:
    /// perhaps it does not end there, or should have ended before. Where to go on, if so.
    pub(super) fn string_slip(&mut self, expect: Expect) -> Option<Expect> {
        let node = self.nodes.last()?;
        let (start, end) = (node.start as usize, node.end as usize);
        let text = self.bytes[start..end].strip_prefix(b"\"")?.strip_suffix(b"\"")?;
        if node.kind != Kind::String || end != self.at || b",:;=}]".contains(&self.peek()?) {
            return None;
        }
        if let Some(open) = memchr::memmem::rfind(text, b"{{")
            && memchr::memmem::find(&text[open..], b"}}").is_none()
        {
            let action = foreign::action(self.bytes, start + 1 + open);
            self.report(SyntaxError::new(ErrorKind::Template, action));
            return Some(self.abandon(expect));
        }
        if let Some(end) = self.earlier_end(start + 1, text, expect) {
            self.end_last(end);
            self.report(SyntaxError::new(ErrorKind::Unterminated, Span::new(start, end)));
            return Some(expect);
        }
        if !self.peek().is_some_and(|byte| scan::is_word(byte) || byte >= 0x80) {
            return None;
        }
        let line = scan::line_end(self.bytes, end);
        let mut quotes = memchr::memchr_iter(b'"', &self.bytes[end..line]).map(|at| end + at + 1);
        let later_end = quotes.find(|&after| scan::closes(self.bytes, after))?;
        self.end_last(later_end);
        self.report(SyntaxError::new(ErrorKind::InnerQuote, Span::new(end - 1, end)));
        Some(expect)
    }

    /// Where a string with this `text`, which begins at `from`, was most likely meant to end, if the
    /// quote that ended it really opens another string.
    fn earlier_end(&self, from: usize, text: &[u8], expect: Expect) -> Option<usize> {
        let last = text.trim_ascii_end().last()?;
        if expect == Expect::Colon {
            let colon = memchr::memchr(b':', text)?;
            return b":,{[".contains(last).then_some(from + colon);
        }
        // In an object it must open a key.
        let quote = self.at + memchr::memchr(b'"', &self.bytes[self.at..])?;
        let after = self.bytes.get(scan::blank_end(self.bytes, quote + 1))?;
        let opens = if self.in_object() { *after == b':' } else { b",]".contains(after) };
        (*last == b',' && opens).then(|| scan::text_end(self.bytes, from, from + text.len()))
    }

    /// Moves the end of the node read last, and goes on there.
    fn end_last(&mut self, end: usize) {
        if let Some(node) = self.nodes.last_mut() {
            (node.end, node.plain) = (end as u32, Plain::No);
        }
        self.at = end;
    }

    /// Warns of the first bytes of `string` that are not UTF-8.
    #[cold]
    pub(super) fn check_utf8(&mut self, string: Span) {
        let bytes = &self.bytes[string.range()];
        if let Err(error) = std::str::from_utf8(bytes) {
            let from = error.valid_up_to();
            let chunks = bytes[from..].utf8_chunks().take_while(|chunk| chunk.valid().is_empty());
            let len: usize = chunks.map(|chunk| chunk.invalid().len()).sum();
            let start = string.start as usize + from;
            self.warn(SyntaxError::new(ErrorKind::InvalidUtf8, Span::new(start, start + len)));
        }
    }

    #[cold]
    pub(super) fn check_range(&mut self, number: Span) {
        let text = std::str::from_utf8(&self.bytes[number.range()]).unwrap_or_default();
        if text.parse::<f64>().is_ok_and(f64::is_infinite) {
            self.report(SyntaxError::new(ErrorKind::NumberRange, number));
        }
    }
}
