//! Edits of block mappings and sequences in YAML: children on lines of their own.

use serde_json::Value;

use super::change::{Added, Change, Content, placed};
use super::child::Child;
use super::lines::{Lines, reindented};
use super::scalar::{Quote, Writer};
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

/// Puts `value` in the place of the value of `child`, whose container is in block style.
pub(super) fn replace(
    lowering: &Lowering<'_>,
    child: Child,
    value: &Value,
    out: &mut Vec<Replacement>,
) -> Option<()> {
    out.push(Work::new(lowering, child.container).replacement(child, value)?);
    Some(())
}

/// A child and the bytes that are its own: from its key or dash to the end of its value.
#[derive(Clone, Copy)]
struct Entry {
    child: Child,
    start: usize,
    end: usize,
}

/// Lowers the edits of one container.
struct Work<'w> {
    lowering: &'w Lowering<'w>,
    doc: &'w Document<'w>,
    lines: Lines<'w>,
    container: NodeId,
    writer: Writer,
}

impl<'w> Work<'w> {
    fn new(lowering: &'w Lowering<'w>, container: NodeId) -> Self {
        let doc = lowering.doc;
        let writer = lowering.layout().writer(doc, container);
        Self { lowering, doc, lines: Lines::of(doc), container, writer }
    }

    fn lower(&self, change: &Change<'_>, out: &mut Vec<Replacement>) -> Option<()> {
        let mut entries = self.entries()?;
        for entry in entries.iter_mut().filter(|it| change.moved.contains(&it.child.head)) {
            let above = self.doc.comments_above(entry.child.head);
            entry.start = above.first().map_or(entry.start, |comment| comment.range().start);
            let behind = self.doc.comment_behind(entry.end as u32);
            entry.end = behind.map_or(entry.end, |comment| comment.range().end);
        }
        let (first, last) = (*entries.first()?, *entries.last()?);
        let column = self.column(last.start)?;
        let goes = |entry: &Entry| change.removed.contains(&entry.child.head);
        if entries.iter().any(|entry| goes(entry) && self.lowering.has_anchors(entry.child)) {
            return None;
        }
        let kept: Vec<Entry> = entries.iter().copied().filter(|entry| !goes(entry)).collect();
        let children: Vec<Child> = kept.iter().map(|entry| entry.child).collect();
        let line_end = self.lowering.layout().line_end;
        let between = format!("{line_end}{}", " ".repeat(column));
        let texts = |added: &[&Added<'_>]| {
            let texts = added.iter().map(|added| self.written(added, column));
            Some(texts.collect::<Option<Vec<_>>>()?.join(&between))
        };
        if kept.is_empty() {
            let added: Vec<_> = change.added.iter().collect();
            out.push(if added.is_empty() {
                self.emptied(first, last)?
            } else {
                Replacement { span: self.whole(first, last)?, text: texts(&added)? }
            });
            return Some(());
        }
        for (at, added) in placed(self.lowering, &children, &change.added) {
            let text = texts(&added)?;
            out.push(match at.checked_sub(1) {
                None => {
                    let above = self.doc.comments_above(children[0].head).first();
                    let start = above.map_or(kept[0].start, |comment| comment.range().start);
                    Replacement { span: Span::at(start), text: format!("{text}{between}") }
                }
                Some(before) => {
                    let end = self.end_of_lines(kept[before])?;
                    Replacement { span: Span::at(end), text: format!("{between}{text}") }
                }
            });
        }
        let mut at = 0;
        while at < entries.len() {
            let run = entries[at..].iter().take_while(|entry| goes(entry)).count();
            if run > 0 {
                let span = self.without(&entries, at, at + run)?;
                out.push(Replacement { span, text: String::new() });
            }
            at += run.max(1);
        }
        Some(())
    }

    /// The children that are written in the container.
    fn entries(&self) -> Option<Vec<Entry>> {
        let is_list = self.doc.kind(self.container) == Kind::Array;
        let mut before = self.doc.span(self.container).range().start;
        let mut entries = Vec::new();
        for child in Child::all(self.doc, self.container) {
            let span = child.span(self.doc).range();
            let (start, end) = if is_list {
                let dash = self.dash(before)?;
                (dash, span.end.max(dash + 1))
            } else {
                (span.start, span.end)
            };
            before = end;
            entries.push(Entry { child, start, end });
        }
        Some(entries)
    }

    /// The dash that comes after `at`, with blanks and comments at most between.
    fn dash(&self, at: usize) -> Option<usize> {
        let mut at = self.lines.skip_blanks(at);
        while self.lines.bytes.get(at) == Some(&b'#') {
            at = self.lines.skip_blanks(self.lines.end_of_rest(at.checked_sub(1)?)?);
        }
        (self.lines.bytes.get(at) == Some(&b'-')).then_some(at)
    }

