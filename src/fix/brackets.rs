//! Edits between brackets: all of JSON, flow style in YAML, inline tables and lists in TOML.

use std::ops::Range;

use super::change::{Added, Change, Content, placed};
use super::child::Child;
use super::layout::{Place, line_indent};
use super::{Form, Lowering, Replacement};
use crate::document::{Document, Kind, NodeId};
use crate::source::Span;

/// Levels of a value that is copied from elsewhere.
const DEPTH: usize = 64;

/// Adds the replacements that carry out `change` in `container`; `None` if something has no place in the
/// text.
pub(super) fn lower(
    lowering: &Lowering<'_>,
    container: NodeId,
    change: &Change<'_>,
    out: &mut Vec<Replacement>,
) -> Option<()> {
    Work { lowering, doc: lowering.doc, container }.lower(change, out)
}

/// Lowers the change of one container.
struct Work<'w> {
    lowering: &'w Lowering<'w>,
    doc: &'w Document<'w>,
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
        let children = self.lowering.children(self.container);
        if change.added.is_empty() && !children.is_empty() {
            return self.remove(change, &children, out);
        }
        let layout = self.lowering.layout();
        let place = layout.within(self.doc, self.container);
        let text = |added: &Added<'_>| {
            let mut text = String::new();
            self.write(&mut text, place, added).map(|()| text)
        };
        let texts = |added: &[&Added<'_>]| {
            added.iter().map(|added| text(added)).collect::<Option<Vec<_>>>()
        };
        if children.is_empty() {
            let added = texts(&change.added.iter().collect::<Vec<_>>())?;
            let mut text = String::new();
            if open == b'{' {
                let outer = layout.in_place_of(self.doc, self.container);
                outer.object(&mut text, &added, |out, member| out.push_str(member));
            } else {
                text = format!("[{}]", added.join(&place.comma()));
            }
            out.push(Replacement { span: whole, text });
            return between.trim_ascii().is_empty().then_some(());
        }
        let goes = |child: &Child| change.removed.contains(&child.head);
        let is_bound = |child: &Child| goes(child) && self.lowering.has_anchors(*child);
        if children.iter().any(is_bound) {
            return None;
        }
        let kept: Vec<Child> = children.iter().copied().filter(|child| !goes(child)).collect();
        let mut new = placed(self.lowering, &kept, &change.added);
        let at_end = texts(&new.remove(&kept.len()).unwrap_or_default())?;
        for (at, added) in new {
            let before = at.checked_sub(1).map(|at| kept[at]);
            let joined = texts(&added)?.join(&place.comma());
            out.push(self.insertion(place, before, kept[at], &joined));
        }
        let mut new = at_end.join(&place.comma());
        let spans: Vec<Span> = children.iter().map(|child| child.span(self.doc)).collect();
        let mut at = 0;
        while at < children.len() {
            let run = at..at + children[at..].iter().take_while(|child| goes(child)).count();
            if !run.is_empty() && run.end == children.len() && !new.is_empty() {
                let span = Span { start: spans[run.start].start, end: spans[run.end - 1].end };
                out.push(Replacement { span, text: std::mem::take(&mut new) });
            } else if !run.is_empty() {
                let gone = self.without(&children, &run);
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

    /// Takes children out, and looks at no others than their neighbours.
    fn remove(
        &self,
        change: &Change<'_>,
        children: &[Child],
        out: &mut Vec<Replacement>,
    ) -> Option<()> {
        let index = |head: &NodeId| children.binary_search_by_key(head, |child| child.head).ok();
        let mut gone: Vec<usize> = change.removed.iter().filter_map(index).collect();
        if gone.iter().any(|&at| self.lowering.has_anchors(children[at])) {
            return None;
        }
        gone.sort_unstable();
        for run in gone.chunk_by(|one, next| one + 1 == *next) {
            let spans = self.without(children, &(run[0]..run[run.len() - 1] + 1));
            out.extend(spans.into_iter().map(|span| Replacement { span, text: String::new() }));
        }
        Some(())
    }

    /// `new` before the child `next`; behind the comment that belongs to the child before it, if there is
    /// one on its line.
    fn insertion(
        &self,
        place: Place<'_>,
        before: Option<Child>,
        next: Child,
        new: &str,
    ) -> Replacement {
        let bytes = self.doc.source().bytes();
        let start = next.span(self.doc).start as usize;
        let comma = before.and_then(|child| comma(bytes, child.span(self.doc).range().end..start));
        if let Some(comma) = comma.filter(|_| place.has_lines()) {
            let rest = &bytes[comma.end..start];
            let line = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest[..line].trim_ascii_end();
            let is_whole = !line.windows(2).any(|pair| pair == b"/*") || line.ends_with(b"*/");
            if !line.trim_ascii().is_empty() && line.len() < rest.len() && is_whole {
                let mut text = String::new();
                place.gap(&mut text);
                text.push_str(new);
                text.push(',');
                return Replacement { span: Span::at(comma.end + line.len()), text };
            }
        }
        Replacement { span: Span::at(start), text: format!("{new}{}", place.comma()) }
    }

    /// The bytes that go with the children of `run`: of the two commas around them one, and of the
    /// blanks around them one side. What else stands there, such as a comment, stays.
    fn without(&self, children: &[Child], run: &Range<usize>) -> Vec<Span> {
        let bytes = self.doc.source().bytes();
        let whole = self.doc.span(self.container).range();
        let span = |at: usize| children[at].span(self.doc).range();
        let (start, end) = (span(run.start).start, span(run.end - 1).end);
        if run.end < children.len() {
            let comma = comma(bytes, end..span(run.end).start).map_or(end, |comma| comma.end);
            return vec![Span::new(start, blanks_after(bytes, comma))];
        }
        let Some(before) = run.start.checked_sub(1) else {
            let close = blanks_after(bytes, end);
            // A comma after the last child, as YAML and TOML allow it, has nothing left to follow.
            let trailing = comma(bytes, end..whole.end - 1);
            if let Some(comma) = trailing {
                return vec![Span::new(start, end), Span::new(comma.start, comma.end)];
            }
            let alone = blanks_after(bytes, whole.start + 1) == start && close == whole.end - 1;
            return vec![if alone {
                Span::new(whole.start + 1, close)
            } else {
                Span::new(start, end)
            }];
        };
        let comma = comma(bytes, span(before).end..start).unwrap_or(start..start);
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
            Content::Moved(child) if self.lowering.contains_alias(*child) => return None,
            Content::Moved(child) if self.lowering.form(child.container)? == Form::Brackets => {
                return self.moved(out, place, *child);
            }
            Content::Moved(child) => {
                // Between brackets there is no room for comments on lines of their own.
                place.value(out, &self.doc.to_value(child.value, DEPTH));
                return (!self.lowering.has_comments(*child)).then_some(());
            }
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
        let text = str::from_utf8(self.doc.source().slice(child.written(self.doc))).ok()?;
        let old = line_indent(self.doc, child.span(self.doc).start);
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

    use super::comma;
    use crate::document;
    use crate::finding::{Edit, Finding};
    use crate::fix::{lower, replace};
    use crate::source::{Source, Span};

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
                let rule = crate::rules::ALL[0];
                let finding = Finding::new(rule, Span::default(), &doc.pointer(object), "");
                let mut findings = [finding.safe_fix("Add it", vec![edit])];
                lower(doc, &mut findings);
                let fix = findings[0].fix.as_ref().expect("there is room");

                let mut new = old.clone();
                new["b"] = value.clone();
                let result = replace(text.as_bytes(), &fix.replacements);
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
