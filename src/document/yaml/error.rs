//! What is wrong with a YAML file, in our own words.

use granit_parser::{ErrorKind, ScanError};

use super::MAX_DEPTH;
use crate::document::{Fault, Kind};
use crate::source::{Format, Span};

/// The number of faults after which no more are reported: nobody reads more.
pub(super) const MAX_FAULTS: usize = 100;

/// A fault for which the gateway refuses the file.
pub(super) fn fault(span: Span, message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault {
        format: Format::Yaml,
        span,
        message: message.into(),
        help: help.into(),
        related: Vec::new(),
        deletion: None,
        is_warning: false,
        is_action: false,
    }
}

/// The same, of something the gateway reads all the same.
pub(super) fn warning(span: Span, message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { is_warning: true, ..fault(span, message, help) }
}

/// There is nothing to read.
pub(super) fn empty(span: Span) -> Fault {
    fault(
        span,
        "there is no configuration in this file",
        "Write one: `version: 3`, and what belongs to it.",
    )
}

/// The root is a list, or text.
pub(super) fn not_a_mapping(text: &str, span: Span, kind: Kind) -> Fault {
    let end = text.len();
    if let Some(fault) = missing_blank(text, end, &ErrorKind::SimpleKeyExpected) {
        return fault;
    }
    let message = match kind {
        Kind::Array => "the file is a list, but a configuration is a mapping",
        _ => "the file is one piece of text, but a configuration is a mapping",
    };
    fault(span, message, "Write `key: value`, with a blank after the colon.")
}

/// Something that is not YAML, but the gateway does not read as far as that.
pub(super) fn unread(span: Span) -> Fault {
    warning(
        span,
        "the configuration ends before this: the gateway reads nothing from here on",
        "Remove it, or close the configuration after it.",
    )
}

/// More than one document.
pub(super) fn several_documents(span: Span) -> Fault {
    warning(
        span,
        "another document begins here: the gateway reads only the first one",
        "Put it into a file of its own.",
    )
}

/// A byte that is not UTF-8, or a character that YAML does not allow.
pub(super) fn character(span: Span, character: Option<char>) -> Fault {
    let message = match character {
        Some(c) => format!("the control character U+{:04X} is not allowed in YAML", u32::from(c)),
        None => "this is not UTF-8, and the gateway refuses the file".to_owned(),
    };
    let help = match character {
        Some(_) => "Remove it, or write it as an escape between double quotes.",
        None => "Save the file as UTF-8.",
    };
    fault(span, message, help)
}

/// A tab that the parser lets pass.
pub(super) fn tab(span: Span) -> Fault {
    let (message, help) = words(&ErrorKind::TabInIndentation);
    fault(span, message, help)
}

/// A directive that the library does not know, and other readers pass over.
pub(super) fn directive(span: Span) -> Fault {
    let help = "Remove this line, or quote text that begins with `%`.";
    fault(span, "the gateway's reader knows no such directive and refuses the file", help)
}

/// Whether the line of `at` is a directive that the library does not know.
pub(super) fn is_unknown_directive(text: &str, at: Span) -> bool {
    let line = text[..at.start as usize].rfind('\n').map_or(0, |end| end + 1);
    let name = text[line..].strip_prefix('%').and_then(|name| name.split_whitespace().next());
    name.is_some_and(|name| !matches!(name, "YAML" | "TAG"))
}

/// Whether this is wrong with a token by itself, whatever comes before or after it.
pub(super) fn is_of_one_token(kind: &ErrorKind) -> bool {
    use ErrorKind as K;
    matches!(
        kind,
        K::UnknownQuotedScalarEscape
            | K::InvalidQuotedScalarHexEscape
            | K::InvalidUnicodeEscape
            | K::DocumentIndicatorInQuotedScalar
            | K::UnclosedQuotedScalar
            | K::ZeroBlockScalarIndent
            | K::InvalidBlockScalarHeader
            | K::UnexpectedCharacter { .. }
            | K::MissingAnchorOrAliasName
            | K::ExpectedTagBang
            | K::InvalidTagTerminator
            | K::UnclosedVerbatimTag
            | K::InvalidTagEscape
    )
}

