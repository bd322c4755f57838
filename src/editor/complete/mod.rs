//! What can be written at a place: the keys and values that are valid there, for the release and the
//! edition, and nothing that is there already.

mod cursor;
mod keys;
mod values;
pub(super) mod write;

use std::collections::HashSet;

pub(super) use self::cursor::{Cursor, Finished};

use self::cursor::MARKER;
use super::part::{self, Part};
use crate::document::{Document, NodeId};
use crate::finding::Replacement;
use crate::linter::Options;
use crate::source::{Format, Source, Span};

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionKind {
    /// A key with a place for its value.
    Key,
    /// A value.
    Value,
    /// Several keys and values.
    Snippet,
    /// A name that is written elsewhere in the file.
    Reference,
}

/// Something that can be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it is called.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words about it.
    pub detail: String,
    /// All about it, as Markdown; may be empty.
    pub documentation: String,
    /// What it replaces: the word at the cursor, with its quotes.
    pub span: Span,
    /// What is compared with that word.
    pub filter: String,
    /// What is written, as a snippet; lines after the first are to be indented by `indent`.
    pub snippet: String,
    /// The column, in characters, at which it begins, and how many of those are at the beginning of the
    /// line: an editor that indents new lines itself adds those.
    pub indent: (usize, usize),
    /// What else changes: a comma that is missing.
    pub also: Vec<Replacement>,
    /// Whether it is there for old configurations only.
    pub is_deprecated: bool,
}

impl Completion {
    /// The snippet with its lines indented, for an editor that does so itself or not.
    #[must_use]
    pub fn indented(&self, editor_indents: bool) -> String {
        let (column, leading) = self.indent;
        let width = if editor_indents { column - leading.min(column) } else { column };
        self.snippet.replace('\n', &format!("\n{}", " ".repeat(width)))
    }

    /// What is written if the editor knows no snippets.
    #[must_use]
    pub fn plain(&self) -> String {
        write::plain(&self.indented(false))
    }
}

/// Where the word at the cursor stands in a document that can be read.
pub(super) struct Spot<'p> {
    pub(super) part: &'p Part<'p>,
    pub(super) node: NodeId,
    pub(super) finished: &'p Finished,
    pub(super) cursor: &'p Cursor<'p>,
    /// Whether it is a key.
    pub(super) is_key: bool,
    /// The object or array that it is in.
    pub(super) parent: NodeId,
}

/// What can be written at `offset` of `source`, the likeliest first.
#[must_use]
pub fn complete(source: &Source, offset: u32, options: &Options) -> Vec<Completion> {
    let cursor = Cursor::new(source, offset);
    let mut best: Option<(usize, Vec<Completion>)> = None;
    for finished in cursor.finished() {
        let found = part::ask(&finished.source, &mut |part| {
            let spot = Spot::new(part, &finished, &cursor)?;
            Some((part.faults, spot.completions(options)))
        });
        let Some((faults, found)) = found else { continue };
        match &mut best {
            Some((fewest, _)) if *fewest < faults => {}
            Some((fewest, all)) if *fewest == faults => all.extend(found),
            _ => best = Some((faults, found)),
        }
    }
    let mut all = best.map(|(_, all)| all).unwrap_or_default();
    let mut seen = HashSet::new();
    all.retain(|one| seen.insert(one.label.clone()));
    all
}

impl<'p> Spot<'p> {
    fn new(part: &'p Part<'p>, finished: &'p Finished, cursor: &'p Cursor<'p>) -> Option<Self> {
        let (node, parent, is_key) = marked(part.doc)?;
        Some(Self { part, node, finished, cursor, is_key, parent })
    }

    fn completions(&self, options: &Options) -> Vec<Completion> {
        let target = self.part.target(options);
        if self.is_key { keys::at(self, target) } else { values::at(self, target) }
    }

    pub(super) fn doc(&self) -> &'p Document<'p> {
        self.part.doc
    }

    /// The format in which is written here.
    pub(super) fn format(&self) -> Format {
        self.doc().source().format()
    }

    /// Whether it is within brackets.
    pub(super) fn is_flow(&self) -> bool {
        let source = self.doc().source();
        let begins = |node| source.bytes().get(self.doc().span(node).start as usize).copied();
        matches!(begins(self.parent), Some(b'{' | b'['))
    }

    /// A completion that writes `snippet`.
    pub(super) fn completion(
        &self,
        kind: CompletionKind,
        label: &str,
        snippet: String,
    ) -> Completion {
        offered(self.finished, self.cursor, kind, label, snippet)
    }
}

/// A completion that writes `snippet` in the place of the word, with the commas that are missing around
/// it.
pub(super) fn offered(
    finished: &Finished,
    cursor: &Cursor<'_>,
    kind: CompletionKind,
    label: &str,
    snippet: String,
) -> Completion {
    let Finished { word, comma_before, comma_after, .. } = *finished;
    let comma = |at| Replacement { span: Span { start: at, end: at }, text: ",".to_owned() };
    let bytes = cursor.source().bytes();
    let begin = bytes[..word.start as usize].iter().rposition(|&b| b == b'\n');
    let line = &bytes[begin.map_or(0, |at| at + 1)..word.start as usize];
    let leading = line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let column = String::from_utf8_lossy(line).chars().count();
    let filter = match cursor.quote {
        Some(quote) => format!("{0}{label}{0}", quote as char),
        None => label.to_owned(),
    };
    Completion {
        label: label.to_owned(),
        kind,
        detail: String::new(),
        documentation: String::new(),
        span: word,
        filter,
        snippet: if comma_after { snippet + "," } else { snippet },
        indent: (column, leading),
        also: comma_before.map(comma).into_iter().collect(),
        is_deprecated: false,
    }
}

/// The marker, what it is in, and whether it is a key.
pub(super) fn marked(doc: &Document<'_>) -> Option<(NodeId, NodeId, bool)> {
    let is_marker = |node: &NodeId| doc.str(*node).is_some_and(|text| text == MARKER);
    let node = doc.nodes().find(is_marker)?;
    Some((node, doc.parent(node)?, doc.is_key(node)))
}
