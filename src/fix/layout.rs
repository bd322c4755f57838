//! How a JSON file is laid out, and values written in the same manner.

use serde_json::Value;

use super::Child;
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
        let beginning = &bytes[..bytes.len().min(1 << 16)];
        Self {
            line_end: if memchr::memmem::find(beginning, b"\r\n").is_some() {
                "\r\n"
            } else {
                "\n"
            },
            unit: if unit.is_empty() { "  ".to_owned() } else { unit },
            spaced: colon.ends_with(b" "),
            padded: memchr::memmem::find(beginning, b"{ \"").is_some(),
        }
    }

    /// The manner of the children of `container`.
    pub(super) fn within(&self, doc: &Document<'_>, container: NodeId) -> Place<'_> {
        match Child::all(doc, container).last() {
            Some(last) => Place { layout: self, indent: indent_before(doc, last) },
            None => self.in_place_of(doc, container).inner(),
        }
    }

    /// The manner of the value `node`, or of another one in its place.
    pub(super) fn in_place_of(&self, doc: &Document<'_>, node: NodeId) -> Place<'_> {
        let many_lines = doc.source().slice(doc.span(node)).contains(&b'\n');
        let indent = Child::of(doc, node).and_then(|child| {
            let line = || line_indent(doc, doc.span(child.head).start);
            indent_before(doc, child).or_else(|| many_lines.then(line))
        });
        Place { layout: self, indent }
    }
}

/// The manner at one place.
#[derive(Clone, Debug)]
pub(super) struct Place<'l> {
    layout: &'l Layout,
    /// The indentation of what stands there, if each member has a line of its own.
    indent: Option<String>,
}

impl Place<'_> {
    /// What is between a comma and what follows it.
    pub(super) fn gap(&self) -> String {
        match &self.indent {
            Some(indent) => format!("{}{indent}", self.layout.line_end),
            None => (if self.layout.spaced { " " } else { "" }).to_owned(),
        }
    }

    /// The indentation here; nothing where members share a line.
    pub(super) fn indent(&self) -> &str {
        self.indent.as_deref().unwrap_or_default()
    }

    /// One level further in.
    pub(super) fn inner(&self) -> Self {
        let deeper = |indent: &String| format!("{indent}{}", self.layout.unit);
        Self { layout: self.layout, indent: self.indent.as_ref().map(deeper) }
    }

    /// `key` and a colon.
    pub(super) fn key(&self, key: &str) -> String {
        let colon = if self.layout.spaced { ": " } else { ":" };
        format!("{}{colon}", quoted(key))
    }

    /// `value`, which a rule made: as deep as rules make them.
    pub(super) fn value(&self, value: &Value) -> String {
        let is_plain = |value: &Value| !value.is_object() && !value.is_array();
        match value {
            Value::Array(items) if !items.is_empty() => {
                let one_line = Self { layout: self.layout, indent: None };
                let texts: Vec<String> = items.iter().map(|item| one_line.value(item)).collect();
                let line = format!("[{}]", texts.join(&format!(",{}", one_line.gap())));
                if self.indent.is_none() || (line.len() <= ONE_LINE && items.iter().all(is_plain)) {
                    return line;
                }
                let inner = self.inner();
                let texts: Vec<String> = items.iter().map(|item| inner.value(item)).collect();
                format!(
                    "[{}{}{}]",
                    inner.gap(),
                    texts.join(&format!(",{}", inner.gap())),
                    self.gap()
                )
            }
            Value::Object(members) if !members.is_empty() => {
                let inner = self.inner();
                let text = |(key, value): (&String, &Value)| inner.key(key) + &inner.value(value);
                let texts: Vec<String> = members.iter().map(text).collect();
                self.object(&texts)
            }
            value => value.to_string(),
        }
    }

    /// The object with these members, which are written one level further in.
    pub(super) fn object(&self, members: &[String]) -> String {
        let (first, last) = match (&self.indent, self.layout.padded) {
            (Some(_), _) => (self.inner().gap(), self.gap()),
            (None, true) => (" ".to_owned(), " ".to_owned()),
            (None, false) => (String::new(), String::new()),
        };
        let members = members.join(&format!(",{}", self.inner().gap()));
        format!("{{{first}{members}{last}}}")
    }
}

/// `text` as a JSON string, in a form that YAML and TOML read as well.
pub(super) fn quoted(text: &str) -> String {
    Value::from(text).to_string().replace('\x7F', "\\u007f")
}

/// The indentation of `child`, if it stands at the beginning of a line.
fn indent_before(doc: &Document<'_>, child: Child) -> Option<String> {
    let start = doc.span(child.head).start;
    let line = doc.source().line(doc.source().position(start).line);
    let before = &doc.source().bytes()[line.start as usize..start as usize];
    let blank = line.start > 0 && before.iter().all(|byte| matches!(byte, b' ' | b'\t'));
    blank.then(|| String::from_utf8_lossy(before).into_owned())
}

/// The indentation of the line that the byte at `offset` is in.
pub(super) fn line_indent(doc: &Document<'_>, offset: u32) -> String {
    let line = doc.source().slice(doc.source().line(doc.source().position(offset).line));
    let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    String::from_utf8_lossy(&line[..blanks]).into_owned()
}

/// What is between the key and the value of a member.
fn between<'s>(doc: &Document<'s>, member: Child) -> &'s [u8] {
    let range = doc.span(member.head).end as usize..doc.span(member.value).start as usize;
    doc.source().bytes().get(range).unwrap_or_default()
}
