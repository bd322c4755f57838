//! From what the parser says, event by event, to the tree.

use toml_parser::decoder::Encoding;
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, Span as At};

use super::faults::Faults;
use super::tree::{Content, Form, Key, Tree, Value, ValueId, table};
use super::{MAX_DEPTH, MAX_PARTS, keys, numbers, strings};
use crate::document::text::inner;
use crate::source::{Source, Span};

/// The place of a value: the key before it, and the table that holds it.
struct Slot {
    table: ValueId,
    path: Vec<Key>,
    key: Key,
}

/// Builds the tree.
pub(super) struct Builder<'a> {
    source: &'a Source,
    faults: &'a mut Faults,
    tree: Tree,
    /// The table of the last header.
    table: ValueId,
    /// The bracket that begins the header being read.
    header: Option<At>,
    /// The parts of the key being read, as the parser tells them.
    parts: Vec<(Span, Option<Encoding>)>,
    /// Where the next value goes.
    slot: Option<Slot>,
    /// The arrays and inline tables being read, the innermost last.
    open: Vec<ValueId>,
    /// The slots of those they interrupt.
    slots: Vec<Option<Slot>>,
    /// The comma just read, if nothing but blanks came after it.
    comma: Option<Span>,
    /// Whether a line has ended since the last value or comma.
    is_new_line: bool,
    comments: Vec<Span>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(source: &'a Source, faults: &'a mut Faults) -> Self {
        Self {
            source,
            faults,
            tree: Tree::new(),
            table: Tree::ROOT,
            header: None,
            parts: Vec::new(),
            slot: None,
            open: Vec::new(),
            slots: Vec::new(),
            comma: None,
            is_new_line: false,
            comments: Vec::new(),
        }
    }

    pub(super) fn finish(mut self) -> (Tree, Vec<Span>) {
        self.drop_key();
        (self.tree, self.comments)
    }

    /// Puts a value where it belongs: under the key before it, or into the array around it.
    fn place(&mut self, value: Value) -> ValueId {
        self.comma = None;
        if self.slot.is_some() {
            self.check_line(value.span);
        }
        self.is_new_line = false;
        let id = self.tree.add(value);
        if let Some(Slot { table, path, key }) = self.slot.take() {
            if self.open.is_empty() {
                self.tree.define(table, path, key, id, self.faults);
            } else {
                self.tree.set(table, path, key, id);
            }
        } else if let Some(&array) = self.open.last() {
            self.tree.append(array, id);
        }
        id
    }

    /// Reports that what is at `span` is not on the line of its key.
    fn check_line(&mut self, span: Span) {
        if self.is_new_line {
            self.faults
                .error(span, "a key, its `=` and the beginning of its value must be on one line")
                .help("Write them on one line.".to_owned());
            self.is_new_line = false;
        }
    }

    fn begin(&mut self, at: At, content: Content) -> bool {
        if self.open.len() == MAX_DEPTH {
            let message = format!("arrays and tables nested deeper than {MAX_DEPTH} levels");
            self.faults
                .broken(span(at), message)
                .help("The file is not checked: otel-lint reads no deeper.".to_owned())
                .warning();
        }
        let id = self.place(Value { span: span(at), content });
        self.open.push(id);
        self.slots.push(None);
        self.open.len() <= MAX_DEPTH
    }

    fn end(&mut self, at: At) {
        if let Some(id) = self.open.pop() {
            self.tree.close(id, at.end() as u32);
            self.slot = self.slots.pop().flatten();
        }
        self.comma = None;
        self.is_new_line = false;
    }

    /// Takes the parts of the key just read, which ends before `end`. Of one with too many the rest is
    /// left out.
    fn take_path(&mut self, end: At) -> Vec<Key> {
        let parts = std::mem::take(&mut self.parts);
        let Some((first, _)) = parts.first() else { return Vec::new() };
        let start = self.header.map_or(first.start as usize, |open| open.end());
        let span = Span::new(start, end.start());
        let found = match self.header {
            Some(_) => keys::headed(self.source, span, self.faults),
            None => keys::assigned(self.source, span, self.faults),
        };
        let mut path = found.unwrap_or_else(|flaw| {
            let spans: Vec<_> = parts.iter().map(|(span, _)| *span).collect();
            let missing = spans.iter().find(|span| span.range().is_empty());
            let flaw = missing.map_or(flaw, |span| keys::Flaw::Missing(*span));
            flaw.report(&spans, self.faults);
            parts.into_iter().map(|(span, encoding)| self.key(span, encoding)).collect()
        });
        if path.len() > MAX_PARTS {
            let message = format!("a key of more than {MAX_PARTS} parts");
            self.faults
                .broken(path[MAX_PARTS].span, message)
                .help("The file is not checked: otel-lint reads no more.".to_owned())
                .warning();
            path.truncate(MAX_PARTS);
        }
        path
    }

    /// Drops a key that the parser has given up.
    fn drop_key(&mut self) {
        let missing = self.parts.iter().find(|(span, _)| span.range().is_empty());
        if let Some((span, _)) = missing {
            keys::Flaw::Missing(*span).report(&[], self.faults);
        }
        self.parts.clear();
    }

    /// A part of a key as TOML has it, for a key that go-toml refuses.
    fn key(&mut self, span: Span, encoding: Option<Encoding>) -> Key {
        let written = self.source.slice(span);
        let mut ignored = Faults::default();
        let text = match encoding {
            Some(encoding) => strings::decode(self.source, span, encoding, &mut ignored),
            None => None,
        };
        let is_plain = text.is_none();
        let plain = || String::from_utf8_lossy(inner(written)).into_owned();
        Key { span, text: text.unwrap_or_else(plain).into_boxed_str(), is_plain }
    }

    /// The header is complete: what follows goes into its table.
    fn head(&mut self, at: At, is_list: bool) {
        let path = self.take_path(at);
        let Some(open) = self.header.take().filter(|_| !path.is_empty()) else { return };
        let header = Span::new(open.start(), at.end());
        let name = self.source.slice(Span::new(open.end(), at.start()));
        let name = String::from_utf8_lossy(name);
        self.table = if is_list {
            self.tree.list_header(path, &name, header, self.faults)
        } else {
            self.tree.header(path, &name, header, self.faults)
        };
    }

    /// Begins something at the top level: whatever was open has been given up by the parser.
    fn at_top(&mut self, header: At) {
        self.open.clear();
        self.slots.clear();
        self.slot = None;
        self.drop_key();
        self.header = Some(header);
    }
}

