//! TOML tables that move: no line of theirs does, for their headers say where they belong.

use super::lines::Lines;
use super::scalar::{Quote, Writer};
use super::{Child, Form, Lowering, Replacement};
use crate::document::{Document, Kind, NodeId};
use crate::finding::{Edit, Touched};
use crate::source::Span;

/// Adds the replacements that make the table `moved` one of the object `target.0`, below new ones named by
/// `target.1`, under the name `target.2`; `None` if its headers cannot say so. What `edits` remove around it
/// loses its own headers. What loses or gets a table is returned.
pub(super) fn lower(
    lowering: &Lowering<'_>,
    moved: Child,
    target: (NodeId, &[String], &str),
    edits: &[Edit],
    out: &mut Vec<Replacement>,
) -> Option<Vec<Touched>> {
    let work = Work { lowering, doc: lowering.doc, lines: Lines::of(lowering.doc) };
    let (object, path, name) = target;
    let writer = Writer::with_quote(work.doc, Quote::Double);
    let places = work.places(moved.head)?;
    let mut names = work.names(object, moved, &places)?;
    names.extend(path.iter().map(|step| writer.key(step)));
    names.push(writer.key(name));
    let name = names.join(".");
    for place in places {
        out.push(Replacement { span: place, text: name.clone() });
    }
    let gone = edits.iter().filter_map(|edit| match edit {
        Edit::Remove { node } => Child::of(work.doc, *node),
        _ => None,
    });
    let around = { gone }.find(|gone| work.doc.is_within(moved.head, gone.value));
    work.empty(moved, around, out)?;
    let touched = [(moved.container, true), (object, false)].into_iter();
    let touched = touched.chain(around.map(|gone| (gone.container, true)));
    let touched = touched.map(|(node, removes)| Touched { span: work.doc.span(node), removes });
    Some(touched.collect())
}

struct Work<'w> {
    lowering: &'w Lowering<'w>,
    doc: &'w Document<'w>,
    lines: Lines<'w>,
}

impl Work<'_> {
    /// Where headers name the table `key`, from their bracket on; `None` if anything else does.
    fn places(&self, key: NodeId) -> Option<Vec<Span>> {
        let places = self.doc.again(key).into_iter().chain([self.doc.span(key)]);
        places
            .map(|place| {
                let start = self.lines.start(place.range().start);
                let line = &self.lines.bytes[start..place.range().end];
                let name = line.trim_ascii_start().strip_prefix(b"[")?;
                let name = name.strip_prefix(b"[").unwrap_or(name).trim_ascii_start();
                Some(Span::new(place.range().end - name.len(), place.range().end))
            })
            .collect()
    }

    /// The names that lead to `object` in headers at `places`, where `moved` is written.
    fn names(&self, object: NodeId, moved: Child, places: &[Span]) -> Option<Vec<String>> {
        let mut names = Vec::new();
        let mut node = object;
        while let Some(outer) = self.doc.parent(node) {
            if self.lowering.form(node) != Some(Form::Table) {
                return None;
            }
            let is_around = self.doc.is_within(moved.head, node);
            if self.doc.kind(outer) == Kind::Array {
                // Behind the header of the last item, its list stands for this item.
                let header = self.doc.opening(node);
                let is_behind = || places.iter().all(|place| place.start > header.start);
                let is_last = || self.doc.items(outer).last() == Some(node);
                (is_around || is_last() && is_behind()).then_some(())?;
            } else {
                let key = Child::of(self.doc, node)?.head;
                if !is_around {
                    self.places(key)?;
                }
                names.push(
                    str::from_utf8(self.doc.source().slice(self.doc.span(key))).ok()?.to_owned(),
                );
            }
            node = outer;
        }
        names.reverse();
        Some(names)
    }

    /// Takes out the headers of the tables around `moved` up to `gone`; if nothing goes, the table around
    /// has to have one.
    fn empty(&self, moved: Child, gone: Option<Child>, out: &mut Vec<Replacement>) -> Option<()> {
        let header = |table: NodeId| {
            let opening = self.doc.opening(table).range();
            (self.lines.bytes.get(opening.start) == Some(&b'[')).then_some(opening)
        };
        let Some(gone) = gone else {
            let is_last = self.doc.members(moved.container).nth(1).is_none();
            let is_root = self.doc.parent(moved.container).is_none();
            return (!is_last || is_root || header(moved.container).is_some()).then_some(());
        };
        for table in self.doc.around(moved.head).take_while(|table| *table >= gone.value) {
            self.places(Child::of(self.doc, table)?.head)?;
            let Some(header) = header(table) else { continue };
            let start = self.lines.start(header.start);
            let before = self.lines.end_before(start);
            let is_blank = before < start && self.lines.before(before).trim_ascii().is_empty();
            let start = if is_blank { self.lines.start(before) } else { start };
            let next = self.lines.next(self.lines.end_of_rest(header.end)?);
            out.push(Replacement { span: Span::new(start, next), text: String::new() });
        }
        Some(())
    }
}
