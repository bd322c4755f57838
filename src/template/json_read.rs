//! JSON as Go's `encoding/json` reads it into `interface{}`, with the place of each value.

use crate::source::Span;

use super::ast::Bytes;
use super::literal::parse_float;
use super::origin::{Entries, Entry, FileId, OriginId, Place, Step};
use super::print::MAX_DEPTH;
use super::runes::runes;
use super::value::{Data, Heap, List, Map, Member, Value};

/// What is wrong with a text that is not JSON, and where.
pub(super) struct Fault {
    pub span: Span,
    pub message: &'static str,
    /// This program does not go on, though Go does.
    pub is_limit: bool,
}

/// Reads values into a heap.
struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    heap: &'a mut Heap,
    /// The origins of settings; a text that was computed has none.
    origins: Option<(&'a mut Entries, FileId)>,
}

/// Reads one value that fills the text.
pub(super) fn read(
    text: &[u8],
    heap: &mut Heap,
    origins: Option<(&mut Entries, FileId)>,
) -> Result<Value, Fault> {
    let mut parser = Parser { text, at: 0, heap, origins };
    parser.space();
    let value = parser.value(OriginId::NONE, Step::Root, 0)?;
    parser.space();
    if parser.at < text.len() {
        return parser.fault("something follows the end of the JSON value");
    }
    Ok(value)
}

impl Parser<'_> {
    fn fault<T>(&self, message: &'static str) -> Result<T, Fault> {
        let end = (self.at + 1).min(self.text.len());
        Err(Fault { span: Span::new(self.at, end), message, is_limit: false })
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn begin(&mut self, parent: OriginId, step: Step) -> OriginId {
        let at = self.at;
        let Some((entries, file)) = &mut self.origins else { return OriginId::NONE };
        let place = Place::new(*file, Span::at(at));
        entries.push(Entry::Setting { place, parent, step })
    }

    fn end(&mut self, origin: OriginId, start: usize) {
        let at = self.at;
        if let Some((entries, file)) = &mut self.origins {
            entries.set_place(origin, Place::new(*file, Span::new(start, at)));
        }
    }

    fn value(&mut self, parent: OriginId, step: Step, depth: u32) -> Result<Value, Fault> {
        if depth > MAX_DEPTH {
            let span = Span::new(self.at, self.at + 1);
            let message = "this is nested too deeply for this program";
            return Err(Fault { span, message, is_limit: true });
        }
        let start = self.at;
        let origin = self.begin(parent, step);
        let value = match self.peek() {
            Some(b'{') => self.object(origin, depth)?,
            Some(b'[') => self.array(origin, depth)?,
            Some(b'"') => Value::text(self.string()?),
            Some(b't') => self.word(b"true", Data::Bool(true))?,
            Some(b'f') => self.word(b"false", Data::Bool(false))?,
            Some(b'n') => self.word(b"null", Data::Nil)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => return self.fault("a JSON value should stand here"),
            None => return self.fault("the JSON text ends too early"),
        };
        self.end(origin, start);
        Ok(value.with_origin(origin))
    }

    fn word(&mut self, word: &[u8], data: Data) -> Result<Value, Fault> {
        if !self.text[self.at..].starts_with(word) {
            return self.fault("a JSON value should stand here");
        }
        self.at += word.len();
        Ok(data.into())
    }

    fn digits(&mut self) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { self.fault("a digit should stand here") } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = std::str::from_utf8(&self.text[start..self.at]).unwrap_or_default();
        if let Some(number) = parse_float(text) {
            Ok(Value::float(number))
        } else {
            let span = Span::new(start, self.at);
            let message = "this number is too large for the gateway";
            Err(Fault { span, message, is_limit: false })
        }
    }

    fn object(&mut self, origin: OriginId, depth: u32) -> Result<Value, Fault> {
        let mut map = Map::default();
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(self.heap.add_map(map));
        }
        loop {
            if self.peek() != Some(b'"') {
                return self.fault("a key in quotes should stand here");
            }
            let start = self.at;
            let key = Bytes::from(self.string()?);
            let key_span = Span::new(start, self.at);
            self.space();
            if self.peek() != Some(b':') {
                return self.fault("`:` should stand here");
            }
            self.at += 1;
            self.space();
            // The entry of a key stands right before that of its value.
            let key_origin = self.key(key_span);
            let value = self.value(origin, Step::Key(key.clone()), depth + 1)?;
            map.members.insert(key, Member { key: key_origin, value });
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return self.fault("`,` or `}` should stand here"),
            }
            self.space();
        }
        self.at += 1;
        Ok(self.heap.add_map(map))
    }

    fn key(&mut self, span: Span) -> OriginId {
        let Some((entries, file)) = &mut self.origins else { return OriginId::NONE };
        let of = OriginId(entries.next().0 + 1);
        entries.push(Entry::Key { place: Place::new(*file, span), of })
    }

    fn array(&mut self, origin: OriginId, depth: u32) -> Result<Value, Fault> {
        let mut items = Vec::new();
        self.at += 1;
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(self.heap.any_list(items));
        }
        loop {
            let index = items.len() as u32;
            items.push(self.value(origin, Step::Index(index), depth + 1)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return self.fault("`,` or `]` should stand here"),
            }
            self.space();
        }
        self.at += 1;
        Ok(self.heap.add_list(List { items, ..List::default() }))
    }

    fn string(&mut self) -> Result<Vec<u8>, Fault> {
        self.at += 1;
        let mut out = Vec::new();
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F));
            let Some(plain) = plain else {
                self.at = self.text.len();
                return self.fault("this text has no closing quote");
            };
            match std::str::from_utf8(&rest[..plain]) {
                Ok(text) => out.extend(text.as_bytes()),
                Err(_) => {
                    for (_, rune) in runes(&rest[..plain]) {
                        out.extend(rune.encode_utf8(&mut [0; 4]).as_bytes());
                    }
                }
            }
            self.at += plain;
            match rest[plain] {
                b'"' => {
                    self.at += 1;
                    return Ok(out);
                }
                b'\\' => self.escape(&mut out)?,
                _ => return self.fault("a control character in a text has to be escaped"),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let simple = match self.text.get(self.at + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let Some(unit) = self.unit() else { return self.fault("this is not an escape") };
                self.at += 6;
                let mut code = unit;
                if (0xD800..0xDC00).contains(&unit)
                    && let Some(low) = self.unit().filter(|low| (0xDC00..0xE000).contains(low))
                {
                    self.at += 6;
                    code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                }
                let rune = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend(rune.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return self.fault("this is not an escape"),
        };
        out.push(simple);
        self.at += 2;
        Ok(())
    }

    /// The UTF-16 code unit of the `\uXXXX` that stands here.
    fn unit(&self) -> Option<u32> {
        let digits = self.text[self.at..].strip_prefix(b"\\u")?.get(..4)?;
        let digits = std::str::from_utf8(digits).ok()?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok()
    }
}
