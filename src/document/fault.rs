//! What is wrong with the syntax of a file, in whatever format: ready to be shown.

use super::json::{ErrorKind, SyntaxError};
use crate::source::{Format, Source, Span};

/// One place where a text is not what its format, as the gateway reads it, allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The format that it is a fault in.
    pub format: Format,
    /// Where: exactly the bytes at fault, or the empty span where something is missing.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// Other places that have to do with it, and a few words about each.
    pub related: Vec<(Span, String)>,
    /// Bytes whose removal corrects it, if only one meaning is possible without them.
    pub deletion: Option<Span>,
    /// Whether the gateway reads the text all the same.
    pub is_warning: bool,
    /// Whether it is an action of a template, where the format has no text of its own.
    pub is_action: bool,
}

impl Fault {
    pub(super) fn of_json(error: SyntaxError, source: &Source) -> Self {
        Self {
            format: Format::Json,
            span: error.span,
            message: error.message(source),
            help: error.help(),
            is_warning: error.is_warning(),
            is_action: error.kind == ErrorKind::Template,
            related: error.related.into_iter().map(|(at, text)| (at, text.to_owned())).collect(),
            deletion: error.deletion,
        }
    }
}
