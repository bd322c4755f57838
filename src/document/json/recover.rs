//! Going on where the text is not JSON.
//!
//! Nothing here runs for a good file. Each function is called with the reader at the first byte
//! that does not fit, reports what its author most likely did, and leaves the reader where sense
//! begins again. One fault shall be one error: what only follows from a fault is passed over in
//! silence.

use super::{ErrorKind, Expect, MAX_ERRORS, Parser, SyntaxError, scan, words};
use crate::document::Kind;
use crate::source::Span;

impl Parser<'_> {
    /// Goes on where what is next is not what `expect` expects.
    #[cold]
    pub(super) fn recover(&mut self, expect: Expect) -> Expect {
        if self.errors.len() > MAX_ERRORS {
            return self.abandon(expect);
        }
        if self.skip_comment() || self.skip_invisible() {
            return expect;
        }
        if self.is_other_text() {
            return self.abandon(expect);
        }
        let Some(byte) = self.peek() else { return self.truncated(expect) };
        match expect {
            Expect::Value | Expect::FirstItem => self.recover_value(expect, byte),
            Expect::Key | Expect::FirstKey => self.recover_key(expect, byte),
            Expect::Colon => self.recover_colon(byte),
            Expect::After if self.open.is_empty() => self.after_root(byte),
            Expect::After => self.recover_after(byte),
            Expect::Nothing => expect,
        }
    }

    fn recover_value(&mut self, expect: Expect, byte: u8) -> Expect {
        let in_object = self.in_object();
        match byte {
            b'}' | b']' if in_object && self.supply_empty(byte) => Expect::After,
            b',' | b'}' if in_object => self.missing_value(),
            b']' if in_object => self.give_null(),
            b',' if !self.open.is_empty() => self.extra_comma(expect),
            b']' if !self.open.is_empty() => self.trailing_comma(),
            b'}' | b']' => self.mismatched(byte),
            _ if self.quoted() => Expect::After,
            _ if self.word_end(true) > self.at => self.bare_value(),
            _ => self.unexpected(expect),
        }
    }

    fn recover_key(&mut self, expect: Expect, byte: u8) -> Expect {
        match byte {
            b'}' => self.trailing_comma(),
            b']' => self.mismatched(byte),
            b',' => self.extra_comma(expect),
            b'{' | b'[' if self.lacks_closing() => self.item_in_object(),
            b'{' | b'[' if expect == Expect::Key && self.supply_array() => Expect::Value,
            b'{' | b'[' => self.skip_unexpected_group(),
            b':' => self.skip_unexpected_item(),
            _ if self.quoted() => Expect::Colon,
            _ if self.is_item() && self.lacks_closing() => self.item_in_object(),
            _ if expect == Expect::Key && self.is_item() && self.supply_array() => Expect::Value,
            _ if self.word_end(false) > self.at => self.bare_key(),
            _ => self.unexpected(expect),
        }
    }

    fn recover_colon(&mut self, byte: u8) -> Expect {
        if let Some(next) = self.string_slip(Expect::Colon) {
            return next;
        }
        match byte {
            b'=' => {
                let arrow = self.bytes.get(self.at + 1) == Some(&b'>');
                let span = Span::new(self.at, self.at + 1 + usize::from(arrow));
                self.report(SyntaxError::new(ErrorKind::Separator, span));
                self.at = span.end as usize;
                Expect::Value
            }
            b',' | b']' if self.key_is_item() => Expect::After,
            b',' | b'}' => self.missing_value(),
            b']' => self.give_null(),
            _ if self.precedes_colon() => self.unexpected(Expect::Colon),
            _ if self.begins_value(byte) => {
                let error = SyntaxError::new(ErrorKind::MissingColon, Span::at(self.at));
                self.report(error.related(self.last_span(), "this is its key"));
                Expect::Value
            }
            _ => match self.unexpected(Expect::Colon) {
                Expect::Colon if self.peek() != Some(b':') => Expect::Value,
                next => next,
            },
        }
    }

    fn recover_after(&mut self, byte: u8) -> Expect {
        if let Some(next) = self.string_slip(Expect::After) {
            return next;
        }
        let in_object = self.in_object();
        let next = if in_object { Expect::Key } else { Expect::Value };
        match byte {
            b'}' | b']' => self.mismatched(byte),
            b';' => {
                self.report(SyntaxError::new(ErrorKind::Separator, self.here()));
                self.at += 1;
                self.unless_delimited(next)
            }
            b':' if !in_object && self.lacks_closing() && self.follows_string() => {
                self.member_in_array()
            }
            b':' if self.supply_object() => Expect::Colon,
            b':' => self.skip_unexpected_item(),
            b'{' | b'[' if in_object => self.skip_unexpected_group(),
            _ if self.begins_item(byte) => {
                let last = self.bytes[..self.at].trim_ascii_end().len();
                let error = SyntaxError::new(ErrorKind::MissingComma, Span::at(self.at));
                self.report(error.related(Span::new(last - 1, last), "it belongs after this"));
                next
            }
            _ => self.unexpected(next),
        }
    }

    /// Reports a fault at the run of bytes here that can be no part of a value, and passes over it.
    fn unexpected(&mut self, expect: Expect) -> Expect {
        let start = self.at;
        self.at = self.word_end(false);
        while self.at == start || self.peek().is_some_and(words::is_stray) {
            self.at += 1;
        }
        self.report(SyntaxError::new(ErrorKind::Unexpected, Span::new(start, self.at)));
        self.unless_delimited(expect)
    }

    /// `expect`, unless a comma or closing bracket is next: that would be a fault again, and only
    /// because of the one just reported.
    fn unless_delimited(&mut self, expect: Expect) -> Expect {
        self.at = scan::blank_end(self.bytes, self.at);
        match self.peek() {
            None | Some(b',' | b'}' | b']') if self.awaits_value(expect) => self.give_null(),
            None | Some(b',' | b'}' | b']') => Expect::After,
            _ => expect,
        }
    }

    fn missing_value(&mut self) -> Expect {
        let key = self.last_span();
        // A key that is faulty itself has been reported.
        if self.errors.last().is_none_or(|error| error.span.start < key.start) {
            self.report(SyntaxError::new(ErrorKind::MissingValue, key));
        }
        self.give_null()
    }

    fn extra_comma(&mut self, expect: Expect) -> Expect {
        if matches!(expect, Expect::FirstItem | Expect::FirstKey) && self.supply_closing() {
            return Expect::After;
        }
        let mut span = self.here();
        while self.peek() == Some(b',') {
            span.end = self.at as u32 + 1;
            self.at = scan::blank_end(self.bytes, self.at + 1);
        }
        // In an array an item may be missing there.
        let deletion = self.in_object().then_some(span);
        self.report(SyntaxError { deletion, ..SyntaxError::new(ErrorKind::ExtraComma, span) });
        expect
    }

    fn trailing_comma(&mut self) -> Expect {
        let span = Span::new(self.comma, self.comma + 1);
        let deletion = Some(span);
        self.report(SyntaxError { deletion, ..SyntaxError::new(ErrorKind::TrailingComma, span) });
        self.close_here()
    }

    /// Whether what is next can be a value, right or wrong.
    fn begins_value(&self, byte: u8) -> bool {
        matches!(byte, b'"' | b'{' | b'[')
            || self.quote().is_some()
            || self.word_end(true) > self.at
    }

    /// Whether what is next can be a member of the object, or an item of the array, that is open.
    /// A bare word that is neither key nor value is rather the rest of what is before it.
    fn begins_item(&self, byte: u8) -> bool {
        if matches!(byte, b'"' | b'{' | b'[') || self.quote().is_some() {
            return true;
        }
        if self.in_object() { self.precedes_colon() } else { self.is_item() }
    }

    /// Whether what is next is a bare word with a colon after it.
    fn precedes_colon(&self) -> bool {
        let end = self.word_end(false);
        let next = scan::blank_end(self.bytes, end);
        end > self.at && self.bytes.get(next) == Some(&b':')
    }

    /// Whether what is next is a constant or a number, right or wrong, that no colon follows.
    fn is_item(&self) -> bool {
        let word = &self.bytes[self.at..self.word_end(true)];
        let item = words::constant(word).is_some() || words::is_number_like(word);
        item && !self.precedes_colon()
    }

    /// Whether the key read last proves to be an item of an array: the one around the object that is
    /// open, or one without its opening bracket.
    fn key_is_item(&mut self) -> bool {
        let Some(key) = self.nodes.pop_if(|node| node.kind == Kind::String) else { return false };
        let after = std::mem::replace(&mut self.at, key.start as usize);
        let is_item = if self.lacks_closing() {
            self.item_in_object();
            true
        } else {
            self.supply_array()
        };
        self.at = after;
        self.push_node(Kind::String, key.start as usize, key.end as usize);
        is_item
    }

    fn skip_unexpected_item(&mut self) -> Expect {
        self.report(SyntaxError::new(ErrorKind::Unexpected, self.here()));
        self.skip_item();
        Expect::After
    }

    fn skip_unexpected_group(&mut self) -> Expect {
        self.report(SyntaxError::new(ErrorKind::Unexpected, self.here()));
        self.skip_group();
        Expect::After
    }

    /// Whether only blanks part the string read last from what is next.
    pub(super) fn follows_string(&self) -> bool {
        self.nodes.last().is_some_and(|node| {
            let between = self.bytes.get(node.end as usize..self.at);
            node.kind == Kind::String && between.is_some_and(|gap| gap.trim_ascii().is_empty())
        })
    }

    /// Puts a node on the tape that begins at `start`, ends here, and holds no others.
    pub(super) fn push(&mut self, kind: Kind, start: usize) -> Expect {
        self.push_node(kind, start, self.at);
        Expect::After
    }

    /// Ends the innermost object or array with the bracket here.
    pub(super) fn close_here(&mut self) -> Expect {
        self.at = self.close(self.at);
        Expect::After
    }

    /// Ends the member whose value is missing with a `null` that is nowhere.
    pub(super) fn give_null(&mut self) -> Expect {
        self.reliable = false;
        self.push(Kind::Null, self.at)
    }

    /// Whether a key on the tape still lacks its value.
    fn awaits_value(&self, expect: Expect) -> bool {
        expect == Expect::Colon || (expect == Expect::Value && self.in_object())
    }

    /// Ends reading where `expect` is expected.
    pub(super) fn abandon(&mut self, expect: Expect) -> Expect {
        self.reliable = false;
        if self.awaits_value(expect) {
            self.give_null();
        }
        Expect::Nothing
    }

    pub(super) fn in_object(&self) -> bool {
        self.open.last().is_some_and(|open| open.object)
    }

    /// The next byte.
    pub(super) fn here(&self) -> Span {
        Span::new(self.at, self.at + 1)
    }

    /// The place of the node read last.
    pub(super) fn last_span(&self) -> Span {
        self.nodes.last().map_or(Span::at(self.at), |node| node.span())
    }

    /// Notes a warning, of which there may be many, unless there are too many already.
    pub(super) fn warn(&mut self, warning: SyntaxError) {
        if self.warnings.len() < MAX_ERRORS {
            self.warnings.push(warning);
        }
    }

    /// Notes `error`, unless there are too many already.
    pub(super) fn report(&mut self, error: SyntaxError) {
        self.reliable &= error.kind.keeps_meaning();
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        } else if self.errors.len() == MAX_ERRORS {
            self.reliable = false;
            self.errors.push(SyntaxError::new(ErrorKind::TooMany, Span::at(self.at)));
        }
    }
}
