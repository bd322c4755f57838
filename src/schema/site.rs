//! A telemetry block under examination: where it is, and how its values are named.

use std::fmt::Write;

use super::{Scope, Step};
use crate::document::{Document, NodeId};
use crate::effective::decode::DecodeError;
use crate::effective::{Block, Effective};
use crate::finding::Finding;
use crate::rule::Rule;
use crate::target::Target;

/// A block under examination.
pub(super) struct Site<'e> {
    pub(super) doc: &'e Document<'e>,
    pub(super) target: Target,
    pub(super) scope: Scope,
    pub(super) node: NodeId,
    pub(super) errors: &'e [DecodeError],
    /// Whether the block is part of a whole configuration.
    pub(super) is_whole: bool,
}

impl<'e> Site<'e> {
    pub(super) fn new<T>(effective: &'e Effective<'e>, block: &'e Block<T>, scope: Scope) -> Self {
        let Effective { doc, target, is_whole, .. } = *effective;
        let Block { node, errors, .. } = block;
        Self { doc, target, scope, node: *node, errors, is_whole }
    }

    /// A finding of `rule` at `node`.
    pub(super) fn at(&self, rule: &'static Rule, node: NodeId, message: String) -> Finding {
        Finding::new(rule, self.doc.span(node), &self.doc.pointer(node), message)
    }

    /// Whether it is the block of an endpoint or backend.
    pub(super) fn is_override(&self) -> bool {
        matches!(self.scope, Scope::Endpoint | Scope::Backend)
    }

    /// Whether the gateway's decoder stumbles over `node`.
    pub(super) fn is_refused(&self, node: NodeId) -> bool {
        self.errors.iter().any(|error| error.node == node)
    }

    /// The node at `instance`; of equal keys the last, as in the value that was validated.
    pub(super) fn resolve(&self, instance: &[Step]) -> Option<NodeId> {
        instance.iter().try_fold(self.node, |node, step| match step {
            Step::Key(key) => self.doc.get(node, key).map(|member| member.value),
            Step::Index(index) => self.doc.items(node).nth(*index),
        })
    }
}

/// What people call the value at `instance`: `` `exporters.otlp[0].port` ``.
pub(super) fn name_of(instance: &[Step]) -> String {
    if instance.is_empty() {
        return "the telemetry block".to_owned();
    }
    let mut name = String::from("`");
    for step in instance {
        match step {
            Step::Key(key) if name.len() == 1 => name.push_str(key),
            Step::Key(key) => {
                name.push('.');
                name.push_str(key);
            }
            Step::Index(index) => {
                let _ = write!(name, "[{index}]");
            }
        }
    }
    name + "`"
}
