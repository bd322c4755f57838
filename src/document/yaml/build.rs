//! From the parser's events to the tape.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, ScalarStyle, Tag};

use super::error::{self, MAX_FAULTS, fault, warning};
use super::gaps::{self, Gap};
use super::scalar::{self, Meaning};
use super::{keys, place};
use crate::document::text::inner;
use crate::document::{Document, Fault, Kind, Node, Plain};
use crate::source::{Source, Span};

/// A mapping or sequence whose end is still to come.
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with each other")]
#[derive(Debug)]
pub(super) struct Open {
    /// Its node.
    pub(super) node: u32,
    pub(super) is_mapping: bool,
    /// Whether it is in flow style, or within something that is.
    is_flow: bool,
    /// The column before which the library takes no tab in the lines of plain text within it.
    tab_column: usize,
    /// Whether the next node is a key.
    pub(super) at_key: bool,
    /// Whether each key is what its span holds, without quotes.
    plain_keys: bool,
    /// What is to be merged into it.
    pub(super) merge: Option<Box<Merge>>,
}

/// The merge key `<<` of a mapping, and what stands there.
#[derive(Debug)]
pub(super) struct Merge {
    /// Where the key is written.
    pub(super) key: Span,
    /// Whether its value is still to come, or being read.
    pub(super) is_next: bool,
    /// Where on the tape the value is that is written right there: it goes when it is merged.
    pub(super) inline: Range<u32>,
    /// The mappings to merge, as nodes, and the aliases that named them. The first one wins.
    pub(super) sources: Vec<(u32, Option<Span>)>,
}

/// The document that is being built.
pub(super) struct Builder<'s, 't> {
    pub(super) doc: Document<'s>,
    /// The text of the source, as the parser sees it.
    pub(super) text: &'t str,
    pub(super) open: Vec<Open>,
    /// The node of each anchor, by the parser's number.
    pub(super) anchors: HashMap<usize, u32>,
    pub(super) faults: Vec<Fault>,
    /// Where the last thing that was read ends.
    pub(super) end: usize,
    /// Where the last token ends.
    gap: Gap,
    /// Nodes that stand on the tape because of an alias, and nodes that had to be moved.
    pub(super) copied: usize,
    pub(super) moved: usize,
    /// Whether the tape is worth checking.
    pub(super) reliable: bool,
    /// A closing bracket that has no opening one.
    pub(super) excess: Option<Span>,
    /// A comment without a blank before it, at which the parser ended.
    pub(super) unseparated: Option<Span>,
    /// Whether nothing more can be read.
    pub(super) stopped: bool,
}

impl<'s, 't> Builder<'s, 't> {
    pub(super) fn new(source: &'s Source, text: &'t str, from: usize) -> Self {
        let mut doc = Document::new(source);
        if from == 0 {
            // The first document is most often the only one, and has a node in 10 bytes at most.
            doc.nodes = Vec::with_capacity(text.len() / 10 + 1);
        }
        Self {
            doc,
            text,
            open: Vec::with_capacity(32),
            anchors: HashMap::new(),
            faults: Vec::new(),
            end: from,
            gap: Gap { from, plain: None },
            copied: 0,
            moved: 0,
            reliable: true,
            excess: None,
            unseparated: None,
            stopped: false,
        }
    }

