//! Values as Go's `fmt` prints them.

use super::float;
use super::origin::{Entries, OriginId};
use super::runes::{chars, runes};
use super::value::{Data, Heap, IntType, Value};

/// Containers within containers: Go's stack ends later, but it ends.
pub(super) const MAX_DEPTH: u32 = 500;

/// More than this is never printed by one call.
pub(super) const MAX_TEXT: usize = 1 << 24;

/// The flags of a verb.
#[derive(Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of a verb")]
pub(super) struct Flags {
    pub width: Option<usize>,
    pub precision: Option<usize>,
    pub minus: bool,
    pub plus: bool,
    pub sharp: bool,
    pub space: bool,
    pub zero: bool,
    /// `%#v`: as Go source.
    pub sharp_v: bool,
}

/// Writes values to a text.
pub(super) struct Printer<'a> {
    pub heap: &'a Heap,
    entries: &'a Entries,
    pub out: Vec<u8>,
    /// An origin of something unknown that was printed within a map or list.
    pub touched: OriginId,
    /// Nested too deeply, or too long: the text is not complete.
    pub overflow: bool,
}

impl<'a> Printer<'a> {
    pub fn new(heap: &'a Heap, entries: &'a Entries) -> Self {
        Self { heap, entries, out: Vec::new(), touched: OriginId::NONE, overflow: false }
    }

    /// What `%v` prints.
    pub fn value(&mut self, data: &Data) {
        self.verb(data, 'v', &Flags::default());
    }

    /// `fmt.Sprint`: spaces between two that are not texts.
    pub fn print(&mut self, values: &[Value]) {
        let mut text_before = true;
        for (index, value) in values.iter().enumerate() {
            let is_text = matches!(value.data, Data::Text(_));
            if index > 0 && !is_text && !text_before {
                self.out.push(b' ');
            }
            self.value(&value.data);
            text_before = is_text;
        }
    }

    /// `fmt.Sprintln`.
    pub fn print_line(&mut self, values: &[Value]) {
        for (index, value) in values.iter().enumerate() {
            if index > 0 {
                self.out.push(b' ');
            }
            self.value(&value.data);
        }
        self.out.push(b'\n');
    }

    /// Prints one value with a verb.
    pub fn verb(&mut self, data: &Data, verb: char, flags: &Flags) {
        self.nested(data, verb, flags, 0);
    }

    fn nested(&mut self, data: &Data, verb: char, flags: &Flags, depth: u32) {
        if depth > MAX_DEPTH || self.out.len() > MAX_TEXT {
            self.overflow = true;
            return;
        }
        if verb == 'T' && depth == 0 {
            let name = self.heap.type_name(data);
            return self.text(name.as_bytes(), flags);
        }
        match data {
            Data::Missing | Data::Nil => match verb {
                _ if flags.sharp_v && depth > 0 => self.out.extend(b"interface {}(nil)"),
                _ if depth > 0 => self.out.extend(b"<nil>"),
                'v' => self.pad(b"<nil>", flags),
                _ => self.bad_verb(data, verb, flags),
            },
            Data::Opaque => self.pad(b"0", flags),
            Data::Bool(value) => match verb {
                't' | 'v' => self.pad(if *value { b"true" } else { b"false" }, flags),
                _ => self.bad_verb(data, verb, flags),
            },
            Data::Int(value, of) => self.integer(data, *value, *of, verb, flags),
            Data::Float(value) => self.float(data, *value, verb, flags),
            Data::Text(text) => match verb {
                's' => self.text(&text.bytes, flags),
                'v' if !flags.sharp_v => self.text(&text.bytes, flags),
                'v' | 'q' => self.quoted(&text.bytes, flags),
                'x' | 'X' => self.hexadecimal(&text.bytes, verb == 'X', flags),
                _ => self.bad_verb(data, verb, flags),
            },
            Data::Map(id) => {
                let map = self.heap.map(*id);
                if verb == 'p' {
                    return self.pointer();
                }
                let (open, between, close) = if flags.sharp_v {
                    if map.is_nil {
                        let name = self.heap.type_name(data);
                        self.out.extend(name.as_bytes());
                        return self.out.extend(b"(nil)");
                    }
                    (format!("{}{{", self.heap.type_name(data)), ", ", "}")
                } else {
                    ("map[".to_owned(), " ", "]")
                };
                self.out.extend(open.as_bytes());
                for (index, (key, member)) in map.members.iter().enumerate() {
                    if index > 0 {
                        self.out.extend(between.as_bytes());
                    }
                    let key = Value::text(key.clone());
                    self.nested(&key.data, verb, flags, depth + 1);
                    self.out.push(b':');
                    self.touch(member.key);
                    self.touch(member.value.origin);
                    self.nested(&member.value.data, verb, flags, depth + 1);
                    if self.overflow {
                        return;
                    }
                }
                self.out.extend(close.as_bytes());
            }
            Data::List(id) => {
                let list = self.heap.list(*id);
                if verb == 'p' {
                    return self.pointer();
                }
                let (open, between, close) = if flags.sharp_v {
                    let name = self.heap.type_name(data);
                    if list.is_nil {
                        self.out.extend(name.as_bytes());
                        return self.out.extend(b"(nil)");
                    }
                    (format!("{name}{{"), ", ", "}")
                } else {
                    ("[".to_owned(), " ", "]")
                };
                self.out.extend(open.as_bytes());
                for (index, item) in list.items.iter().enumerate() {
                    if index > 0 {
                        self.out.extend(between.as_bytes());
                    }
                    self.touch(item.origin);
                    self.nested(&item.data, verb, flags, depth + 1);
                    if self.overflow {
                        return;
                    }
                }
                self.out.extend(close.as_bytes());
            }
        }
    }

