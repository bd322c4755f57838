//! The JSON reader: strict as Go's `encoding/json`, which reads the gateway's configuration, but
//! it goes on after a fault and says where each one is.
//!
//! The reader is one loop over an explicit stack, so that no nesting can exhaust the thread's. What
//! is right is read here; all that is not is left to `recover`, which is never reached for a good
//! file.

mod error;
mod recover;
mod scan;

pub use error::{ErrorKind, SyntaxError};

use super::{Document, Kind, Node};
use crate::source::{Source, Span};

/// The deepest nesting of objects and arrays that Go reads: `maxNestingDepth` in the scanner of
/// `encoding/json`.
pub const MAX_DEPTH: usize = 10_000;

/// The number of errors after which reading ends: nobody reads more.
pub const MAX_ERRORS: usize = 100;

/// What [`read`] makes of a source.
#[derive(Clone, Debug)]
pub struct Parsed<'s> {
    /// Everything that could be read.
    pub document: Document<'s>,
    /// What is no JSON, in the order of the source.
    pub errors: Vec<SyntaxError>,
    /// Whether `document` is what its author meant in spite of `errors`, so that it is worth
    /// judging. False if a part had to be guessed, skipped or is missing.
    pub reliable: bool,
}

/// Reads `source` as far as that is possible.
#[must_use]
pub fn read(source: &Source) -> Parsed<'_> {
    let mut reader = Reader::new(source);
    reader.run();
    reader.finish()
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    /// A value: the root, the one after a colon, or the one after a comma.
    Value,
    /// The first item of an array, or its end.
    FirstItem,
    /// The first key of an object, or its end.
    FirstKey,
    /// A key after a comma.
    Key,
    /// The colon after a key.
    Colon,
    /// A comma or a closing bracket; after the root, nothing.
    After,
    /// Reading is over.
    Nothing,
}

/// An object or array whose end is still to come.
#[derive(Clone, Copy, Debug)]
struct Open {
    node: u32,
    object: bool,
}

struct Reader<'s> {
    source: &'s Source,
    bytes: &'s [u8],
    at: usize,
    /// Offset of the last comma.
    comma: usize,
    /// Whether all the source is UTF-8, so that no string need be checked.
    utf8: bool,
    nodes: Vec<Node>,
    open: Vec<Open>,
    errors: Vec<SyntaxError>,
    reliable: bool,
}

impl<'s> Reader<'s> {
    fn new(source: &'s Source) -> Self {
        let bytes = source.bytes();
        Self {
            source,
            bytes,
            at: 0,
            comma: 0,
            utf8: std::str::from_utf8(bytes).is_ok(),
            // As large as the source: less than a node in 16 bytes is rare in a configuration.
            nodes: Vec::with_capacity(bytes.len() / size_of::<Node>() + 1),
            open: Vec::new(),
            errors: Vec::new(),
            reliable: true,
        }
    }

    fn run(&mut self) {
        self.skip_byte_order_mark();
        let mut expect = Expect::Value;
        while expect != Expect::Nothing {
            self.at = scan::blank_end(self.bytes, self.at);
            expect = match expect {
                Expect::Value | Expect::FirstItem => self.value(expect),
                Expect::Key | Expect::FirstKey => self.key(expect),
                Expect::Colon => self.colon(),
                Expect::After => self.after(),
                Expect::Nothing => break,
            };
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn value(&mut self, expect: Expect) -> Expect {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                self.string();
                self.push(Kind::String, start)
            }
            Some(b'{') => self.open(Kind::Object),
            Some(b'[') => self.open(Kind::Array),
            Some(b']') if expect == Expect::FirstItem => self.close(),
            Some(b'-' | b'0'..=b'9') if self.number() => self.push(Kind::Number, start),
            Some(b't') if self.word(b"true") => self.push(Kind::Bool(true), start),
            Some(b'f') if self.word(b"false") => self.push(Kind::Bool(false), start),
            Some(b'n') if self.word(b"null") => self.push(Kind::Null, start),
            _ => self.recover(expect),
        }
    }

    fn key(&mut self, expect: Expect) -> Expect {
        match self.peek() {
            Some(b'"') => {
                let start = self.at;
                self.string();
                self.push(Kind::String, start);
                Expect::Colon
            }
            Some(b'}') if expect == Expect::FirstKey => self.close(),
            _ => self.recover(expect),
        }
    }

