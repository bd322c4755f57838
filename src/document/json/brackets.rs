//! Brackets that do not match, and text that ends too early or too late.

use super::{ErrorKind, Expect, Node, Open, Parser, SyntaxError, scan, words};
use crate::document::{Kind, Plain};
use crate::source::Span;

impl Parser<'_> {
    /// The text ends where `expect` is expected.
    pub(super) fn truncated(&mut self, expect: Expect) -> Expect {
        if self.nodes.is_empty() {
            self.report(SyntaxError::new(ErrorKind::Empty, Span::at(0)));
            return self.abandon(Expect::Nothing);
        }
        // Where brackets or quotes are at odds already, an early end is only their consequence; and
        // so it is for a comment without its end.
        let known = self.errors.iter().any(|error| {
            matches!(
                error.kind,
                ErrorKind::Mismatched
                    | ErrorKind::Unclosed
                    | ErrorKind::Unterminated
                    | ErrorKind::InnerQuote
                    | ErrorKind::Truncated
                    | ErrorKind::NoBraces
                    | ErrorKind::MissingOpening
            ) || (error.kind == ErrorKind::Comment && self.is_endless(error.span))
        });
        if !known {
            self.report_truncated(None);
        }
        self.abandon(expect)
    }

    fn is_endless(&self, comment: Span) -> bool {
        let text = &self.bytes[comment.range()];
        self.bytes.len() == comment.end as usize
            && text.starts_with(b"/*")
            && (text.len() < 4 || !text.ends_with(b"*/"))
    }

    /// Reports that the text ends too early, perhaps inside a string.
    pub(super) fn report_truncated(&mut self, string: Option<usize>) {
        /// More openers than this tell nobody anything.
        const MOST: usize = 5;
        let mut error = SyntaxError::new(ErrorKind::Truncated, Span::at(self.bytes.len()));
        if let Some(quote) = string {
            error = error.related(Span::new(quote, quote + 1), "this string is still open");
        }
        for open in self.open.iter().rev().take(MOST) {
            error = error.related(opener(self.nodes[open.node as usize]), "this is still open");
        }
        self.report(self.with_suspect(error));
    }

    /// Adds to `error` the first object or array whose brackets are on lines of different
    /// indentation: there the brackets probably went wrong.
    fn with_suspect(&self, error: SyntaxError) -> SyntaxError {
        // What is still open has no end yet.
        let closed = self.nodes.iter().copied().filter(|node| {
            matches!(node.kind, Kind::Object | Kind::Array) && node.end > node.start
        });
        match closed.filter(|node| is_askew(self.bytes, *node)).min_by_key(|node| node.end) {
            Some(node) => error
                .related(opener(node), "this may be where it went wrong: it is closed")
                .related(closer(node), "here, on another indentation"),
            None => error,
        }
    }

    /// `byte` follows the end of the root.
    pub(super) fn after_root(&mut self, byte: u8) -> Expect {
        let root = self.nodes.first().copied();
        if let Some(root) = root.filter(|root| byte == b':' && root.kind == Kind::String) {
            return self.supply_brace(root);
        }
        let kind = match byte {
            b'}' | b']' => ErrorKind::Unopened,
            _ => ErrorKind::AfterRoot,
        };
        let mut error = SyntaxError::new(kind, self.first_token());
        if let Some(root) = root {
            error = error.related(closer(root), "the root ends here");
        }
        self.report(self.with_suspect(error));
        self.abandon(Expect::After)
    }

    /// The whole character here.
    fn first_token(&self) -> Span {
        let len = words::first_char(&self.bytes[self.at..]).map_or(1, char::len_utf8);
        Span::new(self.at, self.at + len)
    }

    /// The root is a key: puts it into an object that the author left out.
    fn supply_brace(&mut self, key: Node) -> Expect {
        self.report(SyntaxError::new(ErrorKind::NoBraces, key.span()));
        if let Some(root) = self.nodes.first_mut() {
            root.next += 1;
        }
        self.insert_open(0, true, key.start);
        Expect::Colon
    }

    /// A closing bracket that is not the one that is expected.
    pub(super) fn mismatched(&mut self, byte: u8) -> Expect {
        let Some(innermost) = self.open.last() else {
            self.report(SyntaxError::new(ErrorKind::Unopened, self.here()));
            return self.abandon(Expect::Nothing);
        };
        let error = SyntaxError::new(ErrorKind::Mismatched, self.here())
            .related(opener(self.nodes[innermost.node as usize]), "this is open");
        self.report(error);
        // How many brackets the rest of the text closes tells which slip it was.
        let rest = self.closings(self.at + 1);
        let open = self.open.len();
        let partner = self.open.iter().rposition(|open| open.object == (byte == b'}'));
        match partner {
            Some(partner) if rest != Some(open - 1) && rest != Some(open) => {
                while self.open.len() > partner + 1 {
                    self.end_innermost(self.at);
                }
                self.close_here()
            }
            _ if rest == Some(open) => {
                self.at += 1;
                Expect::After
            }
            _ => self.close_here(),
        }
    }

    /// Whether the array or object that is open lacks its closing bracket: it is inside one of the
    /// other sort, and the rest of the text closes all but one of what is open.
    pub(super) fn lacks_closing(&self) -> bool {
        let [.., outer, inner] = self.open[..] else { return false };
        outer.object != inner.object && self.closes_one_less()
    }

    fn closes_one_less(&self) -> bool {
        self.closings(self.at) == Some(self.open.len() - 1)
    }

    /// A comma right after an opening bracket may show that the closing one is missing between them.
    pub(super) fn supply_closing(&mut self) -> bool {
        let lacking = self.open.len() > 1 && self.closes_one_less();
        if lacking {
            self.unclosed(self.here());
        }
        lacking
    }

    /// Whether the rest of the text closes one bracket more than is open.
    fn lacks_opening(&self) -> bool {
        self.closings(self.at) == Some(self.open.len() + 1)
    }

    /// The string read last, which a colon follows, may be the first key of an object without its
    /// opening brace; puts it into one.
    pub(super) fn supply_object(&mut self) -> bool {
        if !self.follows_string() || !self.lacks_opening() {
            return false;
        }
        let Some(key) = self.nodes.pop() else { return false };
        let error = SyntaxError::new(ErrorKind::MissingOpening, key.span());
        self.report(error.related(self.here(), "this makes it a key"));
        self.insert_open(self.nodes.len(), true, key.start);
        self.push_node(Kind::String, key.start as usize, key.end as usize);
        true
    }

    /// What is here, in the place of a key, may be the second item of an array without its opening
    /// bracket, whose first item is the value read last; puts that into one.
    pub(super) fn supply_array(&mut self) -> bool {
        if !self.lacks_opening() {
            return false;
        }
        // Every child of the object that is open has its `next`: the last is the value.
        let Some(open) = self.open.last().filter(|open| open.object) else { return false };
        let mut value = None;
        let mut at = open.node as usize + 1;
        while let Some(&node) = self.nodes.get(at) {
            value = Some((at, node));
            at = node.next as usize;
        }
        let Some((index, value)) = value else { return false };
        let error = SyntaxError::new(ErrorKind::MissingOpening, Span::at(value.start as usize));
        self.report(error.related(self.here(), "no key begins here"));
        for node in &mut self.nodes[index..] {
            node.next += 1;
        }
        self.insert_open(index, false, value.start);
        true
    }

    /// The closing bracket here, in the place of a value, may be that of an empty object or array
    /// without its opening bracket; puts one on the tape.
    pub(super) fn supply_empty(&mut self, byte: u8) -> bool {
        if !self.lacks_opening() {
            return false;
        }
        let error = SyntaxError::new(ErrorKind::MissingOpening, self.here());
        self.report(error);
        self.insert_open(self.nodes.len(), byte == b'}', self.at as u32);
        self.close_here();
        true
    }

    /// Puts an object or array without its bracket on the tape, and opens it.
    fn insert_open(&mut self, index: usize, object: bool, start: u32) {
        let kind = if object { Kind::Object } else { Kind::Array };
        self.nodes.insert(
            index,
            Node { start, end: start, next: index as u32 + 1, kind, plain: Plain::No },
        );
        self.open.push(Open { node: index as u32, object });
    }

    /// The item read last is really a key of the object around the array that is open.
    pub(super) fn member_in_array(&mut self) -> Expect {
        let Some(key) = self.nodes.pop_if(|node| node.kind == Kind::String) else {
            return Expect::After;
        };
        self.at = key.start as usize;
        // That no comma is before it belongs to the same fault.
        self.errors.pop_if(|error| error.span == Span::at(self.at));
        self.unclosed(key.span());
        Expect::Key
    }

    /// The object here is really an item of the array around the object that is open.
    pub(super) fn item_in_object(&mut self) -> Expect {
        self.unclosed(self.here());
        Expect::Value
    }

    fn unclosed(&mut self, span: Span) {
        let open = self.open.last().map(|open| opener(self.nodes[open.node as usize]));
        let mut error = SyntaxError::new(ErrorKind::Unclosed, span);
        if let Some(open) = open {
            error = error.related(open, "this is still open");
        }
        self.report(error);
        self.end_innermost(self.at);
    }

    /// How many more brackets the text from `from` on closes than it opens; `None` if it opens more.
    fn closings(&self, from: usize) -> Option<usize> {
        let net: isize = scan::structure(self.bytes, from)
            .map(|(_, byte)| match byte {
                b'{' | b'[' => -1,
                b'}' | b']' => 1,
                _ => 0,
            })
            .sum();
        usize::try_from(net).ok()
    }

    /// Passes over the object or array here without reading it.
    pub(super) fn skip_group(&mut self) {
        let mut depth = 0_usize;
        for (at, byte) in scan::structure(self.bytes, self.at) {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at = at + 1;
                return;
            }
        }
        self.at = self.bytes.len();
    }

    /// Passes over everything up to the next comma, or the closing bracket of what is open.
    pub(super) fn skip_item(&mut self) {
        let mut depth = 0_usize;
        for (at, byte) in scan::structure(self.bytes, self.at) {
            match byte {
                b'{' | b'[' => depth += 1,
                b',' if depth > 0 => {}
                b'}' | b']' if depth > 0 => depth -= 1,
                _ => {
                    self.at = at;
                    return;
                }
            }
        }
        self.at = self.bytes.len();
    }
}

/// The opening bracket of an object or array.
fn opener(node: Node) -> Span {
    Span { start: node.start, end: node.start + 1 }
}

/// The last byte of a value.
fn closer(node: Node) -> Span {
    Span { start: node.end - 1, end: node.end }
}

/// Whether the closing bracket of `node` begins a line, but one of another indentation than the line
/// of the opening bracket.
fn is_askew(bytes: &[u8], node: Node) -> bool {
    /// Nobody indents, or reads, a line longer than this.
    const LONGEST: usize = 1000;
    let line = |at: usize| {
        let window = &bytes[at.saturating_sub(LONGEST)..at];
        let begin = memchr::memrchr(b'\n', window).map(|feed| feed + 1);
        begin.or((at <= LONGEST).then_some(0)).map(|begin| &window[begin..])
    };
    let blanks = |line: &[u8]| line.len() - line.trim_ascii_start().len();
    let closing = line(node.end as usize - 1).filter(|line| blanks(line) == line.len());
    closing.is_some_and(|closing| {
        let opening = line(node.start as usize).map(blanks);
        opening.is_some_and(|opening| opening != closing.len())
    })
}
