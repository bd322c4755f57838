//! Values without quotes: what they are, and how JSON writes them.

use super::faults::Faults;
use crate::document::Kind;
use crate::source::{Source, Span};

/// What the value without quotes at `span` is, and its content where that is not what is written.
pub(super) fn decode(source: &Source, span: Span, faults: &mut Faults) -> (Kind, Option<String>) {
    let written = String::from_utf8_lossy(source.slice(span));
    match &*written {
        "true" => return (Kind::Bool(true), None),
        "false" => return (Kind::Bool(false), None),
        "" => {
            faults
                .broken(span, "a value is missing here")
                .help("TOML is written `key = value`, on one line.".to_owned());
            return (Kind::Null, None);
        }
        _ => {}
    }
    if let Some(text) = date(&written) {
        return (Kind::String, Some(text));
    }
    if let Some(infinite) = not_finite(&written) {
        faults
            .error(span, format!("`{written}` is no number that JSON knows"))
            .help("Write a finite number: the gateway hands settings on as JSON.".to_owned())
            .warning();
        return (Kind::Number, Some(infinite.to_owned()));
    }
    match number(&written) {
        Ok(text) => (Kind::Number, (text != written).then_some(text)),
        Err(Flaw::Range) => {
            faults
                .error(span, "a number that no 64 bits hold")
                .help("Write a smaller number.".to_owned());
            (Kind::Number, Some("0".to_owned()))
        }
        Err(flaw) => {
            let (message, help) = match flaw {
                Flaw::Zero => ("a number that begins with a zero", "Remove the zero."),
                Flaw::Word if matches!(&*written.to_lowercase(), "true" | "false") => {
                    ("this is no value", "Write `true` or `false` in lower case.")
                }
                Flaw::Word if matches!(&*written, "null" | "nil") => {
                    ("TOML has no null", "Remove the key, or comment the line out.")
                }
                _ => ("this is neither a number nor a boolean", "Put text in double quotes."),
            };
            faults.error(span, message).help(help.to_owned());
            (Kind::String, None)
        }
    }
}

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    Word,
    Zero,
    Range,
}

/// The largest or smallest number in the place of one that is not finite.
fn not_finite(written: &str) -> Option<&'static str> {
    match written.strip_prefix(['+', '-']).unwrap_or(written) {
        "inf" if written.starts_with('-') => Some("-1.7976931348623157e308"),
        "inf" => Some("1.7976931348623157e308"),
        "nan" => Some("0"),
        _ => None,
    }
}

/// A date, a time or both as the JSON text that go-toml's types become.
fn date(written: &str) -> Option<String> {
    let bytes = written.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
    };
    let is_time = digits(0..2) && bytes.get(2) == Some(&b':') && digits(3..5);
    let is_date = digits(0..4)
        && bytes.get(4) == Some(&b'-')
        && digits(5..7)
        && bytes.get(7) == Some(&b'-')
        && digits(8..10);
    let rest_is = |from: usize| {
        bytes[from..].iter().all(|byte| byte.is_ascii_digit() || b":.+-TtZz ".contains(byte))
    };
    if is_date && matches!(bytes.get(10), None | Some(b'T' | b't' | b' ')) && rest_is(10) {
        return Some(written.replacen(' ', "T", 1));
    }
    (is_time && rest_is(5)).then(|| written.to_owned())
}

/// `written` as JSON writes the number it is.
fn number(written: &str) -> Result<String, Flaw> {
    let (sign, digits) = match written.as_bytes().first() {
        Some(b'+') => ("", &written[1..]),
        Some(b'-') => ("-", &written[1..]),
        _ => ("", written),
    };
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return Err(Flaw::Word);
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = digits.strip_prefix(prefix).filter(|_| digits == written) {
            return in_base(digits, radix);
        }
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    if !is_decimal(&plain) {
        return Err(Flaw::Word);
    }
    let whole = plain.bytes().take_while(u8::is_ascii_digit).count();
    let is_integer = whole == plain.len();
    let trimmed = plain[..whole].trim_start_matches('0');
    // go-toml leaves the base to Go, to which a zero in front means octal, but not in a float.
    let is_octal =
        is_integer && digits == written && digits.bytes().all(|b| (b'0'..b'8').contains(&b));
    if is_octal && trimmed.len() < whole && !trimmed.is_empty() {
        return Err(Flaw::Zero);
    }
    let sign = if is_integer && trimmed.is_empty() { "" } else { sign };
    let zero = if trimmed.is_empty() { "0" } else { trimmed };
    let text = format!("{sign}{zero}{}", &plain[whole..]);
    let fits = if !is_integer {
        text.parse().is_ok_and(f64::is_finite)
    } else if sign.is_empty() {
        text.parse::<u64>().is_ok()
    } else {
        text.parse::<i64>().is_ok()
    };
    if fits { Ok(text) } else { Err(Flaw::Range) }
}

fn in_base(digits: &str, radix: u32) -> Result<String, Flaw> {
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    if digits.starts_with('_') || plain.is_empty() || !plain.chars().all(|c| c.is_digit(radix)) {
        return Err(Flaw::Word);
    }
    u64::from_str_radix(&plain, radix).map(|n| n.to_string()).map_err(|_| Flaw::Range)
}

/// Whether `text` is `digits`, perhaps with a fraction, perhaps with an exponent.
fn is_decimal(text: &str) -> bool {
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
        }
        None => (text, None),
    };
    let mantissa_is = match mantissa.split_once('.') {
        Some((whole, fraction)) => all_digits(whole) && all_digits(fraction),
        None => all_digits(mantissa),
    };
    mantissa_is && exponent.is_none_or(all_digits)
}
