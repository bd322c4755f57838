//! Flexible configurations: which folders and variables belong to a base, by the flags, the settings
//! file, the variables `FC_…` of this process or what the repository says, in this order.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use otel_lint::flexible::find::{self, Hint, Tree};
use otel_lint::flexible::{Environment, How, SaidBy};
use otel_lint::settings::{self, Finder};
use otel_lint::source::Source;
use otel_lint::template::{Project, Role};

use crate::common_args::InputArgs;
use crate::discovery::{self, Input};
use crate::disk::canonical;
use crate::flexible_args::{FlexibleArgs, env_file};
use crate::folders::{self, Read};
use crate::inputs::{self, InputError};

/// Bytes of the largest file that is looked at for what it says of a base.
const LARGEST_HINT: u64 = 1 << 20;

/// A base and what is rendered with it, before any file of it is read.
pub struct Described {
    pub base: PathBuf,
    partials: Option<PathBuf>,
    templates: Option<PathBuf>,
    environments: Vec<DescribedEnvironment>,
    /// Whether a search found the base.
    pub is_found: bool,
    /// Who said which folders belong to the base.
    pub said_by: SaidBy,
    /// Whether the repository has forms in it that only the Enterprise Edition knows.
    pub is_enterprise: bool,
    /// What is to be said about where this comes from.
    pub line: Option<String>,
}

#[derive(Clone, Default)]
struct DescribedEnvironment {
    name: String,
    settings: Option<PathBuf>,
    variables: BTreeMap<String, String>,
}

impl Described {
    /// What the flags say of `base`.
    pub fn by_flags(base: &Path, args: &FlexibleArgs) -> Result<Self, InputError> {
        let environment = DescribedEnvironment {
            name: String::new(),
            settings: args.fc_settings.clone(),
            variables: args.variables()?,
        };
        Ok(Self {
            base: base.to_owned(),
            partials: args.fc_partials.clone(),
            templates: args.fc_templates.clone(),
            environments: vec![environment],
            is_found: false,
            said_by: SaidBy::User,
            is_enterprise: false,
            line: None,
        })
    }

    /// What the settings file says of one base; its paths are relative to the folder `place`.
    fn by_settings(
        base: &Path,
        one: &settings::Flexible,
        place: &Path,
        args: &FlexibleArgs,
    ) -> Result<Self, InputError> {
        let at = |path: &String| shown(&place.join(path));
        let variables = |file: Option<&String>, given: &BTreeMap<String, String>| {
            let mut variables = match file {
                Some(file) => env_file(&at(file))?,
                None => BTreeMap::new(),
            };
            variables.extend(given.clone());
            Ok::<_, InputError>(variables)
        };
        let common = variables(one.env_file.as_ref(), &one.variables)?;
        let mut environments = Vec::new();
        for environment in &one.environments {
            let mut all = common.clone();
            all.extend(variables(environment.env_file.as_ref(), &environment.variables)?);
            all.extend(args.variables()?);
            environments.push(DescribedEnvironment {
                name: environment.name.clone(),
                settings: environment.settings.as_ref().or(one.settings.as_ref()).map(at),
                variables: all,
            });
        }
        if environments.is_empty() {
            let mut all = common;
            all.extend(args.variables()?);
            let settings = one.settings.as_ref().map(at);
            environments.push(DescribedEnvironment {
                name: String::new(),
                settings,
                variables: all,
            });
        }
        Ok(Self {
            base: base.to_owned(),
            partials: one.partials.as_ref().map(at),
            templates: one.templates.as_ref().map(at),
            environments,
            is_found: false,
            said_by: SaidBy::User,
            is_enterprise: false,
            line: None,
        })
    }

    /// What the variables of this process say of `base`, if they turn the flexible configuration on.
    fn by_process(base: &Path, args: &FlexibleArgs) -> Result<Option<Self>, InputError> {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        if set("FC_ENABLE").is_none() {
            return Ok(None);
        }
        let folder = |name: &str| set(name).map(PathBuf::from);
        let names = ["FC_SETTINGS", "FC_PARTIALS", "FC_TEMPLATES"];
        let [settings, partials, templates] = names.map(folder);
        let given = names.iter().zip([&settings, &partials, &templates]);
        let given: Vec<String> = given
            .filter_map(|(name, folder)| Some(format!("{name}={}", folder.as_ref()?.display())))
            .collect();
        let line = format!(
            "{}: rendered as FC_ENABLE of this process says{}{}",
            base.display(),
            if given.is_empty() { "" } else { ", with " },
            given.join(", ")
        );
        let variables = args.variables()?;
        Ok(Some(Self {
            base: base.to_owned(),
            partials,
            templates,
            environments: vec![DescribedEnvironment { name: String::new(), settings, variables }],
            is_found: false,
            said_by: SaidBy::User,
            is_enterprise: false,
            line: Some(line),
        }))
    }

