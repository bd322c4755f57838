//! Literals of actions: quoted texts, characters and numbers, by Go's rules.

use super::ast::Number;
use super::runes::decode;

/// The text that a quoted literal stands for, its quotes included in `text`.
pub(super) fn unquote(text: &[u8]) -> Option<Vec<u8>> {
    let (&quote, inner) = text.split_first()?;
    let inner = inner.strip_suffix(&[quote])?;
    if quote == b'`' {
        return Some(inner.iter().copied().filter(|byte| *byte != b'\r').collect());
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while !rest.is_empty() {
        rest = unquote_one(rest, quote, &mut out)?;
    }
    Some(out)
}

/// The character that `'x'` stands for.
pub(super) fn character(text: &[u8]) -> Option<i64> {
    let inner = text.strip_prefix(b"'")?.strip_suffix(b"'")?;
    let mut out = Vec::new();
    let byte_escape = matches!(inner, [b'\\', b'x' | b'0'..=b'7', ..]);
    let rest = unquote_one(inner, b'\'', &mut out)?;
    if !rest.is_empty() {
        return None;
    }
    if byte_escape {
        out.first().map(|byte| i64::from(*byte))
    } else {
        Some(i64::from(u32::from(decode(&out).0)))
    }
}

/// Appends what the first character or escape of `text` stands for, and gives the rest.
fn unquote_one<'a>(text: &'a [u8], quote: u8, out: &mut Vec<u8>) -> Option<&'a [u8]> {
    match text {
        [first, ..] if *first == quote || *first == b'\n' => None,
        [b'\\', escape, rest @ ..] => {
            let simple = match escape {
                b'a' => 7,
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 11,
                b'\\' => b'\\',
                b'\'' | b'"' if *escape == quote => quote,
                b'x' => return numeric(rest, 2, 16, true, out),
                b'u' => return numeric(rest, 4, 16, false, out),
                b'U' => return numeric(rest, 8, 16, false, out),
                b'0'..=b'7' => return numeric(&text[1..], 3, 8, true, out),
                _ => return None,
            };
            out.push(simple);
            Some(rest)
        }
        [b'\\'] => None,
        _ => {
            let (rune, width) = decode(text);
            if rune == char::REPLACEMENT_CHARACTER && width == 1 && quote == b'\'' {
                out.extend("\u{FFFD}".as_bytes());
            } else {
                out.extend(&text[..width]);
            }
            Some(&text[width..])
        }
    }
}

fn numeric<'a>(
    text: &'a [u8],
    digits: usize,
    radix: u32,
    byte: bool,
    out: &mut Vec<u8>,
) -> Option<&'a [u8]> {
    let digits_text = std::str::from_utf8(text.get(..digits)?).ok()?;
    if !digits_text.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let value = u32::from_str_radix(digits_text, radix).ok()?;
    if byte {
        out.push(u8::try_from(value).ok()?);
    } else {
        let rune = char::from_u32(value)?;
        out.extend(rune.encode_utf8(&mut [0; 4]).as_bytes());
    }
    Some(&text[digits..])
}

/// A number of an action. The error is what is wrong with it.
pub(super) fn number(text: &[u8]) -> Result<Number, &'static str> {
    const ILLEGAL: &str = "this is not a number";
    let text = std::str::from_utf8(text).map_err(|_| ILLEGAL)?;
    let unsigned = integer(text.as_bytes()).filter(|_| !text.starts_with(['+', '-']));
    let (negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let signed = integer(digits).and_then(|value| {
        let value = i128::from(value);
        i64::try_from(if negative { -value } else { value }).ok()
    });
    let unsigned = if signed == Some(0) { Some(0) } else { unsigned };
    #[expect(clippy::cast_precision_loss, reason = "Go converts so, too")]
    let whole = signed.map(|value| value as f64).or(unsigned.map(|value| value as f64));
    if let Some(float) = whole {
        return Ok(Number { integer: signed, unsigned, float, is_float: false });
    }
    let float = parse_float(text).ok_or(ILLEGAL)?;
    if !text.contains(['.', 'e', 'E', 'p', 'P']) {
        return Err("this number is too large for an integer");
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, clippy::float_cmp)]
    let integer = (float.abs() < 9.3e18 && (float as i64) as f64 == float).then_some(float as i64);
    let unsigned = integer.and_then(|value| u64::try_from(value).ok());
    let hexadecimal = text.trim_start_matches(['+', '-']).to_ascii_lowercase().starts_with("0x")
        && !text.contains(['p', 'P']);
    Ok(Number { integer, unsigned, float, is_float: !hexadecimal })
}

/// An integer in any base, with underscores where Go allows them.
pub(super) fn integer(text: &[u8]) -> Option<u64> {
    let (radix, digits, prefixed) = match text {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest, true),
        [b'0', b'o' | b'O', rest @ ..] => (8, rest, true),
        [b'0', b'b' | b'B', rest @ ..] => (2, rest, true),
        [b'0', rest @ ..] if !rest.is_empty() => (8, rest, true),
        _ => (10, text, false),
    };
    // An underscore stands between two digits, or between a base and a digit.
    let mut value: u64 = 0;
    let mut last_is_digit = prefixed;
    for byte in digits {
        if *byte == b'_' {
            if !last_is_digit {
                return None;
            }
            last_is_digit = false;
            continue;
        }
        let digit = char::from(*byte).to_digit(radix)?;
        value = value.checked_mul(u64::from(radix))?.checked_add(u64::from(digit))?;
        last_is_digit = true;
    }
    (last_is_digit && !digits.is_empty()).then_some(value)
}

/// What Go's `strconv.ParseFloat` makes of a number; `None` for what is none and for what is too
/// large.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.trim_start_matches(['+', '-']);
    if text.len() - unsigned.len() > 1 {
        return None;
    }
    if unsigned.len() > 2 && unsigned[..2].eq_ignore_ascii_case("0x") {
        let value = hex_float(&unsigned[2..])?;
        return Some(if text.starts_with('-') { -value } else { value });
    }
    if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') {
        return None;
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// `1.8p3`: at most 15 digits, which is exact; more are not needed by anyone.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['p', 'P'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: String = [whole, fraction].concat().replace('_', "");
    if digits.is_empty() || digits.len() > 13 || !(-900..=900).contains(&exponent) {
        return None;
    }
    let value = u64::from_str_radix(&digits, 16).ok()?;
    let scale = exponent.checked_sub(i32::try_from(fraction.len()).ok()?.checked_mul(4)?)?;
    #[expect(clippy::cast_precision_loss, reason = "at most 52 bits")]
    let value = value as f64 * 2f64.powi(scale);
    value.is_finite().then_some(value)
}
