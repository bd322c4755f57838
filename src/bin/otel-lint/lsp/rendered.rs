//! Projects are rendered from what is open and what is on the disk; what is found in them is shown where
//! it comes from, also in files that are not open.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use lsp_types::{Diagnostic, Uri};
use otel_lint::analysis::{Analysis, CheckedFile};
use otel_lint::editor::Text;
use otel_lint::linter::Host;
use otel_lint::recognise::Content;
use serde_json::json;

use super::diagnostics::{MOST_SHOWN, not_checked};
use super::documents::Found;
use super::overlay::place;
use super::projects::{Project, read};
use super::server::Server;
use super::{convert, uri};
use crate::fixes::Recheck;
use crate::flexible_args::FlexibleArgs;
use crate::project::{self, Came, Failure};
use crate::threads::Threads;

/// What came of a project.
#[derive(Default)]
pub struct Outcome {
    /// The files that are checked as a part of it, and not on their own.
    pub parts: HashSet<PathBuf>,
    /// Files of it in which something was found.
    files: BTreeMap<PathBuf, CheckedFile>,
    recheck: Option<Recheck>,
    /// Why it was not checked.
    refusal: Option<String>,
    /// What is to be said about it.
    notes: Vec<String>,
}

impl Server<'_> {
    /// Checks the projects of the file at `path` that have changed; `None` if that was cancelled.
    pub fn check_projects_of(
        &mut self,
        path: &Path,
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<()> {
        let mut is_any = false;
        for index in 0..self.projects.known.len() {
            let project = &self.projects.known[index];
            if !project.is_stale || !project.holds(path) {
                continue;
            }
            let outcome = self.check_project(project, is_cancelled)?;
            let project = &mut self.projects.known[index];
            project.is_stale = false;
            let before = project.outcome.replace(outcome).unwrap_or_default();
            self.log_news(index, &before.notes);
            is_any = true;
        }
        if is_any {
            self.tell_closed();
        }
        Some(())
    }

    fn check_project(
        &self,
        project: &Project,
        is_cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Option<Outcome> {
        let refused = |reason: String| Outcome {
            parts: HashSet::from([project.base.clone()]),
            refusal: Some(reason),
            ..Outcome::default()
        };
        let described = match &project.described {
            Ok(described) => described,
            Err(reason) => return Some(refused(format!("not checked: {reason}"))),
        };
        let args = FlexibleArgs::default();
        let open = self.open_sources();
        let read = |path: &Path| read(path, &open);
        let host = Host { executor: &Threads, is_cancelled };
        let came = project::check(described, &self.finder, &self.flags, &args, &read, host);
        let rendered = match came {
            Ok(Came::Rendered(rendered)) => rendered,
            Ok(Came::Alone(note)) => {
                let notes = note.into_iter().collect();
                return Some(Outcome { notes, ..Outcome::default() });
            }
            Ok(Came::Cancelled) => return None,
            Err(Failure::Input(error)) => return Some(refused(format!("not checked: {error}"))),
            Err(Failure::Settings(error)) => {
                return Some(refused(not_checked(&error)));
            }
        };
        let notes = rendered.notes();
        let files = rendered.found.files.into_iter();
        Some(Outcome {
            parts: rendered.parts.iter().map(|path| place(path)).collect(),
            files: files.map(|file| (place(Path::new(file.source.name())), file)).collect(),
            recheck: Some(rendered.recheck),
            refusal: None,
            notes,
        })
    }

    /// Writes what is new to be said about a project into the editor's log.
    fn log_news(&self, index: usize, before: &[String]) {
        let outcome = self.projects.known[index].outcome.iter();
        for note in outcome.flat_map(|it| &it.notes).filter(|note| !before.contains(note)) {
            let message = format!("otel-lint: {}", convert::visible(note));
            self.notify("window/logMessage", json!({ "type": 3, "message": message }));
        }
    }

    /// Whether the file at `path` is checked as a part of a project, and not on its own.
    pub fn is_part(&self, path: &Path) -> bool {
        let mut outcomes = self.projects.known.iter().filter_map(|it| it.outcome.as_ref());
        outcomes.any(|outcome| outcome.parts.contains(path))
    }

    /// Adds to `found` what was found in projects in the file at `path`.
    pub fn add_rendered(&self, found: &mut Found, path: &Path) {
        let open: HashSet<PathBuf> = self.open_sources().into_keys().collect();
        for project in &self.projects.known {
            let Some(outcome) = &project.outcome else { continue };
            let is_told_here =
                project.base == path || (project.holds(path) && !open.contains(&project.base));
            if is_told_here && found.refusal.is_none() {
                found.refusal.clone_from(&outcome.refusal);
            }
            let (Some(file), Some(recheck)) = (outcome.files.get(path), &outcome.recheck) else {
                continue;
            };
            if found.analysis.findings.is_empty() {
                found.analysis = file.analysis.clone();
                file.source.name().clone_into(&mut found.name);
                found.recheck = recheck.clone();
            } else {
                add(&mut found.analysis, &file.analysis);
            }
            found.analysis.content = Content::Rendered;
        }
    }

    /// Tells what was found in files that are not open, and what is not there any more.
    pub fn tell_closed(&mut self) {
        let open: HashSet<PathBuf> = self.open_sources().into_keys().collect();
        let mut now: BTreeMap<String, (Uri, Vec<Diagnostic>)> = BTreeMap::new();
        for outcome in self.projects.known.iter().filter_map(|it| it.outcome.as_ref()) {
            for (path, file) in outcome.files.iter().filter(|(path, _)| !open.contains(*path)) {
                let Some(uri) = uri::of_path(path) else { continue };
                let diagnostics = self.closed(&uri, file);
                let (_, all) =
                    now.entry(uri.as_str().to_owned()).or_insert_with(|| (uri, Vec::new()));
                for one in diagnostics {
                    if !all.contains(&one) {
                        all.push(one);
                    }
                }
            }
        }
        now.retain(|_, (_, diagnostics)| !diagnostics.is_empty());
        let before = std::mem::take(&mut self.projects.told);
        for gone in before.keys().filter(|uri| !now.contains_key(*uri)) {
            if let Ok(uri) = gone.parse() {
                self.push(&uri, None, &[]);
            }
        }
        for (text, (uri, diagnostics)) in now {
            if before.get(&text) != Some(&diagnostics) {
                self.push(&uri, None, &diagnostics);
            }
            self.projects.told.insert(text, diagnostics);
        }
    }

    /// What is to be shown about a file that is not open.
    fn closed(&self, uri: &Uri, file: &CheckedFile) -> Vec<Diagnostic> {
        let source = &file.source;
        let Ok(text) = str::from_utf8(source.bytes()) else { return Vec::new() };
        let text = Text::new(source.name(), source.format(), text.to_owned(), self.client.encoding);
        let Ok(text) = text else { return Vec::new() };
        let findings = file.analysis.findings.iter().take(MOST_SHOWN);
        findings.map(|finding| convert::diagnostic(&text, uri, finding, &self.client)).collect()
    }
}

/// Adds what is in `other` and not in `analysis`: the same file may be a part of several projects.
fn add(analysis: &mut Analysis, other: &Analysis) {
    analysis.findings.extend(other.findings.iter().cloned());
    let findings = &mut analysis.findings;
    findings.sort_by(|a, b| {
        let key = |it: &otel_lint::finding::Finding| (it.primary.span, it.rule);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup();
    analysis.secrets.extend(&other.secrets);
    analysis.secrets.sort_unstable();
    analysis.secrets.dedup();
}
