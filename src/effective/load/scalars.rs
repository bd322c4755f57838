//! What the loader makes of a scalar for a field of another type.

use crate::document::{Document, Kind, NodeId};

/// Whether the loader makes an integer of `node`: of any number, of a boolean, of text that is one.
pub(super) fn is_integer(doc: &Document<'_>, node: NodeId) -> bool {
    match doc.kind(node) {
        Kind::Number | Kind::Bool(_) => true,
        Kind::String => integer_text(&doc.text(node)) != Text::None,
        Kind::Null | Kind::Array | Kind::Object => false,
    }
}

/// The integer that the loader makes of `node`, where that is simple to say.
pub(super) fn integer(doc: &Document<'_>, node: NodeId) -> Option<i64> {
    match doc.kind(node) {
        Kind::Bool(value) => Some(i64::from(value)),
        #[expect(clippy::cast_possible_truncation, reason = "as the loader does")]
        Kind::Number => doc.number(node).map(|number| number.trunc() as i64),
        Kind::String => match integer_text(&doc.text(node)) {
            Text::Integer(value) => Some(value),
            Text::None => None,
        },
        Kind::Null | Kind::Array | Kind::Object => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    None,
    Integer(i64),
}

/// What Go's `ParseInt` makes of `text` with the base that it begins with.
fn integer_text(text: &str) -> Text {
    let (sign, digits) = match text.as_bytes().first() {
        // No text at all is zero.
        None => return Text::Integer(0),
        Some(b'-') => ("-", &text[1..]),
        Some(b'+') => ("", &text[1..]),
        Some(_) => ("", text),
    };
    let lower = digits.to_ascii_lowercase();
    let (base, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'o', ..] => (8, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &*lower),
    };
    let plain = if base == 10 && !lower.starts_with('0') {
        digits.to_owned()
    } else {
        digits.replace('_', "")
    };
    if plain.starts_with(['+', '-']) {
        return Text::None;
    }
    i64::from_str_radix(&format!("{sign}{plain}"), base).map_or(Text::None, Text::Integer)
}

/// Whether the loader makes a number of `node`.
pub(super) fn is_number(doc: &Document<'_>, node: NodeId) -> bool {
    match doc.kind(node) {
        Kind::Number | Kind::Bool(_) => true,
        Kind::String => {
            let text = doc.text(node);
            // Go knows more notations than are worth knowing here.
            let may_be = |c: char| c.is_ascii_hexdigit() || "+-._xXpPinfINFtyTYna".contains(c);
            text.chars().all(may_be)
        }
        Kind::Null | Kind::Array | Kind::Object => false,
    }
}

/// Whether the loader makes a boolean of `node`.
pub(super) fn is_bool(doc: &Document<'_>, node: NodeId) -> bool {
    match doc.kind(node) {
        Kind::Number | Kind::Bool(_) => true,
        Kind::String => {
            let text = doc.text(node);
            let is_false = matches!(&*text, "" | "0" | "f" | "F" | "false" | "False" | "FALSE");
            is_false || is_true_text(&text)
        }
        Kind::Null | Kind::Array | Kind::Object => false,
    }
}

/// Whether the loader makes `true` of `node`.
pub(super) fn is_true(doc: &Document<'_>, node: NodeId) -> bool {
    match doc.kind(node) {
        Kind::Bool(value) => value,
        Kind::Number => doc.number(node) != Some(0.0),
        Kind::String => is_true_text(&doc.text(node)),
        Kind::Null | Kind::Array | Kind::Object => false,
    }
}

fn is_true_text(text: &str) -> bool {
    matches!(text, "1" | "t" | "T" | "true" | "True" | "TRUE")
}

/// Whether the loader makes a duration of `node`.
pub(super) fn is_duration(doc: &Document<'_>, node: NodeId) -> bool {
    match doc.kind(node) {
        Kind::Number | Kind::Bool(_) => true,
        Kind::String => is_duration_text(&doc.text(node)),
        Kind::Null | Kind::Array | Kind::Object => false,
    }
}

/// Whether `text` is a duration to Go: numbers, each with its unit, the whole of it no longer than
/// 292 years.
fn is_duration_text(text: &str) -> bool {
    const LONGEST: f64 = 9_223_372_036_854_775_807.0;
    let mut rest = text.strip_prefix(['+', '-']).unwrap_or(text);
    if rest == "0" {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    let mut nanoseconds = 0.0;
    while !rest.is_empty() {
        let length = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, unit) = rest.split_at(length);
        let units = [
            ("ns", 1.0),
            ("us", 1e3),
            ("µs", 1e3),
            ("μs", 1e3),
            ("ms", 1e6),
            ("s", 1e9),
            ("m", 6e10),
            ("h", 3.6e12),
        ];
        let length = unit.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(unit.len());
        let (unit, after) = unit.split_at(length);
        let Some((_, factor)) = units.iter().find(|(name, _)| *name == unit) else { return false };
        let is_digits = number.bytes().filter(|byte| *byte == b'.').count() <= 1
            && number.bytes().any(|byte| byte.is_ascii_digit());
        let Some(number) = number.parse::<f64>().ok().filter(|_| is_digits) else { return false };
        nanoseconds += number * factor;
        rest = after;
    }
    nanoseconds <= LONGEST
}

#[cfg(test)]
mod tests {
    use super::{Text, integer_text, is_duration_text};

    #[test]
    fn durations_are_those_of_go() {
        for text in ["3s", "1h30m", "1.5ms", ".5s", "0", "-3s", "+1us", "2µs", "1.s"] {
            assert!(is_duration_text(text), "{text}");
        }
        for text in ["", "3", "s", "3 s", "3d", ".s", "3s4", "1.2.3s", "300000000h", "-"] {
            assert!(!is_duration_text(text), "{text}");
        }
    }

    #[test]
    fn integers_are_those_of_go() {
        for (text, value) in [("", 0), ("3", 3), ("-0x10", -16), ("010", 8), ("0b1_1", 3)] {
            assert!(integer_text(text) == Text::Integer(value), "{text}");
        }
        for text in ["x", "3.0", "08", "1_000", "9223372036854775808", "--1", " 3"] {
            assert!(integer_text(text) == Text::None, "{text}");
        }
    }
}
