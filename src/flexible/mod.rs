//! A flexible configuration: rendered as the gateway renders it, checked as it will run, and each
//! finding told where somebody must change something: in a template, a partial or the settings.
//!
//! ```text
//! folder ─► find: hints, layout ─► Described ─► (host reads files) ─► Environment… ─► Checked
//! ```
//!
//! A finding that depends on something that is not given (a variable of the environment, a random
//! value) is not certain, so it is left out and what is missing is named in [`Checked::unknowns`].

mod edits;
mod faults;
pub mod find;
mod merge;
mod origins;
mod outlines;

pub use outlines::outlines;

use std::collections::{BTreeMap, BTreeSet};

use crate::analysis::{Analysis, CheckedFile};
use crate::document::{self, template};
use crate::finding::{Finding, Severity};
use crate::linter::{self, Host, Options};
use crate::recognise::{Content, Reason};
use crate::source::{Format, Source, Span};
use crate::template::{FileId, Limits, Project, Rendered, UnknownKind, render};

/// One of the ways a base is rendered, such as that of the production.
pub struct Environment {
    /// What people call it; empty if there is only one.
    pub name: String,
    /// The files and variables.
    pub project: Project,
}

/// Who said which folders belong to a base. Faults of the rendering are as certain as that is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SaidBy {
    /// The user, by flags, settings or variables.
    #[default]
    User,
    /// Files of the repository. Some settings may be written only when it is deployed.
    Repository,
    /// Nobody: the folders have the usual names.
    Names,
}

/// How to check a project.
#[derive(Clone, Copy, Debug, Default)]
pub struct How {
    /// Whether a variable that is not given is an error.
    pub is_strict: bool,
    /// Who said which folders belong to the base.
    pub said_by: SaidBy,
}

/// What was found in a project.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// The base, then every other file with a finding, in the order of the project.
    pub files: Vec<CheckedFile>,
    /// What is not known before the gateway runs, in words, and on which no finding depends.
    pub unknowns: Vec<String>,
    /// How many findings are left out because they depend on something unknown.
    pub uncertain: usize,
    /// The names of the environments that cannot be rendered.
    pub unrendered: Vec<String>,
}

/// Checks what `project` renders to; `None` if the host cancelled it.
#[must_use]
pub fn check(project: &Project, options: &Options, host: Host<'_>) -> Option<Checked> {
    Some(merge::merge(&[("", project)], vec![check_one(project, options, How::default(), host)?]))
}

/// Checks what each of `environments`, which have the same base, renders to; `None` if the host
/// cancelled it. A finding of several is told once, with their names.
#[must_use]
pub fn check_all(
    environments: &[Environment],
    options: &Options,
    how: How,
    host: Host<'_>,
) -> Option<Checked> {
    let checked = environments.iter().map(|it| check_one(&it.project, options, how, host));
    let checked = checked.collect::<Option<Vec<_>>>()?;
    let projects: Vec<_> = environments.iter().map(|it| (it.name.as_str(), &it.project)).collect();
    Some(merge::merge(&projects, checked))
}

/// Whether the base `source` asks for no other file, so that its own text says what it is rendered to, and
/// has to be rendered: the gateway could not read it as it is.
#[must_use]
pub fn is_alone(source: &Source) -> bool {
    if faults::is_object(source) {
        return false;
    }
    let name = source.name().rsplit(['/', '\\']).next().unwrap_or_default();
    let rendered = render(&Project::new(name, source.clone()), &Limits::default());
    rendered.errors.is_empty()
        && rendered.missing_partials.is_empty()
        && rendered.missing_settings.is_empty()
}

/// What was found in one environment.
struct One {
    /// The findings of each file.
    files: BTreeMap<FileId, Analysis>,
    /// What holds for all of them.
    whole: Analysis,
    unknowns: BTreeSet<String>,
    uncertain: usize,
    is_rendered: bool,
}

