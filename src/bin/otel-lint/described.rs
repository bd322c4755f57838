//! A flexible configuration as it is described, by flags, the settings file or the variables `FC_…` of this
//! process, and the files that belong to it.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use otel_lint::flexible::{Environment, How, SaidBy};
use otel_lint::settings;
use otel_lint::source::{Format, Source};
use otel_lint::template::{Project, Role};

use crate::common_args::InputArgs;
use crate::disk::canonical;
use crate::flexible_args::{FlexibleArgs, env_file};
use crate::folders::{self, Read};
use crate::inputs::{self, InputError};

/// A base and what is rendered with it, before any file of it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    pub base: PathBuf,
    pub partials: Option<PathBuf>,
    pub templates: Option<PathBuf>,
    pub environments: Vec<DescribedEnvironment>,
    /// The format of the rendered text, if `FC_OUT` says it.
    pub format: Option<Format>,
    /// Whether a search found the base.
    pub is_found: bool,
    /// Who said which folders belong to the base.
    pub said_by: SaidBy,
    /// Whether the repository has forms in it that only the Enterprise Edition knows.
    pub is_enterprise: bool,
    /// What is to be said about where this comes from.
    pub line: Option<String>,
}

/// One of the ways the base is rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DescribedEnvironment {
    /// What people call it; empty if there is only one.
    pub name: String,
    /// The folder of the settings.
    pub settings: Option<PathBuf>,
    pub variables: BTreeMap<String, String>,
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
            format: None,
            is_found: false,
            said_by: SaidBy::User,
            is_enterprise: false,
            line: None,
        })
    }

    /// What the settings file says of one base; its paths are relative to the folder `place`.
    pub fn by_settings(
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
            format: None,
            is_found: false,
            said_by: SaidBy::User,
            is_enterprise: false,
            line: None,
        })
    }

    /// What the variables of this process say of `base`, if they turn the flexible configuration on.
    pub fn by_process(base: &Path, args: &FlexibleArgs) -> Result<Option<Self>, InputError> {
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
            format: env::var("FC_OUT").ok().and_then(|out| Format::named(&out)),
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
        project.format = self.format;
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

/// A path as people know it: from here, if it is below.
pub fn shown(path: &Path) -> PathBuf {
    let here = canonical(Path::new("."));
    match path.strip_prefix(&here) {
        Ok(below) if !below.as_os_str().is_empty() => below.to_owned(),
        _ => path.to_owned(),
    }
}

pub fn read(path: &Path) -> Result<Source, InputError> {
    inputs::read(path, &InputArgs::default())
}
