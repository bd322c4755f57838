//! A rendered text, and what is known of it.

use std::collections::BTreeSet;

use crate::source::Span;

use super::ast::Bytes;
use super::error::Error;
use super::origin::{Entries, Entry, FileId, OriginId, Place};
use super::project::Project;
use super::runes::lossy;

/// What a project renders to.
pub struct Rendered {
    /// The text, up to the error if there is one.
    pub text: Vec<u8>,
    /// Where each byte comes from.
    pub origins: Origins,
    /// Why it is not, or not wholly, rendered: one for each file that cannot be read, or one that
    /// stopped the execution. Without an error, the text is what the gateway reads.
    pub errors: Vec<Error>,
    /// What depends on something that is not given; in the order of their stand-ins.
    pub unknowns: Vec<Unknown>,
    /// Calls of `include` for which there is no partial: the gateway inserts nothing.
    pub missing_partials: Vec<(String, Place)>,
    /// Actions whose value does not exist, in the order of their places: the gateway writes
    /// `<no value>`.
    pub missing_values: Vec<Place>,
    /// Settings that are asked for and of which there is no file, by what templates call them.
    pub missing_settings: BTreeSet<String>,
}

/// What is not known before the gateway runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnknownKind {
    /// A variable of the environment that is not given.
    Variable(String),
    /// The result of a function that is random, reads the clock or the network, or that this program
    /// does not have.
    Function(&'static str),
}

/// Something unknown that the project asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// What it is.
    pub kind: UnknownKind,
    /// The call that asks for it first.
    pub place: Place,
    /// What is rendered in its place: a number, which can stand in a JSON text with or without
    /// quotes.
    pub stand_in: String,
    /// The actions whose condition depends on it: what they render may be wrong as a whole.
    pub decides: Vec<Place>,
}

/// How the bytes of a segment are to those of its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exactness {
    /// Computed from it.
    Derived,
    /// The same bytes as the whole span.
    Same,
    /// The same bytes as what stands between the quotes of the span.
    Inner,
}

/// A run of bytes with one origin. It ends where the next begins.
#[derive(Clone, Copy, Debug)]
struct Segment {
    start: u32,
    source: OriginId,
    action: OriginId,
    chain: u32,
    exactness: Exactness,
}

/// A call of a template, or an iteration of a `range`.
#[derive(Clone, Copy, Debug)]
struct Frame {
    outer: u32,
    action: OriginId,
    iteration: Option<u32>,
    collection: OriginId,
}

/// What a byte comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The text of a template.
    Template,
    /// A literal in an action.
    Literal,
    /// Computed by an action from nothing that has a better place.
    Action,
    /// A setting: its file is that of the place, and this is its JSON pointer.
    Setting(String),
    /// The key of a setting.
    Key(String),
    /// The text of a partial.
    Partial,
    /// A variable of the environment.
    Variable(String),
    /// An index into [`Rendered::unknowns`].
    Unknown(usize),
}

/// One thing that a byte comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What.
    pub origin: Origin,
    /// Where: the exact byte if `exact`, otherwise the whole of it. None for a variable of the
    /// environment and for what is unknown.
    pub place: Option<Place>,
    /// The rendered bytes stand there as they are.
    pub exact: bool,
}

/// What is around an action that is executed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The `template`, `block` or `range` action.
    pub place: Place,
    /// Of a `range` the number of its iteration, from 0.
    pub iteration: Option<u32>,
    /// Of a `range` over a setting, its file and JSON pointer.
    pub collection: Option<(FileId, String)>,
}

/// Where a byte, or a run of bytes, comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// The rendered bytes that this is about.
    pub rendered: Span,
    /// The text or action of a template that writes them.
    pub action: Option<Place>,
    /// What they come from: what is most exact first. Empty only for an empty text.
    pub sources: Vec<Source>,
    /// The calls and iterations around the action, the outermost first.
    pub chain: Vec<Link>,
}

/// More sources of one text than this are not told.
const MAX_SOURCES: usize = 16;

/// More calls around one action than this are not told, the outermost are left out.
const MAX_LINKS: usize = 64;

/// The origin of each byte of a rendered text.
pub struct Origins {
    segments: Vec<Segment>,
    frames: Vec<Frame>,
    entries: Entries,
    length: u32,
}

