//! From edits to bytes: what a fix does to the text of a source.
//!
//! A rule says what changes, once for all formats. Here each [`Edit`] becomes [`Replacement`]s that
//! keep the file as its author laid it out: its indentation, its line ends, objects on one line,
//! quotes, comments. What no edit touches keeps its bytes. A fix that cannot be written in the format
//! of its source is dropped: nothing advertises what cannot be applied.
//!
//! Replacements of one fix are sorted and disjoint. Those of two findings may touch the same bytes, or
//! be the same: [`apply`] takes fixes that leave each other alone, and checks the result again for the
//! rest.

pub mod apply;
mod block;
mod brackets;
mod change;
mod child;
mod headers;
mod layout;
mod lines;
mod order;
mod replacements;
mod scalar;
mod table;

pub(crate) use replacements::embed;
pub use replacements::replace;

use std::cell::{OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use self::change::Change;
use self::child::Child;
use self::layout::Layout;
use self::replacements::{disjoint, in_lines};
use self::scalar::{Quote, Writer, is_writable};
use crate::document::{Document, Kind, NodeId};
use crate::finding::{Edit, Finding, Fix, Replacement, Safety, Touched};
use crate::secrets;
use crate::source::{Format, Span};

/// Gives the fix of every finding of `doc` its replacements, and drops those that have none.
pub fn lower(doc: &Document<'_>, findings: &mut [Finding]) {
    let lowering = Lowering::new(doc);
    for finding in findings {
        finding.fix.take_if(|fix| lowering.lower(fix).is_none());
    }
}

/// The text of `doc` after `edits`; `None` if one of them has no place in it.
#[must_use]
pub fn edited(doc: &Document<'_>, edits: Vec<Edit>) -> Option<Vec<u8>> {
    let mut fix = Fix::new(String::new(), Safety::Unsafe, edits);
    Lowering::new(doc).lower(&mut fix)?;
    Some(replace(doc.source().bytes(), &fix.replacements))
}

/// How the children of an object or array are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// Between brackets, with commas: all of JSON, flow style in YAML, inline in TOML.
    Brackets,
    /// On lines of their own, by indentation.
    Block,
    /// On lines of their own below a header, or by dotted keys.
    Table,
}

/// What lowering knows of a document.
struct Lowering<'d> {
    doc: &'d Document<'d>,
    layout: OnceCell<Layout>,
    aliased: OnceCell<Aliased>,
    /// All secrets, in the order of the source.
    secrets: OnceCell<Vec<Span>>,
    /// The children of objects and arrays that were asked for, as [`Child::all`] gives them.
    children: RefCell<HashMap<NodeId, Rc<[Child]>>>,
}

/// What aliases stand for.
#[derive(Default)]
struct Aliased {
    /// Nodes where they are written, by their place.
    originals: HashMap<Span, NodeId>,
    /// Places that an alias stands for.
    shared: HashSet<Span>,
}

impl<'d> Lowering<'d> {
    fn new(doc: &'d Document<'d>) -> Self {
        Self {
            doc,
            layout: OnceCell::new(),
            aliased: OnceCell::new(),
            secrets: OnceCell::new(),
            children: RefCell::default(),
        }
    }

    fn layout(&self) -> &Layout {
        self.layout.get_or_init(|| Layout::of(self.doc))
    }

    /// The children of `container`, collected once however many fixes change it.
    fn children(&self, container: NodeId) -> Rc<[Child]> {
        let mut known = self.children.borrow_mut();
        let all = || Child::all(self.doc, container).collect();
        Rc::clone(known.entry(container).or_insert_with(all))
    }

    fn aliased(&self) -> &Aliased {
        self.aliased.get_or_init(|| {
            let mut aliased = Aliased::default();
            if self.doc.has_aliases() {
                for node in self.doc.nodes() {
                    let span = self.doc.span(node);
                    if self.doc.alias(node).is_some() {
                        aliased.shared.insert(span);
                    } else {
                        aliased.originals.entry(span).or_insert(node);
                    }
                }
            }
            aliased
        })
    }

    /// `node` where it is written: that of the anchor, if it stands here through an alias.
    fn original(&self, node: NodeId) -> Option<NodeId> {
        match self.doc.alias(node) {
            None => Some(node),
            Some(_) => self.aliased().originals.get(&self.doc.span(node)).copied(),
        }
    }

    /// Whether `node` stands at other places too, through aliases.
    fn is_shared(&self, node: NodeId) -> bool {
        self.doc.has_aliases() && self.aliased().shared.contains(&self.doc.span(node))
    }

    /// Whether something in `child` stands at other places too: it cannot be taken out.
    fn has_anchors(&self, child: Child) -> bool {
        self.doc.has_aliases()
            && self.doc.alias(child.value).is_none()
            && self.doc.subtree(child.value).chain([child.head]).any(|node| self.is_shared(node))
    }