    /// An address: it differs from run to run.
    fn pointer(&mut self) {
        self.out.extend(b"0xc000000000");
    }

    pub fn touch(&mut self, origin: OriginId) {
        if self.entries.is_unknown(origin) {
            self.touched = origin;
        }
    }

    /// `%!verb(type=value)`.
    fn bad_verb(&mut self, data: &Data, verb: char, flags: &Flags) {
        self.out.extend(b"%!");
        self.out.extend(verb.encode_utf8(&mut [0; 4]).as_bytes());
        self.out.push(b'(');
        if matches!(data, Data::Nil | Data::Missing) {
            self.out.extend(b"<nil>");
        } else {
            let name = self.heap.type_name(data);
            self.out.extend(name.as_bytes());
            self.out.push(b'=');
            self.verb(data, 'v', flags);
        }
        self.out.push(b')');
    }

    /// Pads to the width, with zeros if the flag says so.
    pub fn pad(&mut self, text: &[u8], flags: &Flags) {
        let width = flags.width.unwrap_or(0);
        let missing = width.saturating_sub(chars(text).count());
        let pad = if flags.zero && !flags.minus { b'0' } else { b' ' };
        if !flags.minus {
            self.out.extend(std::iter::repeat_n(pad, missing));
        }
        self.out.extend(text);
        if flags.minus {
            self.out.extend(std::iter::repeat_n(b' ', missing));
        }
    }

    fn pad_with_spaces(&mut self, text: &[u8], flags: &Flags) {
        self.pad(text, &Flags { zero: false, ..*flags });
    }

