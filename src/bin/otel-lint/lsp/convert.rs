//! Between the words of the protocol and those of the engine.

use std::path::Path;

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    Location, NumberOrString, TextEdit, Uri,
};
use otel_lint::editor::{Place, Range, Text};
use otel_lint::finding::{Finding, Replacement, Severity};
use otel_lint::report;
use otel_lint::rule::Consequence;
use otel_lint::rules;
use otel_lint::source::{Position, Span};

use super::client::Client;
use super::uri;
use crate::disk;

/// A range of the protocol as the engine has it.
pub fn to_range(range: lsp_types::Range) -> Range {
    Range { start: to_place(range.start), end: to_place(range.end) }
}

/// A position of the protocol as the engine has it.
pub fn to_place(position: lsp_types::Position) -> Place {
    Place { line: position.line, character: position.character }
}

/// The range of `span`.
pub fn range(text: &Text, span: Span) -> lsp_types::Range {
    let Range { start, end } = text.range(span);
    lsp_types::Range { start: position(start), end: position(end) }
}

/// A place as the protocol has it.
pub fn position(place: Place) -> lsp_types::Position {
    lsp_types::Position { line: place.line, character: place.character }
}

/// The span of a range of the protocol.
pub fn span(text: &Text, range: lsp_types::Range) -> Span {
    let (start, end) = (to_place(range.start), to_place(range.end));
    let (start, end) = (text.offset(start), text.offset(end));
    Span { start, end: end.max(start) }
}

/// A finding in the document at `uri`, as `client` can show it.
pub fn diagnostic(text: &Text, uri: &Uri, finding: &Finding, client: &Client) -> Diagnostic {
    let related = finding.related.iter().map(|label| DiagnosticRelatedInformation {
        location: Location { uri: uri.clone(), range: range(text, label.span) },
        message: visible(if label.text.is_empty() { "related" } else { &label.text }),
    });
    let elsewhere = finding.elsewhere.iter().filter_map(|place| {
        let at = |it: Position| position(text.encoding().place(it));
        let range = lsp_types::Range { start: at(place.start), end: at(place.end) };
        let uri = uri::of_path(&disk::canonical(Path::new(&place.file)))?;
        let message = visible(&place.text);
        Some(DiagnosticRelatedInformation { location: Location { uri, range }, message })
    });
    let related = related.chain(elsewhere).filter(|_| client.related_information);
    let related: Vec<_> = related.collect();
    let message = match finding.help.as_str() {
        "" => finding.message.clone(),
        help => format!("{}\n{help}", finding.message),
    };
    let href = report::page_url(finding.rule).parse().ok();
    Diagnostic {
        range: range(text, finding.primary.span),
        severity: Some(severity(finding.severity)),
        code: Some(NumberOrString::String(finding.rule.to_owned())),
        code_description: href
            .filter(|_| client.code_description && rules::get(finding.rule).is_some())
            .map(|href| CodeDescription { href }),
        source: Some("otel-lint".to_owned()),
        message: visible(&message),
        related_information: Some(related).filter(|related| !related.is_empty()),
        tags: tags(finding).filter(|_| client.tags),
        data: None,
    }
}

fn severity(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Info => DiagnosticSeverity::INFORMATION,
    }
}

/// The rule about what something newer has replaced.
const DEPRECATED: &str = "opencensus-deprecated";

/// How an editor draws a finding: faded if it has no effect, struck through if there is
/// something newer.
fn tags(finding: &Finding) -> Option<Vec<DiagnosticTag>> {
    if finding.rule == DEPRECATED {
        Some(vec![DiagnosticTag::DEPRECATED])
    } else if finding.consequence == Consequence::NoEffect {
        Some(vec![DiagnosticTag::UNNECESSARY])
    } else {
        None
    }
}

/// `text` without control characters, line ends left alone.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c }).collect()
}

/// Replacements as edits.
pub fn edits(text: &Text, replacements: &[Replacement]) -> Vec<TextEdit> {
    let edit = |replacement: &Replacement| TextEdit {
        range: range(text, replacement.span),
        new_text: replacement.text.clone(),
    };
    replacements.iter().map(edit).collect()
}

/// `text` as plain text: its Markdown without the marks that are used here.
pub fn plain(markdown: &str) -> String {
    markdown.replace("**", "").replace('`', "")
}
