//! Templates: files of KrakenD's flexible configuration, which are Go templates, and become a
//! configuration when the gateway renders them.
//!
//! A template stands for every file it can become. It is read as JSON with holes: one tape for each
//! choice of its branches, every span a span of the template, and beside the tape what is unknown.
//! What the holes may hold is not decided here.
//!
//! Upstream: krakend-flexibleconfig `template.go`; Go `text/template`.

mod action;
mod branch;
pub mod chart;
mod fill;
mod mask;
mod token;

use mask::{Around, Masked};
use token::{Token, TokenKind};

use super::json::{self, ErrorKind};
use super::{Document, Kind, Node, NodeId, Parsed};
use crate::source::{Format, Source, Span};

/// Endings of the names of templates, in lower case.
const EXTENSIONS: [&str; 4] = [".tmpl", ".tpl", ".gotmpl", ".tmpl.json"];

/// Bytes of template text that are read, all choices of branches together.
const BUDGET: usize = 64 << 20;

/// Whether the source that was `read` is a template: by its name, or because it has actions where its
/// format has no text of its own. Actions in the strings of an ordinary file make no template: Lua and
/// the gateway itself have their own uses for braces.
#[must_use]
pub fn is_template(read: &Parsed<'_>) -> bool {
    let source = read.document.source();
    is_named_so(source.name()) && !is_rendered_to_itself(read)
        || match source.format() {
            Format::Json => read.faults.iter().any(|fault| fault.is_action),
            // What reads as it is needs no rendering.
            Format::Yaml | Format::Toml => {
                read.faults.iter().any(|fault| !fault.is_warning)
                    && source.bytes().split(|&b| b == b'\n').any(is_action_line)
            }
        }
}

/// Whether what was `read` is a whole configuration without actions, and without variables for other
/// programs to replace.
fn is_rendered_to_itself(read: &Parsed<'_>) -> bool {
    let doc = &read.document;
    let bytes = doc.source().bytes();
    let is_variable = |at| matches!(bytes.get(at + 1), Some(b'{' | b'(' | b'_' | b'A'..=b'Z'));
    read.reliable
        && read.faults.is_empty()
        && doc.root().is_some_and(|root| doc.get(root, "version").is_some())
        && !doc.source().has_braces()
        && !memchr::memchr_iter(b'$', bytes).any(is_variable)
}

fn is_named_so(name: &str) -> bool {
    stem(name).len() < name.len()
}

/// `name` without the ending of a template: `krakend.yaml` of `krakend.yaml.tmpl`.
#[must_use]
pub fn stem(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let ending = EXTENSIONS.iter().find(|extension| lower.ends_with(*extension));
    &name[..name.len() - ending.map_or(0, |ending| ending.len())]
}

/// Whether a line of YAML or TOML has an action outside of quotes and comments.
fn is_action_line(line: &[u8]) -> bool {
    let mut quote = None;
    for (at, &byte) in line.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'#') if at == 0 || line[at - 1].is_ascii_whitespace() => return false,
            (None, b'{') if line[at..].starts_with(b"{{") => {
                let inside = line[at + 2..].strip_prefix(b"-").unwrap_or(&line[at + 2..]);
                return match inside.trim_ascii_start().first() {
                    // A mapping in a mapping is not a key that anybody writes.
                    Some(b'.' | b'$' | b'(' | b'/' | b'`') => true,
                    Some(first) => {
                        first.is_ascii_alphabetic() && !line[at..].contains(&b':')
                            || first.is_ascii_alphabetic() && inside.starts_with(b" ")
                    }
                    None => false,
                };
            }
            _ => {}
        }
    }
    false
}

/// A template in every way in which it is to be read.
#[derive(Clone, Debug)]
pub struct Template<'s> {
    /// One for each choice of branches; at least one. The edits of fixes are for the first.
    pub readings: Vec<Reading<'s>>,
    /// Where its actions are, those in strings too, in order.
    pub actions: Vec<Span>,
}

/// A template with some of its branches left out.
#[derive(Clone, Debug)]
pub struct Reading<'s> {
    /// What is left. Something unknown is `null`, or a string of placeholders where it is certainly a
    /// string.
    pub document: Document<'s>,
    /// The nodes that are unknown, keys too, in the order of the tape.
    pub unknown: Vec<NodeId>,
    /// The objects and arrays that may have more in them, in the order of the tape.
    pub open: Vec<NodeId>,
    /// The branches that are left out, sorted.
    pub dropped: Vec<Span>,
    /// Whether the text is a part of a configuration: members or items without brackets around them.
    pub is_part: bool,
}

