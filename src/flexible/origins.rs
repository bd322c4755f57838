//! From findings in a rendered text to findings in the files that its bytes come from.

use std::collections::{BTreeMap, BTreeSet};

use super::edits::{Mover, Uses};
use super::place;
use crate::analysis::{Analysis, Suppressed};
use crate::document;
use crate::finding::{
    Elsewhere, Finding, Fix, Label, MAX_RELATED, RenderedLine, Replacement, Safety, Severity,
};
use crate::rules;
use crate::source::{Source, Span};
use crate::template::{FileId, Link, Located, Origin, Place, Project, Rendered, Role};

/// Bytes of a rendered line before and behind what a finding is about that are kept.
const AROUND: u32 = 200;

/// The way from a place in the rendered text to where it comes from.
pub(super) struct Origins<'p> {
    project: &'p Project,
    rendered: &'p Rendered,
    text: &'p Source,
    settings: BTreeMap<FileId, document::Parsed<'p>>,
    uses: Uses,
    /// What must not be shown of the text.
    secrets: Vec<Span>,
}

impl<'p> Origins<'p> {
    pub(super) fn new(
        project: &'p Project,
        rendered: &'p Rendered,
        text: &'p Source,
        secrets: &[Span],
    ) -> Self {
        let settings = project.files().filter(|(_, file)| file.role == Role::Settings);
        let settings = settings.map(|(id, file)| (id, document::read(&file.source))).collect();
        let uses = Uses::new(project, rendered);
        Self { project, rendered, text, settings, uses, secrets: secrets.to_vec() }
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

    /// `finding` at its origin, with what led to this place: calls of templates, iterations, the action
    /// that writes it.
    fn moved(&self, mut finding: Finding) -> (FileId, Finding) {
        let span = finding.primary.span;
        let located = self.located(span);
        let quoted = self.quoted(&finding);
        let place = quoted.unwrap_or_else(|| self.origin(span));
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
        let Self { project, rendered, text, uses, .. } = self;
        let mover = Mover { project, rendered, text, uses };
        finding.fix = unquoted.or_else(|| mover.moved(finding.fix.take()?, place.file));
        let labels = std::mem::take(&mut finding.related).into_iter();
        let labels = labels.map(|Label { span, text }| (self.origin(span), text));
        let led_here = located.iter().flat_map(|located| Self::way(located, place));
        for (at, text) in labels.chain(led_here) {
            if at.file == place.file {
                finding.related.push(Label { span: at.span, text });
            } else if finding.elsewhere.len() < MAX_RELATED {
                finding.elsewhere.push(self.elsewhere(at, text));
            }
        }
        finding.rendered = self.line(span, place);
        (place.file, finding)
    }

    /// What led to `place`, which is `located`: the calls and iterations around it, and the action that
    /// writes it.
    fn way(located: &Located, place: Place) -> Vec<(Place, String)> {
        let mut way: Vec<_> = located.chain.iter().map(|link| (link.place, called(link))).collect();
        if let Some(action) = located.action.filter(|action| action.file != place.file) {
            let is_partial = located.sources.first().is_some_and(|it| it.origin == Origin::Partial);
            let text = if is_partial { "included from here" } else { "written from here" };
            way.push((action, text.to_owned()));
        }
        way
    }

    fn elsewhere(&self, place: Place, text: String) -> Elsewhere {
        let source = &self.project.file(place.file).source;
        let Span { start, end } = place.span;
        let (start, end) = (source.position(start), source.position(end));
        Elsewhere { file: source.name().to_owned(), start, end, text }
    }

    /// The line that the finding at `span` is rendered on, unless it is written so at `place`.
    fn line(&self, span: Span, place: Place) -> Option<RenderedLine> {
        let position = self.text.position(span.start);
        let line = self.text.line(position.line);
        let source = &self.project.file(place.file).source;
        let written = source.line(source.position(place.span.start).line);
        if source.slice(written).trim_ascii() == self.text.slice(line).trim_ascii() {
            return None;
        }
        let bytes = self.text.bytes();
        let is_boundary = |at: u32| bytes.get(at as usize).is_none_or(|byte| byte & 0xC0 != 0x80);
        let near = |at: u32| {
            (0..4).map(|back| at.saturating_sub(back)).find(|at| is_boundary(*at)).unwrap_or(at)
        };
        let end = span.end.clamp(span.start, line.end).min(span.start + AROUND);
        let part = Span {
            start: near(span.start.saturating_sub(AROUND).max(line.start)).max(line.start),
            end: near((end + AROUND).min(line.end)),
        };
        let mut shown = self.text.slice(part).to_vec();
        for secret in self.secrets.iter().filter(|it| it.start < part.end && part.start < it.end) {
            let inside = self.inside(*secret);
            let masked = inside.start.max(part.start)..inside.end.min(part.end);
            for at in masked {
                shown[(at - part.start) as usize] = b'*';
            }
        }
        let text = String::from_utf8_lossy(&shown).into_owned();
        let begin = String::from_utf8_lossy(&shown[..(span.start - part.start) as usize]).len();
        let end = String::from_utf8_lossy(&shown[..(end - part.start) as usize]).len();
        Some(RenderedLine { position, text, span: Span::new(begin, end) })
    }

    fn located(&self, span: Span) -> Option<Located> {
        self.rendered.origins.at(self.inside(span).start, self.project)
    }

    /// Where the bytes of `span` are written: a setting as a whole, the same bytes of a template, or
    /// the action that computes them.
    pub(super) fn origin(&self, span: Span) -> Place {
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
        if let Some(place) = self.between_ends(span) {
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
        self.between_ends(span).filter(|place| {
            let written = self.project.file(place.file).source.slice(place.span);
            written.len() > 2 && written.starts_with(b"\"") && written.ends_with(b"\"")
        })
    }

    /// What stands in a file from the first to the last byte of `span`, if both are of one: text with
    /// actions in it.
    fn between_ends(&self, span: Span) -> Option<Place> {
        let byte =
            |at: u32| self.rendered.origins.exact(Span { start: at, end: at + 1 }, self.project);
        let (first, last) = (byte(span.start)?, byte(span.end.checked_sub(1)?)?);
        let whole = Span { start: first.span.start, end: last.span.end };
        (first.file == last.file && whole.start < whole.end)
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
}

/// What to say at a call or iteration.
fn called(link: &Link) -> String {
    match (link.iteration, &link.collection) {
        (Some(nth), Some((_, pointer))) => {
            format!("called from here, iteration {nth} of {pointer}")
        }
        (Some(nth), None) => format!("called from here, iteration {nth}"),
        (None, _) => "called from here".to_owned(),
    }
}

/// Whether `text` is a number or `true` or `false` in JSON.
fn is_number_or_boolean(text: &[u8]) -> bool {
    matches!(text, b"true" | b"false") || serde_json::from_slice::<serde_json::Number>(text).is_ok()
}
