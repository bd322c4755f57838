//! What the reader does where the text is no JSON.

use super::{ErrorKind, Expect, MAX_ERRORS, Reader, SyntaxError};
use crate::document::Kind;
use crate::source::Span;

impl Reader<'_> {
    /// Goes on where what is next is not what `expect` expects.
    #[cold]
    pub(super) fn recover(&mut self, expect: Expect) -> Expect {
        let Some(byte) = self.peek() else {
            if self.nodes.is_empty() {
                self.report(ErrorKind::Empty, Span::at(self.at));
            } else {
                self.report(ErrorKind::Truncated, Span::at(self.at));
            }
            self.give_missing_value();
            return self.stop();
        };
        let here = Span::new(self.at, self.at + 1);
        match (expect, byte) {
            (Expect::Key, b'}') | (Expect::Value, b']') if self.at > self.comma => {
                let comma = Span::new(self.comma, self.comma + 1);
                self.report(ErrorKind::TrailingComma, comma);
                self.close()
            }
            (Expect::After, b'"') if !self.open.is_empty() => {
                self.report(ErrorKind::MissingComma, here);
                if self.in_object() { Expect::Key } else { Expect::Value }
            }
            (Expect::After, _) if self.open.is_empty() => {
                self.report(ErrorKind::AfterRoot, here);
                self.stop()
            }
            _ => {
                self.report(ErrorKind::Unexpected, here);
                self.give_missing_value();
                self.stop()
            }
        }
    }

    fn give_missing_value(&mut self) {
        if self.in_object() {
            self.push(Kind::Null, self.at);
        }
    }

    fn in_object(&self) -> bool {
        self.open.last().is_some_and(|open| open.object)
    }

    fn stop(&mut self) -> Expect {
        self.reliable = false;
        Expect::Nothing
    }

    fn report(&mut self, kind: ErrorKind, span: Span) {
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(SyntaxError { kind, span, related: Vec::new(), deletion: None });
        }
    }

    pub(super) fn too_deep(&mut self) -> Expect {
        self.report(ErrorKind::TooDeep, Span::new(self.at, self.at + 1));
        self.stop()
    }

    pub(super) fn skip_byte_order_mark(&mut self) {
        if self.bytes.starts_with(b"\xEF\xBB\xBF") {
            self.report(ErrorKind::ByteOrderMark, Span::new(0, 3));
            self.at = 3;
        }
    }

    /// Goes on inside the string that began at `start`, where the next byte cannot be part of one.
    /// False if the string ends here.
    #[cold]
    pub(super) fn recover_string(&mut self, _start: usize) -> bool {
        match self.peek() {
            None => false,
            Some(byte) => {
                let kind =
                    if byte == b'\\' { ErrorKind::BadEscape } else { ErrorKind::ControlCharacter };
                self.report(kind, Span::new(self.at, self.at + 1));
                self.at += 1;
                true
            }
        }
    }

    #[cold]
    pub(super) fn check_utf8(&mut self, string: Span) {
        if std::str::from_utf8(&self.bytes[string.range()]).is_err() {
            self.report(ErrorKind::InvalidUtf8, string);
        }
    }

    #[cold]
    pub(super) fn check_range(&mut self, number: Span) {
        let text = std::str::from_utf8(&self.bytes[number.range()]).unwrap_or_default();
        if text.parse::<f64>().is_ok_and(f64::is_infinite) {
            self.report(ErrorKind::NumberRange, number);
        }
    }

    pub(super) fn judge_root(&mut self) {
        if self.nodes.first().is_some_and(|root| root.kind != Kind::Object) {
            let root = self.nodes[0];
            self.report(ErrorKind::NotAnObject, Span { start: root.start, end: root.end });
            self.reliable = false;
        }
    }
}
