//! From what the parser says, event by event, to the tree.

use toml_parser::decoder::Encoding;
use toml_parser::parser::EventReceiver;
use toml_parser::{ErrorSink, Span as At};

use super::faults::Faults;
use super::tree::{Content, Form, Key, Tree, Value, ValueId, table};
use super::{MAX_DEPTH, MAX_PARTS, numbers, strings};
use crate::source::{Source, Span};

/// Builds the tree.
pub(super) struct Builder<'a> {
    source: &'a Source,
    faults: &'a mut Faults,
    tree: Tree,
    /// The table of the last header.
    table: ValueId,
    /// The bracket that begins the header being read.
    header: Option<At>,
    /// The parts of the key being read.
    path: Vec<Key>,
    /// Where the next value goes: the table, and its key there.
    slot: Option<(ValueId, Key)>,
    /// The arrays and inline tables being read, the innermost last.
    open: Vec<ValueId>,
    /// The slots of those they interrupt.
    slots: Vec<Option<(ValueId, Key)>>,
    /// The comma just read, if nothing but blanks came after it.
    comma: Option<Span>,
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
            path: Vec::new(),
            slot: None,
            open: Vec::new(),
            slots: Vec::new(),
            comma: None,
            comments: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> (Tree, Vec<Span>) {
        (self.tree, self.comments)
    }

    /// Puts a value where it belongs: under the key before it, or into the array around it.
    fn place(&mut self, value: Value) -> ValueId {
        self.comma = None;
        let id = self.tree.add(value);
        if let Some((table, key)) = self.slot.take() {
            self.tree.define(table, key, id, self.faults);
        } else if let Some(&array) = self.open.last() {
            self.tree.append(array, id);
        }
        id
    }

    fn begin(&mut self, at: At, content: Content) -> bool {
        if self.open.len() == MAX_DEPTH {
            let message = format!("arrays and tables nested deeper than {MAX_DEPTH} levels");
            self.faults
                .broken(span(at), message)
                .help("The file is not judged: otel-lint reads no deeper.".to_owned())
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
    }

    /// Takes the parts of the key just read. Of one with too many the rest is left out.
    fn take_path(&mut self) -> Vec<Key> {
        let mut path = std::mem::take(&mut self.path);
        if path.len() > MAX_PARTS {
            let message = format!("a key of more than {MAX_PARTS} parts");
            self.faults
                .broken(path[MAX_PARTS].span, message)
                .help("The file is not judged: otel-lint reads no more.".to_owned())
                .warning();
            path.truncate(MAX_PARTS);
        }
        path
    }

    /// The header is complete: what follows goes into its table.
    fn head(&mut self, at: At, is_list: bool) {
        let mut path = self.take_path();
        let (Some(open), Some(last)) = (self.header.take(), path.pop()) else { return };
        let header = Span::new(open.start(), at.end());
        let parent = self.tree.descend(Tree::ROOT, path, self.faults);
        self.table = if is_list {
            self.tree.list_header(parent, last, header, self.faults)
        } else {
            self.tree.header(parent, last, header, self.faults)
        };
    }

    /// Begins something at the top level: whatever was open has been given up by the parser.
    fn at_top(&mut self, header: At) {
        self.open.clear();
        self.slots.clear();
        self.slot = None;
        self.path.clear();
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
        let span = span(at);
        let written = String::from_utf8_lossy(self.source.slice(span));
        let cooked = if let Some(encoding) = encoding {
            if matches!(encoding, Encoding::MlBasicString | Encoding::MlLiteralString) {
                self.faults
                    .error(span, "a key in three quotes")
                    .help("Put the key in one pair of double quotes.".to_owned());
            }
            strings::decode(self.source, span, encoding, self.faults)
        } else {
            check_bare(span, &written, self.faults);
            None
        };
        let is_plain = cooked.is_none();
        let quotes = usize::from(encoding.is_some());
        let plain = || written[quotes..written.len() - quotes].to_owned();
        let text = cooked.unwrap_or_else(plain).into_boxed_str();
        self.path.push(Key { span, text, is_plain });
    }

    fn key_val_sep(&mut self, _: At, _: &mut dyn ErrorSink) {
        let mut path = self.take_path();
        let Some(last) = path.pop() else { return };
        let from = self.open.last().copied().unwrap_or(self.table);
        let table = self.tree.descend(from, path, self.faults);
        self.slot = Some((table, last));
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
        self.comma = Some(span(at));
    }

    fn comment(&mut self, at: At, _: &mut dyn ErrorSink) {
        self.comments.push(span(at));
    }

    fn newline(&mut self, _: At, _: &mut dyn ErrorSink) {
        if self.open.is_empty() {
            self.path.clear();
            self.slot = None;
        }
    }
}

/// A key without quotes is letters, digits, dashes and underscores.
fn check_bare(span: Span, written: &str, faults: &mut Faults) {
    if written.is_empty() {
        faults.broken(span, "a key is missing here").help("TOML is written `key = value`.".into());
    } else if let Some(c) = written.chars().find(|c| !is_bare(*c)) {
        let message = format!("a key without quotes cannot hold `{}`", c.escape_default());
        faults.error(span, message).help("Put the key in double quotes.".to_owned());
    }
}

fn is_bare(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-' || c == '_'
}

fn span(at: At) -> Span {
    Span::new(at.start(), at.end())
}
