//! Names of exporters: where each is given, where it is used, and how to change it everywhere.

use std::borrow::Cow;

use super::part::{self, Part};
use crate::document::{Kind, NodeId, Pointer};
use crate::effective::Effective;
use crate::finding::{Edit, Finding, Replacement};
use crate::fix;
use crate::linter::Options;
use crate::rules;
use crate::source::{Source, Span};

/// A place at which an exporter is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name, with its quotes.
    pub span: Span,
    /// Whether the exporter gets its name here.
    pub is_definition: bool,
    node: NodeId,
}

/// Why an exporter cannot be given another name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// There is no name at this place.
    #[error("there is no name of an exporter here")]
    NoName,
    /// The new name is empty.
    #[error("an exporter needs a name")]
    Empty,
    /// The gateway drops a block with two exporters of one name.
    #[error("another exporter is called `{0}`: with two of one name all telemetry is off")]
    Taken(String),
    /// The place cannot be rewritten.
    #[error("the names in a template or in an embedded text are not changed")]
    Fixed,
}

/// Every place that names the exporter which is named at `offset`, in the order of the file; empty if
/// there is no name at that place.
#[must_use]
pub fn names(source: &Source, offset: u32, options: &Options) -> Vec<Name> {
    part::ask(source, &mut |part| {
        let (_, found) = at(part, offset, options)?;
        Some(found)
    })
    .unwrap_or_default()
}

/// The edits that give the exporter which is named at `offset` the name `new`, everywhere.
///
/// # Errors
/// If it cannot have that name.
pub fn rename(
    source: &Source,
    offset: u32,
    new: &str,
    options: &Options,
) -> Result<Vec<Replacement>, NameError> {
    part::ask(source, &mut |part| {
        let (name, found) = at(part, offset, options)?;
        Some(renamed(part, &name, &found, new, options))
    })
    .unwrap_or(Err(NameError::NoName))
}

fn renamed(
    part: &Part<'_>,
    name: &str,
    found: &[Name],
    new: &str,
    options: &Options,
) -> Result<Vec<Replacement>, NameError> {
    if new.is_empty() {
        return Err(NameError::Empty);
    }
    if !part.is_file() || part.is_template {
        return Err(NameError::Fixed);
    }
    let effective = part.effective(part.target(options));
    let is_taken = |other: &&str| *other == new && new != name;
    let names = effective.iter().flat_map(|effective| effective.service.names());
    if names.map(|name| name.value.as_str()).any(|other| is_taken(&other)) {
        return Err(NameError::Taken(new.to_owned()));
    }
    let edits = found.iter().map(|name| Edit::Replace { node: name.node, value: new.into() });
    let span = found.first().map(|name| name.span).unwrap_or_default();
    let finding = Finding::new(&rules::duplicate_exporter_name::RULE, span, &Pointer::root(), "");
    let mut lowered = [finding.safe_fix("Rename the exporter", edits.collect())];
    fix::lower(part.doc, &mut lowered);
    let [finding] = lowered;
    finding.fix.map(|fix| fix.replacements).ok_or(NameError::Fixed)
}

/// The name at `offset`, and every place that has it.
fn at(part: &Part<'_>, offset: u32, options: &Options) -> Option<(String, Vec<Name>)> {
    let doc = part.doc;
    let node = part.node_at(offset)?;
    let all: Vec<(NodeId, bool)> =
        part.effective(part.target(options)).iter().flat_map(of_document).collect();
    let text = |node: NodeId| doc.str(node).unwrap_or(Cow::Borrowed(""));
    if !all.iter().any(|(named, _)| *named == node) || text(node).is_empty() {
        return None;
    }
    let name = text(node).into_owned();
    let same = all.into_iter().filter(|(node, _)| text(*node) == name);
    let mut found: Vec<Name> = same
        .map(|(node, is_definition)| Name { span: part.span(node), is_definition, node })
        .collect();
    found.sort_by_key(|name| name.span);
    found.dedup();
    Some((name, found))
}

/// Every node that names an exporter, and whether it gives the name.
fn of_document(effective: &Effective<'_>) -> Vec<(NodeId, bool)> {
    let service = &effective.service;
    let mut found: Vec<(NodeId, bool)> =
        service.names().filter_map(|name| Some((name.node?, true))).collect();
    for block in effective.endpoints.iter().filter_map(|endpoint| endpoint.block.as_ref()) {
        let Some(choice) = block.written.exporters_override.get() else { continue };
        let lists = [&choice.metric_exporters, &choice.trace_exporters];
        let names = lists.into_iter().filter_map(|list| list.get()).flatten();
        found.extend(names.filter_map(|name| Some((name.at()?.node, false))));
    }
    if let Some(security) = &effective.security {
        let entries = security.written.otlp.get().into_iter().flatten();
        let names = entries.filter_map(|entry| entry.get()?.name.at());
        found.extend(names.map(|at| (at.node, false)));
    }
    found.retain(|(node, _)| effective.doc.kind(*node) == Kind::String);
    found
}