    /// The column of the entry that begins at `start`, if blanks and dashes only are before it.
    fn column(&self, start: usize) -> Option<usize> {
        let before = self.lines.before(start);
        before.iter().all(|byte| matches!(byte, b' ' | b'-')).then_some(before.len())
    }

    /// The end of the last line of `entry`, if the line is its own.
    fn end_of_lines(&self, entry: Entry) -> Option<usize> {
        // What a block scalar keeps reaches over empty lines.
        let written = self.doc.source().slice(entry.child.written(self.doc));
        let header = written.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let keeps = matches!(header, [b'|' | b'>', rest @ ..] if rest.contains(&b'+'));
        self.lines.end_of_rest(entry.end).filter(|_| !keeps)
    }

    /// All from `first` to `last`, with the comment behind it.
    fn whole(&self, first: Entry, last: Entry) -> Option<Span> {
        Some(Span::new(first.start, self.end_of_lines(last)?))
    }

    /// What goes with the entries from `from` to `to`, of which some are left.
    fn without(&self, entries: &[Entry], from: usize, to: usize) -> Option<Span> {
        let (first, last) = (entries[from], entries[to - 1]);
        let end = self.lines.end_of_rest(last.end)?;
        let start = self.lines.start(first.start);
        if self.lines.bytes[start..first.start].iter().all(|byte| *byte == b' ') {
            let next = self.lines.next(end);
            if next > end {
                return Some(Span::new(start, next));
            }
            // The last line has no end; nor has the one that is then the last.
            return Some(Span::new(self.lines.end_before(start), end));
        }
        // It stands behind a dash: so does what follows.
        let next = entries.get(to)?.start;
        let is_free = self.lines.skip_blanks(last.end) == next;
        is_free.then(|| Span::new(first.start, next))
    }

    /// An empty container in the place of all its entries.
    fn emptied(&self, first: Entry, last: Entry) -> Option<Replacement> {
        let empty = if self.doc.kind(self.container) == Kind::Array { "[]" } else { "{}" };
        let parent = Child::of(self.doc, self.container);
        if let Some(colon) = parent.and_then(|parent| self.colon(parent))
            && self.lines.skip_blanks(colon) == first.start
        {
            let span = Span::new(colon, last.end);
            return Some(Replacement { span, text: format!(" {empty}") });
        }
        let is_further_in = match parent.filter(|parent| parent.head != parent.value) {
            Some(parent) => {
                let key = self.column(self.doc.span(parent.head).range().start)?;
                self.column(first.start)? > key
            }
            None => true,
        };
        let span = Span::new(first.start, last.end);
        is_further_in.then(|| Replacement { span, text: empty.to_owned() })
    }

    /// The place behind the colon of a member.
    fn colon(&self, child: Child) -> Option<usize> {
        let key = self.doc.span(child.head).range();
        let colon = self.lines.skip_blanks(key.end);
        let is_member = child.head != child.value && self.lines.bytes.get(colon) == Some(&b':');
        is_member.then_some(colon + 1)
    }

    fn replacement(&self, child: Child, value: &Value) -> Option<Replacement> {
        let written = child.written(self.doc);
        let range = written.range();
        let colon = self.colon(child);
        if child.head != child.value && colon.is_none() {
            return None;
        }
        let properties = colon.map_or(self.lines.start(range.start), |colon| colon);
        let properties = self.lines.bytes.get(properties..range.start).unwrap_or_default();
        // A tag says what type the old value has.
        if properties.contains(&b'!') || self.lowering.has_anchors_inside(child) {
            return None;
        }
        let quote = match self.doc.kind(child.value) {
            Kind::String => Quote::of(self.doc, child.value),
            _ => self.writer.strings(),
        };
        let writer = self.writer.strings_as(quote);
        let mut inline = String::new();
        let place = self.lowering.layout().on_one_line(writer);
        match value {
            Value::Array(_) | Value::Object(_) => place.value(&mut inline, value),
            value => inline = writer.in_block().scalar(value),
        }
        if range.is_empty() {
            let follows = matches!(self.lines.bytes[..range.start].last(), Some(b':' | b'-'));
            self.lines.end_of_rest(range.start).filter(|_| follows)?;
            return Some(Replacement { span: written, text: format!(" {inline}") });
        }
        let is_alias = self.doc.alias(child.value).is_some();
        let is_container = matches!(self.doc.kind(child.value), Kind::Array | Kind::Object);
        let is_block = !is_alias && is_container && self.lowering.form(child.value)? == Form::Block;
        // A block value may begin on a line of its own, an object goes there.
        let is_next = colon.is_some_and(|colon| self.lines.skip_blanks(colon) == range.start);
        if let (Value::Object(members), Some(colon), true) = (value, colon, is_next)
            && !members.is_empty()
            && self.lines.end_of_rest(range.end).is_some()
        {
            let key = self.column(self.doc.span(child.head).range().start)?;
            let mut text = String::new();
            self.block(&mut text, value, key);
            return Some(Replacement { span: Span::new(colon, range.end), text });
        }
        match colon {
            Some(colon) if is_block && is_next => {
                let span = Span::new(colon, range.end);
                Some(Replacement { span, text: format!(" {inline}") })
            }
            Some(_) if is_block => None,
            _ => Some(Replacement { span: written, text: inline }),
        }
    }