/// A version of YAML that the library refuses, although it reads most of it.
pub(super) fn version(span: Span) -> Fault {
    fault(
        span,
        "the gateway's reader refuses a file that says it is of this version of YAML",
        "Remove this line, or write `%YAML 1.1`.",
    )
}

/// A character in the name of an anchor that the library refuses there.
pub(super) fn anchor(span: Span) -> Fault {
    fault(
        span,
        "the gateway's reader takes no such character in the name of an anchor",
        "Use letters, digits, `_` and `-`.",
    )
}

/// A character at which the name of an anchor ends for the library.
pub(super) fn anchor_ends(span: Span) -> Fault {
    warning(
        span,
        "the name of this anchor ends here for the gateway's reader, and what follows is text",
        "Use letters, digits, `_` and `-`.",
    )
}

/// What the library does not take as plain text in the flow style, where the parser does: a `?` ends
/// it wherever it stands, and a `:` cannot begin it.
pub(super) fn flow_text(text: &str, span: Span, is_value: bool) -> Option<Fault> {
    let written = &text[span.range()];
    let help = "Put the text between quotes.";
    if written.starts_with(':') {
        let colon = Span { end: span.start + 1, ..span };
        let message = "between brackets the gateway's reader takes this colon for the end of a key";
        return Some(fault(colon, message, help));
    }
    let at = written.find('?')?;
    let start = span.start as usize + at;
    let mark = Span::new(start, start + 1);
    if at == 0 {
        let message = "between brackets the gateway's reader takes this `?` for the mark of a key";
        // Where a value should be there can be no key.
        return Some(Fault { is_warning: !is_value, ..fault(mark, message, help) });
    }
    let message = "text without quotes cannot hold a `?` between brackets: the gateway refuses it";
    Some(fault(mark, message, help))
}

/// A key in the flow style whose colon is on a later line.
pub(super) fn parted_key(text: &str, span: Span) -> Option<Fault> {
    if span.range().is_empty() || text[..span.start as usize].trim_end().ends_with('?') {
        return None;
    }
    let after = &text[span.end as usize..];
    let mut rest = after.trim_start_matches([' ', '\t']);
    while rest.starts_with(['#', '\r', '\n']) {
        rest = rest.split_once('\n')?.1.trim_start();
    }
    let between = &after[..after.len() - rest.len()];
    let colon = text.len() - rest.len();
    (rest.starts_with(':') && between.contains('\n')).then(|| {
        fault(
            Span::new(colon, colon + 1),
            "the colon must be on the line of its key",
            "Write it behind the key.",
        )
    })
}

/// What the parser stopped at.
pub(super) fn syntax(text: &str, error: &ScanError) -> Fault {
    let at = error.marker().byte_offset().unwrap_or_default().min(text.len());
    if let Some(fault) = missing_blank(text, at, error.kind()) {
        return fault;
    }
    if let ErrorKind::UnknownQuotedScalarEscape = error.kind() {
        return unknown_escape(text, at);
    }
    let (mut message, help) = words(error.kind());
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    if let ErrorKind::MappingValueNotAllowed = error.kind()
        && text[line..at].contains(": ")
    {
        "a second `: ` on this line: text that holds one must be quoted".clone_into(&mut message);
    }
    fault(place(text, at, error.kind()), message, help)
}

/// The comment, if all that the parser misses is a blank before it.
pub(super) fn unseparated(text: &str, error: &ScanError) -> Option<Span> {
    let at = error.marker().byte_offset().filter(|at| text[*at..].starts_with('#'))?;
    let end = text[at..].find(['\r', '\n']).map_or(text.len(), |length| at + length);
    (*error.kind() == ErrorKind::CommentNotSeparated).then(|| Span::new(at, end))
}

