//! What can be wrong with the JSON of a file, in words for its author.

use super::{scan, words};
use crate::document::Kind;
use crate::source::{Source, Span};

/// Why a text is not JSON as the gateway reads it; one variant per reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorKind {
    /// No value at all: an empty file, or blanks only.
    Empty,
    /// Text in another encoding than UTF-8.
    Encoding,
    /// Text that is not an attempt at JSON: YAML, TOML, prose.
    NotJson,
    /// A template of the flexible configuration, which only becomes JSON when it is rendered.
    Template,
    /// A line that a version control system left where two changes met.
    MergeConflict,
    /// The root is not an object.
    NotAnObject,
    /// The members of the root without the braces around them.
    NoBraces,
    /// The file ends inside a string, an array or an object.
    Truncated,
    /// More text after the end of the root.
    AfterRoot,
    /// A closing bracket that closes nothing.
    Unopened,
    /// A closing bracket of the other sort than the opening one.
    Mismatched,
    /// An array or object that lacks its closing bracket before this place.
    Unclosed,
    /// A value that must be inside an array or object whose opening bracket is missing before it.
    MissingOpening,
    /// An object or array inside more than [`MAX_DEPTH`](super::MAX_DEPTH) others.
    TooDeep,
    /// More than [`MAX_ERRORS`](super::MAX_ERRORS) errors: reading ends here.
    TooMany,
    /// A UTF-8 byte order mark in front of the text.
    ByteOrderMark,
    /// A character that looks like a blank or like nothing, but is none of JSON's four blanks.
    Invisible,
    /// A comment.
    Comment,
    /// A comma after the last member or item.
    TrailingComma,
    /// One or more commas with nothing before them.
    ExtraComma,
    /// No comma between two members or items.
    MissingComma,
    /// No colon between a key and its value.
    MissingColon,
    /// Another character in the place of a comma or a colon.
    Separator,
    /// A key without a value.
    MissingValue,
    /// A string in other quotes than `"`.
    Quotes,
    /// A key that is not a string.
    UnquotedKey,
    /// A value that is a bare word: `NaN`, `True`, text without quotes.
    Word,
    /// A number in a form that JSON does not have.
    NumberForm,
    /// A number that no 64-bit float holds.
    NumberRange,
    /// A control character as it is inside a string.
    ControlCharacter,
    /// A backslash in front of something that JSON gives no meaning after one.
    BadEscape,
    /// A string without its closing quote.
    Unterminated,
    /// A quote inside a string, without a backslash.
    InnerQuote,
    /// Bytes inside a string that are not UTF-8: a warning.
    InvalidUtf8,
    /// Anything else that cannot stand where it does.
    Unexpected,
}

impl ErrorKind {
    /// Whether what was read is certainly what was meant, in spite of the error: it is in the text,
    /// only not in the form that JSON wants.
    pub(super) fn keeps_meaning(self) -> bool {
        matches!(
            self,
            Self::ByteOrderMark
                | Self::Invisible
                | Self::Comment
                | Self::TrailingComma
                | Self::ExtraComma
                | Self::MissingComma
                | Self::MissingColon
                | Self::Separator
                | Self::Quotes
                | Self::UnquotedKey
                | Self::Word
                | Self::NumberForm
                | Self::NumberRange
                | Self::ControlCharacter
                | Self::BadEscape
                | Self::InvalidUtf8
        )
    }
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
    /// Bytes whose removal corrects this error, if only one meaning is possible without them.
    pub deletion: Option<Span>,
}

impl SyntaxError {
    pub(super) fn new(kind: ErrorKind, span: Span) -> Self {
        Self { kind, span, related: Vec::new(), deletion: None }
    }

    pub(super) fn related(mut self, span: Span, text: &'static str) -> Self {
        self.related.push((span, text));
        self
    }

    /// Whether the gateway reads the text all the same.
    #[must_use]
    pub fn is_warning(&self) -> bool {
        self.kind == ErrorKind::InvalidUtf8
    }