    /// Whether anything but the base is a part of it.
    pub fn has_parts(&self) -> bool {
        self.line.is_some()
            || self.partials.is_some()
            || self.templates.is_some()
            || self.environments.len() > 1
            || self.environments.iter().any(|it| it.settings.is_some() || !it.variables.is_empty())
    }

    /// How findings in it are told.
    pub fn how(&self, args: &FlexibleArgs) -> How {
        How { is_strict: args.fc_strict, said_by: self.said_by }
    }

    /// The files of each environment, as the gateway finds them: settings and templates in one flat
    /// folder each, partials by the path that `include` names.
    pub fn read(&self, args: &FlexibleArgs) -> Result<Vec<Environment>, InputError> {
        self.read_by(args, &read)
    }

    /// The same with files that `read` reads.
    pub fn read_by(
        &self,
        args: &FlexibleArgs,
        read: Read<'_>,
    ) -> Result<Vec<Environment>, InputError> {
        let wanted = |it: &&DescribedEnvironment| {
            args.fc_environment.is_empty() || args.fc_environment.contains(&it.name)
        };
        let known = |name: &&String| self.environments.iter().any(|it| it.name == **name);
        let several = self.environments.len() > 1;
        if let Some(name) = args.fc_environment.iter().find(|name| several && !known(name)) {
            let names: Vec<&str> = self.environments.iter().map(|it| it.name.as_str()).collect();
            return Err(InputError::NoEnvironment(name.clone(), names.join(", ")));
        }
        let common = self.common(read)?;
        let mut environments = Vec::new();
        for one in self.environments.iter().filter(|it| !several || wanted(it)) {
            let mut project = common.clone();
            if let Some(folder) =
                folders::existing(one.settings.as_ref(), Role::Settings, &mut project)
            {
                for path in folders::files(folder)? {
                    if let Some(name) = folders::name(&path).strip_suffix(".json") {
                        project.add(Role::Settings, name, read(&path)?);
                    }
                }
            }
            project.environment.variables.clone_from(&one.variables);
            environments.push(Environment { name: one.name.clone(), project });
        }
        Ok(environments)
    }

    /// The base, templates and partials, which all environments share.
    fn common(&self, read: Read<'_>) -> Result<Project, InputError> {
        let mut project = Project::new(folders::name(&self.base), read(&self.base)?);
        if let Some(folder) =
            folders::existing(self.templates.as_ref(), Role::Template, &mut project)
        {
            for path in folders::files(folder)? {
                // The gateway minds the case.
                if path.extension().is_some_and(|extension| extension == "tmpl") {
                    project.add(Role::Template, folders::name(&path), read(&path)?);
                }
            }
        }
        if let Some(folder) = folders::existing(self.partials.as_ref(), Role::Partial, &mut project)
        {
            for (name, source) in folders::partials(folder, read)? {
                project.add(Role::Partial, name, source);
            }
        }
        Ok(project)
    }
}

/// The projects whose bases are among `inputs`, in their order, each with the index of its base.
pub fn find(
    inputs: &[Input],
    finder: &Arc<Finder>,
    args: &FlexibleArgs,
) -> Result<Vec<(usize, Described)>, InputError> {
    let mut projects = Vec::new();
    let mut bases: Vec<(usize, &Input, bool)> = Vec::new();
    let is_single = inputs.len() == 1 && !inputs[0].found;
    for (index, input) in inputs.iter().enumerate() {
        if input.path.as_os_str() == "-" {
            continue;
        }
        if let Some(described) = by_settings(&input.path, finder, args)? {
            projects.push((index, described));
        } else if let Some(source) = with_actions(&input.path) {
            if is_single && let Some(described) = Described::by_process(&input.path, args)? {
                projects.push((index, described));
            } else if find::is_base(&source) {
                bases.push((index, input, find::has_references(&source)));
            }
        }
    }
    projects.extend(by_repository(&bases, finder, args)?);
    if is_single
        && projects.is_empty()
        && (!args.fc_env.is_empty() || !args.fc_env_file.is_empty())
        && inputs[0].path.as_os_str() != "-"
    {
        projects.push((0, Described::by_flags(&inputs[0].path, args)?));
    }
    for (index, described) in &mut projects {
        described.is_found = inputs[*index].found;
    }
    projects.sort_by_key(|(index, _)| *index);
    Ok(projects)
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
    let found = find(&inputs, finder, args)?.pop();
    match found {
        Some((_, described)) => Ok(described),
        None => Described::by_flags(base, args),
    }
}

