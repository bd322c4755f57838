//! Go's escaping functions.

use super::super::machine::{Failure, Machine};
use super::super::print::is_print;
use super::super::runes::{chars, decode, runes};
use super::super::value::{Data, Value};
use super::Function;

/// These functions.
pub(in super::super) const TABLE: &[Function] = &[
    Function::new("html", "*a", |machine, args| Ok(Value::text(html(&joined(machine, args)?)))),
    Function::new("js", "*a", |machine, args| Ok(Value::text(js(&joined(machine, args)?)))),
    Function::new("urlquery", "*a", |machine, args| {
        Ok(Value::text(query(&joined(machine, args)?)))
    }),
];

/// The arguments as one text: nil is not a value here.
fn joined(machine: &mut Machine<'_>, args: &[Value]) -> Result<Vec<u8>, Failure> {
    if let [Value { data: Data::Text(text), .. }] = args {
        return Ok(text.bytes.to_vec());
    }
    let args: Vec<Value> = args
        .iter()
        .map(|arg| if arg.is_nil() { Value::text(&b"<no value>"[..]) } else { arg.clone() })
        .collect();
    machine.print(|printer| printer.print(&args))
}

fn html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            0 => out.extend("\u{FFFD}".as_bytes()),
            b'"' => out.extend(b"&#34;"),
            b'\'' => out.extend(b"&#39;"),
            b'&' => out.extend(b"&amp;"),
            b'<' => out.extend(b"&lt;"),
            b'>' => out.extend(b"&gt;"),
            _ => out.push(*byte),
        }
    }
    out
}

fn js(text: &[u8]) -> Vec<u8> {
    if !chars(text).any(|rune| {
        matches!(rune, '\\' | '\'' | '"' | '<' | '>' | '&' | '=') || rune < ' ' || !rune.is_ascii()
    }) {
        return text.to_vec();
    }
    let mut out = Vec::with_capacity(text.len());
    for (at, rune) in runes(text) {
        match rune {
            '\\' | '\'' | '"' => out.extend([b'\\', rune as u8]),
            '<' | '>' | '&' | '=' | '\0'..='\x1F' => {
                out.extend(format!("\\u{:04X}", rune as u32).as_bytes());
            }
            _ if rune.is_ascii() || is_print(rune) => {
                out.extend(&text[at..at + decode(&text[at..]).1]);
            }
            _ => out.extend(format!("\\u{:04X}", rune as u32).as_bytes()),
        }
    }
    out
}

/// Escapes for the query of a URL.
pub(super) fn query(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b' ' => out.push(b'+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(*byte),
            _ => out.extend(format!("%{byte:02X}").as_bytes()),
        }
    }
    out
}