impl Origins {
    pub(super) fn new() -> Self {
        let none = OriginId::NONE;
        let frame = Frame { outer: 0, action: none, iteration: None, collection: none };
        Self { segments: Vec::new(), frames: vec![frame], entries: Entries::new(), length: 0 }
    }

    pub(super) fn finish(&mut self, entries: Entries, length: usize) {
        self.entries = entries;
        self.length = length as u32;
    }

    pub(super) fn enter(
        &mut self,
        outer: u32,
        action: OriginId,
        iteration: Option<u32>,
        collection: OriginId,
    ) -> u32 {
        self.frames.push(Frame { outer, action, iteration, collection });
        self.frames.len() as u32 - 1
    }

    /// The chain around a frame.
    pub(super) fn outer(&self, chain: u32) -> u32 {
        self.frames[chain as usize].outer
    }

    /// Notes that `text` is written at `start`.
    #[expect(clippy::too_many_arguments, reason = "all that is known of a piece of text")]
    pub(super) fn add(
        &mut self,
        start: usize,
        text: &[u8],
        source: OriginId,
        action: OriginId,
        chain: u32,
        entries: &Entries,
        project: &Project,
    ) {
        if text.is_empty() {
            return;
        }
        let exactness = exactness(text, source, entries, project);
        let start = start as u32;
        if let Some(last) = self.segments.last()
            && exactness == Exactness::Derived
            && (last.source, last.action, last.chain, last.exactness)
                == (source, action, chain, exactness)
        {
            return;
        }
        self.segments.push(Segment { start, source, action, chain, exactness });
    }

    /// The number of runs of bytes that have one origin each.
    #[must_use]
    pub fn len(&self) -> usize {
        self.segments.len()
    }

