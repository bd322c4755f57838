//! From the tree to the tape: what belongs together in one run, wherever it is written.

use super::tree::{Content, Form, Key, Tree, ValueId};
use crate::document::{Document, Kind, Node, Plain};
use crate::source::{Source, Span};

/// What is left to do.
enum Step<'t> {
    Key(&'t Key, ValueId),
    Value(ValueId),
    Leave(u32),
}

/// The document of `tree`. The span of an object or array whose parts stand apart reaches from the
/// first of them to the last, so that what is in it is always within.
pub(super) fn lay_out<'s>(tree: &Tree, comments: Vec<Span>, source: &'s Source) -> Document<'s> {
    let mut doc = Document::new(source);
    doc.extras.comments = comments;
    let mut holders: Vec<u32> = Vec::new();
    let mut steps = vec![Step::Value(Tree::ROOT)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Key(key, value) => {
                let node = push(&mut doc, Kind::String, key.span);
                for span in tree.again(value) {
                    doc.extras.push_again(node, *span);
                }
                if !key.is_plain {
                    doc.extras.push_text(node, &key.text);
                }
                widen(&mut doc, &holders, key.span);
            }
            Step::Leave(node) => {
                holders.pop();
                let next = doc.nodes.len() as u32;
                doc.nodes[node as usize].next = next;
                let span = doc.nodes[node as usize].span();
                widen(&mut doc, &holders, span);
            }
            Step::Value(id) => {
                let value = tree.value(id);
                let (kind, form) = match &value.content {
                    Content::Scalar(kind, text) => {
                        let node = push(&mut doc, *kind, value.span);
                        if let Some(text) = text {
                            doc.extras.push_text(node, text);
                        }
                        widen(&mut doc, &holders, value.span);
                        continue;
                    }
                    Content::Array { form, .. } => (Kind::Array, *form),
                    Content::Table { form, .. } => (Kind::Object, *form),
                };
                let opening = if id == Tree::ROOT { first(tree) } else { value.span };
                let node = push(&mut doc, kind, opening);
                if matches!(form, Form::Implied | Form::Headed) {
                    doc.extras.set_opening(node, opening);
                }
                holders.push(node);
                steps.push(Step::Leave(node));
                match &value.content {
                    Content::Array { items, .. } => {
                        steps.extend(items.iter().rev().map(|item| Step::Value(*item)));
                    }
                    Content::Table { members, .. } => {
                        for (key, value) in members.iter().rev() {
                            steps.push(Step::Value(*value));
                            steps.push(Step::Key(key, *value));
                        }
                    }
                    Content::Scalar(..) => {}
                }
            }
        }
    }
    doc
}

/// What the file begins with: its first key, or the header of its first table.
fn first(tree: &Tree) -> Span {
    let Content::Table { members, .. } = &tree.value(Tree::ROOT).content else {
        return Span::default();
    };
    members.first().map_or(Span::default(), |(key, _)| key.span)
}

fn push(doc: &mut Document<'_>, kind: Kind, span: Span) -> u32 {
    let node = doc.nodes.len() as u32;
    doc.nodes.push(Node {
        start: span.start,
        end: span.end,
        next: node + 1,
        kind,
        plain: Plain::No,
    });
    node
}

/// Makes the innermost object or array reach over `span`.
fn widen(doc: &mut Document<'_>, holders: &[u32], span: Span) {
    if let Some(&holder) = holders.last() {
        let node = &mut doc.nodes[holder as usize];
        node.start = node.start.min(span.start);
        node.end = node.end.max(span.end);
    }
}
