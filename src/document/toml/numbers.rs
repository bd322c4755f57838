//! Values without quotes: what they are, and how JSON writes them.

use super::dates::{self, date};
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
    let next = source.bytes().get(span.end as usize).copied();
    if let Some(date) = date(&written, next) {
        return (Kind::String, date.map_err(|flaw| wrong_date(flaw, span, faults)).ok());
    }
    if let Some(infinite) = not_finite(&written) {
        faults
            .error(span, format!("`{written}` is not a number that JSON knows"))
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
                    ("this is not a value", "Write `true` or `false` in lower case.")
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

/// Reports what begins like a date or a time and is none that go-toml reads.
fn wrong_date(flaw: dates::Flaw, span: Span, faults: &mut Faults) {
    let (message, help) = match flaw {
        dates::Flaw::Form => (
            "this begins like a date or a time, but is not written as one",
            "Write it as `2006-01-02T15:04:05Z`, or put text in double quotes.",
        ),
        dates::Flaw::Range => {
            ("there is no such date or time", "Correct it, or put text in double quotes.")
        }
        dates::Flaw::Followed => (
            "the gateway's reader does not read a date without a time at the end of a line, or \
             before a comma or bracket",
            "Put the date in double quotes.",
        ),
    };
    faults.error(span, message).help(help.to_owned());
}

/// Why a text is not a number.
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

/// `written` as JSON writes the number it is, if go-toml takes it for one.
fn number(written: &str) -> Result<String, Flaw> {
    let digits = written.strip_prefix(['+', '-']).unwrap_or(written);
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = written.strip_prefix(prefix) {
            return in_base(digits, radix);
        }
    }
    let is_float = is_float(written)?;
    if !underscores_fit(written, u8::is_ascii_digit) {
        return Err(Flaw::Word);
    }
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    let whole = dates::digits(plain.as_bytes());
    // go-toml takes what begins with a zero and has three digits for a number with a base.
    if !is_float && digits == written && plain.len() >= 3 && plain.starts_with('0') {
        return Err(Flaw::Zero);
    }
    let trimmed = plain[..whole].trim_start_matches('0');
    let sign = if written.starts_with('-') && (is_float || !trimmed.is_empty()) { "-" } else { "" };
    let zero = if trimmed.is_empty() { "0" } else { trimmed };
    let text = format!("{sign}{zero}{}", &plain[whole..]);
    let fits = match written.as_bytes()[0] {
        _ if is_float => text.parse().is_ok_and(f64::is_finite),
        // With a sign Go takes it for an `int64`.
        b'+' | b'-' => text.parse::<i64>().is_ok(),
        _ => text.parse::<u64>().is_ok(),
    };
    if fits { Ok(text) } else { Err(Flaw::Range) }
}

/// Whether the decimal number `written` is a float; it is none if there is anything else in it.
fn is_float(written: &str) -> Result<bool, Flaw> {
    let unsigned = written.strip_prefix(['+', '-']).unwrap_or(written);
    // A zero and a letter are the beginning of another base to go-toml.
    if written.starts_with("0e")
        || written.starts_with("0E")
        || !unsigned.starts_with(|c: char| c.is_ascii_digit())
    {
        return Err(Flaw::Word);
    }
    let plain: String = unsigned.chars().filter(|c| *c != '_').collect();
    let (mantissa, exponent) = match plain.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)))
        }
        None => (&*plain, None),
    };
    let all_digits = |part: &str| !part.is_empty() && dates::digits(part.as_bytes()) == part.len();
    let mantissa_is = match mantissa.split_once('.') {
        Some((whole, fraction)) => {
            all_digits(whole) && all_digits(fraction) && !written.contains("._")
        }
        None => all_digits(mantissa),
    };
    let is_number = mantissa_is && exponent.is_none_or(all_digits);
    if is_number { Ok(exponent.is_some() || mantissa.contains('.')) } else { Err(Flaw::Word) }
}

/// Whether a digit is before each underscore of `written`, and anything behind it.
fn underscores_fit(written: &str, is_digit: impl Fn(&u8) -> bool) -> bool {
    let fits = |pair: &[u8]| pair[1] != b'_' || is_digit(&pair[0]);
    written.as_bytes().windows(2).all(fits) && !written.ends_with('_')
}

fn in_base(digits: &str, radix: u32) -> Result<String, Flaw> {
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    let fit = underscores_fit(digits, |byte| match radix {
        16 => byte.is_ascii_hexdigit(),
        _ => byte.is_ascii_digit(),
    });
    let are_digits = !plain.is_empty() && plain.chars().all(|c| c.is_digit(radix));
    if digits.starts_with('_') || !fit || !are_digits {
        return Err(Flaw::Word);
    }
    u64::from_str_radix(&plain, radix).map(|n| n.to_string()).map_err(|_| Flaw::Range)
}
