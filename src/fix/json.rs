//! Edits of a JSON source as replacements of its bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde_json::Value;

use super::layout::{Layout, Place, line_indent, quoted};
use super::{Child, Replacement};
use crate::document::{Document, Kind, NodeId};
use crate::finding::Edit;
use crate::source::Span;

/// The replacements for `edits`; `None` if one of them has no place in the text.
pub(super) fn lower(
    doc: &Document<'_>,
    layout: &Layout,
    edits: &[Edit],
) -> Option<Vec<Replacement>> {
    let mut replacements = Vec::new();
    // Commas belong to two neighbours, so what happens to one container is lowered together.
    let mut changes: BTreeMap<NodeId, Change<'_>> = BTreeMap::new();
    for edit in edits {
        match edit {
            Edit::Replace { node, value } => {
                let mut text = String::new();
                layout.in_place_of(doc, *node).value(&mut text, value);
                replacements.push(Replacement { span: doc.span(*node), text });
            }
            Edit::Rename { key, name } => {
                replacements.push(Replacement { span: doc.span(*key), text: quoted(name) });
            }
            Edit::Remove { node } => {
                let container = Child::of(doc, *node)?.container;
                changes.entry(container).or_default().removed.insert(*node);
            }
            Edit::Insert { object, key, value } => {
                let content = Content::Value(value);
                changes.entry(*object).or_default().add(&[], Some(key), content);
            }
            Edit::Append { array, value } => {
                changes.entry(*array).or_default().add(&[], None, Content::Value(value));
            }
            Edit::Move { key, object, path, name } => {
                let moved = Child::of(doc, *key)?;
                changes.entry(moved.container).or_default().removed.insert(*key);
                let content = Content::Moved(moved);
                changes.entry(*object).or_default().add(path, Some(name), content);
            }
            Edit::Delete { span } => {
                replacements.push(Replacement { span: *span, text: String::new() });
            }
        }
    }
    for (container, change) in &changes {
        Work { doc, layout, container: *container }.lower(change, &mut replacements)?;
    }
    Some(replacements)
}

/// What happens to one container.
#[derive(Debug, Default)]
struct Change<'e> {
    /// Heads of children that go.
    removed: BTreeSet<NodeId>,
    /// Children that come, at the end.
    added: Vec<Added<'e>>,
}

/// A new child: a member if it has a name.
#[derive(Debug)]
struct Added<'e> {
    name: Option<&'e str>,
    content: Content<'e>,
}

#[derive(Debug)]
enum Content<'e> {
    /// A value that a rule made.
    Value(&'e Value),
    /// A value that is written elsewhere in the source.
    Moved(Child),
    /// A new object on the way to a moved value.
    Object(Vec<Added<'e>>),
}

impl<'e> Change<'e> {
    /// Adds a child below new objects named by `path`, each of them once.
    fn add(&mut self, path: &'e [String], name: Option<&'e String>, content: Content<'e>) {
        let mut list = &mut self.added;
        for step in path {
            let is_there = |added: &Added<'_>| added.name == Some(step.as_str());
            let at = list.iter().position(is_there).unwrap_or_else(|| {
                list.push(Added { name: Some(step), content: Content::Object(Vec::new()) });
                list.len() - 1
            });
            match &mut list[at].content {
                Content::Object(members) => list = members,
                _ => return,
            }
        }
        list.push(Added { name: name.map(String::as_str), content });
    }
}

/// Lowers the change of one container.
struct Work<'w> {
    doc: &'w Document<'w>,
    layout: &'w Layout,
    container: NodeId,
}

