//! A flexible configuration: rendered as the gateway renders it, checked as it will run, and each
//! finding told where somebody must change something: in a template, a partial or the settings.
//!
//! A finding that depends on something that is not given (a variable of the environment, a random
//! value) is not certain, so it is left out and what is missing is named in [`Checked::unknowns`].

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{Analysis, CheckedFile, Suppressed};
use crate::document;
use crate::finding::{Finding, Label, Severity};
use crate::linter::{self, Host, Options};
use crate::recognise::{Content, Reason};
use crate::rules::template_error;
use crate::secrets;
use crate::source::{Format, Source, Span};
use crate::template::{
    FileId, Limits, Located, Origin, Place, Project, Rendered, Role, UnknownKind, render,
};

/// What was found in a project.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The base, then every other file with a finding, in the order of the project.
    pub files: Vec<CheckedFile>,
    /// What is not known before the gateway runs, in words, and on which no finding depends.
    pub unknowns: Vec<String>,
    /// How many findings are left out because they depend on something unknown.
    pub uncertain: usize,
}

/// Checks what `project` renders to; `None` if the host cancelled it.
#[must_use]
pub fn check(project: &Project, options: &Options, host: Host<'_>) -> Option<Checked> {
    let rendered = render(project, &Limits::default());
    let mut files = BTreeMap::from([(project.base(), Analysis::default())]);
    let mut whole = Analysis {
        content: Content::Unrecognised,
        reason: Reason::Unrenderable,
        off: options.policy.off(),
        ..Analysis::default()
    };
    for error in &rendered.errors {
        let finding = template_error::finding(error.place.span, &error.message);
        files.entry(error.place.file).or_default().findings.push(finding);
    }
    let mut uncertain = 0;
    if rendered.errors.is_empty() {
        let name = project.file(project.base()).source.name();
        let text = Source::new(name, rendered.text.as_slice()).with_format(Format::Json);
        whole = linter::analyze(&text, options, host)?;
        if whole.is_checked() {
            (whole.content, whole.reason) = (Content::Rendered, Reason::Rendered);
        }
        uncertain = Origins::new(project, &rendered, &text).distribute(&mut whole, &mut files);
    }
    let files = files.into_iter().map(|(file, analysis)| {
        let source = project.file(file).source.clone();
        let Analysis { mut findings, mut suppressed, mut hidden, .. } = analysis;
        findings.sort_by_key(place);
        suppressed.sort_by_key(|one| place(&one.finding));
        hidden.sort_by_key(place);
        let secrets = secrets::protect_text(&source, &mut findings);
        let off = whole.off.clone();
        let analysis = Analysis { findings, suppressed, hidden, secrets, off, ..whole };
        CheckedFile { source, analysis }
    });
    Some(Checked { files: files.collect(), unknowns: unknowns(&rendered), uncertain })
}

/// What findings are sorted by, and what two findings of one place have in common.
fn place(finding: &Finding) -> (Span, &'static str) {
    (finding.primary.span, finding.rule)
}

/// What is not known before the gateway runs, each once.
fn unknowns(rendered: &Rendered) -> Vec<String> {
    let names = rendered.unknowns.iter().map(|unknown| match &unknown.kind {
        UnknownKind::Variable(name) => format!("the variable {name}"),
        UnknownKind::Function(name) => format!("the result of `{name}`"),
    });
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The way from a place in the rendered text to where it comes from.
struct Origins<'p> {
    project: &'p Project,
    rendered: &'p Rendered,
    text: &'p Source,
    settings: BTreeMap<FileId, document::Parsed<'p>>,
}

impl<'p> Origins<'p> {
    fn new(project: &'p Project, rendered: &'p Rendered, text: &'p Source) -> Self {
        let settings = project.files().filter(|(_, file)| file.role == Role::Settings);
        let settings = settings.map(|(id, file)| (id, document::read(&file.source))).collect();
        Self { project, rendered, text, settings }
    }

    /// Moves the findings in `whole` to the files they come from, and returns the number of those that
    /// are left out because they depend on something unknown.
    fn distribute(&self, whole: &mut Analysis, files: &mut BTreeMap<FileId, Analysis>) -> usize {
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
        let place = self.origin(finding.primary.span);
        let rendered = self.text.position(finding.primary.span.start);
        finding.primary.span = place.span;
        // Edits are about the rendered text.
        finding.fix = None;
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
