//! From any value to a number or text, as sprig converts.

use super::super::literal::{integer, parse_float};
use super::super::machine::{Failure, Machine};
use super::super::value::{Data, Value};

/// An integer; what cannot be one is 0.
pub(super) fn to_int(value: &Value) -> i64 {
    match &value.data {
        Data::Int(value, _) => *value,
        Data::Float(value) => float_to_int(*value),
        Data::Bool(value) => i64::from(*value),
        Data::Text(text) => parse_int(without_zero_decimals(&text.bytes)).unwrap_or(0),
        _ => 0,
    }
}

/// What the processor of the gateway makes of it: out of range it is the smallest integer.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
pub(super) fn float_to_int(value: f64) -> i64 {
    let fits = value >= i64::MIN as f64 && value < i64::MAX as f64;
    if fits { value as i64 } else { i64::MIN }
}

/// `8.00` is `8`.
fn without_zero_decimals(text: &[u8]) -> &[u8] {
    let trimmed = text.iter().rposition(|byte| *byte != b'0').map_or(0, |last| last + 1);
    match text[..trimmed].split_last() {
        Some((b'.', whole)) if trimmed < text.len() => whole,
        _ => text,
    }
}

/// An integer in any base.
fn parse_int(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let value = i128::from(integer(digits)?);
    i64::try_from(if negative { -value } else { value }).ok()
}

/// An integer in base 10, as `strconv.Atoi` takes it; out of range it is the nearest.
pub(super) fn atoi(text: &[u8]) -> i64 {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    let limit = i128::from(i64::MAX) + i128::from(negative);
    let value = digits
        .iter()
        .fold(0i128, |value, digit| (value * 10 + i128::from(digit - b'0')).min(limit));
    i64::try_from(if negative { -value } else { value }).unwrap_or(i64::MIN)
}

/// A floating-point number; what cannot be one is 0.
#[expect(clippy::cast_precision_loss, reason = "Go converts so, too")]
pub(super) fn to_float(value: &Value) -> f64 {
    match &value.data {
        Data::Int(value, _) => *value as f64,
        Data::Float(value) => *value,
        Data::Bool(value) => f64::from(*value),
        Data::Text(text) => std::str::from_utf8(&text.bytes).map_or(0.0, text_to_float),
        _ => 0.0,
    }
}

fn text_to_float(text: &str) -> f64 {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text).to_ascii_lowercase();
    match unsigned.as_str() {
        "inf" | "infinity" if text.starts_with('-') => f64::NEG_INFINITY,
        "inf" | "infinity" => f64::INFINITY,
        "nan" if unsigned.len() == text.len() => f64::NAN,
        _ => parse_float(text).unwrap_or(0.0),
    }
}

/// What sprig calls the text of a value.
pub(super) fn to_text(machine: &mut Machine<'_>, value: &Value) -> Result<Vec<u8>, Failure> {
    machine.touch(value);
    match &value.data {
        Data::Text(text) => Ok(text.bytes.to_vec()),
        data => machine.printed(data),
    }
}

/// The texts of a list without its nils; what is not a list is a list of one.
pub(super) fn to_texts(machine: &mut Machine<'_>, value: &Value) -> Result<Vec<Value>, Failure> {
    let Some(items) = machine.items(&value.data) else {
        if value.is_nil() {
            return Ok(Vec::new());
        }
        let text = to_text(machine, value)?;
        return Ok(vec![Value::text(text).with_origin(value.origin)]);
    };
    let mut texts = Vec::with_capacity(items.len());
    for item in items.iter().filter(|item| !item.is_nil()) {
        if matches!(item.data, Data::Text(_)) {
            machine.touch(item);
            texts.push(item.clone());
        } else {
            let text = to_text(machine, item)?;
            texts.push(Value::text(text).with_origin(item.origin));
        }
    }
    Ok(texts)
}