/// The first escape that YAML does not know in the text whose quote is at `start`.
fn unknown_escape(text: &str, start: usize) -> Fault {
    let quoted = &text[start..];
    let mut at = 0;
    while let Some(length) = quoted[at..].find('\\') {
        at += length;
        let next = quoted[at + 1..].chars().next().unwrap_or('\\');
        if !"0abt\tnvfe \"/\\N_LPxuU\r\n".contains(next) {
            break;
        }
        at += 1 + next.len_utf8();
        at = at.min(quoted.len());
    }
    let next = quoted[at..].chars().nth(1);
    let end = start + at + 1 + next.map_or(0, char::len_utf8);
    let (message, help) = words(&ErrorKind::UnknownQuotedScalarEscape);
    let fault = fault(Span::new(start + at, end.min(text.len())), message, help);
    // The library has this one of its own.
    Fault { is_warning: next == Some('\''), ..fault }
}

/// The first escape in the double-quoted text at `span` that other readers of YAML know, but not the
/// gateway's: `\/`, and halves of surrogate pairs.
pub(super) fn foreign_escape(text: &str, span: Span) -> Option<Fault> {
    let quoted = &text[span.range()];
    let mut at = 0;
    while let Some(length) = quoted[at..].find('\\') {
        at += length;
        let escape = &quoted[at..];
        let is_half = || {
            let digits = escape.get(2..6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            digits.is_some_and(|unit| (0xD800..0xE000).contains(&unit))
        };
        let (length, help) = match escape.as_bytes().get(1) {
            Some(b'/') => (2, "Write `/` without a backslash."),
            Some(b'u') if is_half() => {
                (6, "Write the character itself, or `\\U` and eight digits.")
            }
            _ => {
                at += 1 + escape[1..].chars().next().map_or(0, char::len_utf8);
                continue;
            }
        };
        let start = span.start as usize + at;
        let message = "JSON has this escape, but the gateway's YAML does not";
        return Some(fault(Span::new(start, start + length), message, help));
    }
    None
}

/// What is wrong with the key at `span` if it is missing, or goes over lines, without a `?` before it.
pub(super) fn unfit_key(text: &str, span: Span, has_properties: bool) -> Option<Fault> {
    let key = &text[span.range()];
    let is_block_key = key.starts_with(['|', '>']);
    if has_properties || is_block_key || !(key.is_empty() || key.contains('\n')) {
        return None;
    }
    let before = text[..span.start as usize].trim_end();
    let after = text[span.end as usize..].trim_start();
    if before.ends_with('?') || !after.starts_with(':') {
        return None;
    }
    let (message, help) = if key.is_empty() {
        ("a key is missing before this colon", "Name the key.")
    } else {
        (
            "a key must be on one line",
            "Close the quote or the bracket before this key, or join its lines.",
        )
    };
    let end = if key.is_empty() { span.end + 1 } else { span.end };
    Some(fault(Span { end: end.min(text.len() as u32), ..span }, message, help))
}

/// The bytes to point at for an error that the parser reports at `at`.
fn place(text: &str, at: usize, kind: &ErrorKind) -> Span {
    let before = &text[..at];
    let after = &text[at..];
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar
        | ErrorKind::TabAtBlockScalarStart => {
            let start = before.trim_end_matches('\t').len();
            let length = after.len() - after.trim_start_matches('\t').len();
            Span::new(start, if start < at { at } else { at + length.max(first_len(after)) })
        }
        // The indicator itself: an opening quote or bracket, a colon, a comma.
        _ if after.starts_with(['"', '\'', '[', ']', '{', '}', ':', ',', '-', '?', '\\']) => {
            Span::new(at, at + 1)
        }
        ErrorKind::UnexpectedCharacter { .. } => Span::new(at, at + first_len(after)),
        _ => {
            let word = after.find([' ', '\t', '\r', '\n', ':', ',']).unwrap_or(after.len());
            Span::new(at, at + word)
        }
    }
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// The commonest mistake of all, which the parser notices only on the next line: `key:value`.
fn missing_blank(text: &str, at: usize, kind: &ErrorKind) -> Option<Fault> {
    if !matches!(
        kind,
        ErrorKind::MappingValueNotAllowed
            | ErrorKind::SimpleKeyExpected
            | ErrorKind::InvalidSimpleKey
            | ErrorKind::ExpectedBlockMappingKey
    ) {
        return None;
    }
    let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let here = &text[line_start..];
    let here = &here[..here.find('\n').unwrap_or(here.len())];
    let before = text[..line_start].trim_end();
    let last_start = before.rfind('\n').map_or(0, |end| end + 1);
    [(line_start, here), (last_start, &before[last_start..])].into_iter().find_map(
        |(start, line)| {
            let entry = line.trim_start_matches([' ', '-']);
            let key = entry.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
            let value = entry[key..].strip_prefix(':')?;
            let next = value.chars().next()?;
            if next.is_whitespace() || entry.contains(": ") || key == 0 || value.starts_with("//") {
                return None;
            }
            let colon = start + line.len() - entry.len() + key;
            Some(fault(
                Span::new(colon, colon + 1),
                "a blank is missing after this colon: without it there is no key here, only text",
                format!("Write `{}: `, with a blank before the value.", &entry[..key]),
            ))
        },
    )
}

/// A message and what to do.
#[allow(clippy::too_many_lines, reason = "one table")]
fn words(kind: &ErrorKind) -> (String, String) {
    use ErrorKind as K;
    let deep = format!("a gateway reads no more than {MAX_DEPTH} levels");
    let (message, help) = match kind {
        K::TabNotAllowed
        | K::TabInBlockIndentation
        | K::TabInIndentation
        | K::TabAtBlockScalarStart => {
            ("a tab is used for indentation, which YAML does not allow", "Indent with blanks.")
        }
        K::TabInPlainScalar => ("a tab stands where no tab may be", "Replace it by a blank."),
        K::UnclosedQuotedScalar => {
            ("this quote is never closed", "Add the same quote at the end of the text.")
        }
        K::DocumentIndicatorInQuotedScalar => (
            "this quoted text is not closed before the end of its document",
            "Add the closing quote before this line.",
        ),
        K::UnclosedFlowCollection { open } | K::MismatchedFlowCollectionEnd { open, .. } => {
            let close = if *open == '[' { ']' } else { '}' };
            let message = match kind {
                K::MismatchedFlowCollectionEnd { close, .. } => {
                    format!("`{close}` does not close `{open}`")
                }
                _ => format!("this `{open}` is never closed"),
            };
            return (message, format!("Close it with `{close}`."));
        }
        K::MisplacedFlowCollectionEnd => (
            "this bracket closes nothing",
            "Remove it, or open it where the list or mapping begins.",
        ),
        K::UnexpectedEofFlowSequence | K::ExpectedFlowSequenceSeparator => (
            "a comma or `]` should be here",
            "Separate the items with commas, and close the list with `]`.",
        ),
        K::UnexpectedEofFlowMapping
        | K::UnexpectedEofImplicitFlowMapping
        | K::ExpectedFlowMappingSeparator => (
            "a comma or `}` should be here",
            "Separate the members with commas, and close the mapping with `}`.",
        ),
        K::InvalidColonPlacement
        | K::FlowMappingValueAdjacentCollection
        | K::InvalidMappingValueWhitespace => (
            "this colon cannot stand here",
            "Check that every list and mapping before it is closed, and that a blank follows it.",
        ),
        K::MappingValueNotAllowed => (
            "no key can be here: this line goes on with the text of the one before",
            "Give each key a line of its own, and the keys of one mapping the same indentation.",
        ),
        K::SimpleKeyExpected | K::InvalidSimpleKey | K::UnexpectedEof => (
            "a key without a colon: this line is neither a key nor the end of a value",
            "Write `key: value`, or indent the line if it goes on with the text before it.",
        ),
        K::ExpectedBlockMappingKey | K::UnexpectedEofBlockMapping | K::MappingKeyNotAllowed => (
            "a key of the mapping should be here",
            "Indent the keys of one mapping alike; a list belongs below a key of its own.",
        ),
        K::ExpectedBlockSequenceEntry | K::UnexpectedEofBlockSequence => (
            "an item of the list should be here, beginning with `-`",
            "Indent all items of one list alike, and nothing else as far to the left.",
        ),
        K::BlockSequenceEntryNotAllowed | K::BlockEntryInFlowCollection => (
            "a list with `-` cannot begin here",
            "Begin it on a line of its own; between `[` and `]` separate items with commas.",
        ),
        K::InvalidBlockEntryWhitespace | K::PlainScalarStartsWithDashFlowIndicator => {
            ("this `-` begins no item", "Write a blank after it, or quote the text.")
        }
        K::InvalidIndentation
        | K::InvalidFlowScalarIndent
        | K::InvalidQuotedScalarIndent
        | K::InvalidBlockScalarIndent => (
            "the indentation of this line fits nothing before it",
            "Indent it as far as what it belongs to.",
        ),
        K::ZeroBlockScalarIndent | K::InvalidBlockScalarHeader => (
            "nothing but a comment may follow `|` or `>` on its line",
            "Begin the text on the next line.",
        ),
        K::InvalidTrailingSingleQuotedScalar | K::InvalidTrailingDoubleQuotedScalar => (
            "text after the closing quote",
            "Quote all of the value; write `\\\"` within double quotes, `''` within single ones.",
        ),
        K::UnknownQuotedScalarEscape
        | K::InvalidQuotedScalarHexEscape
        | K::InvalidLowSurrogateHexEscape
        | K::InvalidLowSurrogate
        | K::MissingLowSurrogate
        | K::UnpairedLowSurrogate
        | K::InvalidUnicodeEscape => (
            "this text has an escape that YAML does not know",
            "Write `\\\\` for a backslash, or use single quotes, in which nothing is an escape.",
        ),
        K::UnexpectedCharacter { character: '@' | '`' | '%' } => {
            ("text cannot begin with this character", "Put the value between quotes.")
        }
        K::UnexpectedCharacter { .. } => (
            "this character cannot stand here",
            "Put the text between quotes, or remove the character.",
        ),
        K::CommentNotSeparated => (
            "a blank is missing before this comment",
            "Write a blank before `#`, or quote the text that it belongs to.",
        ),
        K::CommentInterceptedScalar => (
            "a comment ends the text, which goes on after it",
            "Put the comment before the value, or the text between quotes.",
        ),
        K::MissingAnchorOrAliasName => {
            ("a name should follow `&` or `*`", "Name the anchor, or put the text between quotes.")
        }
        K::UndeclaredTagHandle => (
            "this tag begins with a handle that nobody declared",
            "Remove the tag, or put the text between quotes.",
        ),
        K::ExpectedTagBang
        | K::InvalidTagTerminator
        | K::MissingTagUri
        | K::UnclosedVerbatimTag
        | K::InvalidTagEscape
        | K::InvalidGlobalTagCharacter => (
            "this is not a tag, as text that begins with `!` must be",
            "Remove it, or put the text between quotes.",
        ),
        K::BomInsideDocument => {
            ("a byte order mark may stand at the beginning of a file only", "Remove it.")
        }
        K::RecursionLimitExceeded => {
            return (format!("nested too deep: {deep}"), "Nest it less deep.".to_owned());
        }
        _ => {
            ("this is not valid YAML", "Check indentation, quotes and brackets from here upwards.")
        }
    };
    (message.to_owned(), help.to_owned())
}
