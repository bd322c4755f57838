//! The JSON parser: strict as Go's `encoding/json`, which reads the gateway's configuration, but
//! it goes on after a fault and says where each one is.
//!
//! The parser is one loop over an explicit stack, so that no nesting can exhaust the thread's. What
//! is right is read here; all that is not is left to `recover`, which is never reached for a good
//! file.

mod brackets;
mod error;
mod foreign;
mod recover;
mod scan;
mod strings;
mod words;

pub use error::{ErrorKind, SyntaxError};

use super::{Document, Fault, Kind, Node, Plain};
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
    /// What is not JSON, in the order of the source.
    pub errors: Vec<SyntaxError>,
    /// Whether `document` is what its author meant in spite of `errors`, so that it is worth
    /// checking. False if a part had to be guessed, skipped or is missing.
    pub reliable: bool,
}

/// Reads `source` as far as that is possible.
#[must_use]
pub fn read(source: &Source) -> Parsed<'_> {
    let mut parser = Parser::new(source);
    let start = (parser.begin(), parser.at);
    parser.run(start);
    parser.finish()
}

/// The same, with errors as faults.
#[must_use]
pub(super) fn read_faults(source: &Source) -> super::Parsed<'_> {
    let Parsed { document, errors, reliable } = read(source);
    let faults = errors.into_iter().map(|error| Fault::of_json(error, source)).collect();
    super::Parsed { document, faults, reliable }
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

struct Parser<'s> {
    source: &'s Source,
    bytes: &'s [u8],
    at: usize,
    /// Offset of the last comma.
    comma: usize,
    nodes: Vec<Node>,
    open: Vec<Open>,
    errors: Vec<SyntaxError>,
    warnings: Vec<SyntaxError>,
    reliable: bool,
}

impl<'s> Parser<'s> {
    fn new(source: &'s Source) -> Self {
        let bytes = source.bytes();
        Self {
            source,
            bytes,
            at: 0,
            comma: 0,
            // More than a node in 10 bytes have few configurations, and only without a blank.
            nodes: Vec::with_capacity(bytes.len() / 10 + 1),
            open: Vec::with_capacity(32),
            errors: Vec::new(),
            warnings: Vec::new(),
            reliable: true,
        }
    }
}

