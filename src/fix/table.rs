//! Edits of TOML tables: members on lines of their own, below a header or by dotted keys.

use serde_json::Value;

use super::change::{Added, Change, Content, placed};
use super::child::Child;
use super::lines::Lines;
use super::{Form, Lowering, Replacement};
use crate::document::{Document, Kind, NodeId};
use crate::source::Span;

/// Adds the replacements that carry out `change` in `container`; `None` if something has no place in the
/// text.
pub(super) fn lower(
    lowering: &Lowering<'_>,
    container: NodeId,
    change: &Change<'_>,
    out: &mut Vec<Replacement>,
) -> Option<()> {
    Work::new(lowering, container).lower(change, out)
}

/// Puts `value` in the place of the value of `child`, whose container is a table.
pub(super) fn replace(
    lowering: &Lowering<'_>,
    child: Child,
    value: &Value,
    out: &mut Vec<Replacement>,
) -> Option<()> {
    let doc = lowering.doc;
    if !is_written_once(lowering, child.value) {
        return None;
    }
    let mut text = String::new();
    lowering.layout().in_place_of(doc, child.value).value(&mut text, value);
    out.push(Replacement { span: doc.span(child.value), text });
    Some(())
}

/// Whether `value` is a scalar or between brackets: at one place.
fn is_written_once(lowering: &Lowering<'_>, value: NodeId) -> bool {
    match lowering.doc.kind(value) {
        Kind::Array | Kind::Object => lowering.form(value) == Some(Form::Brackets),
        _ => true,
    }
}

/// A member that has a line, or several, of its own.
#[derive(Clone, Copy)]
struct Line {
    child: Child,
    /// The beginning of the line.
    start: usize,
    /// The end of the value.
    end: usize,
}

/// Lowers the edits of one table.
struct Work<'w> {
    lowering: &'w Lowering<'w>,
    doc: &'w Document<'w>,
    lines: Lines<'w>,
    container: NodeId,
}

impl<'w> Work<'w> {
    fn new(lowering: &'w Lowering<'w>, container: NodeId) -> Self {
        let doc = lowering.doc;
        Self { lowering, doc, lines: Lines::of(doc), container }
    }

    fn lower(&self, change: &Change<'_>, out: &mut Vec<Replacement>) -> Option<()> {
        if self.doc.kind(self.container) == Kind::Array {
            return self.lower_list(change, out);
        }
        let children = self.lowering.children(self.container);
        for head in &change.removed {
            let child = Child::of(self.doc, *head)?;
            let line = self.line(child).filter(|_| is_written_once(self.lowering, child.value));
            let span = match line {
                Some(mut line) if change.moved.contains(head) => {
                    line.start = self.above(child).unwrap_or(line.start);
                    self.without(line)
                }
                Some(line) => self.without(line),
                None => self.member_part(child),
            };
            out.push(Replacement { span: span?, text: String::new() });
        }
        if children.len() == change.removed.len() && !self.is_headed() {
            // Without a header and without members there is no table any more.
            return None;
        }
        if change.added.is_empty() {
            return Some(());
        }
        let is_left = |child: &&Child| !change.removed.contains(&child.head);
        let kept: Vec<Line> =
            children.iter().filter(is_left).filter_map(|child| self.line(*child)).collect();
        let heads: Vec<Child> = kept.iter().map(|line| line.child).collect();
        for (at, added) in placed(self.lowering, &heads, &change.added) {
            out.push(self.insertion(&kept, at, &added)?);
        }
        Some(())
    }

    /// A list of tables loses some of them, but not all: then there were no list any more.
    fn lower_list(&self, change: &Change<'_>, out: &mut Vec<Replacement>) -> Option<()> {
        let is_shorter = change.removed.len() < self.doc.items(self.container).count();
        for item in &change.removed {
            out.push(Replacement { span: self.item_part(*item)?, text: String::new() });
        }
        (is_shorter && change.added.is_empty()).then_some(())
    }

    /// The lines of the item `value` of a list of tables, if it is written in one piece.
    fn item_part(&self, value: NodeId) -> Option<Span> {
        let header = self.doc.opening(value).range();
        let span = self.doc.span(value).range();
        let name = self.lines.bytes.get(header.clone())?.strip_prefix(b"[[")?;
        let name = name.split(|byte| *byte == b']').next()?.trim_ascii();
        // Another header with the same name is another item.
        let is_first = span.start == header.start;
        is_first.then(|| self.part(header.start, name, b".", span.end)).flatten()
    }

    /// The lines of the table, or list of tables, `child`, if it is written in one piece.
    fn member_part(&self, child: Child) -> Option<Span> {
        let key = self.doc.span(child.head).range();
        let start = self.lines.start(key.start);
        let name = self.lines.bytes[start..key.end].trim_ascii_start().strip_prefix(b"[")?;
        let name = name.strip_prefix(b"[").unwrap_or(name).trim_ascii_start();
        let end = self.doc.span(child.value).range().end;
        let is_apart = |again: &Span| again.range().start < start || again.range().end > end;
        let is_apart = self.doc.again(child.head).iter().any(is_apart);
        (!is_apart).then(|| self.part(start, name, b".]", end)).flatten()
    }

