//! The documents in an open file: the file itself, a reading of a template, or a text that is embedded
//! in the file.

use crate::document::template::{self, is_template};
use crate::document::{self, Document, NodeId, yaml};
use crate::effective::Effective;
use crate::linter::{self, Options};
use crate::model::Scope;
use crate::recognise::embedded::{MOST_LEVELS, Text, texts};
use crate::recognise::{self, Content, Marks};
use crate::source::{Format, Source, Span};
use crate::target::Target;

/// A document in an open file.
pub(super) struct Part<'d> {
    pub(super) doc: &'d Document<'d>,
    pub(super) content: Content,
    /// Whether it is a template, of which nothing can be rewritten as a document.
    pub(super) is_template: bool,
    /// How many faults its syntax has.
    pub(super) faults: usize,
    /// The texts that it is in, the outermost first.
    around: Vec<&'d Text>,
}

/// A telemetry block of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct BlockAt {
    pub(super) scope: Scope,
    /// The key of its namespace; the block itself if it has none.
    pub(super) key: NodeId,
    pub(super) node: NodeId,
}

impl Part<'_> {
    /// Whether it is all of the file.
    pub(super) fn is_file(&self) -> bool {
        self.around.is_empty()
    }

    /// Where `span` is written in the file.
    pub(super) fn outer(&self, span: Span) -> Span {
        self.around.iter().rev().fold(span, |span, text| text.outer(span))
    }

    /// Where the node is written in the file.
    pub(super) fn span(&self, node: NodeId) -> Span {
        self.outer(self.doc.span(node))
    }

    /// The line of the file, from 1, at which the node is written.
    pub(super) fn line(&self, source: &Source, node: NodeId) -> u32 {
        source.position(self.span(node).start).line
    }

    /// The innermost node at `offset` of the file.
    pub(super) fn node_at(&self, offset: u32) -> Option<NodeId> {
        let is_here = |node: &NodeId| {
            let span = self.span(*node);
            span.start <= offset && offset <= span.end && self.doc.alias(*node).is_none()
        };
        let width = |node: &NodeId| {
            let span = self.span(*node);
            (span.end - span.start, std::cmp::Reverse(*node))
        };
        self.doc.nodes().filter(is_here).min_by_key(width)
    }

    /// What the gateway makes of it, block by block if it is not a whole configuration.
    pub(super) fn effective(&self, target: Target) -> Vec<Effective<'_>> {
        linter::parts(self.doc, self.content, target)
            .into_iter()
            .map(|(effective, _)| effective)
            .collect()
    }

    /// The gateway it is checked against.
    pub(super) fn target(&self, options: &Options) -> Target {
        linter::target_of(self.doc, options)
    }

    /// The block of `blocks` in which `node` is, and the names on the way to it, items of lists left out.
    pub(super) fn setting(
        &self,
        blocks: &[BlockAt],
        node: NodeId,
    ) -> Option<(BlockAt, Vec<String>)> {
        let block = blocks.iter().find(|block| self.doc.is_within(node, block.node))?;
        let mut path = self.doc.names_between(block.node, node);
        if let Some(key) = self.key(node) {
            path.push(key);
        }
        Some((*block, path))
    }

    /// The text of `node`, if it is the key of a member.
    pub(super) fn key(&self, node: NodeId) -> Option<String> {
        self.doc.is_key(node).then(|| self.doc.key(node).into_owned())
    }
}

/// Every telemetry block of `effective`.
pub(super) fn blocks(effective: &Effective<'_>) -> Vec<BlockAt> {
    let mut found = Vec::new();
    if let Some(block) = &effective.block {
        found.push(BlockAt { scope: Scope::Service, key: block.key, node: block.node });
    }
    if let Some(block) = &effective.security {
        found.push(BlockAt { scope: Scope::Security, key: block.key, node: block.node });
    }
    for endpoint in &effective.endpoints {
        if let Some(block) = &endpoint.block {
            found.push(BlockAt { scope: Scope::Endpoint, key: block.key, node: block.node });
        }
        for block in endpoint.backends.iter().filter_map(|backend| backend.block.as_ref()) {
            found.push(BlockAt { scope: Scope::Backend, key: block.key, node: block.node });
        }
    }
    found
}

/// Asks each document in `source`, the innermost first, until one has an answer.
pub(super) fn ask<R>(source: &Source, ask: &mut dyn FnMut(&Part<'_>) -> Option<R>) -> Option<R> {
    look(source, &[], ask)
}

fn look<R>(
    source: &Source,
    around: &[&Text],
    ask: &mut dyn FnMut(&Part<'_>) -> Option<R>,
) -> Option<R> {
    let around = around.to_vec();
    let mut parsed = document::read(source);
    if is_template(&parsed) {
        let template = template::read(source)?;
        return template.readings.iter().find_map(|reading| {
            let content = recognise::of_reading(&reading.document);
            let around = around.clone();
            ask(&Part { doc: &reading.document, content, is_template: true, faults: 0, around })
        });
    }
    if let Some(key) = recognise::key_of(&parsed.document) {
        parsed.document = parsed.document.under(key);
    }
    let content = recognise::of(&parsed).content;
    if content != Content::Configuration
        && around.len() < MOST_LEVELS
        && source.format() != Format::Toml
        && Marks::of(source.bytes()).is_plausible()
    {
        let documents = match source.format() {
            Format::Yaml => yaml::documents(source),
            _ => vec![document::read(source)],
        };
        for parsed in documents.iter().filter(|parsed| parsed.reliable) {
            for text in texts(&parsed.document).filter(|text| !text.is_encoded()) {
                let mut inner = around.clone();
                inner.push(&text);
                if let Some(answer) = look(&text.source, &inner, ask) {
                    return Some(answer);
                }
            }
        }
    }
    if content == Content::Unrecognised {
        return None;
    }
    let faults = parsed.faults.iter().filter(|fault| !fault.is_warning).count();
    ask(&Part { doc: &parsed.document, content, is_template: false, faults, around })
}
