//! The flags of flexible configurations: folders, variables, environments.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use crate::disk;
use crate::inputs::InputError;

/// What belongs to a template.
#[derive(Debug, Default, Args)]
#[expect(clippy::struct_field_names, reason = "they are the names of the flags")]
pub struct FlexibleArgs {
    /// The folder of the settings, `FC_SETTINGS` of the gateway
    #[arg(long, value_name = "DIR")]
    pub fc_settings: Option<PathBuf>,
    /// The folder of the partials, `FC_PARTIALS` of the gateway
    #[arg(long, value_name = "DIR")]
    pub fc_partials: Option<PathBuf>,
    /// The folder of the templates, `FC_TEMPLATES` of the gateway
    #[arg(long, value_name = "DIR")]
    pub fc_templates: Option<PathBuf>,
    /// A variable of the environment; repeatable. NAME alone takes the value that it has here: else
    /// nothing is taken from the environment of this process
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub fc_env: Vec<Variable>,
    /// A file with a NAME=VALUE on each line; repeatable
    #[arg(long, value_name = "FILE")]
    pub fc_env_file: Vec<PathBuf>,
    /// Of several environments that the settings or the repository name, only this one; repeatable
    #[arg(long, value_name = "NAME")]
    pub fc_environment: Vec<String>,
    /// Make each variable that is not given an error
    #[arg(long)]
    pub fc_strict: bool,
}

impl FlexibleArgs {
    /// Whether the flags describe a project.
    pub fn has_folders(&self) -> bool {
        let folders = [&self.fc_settings, &self.fc_partials, &self.fc_templates];
        folders.iter().any(|folder| folder.is_some())
    }

    /// The variables that are given.
    pub fn variables(&self) -> Result<BTreeMap<String, String>, InputError> {
        let mut variables = BTreeMap::new();
        for file in &self.fc_env_file {
            variables.extend(env_file(file)?);
        }
        let given = self.fc_env.iter().map(|one| (one.name.clone(), one.value.clone()));
        variables.extend(given);
        Ok(variables)
    }
}

/// A variable of the environment.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub value: String,
}

impl FromStr for Variable {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || text.starts_with('=') {
            return Err("the variable has no name".to_owned());
        }
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, value.to_owned()),
            None => match env::var(text) {
                Ok(value) => (text, value),
                Err(_) => return Err(format!("{text} is not set here: write NAME=VALUE")),
            },
        };
        Ok(Self { name: name.to_owned(), value })
    }
}

/// The variables in a file: `NAME=VALUE` on each line, as Docker and Compose read it.
pub fn env_file(path: &Path) -> Result<BTreeMap<String, String>, InputError> {
    let failed = |error| InputError::File(path.display().to_string(), error);
    let bytes = disk::read(path).map_err(failed)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
    let variables = lines.filter_map(|line| {
        let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
        let value = value.trim();
        let quoted = ['"', '\''].iter().find_map(|quote| {
            value.strip_prefix(*quote).and_then(|value| value.strip_suffix(*quote))
        });
        Some((name.trim().to_owned(), quoted.unwrap_or(value).to_owned()))
    });
    Ok(variables.collect())
}