    /// Whether `child` has aliases or anchors in it: it cannot be moved, for an anchor comes first.
    fn contains_alias(&self, child: Child) -> bool {
        let doc = self.doc;
        self.has_anchors(child)
            || doc.has_aliases() && doc.subtree(child.value).any(|node| doc.alias(node).is_some())
    }

    /// The member whose key is `key`, if it can be moved into `object`: neither stands at other places too,
    /// which would lose or get it as well; and it has no comments between brackets, which stay there.
    fn movable(&self, key: NodeId, object: NodeId) -> Option<Child> {
        let is_elsewhere = |node| self.doc.alias(node).is_some() || self.is_shared(node);
        let child = Child::of(self.doc, key)?;
        let is_bound =
            self.form(child.container)? == Form::Brackets && self.has_outer_comments(child);
        (!is_bound && ![key, object, child.container].into_iter().any(is_elsewhere))
            .then_some(child)
    }

    /// The members that `edits` move.
    fn moved(&self, edits: &[Edit]) -> impl Iterator<Item = Child> {
        edits.iter().filter_map(|edit| match edit {
            Edit::Move { key, .. } => Child::of(self.doc, *key),
            _ => None,
        })
    }

    /// Whether `value` is an object or array of TOML that is not between brackets.
    fn is_table(&self, value: NodeId) -> bool {
        matches!(self.doc.kind(value), Kind::Object | Kind::Array)
            && self.form(value) == Some(Form::Table)
    }

    /// Whether comments belong to `child` or are in it.
    fn has_comments(&self, child: Child) -> bool {
        let span = child.span(self.doc);
        let comments = self.doc.comments();
        let within = comments.partition_point(|comment| comment.start < span.start);
        comments.get(within).is_some_and(|comment| span.contains(*comment))
            || self.has_outer_comments(child)
    }

    /// Whether comments above or behind `child` belong to it.
    fn has_outer_comments(&self, child: Child) -> bool {
        let end = child.span(self.doc).end;
        !self.doc.comments_above(child.head).is_empty() || self.doc.comment_behind(end).is_some()
    }

    /// The child whose key or value is `node`, where it is written.
    fn child(&self, node: NodeId) -> Option<Child> {
        let child = Child::of(self.doc, node)?;
        // An alias is written here, what is in it is written elsewhere.
        let is_here = self.doc.alias(node).is_none()
            || self.doc.alias(child.container).is_none()
                && (child.head == child.value || self.doc.alias(child.head).is_none());
        if is_here { Some(child) } else { Child::of(self.doc, self.original(node)?) }
    }

    /// How the children of `container` are written; `None` where that cannot be told.
    fn form(&self, container: NodeId) -> Option<Form> {
        let doc = self.doc;
        let has_brackets = |node: NodeId| {
            let first = doc.source().slice(doc.span(node)).first();
            match doc.kind(node) {
                Kind::Object => first == Some(&b'{'),
                // A list of tables begins with a header.
                Kind::Array => first == Some(&b'[') && doc.opening(node).range().len() == 1,
                _ => false,
            }
        };
        let outer = || doc.around(container).any(has_brackets);
        match doc.source().format() {
            _ if has_brackets(container) => Some(Form::Brackets),
            // A pair without braces, in a list.
            _ if doc.source().format() == Format::Json || outer() => None,
            Format::Toml => Some(Form::Table),
            _ => Some(Form::Block),
        }
    }

    /// Gives `fix` its replacements; `None` if an edit has no place in the text.
    fn lower(&self, fix: &mut Fix) -> Option<()> {
        let doc = self.doc;
        let mut out = Vec::new();
        for edit in &fix.edits {
            match edit {
                Edit::Replace { node, value } => self.replace(*node, value, &mut out)?,
                Edit::Rename { key, name } => {
                    self.rename(*key, name, &mut out)?;
                    // Two keys of one object must not get the same name.
                    let container = doc.parent(*key)?;
                    fix.containers.push(Touched { span: doc.span(container), removes: true });
                }
                Edit::Delete { span } => {
                    out.push(Replacement { span: *span, text: String::new() });
                }
                Edit::Insert { value, .. } | Edit::Append { value, .. } => {
                    is_writable(doc.source().format(), value).then_some(())?;
                }
                Edit::Remove { .. } | Edit::Move { .. } => {}
            }
        }
        let changes = Change::by_container(self, &fix.edits)?;
        for (container, change) in &changes {
            match self.form(*container)? {
                Form::Brackets => brackets::lower(self, *container, change, &mut out)?,
                Form::Block => block::lower(self, *container, change, &mut out)?,
                Form::Table => table::lower(self, *container, change, &mut out)?,
            }
            let removes = !change.removed.is_empty();
            fix.containers.push(Touched { span: doc.span(*container), removes });
        }
        for edit in &fix.edits {
            if let Edit::Move { key, object, path, name } = edit
                && let moved = self.movable(*key, *object)?
                && self.is_table(moved.value)
            {
                let target = (*object, &**path, &**name);
                fix.containers.extend(headers::lower(self, moved, target, &fix.edits, &mut out)?);
            }
        }
        fix.replacements = disjoint(in_lines(out, self.layout().line_end))
            .filter(|replacements| !replacements.is_empty())?;
        fix.is_secret = fix.edits.iter().any(|edit| self.holds_secret(edit));
        if fix.edits.iter().any(|edit| self.changes_others(edit)) {
            fix.safety = Safety::Unsafe;
            fix.title.push_str(", also where an alias stands for it");
        }
        Some(())
    }

