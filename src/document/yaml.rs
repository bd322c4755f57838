//! The YAML reader: what `go.yaml.in/yaml/v3` makes of a file for the gateway (since 2.12, by koanf;
//! before, `gopkg.in/yaml.v3`, the same code under its old name, by viper), on the tape that JSON
//! uses.
//!
//! The parser is `granit-parser`, and this is its only door. What it does not do is done here: types,
//! aliases, merge keys, equal keys, exact places. Nothing recurs, and what aliases may add is bounded
//! as in the library.

mod build;
mod characters;
mod error;
mod gaps;
mod keys;
mod merge;
mod number;
mod place;
mod scalar;
mod timestamp;

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Parser, StrInput};

use self::build::Builder;
use super::{Document, Fault, Kind, Parsed};
use crate::source::{Source, Span};

/// The deepest nesting that the library reads: `max_flow_level` and `max_indents` in `scannerc.go`.
pub const MAX_DEPTH: usize = 10_000;

/// Reads the first document of `source`, the only one that the gateway reads.
#[must_use]
pub fn read(source: &Source) -> Parsed<'_> {
    if let Some(parsed) = utf16(source) {
        return parsed;
    }
    let (mut text, unreadable) = characters::read(source);
    let mut comments = Vec::new();
    loop {
        let (mut parsed, unseparated) = read_first(source, &text, &unreadable);
        match unseparated {
            Some(comment) if comments.len() < MAX_UNSEPARATED => {
                let mut without = text.into_owned();
                without.replace_range(comment.range(), &" ".repeat(comment.range().len()));
                text = Cow::Owned(without);
                comments.push(comment);
            }
            Some(_) => return parsed,
            None => {
                parsed.document.extras.comments.extend(comments);
                parsed.document.extras.comments.sort_unstable();
                return parsed;
            }
        }
    }
}

/// How many comments without a blank before them the library is followed in taking: for each of
/// them the file is read again.
const MAX_UNSEPARATED: usize = 8;

/// The first document in `text`, up to a comment at which the parser, but not the library, misses a
/// blank before it; and that comment.
fn read_first<'s>(
    source: &'s Source,
    text: &str,
    unreadable: &[Fault],
) -> (Parsed<'s>, Option<Span>) {
    let mut reader = Documents::new(source, text);
    let Some(mut builder) = reader.next_document().map(|first| reader.without_excess(first)) else {
        let fault = error::empty(Span::at(text.len()));
        let document = Document::new(source);
        return (Parsed { document, faults: vec![fault], reliable: false }, None);
    };
    let comment = builder.unseparated;
    builder.check_root();
    let unread = if builder.stopped { None } else { reader.unread() };
    let end = unread.as_ref().map_or(text.len() as u32, |fault| fault.span.start);
    let mut parsed = builder.finish();
    parsed.faults.extend(unread);
    // What comes after the first document is not read by the gateway, only perhaps looked at.
    let is_read = |fault: &&Fault| fault.span.start < end;
    parsed.faults.extend(unreadable.iter().filter(is_read).cloned());
    parsed.faults.sort_by_key(|fault| fault.span);
    (parsed, comment)
}

/// Reads every document of `source`, as Kubernetes does. That a root should be a mapping, and that
/// others follow, is no fault here.
#[must_use]
pub fn documents(source: &Source) -> Vec<Parsed<'_>> {
    if let Some(parsed) = utf16(source) {
        return vec![parsed];
    }
    let (text, unreadable) = characters::read(source);
    let mut reader = Documents::new(source, &text);
    let mut documents = Vec::new();
    while let Some(builder) = reader.next_document() {
        let stopped = builder.stopped;
        documents.push(builder.finish());
        if stopped && !reader.parser.proceed_next_document().unwrap_or(false) {
            break;
        }
    }
    for fault in unreadable {
        let end = |parsed: &Parsed<'_>| {
            parsed.document.root().map_or(0, |root| parsed.document.span(root).end)
        };
        let holder = documents.iter().position(|parsed| fault.span.start < end(parsed));
        let holder = holder.unwrap_or(documents.len().saturating_sub(1));
        if let Some(parsed) = documents.get_mut(holder) {
            parsed.faults.push(fault);
            parsed.faults.sort_by_key(|fault| fault.span);
        }
    }
    documents
}

/// What is said of UTF-16, which the gateway reads in YAML and nobody writes on purpose.
fn utf16(source: &Source) -> Option<Parsed<'_>> {
    let fault = characters::utf16(source.bytes())?;
    Some(Parsed { document: Document::new(source), faults: vec![fault], reliable: false })
}