    /// What is wrong, in words; `source` is what was read.
    #[must_use]
    pub fn message(&self, source: &Source) -> String {
        let here = excerpt(source.slice(self.span));
        let fixed = match self.kind {
            ErrorKind::Empty => "the file holds no value",
            ErrorKind::Encoding => "the file is not in UTF-8 but in UTF-16 or UTF-32",
            ErrorKind::NotJson => {
                return format!("{here} does not start a JSON value: this is not JSON");
            }
            ErrorKind::Template => "a template action: the file is not JSON before it is rendered",
            ErrorKind::MergeConflict => "an unresolved merge conflict",
            ErrorKind::NotAnObject => "the root of a configuration must be an object",
            ErrorKind::NoBraces => "members without the braces of their object around them",
            ErrorKind::Truncated => "the file ends too early",
            ErrorKind::AfterRoot => return format!("{here} after the end of the configuration"),
            ErrorKind::Unopened => return format!("{here} closes nothing"),
            ErrorKind::Mismatched => {
                return format!("{here} where `{}` should be", self.closing(source));
            }
            ErrorKind::Unclosed => {
                return format!("`{}` is missing before this", self.closing(source));
            }
            ErrorKind::MissingOpening => return self.missing_opening(source),
            ErrorKind::TooDeep => "objects and arrays nested deeper than 10,000 levels",
            ErrorKind::TooMany => "more than 100 errors: the rest of the file was not read",
            ErrorKind::ByteOrderMark => "a byte order mark: JSON allows none",
            ErrorKind::Invisible => return invisible(source.slice(self.span)),
            ErrorKind::Comment => "a comment: JSON has none",
            ErrorKind::TrailingComma => return trailing_comma(source, self.span),
            ErrorKind::ExtraComma => "a comma with nothing before it",
            ErrorKind::MissingComma => "a comma is missing before this",
            ErrorKind::MissingColon => "a colon is missing before this",
            ErrorKind::Separator => return separator(source.slice(self.span)),
            ErrorKind::MissingValue => return format!("the key {here} has no value"),
            ErrorKind::Quotes => return quotes(source.slice(self.span)),
            ErrorKind::UnquotedKey => return format!("the key {here} is not in double quotes"),
            ErrorKind::Word => return word(source.slice(self.span)),
            ErrorKind::NumberForm => return number_form(source.slice(self.span)),
            ErrorKind::NumberRange => return format!("{here} is too large for a 64-bit float"),
            ErrorKind::ControlCharacter => return control(source.slice(self.span)),
            ErrorKind::BadEscape => return format!("{here} is not an escape that JSON knows"),
            ErrorKind::Unterminated => "a string without its closing quote",
            ErrorKind::InnerQuote => "a quote inside a string, which ends the string",
            ErrorKind::InvalidUtf8 => return invalid_utf8(source.slice(self.span)),
            // Longer text may be part of a value, and values may be secrets.
            ErrorKind::Unexpected if self.span.end - self.span.start > 4 => {
                "this cannot stand here"
            }
            ErrorKind::Unexpected => return format!("{here} cannot stand here"),
        };
        fixed.to_owned()
    }

    /// The closing bracket of what the first related place opens.
    fn closing(&self, source: &Source) -> char {
        let opener = self.related.first().and_then(|(span, _)| source.slice(*span).first());
        if opener == Some(&b'[') { ']' } else { '}' }
    }

    fn missing_opening(&self, source: &Source) -> String {
        // It shows by a colon after a value, by a value in the place of a key, or by its partner.
        let shown_by = self.related.first().map_or(self.span, |(span, _)| *span);
        let brace = matches!(source.slice(shown_by), b":" | b"}");
        format!("`{}` is missing before this", if brace { '{' } else { '[' })
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        let help = match self.kind {
            ErrorKind::Empty => "Write a JSON object, at least `{\"version\": 3}`.",
            ErrorKind::Encoding => "Save the file as UTF-8 without a byte order mark.",
            ErrorKind::NotJson => "Give it JSON: YAML and TOML must be converted first.",
            ErrorKind::Template => {
                "Let the gateway render it (FC_OUT names the file it writes) and check that file."
            }
            ErrorKind::MergeConflict => {
                "Keep one of the two versions and remove the lines with the markers."
            }
            ErrorKind::NotAnObject => "Put the settings into one object: `{ … }`.",
            ErrorKind::NoBraces => "Put `{` before the first and `}` after the last.",
            ErrorKind::Truncated => "Close what is still open, or complete the file.",
            ErrorKind::AfterRoot => "Remove it, or move it into the object before it.",
            ErrorKind::Unopened => {
                "Remove it, or find the bracket before it that closes too early."
            }
            ErrorKind::Mismatched | ErrorKind::Unclosed => {
                "Close objects with `}` and arrays with `]`, the last opened first."
            }
            ErrorKind::MissingOpening => {
                "Add it, or remove a closing bracket before this that is too many."
            }
            ErrorKind::TooDeep => "Nest less deeply: the gateway refuses to read this.",
            ErrorKind::TooMany => "Correct those above and check again.",
            ErrorKind::ByteOrderMark => {
                "Remove it: save the file as UTF-8 without a byte order mark."
            }
            ErrorKind::Invisible => "Remove it, or put an ordinary space there.",
            ErrorKind::Comment => {
                "Remove it, or keep it as a member that the gateway ignores: `\"@comment\": \"…\"`."
            }
            ErrorKind::TrailingComma => "Remove the comma.",
            ErrorKind::ExtraComma => "Remove it, or add what is missing before it.",
            ErrorKind::MissingComma => "Add `,`.",
            ErrorKind::MissingColon => "Add `:`.",
            ErrorKind::Separator => "Write `,` between members and items, `:` after a key.",
            ErrorKind::MissingValue => "Add `:` and a value, or remove the key.",
            ErrorKind::Quotes | ErrorKind::UnquotedKey => "Put it in double quotes.",
            ErrorKind::Word => {
                "Only numbers, `true`, `false` and `null` stand without double quotes."
            }
            ErrorKind::NumberForm => "Write it in decimal, such as 10, -0.5 or 1e6.",
            ErrorKind::NumberRange => "Write a number between -1.7e308 and 1.7e308.",
            ErrorKind::ControlCharacter => "Write it as an escape: `\\n`, `\\t`, `\\u0000`.",
            ErrorKind::BadEscape => "Write `\\\\` for a backslash; a quote `'` needs none.",
            ErrorKind::Unterminated => "Add the `\"`.",
            ErrorKind::InnerQuote => "Write it as `\\\"`.",
            ErrorKind::InvalidUtf8 => "Save the file as UTF-8.",
            ErrorKind::Unexpected => "Remove it, or put the text it belongs to in double quotes.",
        };
        help.to_owned()
    }
}

