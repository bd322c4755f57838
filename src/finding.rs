//! What the linter says: findings, the places they point at, and the edits that would correct them.
//!
//! A finding owns its text; nothing of the document's lifetime leaves the engine.

use std::fmt;

use crate::consequence::Consequence;
use crate::document::NodeId;
use crate::source::{Position, Span};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Advice; shown with `--pedantic` only.
    Info,
    /// Very probably not what was meant.
    Warning,
    /// Certain: the gateway or its telemetry is broken, or data leaks.
    Error,
}

impl Severity {
    /// The word in every output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A place in the source and what is to be said about it there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place: a key, a value with its quotes, what begins an object.
    pub span: Span,
    /// A few words, shown at the place; may be empty.
    pub text: String,
}

impl Label {
    /// A label saying `text` at `span`.
    #[must_use]
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }
}

/// A place in another file, with a few words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The file, as people know it.
    pub file: String,
    /// Before its first byte.
    pub start: Position,
    /// After its last byte.
    pub end: Position,
    /// A few words about the place.
    pub text: String,
}

/// What a template makes of the place of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedLine {
    /// Where in the rendered text it is.
    pub position: Position,
    /// Its line, or the part of a long one around it, with stars for secrets.
    pub text: String,
    /// The bytes of `text` that the finding is about.
    pub span: Span,
}

/// Other places that a finding keeps at most: whoever repeats a fault a thousand times need not be told
/// a thousand times of a thousand places.
pub const MAX_RELATED: usize = 16;

/// One fault and everything the user is told about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule that found it.
    pub rule: &'static str,
    /// How bad it is for the target it was checked against.
    pub severity: Severity,
    /// What it does to the gateway.
    pub consequence: Consequence,
    /// What is wrong at this place.
    pub message: String,
    /// The place.
    pub primary: Label,
    /// Other places that have to do with it.
    pub related: Vec<Label>,
    /// How many more there are, beyond [`MAX_RELATED`].
    pub more_related: usize,
    /// Places in other files that have to do with it, such as the call of the template that it is in.
    pub elsewhere: Vec<Elsewhere>,
    /// Of a finding in a rendered text, which is told where that comes from: the line of the text.
    pub rendered: Option<RenderedLine>,
    /// JSON pointer (RFC 6901) of what is checked; for something missing, of what should be there.
    pub pointer: String,
    /// The pointer with the items of lists named by what they are, not by their index; see
    /// [`crate::identity`]. Empty until the linter has settled what is reported, unless the rule
    /// knows better than the pointer what the fault is about.
    pub identity: String,
    /// What to do.
    pub help: String,
    /// Edits that do it.
    pub fix: Option<Fix>,
}

/// How far a fix can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Safety {
    /// Probably what is meant, but it changes what the gateway does.
    Unsafe,
    /// Only one meaning is possible.
    Safe,
}

/// Edits that fix a finding, all or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What applying it does, as an imperative.
    pub title: String,
    /// How far it can be trusted.
    pub safety: Safety,
    /// The edits; they do not overlap.
    pub edits: Vec<Edit>,
    /// The same as bytes of the source, sorted and disjoint; see [`crate::fix`]. Empty until the linter
    /// has settled what is reported, and where the source's format has no bytes for an edit.
    pub replacements: Vec<Replacement>,
    /// Whether the replacements hold a secret that the source holds: for applying, not for showing.
    pub is_secret: bool,
    /// The objects and arrays that lose or get children: two fixes of one of them, one of which takes
    /// something out, are not applied together.
    pub containers: Vec<Touched>,
}

/// An object or array whose children a fix changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Its place.
    pub span: Span,
    /// Whether it loses children.
    pub removes: bool,
}

impl Fix {
    /// A fix of `edits`, whose replacements are still to be made.
    #[must_use]
    pub fn new(title: String, safety: Safety, edits: Vec<Edit>) -> Self {
        Self {
            title,
            safety,
            edits,
            replacements: Vec::new(),
            is_secret: false,
            containers: Vec::new(),
        }
    }

    /// The replacements, as far as they may be shown.
    #[must_use]
    pub fn shown(&self) -> &[Replacement] {
        if self.is_secret { &[] } else { &self.replacements }
    }
}

/// Text to put in the place of some bytes of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replacement {
    /// The bytes that go; empty where text is only added.
    pub span: Span,
    /// What comes in their place.
    pub text: String,
}

/// One change to a document: what changes, not text. Each format lowers it to bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Put `value` in the place of the value `node`.
    Replace {
        /// The value to replace.
        node: NodeId,
        /// What to put there.
        value: serde_json::Value,
    },
    /// Give the member whose key is `key` another name.
    Rename {
        /// The key to replace.
        key: NodeId,
        /// Its new name.
        name: String,
    },
    /// Take out the member whose key is `node`, or the array item `node`.
    Remove {
        /// The key of a member, or an item of an array.
        node: NodeId,
    },
    /// Add a member at the end of the object `object`.
    Insert {
        /// The object.
        object: NodeId,
        /// The new key.
        key: String,
        /// The new value.
        value: serde_json::Value,
    },
    /// Add an item at the end of the array `array`.
    Append {
        /// The array.
        array: NodeId,
        /// The new item.
        value: serde_json::Value,
    },
    /// Take out the member whose key is `key` and add it, value unchanged, to the object `object`,
    /// below the missing objects named by `path`.
    Move {
        /// The key of the member to move.
        key: NodeId,
        /// The object that receives it, or an ancestor of where it goes.
        object: NodeId,
        /// Names of objects to create on the way; empty if `object` receives it.
        path: Vec<String>,
        /// Its name there.
        name: String,
    },
    /// Take out these bytes: syntax that belongs to no value, such as a byte order mark.
    Delete {
        /// The bytes.
        span: Span,
    },
}

/// Builders, so that a rule reads as one sentence.
impl Finding {
    /// The same with these words at the primary place.
    #[must_use]
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// The same with another consequence than its rule has.
    #[must_use]
    pub fn consequence(mut self, consequence: Consequence) -> Self {
        self.consequence = consequence;
        self
    }

    /// The same pointing at `span`.
    #[must_use]
    pub fn pointing_at(mut self, span: Span) -> Self {
        self.primary.span = span;
        self
    }

    /// The same with another place to look at; past [`MAX_RELATED`] of them it is only counted.
    #[must_use]
    pub fn related(mut self, label: Label) -> Self {
        if self.related.len() < MAX_RELATED {
            self.related.push(label);
        } else {
            self.more_related += 1;
        }
        self
    }

    /// The same with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// The same, known by `identity` rather than by its pointer.
    #[must_use]
    pub fn known_as(mut self, identity: String) -> Self {
        self.identity = identity;
        self
    }

    /// The same, this bad.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// The same with edits that fix it without changing what is meant.
    #[must_use]
    pub fn safe_fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(Safety::Safe, title, edits)
    }

    /// The same with edits that probably fix it, but change what the gateway does.
    #[must_use]
    pub fn unsafe_fix(self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix(Safety::Unsafe, title, edits)
    }

    fn fix(mut self, safety: Safety, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix::new(title.into(), safety, edits));
        self
    }
}
