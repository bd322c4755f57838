//! What can be wrong with the JSON of a file, in words for its author.

use crate::source::{Source, Span};

/// Why a text is not JSON as the gateway reads it; one variant per reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// No value at all: an empty file, or blanks only.
    Empty,
    /// The root is no object.
    NotAnObject,
    /// A UTF-8 byte order mark in front of the text.
    ByteOrderMark,
    /// The file ends inside a string, an array or an object.
    Truncated,
    /// More text after the end of the root.
    AfterRoot,
    /// An object or array inside more than [`MAX_DEPTH`](super::MAX_DEPTH) others.
    TooDeep,
    /// A comma after the last member or item.
    TrailingComma,
    /// No comma between two members or items.
    MissingComma,
    /// A control character as it is inside a string.
    ControlCharacter,
    /// A backslash in front of something that JSON gives no meaning after one.
    BadEscape,
    /// Bytes inside a string that are no UTF-8: a warning.
    InvalidUtf8,
    /// A number in a form that JSON does not have.
    NumberForm,
    /// A number that no 64-bit float holds.
    NumberRange,
    /// Anything else that cannot stand where it does.
    Unexpected,
}

/// One place where a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong.
    pub kind: ErrorKind,
    /// Where: exactly the bytes at fault, or the empty span where something is missing.
    pub span: Span,
    /// Other places that have to do with it, and a few words about each.
    pub related: Vec<(Span, &'static str)>,
    /// Bytes whose removal mends this error, if only one meaning is possible without them.
    pub deletion: Option<Span>,
}

impl SyntaxError {
    /// Whether the gateway reads the text all the same.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.kind == ErrorKind::InvalidUtf8
    }

    /// What is wrong, in words; `source` is what was read.
    #[must_use]
    pub fn message(&self, source: &Source) -> String {
        let text = String::from_utf8_lossy(source.slice(self.span));
        format!("{:?}: `{text}`", self.kind)
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        String::new()
    }
}
