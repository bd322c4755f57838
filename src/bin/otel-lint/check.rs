//! `otel-lint [FILE]…`: the main job, in four stages, each of which sees only what the one before it
//! made: inputs, check, report, outcome.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use otel_lint::analysis::CheckedFile;
use otel_lint::linter::Host;
use otel_lint::parallel;
use otel_lint::recognise::{self, Content, Marks, Reason};
use otel_lint::report::{self, Unread};
use otel_lint::settings::{Choices, Finder, Patterns, SettingsError};

use crate::args::CheckArgs;
use crate::baseline::{self, Comparison};
use crate::described::{Described, read};
use crate::discovery::{self, Discovered, Input};
use crate::exit::Outcome;
use crate::fixes::{self, Origin, Outlook, Recheck};
use crate::inputs::{self, InputError};
use crate::output;
use crate::overwrite::{self, Role};
use crate::progress::Progress;
use crate::project::{self, Came, Failure, Rendered};
use crate::projects;
use crate::reports::Reports;
use crate::settings;
use crate::statistics;
use crate::summary::{NotChecked, Summary};
use crate::threads::{Threads, check_source};

pub fn run(args: &CheckArgs) -> Outcome {
    match Plan::new(args) {
        Ok(plan) => once(&plan, args),
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            Outcome::Failed
        }
    }
}

/// What the command line asks for, whatever the files say.
pub struct Plan {
    /// Files, and folders to search.
    pub named: Vec<PathBuf>,
    /// What a search leaves out.
    pub exclude: Patterns,
    flags: Choices,
}

impl Plan {
    pub fn new(args: &CheckArgs) -> Result<Self, InputError> {
        for pattern in &args.choice.exclude {
            Patterns::new([pattern.as_str()])
                .map_err(|reason| InputError::Pattern(pattern.clone(), reason))?;
        }
        let patterns = args.choice.exclude.iter().map(String::as_str);
        Ok(Self {
            named: inputs::named(&args.files)?,
            exclude: Patterns::new(patterns).unwrap_or_default(),
            flags: args.rules.choices(&args.target),
        })
    }

    /// What is named, in one line.
    fn names(&self) -> String {
        let names: Vec<_> = self.named.iter().map(|path| path.display().to_string()).collect();
        names.join(", ")
    }
}

/// One run, from the files as they are now to the outcome.
pub fn once(plan: &Plan, args: &CheckArgs) -> Outcome {
    let finder = Arc::new(settings::finder(&args.settings));
    let discovered = discovery::discover(&plan.named, &plan.exclude, &finder, usize::MAX);
    let projects = match (&*discovered.files, args.flexible.has_folders()) {
        (files, false) => {
            let found = projects::find(files, &plan.named, &finder, &args.flexible, &read);
            found.into_iter().map(|(index, described)| Ok((index, described?))).collect()
        }
        ([base], true) => Described::by_flags(&base.path, &args.flexible).map(|it| vec![(0, it)]),
        _ => {
            let what = "with the folders of a configuration name one file, its base";
            output::say(&format!("otel-lint: {what}"));
            return Outcome::Failed;
        }
    };
    let projects = match projects {
        Ok(projects) => projects,
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            return Outcome::Failed;
        }
    };
    let mut checked = Checked::new(discovered, projects, &finder, &plan.flags, args);
    if checked.is_empty() {
        checked.failures.push(InputError::NothingFound(plan.names()));
    }
    if args.choice.list {
        return list(&checked, args);
    }
    let read = checked.read(&finder);
    let read = read.iter().map(|(path, role)| (path.as_path(), *role));
    if let Some(reason) = overwrite::refusal(args, read) {
        output::say(&report::clean(&format!("otel-lint: {reason}")));
        return Outcome::Failed;
    }
    let compared = Comparison::open(args.baseline.as_deref(), args.write_baseline.as_deref())
        .and_then(|comparison| checked.compared_with(comparison));
    match compared {
        Ok((mut checked, comparison)) if args.fix.is_wanted() => {
            let (reports, origins) = (&mut checked.reports, &checked.origins);
            let outlook = fixes::run(reports, origins, comparison.as_ref(), &args.fix);
            let outcome = outlook.outcome.unwrap_or(Outcome::Clean);
            let shown = show(&checked, args, Some(&outlook)).max(outcome);
            let found = checked.outcome(args);
            if args.fix.is_dry() && found == Outcome::Findings { shown } else { shown.max(found) }
        }
        Ok((checked, _)) => show(&checked, args, None).max(checked.outcome(args)),
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            Outcome::Failed
        }
    }
}

