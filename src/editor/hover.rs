//! What an editor shows about the setting under the pointer.

use super::describe;
use super::in_force::InForce;
use super::part::{self, Part};
use crate::document::NodeId;
use crate::linter::Options;
use crate::source::{Source, Span};

/// What is to be told about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// The text, as Markdown.
    pub markdown: String,
}

/// What is to be told about what is at `offset` of `source`; `None` if that is not a setting of telemetry.
#[must_use]
pub fn hover(source: &Source, offset: u32, options: &Options) -> Option<Hover> {
    part::ask(source, &mut |part| {
        let node = part.node_at(offset)?;
        of_node(source, part, node, options)
    })
}

fn of_node(source: &Source, part: &Part<'_>, node: NodeId, options: &Options) -> Option<Hover> {
    let target = part.target(options);
    for effective in part.effective(target) {
        let blocks = part::blocks(&effective);
        let namespace = blocks.iter().find(|block| block.key == node).copied();
        let (block, path) = match namespace {
            Some(block) => (block, Vec::new()),
            None => match part.setting(&blocks, node) {
                Some(found) => found,
                None => continue,
            },
        };
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let names = describe::canonical(block.scope, &names);
        let mut markdown = describe::page(block.scope, &names, target)?;
        let in_force = InForce { source, part, effective: &effective };
        if let Some(text) = in_force.of(block, &names, node) {
            markdown.push_str("\n\n**In force:** ");
            markdown.push_str(&text);
        }
        return Some(Hover { span: part.span(node), markdown });
    }
    None
}
