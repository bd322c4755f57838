//! The comment key `@otel-lint`. The gateway ignores keys it does not know, and the vendor's own
//! check lets those pass that begin with `@`, nearly everywhere.

use super::{Ignore, Mistake, Reach, SHAPE, Suppressions};
use crate::document::{DEEPEST, Document, Kind, Member, NodeId, Pointer};
use crate::effective::SECURITY_NAMESPACE;
use crate::finding::Edit;
use crate::model::is_comment;
use crate::source::Span;

/// The key.
pub const KEY: &str = "@otel-lint";
/// The only setting of the key.
pub(super) const IGNORE: &str = "ignore";

/// Reads the key wherever an object has it. Of equal keys each counts: none is lost in a comment.
pub(super) fn read(doc: &Document<'_>, all: &mut Suppressions) {
    for object in doc.nodes().filter(|&node| doc.kind(node) == Kind::Object) {
        for member in doc.members(object).filter(|member| doc.is_called(member.key, KEY)) {
            let pointer = doc.pointer(object);
            let mut ignore = IgnoreKey { doc, all, key: member.key };
            match unfit(&pointer) {
                Some((message, help)) => {
                    ignore.mistake(member.key, doc.span(member.key), message, "not here", help);
                }
                None => ignore.key(member, pointer.to_string()),
            }
        }
    }
}

/// Why the object at `pointer` must not have the key, and what to do, if it must not.
pub(super) fn unfit(pointer: &Pointer) -> Option<(&'static str, &'static str)> {
    if pointer.levels() > DEEPEST {
        return Some((
            "a suppression this deep is not read: nothing is ignored",
            "Write it into an object with fewer objects and lists around it.",
        ));
    }
    let security = SECURITY_NAMESPACE.replace('/', "~1");
    let mut parts = pointer.as_str().rsplit('/');
    match (parts.next()?, parts.next()?, parts.next(), parts.next()) {
        ("headers", _, Some("otlp"), Some(block)) if block == security => Some((
            "a suppression among headers is a header itself: it is sent to the collector",
            "Move it out of `headers`, into the object around them.",
        )),
        (_, "metrics_static_attributes" | "traces_static_attributes", ..) => Some((
            "a suppression cannot stand in a static attribute: the vendor's check refuses it",
            "Move it into the object that holds the list of attributes.",
        )),
        _ => None,
    }
}

/// Reads one key.
struct IgnoreKey<'a, 's> {
    doc: &'a Document<'s>,
    all: &'a mut Suppressions,
    key: NodeId,
}

impl IgnoreKey<'_, '_> {
    /// `member` is the key in the object at `pointer`.
    fn key(&mut self, member: Member, pointer: String) {
        let doc = self.doc;
        if doc.kind(member.value) != Kind::Object {
            return self.shape(member.key, member.value, &format!("`{KEY}`"));
        }
        let mut ignore = None;
        let mut has_more = false;
        for inner in doc.members(member.value) {
            let name = doc.key(inner.key);
            if name == IGNORE && ignore.is_none() {
                ignore = Some(inner);
                continue;
            }
            has_more = true;
            if !is_comment(&name) {
                let message = format!("`{KEY}` takes `{IGNORE}`, once, and nothing else");
                let help = format!("Write `{SHAPE}`.");
                self.mistake(inner.key, doc.span(inner.key), message, "says nothing", help);
            }
        }
        match ignore {
            Some(ignore) if doc.kind(ignore.value) != Kind::Object => {
                self.shape(ignore.key, ignore.value, &format!("`{IGNORE}`"));
            }
            Some(ignore) if doc.members(ignore.value).next().is_some() => {
                self.entries(ignore, pointer, has_more);
            }
            None if has_more => {}
            _ => self.empty(),
        }
    }

    /// `ignore` names rules and reasons.
    fn entries(&mut self, ignore: Member, pointer: String, has_more: bool) {
        let doc = self.doc;
        let mistakes = self.all.mistakes.len();
        let group = self.all.group(None);
        let reach = Reach::Within(pointer);
        for entry in doc.members(ignore.value) {
            let rule = doc.key(entry.key).into_owned();
            let reason = doc.str(entry.value).unwrap_or_default().trim().to_owned();
            if reason.is_empty() {
                let message = "a rule is ignored without a reason, so it is not ignored";
                let help = "Write the reason as a string, for example `\"the collector listens on 4318\"`.";
                self.mistake(entry.key, doc.span(entry.value), message, "no reason", help);
                continue;
            }
            self.all.ignores.push(Ignore {
                rule,
                reason,
                span: doc.span(entry.key),
                pointer: doc.pointer(entry.key),
                key: Some(entry.key),
                reach: reach.clone(),
                group,
                removal: Edit::Remove { node: entry.key },
            });
        }
        if !has_more && mistakes == self.all.mistakes.len() {
            self.all.groups[group].whole = Some(Edit::Remove { node: self.key });
        }
    }

    fn shape(&mut self, at: NodeId, value: NodeId, name: &str) {
        let found = self.doc.kind(value).with_article();
        let message = format!("{name} must be an object, not {found}: nothing is ignored");
        let help = format!("Write `\"{KEY}\": {SHAPE}`.");
        self.mistake(at, self.doc.span(value), message, "should be an object", help);
    }

    fn empty(&mut self) {
        let message = "a suppression that names no rule ignores nothing";
        let help = format!("Write `{SHAPE}`, or remove it.");
        let key = self.key;
        self.mistake(key, self.doc.span(key), message, "names no rule", help);
        let last = self.all.mistakes.last_mut().expect("it was just added");
        last.removal = Some(Edit::Remove { node: key });
    }

    fn mistake(
        &mut self,
        at: NodeId,
        span: Span,
        message: impl Into<String>,
        label: &'static str,
        help: impl Into<String>,
    ) {
        self.all.mistakes.push(Mistake {
            message: message.into(),
            span,
            label,
            pointer: self.doc.pointer(at),
            help: help.into(),
            removal: None,
        });
    }
}