/// What came of the inputs, in their order.
#[derive(Default)]
pub struct Checked {
    pub reports: Vec<CheckedFile>,
    /// The file of each report.
    pub origins: Vec<Origin>,
    /// The files that were found to be ours, or that somebody named, and all of a template's.
    inputs: Vec<PathBuf>,
    /// Inputs that cannot be read.
    pub failures: Vec<InputError>,
    /// Settings that are wrong, each once; files they hold for are not checked.
    pub settings: Vec<Arc<SettingsError>>,
    /// Files that nobody said were configurations, and that are none or cannot be checked.
    pub skipped: Vec<NotChecked>,
    /// The number of findings that a baseline hides.
    pub known: usize,
    /// What is to be said about the baseline.
    pub remark: Option<String>,
    /// What is to be said about the project that was rendered.
    pub notes: Vec<String>,
}

/// What came of one input.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
enum Seen {
    Checked(CheckedFile, Origin),
    /// It is nothing of ours, and only named because a search or a hook names everything.
    Skipped(NotChecked),
}

impl Checked {
    /// Reads and checks what was found, on all cores: what belongs to a project as a part of that.
    fn new(
        discovered: Discovered,
        projects: Vec<(usize, Described)>,
        finder: &Finder,
        flags: &Choices,
        args: &CheckArgs,
    ) -> Self {
        let mut parts = HashSet::new();
        let mut rendered: Vec<Option<Result<Rendered, Failure>>> = Vec::new();
        rendered.resize_with(discovered.files.len(), || None);
        let mut notes = Vec::new();
        // Nobody cancels a run but by ending the process.
        let host = Host { executor: &Threads, ..Host::PLAIN };
        for (index, described) in projects {
            rendered[index] =
                match project::check(&described, finder, flags, &args.flexible, &read, host) {
                    Ok(Came::Rendered(project)) => {
                        parts.extend(project.parts.iter().map(|path| finder.absolute(path)));
                        Some(Ok(project))
                    }
                    Ok(Came::Alone(note)) => {
                        notes.extend(note);
                        None
                    }
                    Ok(Came::Cancelled) => None,
                    Err(failure) => Some(Err(failure)),
                };
        }
        let files: Vec<(&Input, Option<_>)> = discovered.files.iter().zip(rendered).collect();
        let is_alone = |file: &Input, project: &Option<_>| {
            project.is_none() && (parts.is_empty() || !parts.contains(&finder.absolute(&file.path)))
        };
        let alone: Vec<&Input> = (files.iter())
            .filter(|(file, project)| is_alone(file, project))
            .map(|(file, _)| *file)
            .collect();
        let progress = Progress::new(alone.len(), !args.quiet);
        let results = parallel::map(&Threads, &alone, |file| {
            let result = check(file, finder, flags, args);
            progress.advance();
            result
        });
        drop(progress);
        let mut checked = Self { failures: discovered.failures, notes, ..Self::default() };
        let mut results = results.into_iter();
        for (file, project) in files {
            if is_alone(file, &project) {
                checked.add(file, results.next().expect("one for each"));
            } else if let Some(project) = project {
                match project {
                    Ok(project) => checked.add_project(project),
                    Err(failure) => checked.add(file, Err(failure)),
                }
            }
        }
        checked
    }

    /// Adds what came of a file on its own.
    fn add(&mut self, file: &Input, result: Result<Seen, Failure>) {
        if !file.found || !matches!(result, Ok(Seen::Skipped(_))) {
            self.inputs.push(file.path.clone());
        }
        match result {
            Ok(Seen::Checked(report, origin)) => {
                self.reports.push(report);
                self.origins.push(origin);
            }
            Ok(Seen::Skipped(file)) => self.skipped.push(file),
            Err(Failure::Input(error)) => self.failures.push(error),
            Err(Failure::Settings(error)) => {
                if !self.settings.iter().any(|known| Arc::ptr_eq(known, &error)) {
                    self.settings.push(error);
                }
            }
        }
    }

    /// Adds what came of a project.
    fn add_project(&mut self, project: Rendered) {
        self.notes.extend(project.notes());
        let Rendered { found, parts, recheck, .. } = project;
        self.inputs.extend(parts);
        for report in found.files {
            let path = PathBuf::from(report.source.name());
            self.origins.push(Origin { path, recheck: recheck.clone() });
            self.reports.push(report);
        }
    }

    /// What could not be read, as reports have it.
    fn unread(&self) -> Vec<Unread> {
        let settings = self.settings.iter().map(|error| settings::unread(error));
        self.failures.iter().map(InputError::unread).chain(settings).collect()
    }

    /// The files that were read, and what they are to this run.
    fn read(&self, finder: &Finder) -> Vec<(PathBuf, Role)> {
        let inputs = self.inputs.iter().map(|file| (file.clone(), Role::Input));
        let settings = finder.read().into_iter().map(|file| (file, Role::Settings));
        inputs.chain(settings).collect()
    }

    /// Whether there was nothing at all to check.
    fn is_empty(&self) -> bool {
        self.reports.is_empty()
            && self.failures.is_empty()
            && self.settings.is_empty()
            && self.skipped.iter().all(|file| file.is_found)
    }