    fn truncated<'t>(text: &'t [u8], flags: &Flags) -> &'t [u8] {
        let end = flags.precision.and_then(|count| runes(text).nth(count)).map(|(end, _)| end);
        &text[..end.unwrap_or(text.len())]
    }

    fn text(&mut self, text: &[u8], flags: &Flags) {
        self.pad(Self::truncated(text, flags), flags);
    }

    fn quoted(&mut self, text: &[u8], flags: &Flags) {
        let text = Self::truncated(text, flags);
        let quoted = if flags.sharp && can_backquote(text) {
            [b"`", text, b"`"].concat()
        } else {
            quote(text, b'"', flags.plus)
        };
        self.pad(&quoted, flags);
    }

    fn hexadecimal(&mut self, text: &[u8], upper: bool, flags: &Flags) {
        let length = flags.precision.unwrap_or(usize::MAX).min(text.len());
        let prefix = if upper { "0X" } else { "0x" };
        let mut out = String::new();
        for (index, byte) in text[..length].iter().enumerate() {
            if flags.space && index > 0 {
                out.push(' ');
            }
            if flags.sharp && (index == 0 || flags.space) {
                out.push_str(prefix);
            }
            out += &if upper { format!("{byte:02X}") } else { format!("{byte:02x}") };
        }
        self.pad(out.as_bytes(), flags);
    }

    fn integer(&mut self, data: &Data, value: i64, of: IntType, verb: char, flags: &Flags) {
        let digits = |radix: u32| match radix {
            2 => format!("{:b}", value.unsigned_abs()),
            8 => format!("{:o}", value.unsigned_abs()),
            16 => format!("{:x}", value.unsigned_abs()),
            _ => value.unsigned_abs().to_string(),
        };
        match verb {
            'v' if flags.sharp_v && of == IntType::Uint8 => {
                self.number("0x", &digits(16), value < 0, flags);
            }
            'v' | 'd' => self.number("", &digits(10), value < 0, flags),
            'b' => self.number(if flags.sharp { "0b" } else { "" }, &digits(2), value < 0, flags),
            'o' | 'O' => {
                let prefix = match (verb, flags.sharp) {
                    ('O', true) => "0o0",
                    ('O', false) => "0o",
                    (_, true) => "0",
                    _ => "",
                };
                self.number(prefix, &digits(8), value < 0, flags);
            }
            'x' => self.number(if flags.sharp { "0x" } else { "" }, &digits(16), value < 0, flags),
            'X' => {
                let prefix = if flags.sharp { "0X" } else { "" };
                self.number(prefix, &digits(16).to_uppercase(), value < 0, flags);
            }
            'c' => {
                let rune = to_rune(value);
                self.pad(rune.encode_utf8(&mut [0; 4]).as_bytes(), flags);
            }
            'q' => {
                let mut bytes = [0; 4];
                let rune = to_rune(value).encode_utf8(&mut bytes);
                self.pad(&quote(rune.as_bytes(), b'\'', flags.plus), flags);
            }
            'U' => {
                let precision = flags.precision.unwrap_or(0).max(4);
                let mut text = format!("U+{value:0precision$X}");
                if flags.sharp
                    && let Some(rune) = u32::try_from(value).ok().and_then(char::from_u32)
                    && is_print(rune)
                {
                    text += &format!(" '{rune}'");
                }
                self.pad_with_spaces(text.as_bytes(), flags);
            }
            _ => self.bad_verb(data, verb, flags),
        }
    }

    /// Sign, prefix, zeros and digits.
    fn number(&mut self, prefix: &str, digits: &str, negative: bool, flags: &Flags) {
        if flags.precision == Some(0) && digits == "0" {
            return self.pad_with_spaces(b"", flags);
        }
        let sign = match (negative, flags.plus, flags.space) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let zeros = match (flags.precision, flags.width) {
            (Some(precision), _) => precision,
            (None, Some(width)) if flags.zero && !flags.minus => width - sign.len().min(width),
            _ => 0,
        };
        let zeros = "0".repeat(zeros.saturating_sub(digits.len()));
        // An octal number that begins with 0 needs no other one before it.
        let has_zero = digits.starts_with('0') || !zeros.is_empty();
        let prefix = if has_zero { prefix.strip_suffix('0').unwrap_or(prefix) } else { prefix };
        let text = [sign, prefix, &zeros, digits].concat();
        self.pad_with_spaces(text.as_bytes(), flags);
    }

    fn float(&mut self, data: &Data, value: f64, verb: char, flags: &Flags) {
        let (verb, default) = match verb {
            'v' => ('g', None),
            'g' | 'G' | 'x' | 'X' | 'b' => (verb, None),
            'f' | 'F' => ('f', Some(6)),
            'e' | 'E' => (verb, Some(6)),
            _ => return self.bad_verb(data, verb, flags),
        };
        let precision = flags.precision.or(default);
        let mut text = float::format(value, verb, precision);
        if flags.sharp && value.is_finite() && !matches!(verb, 'b' | 'x' | 'X') {
            text = with_point(&text, verb, precision);
        }
        if !text.starts_with(['-', '+']) {
            text.insert(0, '+');
        }
        if flags.space && text.starts_with('+') && !flags.plus {
            text.replace_range(..1, " ");
        }
        if !value.is_finite() {
            if value.is_nan() && !flags.space && !flags.plus {
                text.remove(0);
            }
            return self.pad_with_spaces(text.as_bytes(), flags);
        }
        if flags.plus || !text.starts_with('+') {
            if flags.zero && !flags.minus && flags.width.is_some_and(|width| width > text.len()) {
                let (sign, digits) = text.split_at(1);
                self.out.extend(sign.as_bytes());
                let width = flags.width.map(|width| width - 1);
                return self.pad(digits.as_bytes(), &Flags { width, ..*flags });
            }
            return self.pad(text.as_bytes(), flags);
        }
        self.pad(&text.as_bytes()[1..], flags);
    }
}