impl Work<'_> {
    fn lower(&self, change: &Change<'_>, out: &mut Vec<Replacement>) -> Option<()> {
        let whole = self.doc.span(self.container);
        let (open, close) = match self.doc.kind(self.container) {
            Kind::Object => (b'{', b'}'),
            Kind::Array => (b'[', b']'),
            _ => return None,
        };
        let [first, between @ .., last] = self.doc.source().slice(whole) else { return None };
        if (*first, *last) != (open, close) {
            return None;
        }
        let place = self.layout.within(self.doc, self.container);
        let added = change.added.iter().map(|added| {
            let mut text = String::new();
            self.write(&mut text, place, added).map(|()| text)
        });
        let added = added.collect::<Option<Vec<_>>>()?;
        let children: Vec<Child> = Child::all(self.doc, self.container).collect();
        if children.is_empty() {
            let mut text = String::new();
            if open == b'{' {
                let outer = self.layout.in_place_of(self.doc, self.container);
                outer.object(&mut text, &added, |out, member| out.push_str(member));
            } else {
                text = format!("[{}]", added.join(&place.comma()));
            }
            out.push(Replacement { span: whole, text });
            return between.trim_ascii().is_empty().then_some(());
        }
        let mut new = added.join(&place.comma());
        let spans: Vec<Span> = children.iter().map(|child| child.span(self.doc)).collect();
        let mut at = 0;
        while at < children.len() {
            let goes = |child: &&Child| change.removed.contains(&child.head);
            let run = at..at + children[at..].iter().take_while(goes).count();
            if !run.is_empty() && run.end == children.len() && !new.is_empty() {
                let span = Span { start: spans[run.start].start, end: spans[run.end - 1].end };
                out.push(Replacement { span, text: std::mem::take(&mut new) });
            } else if !run.is_empty() {
                let gone = self.without(&spans, &run);
                out.extend(gone.into_iter().map(|span| Replacement { span, text: String::new() }));
            }
            at = run.end.max(at + 1);
        }
        if !new.is_empty() {
            let end = spans[spans.len() - 1].end;
            let text = place.comma() + &new;
            out.push(Replacement { span: Span { start: end, end }, text });
        }
        Some(())
    }

    /// The bytes that go with the children of `run`: of the two commas around them one, and of the
    /// blanks around them one side. What else stands there, such as a comment, stays.
    fn without(&self, spans: &[Span], run: &Range<usize>) -> Vec<Span> {
        let bytes = self.doc.source().bytes();
        let whole = self.doc.span(self.container).range();
        let (start, end) = (spans[run.start].range().start, spans[run.end - 1].range().end);
        if let Some(next) = spans.get(run.end) {
            let comma = comma(bytes, end..next.range().start).map_or(end, |comma| comma.end);
            return vec![Span::new(start, blanks_after(bytes, comma))];
        }
        let Some(before) = run.start.checked_sub(1) else {
            let close = blanks_after(bytes, end);
            let alone = blanks_after(bytes, whole.start + 1) == start && close == whole.end - 1;
            return vec![if alone {
                Span::new(whole.start + 1, close)
            } else {
                Span::new(start, end)
            }];
        };
        let comma = comma(bytes, spans[before].range().end..start).unwrap_or(start..start);
        if blanks_after(bytes, comma.end) == start {
            return vec![Span::new(comma.start, end)];
        }
        let blanks = bytes[comma.end..start].iter().rev().take_while(|b| is_blank(**b)).count();
        vec![Span::new(comma.start, comma.end), Span::new(start - blanks, end)]
    }

    /// Adds a new child where `place` is; `None` if it cannot be told how it is written.
    fn write(&self, out: &mut String, place: Place<'_>, added: &Added<'_>) -> Option<()> {
        if let Some(name) = added.name {
            place.key(out, name);
        }
        match &added.content {
            Content::Value(value) => place.value(out, value),
            Content::Moved(child) => return self.moved(out, place, *child),
            Content::Object(members) => {
                let mut known = Some(());
                place.object(out, members, |out, member| {
                    known = known.and(self.write(out, place.inner(), member));
                });
                return known;
            }
        }
        Some(())
    }

    /// Adds a value as it is written, its further lines indented as `place` asks.
    fn moved(&self, out: &mut String, place: Place<'_>, child: Child) -> Option<()> {
        let text = str::from_utf8(self.doc.source().slice(self.doc.span(child.value))).ok()?;
        let old = line_indent(self.doc, self.doc.span(child.head).start);
        for (nth, line) in text.split('\n').enumerate() {
            if nth == 0 {
                out.push_str(line);
                continue;
            }
            out.push('\n');
            let rest = line.strip_prefix(old);
            if rest.is_some() {
                place.indent(out);
            }
            out.push_str(rest.unwrap_or(line));
        }
        Some(())
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// Where the blanks end that begin at `at`.
fn blanks_after(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| is_blank(**byte)).count()
}

/// The comma in `gap`, which is between two children and may hold comments.
fn comma(bytes: &[u8], gap: Range<usize>) -> Option<Range<usize>> {
    let mut at = gap.start;
    while at < gap.end {
        let rest = &bytes[at..gap.end];
        at += match rest {
            [b',', ..] => return Some(at..at + 1),
            [b'#', ..] | [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            [b'/', b'*', ..] => memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
            _ => 1,
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::{Serializer, Value, json, ser::PrettyFormatter};

    use super::{Edit, Layout, comma, lower};
    use crate::document;
    use crate::fix::apply;
    use crate::source::Source;

    /// `value` as a file that is indented by `unit`, or all on one line.
    fn written(value: &Value, unit: Option<&str>) -> String {
        let Some(unit) = unit else { return value.to_string() };
        let mut out = Vec::new();
        let format = PrettyFormatter::with_indent(unit.as_bytes());
        serde::Serialize::serialize(value, &mut Serializer::with_formatter(&mut out, format))
            .expect("a vector takes all");
        String::from_utf8(out).expect("JSON is UTF-8")
    }

    #[test]
    fn a_new_value_is_laid_out_as_the_file_is_at_every_depth() {
        let value = json!({"c": {"d": [{"e": 1}, [[{"f": {}}]], []]}, "g": {"h": null}});
        for unit in [None, Some("  "), Some("\t"), Some("     ")] {
            for old in [json!({}), json!({"z": {"y": 1}})] {
                let text = written(&json!({"a": old}), unit);
                let source = Source::new("t", text.clone());
                let parsed = document::read(&source);
                let doc = &parsed.document;
                let object = doc.get(doc.root().expect("a root"), "a").expect("it is there").value;
                let edit = Edit::Insert { object, key: "b".to_owned(), value: value.clone() };
                let replacements = lower(doc, &Layout::of(doc), &[edit]).expect("there is room");

                let mut new = old.clone();
                new["b"] = value.clone();
                let result = apply(text.as_bytes(), &replacements);
                let result = String::from_utf8(result).expect("UTF-8");
                assert_eq!(result, written(&json!({"a": new}), unit), "{unit:?}");
            }
        }
    }

    #[test]
    fn a_comma_in_a_comment_is_none() {
        for (gap, at) in [
            (" , ", Some(1)),
            ("// a, b\n,", Some(8)),
            ("/* , */,", Some(7)),
            ("# ,\n ,", Some(5)),
            ("// ,", None),
            ("/* ,", None),
            ("\n", None),
        ] {
            let found = comma(gap.as_bytes(), 0..gap.len()).map(|comma| comma.start);
            assert_eq!(found, at, "{gap:?}");
        }
    }
}