    /// Takes in one event, which covers `range`.
    pub(super) fn take(&mut self, event: Event<'t>, range: std::ops::Range<usize>) {
        self.check_gap(&event, &range);
        match event {
            Event::Comment(..) => self.doc.extras.comments.push(Span::new(range.start, range.end)),
            Event::Scalar(content, style, anchor, tag) => {
                self.scalar(content, style, anchor, tag.as_deref(), &range);
            }
            Event::SequenceStart(_, anchor, _) => {
                let start = match self.text.as_bytes().get(range.start) {
                    Some(b'[') if range.len() == 1 => range.start,
                    Some(b'-') => range.start,
                    _ => place::dash(self.text.as_bytes(), self.end, range.start),
                };
                self.begin(Kind::Array, anchor, Span::new(start, start.max(range.end)));
            }
            Event::MappingStart(_, anchor, _) => {
                self.begin(Kind::Object, anchor, Span::new(range.start, range.end));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(&range),
            Event::Alias(id) => self.alias(id, Span::new(range.start, range.end)),
            Event::UnresolvedAlias(name) => {
                let span = Span::new(range.start, range.end);
                self.report(fault(
                    span,
                    format!("there is no anchor `&{name}` before this alias"),
                    "Define the anchor earlier in the file, or quote text that begins with `*`.",
                ));
                self.nothing(span);
            }
            _ => {}
        }
    }

    /// Reports what the library does not take before the token of `event`, if it has one.
    fn check_gap(&mut self, event: &Event<'t>, range: &std::ops::Range<usize>) {
        let is_token = match event {
            Event::Scalar(..) | Event::Alias(..) | Event::UnresolvedAlias(..) => !range.is_empty(),
            Event::SequenceStart(..)
            | Event::MappingStart(..)
            | Event::SequenceEnd
            | Event::MappingEnd => {
                let bracket = self.text.as_bytes().get(range.start);
                !range.is_empty() && bracket.is_some_and(|byte| b"[]{}".contains(byte))
            }
            Event::DocumentEnd => range.start > self.gap.from,
            _ => false,
        };
        if !is_token {
            return;
        }
        let is_flow = self.open.last().is_some_and(|open| open.is_flow);
        let gap = std::mem::take(&mut self.gap);
        self.gap.from = range.end.max(gap.from);
        if let Some(fault) = gap.check(self.text, range.start, is_flow) {
            self.report(fault);
        }
        let Event::Scalar(_, style, ..) = event else { return };
        let bytes = self.text.as_bytes();
        match style {
            ScalarStyle::Plain => {
                let column = self.open.last().map_or(0, |open| open.tab_column);
                self.gap.plain = Some(column);
                let inside = Gap { from: range.start, plain: Some(column) };
                self.faults.extend(inside.check_lines(self.text, range.end));
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let span = place::block_scalar(bytes, self.end, range.end);
                self.faults.extend(gaps::block_scalar_tab(bytes, span).map(error::tab));
                self.gap.from = gaps::after_blank_lines(bytes, span.end as usize);
            }
            _ => {}
        }
    }

    /// Where the root begins.
    pub(super) fn start(&self) -> usize {
        self.doc.nodes.first().map_or(0, |root| root.start as usize)
    }

    /// Whether the root has been read to its end.
    pub(super) fn is_complete(&self) -> bool {
        self.open.is_empty() && !self.doc.nodes.is_empty()
    }

    /// Whether the next node is a key.
    pub(super) fn expects_key(&self) -> bool {
        self.open.last().is_some_and(|open| open.at_key)
    }

    /// The number of nodes.
    pub(super) fn len(&self) -> u32 {
        self.doc.nodes.len() as u32
    }

    pub(super) fn report(&mut self, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(fault);
        }
    }

    /// Reports a fault after which nothing can be read.
    pub(super) fn stop(&mut self, fault: Fault) {
        self.report(fault);
        self.stopped = true;
        self.reliable = false;
    }

