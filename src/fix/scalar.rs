//! How keys and scalars are written: with or without quotes, as those beside them are.

use serde_json::Value;

use super::child::Child;
use crate::document::{Document, Kind, NodeId};
use crate::source::Format;

/// Plain words that YAML takes for something else than a string, in lower case.
const TAKEN: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

/// The quotes of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quote {
    None,
    Single,
    Double,
}

impl Quote {
    /// The quotes that the scalar or key `node` has.
    pub(super) fn of(doc: &Document<'_>, node: NodeId) -> Self {
        match doc.source().slice(doc.span(node)).first() {
            Some(b'"') => Self::Double,
            Some(b'\'') => Self::Single,
            _ => Self::None,
        }
    }
}

/// How scalars are written at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writer {
    format: Format,
    /// Whether it is between brackets, where YAML reserves more characters.
    in_brackets: bool,
    keys: Quote,
    strings: Quote,
}

impl Writer {
    /// As the children of `container` are written; `strings` are the quotes of values elsewhere.
    pub(super) fn within(doc: &Document<'_>, container: NodeId, strings: Quote) -> Self {
        let (mut keys, mut values) = (None, None);
        for child in Child::all(doc, container) {
            if child.head != child.value {
                keys = Some(Quote::of(doc, child.head));
            }
            if doc.kind(child.value) == Kind::String {
                values = Some(Quote::of(doc, child.value));
            }
        }
        Self {
            format: doc.source().format(),
            in_brackets: true,
            keys: keys.unwrap_or(Quote::None),
            strings: values.unwrap_or(strings),
        }
    }

    /// As text with these quotes is written.
    pub(super) fn with_quote(doc: &Document<'_>, quote: Quote) -> Self {
        Self { format: doc.source().format(), in_brackets: true, keys: quote, strings: quote }
    }

    /// The same for text with these quotes.
    pub(super) fn with(self, quote: Quote) -> Self {
        Self { keys: quote, strings: quote, ..self }
    }

    /// The same for strings with these quotes.
    pub(super) fn strings_as(self, strings: Quote) -> Self {
        Self { strings, ..self }
    }

    /// The quotes of strings here.
    pub(super) fn strings(self) -> Quote {
        self.strings
    }

    /// The same outside of brackets.
    pub(super) fn in_block(self) -> Self {
        Self { in_brackets: false, ..self }
    }

    /// `name` as a key.
    pub(super) fn key(self, name: &str) -> String {
        let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        match self.format {
            Format::Toml if !name.is_empty() && name.chars().all(is_bare) => name.to_owned(),
            _ => self.text(name, self.keys),
        }
    }

    /// `value`, which is neither an object nor an array, and in TOML not null.
    pub(super) fn scalar(self, value: &Value) -> String {
        match value {
            Value::String(content) => self.text(content, self.strings),
            value => value.to_string(),
        }
    }

    fn text(self, content: &str, quote: Quote) -> String {
        let is_printable = !content.chars().any(must_escape);
        match (self.format, quote) {
            (Format::Yaml, Quote::None) if self.is_plain(content) => content.to_owned(),
            (Format::Yaml, Quote::Single) if is_printable => {
                format!("'{}'", content.replace('\'', "''"))
            }
            (Format::Toml, Quote::Single) if is_printable && !content.contains('\'') => {
                format!("'{content}'")
            }
            _ => quoted(content),
        }
    }

    /// Whether YAML reads `content` as itself without quotes. Some texts that could do without get
    /// them.
    fn is_plain(self, content: &str) -> bool {
        let begins = content.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        let plain = |c: char| {
            c.is_ascii_alphanumeric()
                || matches!(c, '_' | '-' | '.' | '/')
                || (c == ':' && !self.in_brackets)
        };
        begins
            && content.chars().all(plain)
            && !content.ends_with(':')
            && !TAKEN.contains(&content.to_ascii_lowercase().as_str())
    }
}

/// `text` as a JSON string, in a form that YAML and TOML read as well.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in Value::from(text).to_string().chars() {
        if must_escape(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Whether `c` cannot stand in a text of each format as it is.
fn must_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Whether TOML can write `value`: it knows no null.
pub(super) fn is_writable(format: Format, value: &Value) -> bool {
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        match value {
            Value::Null if format == Format::Toml => return false,
            Value::Array(items) => rest.extend(items),
            Value::Object(members) => rest.extend(members.values()),
            _ => {}
        }
    }
    true
}