/// The text at `path` if it has actions. What a shell passes in comes once, and is left alone.
fn with_actions(path: &Path) -> Option<Source> {
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
) -> Result<Option<Described>, InputError> {
    // Settings that are wrong are told of when the file is checked with them.
    let Ok(Some(loaded)) = finder.of_file(base) else { return Ok(None) };
    let path = finder.absolute(base);
    let mut all = loaded.settings.flexible.iter();
    let is_it = |one: &&settings::Flexible| finder.absolute(&loaded.base.join(&one.base)) == path;
    let Some(one) = all.find(is_it) else { return Ok(None) };
    Described::by_settings(base, one, &loaded.base, args).map(Some)
}

/// What the repositories around `bases` say of them.
fn by_repository(
    bases: &[(usize, &Input, bool)],
    finder: &Arc<Finder>,
    args: &FlexibleArgs,
) -> Result<Vec<(usize, Described)>, InputError> {
    let mut by_root: BTreeMap<PathBuf, Vec<_>> = BTreeMap::new();
    for (index, input, has_references) in bases {
        let path = finder.absolute(&input.path);
        let root = repository(&path);
        if let Some(below) = path.strip_prefix(&root).ok().and_then(Path::to_str) {
            let below = below.replace('\\', "/");
            by_root.entry(root).or_default().push((index, input, has_references, below));
        }
    }
    let variables = args.variables()?;
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
        for (index, input, has_references, base) in &bases {
            let Some(found) = find::find(base, &names, &tree, &hints) else { continue };
            let at = |folder: &String| shown(&root.join(folder));
            let mut environments: Vec<DescribedEnvironment> = (found.settings.iter())
                .map(|(name, folder)| DescribedEnvironment {
                    name: name.clone(),
                    settings: Some(at(folder)),
                    variables: variables.clone(),
                })
                .collect();
            if environments.is_empty() {
                let variables = variables.clone();
                environments.push(DescribedEnvironment { variables, ..Default::default() });
            }
            projects.push((
                **index,
                Described {
                    base: input.path.clone(),
                    partials: found.partials.as_ref().map(at),
                    templates: found.templates.as_ref().map(at),
                    environments,
                    is_found: input.found,
                    said_by: if found.said_by.is_empty() {
                        SaidBy::Names
                    } else {
                        SaidBy::Repository
                    },
                    is_enterprise: found.is_enterprise || **has_references,
                    line: Some(found.line(&input.path.display().to_string())),
                },
            ));
        }
    }
    Ok(projects)
}

/// The files that may be a part of what is rendered with the base at `path`; none if it has no
/// actions.
pub fn around(path: &Path, finder: &Finder) -> Vec<PathBuf> {
    if path.as_os_str() == "-" || with_actions(path).is_none() {
        return Vec::new();
    }
    let root = repository(&finder.absolute(path));
    discovery::all(&root).into_iter().map(|file| root.join(file)).collect()
}

/// The root of the repository that the file at `path` is in; without one, its folder.
fn repository(path: &Path) -> PathBuf {
    let mut above = path.ancestors().skip(1);
    let root = above.find(|folder| folder.join(".git").exists());
    root.or(path.parent()).unwrap_or(Path::new("/")).to_owned()
}

fn hint(root: &Path, file: &str) -> Option<Hint> {
    let path = root.join(file);
    if fs::metadata(&path).ok()?.len() > LARGEST_HINT {
        return None;
    }
    Hint::read(file, &fs::read_to_string(path).ok()?)
}

/// A path as people know it: from here, if it is below.
fn shown(path: &Path) -> PathBuf {
    let here = canonical(Path::new("."));
    match path.strip_prefix(&here) {
        Ok(below) if !below.as_os_str().is_empty() => below.to_owned(),
        _ => path.to_owned(),
    }
}

fn read(path: &Path) -> Result<Source, InputError> {
    inputs::read(path, &InputArgs::default())
}
