//! Floating-point numbers as Go's `strconv` writes them.

/// The decimal digits of a positive, finite number, and the position of its decimal point.
struct Digits {
    digits: String,
    point: i32,
}

/// The fewest digits that give this number back.
fn shortest(value: f64) -> Digits {
    split(&format!("{value:e}"))
}

fn split(text: &str) -> Digits {
    let (mantissa, exponent) = text.split_once('e').expect("`{:e}` writes an exponent");
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let exponent: i32 = exponent.parse().expect("`{:e}` writes a number");
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Digits { digits: String::new(), point: 0 };
    }
    Digits { digits: digits.to_owned(), point: exponent + 1 }
}

/// Go's `strconv.FormatFloat`: `verb` is one of `e`, `E`, `f`, `g`, `G`; without a precision, as many
/// digits as are needed.
pub(super) fn format(value: f64, verb: char, precision: Option<usize>) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    let value = value.abs();
    if value.is_infinite() {
        return format!("{}Inf", if sign.is_empty() { "+" } else { sign });
    }
    let text = match (verb, precision) {
        ('f' | 'F', Some(precision)) => format!("{value:.precision$}"),
        ('f' | 'F', None) => fixed(&shortest(value)),
        ('e' | 'E', Some(precision)) => {
            exponential(&exactly(value, precision + 1), precision, verb)
        }
        ('e' | 'E', None) => {
            let digits = shortest(value);
            let precision = digits.digits.len().saturating_sub(1);
            exponential(&digits, precision, verb)
        }
        ('b', _) => binary(value),
        ('x', precision) => hexadecimal(value, precision),
        ('X', precision) => hexadecimal(value, precision).to_uppercase(),
        (_, precision) => general(value, verb, precision),
    };
    sign.to_owned() + &text
}

/// `count` digits, correctly rounded.
fn exactly(value: f64, count: usize) -> Digits {
    let precision = count.max(1) - 1;
    split(&format!("{value:.precision$e}"))
}

fn general(value: f64, verb: char, precision: Option<usize>) -> String {
    let (digits, limit) = match precision {
        None => (shortest(value), 6),
        Some(precision) => {
            let precision = precision.max(1);
            let digits = exactly(value, precision);
            let count = i32::try_from(digits.digits.len()).unwrap_or(i32::MAX);
            let mut limit = i32::try_from(precision).unwrap_or(i32::MAX);
            if limit > count && count >= digits.point {
                limit = count;
            }
            (digits, limit)
        }
    };
    let limit = if precision.is_none() { limit.max(6) } else { limit };
    let exponent = digits.point - 1;
    if exponent < -4 || exponent >= limit {
        let verb = if verb == 'G' { 'E' } else { 'e' };
        let precision = digits.digits.len().saturating_sub(1);
        return exponential(&digits, precision, verb);
    }
    fixed(&digits)
}

fn exponential(digits: &Digits, precision: usize, verb: char) -> String {
    let mut padded = digits.digits.clone();
    while padded.len() < precision + 1 {
        padded.push('0');
    }
    let mut text = padded[..1].to_owned();
    if precision > 0 {
        text.push('.');
        text.push_str(&padded[1..=precision]);
    }
    let exponent = if digits.digits.is_empty() { 0 } else { digits.point - 1 };
    let verb = if verb == 'E' { 'E' } else { 'e' };
    let sign = if exponent < 0 { '-' } else { '+' };
    text + &format!("{verb}{sign}{:02}", exponent.abs())
}

fn fixed(digits: &Digits) -> String {
    let count = digits.digits.len();
    let Ok(point) = usize::try_from(digits.point) else {
        let zeros = "0".repeat(digits.point.unsigned_abs() as usize);
        return format!("0.{zeros}{}", digits.digits);
    };
    if count == 0 {
        return "0".to_owned();
    }
    if point == 0 {
        return format!("0.{}", digits.digits);
    }
    if count <= point {
        return format!("{}{}", digits.digits, "0".repeat(point - count));
    }
    format!("{}.{}", &digits.digits[..point], &digits.digits[point..])
}

/// The 53 bits of a finite number, and the power of two of the last.
fn parts(value: f64) -> (u64, i32) {
    const FRACTION: u32 = 52;
    let bits = value.to_bits();
    let fraction = bits & ((1 << FRACTION) - 1);
    match i32::try_from((bits >> FRACTION) & 0x7FF).unwrap_or(0) {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << FRACTION, exponent - 1075),
    }
}

/// Bits as a decimal number, and a power of two.
fn binary(value: f64) -> String {
    let (bits, exponent) = parts(value);
    format!("{bits}p{exponent:+}")
}

/// `0x1.8p+03`.
fn hexadecimal(value: f64, precision: Option<usize>) -> String {
    let (mut bits, mut exponent) = parts(value);
    if bits == 0 {
        exponent = 0;
    } else {
        let shift = bits.leading_zeros() - 11;
        bits <<= shift;
        exponent += 52 - shift.cast_signed();
    }
    if let Some(precision) = precision.filter(|precision| *precision < 13) {
        // To the nearest, and of two equally near to the even one.
        let unit = 1u64 << (4 * (13 - precision));
        let rest = bits % unit;
        bits -= rest;
        if rest * 2 > unit || (rest * 2 == unit && (bits / unit) % 2 == 1) {
            bits += unit;
        }
        if bits >> 53 > 0 {
            bits >>= 1;
            exponent += 1;
        }
    }
    let digits = format!("{:013x}", bits & ((1 << 52) - 1));
    let fraction = match precision {
        None => digits.trim_end_matches('0').to_owned(),
        Some(precision) => format!("{digits:0<precision$}")[..precision].to_owned(),
    };
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("0x{}{point}{fraction}p{sign}{:02}", bits >> 52, exponent.abs())
}

/// As `encoding/json` writes it.
pub(super) fn json(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let size = value.abs();
    if size == 0.0 || (1e-6..1e21).contains(&size) {
        return Some(format(value, 'f', None));
    }
    let text = format(value, 'e', None);
    // `e-09` is `e-9`.
    Some(match text.strip_suffix(|last: char| last.is_ascii_digit()) {
        Some(start) if start.ends_with("e-0") => {
            format!("{}{}", &start[..start.len() - 1], &text[text.len() - 1..])
        }
        _ => text,
    })
}