impl EventReceiver for Builder<'_> {
    fn std_table_open(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.at_top(at);
    }

    fn std_table_close(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.head(at, false);
    }

    fn array_table_open(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.at_top(at);
    }

    fn array_table_close(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.head(at, true);
    }

    fn inline_table_open(&mut self, at: At, _: &mut dyn ErrorSink) -> bool {
        self.begin(at, table(span(at), Form::Unfinished).content)
    }

    fn inline_table_close(&mut self, at: At, _: &mut dyn ErrorSink) {
        if let Some(comma) = self.comma {
            self.faults
                .error(comma, "a comma after the last member of an inline table")
                .help("Remove it: the gateway's reader allows it in arrays only.".to_owned())
                .deletion(comma);
        }
        self.end(at);
    }

    fn array_open(&mut self, at: At, _: &mut dyn ErrorSink) -> bool {
        self.begin(at, Content::Array { items: Vec::new(), form: Form::Unfinished })
    }

    fn array_close(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.end(at);
    }

    fn simple_key(&mut self, at: At, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        self.comma = None;
        self.is_new_line = false;
        self.parts.push((span(at), encoding));
    }

    fn key_val_sep(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.header = None;
        self.check_line(span(at));
        let mut path = self.take_path(at);
        let Some(key) = path.pop() else { return };
        let table = self.open.last().copied().unwrap_or(self.table);
        self.slot = Some(Slot { table, path, key });
    }

    fn scalar(&mut self, at: At, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        let span = span(at);
        let (kind, text) = match encoding {
            Some(encoding) if !self.source.slice(span).is_empty() => {
                let text = strings::decode(self.source, span, encoding, self.faults);
                (crate::document::Kind::String, text)
            }
            _ => numbers::decode(self.source, span, self.faults),
        };
        self.place(Value { span, content: Content::Scalar(kind, text) });
    }

    fn value_sep(&mut self, at: At, _: &mut dyn ErrorSink) {
        if self.is_new_line && self.open.last().is_some_and(|id| self.tree.is_table(*id)) {
            self.faults
                .error(span(at), "a comma at the beginning of a line of an inline table")
                .help(
                    "Write it at the end of the line before: so the gateway reads it.".to_owned(),
                );
        }
        self.comma = Some(span(at));
        self.is_new_line = false;
    }

    fn comment(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.comments.push(span(at));
    }

    fn newline(&mut self, _: At, _: &mut dyn ErrorSink) {
        self.is_new_line = true;
        if self.open.is_empty() {
            self.drop_key();
            self.slot = None;
        }
    }
}

fn span(at: At) -> Span {
    Span::new(at.start(), at.end())
}