/// The way through the documents of a source.
struct Documents<'s, 't> {
    source: &'s Source,
    text: &'t str,
    parser: Parser<'t, StrInput<'t>>,
    /// Where the last document ended.
    end: usize,
}

impl<'s, 't> Documents<'s, 't> {
    fn new(source: &'s Source, text: &'t str) -> Self {
        let options = granit_parser::options! {
            emit_unresolved_aliases: true,
            block_scalar_eof_without_line_feed: true,
            bom_inside_document_as_content: true,
            max_buffered_comment_events: usize::MAX,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let parser = Parser::new_from_str_with_options(text, options);
        Self { source, text, parser, end: 0 }
    }

    /// The next document, read as far as that is possible; `None` if there is no other.
    fn next_document(&mut self) -> Option<Builder<'s, 't>> {
        let mut builder = Builder::new(self.source, self.text, self.end);
        while !builder.stopped {
            match self.parser.next_event()? {
                Err(error) => {
                    let fault = error::syntax(self.text, &error);
                    let is_excess = *error.kind() == ErrorKind::MisplacedFlowCollectionEnd;
                    builder.excess = is_excess.then_some(fault.span);
                    builder.unseparated = error::unseparated(self.text, &error);
                    if builder.is_complete() {
                        let is_read = error::is_unknown_directive(self.text, fault.span);
                        let unread = || error::unread(fault.span);
                        builder.stopped = true;
                        builder.report(if is_read { fault } else { unread() });
                    } else {
                        builder.stop(fault);
                    }
                }
                Ok((Event::StreamEnd, _)) => return None,
                Ok((Event::DocumentEnd, span)) => {
                    builder.take(
                        Event::DocumentEnd,
                        span.byte_range().expect("the source is one string"),
                    );
                    break;
                }
                Ok((event, span)) => {
                    builder.take(event, span.byte_range().expect("the source is one string"));
                }
            }
        }
        self.end = builder.end;
        Some(builder)
    }

    /// The document read again up to a bracket too many, before which it ended: the library does not
    /// look that far, but the parser has not told all that came before.
    fn without_excess(&self, builder: Builder<'s, 't>) -> Builder<'s, 't> {
        let Some(at) = builder.excess else { return builder };
        let text = &self.text[..at.start as usize];
        let Some(mut again) = Documents::new(self.source, text).next_document() else {
            return builder;
        };
        let is_flow = self.source.bytes().get(again.start()) == Some(&b'{');
        if again.reliable && again.is_complete() && is_flow {
            again.report(error::unread(at));
            again.stopped = true;
            return again;
        }
        builder
    }

    /// What is said of what follows the first document: the gateway does not read it.
    fn unread(&mut self) -> Option<Fault> {
        let mut start = None;
        let mut is_first = false;
        loop {
            let (event, span) = match self.parser.next_event()? {
                Ok(next) => next,
                Err(error) => {
                    let fault = error::syntax(self.text, &error);
                    // The library reads one token more than it uses, and directives up to there.
                    let is_read = match start {
                        Some(_) => is_first && error::is_of_one_token(error.kind()),
                        None => error::is_unknown_directive(self.text, fault.span),
                    };
                    return Some(match start {
                        _ if is_read => fault,
                        Some(start) => error::several_documents(start),
                        None => error::unread(fault.span),
                    });
                }
            };
            let range = span.byte_range().expect("the source is one string");
            match event {
                Event::DocumentStart(..) => {
                    start = Some(Span::new(range.start, range.end));
                    is_first = true;
                }
                Event::Comment(..) | Event::DocumentEnd => {}
                Event::Scalar(..) if range.is_empty() => {}
                Event::StreamEnd => return None,
                _ => return start.map(error::several_documents),
            }
        }
    }
}

impl<'s> Builder<'s, '_> {
    /// Reports a root that is not a configuration.
    fn check_root(&mut self) {
        let Some(root) = self.doc.root().filter(|_| self.reliable) else { return };
        let span = self.doc.span(root);
        match self.doc.kind(root) {
            Kind::Object => return,
            Kind::Null => self.report(error::empty(span)),
            kind => self.report(error::not_a_mapping(self.text, span, kind)),
        }
        self.reliable = false;
    }

    /// The document with all that was found in it.
    fn finish(mut self) -> Parsed<'s> {
        self.end_all();
        self.faults.sort_by_key(|fault: &Fault| fault.span);
        self.doc.extras.comments.sort_unstable();
        Parsed { document: self.doc, faults: self.faults, reliable: self.reliable }
    }
}
