//! How what is completed is written in each format: as a snippet, whose places to fill are marked as
//! in the Language Server Protocol.

use serde_json::Value;

use super::super::describe;
use crate::model::annotation::Keywords;
use crate::source::Format;

/// `text` as a snippet that is nothing but text.
pub(in crate::editor) fn literal(text: &str) -> String {
    let mut snippet = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '$' | '}' | '\\') {
            snippet.push('\\');
        }
        snippet.push(c);
    }
    snippet
}

/// What is left of `snippet` for an editor that knows none: each place holds its default.
pub(in crate::editor) fn plain(snippet: &str) -> String {
    let mut text = String::with_capacity(snippet.len());
    let mut rest = snippet;
    // Whether the next closing brace is that of a place.
    let mut is_inside = false;
    while let Some(at) = rest.find(['$', '\\', '}']) {
        text.push_str(&rest[..at]);
        let tail = &rest[at..];
        let without_number = |text: &'static str| {
            tail[text.len()..].trim_start_matches(|c: char| c.is_ascii_digit())
        };
        if let Some(escaped) = tail.strip_prefix('\\') {
            let len = escaped.chars().next().map_or(0, char::len_utf8);
            text.push_str(&escaped[..len]);
            rest = &escaped[len..];
        } else if tail.starts_with("${") {
            let inside = without_number("${");
            if let Some((choices, after)) =
                inside.strip_prefix('|').and_then(|choices| choices.split_once("|}"))
            {
                text.push_str(choices.split(',').next().unwrap_or_default());
                rest = after;
            } else {
                is_inside = true;
                rest = inside.strip_prefix(':').unwrap_or(inside);
            }
        } else if tail.starts_with('$') {
            rest = without_number("$");
        } else {
            if !is_inside {
                text.push('}');
            }
            is_inside = false;
            rest = &tail[1..];
        }
    }
    text + rest
}

/// A key as it is written.
pub(in crate::editor) fn key(name: &str, format: Format, quote: Option<u8>) -> String {
    let is_bare = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    match (format, quote) {
        (Format::Json, _) | (_, Some(b'"')) => format!("\"{name}\""),
        (_, Some(quote)) => format!("{0}{name}{0}", quote as char),
        (Format::Toml, None) if !is_bare => format!("\"{name}\""),
        (Format::Yaml, None) if name.starts_with(['@', '`', '#', '&', '*', '!', '|', '>', '%']) => {
            format!("\"{name}\"")
        }
        (_, None) => name.to_owned(),
    }
}

/// A scalar as it is written.
pub(in crate::editor) fn scalar(value: &Value, format: Format, quote: Option<u8>) -> String {
    match value {
        Value::String(text) => match (format, quote) {
            (Format::Yaml, None) if is_plain(text) => text.clone(),
            (Format::Yaml | Format::Toml, Some(b'\'')) if !text.contains('\'') => {
                format!("'{text}'")
            }
            _ => value.to_string(),
        },
        other => other.to_string(),
    }
}

/// Whether YAML reads `text` as that very text without quotes.
fn is_plain(text: &str) -> bool {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    text.chars().all(is_safe)
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str())
}

/// What goes between a key and its value.
pub(in crate::editor) fn sign(format: Format) -> &'static str {
    if format == Format::Toml { " = " } else { ": " }
}

/// A member with a place for its value. Lines after the first are indented below the key by what is
/// written here.
pub(in crate::editor) fn member(
    name: &str,
    schema: &Keywords,
    format: Format,
    quote: Option<u8>,
    is_flow: bool,
) -> String {
    let key = literal(&key(name, format, quote));
    let item = describe::item(schema);
    let is_block = format == Format::Yaml && !is_flow;
    match (describe::type_of(schema), describe::type_of(item)) {
        ("object", _) if is_block => return format!("{key}:\n  $1"),
        ("array", _) if is_block => return format!("{key}:\n  - $1"),
        _ => {}
    }
    format!("{key}{}{}", sign(format), value(schema, format))
}

/// A place for a value.
fn value(schema: &Keywords, format: Format) -> String {
    let write = |value: &Value| literal(&scalar(value, format, None));
    let choices = describe::choices(schema);
    if !choices.is_empty() {
        let choices: Vec<_> =
            choices.into_iter().map(|choice| write(choice).replace(',', "\\,")).collect();
        return format!("${{1|{}|}}", choices.join(","));
    }
    let example = schema.get("examples").and_then(|examples| examples.get(0));
    let example = example.or_else(|| schema.get("default")).filter(|example| !example.is_array());
    match describe::type_of(schema) {
        "boolean" => {
            let is_on = schema.get("default") == Some(&Value::Bool(true));
            let words = if is_on { "false,true" } else { "true,false" };
            format!("${{1|{words}|}}")
        }
        "object" => "{$1}".to_owned(),
        "array" => match describe::type_of(describe::item(schema)) {
            "object" => "[{$1}]".to_owned(),
            "string" => "[\"$1\"]".to_owned(),
            _ => "[$1]".to_owned(),
        },
        "string" => match example.and_then(Value::as_str) {
            Some(text) => format!("\"${{1:{}}}\"", literal(text)),
            None => "\"$1\"".to_owned(),
        },
        _ => example.map_or("$1".to_owned(), |example| format!("${{1:{}}}", write(example))),
    }
}

/// An object with a place for each of its values, as the item of a list.
pub(in crate::editor) fn object(
    members: &[(&str, Value)],
    format: Format,
    is_flow: bool,
) -> String {
    let place = |(nth, (name, value)): (usize, &(&str, Value))| {
        let nth = nth + 1;
        let value = match value {
            Value::String(text) if format == Format::Yaml && is_plain(text) => {
                format!("${{{nth}:{}}}", literal(text))
            }
            Value::String(text) => format!("\"${{{nth}:{}}}\"", literal(text)),
            other => format!("${{{nth}:{}}}", literal(&other.to_string())),
        };
        format!("{}{}{value}", literal(&key(name, format, None)), sign(format))
    };
    let members: Vec<_> = members.iter().enumerate().map(place).collect();
    match format {
        Format::Yaml if !is_flow => members.join("\n"),
        Format::Toml => format!("{{ {} \\}}", members.join(", ")),
        _ => format!("{{{}\\}}", members.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_snippets_each_place_has_its_default() {
        for (snippet, text) in [
            (r#""a": "${1:b}""#, r#""a": "b""#),
            (r#""a": ${1|true,false|}, $2"#, r#""a": true, "#),
            (r"{\$x: $1\}", "{$x: }"),
            (r#"{"a": {$1}, "b": "${2:c}"}"#, r#"{"a": {}, "b": "c"}"#),
        ] {
            assert_eq!(plain(snippet), text);
        }
        assert_eq!(plain(&literal(r"a$b}c\d{e")), r"a$b}c\d{e");
    }
}
