//! What can be wrong with the TOML of a file, in words for its author.

use toml_parser::ParseError;

use super::MAX_FAULTS;
use crate::document::Fault;
use crate::source::{Format, Span};

/// The faults found so far, and whether the text still means what its author wants it to.
#[derive(Debug, Default)]
pub(super) struct Faults {
    list: Vec<Fault>,
    unreliable: bool,
    /// The first bracket that is never closed: the parser takes all behind it for its content.
    unclosed: Option<Span>,
    /// How many were left out because there are too many.
    more: usize,
}

/// The fault just found, to be told more about.
pub(super) struct Latest<'f>(Option<&'f mut Fault>);

impl Latest<'_> {
    pub(super) fn help(self, help: String) -> Self {
        self.with(|fault| fault.help = help)
    }

    pub(super) fn related(self, span: Span, text: &str) -> Self {
        self.with(|fault| fault.related.push((span, text.to_owned())))
    }

    /// Whose removal corrects it.
    pub(super) fn deletion(self, span: Span) -> Self {
        self.with(|fault| fault.deletion = Some(span))
    }

    /// The gateway reads the text all the same.
    pub(super) fn warning(self) -> Self {
        self.with(|fault| fault.is_warning = true)
    }

    fn with(mut self, change: impl FnOnce(&mut Fault)) -> Self {
        if let Some(fault) = &mut self.0 {
            change(fault);
        }
        self
    }
}

impl Faults {
    /// Adds a fault in the text of a value or key, or in what two of them mean together; what it
    /// stands in is understood all the same.
    pub(super) fn error(&mut self, span: Span, message: impl Into<String>) -> Latest<'_> {
        if self.list.len() == MAX_FAULTS {
            self.more += 1;
            return Latest(None);
        }
        self.list.push(Fault {
            format: Format::Toml,
            span,
            message: message.into(),
            help: String::new(),
            related: Vec::new(),
            deletion: None,
            is_warning: false,
            is_action: false,
        });
        Latest(self.list.last_mut())
    }

    /// Adds a fault behind which a part of the text was not understood.
    pub(super) fn broken(&mut self, span: Span, message: impl Into<String>) -> Latest<'_> {
        self.unreliable = true;
        self.error(span, message)
    }

    /// Adds what the parser says about a text of `len` bytes.
    pub(super) fn structure(&mut self, error: &ParseError, len: usize) {
        let span = error
            .unexpected()
            .or(error.context())
            .map_or(Span::at(len), |span| Span::new(span.start().min(len), span.end().min(len)));
        if error.description().starts_with("unclosed ")
            && error.description() != "unclosed table"
            && error.description() != "unclosed array table"
            && let Some(bracket) = error.context()
        {
            let bracket = Span::new(bracket.start(), bracket.end());
            self.unreliable = true;
            self.unclosed = Some(self.unclosed.map_or(bracket, |first| first.min(bracket)));
            return;
        }
        let (message, help) = words(error.description());
        self.broken(span, message).help(help.to_owned());
    }

    /// All of them in the order of the source, and whether what was read is worth checking.
    pub(super) fn finish(mut self) -> (Vec<Fault>, bool) {
        if let Some(bracket) = self.unclosed {
            self.list.retain(|fault| fault.is_warning || fault.span.start < bracket.start);
            self.more = 0;
            self.broken(bracket, "this bracket is never closed")
                .help("Close it where its array or inline table ends.".to_owned());
        }
        self.list.sort_by_key(|fault| fault.span);
        self.list.dedup_by(|next, last| next.span == last.span);
        if self.more > 0
            && let Some(last) = self.list.last_mut()
        {
            last.message = format!("more than {MAX_FAULTS} errors: the others are not shown");
            "Correct those above and check again.".clone_into(&mut last.help);
        }
        (self.list, !self.unreliable)
    }
}

/// The parser's description of a break in the structure, in our words, and what to do about it.
fn words(description: &str) -> (&str, &'static str) {
    let assign = "TOML is written `key = value`, one to a line.";
    match description {
        "invalid table" => ("this table has no name", "Write `[name]`."),
        "unclosed table" => ("the name of this table lacks its `]`", "Close it with `]`."),
        "unclosed array table" => ("the name of this table lacks its `]]`", "Close it with `]]`."),
        "missing table open" => ("a `]` without a `[` before it", "Write `[name]`."),
        "key with no value" | "missing value for key" => ("there is no `=` after this key", assign),
        "missing value" => ("a value is missing here", assign),
        "extra `=`" => ("one `=` too many", "Remove it."),
        "missing inline table opening" => ("a `}` without a `{` before it", "Remove it."),
        "missing array opening" => ("a `]` without a `[` before it", "Remove it."),
        "extra comma in array" | "extra comma in inline table" => {
            ("a comma with nothing before it", "Remove it.")
        }
        "unexpected `=` in array" => ("a `=` inside an array", "An array holds values only."),
        "missing comma between array elements" | "missing comma between key-value pairs" => {
            ("a comma is missing here", "Part the items with commas.")
        }
        "missing key for inline table element" => ("a key is missing here", assign),
        "missing assignment between key-value pairs" => ("a `=` is missing here", assign),
        "extra assignment between key-value pairs" => ("a `=` without a key", "Remove it."),
        "unexpected key or value" => {
            ("text after the end of the value or name", "Begin a new line, or put text in quotes.")
        }
        "invalid key-value pair" | "invalid inline table element" => {
            ("neither a key nor a table begins like this", assign)
        }
        other => (other, assign),
    }
}
