//! Keys that can be written in an object.

use serde_json::{Value, json};

use super::write;
use super::{Completion, CompletionKind, Spot};
use crate::editor::describe;
use crate::editor::part;
use crate::model::{NAMESPACE, SECURITY_NAMESPACE, Scope, known};
use crate::rules;
use crate::source::Format;
use crate::suppress::KEY;
use crate::target::{Edition, Target};

/// The keys that can be written at `spot`.
pub(super) fn at(spot: &Spot<'_>, target: Target) -> Vec<Completion> {
    let doc = spot.doc();
    let Some(root) = doc.root() else { return Vec::new() };
    let names = doc.names_between(root, spot.node);
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    match names[..] {
        [.., last] if last == KEY => return suppressions(spot, &["ignore"]),
        [.., above, "ignore"] if above == KEY => {
            let rules = rules::ALL.iter().filter(|rule| rules::can_be_ignored(rule));
            let rules: Vec<_> = rules.map(|rule| rule.id).collect();
            return suppressions(spot, &rules);
        }
        _ => {}
    }
    for effective in spot.part.effective(target) {
        let blocks = part::blocks(&effective);
        if let Some(block) = blocks.iter().find(|block| doc.is_within(spot.node, block.node)) {
            let path = doc.names_between(block.node, spot.node);
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            return of_block(spot, block.scope, &path, target);
        }
    }
    match names[..] {
        ["extra_config"] => namespaces(spot, &[Scope::Service, Scope::Security], target),
        ["endpoints" | "async_agent", "extra_config"] => {
            namespaces(spot, &[Scope::Endpoint], target)
        }
        ["endpoints" | "async_agent", "backend", "extra_config"] => {
            namespaces(spot, &[Scope::Backend], target)
        }
        _ => Vec::new(),
    }
}

/// Whether the object has a key of that name already.
fn has(spot: &Spot<'_>, name: &str) -> bool {
    let doc = spot.doc();
    doc.members(spot.parent)
        .any(|member| member.key != spot.node && doc.is_called(member.key, name))
}

/// The settings at `path` of a block.
fn of_block(spot: &Spot<'_>, scope: Scope, path: &[&str], target: Target) -> Vec<Completion> {
    let mut found = Vec::new();
    for known in known::keys(scope, path) {
        let is_other_edition =
            known.edition == Edition::Enterprise && target.edition == Edition::Community;
        let is_known = known.is_listed(target.version) || known.is_read(target);
        if !is_known || is_other_edition || has(spot, &known.name) {
            continue;
        }
        let whole: Vec<&str> = path.iter().copied().chain([known.name.as_str()]).collect();
        let Some(schema) = describe::schema_at(scope, &whole) else { continue };
        let text = if spot.finished.has_value {
            write::literal(&write::key(&known.name, spot.format(), spot.cursor.quote))
        } else {
            let (format, quote) = (spot.format(), spot.cursor.quote);
            write::member(&known.name, schema, format, quote, spot.is_flow())
        };
        let mut one = spot.completion(CompletionKind::Key, &known.name, text);
        let title = schema.get("title").and_then(Value::as_str);
        title.unwrap_or_default().clone_into(&mut one.detail);
        one.documentation = describe::page(scope, &whole, target).unwrap_or_default();
        one.is_deprecated = !known.is_read(target);
        found.push(one);
    }
    // What is read comes before what is only documented.
    found.sort_by_key(|one| one.is_deprecated);
    found
}

/// Namespaces of telemetry in an `extra_config`.
fn namespaces(spot: &Spot<'_>, scopes: &[Scope], target: Target) -> Vec<Completion> {
    let mut found = Vec::new();
    for &scope in scopes {
        let Some(namespace) = scope.namespace().filter(|namespace| !has(spot, namespace)) else {
            continue;
        };
        let is_enterprise = target.edition == Edition::Enterprise;
        if namespace == SECURITY_NAMESPACE && !is_enterprise {
            continue;
        }
        let key = write::literal(&write::key(namespace, spot.format(), spot.cursor.quote));
        let is_block = spot.format() == Format::Yaml && !spot.is_flow();
        let text = match (spot.finished.has_value, is_block) {
            (true, _) => key,
            (false, true) if scope == Scope::Service => format!(
                "{key}:\n  exporters:\n    otlp:\n      - name: ${{1:collector}}\n        host: ${{2:collector}}\n        port: ${{3:4317}}"
            ),
            (false, true) => format!("{key}:\n  $1"),
            (false, false) => {
                let sign = write::sign(spot.format());
                format!("{key}{sign}{}", block(scope, spot.format()))
            }
        };
        let mut one = spot.completion(CompletionKind::Key, namespace, text);
        let schema = describe::schema_at(scope, &[]);
        let title = schema.and_then(|schema| schema.get("title")?.as_str());
        title.unwrap_or_default().clone_into(&mut one.detail);
        one.documentation = describe::page(scope, &[], target).unwrap_or_default();
        found.push(one);
    }
    debug_assert!(found.iter().all(|one| one.label.starts_with(NAMESPACE)));
    found
}

/// A new block, between brackets.
fn block(scope: Scope, format: Format) -> String {
    if scope != Scope::Service {
        return "{$1}".to_owned();
    }
    let exporter =
        [("name", json!("collector")), ("host", json!("collector")), ("port", json!(4317))];
    let exporter = write::object(&exporter, format, true);
    let member = |name: &str, value: String| {
        format!("{}{}{value}", write::key(name, format, None), write::sign(format))
    };
    let otlp = member("otlp", format!("[{exporter}]"));
    let exporters = member("exporters", format!("{{{otlp}\\}}"));
    format!("{{{exporters}\\}}")
}

/// Keys within a suppression.
fn suppressions(spot: &Spot<'_>, names: &[&'static str]) -> Vec<Completion> {
    let names = names.iter().filter(|name| !has(spot, name));
    names
        .map(|name| {
            let key = write::literal(&write::key(name, spot.format(), spot.cursor.quote));
            let rule = rules::get(name);
            let sign = write::sign(spot.format());
            let text = match (spot.finished.has_value, rule) {
                (true, _) => key,
                (false, Some(_)) => format!("{key}{sign}\"${{1:reason}}\""),
                (false, None) => format!("{key}{sign}{{$1}}"),
            };
            let mut one = spot.completion(CompletionKind::Key, name, text);
            one.detail = rule.map(|rule| rule.summary.to_owned()).unwrap_or_default();
            one
        })
        .collect()
}