/// What is wrong with a bare word.
fn word(bytes: &[u8]) -> String {
    let shown = excerpt(bytes);
    let unsigned = words::unsigned(bytes);
    let is = |names: &[&str]| names.iter().any(|n| unsigned.eq_ignore_ascii_case(n.as_bytes()));
    match words::constant(bytes) {
        Some(Kind::Bool(true)) => format!("{shown} is not how JSON writes `true`"),
        Some(Kind::Bool(false)) => format!("{shown} is not how JSON writes `false`"),
        Some(_) if is(&["nan", "inf", "infinity"]) => format!("{shown} is not a number in JSON"),
        Some(_) => format!("{shown} is not how JSON writes `null`"),
        // The text itself may be a secret.
        None => "text without quotes".to_owned(),
    }
}

fn quotes(bytes: &[u8]) -> String {
    match bytes.first() {
        Some(b'\'') => "a string in single quotes",
        Some(b'`') => "a string in backticks",
        _ => "a string in typographic quotes",
    }
    .to_owned()
}

/// What is wrong with the form of a number.
fn number_form(bytes: &[u8]) -> String {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let why = match digits {
        [b'+', ..] => "a plus sign",
        [b'0', b'x' | b'X', ..] => "hexadecimal digits",
        _ if bytes.contains(&b'_') => "underscores",
        [b'0', b'0'..=b'9', ..] => "a leading zero",
        [b'.', ..] => "no digit before the point",
        _ if bytes.iter().any(|byte| matches!(byte, b'e' | b'E')) => "no digit where one must be",
        [.., b'.'] => "no digit after the point",
        _ => "no digit",
    };
    format!("{} is not a number in JSON: it has {why}", excerpt(bytes))
}

/// `bytes` in backticks, shortened to what fits a message, on one line.
fn excerpt(bytes: &[u8]) -> String {
    const MOST: usize = 32;
    if let [byte @ (0..0x20 | 0x7F..)] = bytes {
        return format!("the byte 0x{byte:02X}");
    }
    let text = String::from_utf8_lossy(bytes);
    let mut shown: String =
        text.chars().take(MOST).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    format!("`{shown}`")
}

fn trailing_comma(source: &Source, comma: Span) -> String {
    let next = scan::blank_end(source.bytes(), comma.end as usize);
    match source.bytes().get(next) {
        Some(b'}') => "a comma before `}`: JSON allows none after the last member",
        Some(b']') => "a comma before `]`: JSON allows none after the last item",
        _ => "a comma after the last one: JSON allows none there",
    }
    .to_owned()
}

fn separator(bytes: &[u8]) -> String {
    let right = if bytes == b";" { ',' } else { ':' };
    format!("{} where `{right}` should be", excerpt(bytes))
}

fn invisible(bytes: &[u8]) -> String {
    let first = bytes.utf8_chunks().find_map(|chunk| chunk.valid().chars().next());
    let code = u32::from(first.unwrap_or(char::REPLACEMENT_CHARACTER));
    format!("U+{code:04X} looks like a blank or like nothing, but JSON does not allow it here")
}

fn control(bytes: &[u8]) -> String {
    match bytes.first() {
        Some(b'\n' | b'\r' | b'\\') => "a line break inside a string".to_owned(),
        Some(b'\t') => "a tab inside a string".to_owned(),
        byte => format!("the control character U+{:04X} inside a string", byte.unwrap_or(&0)),
    }
}

fn invalid_utf8(bytes: &[u8]) -> String {
    let shown: Vec<String> = bytes.iter().take(4).map(|byte| format!("0x{byte:02X}")).collect();
    format!("{} is not UTF-8: the gateway reads U+FFFD in its place", shown.join(" "))
}
