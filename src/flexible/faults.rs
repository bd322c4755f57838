//! What is wrong with the templates, settings and folders themselves, whatever they render to.

use std::collections::{BTreeMap, BTreeSet};

use super::How;
use crate::analysis::Analysis;
use crate::document::{self, Kind};
use crate::finding::{Finding, Severity};
use crate::rules::{
    self, missing_folder, missing_partial, no_value, raw_template_runs, template_error,
    undefined_template, unjudged_template, unknown_function, unreadable_settings,
    unrendered_placeholder, variable_not_given,
};
use crate::source::{Format, Source};
use crate::template::{Error, ErrorKind, FileId, Project, Rendered, Role, UnknownKind};

/// The faults of a project, each with its file.
pub(super) fn of(project: &Project, rendered: &Rendered, how: How) -> Vec<(FileId, Finding)> {
    if has_missing_folder(project) {
        // Whatever else is wrong may come from what is not there.
        return missing_folders(project).collect();
    }
    let errors = rendered.errors.iter().map(|error| (error.place.file, of_error(error, project)));
    let partials = rendered.missing_partials.iter();
    let partials =
        partials.map(|(name, place)| (place.file, missing_partial::finding(place.span, name)));
    let values = rendered.missing_values.iter();
    let values = values.map(|place| (place.file, no_value::finding(place.span)));
    let variables = rendered.unknowns.iter().filter_map(|unknown| match &unknown.kind {
        UnknownKind::Variable(name) => {
            let place = unknown.place;
            Some((place.file, variable_not_given::finding(place.span, name, how.is_strict)))
        }
        UnknownKind::Function(_) => None,
    });
    errors.chain(partials).chain(values).chain(variables).collect()
}

/// Whether the gateway does not start, because it cannot list a folder.
pub(super) fn has_missing_folder(project: &Project) -> bool {
    missing_folders(project).next().is_some()
}

fn missing_folders(project: &Project) -> impl Iterator<Item = (FileId, Finding)> {
    project.missing_folders.iter().filter_map(|(role, path)| {
        let (what, variable) = match role {
            Role::Settings => ("settings", "FC_SETTINGS"),
            Role::Template => ("templates", "FC_TEMPLATES"),
            Role::Base | Role::Partial => return None,
        };
        Some((project.base(), missing_folder::finding(what, variable, path)))
    })
}

/// The finding for what stops the rendering.
fn of_error(error: &Error, project: &Project) -> Finding {
    let (span, message) = (error.place.span, &*error.message);
    match error.kind {
        ErrorKind::Settings => return unreadable_settings::finding(span, message),
        ErrorKind::Limit | ErrorKind::Unsupported => {
            return unjudged_template::beyond_limits(span, message);
        }
        _ => {}
    }
    if is_object(&project.file(project.base()).source) {
        return raw_template_runs::finding(span, message);
    }
    match error.kind {
        ErrorKind::UnknownFunction => unknown_function::finding(span, message),
        ErrorKind::UndefinedTemplate => undefined_template::finding(span, message),
        _ => template_error::finding(span, message),
    }
}

/// Whether the gateway can read `source` without rendering it, in the format that its name says: the
/// actions are all in strings.
pub(super) fn is_object(source: &Source) -> bool {
    let name = source.name();
    let raw = Source::new(name, source.bytes()).with_format(Format::of_name(name));
    let parsed = document::read(&raw);
    let is_object = |root| parsed.document.kind(root) == Kind::Object;
    parsed.reliable && parsed.document.root().is_some_and(is_object)
}

/// Drops what is found in the text that an action without a value writes: it is the same fault, which
/// is as bad as the worst of that.
pub(super) fn supersede(faults: &mut [(FileId, Finding)], files: &mut BTreeMap<FileId, Analysis>) {
    for (file, fault) in faults.iter_mut().filter(|(_, fault)| fault.rule == no_value::RULE.id) {
        let Some(analysis) = files.get_mut(file) else { continue };
        let Finding { severity, primary, .. } = fault;
        analysis.findings.retain(|finding| {
            let is_same = (rules::is_syntax(finding.rule)
                || finding.rule == unrendered_placeholder::RULE.id)
                && primary.span.start <= finding.primary.span.end
                && finding.primary.span.start <= primary.span.end;
            if is_same {
                *severity = finding.severity.max(*severity);
            }
            !is_same
        });
    }
}

/// Says of each fault that is an action in the rendered text how it comes to be there.
pub(super) fn explain_left_over(findings: &mut [Finding], text: &Source) {
    for finding in findings.iter_mut().filter(|finding| rules::is_syntax(finding.rule)) {
        if text.slice(finding.primary.span).starts_with(b"{{") {
            "an action that is not rendered: it is still in the rendered text"
                .clone_into(&mut finding.message);
            "`include` inserts a partial as it is: write the value here, or make the partial a template \
             and insert it with `template`."
                .clone_into(&mut finding.help);
        }
    }
}

/// The rules about how a base is rendered: what they find may come from what is not there, or from a file
/// that another program renders.
const RENDERING: [&str; 9] = [
    template_error::RULE.id,
    raw_template_runs::RULE.id,
    undefined_template::RULE.id,
    unknown_function::RULE.id,
    no_value::RULE.id,
    unreadable_settings::RULE.id,
    "invalid-json",
    "invalid-toml",
    "invalid-yaml",
];

/// What may be wrong only because nobody said which folders belong to the base is not an error.
pub(super) fn assume(finding: &mut Finding) {
    doubt(
        finding,
        "Its folders are assumed: say which they are with `[[flexible]]` in the settings, or with \
         --fc-settings, --fc-partials and --fc-templates.",
    );
}

/// What may be wrong only because the files of settings called `names` are not there is no error.
pub(super) fn lacks_settings(finding: &mut Finding, names: &BTreeSet<String>) {
    const MOST: usize = 3;
    let mut files: Vec<String> =
        names.iter().take(MOST).map(|name| format!("`{name}.json`")).collect();
    if names.len() > MOST {
        files.push("others".to_owned());
    }
    let files = files.join(", ");
    doubt(
        finding,
        &format!(
            "It is rendered without {files}: there are no such settings here. If they are written when it \
             is deployed, put examples of them into the folder, or name another one with --fc-settings."
        ),
    );
}

/// Lowers the severity of what is found about the rendering or about what is missing.
fn doubt(finding: &mut Finding, why: &str) {
    if RENDERING.contains(&finding.rule) || rules::is_about_the_whole(finding.rule) {
        finding.severity = finding.severity.min(Severity::Warning);
        finding.help.push('\n');
        finding.help.push_str(why);
    }
}