/// `%#g` and the like: a decimal point, and trailing zeros kept.
fn with_point(text: &str, verb: char, precision: Option<usize>) -> String {
    let (number, tail) = match text.find(['e', 'E']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let mut number = number.to_owned();
    let has_point = number.contains('.');
    if !has_point {
        number.push('.');
    }
    if matches!(verb, 'g' | 'G') {
        let significant =
            number.chars().filter(char::is_ascii_digit).skip_while(|digit| *digit == '0').count();
        let wanted = precision.unwrap_or(6);
        // A lone zero counts as a digit, too.
        let significant = if significant == 0 { 1 } else { significant };
        number += &"0".repeat(wanted.saturating_sub(significant));
    }
    number + tail
}

fn to_rune(value: i64) -> char {
    u32::try_from(value).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn can_backquote(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok_and(|text| {
        text.chars().all(|c| c == '\t' || !(c.is_ascii_control() || c == '`' || c == '\u{FEFF}'))
    })
}

/// Whether Go prints a character as it is: no control, format, private or unassigned character,
/// and of the spaces only U+0020.
pub(super) fn is_print(rune: char) -> bool {
    if rune.is_ascii() {
        return (' '..='~').contains(&rune);
    }
    // Rust's own escapes know the same property but for spaces and marks.
    !rune.is_whitespace()
        && !matches!(rune, '\u{AD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
        && {
            let escaped = rune.escape_debug();
            escaped.len() == 1 || is_mark(rune)
        }
}

/// Marks that `escape_debug` escapes since they join the character before them.
fn is_mark(rune: char) -> bool {
    format!("a{rune}").escape_debug().count() == 2
}

/// A Go literal: `strconv.Quote`, or with `ascii` `strconv.QuoteToASCII`.
pub(super) fn quote(text: &[u8], quote: u8, ascii: bool) -> Vec<u8> {
    let mut out = vec![quote];
    let mut at = 0;
    for (start, rune) in runes(text) {
        debug_assert_eq!(start, at, "runes follow each other");
        let (_, width) = super::runes::decode(&text[start..]);
        at += width;
        if rune == char::REPLACEMENT_CHARACTER && width == 1 {
            out.extend(format!("\\x{:02x}", text[start]).as_bytes());
            continue;
        }
        match rune {
            '\\' => out.extend(b"\\\\"),
            _ if rune == char::from(quote) => out.extend([b'\\', quote]),
            '\x07' => out.extend(b"\\a"),
            '\x08' => out.extend(b"\\b"),
            '\x0c' => out.extend(b"\\f"),
            '\n' => out.extend(b"\\n"),
            '\r' => out.extend(b"\\r"),
            '\t' => out.extend(b"\\t"),
            '\x0b' => out.extend(b"\\v"),
            _ if is_print(rune) && (rune.is_ascii() || !ascii) => out.extend(&text[start..at]),
            _ if (rune as u32) < 0x80 => out.extend(format!("\\x{:02x}", rune as u32).as_bytes()),
            _ if (rune as u32) < 0x1_0000 => {
                out.extend(format!("\\u{:04x}", rune as u32).as_bytes());
            }
            _ => out.extend(format!("\\U{:08x}", rune as u32).as_bytes()),
        }
    }
    out.push(quote);
    out
}