    /// A new child without the indentation of its first line, which begins in `column`.
    fn written(&self, added: &Added<'_>, column: usize) -> Option<String> {
        let mut out = String::new();
        if let Content::Moved(child) = &added.content {
            for comment in self.doc.comments_above(child.head) {
                out.push_str(&String::from_utf8_lossy(self.doc.source().slice(*comment)));
                self.line(&mut out, column);
            }
        }
        match added.name {
            Some(name) => {
                out.push_str(&self.writer.in_block().key(name));
                out.push(':');
            }
            None => out.push('-'),
        }
        match &added.content {
            Content::Value(value) if added.name.is_some() => self.block(&mut out, value, column),
            Content::Value(value) => self.item(&mut out, value, column),
            Content::Moved(child) => out.push_str(&self.moved(*child, column)?),
            Content::Object(members) => {
                let column = column + self.lowering.layout().unit.len();
                for member in members {
                    self.line(&mut out, column);
                    out.push_str(&self.written(member, column)?);
                }
            }
        }
        Some(out)
    }

    /// Adds the value of a key that stands in `column`, with what separates it from its colon.
    fn block(&self, out: &mut String, value: &Value, column: usize) {
        let layout = self.lowering.layout();
        let is_plain = |items: &[Value]| items.iter().all(|item| !item.is_object());
        match value {
            Value::Object(members) if !members.is_empty() => {
                let column = column + layout.unit.len();
                for (key, value) in members {
                    self.line(out, column);
                    out.push_str(&self.writer.in_block().key(key));
                    out.push(':');
                    self.block(out, value, column);
                }
            }
            Value::Array(items) if !(items.is_empty() || layout.flow_lists && is_plain(items)) => {
                let column = column + layout.list_indent;
                for item in items {
                    self.line(out, column);
                    out.push('-');
                    self.item(out, item, column);
                }
            }
            value => {
                out.push(' ');
                self.inline(out, value);
            }
        }
    }

    /// Adds the item whose dash stands in `column`.
    fn item(&self, out: &mut String, value: &Value, column: usize) {
        let Value::Object(members) = value else {
            out.push(' ');
            return self.inline(out, value);
        };
        if members.is_empty() {
            out.push_str(" {}");
        }
        for (nth, (key, value)) in members.iter().enumerate() {
            if nth == 0 {
                out.push(' ');
            } else {
                self.line(out, column + 2);
            }
            out.push_str(&self.writer.in_block().key(key));
            out.push(':');
            self.block(out, value, column + 2);
        }
    }

    /// Adds a value that stays on its line.
    fn inline(&self, out: &mut String, value: &Value) {
        match value {
            Value::Array(_) | Value::Object(_) => {
                self.lowering.layout().on_one_line(self.writer).value(out, value);
            }
            value => out.push_str(&self.writer.in_block().scalar(value)),
        }
    }

    /// Begins a line at `column`.
    fn line(&self, out: &mut String, column: usize) {
        out.push_str(self.lowering.layout().line_end);
        out.extend(std::iter::repeat_n(' ', column));
    }

    /// What is written behind the colon of a member elsewhere, as it is behind one in `column`.
    fn moved(&self, child: Child, column: usize) -> Option<String> {
        if self.lowering.contains_alias(child) {
            return None;
        }
        let start = self.colon(child)?;
        let key = self.doc.span(child.head).range().start;
        let (end, old) = if self.lowering.form(child.container)? == Form::Block {
            let entry = Entry { child, start: key, end: child.span(self.doc).range().end };
            (self.end_of_lines(entry)?, self.column(key)?)
        } else {
            let line = self.lines.before(key);
            let blanks = line.iter().take_while(|byte| **byte == b' ').count();
            (child.span(self.doc).range().end, blanks)
        };
        let text = str::from_utf8(&self.lines.bytes[start..end]).ok()?;
        let blank = if text.starts_with([' ', '\r', '\n']) { "" } else { " " };
        let new = match self.lowering.form(child.container)? {
            Form::Block => column,
            // Between brackets lines may be as far in as they like, but further than the key.
            _ => column + self.lowering.layout().unit.len(),
        };
        Some(format!("{blank}{}", reindented(text, old, new)))
    }
}
