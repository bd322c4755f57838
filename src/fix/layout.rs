//! How a JSON file is laid out, and values written in the same manner.

use serde_json::Value;

use super::Child;
use memchr::memmem;

use crate::document::{Document, NodeId};

/// Characters of a list of plain values that still goes on one line.
const ONE_LINE: usize = 60;

/// The manner of a whole file.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The line end.
    line_end: &'static str,
    /// What one level of indentation is.
    unit: String,
    /// Whether a blank follows colons and commas.
    spaced: bool,
    /// Whether blanks pad the braces of objects on one line.
    padded: bool,
}

impl Layout {
    /// The manner of the source of `doc`, as its first members show it.
    pub(super) fn of(doc: &Document<'_>) -> Self {
        let bytes = doc.source().bytes();
        let first = doc.root().and_then(|root| Child::all(doc, root).next());
        let colon = first.map_or(&b": "[..], |first| between(doc, first));
        let unit = first.and_then(|first| indent_before(doc, first)).unwrap_or_default();
        let unit = if unit.is_empty() { "  " } else { unit };
        let beginning = &bytes[..bytes.len().min(1 << 16)];
        Self {
            line_end: if memmem::find(beginning, b"\r\n").is_some() { "\r\n" } else { "\n" },
            unit: unit.to_owned(),
            spaced: colon.ends_with(b" "),
            padded: memmem::find(beginning, b"{ \"").is_some(),
        }
    }

    /// The manner of the children of `container`.
    pub(super) fn within<'l>(&'l self, doc: &Document<'l>, container: NodeId) -> Place<'l> {
        match Child::all(doc, container).last() {
            Some(last) => Place::new(self, indent_before(doc, last)),
            None => self.in_place_of(doc, container).inner(),
        }
    }

    /// The manner of the value `node`, or of another one in its place.
    pub(super) fn in_place_of<'l>(&'l self, doc: &Document<'l>, node: NodeId) -> Place<'l> {
        let many_lines = doc.source().slice(doc.span(node)).contains(&b'\n');
        let indent = Child::of(doc, node).and_then(|child| {
            let line = || line_indent(doc, doc.span(child.head).start);
            indent_before(doc, child).or_else(|| many_lines.then(line))
        });
        Place::new(self, indent)
    }
}

/// The manner at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'l> {
    layout: &'l Layout,
    /// If each member has a line of its own: the indentation that is written there, and how many levels
    /// further in this is.
    indent: Option<(&'l str, usize)>,
}

impl<'l> Place<'l> {
    fn new(layout: &'l Layout, indent: Option<&'l str>) -> Self {
        Self { layout, indent: indent.map(|indent| (indent, 0)) }
    }

    /// A comma, and what is between it and what follows.
    pub(super) fn comma(self) -> String {
        let mut out = ",".to_owned();
        self.gap(&mut out);
        out
    }

    /// Adds what is between a comma and what follows it.
    fn gap(self, out: &mut String) {
        if self.indent.is_some() {
            out.push_str(self.layout.line_end);
            self.indent(out);
        } else if self.layout.spaced {
            out.push(' ');
        }
    }

    /// Adds the indentation here; nothing where members share a line.
    pub(super) fn indent(self, out: &mut String) {
        if let Some((indent, levels)) = self.indent {
            out.push_str(indent);
            (0..levels).for_each(|_| out.push_str(&self.layout.unit));
        }
    }

    /// One level further in.
    pub(super) fn inner(self) -> Self {
        Self { indent: self.indent.map(|(indent, levels)| (indent, levels + 1)), ..self }
    }

    /// Adds `key` and a colon.
    pub(super) fn key(self, out: &mut String, key: &str) {
        out.push_str(&quoted(key));
        out.push_str(if self.layout.spaced { ": " } else { ":" });
    }

    /// Adds `value`, which a rule made: as deep as rules make them.
    pub(super) fn value(self, out: &mut String, value: &Value) {
        match value {
            Value::Array(items) if !items.is_empty() => self.array(out, items),
            Value::Object(members) if !members.is_empty() => {
                let inner = self.inner();
                self.object(out, members, |out, (key, value)| {
                    inner.key(out, key);
                    inner.value(out, value);
                });
            }
            value => out.push_str(&value.to_string()),
        }
    }

    /// Adds a list: on one line if it is short and plain, or if all there is on one line.
    fn array(self, out: &mut String, items: &[Value]) {
        let start = out.len();
        let is_plain = |value: &Value| !value.is_object() && !value.is_array();
        if self.indent.is_none() || items.iter().all(is_plain) {
            let one_line = Self { indent: None, ..self };
            out.push('[');
            one_line.list(out, items, |out, item| one_line.value(out, item));
            out.push(']');
            if self.indent.is_none() || out.len() - start <= ONE_LINE {
                return;
            }
            out.truncate(start);
        }
        let inner = self.inner();
        out.push('[');
        inner.gap(out);
        inner.list(out, items, |out, item| inner.value(out, item));
        self.gap(out);
        out.push(']');
    }

    /// Adds an object with these members, which `write` adds one level further in.
    pub(super) fn object<T>(
        self,
        out: &mut String,
        members: impl IntoIterator<Item = T>,
        write: impl FnMut(&mut String, T),
    ) {
        let inner = self.inner();
        let pad = |place: Self, out: &mut String| match place.indent {
            Some(_) => place.gap(out),
            None if place.layout.padded => out.push(' '),
            None => {}
        };
        out.push('{');
        pad(inner, out);
        inner.list(out, members, write);
        pad(self, out);
        out.push('}');
    }

    /// Adds children with commas between them.
    fn list<T>(
        self,
        out: &mut String,
        children: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut String, T),
    ) {
        for (nth, child) in children.into_iter().enumerate() {
            if nth > 0 {
                out.push(',');
                self.gap(out);
            }
            write(out, child);
        }
    }
}

/// `text` as a JSON string, in a form that YAML and TOML read as well.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\x7F', "\\u007f")
}

/// The indentation of `child`, if it stands at the beginning of a line, but of the first.
fn indent_before<'s>(doc: &Document<'s>, child: Child) -> Option<&'s str> {
    let before = &doc.source().bytes()[..doc.span(child.head).start as usize];
    let (rest, blanks) = before.split_at(before.len() - blanks(before.iter().rev()));
    rest.ends_with(b"\n").then(|| str::from_utf8(blanks).unwrap_or_default())
}

/// The indentation of the line that the byte at `offset` is in.
pub(super) fn line_indent<'s>(doc: &Document<'s>, offset: u32) -> &'s str {
    let line = doc.source().slice(doc.source().line(doc.source().position(offset).line));
    str::from_utf8(&line[..blanks(line.iter())]).unwrap_or_default()
}

/// How many of `bytes` come before the first that indents nothing.
fn blanks<'b>(bytes: impl Iterator<Item = &'b u8>) -> usize {
    bytes.take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// What is between the key and the value of a member.
fn between<'s>(doc: &Document<'s>, member: Child) -> &'s [u8] {
    let range = doc.span(member.head).end as usize..doc.span(member.value).start as usize;
    doc.source().bytes().get(range).unwrap_or_default()
}
