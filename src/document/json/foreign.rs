//! What is between the tokens, or in their place, and is not JSON at all: comments, look-alike
//! blanks, byte order marks, templates, the marks of a merge.

use super::{ErrorKind, Expect, Parser, SyntaxError, scan, words};
use crate::source::Span;

impl Parser<'_> {
    /// Passes over a byte order mark; ends at once if the text is in an encoding that cannot be read.
    pub(super) fn begin(&mut self) -> Expect {
        // A mark of UTF-16 or UTF-32; or, without one, the zero byte of every ASCII character.
        if matches!(self.bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, _, ..] | [_, 0, ..]) {
            self.report(SyntaxError::new(ErrorKind::Encoding, Span::new(0, 2)));
            return self.abandon(Expect::Nothing);
        }
        if self.bytes.starts_with(b"\xEF\xBB\xBF") {
            let span = Span::new(0, 3);
            let error = SyntaxError::new(ErrorKind::ByteOrderMark, span);
            self.report(SyntaxError { deletion: Some(span), ..error });
            self.at = 3;
        }
        Expect::Value
    }

    /// Passes over the comment here, if there is one.
    pub(super) fn skip_comment(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        let len = match rest {
            [b'/', b'*', inside @ ..] => match memchr::memmem::find(inside, b"*/") {
                Some(len) => len + 4,
                None => rest.len(),
            },
            [b'/', b'/', ..] | [b'#', ..] => {
                let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                rest[..line].trim_ascii_end().len()
            }
            _ => return false,
        };
        let span = Span::new(self.at, self.at + len);
        self.at += len;
        self.report(SyntaxError::new(ErrorKind::Comment, span));
        true
    }

    /// Passes over the characters here that only look like blanks, if there are any.
    pub(super) fn skip_invisible(&mut self) -> bool {
        let start = self.at;
        while let Some(c) = words::first_char(&self.bytes[self.at..])
            && words::is_invisible(c)
        {
            self.at += c.len_utf8();
        }
        let span = Span::new(start, self.at);
        if self.at == start {
            return false;
        }
        // Between two words it may be all that parts them.
        let parted = start == 0
            || !scan::is_word(self.bytes[start - 1])
            || !self.peek().is_some_and(scan::is_word);
        let deletion = parted.then_some(span);
        self.report(SyntaxError { deletion, ..SyntaxError::new(ErrorKind::Invisible, span) });
        true
    }

    /// Whether another kind of text begins here, after which nothing can be read as JSON: a template
    /// action or a mark of a merge. Reports it.
    pub(super) fn is_other_text(&mut self) -> bool {
        let (kind, span) = if let Some(action) = self.template_action() {
            (ErrorKind::Template, action)
        } else if let Some(mark) = self.merge_mark() {
            (ErrorKind::MergeConflict, mark)
        } else {
            return false;
        };
        self.report(SyntaxError::new(kind, span));
        true
    }

    /// The template action here, or one whose first brace has just been read as that of an object.
    fn template_action(&self) -> Option<Span> {
        let start = match self.peek() {
            Some(b'{') if self.at > 0 && self.bytes[self.at - 1] == b'{' => self.at - 1,
            _ => self.at,
        };
        let inside = self.bytes[start..].strip_prefix(b"{{")?;
        let inside = inside.strip_prefix(b"-").unwrap_or(inside);
        match inside.trim_ascii_start().first()? {
            b'a'..=b'z' | b'A'..=b'Z' | b'.' | b'$' | b'(' | b'/' | b'`' => {
                Some(action(self.bytes, start))
            }
            _ => None,
        }
    }

    fn merge_mark(&self) -> Option<Span> {
        let rest = &self.bytes[self.at..];
        let marks = [b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>"];
        marks.into_iter().find(|mark| rest.starts_with(*mark))?;
        let at_line_start = self.at == 0 || self.bytes[self.at - 1] == b'\n';
        let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let len = rest[..line].trim_ascii_end().len();
        at_line_start.then(|| Span::new(self.at, self.at + len))
    }
}

/// The template action that begins at `start`, as far as it is on that line.
pub(super) fn action(bytes: &[u8], start: usize) -> Span {
    let rest = &bytes[start..];
    let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let len = memchr::memmem::find(&rest[..line], b"}}").map_or(2, |len| len + 2);
    Span::new(start, start + len)
}