    /// Whether there is none, as for an empty text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    fn index(&self, offset: u32) -> Option<usize> {
        let after = self.segments.partition_point(|segment| segment.start <= offset);
        after.checked_sub(1)
    }

    fn end(&self, index: usize) -> u32 {
        self.segments.get(index + 1).map_or(self.length, |segment| segment.start)
    }

    /// Where the byte at `offset` comes from; at the end of the text, the byte before.
    #[must_use]
    pub fn at(&self, offset: u32, project: &Project) -> Option<Located> {
        let index = self.index(offset.min(self.length.saturating_sub(1)))?;
        let segment = &self.segments[index];
        let rendered = Span { start: segment.start, end: self.end(index) };
        let shift = offset.min(rendered.end) - segment.start;
        Some(self.located(segment, rendered, Some(shift), project))
    }

    /// All runs of bytes with their origins, in order.
    pub fn iter<'a>(&'a self, project: &'a Project) -> impl Iterator<Item = Located> + 'a {
        self.segments.iter().enumerate().map(|(index, segment)| {
            let rendered = Span { start: segment.start, end: self.end(index) };
            self.located(segment, rendered, None, project)
        })
    }

    /// The bytes of a file that `rendered` stands for, if they are exactly these: all of it comes
    /// from one place, unchanged.
    #[must_use]
    pub fn exact(&self, rendered: Span, project: &Project) -> Option<Place> {
        let first = self.index(rendered.start)?;
        let segment = &self.segments[first];
        let base = self.base(segment, project)?;
        let start = base.span.start + (rendered.start - segment.start);
        // What goes on in the same file without a gap is one place, too.
        let mut index = first;
        while self.end(index) < rendered.end {
            index += 1;
            let next = self.segments.get(index)?;
            let place = self.base(next, project)?;
            if place.file != base.file
                || place.span.start != base.span.start + (next.start - segment.start)
            {
                return None;
            }
        }
        let span = Span { start, end: start + (rendered.end - rendered.start) };
        Some(Place::new(base.file, span))
    }

    /// Where the runs of bytes stand that a file holds as they are, in the order of the text.
    pub fn exact_places<'a>(&'a self, project: &'a Project) -> impl Iterator<Item = Place> + 'a {
        self.segments.iter().filter_map(|segment| self.base(segment, project))
    }

    /// Whether any of these bytes depends on something unknown.
    #[must_use]
    pub fn depends_on_unknown(&self, rendered: Span) -> bool {
        let Some(mut index) = self.index(rendered.start) else { return false };
        loop {
            if self.entries.is_unknown(self.segments[index].source) {
                return true;
            }
            if self.end(index) >= rendered.end || index + 1 == self.segments.len() {
                return false;
            }
            index += 1;
        }
    }

    /// Where the bytes of an exact segment stand.
    fn base(&self, segment: &Segment, project: &Project) -> Option<Place> {
        let place = self.entries.place(segment.source, project)?;
        let span = match segment.exactness {
            Exactness::Derived => return None,
            Exactness::Same => place.span,
            Exactness::Inner => Span { start: place.span.start + 1, end: place.span.end - 1 },
        };
        Some(Place::new(place.file, span))
    }

    fn located(
        &self,
        segment: &Segment,
        rendered: Span,
        shift: Option<u32>,
        project: &Project,
    ) -> Located {
        let mut sources = Vec::new();
        if let Some(place) = self.base(segment, project) {
            let span = match shift {
                Some(shift) => Span::at((place.span.start + shift) as usize),
                None => place.span,
            };
            let origin = self.origin(segment.source);
            sources.extend(origin.map(|origin| Source {
                origin,
                place: Some(Place::new(place.file, span)),
                exact: true,
            }));
        } else {
            self.collect(segment.source, &mut sources, project);
        }
        let action = self.entries.place(segment.action, project);
        if sources.is_empty() {
            sources.push(Source { origin: Origin::Action, place: action, exact: false });
        }
        Located { rendered, action, sources, chain: self.chain(segment.chain, project) }
    }

    /// The parts of a joined origin.
    fn collect(&self, source: OriginId, sources: &mut Vec<Source>, project: &Project) {
        let mut open = vec![source];
        let mut visited = 0;
        while let Some(id) = open.pop() {
            visited += 1;
            if sources.len() == MAX_SOURCES || visited > 64 * MAX_SOURCES {
                return;
            }
            if let Entry::Joined(a, b) = self.entries.get(id) {
                open.extend([*b, *a]);
            } else if let Some(origin) = self.origin(id) {
                let place = self.entries.place(id, project);
                let source = Source { origin, place, exact: false };
                if !sources.contains(&source) {
                    sources.push(source);
                }
            }
        }
    }

    fn origin(&self, id: OriginId) -> Option<Origin> {
        Some(match self.entries.get(id) {
            Entry::None | Entry::Joined(..) => return None,
            Entry::Text(_) => Origin::Template,
            Entry::Action(_) => Origin::Action,
            Entry::Literal(_) => Origin::Literal,
            Entry::Partial(_) => Origin::Partial,
            Entry::Setting { .. } => Origin::Setting(self.entries.pointer(id)),
            Entry::Key { of, .. } => Origin::Key(self.entries.pointer(*of)),
            Entry::Variable(name) => Origin::Variable(variable_name(name)),
            Entry::Unknown(index) => Origin::Unknown(*index as usize),
        })
    }

    fn chain(&self, mut chain: u32, project: &Project) -> Vec<Link> {
        let mut links = Vec::new();
        while chain != 0 && links.len() < MAX_LINKS {
            let frame = &self.frames[chain as usize];
            if let Some(place) = self.entries.place(frame.action, project) {
                let setting = self.entries.place(frame.collection, project);
                let is_setting =
                    matches!(self.entries.get(frame.collection), Entry::Setting { .. });
                let collection = setting
                    .filter(|_| is_setting)
                    .map(|place| (place.file, self.entries.pointer(frame.collection)));
                links.push(Link { place, iteration: frame.iteration, collection });
            }
            chain = frame.outer;
        }
        links.reverse();
        links
    }
}

fn variable_name(name: &Bytes) -> String {
    lossy(name)
}

fn exactness(text: &[u8], source: OriginId, entries: &Entries, project: &Project) -> Exactness {
    let Some(place) = entries.place(source, project) else { return Exactness::Derived };
    if matches!(entries.get(source), Entry::Action(_)) {
        return Exactness::Derived;
    }
    let written = &project.file(place.file).source.bytes()[place.span.range()];
    if matches!(entries.get(source), Entry::Text(_)) || text == written {
        return Exactness::Same;
    }
    match written {
        [b'"' | b'`', inner @ .., b'"' | b'`'] if inner == text => Exactness::Inner,
        _ => Exactness::Derived,
    }
}