fn check_one(project: &Project, options: &Options, how: How, host: Host<'_>) -> Option<One> {
    let mut rendered = render(project, &Limits::default());
    let mut files = BTreeMap::from([(project.base(), Analysis::default())]);
    let mut whole = Analysis {
        content: Content::Unrecognised,
        reason: Reason::Unrenderable,
        off: options.policy.off(),
        fail_on: options.policy.fail_on,
        ..Analysis::default()
    };
    let mut faults = faults::of(project, &rendered, how);
    let is_rendered = rendered.errors.is_empty() && !faults::has_missing_folder(project);
    let mut uncertain = 0;
    if is_rendered {
        let text = source(project, std::mem::take(&mut rendered.text));
        whole = linter::analyze_rendered(&mut document::read(&text), options, host)?;
        if whole.is_checked() {
            (whole.content, whole.reason) = (Content::Rendered, Reason::Rendered);
        }
        faults::explain_left_over(&mut whole.findings, &text);
        let origins = origins::Origins::new(project, &rendered, &text, &whole.secrets);
        uncertain = origins.distribute(&mut whole, &mut files);
        faults::supersede(&mut faults, &mut files);
    }
    for (file, finding) in faults {
        settle(finding, options, files.entry(file).or_default());
    }
    let findings = files.values_mut().flat_map(|analysis| &mut analysis.findings);
    match how.said_by {
        SaidBy::User => {}
        SaidBy::Names => findings.for_each(faults::assume),
        SaidBy::Repository if rendered.missing_settings.is_empty() => {}
        SaidBy::Repository => {
            findings
                .for_each(|finding| faults::lacks_settings(finding, &rendered.missing_settings));
        }
    }
    Some(One { files, whole, unknowns: unknowns(&rendered), uncertain, is_rendered })
}

/// What `project` renders to, in the format that the gateway reads it in. The gateway goes by the
/// extension of `FC_OUT`, without which it is JSON (krakend-flexibleconfig `template.go`). If nobody says
/// what that is, a base in another format works only with such an `FC_OUT`, so what is clearly YAML or TOML
/// counts as that: by the name of the base, or because it has the `version` of a configuration as such and
/// is not JSON.
#[must_use]
pub fn source(project: &Project, text: Vec<u8>) -> Source {
    // The gateway reads it whatever it is called, so it is not a template and not part of anything.
    let of = |format: Format, text| {
        Source::new(format!("krakend.{}", format.word()), text).with_format(format)
    };
    let base = project.file(project.base()).source.name();
    if let Some(format) = project.format.or_else(|| Format::named(template::stem(base))) {
        return of(format, text);
    }
    let guess = of(Format::of_text(&text), text);
    let parsed = document::read(&guess);
    let version = parsed.document.root().and_then(|root| parsed.document.get(root, "version"));
    let is_certain = version.is_some();
    drop(parsed);
    if is_certain { guess } else { guess.with_format(Format::Json) }
}

/// Puts `finding` where it belongs by what the users decided.
fn settle(mut finding: Finding, options: &Options, analysis: &mut Analysis) {
    let policy = &*options.policy;
    if !policy.is_on(finding.rule) {
        return;
    }
    finding.severity = policy.severity(finding.rule, finding.severity);
    let is_shown = options.pedantic
        || finding.severity > Severity::Info
        || policy.wanted.contains(finding.rule);
    if is_shown {
        analysis.findings.push(finding);
    } else {
        analysis.hidden.push(finding);
    }
}

/// What findings are sorted by, and what two findings of one place have in common.
fn place(finding: &Finding) -> (Span, &'static str) {
    (finding.primary.span, finding.rule)
}

/// What is not known before the gateway runs, each once.
fn unknowns(rendered: &Rendered) -> BTreeSet<String> {
    let names = rendered.unknowns.iter().map(|unknown| match &unknown.kind {
        UnknownKind::Variable(name) => format!("the variable {name}"),
        UnknownKind::Function(name) => format!("the result of `{name}`"),
    });
    names.collect()
}