/// Reads `source` as a template; `None` if that gives no JSON whatever the actions put there, or if
/// there are too many ways to read it.
#[must_use]
pub fn read(source: &Source) -> Option<Template<'_>> {
    let format = Format::of_name(source.name().rsplit_once('.').map_or("", |(stem, _)| stem));
    if source.format() != Format::Json || (is_named_so(source.name()) && format != Format::Json) {
        return None;
    }
    read_json(source)
}

/// Reads `source`, JSON but for what is missing around it or between its values: text that a template
/// includes. `None` if it is no such text.
#[must_use]
pub fn read_spliced(source: &Source) -> Option<Template<'_>> {
    read_json(source).filter(|template| template.readings.iter().all(|reading| reading.is_part))
}

fn read_json(source: &Source) -> Option<Template<'_>> {
    let bytes = source.bytes();
    let actions = action::actions(bytes)?;
    let (tokens, outside) = token::tokens(bytes, &actions)?;
    let blocks = branch::blocks(outside.iter())?;
    let is_blank = |dropped: &[Span]| {
        let mut left = without(&tokens, dropped);
        left.all(|token| matches!(token.kind, TokenKind::Control(_)))
    };
    let choices = branch::readings(&blocks, is_blank)?;
    if choices.len().saturating_mul(bytes.len()) > BUDGET {
        return None;
    }
    let mut readings = Vec::with_capacity(choices.len());
    for dropped in choices {
        readings.push(reading(source, &tokens, dropped)?);
    }
    Some(Template { readings, actions: actions.iter().map(|action| action.span).collect() })
}

/// The tokens that are in none of the spans `dropped`, which are sorted.
fn without<'t>(tokens: &'t [Token], dropped: &'t [Span]) -> impl Iterator<Item = &'t Token> {
    let mut end = 0;
    let mut next = dropped.iter().peekable();
    tokens.iter().filter(move |token| {
        while let Some(span) = next.next_if(|span| span.start <= token.span.start) {
            end = end.max(span.end);
        }
        token.span.start >= end
    })
}

fn reading<'s>(source: &'s Source, tokens: &[Token], dropped: Vec<Span>) -> Option<Reading<'s>> {
    let kept: Vec<Token> = without(tokens, &dropped).copied().collect();
    let masked = mask::mask(source.bytes(), &kept)?;
    let is_part = masked.around != Around::Nothing;
    let nodes = nodes(&masked)?;
    let place = |start: u32| node_at(&nodes, start);
    let mut unknown: Vec<NodeId> = masked.unknown.iter().filter_map(|u| place(u.0.start)).collect();
    let mut open: Vec<NodeId> = masked.open.iter().filter_map(|&start| place(start)).collect();
    if masked.around_open && is_part {
        open.insert(0, NodeId::from_raw(0));
    }
    unknown.sort_unstable();
    let mut document = Document::new(source);
    document.nodes = nodes;
    for (span, is_string) in &masked.unknown {
        let node = node_at(&document.nodes, span.start).filter(|_| !is_string);
        if let Some(node) = node {
            document.nodes[node.raw() as usize].kind = Kind::Null;
        }
    }
    Some(Reading { document, unknown, open, dropped, is_part })
}

/// The innermost node that begins at `start`.
fn node_at(nodes: &[Node], start: u32) -> Option<NodeId> {
    let last = nodes.partition_point(|node| node.start <= start).checked_sub(1)?;
    (nodes[last].start == start).then_some(NodeId::from_raw(last as u32))
}

/// The tape of `masked`, with the spans of the template; `None` if that is not JSON.
fn nodes(masked: &Masked) -> Option<Vec<Node>> {
    let mut text = masked.text.clone();
    let shift = match masked.around {
        Around::Nothing => 0,
        Around::Brackets { object } => {
            text.insert(0, if object { b'{' } else { b'[' });
            text.push(if object { b'}' } else { b']' });
            1
        }
    };
    let source = Source::new("", text);
    let parsed = json::read(&source);
    let is_harmless = |kind| matches!(kind, ErrorKind::NotAnObject | ErrorKind::Empty);
    if !parsed.reliable && !parsed.errors.iter().all(|error| is_harmless(error.kind)) {
        return None;
    }
    let end = masked.text.len() as u32;
    let mut nodes = parsed.document.nodes;
    for node in &mut nodes {
        node.start = node.start.saturating_sub(shift);
        node.end = (node.end - shift).min(end);
    }
    Some(nodes)
}
