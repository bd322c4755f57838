//! From findings in a rendered text to findings in the files that its bytes come from.

use std::collections::{BTreeMap, BTreeSet};

use super::edits::{Mover, Uses};
use super::place;
use crate::analysis::{Analysis, Suppressed};
use crate::document;
use crate::finding::{Finding, Fix, Label, Replacement, Safety, Severity};
use crate::rules;
use crate::source::{Source, Span};
use crate::template::{FileId, Located, Origin, Place, Project, Rendered, Role};

/// The way from a place in the rendered text to where it comes from.
pub(super) struct Origins<'p> {
    project: &'p Project,
    rendered: &'p Rendered,
    text: &'p Source,
    settings: BTreeMap<FileId, document::Parsed<'p>>,
    uses: Uses,
}

impl<'p> Origins<'p> {
    pub(super) fn new(project: &'p Project, rendered: &'p Rendered, text: &'p Source) -> Self {
        let settings = project.files().filter(|(_, file)| file.role == Role::Settings);
        let settings = settings.map(|(id, file)| (id, document::read(&file.source))).collect();
        let uses = Uses::new(project, rendered);
        Self { project, rendered, text, settings, uses }
    }

    /// Moves the findings in `whole` to the files they come from, and returns the number of those that
    /// are left out because they depend on something unknown.
    pub(super) fn distribute(
        &self,
        whole: &mut Analysis,
        files: &mut BTreeMap<FileId, Analysis>,
    ) -> usize {
        let is_decided = self.rendered.unknowns.iter().all(|unknown| unknown.decides.is_empty());
        let certain = |mut finding: Finding| {
            if !is_decided {
                finding.severity = finding.severity.min(Severity::Warning);
            }
            let is_certain = !self.rendered.origins.depends_on_unknown(finding.primary.span);
            is_certain.then(|| self.moved(finding))
        };
        let mut uncertain = 0;
        // One place that is rendered several times has one finding.
        let mut known = BTreeSet::new();
        for finding in std::mem::take(&mut whole.findings) {
            match certain(finding) {
                Some((file, moved)) if known.insert((file, place(&moved))) => {
                    files.entry(file).or_default().findings.push(moved);
                }
                Some(_) => {}
                None => uncertain += 1,
            }
        }
        for Suppressed { finding, reason } in std::mem::take(&mut whole.suppressed) {
            if let Some((file, finding)) = certain(finding)
                && known.insert((file, place(&finding)))
            {
                files.entry(file).or_default().suppressed.push(Suppressed { finding, reason });
            }
        }
        for (file, moved) in std::mem::take(&mut whole.hidden).into_iter().filter_map(certain) {
            if known.insert((file, place(&moved))) {
                files.entry(file).or_default().hidden.push(moved);
            }
        }
        uncertain
    }

    /// `finding` at its origin. Labels in other files become lines of its help, and so does what led
    /// to this place: calls of templates, iterations.
    fn moved(&self, mut finding: Finding) -> (FileId, Finding) {
        let located = self.located(finding.primary.span);
        let quoted = self.quoted(&finding);
        let place = quoted.unwrap_or_else(|| self.origin(finding.primary.span));
        let rendered = self.text.position(finding.primary.span.start);
        finding.primary.span = place.span;
        if quoted.is_some() {
            finding.help = String::from(
                "The quotes around the action make a string of what it writes: remove them.",
            );
            finding.fix = None;
        }
        if rules::is_syntax(finding.rule) {
            // Where actions write what follows, the syntax is right in another environment.
            finding.fix = None;
        }
        let unquoted = quoted.and_then(|place| self.unquoted(place));
        let Self { project, rendered: of, text, uses, .. } = self;
        let mover = Mover { project, rendered: of, text, uses };
        finding.fix = unquoted.or_else(|| mover.moved(finding.fix.take()?, place.file));
        let mut elsewhere = Vec::new();
        let related = std::mem::take(&mut finding.related);
        for Label { span, text } in related {
            let origin = self.origin(span);
            if origin.file == place.file {
                finding.related.push(Label { span: origin.span, text });
            } else {
                elsewhere.push(format!("{}: {text}", self.shown(origin)));
            }
        }
        for link in located.iter().flat_map(|located| &located.chain) {
            let iteration = link.iteration.map(|nth| format!(", iteration {nth}"));
            let text = format!("called from here{}", iteration.unwrap_or_default());
            if link.place.file == place.file {
                finding.related.push(Label { span: link.place.span, text });
            } else {
                elsewhere.push(format!("{}: {text}", self.shown(link.place)));
            }
        }
        if place.file != self.project.base() {
            let (line, column) = (rendered.line, rendered.column);
            elsewhere.push(format!("Rendered at line {line}, column {column}."));
        }
        for line in elsewhere {
            finding.help.push('\n');
            finding.help.push_str(&line);
        }
        (place.file, finding)
    }

