//! How a file is laid out, and values written in the same manner.

use memchr::memmem;
use serde_json::Value;

use super::child::Child;
use super::scalar::{Quote, Writer};
use crate::document::{Document, Kind, NodeId};
use crate::source::Format;

/// Characters of a list of plain values that still goes on one line.
const ONE_LINE: usize = 60;

/// Nodes that are looked at to learn how a file is written: its beginning tells.
const SAMPLE: usize = 4096;

/// The manner of a whole file.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The line end.
    pub(super) line_end: &'static str,
    /// What one level of indentation is.
    pub(super) unit: String,
    /// What is between a key and its value, between brackets or in TOML.
    colon: &'static str,
    /// Whether a blank follows commas.
    spaced: bool,
    /// Whether blanks pad the braces of objects on one line.
    padded: bool,
    /// The quotes of the first string.
    strings: Quote,
    /// How much further in than their key block lists are, in columns.
    pub(super) list_indent: usize,
    /// Whether lists of plain values are between brackets.
    pub(super) flow_lists: bool,
}

impl Layout {
    /// The manner of the source of `doc`, as its beginning shows it.
    pub(super) fn of(doc: &Document<'_>) -> Self {
        let bytes = doc.source().bytes();
        let format = doc.source().format();
        let first = doc.root().and_then(|root| Child::all(doc, root).next());
        let colon = first.map_or(&b": "[..], |first| between(doc, first));
        let is_spaced = colon.ends_with(b" ");
        let beginning = &bytes[..bytes.len().min(1 << 16)];
        let sample = Sample::of(doc);
        let unit = match first.and_then(|first| indent_before(doc, first)).unwrap_or_default() {
            "" => " ".repeat(sample.unit.unwrap_or(2)),
            unit => unit.to_owned(),
        };
        Self {
            line_end: if memmem::find(beginning, b"\r\n").is_some() { "\r\n" } else { "\n" },
            colon: match format {
                Format::Toml if is_spaced || colon.is_empty() => " = ",
                Format::Toml => "=",
                _ if is_spaced || first.is_none() => ": ",
                _ => ":",
            },
            spaced: is_spaced || format != Format::Json && !colon.starts_with(b":"),
            padded: match format {
                Format::Json => memmem::find(beginning, b"{ \"").is_some(),
                Format::Yaml => memmem::find(beginning, b"{ ").is_some(),
                Format::Toml => {
                    memmem::find(beginning, b"{ ").is_some()
                        || memmem::find(beginning, b"= {").is_none()
                }
            },
            strings: sample.strings.unwrap_or(match format {
                Format::Yaml => Quote::None,
                _ => Quote::Double,
            }),
            list_indent: sample.list_indent.unwrap_or(unit.len()),
            flow_lists: sample.flow_lists,
            unit,
        }
    }

    /// The manner of the children of `container`.
    pub(super) fn within<'l>(&'l self, doc: &Document<'l>, container: NodeId) -> Place<'l> {
        match Child::all(doc, container).last() {
            Some(last) => {
                let writer = self.writer(doc, container);
                Place { layout: self, writer, indent: indent_before(doc, last).map(|i| (i, 0)) }
            }
            None => self.in_place_of(doc, container).inner(),
        }
    }

    /// The manner of the value `node`, or of another one in its place.
    pub(super) fn in_place_of<'l>(&'l self, doc: &Document<'l>, node: NodeId) -> Place<'l> {
        let many_lines = doc.source().slice(doc.span(node)).contains(&b'\n');
        let child = Child::of(doc, node);
        let indent = child.and_then(|child| {
            let line = || line_indent(doc, child.span(doc).start);
            indent_before(doc, child).or_else(|| many_lines.then(line))
        });
        let mut writer = self.writer(doc, child.map_or(node, |child| child.container));
        if doc.kind(node) == Kind::String {
            writer = writer.strings_as(Quote::of(doc, node));
        }
        Place { layout: self, writer, indent: indent.map(|indent| (indent, 0)) }
    }

