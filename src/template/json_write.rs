//! Values as Go's `encoding/json` writes them, with the origins of the parts.

use super::float;
use super::origin::OriginId;
use super::print::{MAX_DEPTH, MAX_TEXT};
use super::runes::{decode, runes};
use super::value::{Data, Heap, Piece, Value};

/// How to write.
#[derive(Clone, Copy)]
pub(super) struct Style {
    /// `<`, `>` and `&` as escapes.
    pub escape_html: bool,
    /// Two spaces for each level.
    pub indent: bool,
}

/// What became of a value.
pub(super) enum Written {
    /// The text and its parts.
    Text(Vec<u8>, Vec<Piece>),
    /// Go refuses it: a number that is not finite.
    Refused,
    /// Nested too deeply, or too long.
    Overflow,
}

struct Writer<'a> {
    heap: &'a Heap,
    style: Style,
    out: Vec<u8>,
    pieces: Vec<Piece>,
}

/// Writes a value.
pub(super) fn write(heap: &Heap, value: &Value, style: Style) -> Written {
    let mut writer = Writer { heap, style, out: Vec::new(), pieces: Vec::new() };
    match writer.value(value, 0) {
        Ok(()) => {
            writer.mark(value.origin);
            Written::Text(writer.out, writer.pieces)
        }
        Err(written) => written,
    }
}

impl Writer<'_> {
    /// What was written since the last mark comes from `origin`.
    fn mark(&mut self, origin: OriginId) {
        let end = self.out.len() as u32;
        let begun = self.pieces.last().map_or(0, |piece| piece.end);
        if end == begun {
            return;
        }
        match self.pieces.last_mut() {
            Some(last) if last.origin == origin => last.end = end,
            _ => self.pieces.push(Piece { end, origin }),
        }
    }

    fn value(&mut self, value: &Value, depth: u32) -> Result<(), Written> {
        if depth > MAX_DEPTH || self.out.len() > MAX_TEXT {
            return Err(Written::Overflow);
        }
        match &value.data {
            Data::Missing | Data::Nil => self.out.extend(b"null"),
            Data::Opaque => self.out.extend(b"0"),
            Data::Bool(value) => self.out.extend(if *value { &b"true"[..] } else { b"false" }),
            Data::Int(value, _) => self.out.extend(value.to_string().as_bytes()),
            Data::Float(value) => match float::json(*value) {
                Some(text) => self.out.extend(text.as_bytes()),
                None => return Err(Written::Refused),
            },
            Data::Text(text) => self.string(&text.bytes),
            Data::Map(id) => {
                let heap = self.heap;
                let map = heap.map(*id);
                if map.is_nil {
                    self.out.extend(b"null");
                    return Ok(());
                }
                self.out.push(b'{');
                for (index, (key, member)) in map.members.iter().enumerate() {
                    self.separate(index, depth, value.origin);
                    self.string(key);
                    self.mark(member.key);
                    self.out.extend(if self.style.indent { &b": "[..] } else { b":" });
                    self.mark(value.origin);
                    self.value(&member.value, depth + 1)?;
                    self.mark(member.value.origin);
                }
                self.close(map.members.len(), depth, b'}');
            }
            Data::List(id) => {
                let heap = self.heap;
                let list = heap.list(*id);
                if list.is_nil {
                    self.out.extend(b"null");
                    return Ok(());
                }
                self.out.push(b'[');
                for (index, item) in list.items.iter().enumerate() {
                    self.separate(index, depth, value.origin);
                    self.value(item, depth + 1)?;
                    self.mark(item.origin);
                }
                self.close(list.items.len(), depth, b']');
            }
        }
        Ok(())
    }

    fn separate(&mut self, index: usize, depth: u32, origin: OriginId) {
        if index > 0 {
            self.out.push(b',');
        }
        self.line(depth + 1);
        self.mark(origin);
    }

    fn line(&mut self, depth: u32) {
        if self.style.indent {
            self.out.push(b'\n');
            self.out.extend(std::iter::repeat_n(b' ', 2 * depth as usize));
        }
    }

    fn close(&mut self, count: usize, depth: u32, bracket: u8) {
        if count > 0 {
            self.line(depth);
        }
        self.out.push(bracket);
    }

    fn string(&mut self, text: &[u8]) {
        self.out.push(b'"');
        let mut plain = 0;
        for (at, rune) in runes(text) {
            let escape = match rune {
                '"' => "\\\"".to_owned(),
                '\\' => "\\\\".to_owned(),
                '\x08' => "\\b".to_owned(),
                '\x0c' => "\\f".to_owned(),
                '\n' => "\\n".to_owned(),
                '\r' => "\\r".to_owned(),
                '\t' => "\\t".to_owned(),
                '<' | '>' | '&' if self.style.escape_html => format!("\\u{:04x}", rune as u32),
                '\0'..='\x1F' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", rune as u32),
                char::REPLACEMENT_CHARACTER if decode(&text[at..]).1 == 1 => "\\ufffd".to_owned(),
                _ => continue,
            };
            self.out.extend(&text[plain..at]);
            self.out.extend(escape.as_bytes());
            plain = at + decode(&text[at..]).1;
        }
        self.out.extend(&text[plain..]);
        self.out.push(b'"');
    }
}
