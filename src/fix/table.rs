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
            let line = self
                .line(Child::of(self.doc, *head)?)
                .filter(|line| is_written_once(self.lowering, line.child.value));
            out.push(Replacement { span: self.without(line?)?, text: String::new() });
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
            out.push(Replacement { span: self.part(*item)?, text: String::new() });
        }
        (is_shorter && change.added.is_empty()).then_some(())
    }

    /// The lines of the table `value`, from its header on, if it is written in one piece: with the empty
    /// line before it.
    fn part(&self, value: NodeId) -> Option<Span> {
        let bytes = self.lines.bytes;
        let header = self.doc.opening(value).range();
        let span = self.doc.span(value).range();
        let name = bytes.get(header.clone())?.trim_ascii_start();
        let name = name.strip_prefix(b"[")?;
        let name = name.strip_prefix(b"[").unwrap_or(name);
        let name = name.split(|byte| *byte == b']').next()?.trim_ascii();
        if span.start != header.start || !self.lines.before(header.start).trim_ascii().is_empty() {
            return None;
        }
        // Any other header in between belongs to another table, or to a text that looks like one.
        let is_own = |line: &[u8]| {
            let rest = line.trim_ascii_start();
            let rest = match rest.strip_prefix(b"[") {
                Some(rest) => rest.strip_prefix(b"[").unwrap_or(rest),
                None => return true,
            };
            rest.trim_ascii_start()
                .strip_prefix(name)
                .is_some_and(|rest| rest.first() == Some(&b'.'))
        };
        if !bytes[header.end..span.end].split(|byte| *byte == b'\n').skip(1).all(is_own) {
            return None;
        }
        let start = self.lines.start(header.start);
        let end = self.lines.end_of_rest(span.end)?;
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
        let texts = added.iter().map(|added| Some(format!("{prefix}{}", self.written(added)?)));
        let texts = texts.collect::<Option<Vec<_>>>()?.join(line_end);
        if let Some(next) = kept.get(at).filter(|_| at == 0) {
            let text = format!("{texts}{line_end}");
            return Some(Replacement { span: Span::at(next.start), text });
        }
        let end = at.checked_sub(1).map_or(header.end, |before| kept[before].end);
        let end = self.lines.end_of_rest(end)?;
        Some(Replacement { span: Span::at(end), text: format!("{line_end}{texts}") })
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
