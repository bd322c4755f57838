//! Plain scalars that are numbers, as `resolve.go` of `go.yaml.in/yaml/v3` tells them: YAML 1.2, but
//! `010` is eight, `0b11` is three, and underscores are left out wherever they stand.

use std::borrow::Cow;

/// A number.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Number {
    /// Written as JSON would write it.
    Json,
    /// Written otherwise; its digits in JSON.
    Other(String),
}

/// The number that `plain`, which begins with a digit, a sign or a dot, is.
pub(super) fn number(plain: &str) -> Option<Number> {
    if is_json(plain) {
        // What no float can hold is not a number for Go, but text.
        let long = plain.len() > 300 || plain.contains(['e', 'E']);
        return (!long || plain.parse().is_ok_and(f64::is_finite)).then_some(Number::Json);
    }
    if plain.starts_with('.') {
        return float(plain);
    }
    let digits =
        if plain.contains('_') { Cow::Owned(plain.replace('_', "")) } else { Cow::Borrowed(plain) };
    integer(&digits).map(Number::Other).or_else(|| float(&digits))
}

/// Whether `text` is a number in JSON, and not the zero with a sign that an integer cannot have.
fn is_json(text: &str) -> bool {
    let digits = |bytes: &[u8]| bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut rest = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest[0] == b'0') || text == "-0" {
        return false;
    }
    rest = &rest[whole..];
    if let [b'.', fraction @ ..] = rest {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent =
            exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let length = digits(exponent);
        return length > 0 && length == exponent.len();
    }
    rest.is_empty()
}

/// An integer in any of Go's notations, in decimal digits.
fn integer(text: &str) -> Option<String> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let signed = unsigned.len() < text.len();
    let (base, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    if !digits.starts_with(['+', '-']) {
        if let Ok(number) = u64::from_str_radix(digits, base) {
            return match (negative, signed) {
                (true, _) => 0_i64.checked_sub_unsigned(number).map(|number| number.to_string()),
                // With a sign Go takes it for an `int64`.
                (false, true) => i64::try_from(number).ok().map(|number| number.to_string()),
                (false, false) => Some(number.to_string()),
            };
        }
    } else if !signed && matches!(&unsigned[..2], "0b" | "0o") {
        // An oddity of the library: what follows these two prefixes may have a sign of its own.
        return i64::from_str_radix(digits, base).ok().map(|number| number.to_string());
    }
    None
}

/// A decimal number with a fraction or an exponent, or digits that no integer is written in.
fn float(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let plain = unsigned.starts_with(|c: char| c == '.' || c.is_ascii_digit())
        && unsigned.bytes().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    let number: f64 = text.parse().ok().filter(|number: &f64| plain && number.is_finite())?;
    Some(Number::Other(number.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_json_agrees_with_a_reader_of_json() {
        for text in [
            "0", "1", "-1", "10", "01", "-", "1.", ".5", "1.5", "1e3", "1E+3", "1e-3", "1e",
            "1.5e", "-0.0", "1x", "+1", "0x1", "--1", "1.2.3", "1e3e3",
        ] {
            let json = serde_json::from_str::<f64>(text).is_ok();
            assert_eq!(is_json(text), json, "{text}");
        }
    }
}
