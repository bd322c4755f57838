//! A flexible configuration: rendered as the gateway renders it, checked as it will run, and each
//! finding told where somebody must change something: in a template, a partial or the settings.
//!
//! A finding that depends on something that is not given (a variable of the environment, a random
//! value) is not certain, so it is left out and what is missing is named in [`Checked::unknowns`].

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{Analysis, CheckedFile};
use crate::document;
use crate::finding::{Finding, Label, Severity};
use crate::linter::{self, Host, Options};
use crate::recognise::{Content, Reason};
use crate::rules::template_error;
use crate::secrets;
use crate::source::{Format, Source, Span};
use crate::target::Target;
use crate::template::{
    FileId, Limits, Located, Origin, Place, Project, Rendered, UnknownKind, render,
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
    let mut findings: BTreeMap<FileId, Vec<Finding>> = BTreeMap::new();
    let mut analysis =
        Analysis { content: Content::Template, reason: Reason::Template, ..Analysis::default() };
    for error in &rendered.errors {
        let finding = template_error::finding(error.place.span, &error.message);
        findings.entry(error.place.file).or_default().push(finding);
    }
    let mut uncertain = 0;
    if rendered.errors.is_empty() {
        let name = project.file(project.base()).source.name();
        let text = Source::new(name, rendered.text.as_slice()).with_format(Format::Json);
        analysis = linter::analyze(&text, options, host)?;
        let origins = Origins { project, rendered: &rendered, text: &text };
        let is_decided = rendered.unknowns.iter().all(|unknown| unknown.decides.is_empty());
        for mut finding in std::mem::take(&mut analysis.findings) {
            if !is_decided {
                finding.severity = finding.severity.min(Severity::Warning);
            }
            if rendered.origins.depends_on_unknown(finding.primary.span) {
                uncertain += 1;
                continue;
            }
            let (file, moved) = origins.moved(finding);
            let of_file = findings.entry(file).or_default();
            // One place that is rendered several times has one finding.
            let same = |other: &Finding| {
                (other.rule, other.primary.span) == (moved.rule, moved.primary.span)
            };
            if !of_file.iter().any(same) {
                of_file.push(moved);
            }
        }
    }
    findings.entry(project.base()).or_default();
    let target = analysis.target;
    let files = findings.into_iter().map(|(file, findings)| {
        let is_base = file == project.base();
        let has_telemetry = is_base && analysis.has_telemetry;
        checked_file(project.file(file).source.clone(), findings, target, has_telemetry, options)
    });
    Some(Checked { files: files.collect(), unknowns: unknowns(&rendered), uncertain })
}

fn checked_file(
    source: Source,
    mut findings: Vec<Finding>,
    target: Target,
    has_telemetry: bool,
    options: &Options,
) -> CheckedFile {
    findings.sort_by_key(|finding| (finding.primary.span, finding.rule));
    let secrets = secrets::protect_text(&source, &mut findings);
    let analysis = Analysis {
        target,
        content: Content::Template,
        reason: Reason::Template,
        has_telemetry,
        findings,
        secrets,
        off: options.policy.off(),
        fail_on: options.policy.fail_on,
        ..Analysis::default()
    };
    CheckedFile { source, analysis }
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
}

impl Origins<'_> {
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
        let (origins, project) = (&self.rendered.origins, self.project);
        let located = self.located(span);
        let source = located.as_ref().and_then(|located| located.sources.first());
        if let Some(source) = source
            && let (Origin::Setting(pointer), Some(place)) = (&source.origin, source.place)
        {
            let settings = &project.file(place.file).source;
            let parsed = document::read(settings);
            let node = parsed.document.nearest(pointer);
            let span = node.map_or(place.span, |node| parsed.document.span(node));
            return Place { file: place.file, span };
        }
        if let Some(place) = origins.exact(span, project) {
            return place;
        }
        let action = located.as_ref().and_then(|located| located.action);
        let place = source.and_then(|source| source.place).filter(|_| action.is_none());
        action.or(place).unwrap_or(Place { file: project.base(), span: Span::at(0) })
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
