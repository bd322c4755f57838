//! The secrets of what was read as a document.

use std::borrow::Cow;
use std::collections::HashMap;

use super::names::{hides_all, names_secret};
use super::overlaps;
use super::values::{is_worth_a_look, may_be_secret};
use crate::document::{Document, Kind, NodeId};
use crate::source::Span;

/// The values of `doc` that overlap one of `windows` and are secrets, in no order.
pub(super) fn secrets(
    doc: &Document<'_>,
    windows: &[Span],
    hides: impl Fn(&str) -> bool,
) -> Vec<Span> {
    let mut secrets = Vec::new();
    // A large file has the same few keys again and again.
    let mut known: HashMap<&[u8], Name> = HashMap::new();
    let mut name = |key| match doc.plain(key) {
        Some(text) => *known.entry(text).or_insert_with(|| Name::of(&doc.key(key), &hides)),
        None => Name::of(&doc.key(key), &hides),
    };
    // What is written at an anchor is outside of what holds it.
    let is_worth_a_visit = |node| {
        let may_hold_one = !matches!(doc.kind(node), Kind::Bool(_) | Kind::Null);
        may_hold_one && (doc.has_aliases() || overlaps(windows, doc.span(node)))
    };
    let root = doc.root().map(|node| Visit { node, named: false, hidden: false });
    let mut rest: Vec<Visit> = root.into_iter().collect();
    while let Some(visit) = rest.pop() {
        match doc.kind(visit.node) {
            Kind::Object => {
                let pair = || pair_names(doc, visit.node).any(|key| hides(&key));
                // A key that lost its value to the next one, as in `{"password",:"…"}` in YAML.
                let mut lost_its_value = false;
                for member in doc.members(visit.node) {
                    let Name { is_secret, hides_below, looks_secret, role } = name(member.key);
                    let key = doc.span(member.key);
                    if (looks_secret || lost_its_value) && overlaps(windows, key) {
                        secrets.push(key);
                    }
                    let kind = doc.kind(member.value);
                    lost_its_value = is_secret && kind == Kind::Null;
                    if !is_worth_a_visit(member.value) {
                        continue;
                    }
                    let hidden = match role {
                        Role::HidesAll => true,
                        Role::Value => visit.hidden || visit.named || pair(),
                        Role::Name => false,
                        Role::Other => visit.hidden || (hides_below && kind == Kind::Object),
                    };
                    rest.push(Visit { node: member.value, named: is_secret, hidden });
                }
            }
            Kind::Array => {
                let items = doc.items(visit.node).filter(|item| is_worth_a_visit(*item));
                rest.extend(items.map(|node| Visit { node, ..visit }));
            }
            Kind::Bool(_) | Kind::Null => {}
            Kind::Number | Kind::String => {
                let span = doc.span(visit.node);
                let looks = || {
                    doc.plain(visit.node).is_none_or(is_worth_a_look)
                        && doc.str(visit.node).is_some_and(|text| may_be_secret(&text))
                };
                if overlaps(windows, span) && (visit.hidden || visit.named || looks()) {
                    secrets.push(span);
                }
            }
        }
    }
    secrets
}

/// A value to look at, the key it or its list stands under, and whether all in it is secret.
#[derive(Clone, Copy)]
struct Visit {
    node: NodeId,
    /// Whether the key it belongs to names a secret.
    named: bool,
    hidden: bool,
}

/// What a key tells about its value.
#[derive(Clone, Copy)]
struct Name {
    /// Whether the value is a secret.
    is_secret: bool,
    /// Whether everything is, if the value is an object.
    hides_below: bool,
    /// Whether the key itself may be one.
    looks_secret: bool,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// All below it is secret: headers in whatever shape, and the block of credentials.
    HidesAll,
    /// The value, and the name, of a pair.
    Value,
    Name,
    Other,
}

impl Name {
    fn of(key: &str, hides: impl Fn(&str) -> bool) -> Self {
        let role = match key {
            "value" => Role::Value,
            "name" => Role::Name,
            _ if hides_all(key) => Role::HidesAll,
            _ => Role::Other,
        };
        let looks_secret = may_be_secret(key);
        Self { is_secret: hides(key), hides_below: names_secret(key), looks_secret, role }
    }
}

/// What the value of `object` is the value of, if it is a pair: a static attribute has a `key`, a
/// header or a variable of the environment a `name`.
fn pair_names<'d, 's>(
    doc: &'d Document<'s>,
    object: NodeId,
) -> impl Iterator<Item = Cow<'s, str>> + use<'d, 's> {
    let name = move |key| doc.get(object, key).and_then(|member| doc.str(member.value));
    ["key", "name", "header"].into_iter().filter_map(name)
}

#[cfg(test)]
mod tests {
    use super::super::hides;
    use super::secrets;
    use crate::document;
    use crate::source::{Format, Source, Span};

    /// The secrets of `text`, which is one window.
    fn of(text: &str) -> Vec<String> {
        let source = Source::new("t", text);
        let parsed = document::read(&source);
        let all = Span::new(0, text.len());
        let mut spans = secrets(&parsed.document, &[all], hides);
        spans.sort_unstable();
        spans.iter().map(|span| text[span.range()].to_owned()).collect()
    }

    #[test]
    fn keys_tell_what_is_secret_below_them() {
        for (text, hidden) in [
            (r#"{"password": "a", "host": "b"}"#, &["\"a\""][..]),
            (r#"{"tokens": ["a", [1], {"host": "b"}], "n": 2}"#, &["\"a\"", "1"]),
            (r#"{"headers": {"x": "a", "y": ["b", true, null]}}"#, &["\"a\"", "\"b\""]),
            (r#"{"headers": [{"name": "x", "value": "a"}]}"#, &["\"a\""]),
            (r#"[{"key": "api_key", "value": "a"}, {"key": "team", "value": "b"}]"#, &["\"a\""]),
            (r#"{"value": 1, "key": "token"}"#, &["1"]),
            (r#"{"token": {"value": "a", "x": ["b"], "name": "c"}}"#, &["\"a\"", "\"b\""]),
            (r#"{"env": [{"name": "API_TOKEN", "value": "a"}]}"#, &["\"a\""]),
            (r#"{"Bearer a": 1, "password": null, "b": 2}"#, &["\"Bearer a\"", "1", "\"b\""]),
            (r#"{"pass\u0077ord": "a", "x": "Bearer abcdef"}"#, &["\"a\"", "\"Bearer abcdef\""]),
        ] {
            assert_eq!(of(text), hidden, "{text}");
        }
    }

    #[test]
    fn what_stands_at_an_anchor_is_secret_where_it_is_used() {
        // Only the anchor is in the window, and nothing that holds where its name tells that it is secret.
        let text = "a: &a\n  x: plain\nb: 1234567890\nc:\n  headers: *a\ntoken: far\n";
        let source = Source::new("t", text).with_format(Format::Yaml);
        let parsed = document::read(&source);
        let at = text.find("plain").expect("it is there");
        let found = secrets(&parsed.document, &[Span::new(at, at + 1)], hides);
        assert_eq!(found, [Span::new(at, at + "plain".len())]);
    }

    #[test]
    fn only_what_is_in_a_window_is_looked_for() {
        let text = r#"{"list": [{"token": "a"}, {"token": "b"}, {"token": "c"}]}"#;
        let source = Source::new("t", text);
        let parsed = document::read(&source);
        let at = text.find("\"b\"").expect("it is there");
        let found = secrets(&parsed.document, &[Span::new(at, at + 1)], hides);
        assert_eq!(found, [Span::new(at, at + 3)]);
    }
}