    /// How scalars are written in `container`.
    pub(super) fn writer(&self, doc: &Document<'_>, container: NodeId) -> Writer {
        let writer = Writer::within(doc, container, self.strings);
        // YAML wants a blank after a colon, unless the key has quotes.
        if self.colon == ":" { writer.with(Quote::Double) } else { writer }
    }

    /// The manner of values that stand on one line, between brackets if they are lists or objects.
    pub(super) fn on_one_line(&self, writer: Writer) -> Place<'_> {
        Place { layout: self, writer, indent: None }
    }
}

/// What the first nodes show of a file without brackets.
#[derive(Default)]
struct Sample {
    unit: Option<usize>,
    list_indent: Option<usize>,
    strings: Option<Quote>,
    flow_lists: bool,
}

impl Sample {
    fn of(doc: &Document<'_>) -> Self {
        let mut sample = Self::default();
        let mut block_lists = false;
        if doc.source().format() == Format::Json {
            return sample;
        }
        for object in doc.nodes().take(SAMPLE).filter(|node| doc.kind(*node) == Kind::Object) {
            for child in Child::all(doc, object) {
                let span = doc.span(child.value);
                let first = doc.source().slice(span).first().copied();
                let further = || {
                    let column = |offset| line_indent_or_dashes(doc, offset);
                    let (key, value) = (doc.span(child.head).start, span.start);
                    column(value)?.checked_sub(column(key)?)
                };
                match doc.kind(child.value) {
                    Kind::String => {
                        sample.strings.get_or_insert(Quote::of(doc, child.value));
                    }
                    Kind::Object if first != Some(b'{') && sample.unit.is_none() => {
                        sample.unit = further().filter(|unit| *unit > 0);
                    }
                    Kind::Array if first == Some(b'-') => {
                        sample.list_indent = sample.list_indent.or_else(further);
                        let is_plain = |item| !matches!(doc.kind(item), Kind::Object | Kind::Array);
                        block_lists |= doc.items(child.value).all(is_plain);
                    }
                    Kind::Array if first == Some(b'[') => {
                        sample.flow_lists |= doc.items(child.value).next().is_some();
                    }
                    _ => {}
                }
            }
        }
        sample.flow_lists &= !block_lists;
        sample
    }
}

/// The column of the byte at `offset` if nothing but blanks and dashes are before it in its line.
fn line_indent_or_dashes(doc: &Document<'_>, offset: u32) -> Option<usize> {
    let before = super::lines::Lines::of(doc).before(offset as usize);
    before.iter().all(|byte| matches!(byte, b' ' | b'-')).then_some(before.len())
}

/// The manner at one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'l> {
    layout: &'l Layout,
    writer: Writer,
    /// If each member has a line of its own: the indentation that is written there, and how many levels
    /// further in this is.
    indent: Option<(&'l str, usize)>,
}

impl Place<'_> {
    /// A comma, and what is between it and what follows.
    pub(super) fn comma(self) -> String {
        let mut out = ",".to_owned();
        self.gap(&mut out);
        out
    }

    /// Whether each child has a line of its own.
    pub(super) fn has_lines(self) -> bool {
        self.indent.is_some()
    }

    /// Adds what is between a comma and what follows it.
    pub(super) fn gap(self, out: &mut String) {
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
        out.push_str(&self.writer.key(key));
        out.push_str(self.layout.colon);
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
            Value::Array(_) | Value::Object(_) => out.push_str(&value.to_string()),
            value => out.push_str(&self.writer.scalar(value)),
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

/// The indentation of `child`, if it stands at the beginning of a line, but of the first.
fn indent_before<'s>(doc: &Document<'s>, child: Child) -> Option<&'s str> {
    let before = &doc.source().bytes()[..child.span(doc).start as usize];
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