    /// Puts `value` in the place of the value `node`.
    fn replace(
        &self,
        node: NodeId,
        value: &serde_json::Value,
        out: &mut Vec<Replacement>,
    ) -> Option<()> {
        is_writable(self.doc.source().format(), value).then_some(())?;
        let Some(child) = self.child(node) else {
            let mut text = String::new();
            self.layout().in_place_of(self.doc, node).value(&mut text, value);
            out.push(Replacement { span: self.doc.span(node), text });
            return (self.doc.source().format() == Format::Json).then_some(());
        };
        match self.form(child.container)? {
            Form::Brackets => {
                let place = self.layout().in_place_of(self.doc, child.value);
                let mut text = String::new();
                place.value(&mut text, value);
                out.push(Replacement { span: child.written(self.doc), text });
                (!self.has_anchors_inside(child)).then_some(())
            }
            Form::Block => block::replace(self, child, value, out),
            Form::Table => table::replace(self, child, value, out),
        }
    }

    /// Whether something below the value of `child` stands at other places too.
    fn has_anchors_inside(&self, child: Child) -> bool {
        self.doc.has_aliases()
            && self.doc.alias(child.value).is_none()
            && self.doc.subtree(child.value).skip(1).any(|node| self.is_shared(node))
            && !self.is_shared(child.value)
    }

    /// Gives the member whose key is `key` another name.
    fn rename(&self, key: NodeId, name: &str, out: &mut Vec<Replacement>) -> Option<()> {
        let key = self.original(key)?;
        let child = Child::of(self.doc, key)?;
        let quote = Quote::of(self.doc, key);
        let writer = Writer::with_quote(self.doc, quote);
        let span = self.doc.span(key);
        let is_simple = !self.doc.source().slice(span).contains(&b'\n') && !span.range().is_empty();
        let text = match self.form(child.container) {
            Some(Form::Block) => writer.in_block().key(name),
            _ => writer.key(name),
        };
        // A table may be named in several headers.
        let others = self.doc.again(key);
        out.extend(others.iter().map(|span| Replacement { span: *span, text: text.clone() }));
        out.push(Replacement { span, text });
        is_simple.then_some(())
    }

    /// Whether `edit` changes what other places have through aliases.
    fn changes_others(&self, edit: &Edit) -> bool {
        if !self.doc.has_aliases() {
            return false;
        }
        let is_shared = |node: Option<NodeId>| node.is_some_and(|node| self.is_shared(node));
        match edit {
            Edit::Replace { node, .. } => self.child(*node).is_some_and(|child| {
                self.doc.alias(child.value).is_none() && self.is_shared(child.value)
            }),
            Edit::Rename { key: node, .. } | Edit::Remove { node } => {
                is_shared(self.child(*node).map(|child| child.head))
            }
            Edit::Insert { object: node, .. } | Edit::Append { array: node, .. } => {
                is_shared(self.original(*node))
            }
            Edit::Move { .. } | Edit::Delete { .. } => false,
        }
    }

    /// Whether a secret is in `child` or in the comments that belong to it.
    fn has_secret(&self, child: Child) -> bool {
        let span = child.span(self.doc);
        let above = self.doc.comments_above(child.head).first();
        let start = above.map_or(span.start, |comment| comment.start);
        let end = self.doc.comment_behind(span.end).map_or(span.end, |comment| comment.end);
        let secrets = self.secrets.get_or_init(|| secrets::all(self.doc, &[]));
        let next = secrets.partition_point(|secret| secret.end <= start);
        secrets.get(next).is_some_and(|secret| secret.start < end)
    }

    /// Whether the text that `edit` puts somewhere has a secret in it, which the source has as well.
    fn holds_secret(&self, edit: &Edit) -> bool {
        match edit {
            Edit::Move { key, .. } => {
                Child::of(self.doc, *key).is_some_and(|child| self.has_secret(child))
            }
            Edit::Replace { value, .. }
            | Edit::Insert { value, .. }
            | Edit::Append { value, .. } => secrets::in_value(value),
            Edit::Rename { .. } | Edit::Remove { .. } | Edit::Delete { .. } => false,
        }
    }
}