    /// The same without the findings that the baseline knows, if there is one.
    fn compared_with(
        mut self,
        comparison: Option<Comparison>,
    ) -> Result<(Self, Option<Comparison>), baseline::Error> {
        let comparison = match comparison {
            Some(comparison) => {
                let (comparison, known, remark) = comparison.apply(&mut self.reports)?;
                (self.known, self.remark) = (known, remark);
                Some(comparison)
            }
            None => None,
        };
        Ok((self, comparison))
    }

    /// What the run comes to.
    fn outcome(&self, args: &CheckArgs) -> Outcome {
        let is_unchecked = || {
            self.reports.iter().any(|file| !file.is_checked())
                || self.skipped.iter().any(|file| file.is_told)
        };
        if !self.failures.is_empty() || !self.settings.is_empty() {
            Outcome::Failed
        } else if (args.fail_on_unchecked && is_unchecked())
            || self.reports.iter().any(|file| file.fails())
        {
            Outcome::Findings
        } else {
            Outcome::Clean
        }
    }
}

/// Checks one file.
fn check(
    input: &Input,
    finder: &Finder,
    flags: &Choices,
    args: &CheckArgs,
) -> Result<Seen, Failure> {
    let may_skip = input.found || args.choice.skip_unrecognised;
    let path = inputs::known_as(&input.path, &args.input);
    let in_force = finder.in_force(path, flags).map_err(Failure::Settings)?;
    let source = inputs::read(&input.path, &args.input).map_err(Failure::Input)?;
    let marks = if may_skip { Marks::of(source.bytes()) } else { Marks::default() };
    let is_ours_by_name = recognise::names_gateway(source.name());
    if may_skip && !marks.is_plausible() && !is_ours_by_name {
        let (name, reason) = (source.name().to_owned(), Reason::NoMarks);
        return Ok(Seen::Skipped(NotChecked {
            name,
            reason,
            is_told: false,
            is_found: input.found,
        }));
    }
    let options = in_force.options();
    let mut report = check_source(source, &options);
    let origin = Origin { path: input.path.clone(), recheck: Recheck::File(options) };
    if report.has_nothing_to_show() && !fixes::is_stdin(&input.path) {
        // Whoever checks thousands of files need not keep the text of all.
        report.source = report.source.without_text();
    }
    let is_ours = match report.content {
        Content::Unrecognised => false,
        // A template of another program has nothing to check either.
        Content::Template => !may_skip || report.is_checked() || marks.names_gateway(),
        _ => !may_skip || !matches!(report.reason, Reason::Broken(_)),
    };
    let (name, reason) = (report.source.name().to_owned(), report.reason);
    if is_ours {
        Ok(Seen::Checked(report, origin))
    } else if may_skip {
        let is_told = marks.names_gateway();
        Ok(Seen::Skipped(NotChecked { name, reason, is_told, is_found: input.found }))
    } else {
        Err(Failure::Input(InputError::Unrecognised(name, reason)))
    }
}

/// Writes what each file is and why, a line each: its name, a tab, what it is, a tab, the reason.
fn list(checked: &Checked, args: &CheckArgs) -> Outcome {
    complain(checked, args);
    let line = |name: &str, kind: &str, reason: Reason| {
        format!("{}\t{kind}\t{}\n", report::name(name), report::clean(&reason.to_string()))
    };
    let mut lines = String::new();
    for file in &checked.reports {
        let kind = if file.is_checked() { file.content.as_str() } else { "not checked" };
        lines += &line(file.source.name(), kind, file.reason);
    }
    for file in checked.skipped.iter().filter(|file| file.is_told) {
        lines += &line(&file.name, "not checked", file.reason);
    }
    let complete = checked.failures.is_empty() && checked.settings.is_empty();
    output::finish(&lines).max(if complete { Outcome::Clean } else { Outcome::Failed })
}

/// Says what stood in the way.
fn complain(checked: &Checked, args: &CheckArgs) {
    for failure in &checked.failures {
        output::say(&report::clean(&format!("otel-lint: {failure}")));
    }
    for error in &checked.settings {
        settings::say(error, args.output_format, args.color);
    }
}

/// Writes findings to standard output and to files, and what else is to be said to standard error.
fn show(checked: &Checked, args: &CheckArgs, fixed: Option<&Outlook>) -> Outcome {
    complain(checked, args);
    let reports = Reports::new(&checked.reports, checked.unread(), args.max_findings);
    let printed = if args.statistics {
        output::finish(&statistics::table(&checked.reports))
    } else if args.output.is_some() || fixed.is_some_and(|outlook| outlook.is_printed) {
        Outcome::Clean
    } else {
        reports.print(args.output_format, output::style(args.color), args.annotations())
    };
    let written = reports.write(&args.report.reports);
    if !args.quiet {
        let summary = Summary::new(&checked.reports, &checked.skipped, checked.known);
        summary.say(args.verbose, fixed, &args.fix);
        for note in checked.notes.iter().chain(&checked.remark) {
            output::say(&report::clean(note));
        }
    }
    printed.max(written)
}
