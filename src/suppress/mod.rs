//! Suppressions: what a file itself says to ignore, and why.
//!
//! Two ways to write one, the same meaning: the comment key `@otel-lint` in an object, which holds
//! for all that is in that object (`keys`), and a comment `# otel-lint: ignore[rule-id] reason`
//! where the format has comments, which holds for one line (`comments`).

mod comments;
mod keys;
mod write;

use std::collections::HashMap;

use crate::document::{Document, NodeId, Pointer};
use crate::finding::{Edit, Finding};
use crate::source::{Source, Span};

pub use keys::KEY;
pub use write::edits;

/// What a suppression looks like, for those who got it wrong.
const SHAPE: &str = "{\"ignore\": {\"rule-id\": \"reason\"}}";

/// One rule that is to be ignored at one place.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// The id of the rule, as written.
    pub rule: String,
    /// Why; never empty.
    pub reason: String,
    /// Where that is written: the rule's id.
    pub span: Span,
    /// The entry; for a comment, the root.
    pub pointer: Pointer,
    /// The key to give another name if `rule` is misspelt; a comment has none.
    pub key: Option<NodeId>,
    /// The findings it is about.
    reach: Reach,
    /// What is written together with it, an index into [`Suppressions::groups`].
    group: usize,
    /// What takes out this one alone.
    removal: Edit,
}

/// The findings that a suppression is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Reach {
    /// Those about an object, given by its JSON pointer, or about something in it.
    Within(String),
    /// Those that point at a line, counted from 1.
    Line(u32),
}

/// A suppression that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong with it.
    pub message: String,
    /// The place.
    pub span: Span,
    /// A few words at the place.
    pub label: &'static str,
    /// The same place; for a comment, the root.
    pub pointer: Pointer,
    /// What to do.
    pub help: String,
    /// An edit that takes it out, if it says nothing at all.
    pub removal: Option<Edit>,
}

/// All suppressions of one document.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    /// Those that are well written, in the order of the source; keys before comments.
    pub ignores: Vec<Ignore>,
    /// Those that are not, and therefore do nothing.
    pub mistakes: Vec<Mistake>,
    groups: Vec<Group>,
}

/// Ignores that are written in one key or comment, one after the other.
#[derive(Clone, Debug)]
struct Group {
    /// The index of the first one.
    first: usize,
    /// What takes them out together; `None` if more than well-written ones is there.
    whole: Option<Edit>,
}

impl Suppressions {
    /// What `doc` says to ignore. Costs next to nothing if it never names this tool.
    #[must_use]
    pub fn read(doc: &Document<'_>) -> Self {
        let mut all = Self::default();
        // Written with an escape, `@otel\u002dlint`, the key is not seen: nobody writes it so.
        if doc.source().names_tool() {
            keys::read(doc, &mut all);
            comments::read(doc.source(), doc.comments(), &mut all);
        }
        all
    }

    /// What takes the ignore at `index` out: the whole key or comment if all that stands there is
    /// unused.
    pub(crate) fn removal(&self, index: usize, is_unused: impl Fn(&Ignore) -> bool) -> Edit {
        let one = &self.ignores[index];
        let Group { first, whole } = &self.groups[one.group];
        let end = self.groups.get(one.group + 1).map_or(self.ignores.len(), |next| next.first);
        match whole {
            Some(whole) if self.ignores[*first..end].iter().all(is_unused) => whole.clone(),
            _ => one.removal.clone(),
        }
    }

    /// Says that a group of ignores begins here; gives its index.
    fn group(&mut self, whole: Option<Edit>) -> usize {
        self.groups.push(Group { first: self.ignores.len(), whole });
        self.groups.len() - 1
    }
}

/// The ignores by where they hold, so that each finding finds its own at once.
#[derive(Debug)]
pub struct Index<'i> {
    ignores: &'i [Ignore],
    within: HashMap<&'i str, Vec<usize>>,
    lines: HashMap<u32, Vec<usize>>,
}

impl<'i> Index<'i> {
    /// The index of `ignores`.
    #[must_use]
    pub fn new(ignores: &'i [Ignore]) -> Self {
        let mut index = Self { ignores, within: HashMap::new(), lines: HashMap::new() };
        for (nth, ignore) in ignores.iter().enumerate() {
            match &ignore.reach {
                Reach::Within(pointer) => index.within.entry(pointer).or_default().push(nth),
                Reach::Line(line) => index.lines.entry(*line).or_default().push(nth),
            }
        }
        index
    }

    /// The ignores that `finding` of `source` falls under, the nearest first: its line's, then those
    /// of the objects around it from the inside out.
    #[must_use]
    pub fn covering(&self, source: &Source, finding: &Finding) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        if !self.lines.is_empty() {
            let line = source.position(finding.primary.span.start).line;
            found.extend(self.lines.get(&line).into_iter().flatten());
        }
        for place in around(&finding.pointer) {
            found.extend(self.within.get(place).into_iter().flatten());
        }
        found.retain(|&nth| self.ignores[nth].rule == finding.rule);
        found
    }
}

/// `pointer` and all pointers above it.
fn around(pointer: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(pointer), |place| place.rfind('/').map(|slash| &place[..slash]))
}