    fn scalar(
        &mut self,
        content: Cow<'t, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        range: &std::ops::Range<usize>,
    ) {
        let bytes = self.text.as_bytes();
        let at_key = self.expects_key();
        let span = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                place::block_scalar(bytes, self.end, range.end)
            }
            _ if range.is_empty() && !at_key => {
                Span::at(place::nothing(bytes, self.end, range.start))
            }
            _ => Span::new(range.start, range.end),
        };
        let untagged = tag.is_none_or(|tag| tag.original() == "!");
        let is_plain = style == ScalarStyle::Plain;
        if is_plain && self.open.last().is_some_and(|open| open.is_flow) {
            let is_value = self.open.last().is_some_and(|open| open.is_mapping) && !at_key;
            self.faults.extend(error::flow_text(self.text, span, is_value));
        }
        if at_key && is_plain && content == "<<" && untagged {
            self.end = span.end as usize;
            return self.begin_merge(span);
        }
        if style == ScalarStyle::DoubleQuoted && matches!(content, Cow::Owned(_)) {
            self.faults.extend(error::foreign_escape(self.text, span));
        }
        if at_key {
            self.check_key(span, anchor > 0 || !untagged);
        }
        let content = if range.is_empty() && is_plain { Cow::Borrowed("") } else { content };
        let meaning = match tag {
            Some(tag) if !untagged => self.tagged(content, tag, span),
            _ if is_plain => scalar::plain(content),
            _ => Meaning::text(content),
        };
        if at_key {
            self.key(&meaning, span, is_plain);
        } else {
            self.node(&meaning, span);
        }
        if anchor > 0 {
            self.anchors.insert(anchor, self.len() - 1);
        }
    }

    /// Reports what the parser takes for a key, but the gateway's library does not.
    fn check_key(&mut self, span: Span, has_properties: bool) {
        let is_flow = self.open.last().is_some_and(|open| open.is_flow);
        let unfit = error::unfit_key(self.text, span, has_properties)
            .or_else(|| is_flow.then(|| error::parted_key(self.text, span))?);
        if let Some(fault) = unfit {
            self.report(fault);
        }
    }

    /// The meaning of a scalar with a tag, or a fault and the text as it stands.
    fn tagged(&mut self, content: Cow<'t, str>, tag: &Tag, span: Span) -> Meaning<'t> {
        let name = tag.suffix_in_namespace("tag:yaml.org,2002:").unwrap_or_default();
        let meaning = scalar::tagged(content.clone(), &name);
        meaning.unwrap_or_else(|| {
            self.report(fault(
                span,
                format!("this value is not a `!!{name}`, as its tag says"),
                "Remove the tag, or write a value of its type.",
            ));
            Meaning::text(content)
        })
    }

    /// Puts a key on the tape.
    pub(super) fn key(&mut self, meaning: &Meaning<'_>, span: Span, is_plain: bool) {
        let depth = self.open.len();
        if let Some(open) = self.open.last_mut() {
            open.at_key = false;
            open.plain_keys &= is_plain;
        }
        // At the root the library wants text and takes a key as it is written; further down it
        // takes its value, and the gateway makes text of that.
        let name = match meaning.kind {
            Kind::String => Some(&*meaning.content),
            _ if depth == 1 => None,
            Kind::Null => Some("<nil>"),
            Kind::Bool(true) => Some("true"),
            Kind::Bool(false) => Some("false"),
            _ => Some(&*meaning.content),
        };
        self.push(Kind::String, span, name);
    }

    /// Puts a value that holds no others on the tape.
    pub(super) fn node(&mut self, meaning: &Meaning<'_>, span: Span) {
        if meaning.is_beyond_json() {
            self.report(warning(
                span,
                "JSON has no such number, and the gateway makes JSON of each telemetry block",
                "Write a number that is finite.",
            ));
        }
        match meaning.kind {
            Kind::String | Kind::Number => self.push(meaning.kind, span, Some(&meaning.content)),
            _ => self.push(meaning.kind, span, None),
        }
        self.placed();
    }

    /// Puts something in the place of a key or value that is none.
    pub(super) fn nothing(&mut self, span: Span) {
        if self.expects_key() {
            self.key(&Meaning::text(""), span, false);
        } else {
            self.node(&Meaning::null(), span);
        }
    }

    fn push(&mut self, kind: Kind, span: Span, content: Option<&str>) {
        let node = self.len();
        let written = self.doc.source.slice(span);
        let inside = inner(written);
        let is_written = content.is_none_or(|content| inside == content.as_bytes());
        let plain = match content {
            Some(_) if !is_written || !inside.is_ascii() => Plain::No,
            Some(_) if inside.len() == written.len() => Plain::Bare,
            Some(_) if inside.len() + 2 == written.len() => Plain::Quoted,
            _ => Plain::No,
        };
        let Span { start, end } = span;
        self.doc.nodes.push(Node { start, end, next: node + 1, kind, plain });
        if let Some(content) = content.filter(|_| !is_written) {
            self.doc.extras.push_text(node, content);
        }
        self.end = self.end.max(span.end as usize);
    }

    /// Notes that the value that was expected has been read.
    pub(super) fn placed(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.at_key = open.is_mapping;
            if open.merge.as_ref().is_some_and(|merge| merge.is_next) {
                self.end_merge_value();
            }
        }
    }

    fn begin(&mut self, kind: Kind, anchor: usize, span: Span) {
        let node = self.len();
        if self.expects_key() {
            return self.bad_key(span);
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node);
        }
        let is_mapping = kind == Kind::Object;
        let is_flow = self.open.last().is_some_and(|open| open.is_flow)
            || matches!(self.text.as_bytes().get(span.start as usize), Some(b'{' | b'['));
        let tab_column = match self.open.last() {
            _ if !is_flow => column(self.text, span.start as usize) + 1,
            Some(open) => open.tab_column,
            None => 0,
        };
        self.open.push(Open {
            node,
            is_mapping,
            is_flow,
            tab_column,
            at_key: is_mapping,
            plain_keys: true,
            merge: None,
        });
        // Its end is told, and that it may be copied, by its `next`.
        self.doc.nodes.push(Node {
            start: span.start,
            end: span.end,
            next: node,
            kind,
            plain: Plain::No,
        });
        self.end = self.end.max(span.end as usize);
    }

    /// A list or mapping stands where a key should be: nothing after it can be relied on.
    pub(super) fn bad_key(&mut self, span: Span) {
        self.stop(fault(
            span,
            "a list or mapping cannot be a key",
            "Name the key with text. If this is a template, render it, or put it between quotes.",
        ));
    }

    fn close(&mut self, range: &std::ops::Range<usize>) {
        if !range.is_empty() && matches!(self.text.as_bytes()[range.start], b']' | b'}') {
            self.end = self.end.max(range.end);
        }
        self.merge();
        let Some(open) = self.open.pop() else { return };
        self.end_node(open.node);
        if open.is_mapping {
            keys::check(&mut self.faults, &self.doc, open.node, open.plain_keys);
        }
        self.placed();
    }

    fn end_node(&mut self, node: u32) {
        let (next, end) = (self.len(), self.end as u32);
        if let Some(node) = self.doc.nodes.get_mut(node as usize) {
            (node.end, node.next) = (node.end.max(end), next);
        }
    }

    /// Ends everything that is still open, so that the tape is whole.
    pub(super) fn end_all(&mut self) {
        while let Some(open) = self.open.last_mut() {
            let has_value = open.at_key || open.merge.as_ref().is_some_and(|merge| merge.is_next);
            let node = open.node;
            if open.is_mapping && !has_value {
                self.push(Kind::Null, Span::at(self.end), None);
            }
            self.merge();
            if self.open.pop().is_some() {
                self.end_node(node);
            }
            if let Some(open) = self.open.last_mut() {
                // What was just ended is the value of its key.
                open.at_key = open.is_mapping;
            }
        }
    }
}

/// The column of `at`, in characters.
fn column(text: &str, at: usize) -> usize {
    let line = memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |end| end + 1);
    text[line..at].chars().count()
}