    /// The lines from the header at `header` to `end`, with the empty line before them, if each other
    /// header in between has `name` and then one of the bytes `next`.
    fn part(&self, header: usize, name: &[u8], next: &[u8], end: usize) -> Option<Span> {
        if !self.lines.before(header).trim_ascii().is_empty() {
            return None;
        }
        // Any other header belongs to another table, or to a text that looks like one.
        let is_own = |line: &[u8]| {
            let rest = line.trim_ascii_start();
            let rest = match rest.strip_prefix(b"[") {
                Some(rest) => rest.strip_prefix(b"[").unwrap_or(rest),
                None => return true,
            };
            rest.trim_ascii_start()
                .strip_prefix(name)
                .is_some_and(|rest| rest.first().is_some_and(|byte| next.contains(byte)))
        };
        if !self.lines.bytes[header..end].split(|byte| *byte == b'\n').skip(1).all(is_own) {
            return None;
        }
        let start = self.lines.start(header);
        let end = self.lines.end_of_rest(end)?;
        let before = self.lines.end_before(start);
        let is_blank = before < start && self.lines.before(before).trim_ascii().is_empty();
        let start = if is_blank && before > 0 { self.lines.start(before) } else { start };
        let next = self.lines.next(end);
        if next == end {
            return Some(Span::new(self.lines.end_before(start), end));
        }
        Some(Span::new(start, next))
    }

    /// The line of a member: that of the first value, if its key is one part of a dotted one.
    fn line(&self, child: Child) -> Option<Line> {
        let key = self.doc.span(child.head).range();
        let start = self.lines.start(key.start);
        let before = self.lines.bytes[start..key.start].trim_ascii_start();
        if before.starts_with(b"[") {
            return None;
        }
        let mut value = child.value;
        while !is_written_once(self.lowering, value) {
            value = self.doc.members(value).next()?.value;
        }
        let end = self.doc.span(value).range().end;
        // Further values of a dotted key are on lines of their own.
        let is_here = !self.lines.bytes[start..self.doc.span(value).range().start].contains(&b'\n');
        is_here.then_some(Line { child, start, end })
    }

    /// The beginning of the lines above `child` that have comments of its.
    fn above(&self, child: Child) -> Option<usize> {
        let first = self.doc.comments_above(child.head).first()?;
        Some(self.lines.start(first.range().start))
    }

    /// Whether the table has a header of its own.
    fn is_headed(&self) -> bool {
        let opening = self.doc.opening(self.container);
        self.doc.source().slice(opening).first() == Some(&b'[')
    }

    /// The lines of `line`, with their line end.
    fn without(&self, line: Line) -> Option<Span> {
        let end = self.lines.end_of_rest(line.end)?;
        let next = self.lines.next(end);
        if next > end {
            return Some(Span::new(line.start, next));
        }
        Some(Span::new(self.lines.end_before(line.start), end))
    }

    /// New members, `at` of the lines `kept` before them.
    fn insertion(&self, kept: &[Line], at: usize, added: &[&Added<'_>]) -> Option<Replacement> {
        let line_end = self.lowering.layout().line_end;
        // The line beside it shows the indentation, and the keys before a dot.
        let beside = kept.get(at.saturating_sub(1)).map(|line| {
            let key = self.doc.span(line.child.head).range().start;
            &self.lines.bytes[line.start..key]
        });
        let header = self.doc.opening(self.container).range();
        let prefix = match beside {
            Some(beside) => beside,
            None if self.is_headed() => self.lines.before(header.start),
            None => return None,
        };
        let prefix = str::from_utf8(prefix).ok()?;
        let texts = added.iter().map(|added| self.lines_of(prefix, added));
        let texts = texts.collect::<Option<Vec<_>>>()?.join(line_end);
        if let Some(next) = kept.get(at).filter(|_| at == 0) {
            let text = format!("{texts}{line_end}");
            let start = self.above(next.child).unwrap_or(next.start);
            return Some(Replacement { span: Span::at(start), text });
        }
        let end = at.checked_sub(1).map_or(header.end, |before| kept[before].end);
        let end = self.lines.end_of_rest(end)?;
        Some(Replacement { span: Span::at(end), text: format!("{line_end}{texts}") })
    }

    /// A new member behind `prefix`, with the comments that come with it.
    fn lines_of(&self, prefix: &str, added: &Added<'_>) -> Option<String> {
        let line = format!("{prefix}{}", self.written(added)?);
        let Content::Moved(child) = &added.content else { return Some(line) };
        let text = |comment: &Span| String::from_utf8_lossy(self.doc.source().slice(*comment));
        let indent = prefix.len() - prefix.trim_start().len();
        let mut out = String::new();
        for comment in self.doc.comments_above(child.head) {
            out.push_str(&prefix[..indent]);
            out.push_str(&text(comment));
            out.push_str(self.lowering.layout().line_end);
        }
        out.push_str(&line);
        if let Some(behind) = self.doc.comment_behind(child.span(self.doc).end) {
            out.push(' ');
            out.push_str(&text(&behind));
        }
        Some(out)
    }

    /// A new member: all on its line.
    fn written(&self, added: &Added<'_>) -> Option<String> {
        let writer = self.lowering.layout().writer(self.doc, self.container);
        let place = self.lowering.layout().on_one_line(writer);
        let mut out = String::new();
        place.key(&mut out, added.name?);
        match &added.content {
            Content::Value(value) => place.value(&mut out, value),
            Content::Moved(child) => out.push_str(self.moved(*child)?),
            Content::Object(members) => {
                // On one line there is no room for comments.
                let is_bare = |member: &Added<'_>| match member.content {
                    Content::Moved(child) => !self.lowering.has_comments(child),
                    _ => true,
                };
                members.iter().all(is_bare).then_some(())?;
                let texts = members.iter().map(|member| self.written(member));
                let texts = texts.collect::<Option<Vec<_>>>()?;
                place.object(&mut out, texts, |out, text| out.push_str(&text));
            }
        }
        Some(out)
    }

    /// A value as it is written elsewhere.
    fn moved(&self, child: Child) -> Option<&'w str> {
        let span = self.doc.span(child.value);
        if !is_written_once(self.lowering, child.value) {
            return None;
        }
        str::from_utf8(self.doc.source().slice(span)).ok()
    }
}