    fn located(&self, span: Span) -> Option<Located> {
        self.rendered.origins.at(self.inside(span).start, self.project)
    }

    /// Where the bytes of `span` are written: a setting as a whole, the same bytes of a template, or
    /// the action that computes them.
    fn origin(&self, span: Span) -> Place {
        let located = self.located(span);
        let source = located.as_ref().and_then(|located| located.sources.first());
        if let Some(source) = source
            && let (Origin::Setting(pointer), Some(place)) = (&source.origin, source.place)
            && let Some(parsed) = self.settings.get(&place.file)
        {
            let node = parsed.document.nearest(pointer);
            let span = node.map_or(place.span, |node| parsed.document.span(node));
            return Place { file: place.file, span };
        }
        if let Some(place) = self.rendered.origins.exact(span, self.project) {
            return place;
        }
        let action = located.as_ref().and_then(|located| located.action);
        let place = source.and_then(|source| source.place).filter(|_| action.is_none());
        action.or(place).unwrap_or(Place { file: self.project.base(), span: Span::at(0) })
    }

    /// The place of a string whose quotes are of a template and whose text an action writes, if a rule
    /// minds its type and not its text: not the setting is wrong there but the quotes.
    fn quoted(&self, finding: &Finding) -> Option<Place> {
        let span = finding.primary.span;
        let inside = self.inside(span);
        if inside == span || !is_number_or_boolean(self.text.slice(inside)) {
            return None;
        }
        let located = self.rendered.origins.at(inside.start, self.project)?;
        let source = located.sources.first()?;
        let is_text = matches!(source.origin, Origin::Template | Origin::Partial);
        if is_text || located.rendered != inside || !rules::is_about_types(finding.rule) {
            return None;
        }
        let quote = |at: u32| {
            let place =
                self.rendered.origins.exact(Span { start: at, end: at + 1 }, self.project)?;
            (self.project.file(place.file).source.slice(place.span) == b"\"").then_some(place)
        };
        let (first, last) = (quote(span.start)?, quote(span.end - 1)?);
        let whole = Span { start: first.span.start, end: last.span.end };
        (first.file == last.file && first.span.end < last.span.start)
            .then_some(Place { file: first.file, span: whole })
    }

    /// The fix that takes out the quotes at both ends of `place`.
    fn unquoted(&self, place: Place) -> Option<Fix> {
        let Span { start, end } = place.span;
        let quotes = [Span { start, end: start + 1 }, Span { start: end - 1, end }];
        let is_single = |span: &Span| self.uses.is_single(Place { file: place.file, span: *span });
        quotes.iter().all(is_single).then(|| Fix {
            title: "Remove the quotes around the action".to_owned(),
            safety: Safety::Safe,
            edits: Vec::new(),
            replacements: quotes
                .map(|span| Replacement { span, text: String::new() })
                .into_iter()
                .collect(),
            is_secret: false,
            containers: Vec::new(),
        })
    }

    /// `span` without the quotes of a string: they are of the template, what is inside may not be.
    fn inside(&self, span: Span) -> Span {
        match self.text.slice(span) {
            [b'"', _, .., b'"'] => Span { start: span.start + 1, end: span.end - 1 },
            _ => span,
        }
    }

    fn shown(&self, place: Place) -> String {
        let source = &self.project.file(place.file).source;
        let position = source.position(place.span.start);
        format!("{}:{}:{}", source.name(), position.line, position.column)
    }
}

/// Whether `text` is a number or `true` or `false` in JSON.
fn is_number_or_boolean(text: &[u8]) -> bool {
    matches!(text, b"true" | b"false") || serde_json::from_slice::<serde_json::Number>(text).is_ok()
}
