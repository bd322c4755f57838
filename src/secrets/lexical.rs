//! The secrets of a text that its reader did not understand, found by its quotes, brackets and the marks
//! between keys and values alone.

use super::names::{hides_all, names_secret};
use super::values::may_be_secret;
use crate::effective::headers::CREDENTIALS;
use crate::source::{Format, Span};

/// The secrets of `bytes`, which are of `format` and begin at `offset` of the source, in their order;
/// `hides` tells the keys whose values are secrets.
pub(super) fn secrets(
    bytes: &[u8],
    offset: usize,
    format: Format,
    hides: impl Fn(&str) -> bool,
) -> Vec<Span> {
    let is_toml = format == Format::Toml;
    let mark = if is_toml { b'=' } else { b':' };
    let mut secrets = Vec::new();
    let mut key = String::new();
    // How many brackets are open, and the number at which all began to be secret.
    let (mut depth, mut hidden) = (0_usize, None);
    // Whether all is secret up to the next header of a table.
    let mut section = false;
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += 1;
        match bytes[start] {
            b'[' if is_toml && is_line_start(bytes, start) => {
                at = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |len| at + len);
                section = is_path_secret(&String::from_utf8_lossy(&bytes[start..at]));
            }
            b'{' | b'[' => {
                depth += 1;
                if hidden.is_none() && (is_path_secret(&key) || names_secret(&key)) {
                    hidden = Some(depth);
                }
            }
            b'}' | b']' => {
                if hidden == Some(depth) {
                    hidden = None;
                }
                depth = depth.saturating_sub(1);
                // A stray bracket between a key and its value is a fault, and ends nothing.
                if !is_after_mark(bytes, start, mark) {
                    key.clear();
                }
            }
            b',' | b' ' | b'\t' | b'\r' | b'\n' => {}
            // The mark of an item in YAML.
            b'-' if bytes.get(at).is_none_or(u8::is_ascii_whitespace) => {}
            byte if byte == mark => {}
            first => {
                at = token_end(bytes, start, first, mark);
                let raw = String::from_utf8_lossy(&bytes[start..at]);
                let text = raw.trim_matches(['"', '\'']);
                let is_key = bytes[at..].trim_ascii_start().first() == Some(&mark);
                // A key that lost its mark to a fault still tells what comes after it.
                if is_key || (hidden.is_none() && !section && hides(text) && !hides(&key)) {
                    text.clone_into(&mut key);
                } else if ((hidden.is_some() || section) && key != "name")
                    || is_path_secret(&key)
                    || (hides(&key) && !is_header(text))
                    || may_be_secret(text)
                {
                    secrets.push(Span::new(offset + start, offset + at));
                }
            }
        }
    }
    secrets
}

/// Whether `text` is the name of a header with credentials: in a list of such names none is the value of
/// the one before it.
fn is_header(text: &str) -> bool {
    CREDENTIALS.iter().any(|header| header.eq_ignore_ascii_case(text))
}

/// Whether only blanks are between `mark` and the byte at `at`.
fn is_after_mark(bytes: &[u8], at: usize, mark: u8) -> bool {
    bytes[..at].trim_ascii_end().last() == Some(&mark)
}

/// Whether only blanks are before `at` on its line.
fn is_line_start(bytes: &[u8], at: usize) -> bool {
    let before = bytes[..at].iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
    before.is_none_or(|byte| *byte == b'\n')
}

/// Whether a part of the dotted key or header `path` makes all below it secret.
fn is_path_secret(path: &str) -> bool {
    path.split(['.', '[', ']', '"', '\'', ' ']).any(hides_all) || hides_all(path)
}

/// Where the token ends that begins at `start`: a string at its closing quote or the end of its line,
/// anything else at the next delimiter or `mark`.
fn token_end(bytes: &[u8], start: usize, first: u8, mark: u8) -> usize {
    let mut at = start + 1;
    if first != b'"' && first != b'\'' {
        let ends = |byte: &u8| *byte == mark || b"{}[],\"' \t\r\n".contains(byte);
        return bytes[at..].iter().position(ends).map_or(bytes.len(), |len| at + len);
    }
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => return at,
            b'\\' => at += 1,
            byte if byte == first => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::super::hides;
    use super::secrets;
    use crate::source::Format;

    #[test]
    fn items_of_a_list_in_yaml_are_told_from_their_marks() {
        for (text, hidden) in [
            ("- Authorization\n- Cookie\n- X-Api-Key\n", &[][..]),
            ("password\n- a\n-\n  b\n- -c\n", &["a", "b", "-c"]),
        ] {
            let found = secrets(text.as_bytes(), 0, Format::Yaml, hides);
            let found: Vec<_> = found.iter().map(|span| &text[span.range()]).collect();
            assert_eq!(found, hidden, "{text}");
        }
    }
}
