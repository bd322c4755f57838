//! Upper and lower case.

use super::super::machine::{Machine, Outcome};
use super::super::rendered::UnknownKind;
use super::super::runes::chars;
use super::super::value::Value;
use super::Function;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("upper", "s", |_, args| Ok(mapped(args, |_, rune| upper(rune)))),
    Function::new("lower", "s", |_, args| Ok(mapped(args, |_, rune| lower(rune)))),
    Function::new("title", "s", |_, args| {
        let separates = |rune: char| {
            if rune.is_ascii() {
                !rune.is_ascii_alphanumeric() && rune != '_'
            } else {
                !rune.is_alphanumeric() && rune.is_whitespace()
            }
        };
        Ok(mapped(args, |before, rune| if separates(before) { upper(rune) } else { rune }))
    }),
    Function::new("untitle", "s", |_, args| {
        Ok(mapped(args, |before, rune| if before.is_whitespace() { lower(rune) } else { rune }))
    }),
    Function::new("swapcase", "s", |_, args| Ok(swap(args))),
    Function::new("camelcase", "s", camel),
    Function::new("snakecase", "s", |machine, args| joined(machine, args, "snakecase", '_')),
    Function::new("kebabcase", "s", |machine, args| joined(machine, args, "kebabcase", '-')),
];

/// The one upper-case character of a character; if it has several, Go leaves it.
fn upper(rune: char) -> char {
    let mut upper = rune.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => rune,
    }
}

fn lower(rune: char) -> char {
    rune.to_lowercase().next().unwrap_or(rune)
}

/// Maps each character, with the one before it; before the first is a space.
fn mapped(args: &[Value], map: impl Fn(char, char) -> char) -> Value {
    let mut before = ' ';
    let text: String = chars(args[0].bytes())
        .map(|rune| {
            let mapped = map(before, rune);
            before = rune;
            mapped
        })
        .collect();
    Value::text(text.into_bytes())
}

fn swap(args: &[Value]) -> Value {
    let mut after_space = true;
    let text: String = chars(args[0].bytes())
        .map(|rune| {
            if rune.is_uppercase() {
                after_space = false;
                lower(rune)
            } else if rune.is_lowercase() {
                after_space = false;
                upper(rune)
            } else {
                after_space = rune.is_whitespace();
                rune
            }
        })
        .collect();
    Value::text(text.into_bytes())
}

fn is_connector(rune: char) -> bool {
    matches!(rune, '-' | '_') || rune.is_whitespace()
}

/// Whether a text is so plain that its words are clear: ASCII letters and single connectors.
fn is_plain(text: &[u8]) -> bool {
    text.iter().all(|byte| byte.is_ascii_alphabetic() || is_connector(char::from(*byte)))
}

/// Each word with a capital, without the connector before it: but of several connectors all others
/// stay, and so do those at both ends.
fn camel(_: &mut Machine<'_>, args: &[Value]) -> Outcome {
    let mut runes: Vec<char> = chars(args[0].bytes()).collect();
    if let Some(last) = runes.last().copied()
        && runes.iter().all(|rune| is_connector(*rune))
    {
        runes.push(last);
        return Ok(Value::text(String::from_iter(runes).into_bytes()));
    }
    let mut out = String::with_capacity(runes.len());
    let mut has_word = false;
    let mut connectors: Vec<char> = Vec::new();
    for rune in runes {
        if is_connector(rune) {
            connectors.push(rune);
            continue;
        }
        let begins = !has_word || !connectors.is_empty();
        if has_word {
            connectors.pop();
        }
        out.extend(connectors.drain(..));
        out.push(if begins { upper(rune) } else { rune });
        has_word = true;
    }
    out.extend(connectors);
    Ok(Value::text(out.into_bytes()))
}

/// Lower-case words with a connector between them.
fn joined(
    machine: &mut Machine<'_>,
    args: &[Value],
    name: &'static str,
    connector: char,
) -> Outcome {
    let text = args[0].bytes();
    if !is_plain(text) {
        return Ok(machine.unknown(UnknownKind::Function(name)));
    }
    let mut out = Vec::with_capacity(text.len() + 8);
    for (at, byte) in text.iter().enumerate() {
        if is_connector(char::from(*byte)) {
            out.push(connector as u8);
            continue;
        }
        let before = at.checked_sub(1).map_or(b' ', |at| text[at]);
        let after = text.get(at + 1).copied().unwrap_or(b' ');
        let begins = byte.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || (before.is_ascii_uppercase() && after.is_ascii_lowercase()));
        if begins {
            out.push(connector as u8);
        }
        out.push(byte.to_ascii_lowercase());
    }
    Ok(Value::text(out))
}