    fn colon(&mut self) -> Expect {
        if self.peek() == Some(b':') {
            self.at += 1;
            return Expect::Value;
        }
        self.recover(Expect::Colon)
    }

    fn after(&mut self) -> Expect {
        let Some(open) = self.open.last() else {
            return if self.at == self.bytes.len() {
                Expect::Nothing
            } else {
                self.recover(Expect::After)
            };
        };
        match (self.peek(), open.object) {
            (Some(b','), object) => {
                self.comma = self.at;
                self.at += 1;
                if object { Expect::Key } else { Expect::Value }
            }
            (Some(b'}'), true) | (Some(b']'), false) => self.close(),
            _ => self.recover(Expect::After),
        }
    }

    /// Puts a node that ends here, and holds no others, on the tape.
    fn push(&mut self, kind: Kind, start: usize) -> Expect {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { start: start as u32, end: self.at as u32, next, kind });
        Expect::After
    }

    /// Begins the object or array whose bracket is next.
    fn open(&mut self, kind: Kind) -> Expect {
        if self.open.len() == MAX_DEPTH {
            return self.too_deep();
        }
        let object = kind == Kind::Object;
        self.open.push(Open { node: self.nodes.len() as u32, object });
        self.push(kind, self.at);
        self.at += 1;
        if object { Expect::FirstKey } else { Expect::FirstItem }
    }

    /// Ends the innermost object or array after the byte that is next.
    fn close(&mut self) -> Expect {
        self.at += 1;
        self.end_innermost();
        Expect::After
    }

    /// Ends the innermost object or array here.
    fn end_innermost(&mut self) {
        if let Some(open) = self.open.pop() {
            let next = self.nodes.len() as u32;
            let node = &mut self.nodes[open.node as usize];
            node.end = self.at as u32;
            node.next = next;
        }
    }

    /// Passes over the string that begins here.
    fn string(&mut self) {
        let start = self.at;
        self.at = scan::plain_end(self.bytes, start + 1);
        while self.peek() != Some(b'"') {
            match (self.peek(), self.bytes.get(self.at + 1)) {
                (Some(b'\\'), Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')) => {
                    self.at += 2;
                }
                (Some(b'\\'), Some(b'u')) if self.four_hex_digits() => self.at += 6,
                _ => {
                    if !self.recover_string(start) {
                        return;
                    }
                }
            }
            self.at = scan::plain_end(self.bytes, self.at);
        }
        self.at += 1;
        if !self.utf8 {
            self.check_utf8(Span::new(start, self.at));
        }
    }

    fn four_hex_digits(&self) -> bool {
        self.bytes
            .get(self.at + 2..self.at + 6)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    }

    /// Passes over the number that begins here; stays and returns false if it is none.
    fn number(&mut self) -> bool {
        let start = self.at;
        let mut at = start + usize::from(self.bytes[start] == b'-');
        let digits = |at: usize| scan::digits_end(self.bytes, at);
        let whole = digits(at);
        if whole == at || (self.bytes[at] == b'0' && whole > at + 1) {
            return false;
        }
        at = whole;
        if self.bytes.get(at) == Some(&b'.') {
            let end = digits(at + 1);
            if end == at + 1 {
                return false;
            }
            at = end;
        }
        let mut huge = whole - start > f64::MAX_10_EXP as usize;
        if let Some(b'e' | b'E') = self.bytes.get(at) {
            let from = at + 1 + usize::from(matches!(self.bytes.get(at + 1), Some(b'+' | b'-')));
            at = digits(from);
            if at == from {
                return false;
            }
            huge = true;
        }
        if self.bytes.get(at).is_some_and(|&next| scan::is_word(next)) {
            return false;
        }
        self.at = at;
        if huge {
            self.check_range(Span::new(start, at));
        }
        true
    }

    /// Passes over `word` if it is next.
    fn word(&mut self, word: &[u8]) -> bool {
        let end = self.at + word.len();
        let found = self.bytes.get(self.at..end) == Some(word)
            && !self.bytes.get(end).is_some_and(|&next| scan::is_word(next));
        if found {
            self.at = end;
        }
        found
    }

    fn finish(mut self) -> Parsed<'s> {
        while !self.open.is_empty() {
            self.end_innermost();
        }
        self.judge_root();
        self.errors.sort_by_key(|error| error.span.start);
        let mut document = Document::new(self.source);
        document.nodes = self.nodes;
        Parsed { document, errors: self.errors, reliable: self.reliable }
    }
}
