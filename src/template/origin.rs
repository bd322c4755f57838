//! Where the bytes of a rendered text come from.

use std::collections::BTreeMap;

use crate::source::Span;

use super::ast::Bytes;
use super::project::Project;

/// Which file of a [`Project`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A range of bytes of a file of the project.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes.
    pub span: Span,
}

impl Place {
    pub(super) fn new(file: FileId, span: Span) -> Self {
        Self { file, span }
    }
}

/// Index of an [`Entry`]; 0 is nothing known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct OriginId(pub u32);

impl OriginId {
    pub const NONE: Self = Self(0);
}

/// A step of the path to a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Root,
    Key(Bytes),
    Index(u32),
}

/// What a value can come from.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    None,
    /// The text of a template, or of a partial.
    Text(Place),
    Partial(FileId),
    /// What an action computes from nothing but itself.
    Action(Place),
    Literal(Place),
    Setting {
        place: Place,
        parent: OriginId,
        step: Step,
    },
    /// The key of the setting `of`.
    Key {
        place: Place,
        of: OriginId,
    },
    Variable(Bytes),
    Unknown(u32),
    /// Two or more; a binary tree of them.
    Joined(OriginId, OriginId),
}

/// All entries of a run.
pub(super) struct Entries {
    all: Vec<Entry>,
    /// Which of them depend on something unknown.
    unknown: Vec<bool>,
    joined: BTreeMap<(OriginId, OriginId), OriginId>,
}

impl Entries {
    pub fn new() -> Self {
        Self { all: vec![Entry::None], unknown: vec![false], joined: BTreeMap::new() }
    }

    pub fn push(&mut self, entry: Entry) -> OriginId {
        let id = OriginId(self.all.len() as u32);
        self.unknown.push(match entry {
            Entry::Unknown(_) => true,
            Entry::Joined(a, b) => self.is_unknown(a) || self.is_unknown(b),
            _ => false,
        });
        self.all.push(entry);
        id
    }

    /// The id that the next entry will have.
    pub fn next(&self) -> OriginId {
        OriginId(self.all.len() as u32)
    }

    pub fn get(&self, id: OriginId) -> &Entry {
        &self.all[id.0 as usize]
    }

    /// Completes a setting whose end was not known when it was begun.
    pub fn set_place(&mut self, id: OriginId, place: Place) {
        if let Entry::Setting { place: known, .. } = &mut self.all[id.0 as usize] {
            *known = place;
        }
    }

    pub fn is_unknown(&self, id: OriginId) -> bool {
        self.unknown[id.0 as usize]
    }

    /// Literals and what is computed from nothing say less than any other origin.
    fn is_weak(&self, id: OriginId) -> bool {
        matches!(self.get(id), Entry::None | Entry::Literal(_) | Entry::Action(_))
    }

    /// The origin of what is made of both.
    pub fn join(&mut self, a: OriginId, b: OriginId) -> OriginId {
        if a == b || self.is_weak(b) {
            return if self.is_weak(a) && a == OriginId::NONE { b } else { a };
        }
        if self.is_weak(a) {
            return b;
        }
        if let Entry::Joined(left, right) = *self.get(a)
            && (left == b || right == b)
        {
            return a;
        }
        if let Some(&known) = self.joined.get(&(a, b)) {
            return known;
        }
        let id = self.push(Entry::Joined(a, b));
        self.joined.insert((a, b), id);
        id
    }

    /// The place in a file where a person would look for it.
    pub fn place(&self, id: OriginId, project: &Project) -> Option<Place> {
        match self.get(id) {
            Entry::Text(place) | Entry::Action(place) | Entry::Literal(place) => Some(*place),
            Entry::Setting { place, .. } | Entry::Key { place, .. } => Some(*place),
            Entry::Partial(file) => {
                Some(Place::new(*file, Span::new(0, project.file(*file).source.bytes().len())))
            }
            Entry::None | Entry::Variable(_) | Entry::Unknown(_) | Entry::Joined(..) => None,
        }
    }

    /// The JSON pointer of a setting.
    pub fn pointer(&self, mut id: OriginId) -> String {
        let mut steps = Vec::new();
        while let Entry::Setting { parent, step, .. } = self.get(id) {
            match step {
                Step::Root => break,
                Step::Key(key) => {
                    steps.push(super::runes::lossy(key).replace('~', "~0").replace('/', "~1"));
                }
                Step::Index(index) => steps.push(index.to_string()),
            }
            id = *parent;
        }
        steps.iter().rev().fold(String::new(), |path, step| path + "/" + step)
    }
}
