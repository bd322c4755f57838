//! Finds flexible configurations: what is described of a base, by the flags, the settings file, the variables
//! `FC_…` of this process or what the repository says, in this order.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use otel_lint::flexible::find::{self, Found, Hint, Tree};
use otel_lint::flexible::{self, SaidBy};
use otel_lint::settings::Finder;
use otel_lint::source::Source;

use crate::described::{Described, DescribedEnvironment, read, shown};
use crate::discovery::{self, Input};
use crate::flexible_args::FlexibleArgs;
use crate::folders::Read;
use crate::inputs::InputError;

/// Bytes of the largest file that is looked at for what it says of a base.
const LARGEST_HINT: u64 = 1 << 20;

/// The projects whose bases are among `inputs`, in their order, each with the index of its base; an error is
/// that of one base. The inputs were found in those of `named` that are folders. `read` reads the bases.
pub fn find(
    inputs: &[Input],
    named: &[PathBuf],
    finder: &Arc<Finder>,
    args: &FlexibleArgs,
    read: Read<'_>,
) -> Vec<(usize, Result<Described, InputError>)> {
    let mut projects = Vec::new();
    let mut bases: Vec<(usize, &Input, Source)> = Vec::new();
    let is_single = inputs.len() == 1 && !inputs[0].found;
    for (index, input) in inputs.iter().enumerate() {
        if input.path.as_os_str() == "-" {
            continue;
        }
        if let Some(described) = by_settings(&input.path, finder, args) {
            projects.push((index, described));
        } else if let Some(source) = with_actions(&input.path, read) {
            let by_process = || Described::by_process(&input.path, args).transpose();
            if let Some(described) = is_single.then(by_process).flatten() {
                projects.push((index, described));
            } else if find::is_base(&source) {
                bases.push((index, input, source));
            }
        }
    }
    projects.extend(by_repository(&bases, named, finder, args));
    if is_single
        && projects.is_empty()
        && (!args.fc_env.is_empty() || !args.fc_env_file.is_empty())
        && inputs[0].path.as_os_str() != "-"
    {
        projects.push((0, Described::by_flags(&inputs[0].path, args)));
    }
    for (index, described) in &mut projects {
        if let Ok(described) = described {
            described.is_found = inputs[*index].found;
        }
    }
    projects.sort_by_key(|(index, _)| *index);
    projects
}

/// What is known of the base that the user names, from the first source that says it; if none does, the base
/// stands alone.
pub fn of_base(
    base: &Path,
    finder: &Arc<Finder>,
    args: &FlexibleArgs,
) -> Result<Described, InputError> {
    if args.has_folders() || base.as_os_str() == "-" {
        return Described::by_flags(base, args);
    }
    let inputs = [Input { path: base.to_owned(), found: false }];
    let found = find(&inputs, &[], finder, args, &read).pop();
    found.map_or_else(|| Described::by_flags(base, args), |(_, described)| described)
}

/// The text at `path` if it has actions. What a shell passes in comes once, and is left alone.
fn with_actions(path: &Path, read: Read<'_>) -> Option<Source> {
    if !path.is_file() {
        return None;
    }
    let source = read(path).ok()?;
    source.has_braces().then_some(source)
}

fn by_settings(
    base: &Path,
    finder: &Finder,
    args: &FlexibleArgs,
) -> Option<Result<Described, InputError>> {
    // Settings that are wrong are told of when the file is checked with them.
    let (loaded, one) = finder.flexible(base)?;
    Some(Described::by_settings(base, &one, &loaded.base, args))
}

/// What the repositories around `bases` say of them.
fn by_repository(
    bases: &[(usize, &Input, Source)],
    named: &[PathBuf],
    finder: &Arc<Finder>,
    args: &FlexibleArgs,
) -> Vec<(usize, Result<Described, InputError>)> {
    let searched = named.iter().filter(|_| !bases.is_empty()).filter(|folder| folder.is_dir());
    let searched: Vec<PathBuf> = searched.map(|folder| finder.absolute(folder)).collect();
    let mut by_root: BTreeMap<PathBuf, Vec<_>> = BTreeMap::new();
    for (index, input, source) in bases {
        let path = finder.absolute(&input.path);
        let around = searched.iter().filter(|folder| path.starts_with(folder));
        let root = around.min().filter(|_| git_root(&path).is_none()).cloned();
        let root = root.unwrap_or_else(|| repository(&path));
        if let Some(below) = path.strip_prefix(&root).ok().and_then(Path::to_str) {
            let below = below.replace('\\', "/");
            by_root.entry(root).or_default().push((index, input, source, below));
        }
    }
    let mut projects = Vec::new();
    for (root, bases) in by_root {
        let files = discovery::all(&root);
        let hints: Vec<Hint> = files
            .iter()
            .filter(|file| find::may_say(file))
            .filter_map(|file| hint(&root, file))
            .collect();
        let tree = Tree::new(files);
        let names: BTreeSet<&str> = bases.iter().map(|(.., base)| base.as_str()).collect();
        for (index, input, source, base) in &bases {
            let is_alone = || flexible::is_alone(source);
            let Some(mut found) = find::find(base, &names, &tree, &hints, is_alone) else {
                continue;
            };
            found.is_enterprise |= find::has_references(source);
            let described =
                args.variables().map(|variables| as_found(&input.path, &found, &root, &variables));
            projects.push((**index, described));
        }
    }
    projects
}

/// What was found in the repository at `root` of the base at `base`.
fn as_found(
    base: &Path,
    found: &Found,
    root: &Path,
    variables: &BTreeMap<String, String>,
) -> Described {
    let at = |folder: &String| shown(&root.join(folder));
    let environment = |name: &str, settings| DescribedEnvironment {
        name: name.to_owned(),
        settings,
        variables: variables.clone(),
    };
    let environments = found.settings.iter();
    let mut environments: Vec<DescribedEnvironment> =
        environments.map(|(name, folder)| environment(name, Some(at(folder)))).collect();
    if environments.is_empty() {
        environments.push(environment("", None));
    }
    Described {
        base: base.to_owned(),
        partials: found.partials.as_ref().map(at),
        templates: found.templates.as_ref().map(at),
        environments,
        format: found.format,
        is_found: false,
        said_by: if found.is_assumed() { SaidBy::Names } else { SaidBy::Repository },
        is_enterprise: found.is_enterprise,
        line: Some(found.line(&base.display().to_string())),
    }
}

/// The files that may be a part of what is rendered with the base at `path`; none if it has no
/// actions.
pub fn around(path: &Path, finder: &Finder) -> Vec<PathBuf> {
    if path.as_os_str() == "-" || with_actions(path, &read).is_none() {
        return Vec::new();
    }
    let root = repository(&finder.absolute(path));
    discovery::all(&root).into_iter().map(|file| root.join(file)).collect()
}

/// The root of the repository that the file at `path` is in; without one, the folder of the file.
pub fn repository(path: &Path) -> PathBuf {
    git_root(path).or(path.parent()).unwrap_or(Path::new("/")).to_owned()
}

fn git_root(path: &Path) -> Option<&Path> {
    path.ancestors().skip(1).find(|folder| folder.join(".git").exists())
}

fn hint(root: &Path, file: &str) -> Option<Hint> {
    let path = root.join(file);
    if fs::metadata(&path).ok()?.len() > LARGEST_HINT {
        return None;
    }
    Hint::read(file, &fs::read_to_string(path).ok()?)
}
