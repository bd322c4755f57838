//! Links in a file: from the rules that it suppresses to their pages.

use super::part;
use crate::report;
use crate::rules;
use crate::source::{Source, Span};
use crate::suppress::Suppressions;

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The text that is a link.
    pub span: Span,
    /// Where it leads.
    pub url: String,
    /// What is there.
    pub title: &'static str,
}

/// The links in `source`.
#[must_use]
pub fn links(source: &Source) -> Vec<Link> {
    let mut links = Vec::new();
    if !source.names_tool() {
        return links;
    }
    part::ask::<()>(source, &mut |part| {
        for ignore in Suppressions::read(part.doc).ignores {
            if let Some(rule) = rules::get(&ignore.rule) {
                let (span, url) = (part.outer(ignore.span), report::page_url(rule.id));
                links.push(Link { span, url, title: rule.summary });
            }
        }
        if part.is_template { Some(()) } else { None }
    });
    links.sort_by_key(|link| link.span);
    links.dedup();
    links
}
