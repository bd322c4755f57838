//! The TOML reader: what `pelletier/go-toml` 1.9 makes of a file, for that is what the gateway's
//! loader reads TOML with (krakend-koanf `go.mod`, koanf `parsers/toml` 0.1.0).
//!
//! `toml_parser` finds tokens, structure and every break of it; content, keys and tables are ours,
//! for there go-toml goes its own way: an inline table may span lines and repeat a key, but not end in
//! a comma; a number may be as large as 2⁶⁴-1; a `\/` is an escape and `\e` is none; a date without a
//! time needs a blank after it.
//!
//! Read in three steps: `events` turns what the parser says into a `tree`, for TOML writes
//! tables apart that belong together; `tape` lays the tree out as a document.
//!
//! Known to differ, where go-toml reads what is not TOML. Faults here, and read by it: a string or key
//! in plain quotes that spans lines; a key on the line of a header; a `=` on the line after its key;
//! parts of a key without a dot between them (`"a"b`); a list of tables within what is not a table. A
//! lone carriage return ends a comment here.

mod dates;
mod events;
mod faults;
mod keys;
mod numbers;
mod strings;
mod tape;
mod tree;

use std::borrow::Cow;

use toml_parser::parser::parse_document;

use self::events::Builder;
use self::faults::Faults;
use super::{Document, Parsed};
use crate::source::{Source, Span};

/// The deepest nesting of arrays and inline tables that is read, for the parser is recursive.
pub const MAX_DEPTH: usize = 128;

/// The most parts of one dotted key that are read.
pub const MAX_PARTS: usize = 128;

/// The number of faults after which no more are reported.
pub const MAX_FAULTS: usize = 100;

/// Reads `source` as far as that is possible.
#[must_use]
pub fn read(source: &Source) -> Parsed<'_> {
    let bytes = source.bytes();
    let mut faults = Faults::default();
    if matches!(bytes, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [0, _, ..] | [_, 0, ..]) {
        faults
            .error(Span::new(0, 2), "the file is not in UTF-8 but in UTF-16 or UTF-32")
            .help("Save the file as UTF-8.".to_owned());
        let (faults, _) = faults.finish();
        return Parsed { document: Document::new(source), faults, reliable: false };
    }
    let text = readable(bytes);
    let tokens = toml_parser::Source::new(&text).lex().into_vec();
    let mut broken = Vec::new();
    let mut builder = Builder::new(source, &mut faults);
    parse_document(&tokens, &mut builder, &mut |error| {
        if broken.len() < MAX_FAULTS {
            broken.push(error);
        }
    });
    let (tree, comments) = builder.finish();
    for error in &broken {
        faults.structure(error, bytes.len());
    }
    let (faults, reliable) = faults.finish();
    Parsed { document: tape::lay_out(&tree, comments, source), faults, reliable }
}

/// `bytes` as the parser takes them, each at its place: what is not UTF-8 is a question mark to it.
/// Content is taken from the source, not from here.
fn readable(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    Cow::Owned(text)
}