impl Parser<'_> {
    /// Reads from the place `next.1` on, where `next.0` is expected, to the end. Each round passes over as
    /// many valid tokens as there are, and asks `recover` about the one that is not. After the comma of
    /// a list a round ends in any case.
    fn run(&mut self, mut next: (Expect, usize)) {
        let bytes = self.bytes;
        while next.0 != Expect::Nothing {
            let (expect, at) = next;
            let at = scan::blank_end(bytes, at);
            next = match (expect, bytes.get(at)) {
                (Expect::Value | Expect::FirstItem, Some(&byte)) => {
                    self.value(bytes, expect, at, byte)
                }
                (Expect::Key | Expect::FirstKey, Some(b'"')) => self.key(bytes, at),
                (Expect::FirstKey, Some(b'}')) => (Expect::After, self.close(at)),
                (Expect::Colon, Some(b':')) => (Expect::Value, at + 1),
                (Expect::After, _) => self.after(bytes, at),
                _ => self.consult(expect, at),
            };
        }
    }

    fn value(&mut self, bytes: &[u8], expect: Expect, at: usize, byte: u8) -> (Expect, usize) {
        let (kind, end) = match byte {
            b'"' => {
                let end = self.string(bytes, at, Expect::After);
                return self.after(bytes, end);
            }
            b'{' | b'[' => return self.open(bytes, at, byte == b'{'),
            b']' if expect == Expect::FirstItem => return (Expect::After, self.close(at)),
            b'-' | b'0'..=b'9' => (Kind::Number, self.number(bytes, at)),
            b't' => (Kind::Bool(true), Self::word(bytes, at, b"true")),
            b'f' => (Kind::Bool(false), Self::word(bytes, at, b"false")),
            b'n' => (Kind::Null, Self::word(bytes, at, b"null")),
            _ => return self.consult(expect, at),
        };
        if end == at {
            return self.consult(expect, at);
        }
        self.push_node(kind, at, end);
        self.after(bytes, end)
    }

    /// Passes over the key at `at`, and its colon.
    fn key(&mut self, bytes: &[u8], at: usize) -> (Expect, usize) {
        let end = self.string(bytes, at, Expect::Colon);
        let at = scan::blank_end(bytes, end);
        if bytes.get(at) == Some(&b':') { (Expect::Value, at + 1) } else { (Expect::Colon, at) }
    }

    /// Passes over what comes after a value: all closing brackets, a comma, and the key after that.
    fn after(&mut self, bytes: &[u8], mut at: usize) -> (Expect, usize) {
        loop {
            at = scan::blank_end(bytes, at);
            match (bytes.get(at), self.open.last()) {
                (Some(b','), Some(open)) => {
                    self.comma = at;
                    if !open.object {
                        return (Expect::Value, at + 1);
                    }
                    at = scan::blank_end(bytes, at + 1);
                    let key = bytes.get(at) == Some(&b'"');
                    return if key { self.key(bytes, at) } else { (Expect::Key, at) };
                }
                (Some(b'}'), Some(Open { object: true, .. }))
                | (Some(b']'), Some(Open { object: false, .. })) => at = self.close(at),
                (None, None) => return (Expect::Nothing, at),
                _ => return self.consult(Expect::After, at),
            }
        }
    }

    /// Asks `recover` how to go on.
    #[cold]
    #[inline(never)]
    fn consult(&mut self, expect: Expect, at: usize) -> (Expect, usize) {
        self.at = at;
        (self.recover(expect), self.at)
    }

    /// Puts a node that holds no others on the tape.
    fn push_node(&mut self, kind: Kind, start: usize, end: usize) {
        let next = self.nodes.len() as u32 + 1;
        let (start, end) = (start as u32, end as u32);
        self.nodes.push(Node { start, end, next, kind, plain: Plain::No });
    }

    /// Begins the object or array whose bracket is at `at`, and passes over its first key.
    #[inline]
    fn open(&mut self, bytes: &[u8], at: usize, object: bool) -> (Expect, usize) {
        if self.open.len() == MAX_DEPTH {
            self.report(SyntaxError::new(ErrorKind::TooDeep, Span::new(at, at + 1)));
            self.at = at;
            return (self.abandon(Expect::Value), at);
        }
        self.open.push(Open { node: self.nodes.len() as u32, object });
        self.push_node(if object { Kind::Object } else { Kind::Array }, at, at);
        if !object {
            return (Expect::FirstItem, at + 1);
        }
        let at = scan::blank_end(bytes, at + 1);
        if bytes.get(at) == Some(&b'"') { self.key(bytes, at) } else { (Expect::FirstKey, at) }
    }

    /// Ends the innermost object or array with the bracket at `at`; the place after that.
    #[inline]
    fn close(&mut self, at: usize) -> usize {
        self.end_innermost(at + 1);
        at + 1
    }

    /// Ends the innermost object or array before `end`.
    fn end_innermost(&mut self, end: usize) {
        if let Some(open) = self.open.pop() {
            let next = self.nodes.len() as u32;
            let node = &mut self.nodes[open.node as usize];
            (node.end, node.next) = (end as u32, next);
        }
    }

    /// Puts the string at `start`, which `expect` follows, on the tape; its end.
    fn string(&mut self, bytes: &[u8], start: usize, expect: Expect) -> usize {
        let end = scan::ascii_end(bytes, start + 1);
        if bytes.get(end) == Some(&b'"') {
            let next = self.nodes.len() as u32 + 1;
            let (start, end) = (start as u32, end as u32 + 1);
            self.nodes.push(Node { start, end, next, kind: Kind::String, plain: Plain::Quoted });
            return end as usize;
        }
        self.at = end;
        self.special_string(start, expect);
        self.at
    }

    /// Puts the string that began at `start`, and that has more to it than ASCII, on the tape.
    #[inline(never)]
    fn special_string(&mut self, start: usize, expect: Expect) {
        self.end_string(start, expect);
        self.push_node(Kind::String, start, self.at);
    }

    /// Passes over the rest of the string that began at `start`.
    fn end_string(&mut self, start: usize, expect: Expect) {
        self.at = scan::plain_end(self.bytes, self.at);
        while self.peek() != Some(b'"') {
            match (self.peek(), self.bytes.get(self.at + 1)) {
                (Some(b'\\'), Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't')) => {
                    self.at += 2;
                }
                (Some(b'\\'), Some(b'u')) if self.four_hex_digits() => self.at += 6,
                _ => {
                    if !self.recover_string(start, expect) {
                        return;
                    }
                }
            }
            self.at = scan::plain_end(self.bytes, self.at);
        }
        self.at += 1;
        self.check_utf8(Span::new(start, self.at));
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn four_hex_digits(&self) -> bool {
        self.bytes
            .get(self.at + 2..self.at + 6)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    }

    /// The end of the number at `start`, which is there if it is none in JSON's form.
    fn number(&mut self, bytes: &[u8], start: usize) -> usize {
        let byte = |at: usize| bytes.get(at).copied().unwrap_or(b' ');
        let digits = |at: usize| scan::digits_end(bytes, at);
        let first = start + usize::from(byte(start) == b'-');
        let whole = digits(first);
        let mut at = whole;
        let mut proper = whole > first && (byte(first) != b'0' || whole == first + 1);
        if byte(at) == b'.' {
            at = digits(at + 1);
            proper &= at > whole + 1;
        }
        let mut huge = whole - first > f64::MAX_10_EXP as usize;
        if matches!(byte(at), b'e' | b'E') {
            let exponent = at + 1 + usize::from(matches!(byte(at + 1), b'+' | b'-'));
            at = digits(exponent);
            proper &= at > exponent;
            huge = true;
        }
        if !proper || scan::is_word(byte(at)) {
            return start;
        }
        if huge {
            self.check_range(Span::new(start, at));
        }
        at
    }

    /// The end of `word` if it is at `start`, else `start`.
    #[inline]
    fn word(bytes: &[u8], start: usize, word: &[u8]) -> usize {
        let end = start + word.len();
        let found = bytes.get(start..end) == Some(word)
            && !bytes.get(end).is_some_and(|&next| scan::is_word(next));
        if found { end } else { start }
    }
}

impl<'s> Parser<'s> {
    /// Makes the document of what was read.
    fn finish(mut self) -> Parsed<'s> {
        while !self.open.is_empty() {
            self.end_innermost(self.at);
        }
        if let Some(root) = self.nodes.first().filter(|root| root.kind != Kind::Object)
            && self.reliable
        {
            self.report(SyntaxError::new(ErrorKind::NotAnObject, root.span()));
        }
        // What follows a template action is not JSON, and not a fault either.
        if let Some(action) = self.errors.iter().find(|e| e.kind == ErrorKind::Template).cloned() {
            self.errors = vec![action];
        }
        self.errors.append(&mut self.warnings);
        self.errors.sort_by_key(|error| error.span.start);
        let mut document = Document::new(self.source);
        document.nodes = self.nodes;
        Parsed { document, errors: self.errors, reliable: self.reliable }
    }
}
