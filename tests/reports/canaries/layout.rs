//! The same value in every format and layout.

use std::fmt::Write;

use otel_lint::source::Format;
use serde_json::{Value, json};

/// A layout: its name, its format and the text of a value in it.
type Layout = fn(&Value) -> (&'static str, Format, String);

/// All of them.
pub const ALL: &[Layout] = &[
    |value| ("compact JSON", Format::Json, value.to_string()),
    |value| ("JSON", Format::Json, format!("{value:#}")),
    |value| ("JSON with CRLF", Format::Json, format!("{value:#}").replace('\n', "\r\n")),
    |value| ("template", Format::Json, template(value)),
    |value| ("flow YAML", Format::Yaml, value.to_string()),
    |value| ("YAML", Format::Yaml, yaml(value, Scalar::Quoted)),
    |value| ("YAML with block scalars", Format::Yaml, yaml(value, Scalar::Block)),
    |value| ("TOML", Format::Toml, toml(value)),
    |value| ("manifest in YAML", Format::Yaml, yaml(&manifest(value), Scalar::Block)),
    |value| ("manifest in JSON", Format::Json, manifest(value).to_string()),
];

fn template(value: &Value) -> String {
    let mut template = format!("{value:#}");
    let actions =
        "\n  {{ if .debug }}\"debug_endpoint\": true,{{ end }}\n  \"label\": {{ marshal .name }},";
    template.insert_str(1, actions);
    template
}

/// An object of Kubernetes that carries `value` as text.
fn manifest(value: &Value) -> Value {
    json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "gateway" },
        "data": { "krakend.json": format!("{value:#}") }
    })
}

/// How strings are written in YAML.
#[derive(Clone, Copy, PartialEq)]
enum Scalar {
    Quoted,
    Block,
}

fn yaml(value: &Value, scalar: Scalar) -> String {
    let mut out = String::new();
    yaml_node(&mut out, value, 0, scalar);
    out
}

fn yaml_node(out: &mut String, value: &Value, indent: usize, scalar: Scalar) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            out.push('\n');
            for (key, value) in members {
                let _ = write!(out, "{:indent$}{}:", "", Value::from(key.as_str()));
                yaml_node(out, value, indent + 2, scalar);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            out.push('\n');
            for item in items {
                let _ = write!(out, "{:indent$}-", "");
                yaml_node(out, item, indent + 2, scalar);
            }
        }
        Value::String(text) if scalar == Scalar::Block && !text.is_empty() => {
            out.push_str(" |-\n");
            for line in text.lines() {
                let _ = writeln!(out, "{:indent$}{line}", "");
            }
        }
        other => {
            let _ = writeln!(out, " {other}");
        }
    }
}

fn toml(value: &Value) -> String {
    let mut out = String::new();
    for (key, value) in value.as_object().into_iter().flatten() {
        let _ = writeln!(out, "{} = {}", Value::from(key.as_str()), toml_inline(value));
    }
    out
}

fn toml_inline(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| {
                format!("{} = {}", Value::from(key.as_str()), toml_inline(value))
            });
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(toml_inline).collect();
            format!("[{}]", items.join(", "))
        }
        other => other.to_string(),
    }
}
