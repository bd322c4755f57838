//! Writes a value in YAML and TOML, in several manners: plain writers that share no code with the
//! program.

use serde_json::{Map, Value};

/// A manner of writing YAML in block style.
#[derive(Clone, Copy, Debug)]
pub struct Yaml {
    /// Blanks of a level.
    pub unit: usize,
    /// Whether lists are further in than their key.
    pub indented_lists: bool,
    /// The quotes of strings: a blank for none where that is possible.
    pub quote: char,
    /// Whether lists of plain values are between brackets.
    pub flow_lists: bool,
    /// A comment behind each line, empty for none.
    pub comment: &'static str,
}

/// `value` as a file in YAML.
pub fn yaml(value: &Value, manner: Yaml) -> String {
    let mut out = String::new();
    match value {
        Value::Object(members) if !members.is_empty() => mapping(&mut out, members, 0, manner),
        value => out.push_str(&value.to_string()),
    }
    let mut text = String::new();
    for line in out.lines().filter(|line| !line.is_empty()) {
        text.push_str(line);
        text.push_str(manner.comment);
        text.push('\n');
    }
    text
}

fn mapping(out: &mut String, members: &Map<String, Value>, column: usize, manner: Yaml) {
    for (key, value) in members {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', column));
        out.push_str(&text(key, manner.quote));
        out.push(':');
        below(out, value, column, manner);
    }
}

fn below(out: &mut String, value: &Value, column: usize, manner: Yaml) {
    let is_plain = |items: &[Value]| items.iter().all(|item| !item.is_object() && !item.is_array());
    match value {
        Value::Object(members) if !members.is_empty() => {
            mapping(out, members, column + manner.unit, manner);
        }
        Value::Array(items) if !(items.is_empty() || manner.flow_lists && is_plain(items)) => {
            let column = if manner.indented_lists { column + manner.unit } else { column };
            for item in items {
                out.push('\n');
                out.extend(std::iter::repeat_n(' ', column));
                out.push('-');
                match item {
                    Value::Object(members) if !members.is_empty() => {
                        let mut inner = String::new();
                        mapping(&mut inner, members, column + 2, manner);
                        out.push(' ');
                        out.push_str(inner.trim_start());
                    }
                    item => scalar(out, item, manner),
                }
            }
        }
        value => scalar(out, value, manner),
    }
}

fn scalar(out: &mut String, value: &Value, manner: Yaml) {
    out.push(' ');
    match value {
        Value::String(content) => out.push_str(&text(content, manner.quote)),
        value => out.push_str(&value.to_string()),
    }
}

fn text(content: &str, quote: char) -> String {
    let is_plain = content.starts_with(|c: char| c.is_ascii_alphabetic())
        && content.chars().all(|c| c.is_ascii_alphanumeric() || "_-./".contains(c))
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&content.to_ascii_lowercase().as_str());
    match quote {
        ' ' if is_plain => content.to_owned(),
        '\'' if !content.chars().any(char::is_control) => {
            format!("'{}'", content.replace('\'', "''"))
        }
        _ => Value::from(content).to_string().replace('\x7F', "\\u007f"),
    }
}

/// `value` as a file in TOML, which has no null: `None` if there is one.
pub fn toml(value: &Value, inline: bool) -> Option<String> {
    let mut out = String::new();
    table(&mut out, value.as_object()?, &mut Vec::new(), inline)?;
    Some(out)
}

fn is_table(value: &Value, inline: bool) -> bool {
    let is_list = |items: &Vec<Value>| !items.is_empty() && items.iter().all(Value::is_object);
    !inline && (value.is_object() || value.as_array().is_some_and(is_list))
}

fn table(
    out: &mut String,
    members: &Map<String, Value>,
    path: &mut Vec<String>,
    inline: bool,
) -> Option<()> {
    for (key, value) in members.iter().filter(|(_, value)| !is_table(value, inline)) {
        out.push_str(&format!("{} = ", toml_key(key)));
        toml_value(out, value)?;
        out.push('\n');
    }
    for (key, value) in members.iter().filter(|(_, value)| is_table(value, inline)) {
        path.push(toml_key(key));
        let name = path.join(".");
        match value {
            Value::Object(members) => {
                out.push_str(&format!("\n[{name}]\n"));
                table(out, members, path, inline)?;
            }
            Value::Array(items) => {
                for item in items {
                    out.push_str(&format!("\n[[{name}]]\n"));
                    table(out, item.as_object()?, path, inline)?;
                }
            }
            _ => {}
        }
        path.pop();
    }
    Some(())
}

fn toml_key(key: &str) -> String {
    let is_bare =
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if is_bare { key.to_owned() } else { toml_text(key) }
}

fn toml_text(text: &str) -> String {
    Value::from(text).to_string().replace('\x7F', "\\u007f")
}

fn toml_value(out: &mut String, value: &Value) -> Option<()> {
    match value {
        Value::Null => return None,
        Value::String(text) => out.push_str(&toml_text(text)),
        Value::Array(items) => {
            out.push('[');
            for (nth, item) in items.iter().enumerate() {
                out.push_str(if nth > 0 { ", " } else { "" });
                toml_value(out, item)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            out.push_str("{ ");
            for (nth, (key, value)) in members.iter().enumerate() {
                out.push_str(if nth > 0 { ", " } else { "" });
                out.push_str(&format!("{} = ", toml_key(key)));
                toml_value(out, value)?;
            }
            out.push_str(" }");
        }
        value => out.push_str(&value.to_string()),
    }
    Some(())
}
