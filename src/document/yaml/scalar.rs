//! What a scalar means: the tags it has or gets, as `resolve.go` of `go.yaml.in/yaml/v3` gives them.
//! `yes`, `no`, `on` and `off` are text, unlike in YAML 1.1.

use std::borrow::Cow;

use super::number::{self, Number};
use super::timestamp::timestamp;
use crate::document::Kind;

/// A scalar as the gateway has it in its memory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Meaning<'t> {
    pub(super) kind: Kind,
    /// Its content: of a number the digits as JSON writes them.
    pub(super) content: Cow<'t, str>,
    /// The short name of its type.
    pub(super) tag: &'static str,
}

impl<'t> Meaning<'t> {
    fn new(kind: Kind, content: impl Into<Cow<'t, str>>, tag: &'static str) -> Self {
        Self { kind, content: content.into(), tag }
    }

    /// Text as it stands.
    pub(super) fn text(content: impl Into<Cow<'t, str>>) -> Self {
        Self::new(Kind::String, content, "str")
    }

    /// Nothing.
    pub(super) fn null() -> Self {
        Self::new(Kind::Null, "", "null")
    }

    /// A scalar that has been read before.
    pub(super) fn of(kind: Kind, content: String) -> Self {
        Self::new(kind, content, "")
    }

    /// Whether it is infinite or no number, which JSON cannot hold.
    pub(super) fn is_beyond_json(&self) -> bool {
        self.kind == Kind::Number && self.content.ends_with(['f', 'F', 'n', 'N'])
    }
}

/// The meaning of a plain scalar without a tag.
pub(super) fn plain(content: Cow<'_, str>) -> Meaning<'_> {
    resolve(content, true)
}

/// The meaning of a scalar with `tag`, one of YAML's own or another; `None` if it cannot have it.
pub(super) fn tagged<'t>(content: Cow<'t, str>, tag: &str) -> Option<Meaning<'t>> {
    match tag {
        "int" | "float" | "bool" | "null" | "timestamp" => {
            let meaning = resolve(content, tag == "timestamp");
            (meaning.tag == tag || (meaning.tag, tag) == ("int", "float")).then_some(meaning)
        }
        "binary" => base64(&content).map(Meaning::text),
        _ => Some(Meaning::text(content)),
    }
}

fn resolve(content: Cow<'_, str>, dates: bool) -> Meaning<'_> {
    let Some(&first) = content.as_bytes().first() else {
        return Meaning::new(Kind::Null, content, "null");
    };
    match first {
        b'0'..=b'9' | b'+' | b'-' | b'.' => {}
        b't' | b'T' if matches!(&*content, "true" | "True" | "TRUE") => {
            return Meaning::new(Kind::Bool(true), content, "bool");
        }
        b'f' | b'F' if matches!(&*content, "false" | "False" | "FALSE") => {
            return Meaning::new(Kind::Bool(false), content, "bool");
        }
        b'n' | b'N' | b'~' if matches!(&*content, "~" | "null" | "Null" | "NULL") => {
            return Meaning::new(Kind::Null, content, "null");
        }
        _ => return Meaning::text(content),
    }
    if is_beyond_json(&content) {
        return Meaning::new(Kind::Number, content, "float");
    }
    if dates
        && first.is_ascii_digit()
        && let Some(time) = timestamp(&content)
    {
        return Meaning::new(Kind::String, time, "timestamp");
    }
    match number::number(&content) {
        Some(Number::Json) => {
            let tag = if content.contains(['.', 'e', 'E']) { "float" } else { "int" };
            Meaning::new(Kind::Number, content, tag)
        }
        Some(Number::Other(digits)) => {
            let tag = if digits.contains('.') { "float" } else { "int" };
            Meaning::new(Kind::Number, digits, tag)
        }
        None => Meaning::text(content),
    }
}

/// Whether `content` is a float that JSON has no notation for.
fn is_beyond_json(content: &str) -> bool {
    let unsigned = content.strip_prefix(['+', '-']).unwrap_or(content);
    matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(content, ".nan" | ".NaN" | ".NAN")
}

/// The text in standard base64; `None` if it is none.
fn base64(text: &str) -> Option<String> {
    let value = |byte: u8| match byte {
        b'A'..=b'Z' => Some(u32::from(byte - b'A')),
        b'a'..=b'z' => Some(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Some(u32::from(byte - b'0') + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\r' | b'\n')).collect();
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3);
    let (groups, rest) = digits.as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    for (index, group) in groups.iter().enumerate() {
        let padding = group.iter().rev().take_while(|byte| **byte == b'=').count();
        if padding > 2 || (padding > 0 && index + 1 < groups.len()) {
            return None;
        }
        let mut bits = 0;
        for &digit in &group[..4 - padding] {
            bits = bits << 6 | value(digit)?;
        }
        bits <<= 6 * padding;
        bytes.extend_from_slice(&bits.to_be_bytes()[1..4 - padding]);
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
