//! What a call chooses with flags, beside the settings file.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use otel_lint::finding::Severity;
use otel_lint::policy::{self, Level};
use otel_lint::settings::{Choices, Given, Selector};
use otel_lint::target::{Edition, Version};

#[derive(Debug, ClapArgs)]
pub struct TargetArgs {
    /// The gateway's release, X.Y or X.Y.Z; X.Y means its newest patch [default: what the settings
    /// say, else what $schema names, else the newest]
    #[arg(long, value_name = "X.Y[.Z]")]
    pub krakend_version: Option<Version>,
    /// The gateway's edition: community or enterprise [default: ce]
    #[arg(long, value_enum)]
    pub edition: Option<EditionArg>,
}

#[derive(Debug, ClapArgs)]
pub struct SettingsArgs {
    /// The settings file [default: the nearest otel-lint.toml or .otel-lint.toml above each file]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read no settings file
    #[arg(long)]
    pub no_config: bool,
}

#[derive(Debug, ClapArgs)]
pub struct RuleArgs {
    /// Check these rules only: ids or groups, comma-separated; repeatable, as the next three
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = selector)]
    pub select: Vec<Selector>,
    /// Leave these rules out
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = dispensable)]
    pub ignore: Vec<Selector>,
    /// Make errors of what these rules find
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = selector)]
    pub error: Vec<Selector>,
    /// Make warnings of what these rules find
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = dispensable)]
    pub warn: Vec<Selector>,
    /// The least severity that makes the exit status 1 [default: error]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub fail_on: Option<FailOn>,
    /// Show infos as well: advice that is not certain to apply
    #[arg(long)]
    pub pedantic: bool,
}

/// Reads the name of a rule or group.
fn selector(name: &str) -> Result<Selector, String> {
    name.parse()
        .map_err(|error: otel_lint::settings::UnknownRule| format!("{error}. {}", error.help()))
}

/// Reads the name of a rule or group that need not be an error.
fn dispensable(name: &str) -> Result<Selector, String> {
    let selector = selector(name)?;
    if selector.is_indispensable() {
        return Err("a file that cannot be read cannot be checked; that always is an error".into());
    }
    Ok(selector)
}

impl TargetArgs {
    /// What these flags choose.
    pub fn choices(&self) -> Choices {
        let edition = self.edition.map(Edition::from);
        Choices {
            krakend_version: self.krakend_version.map(|v| Given::by_flag("--krakend-version", v)),
            edition: edition.map(|edition| Given::by_flag("--edition", edition)),
            ..Choices::default()
        }
    }
}

impl RuleArgs {
    /// What these flags and those of `target` choose.
    pub fn choices(&self, target: &TargetArgs) -> Choices {
        let by = |flag: &'static str, names: &[Selector]| -> Vec<Given<Selector>> {
            names.iter().map(|name| Given::by_flag(flag, *name)).collect()
        };
        let levels = [
            ("--ignore", &self.ignore, Level::Off),
            ("--error", &self.error, Level::At(Severity::Error)),
            ("--warn", &self.warn, Level::At(Severity::Warning)),
        ];
        Choices {
            pedantic: self.pedantic.then(|| Given::by_flag("--pedantic", true)),
            fail_on: self.fail_on.map(|fail_on| Given::by_flag("--fail-on", fail_on.into())),
            select: Some(by("--select", &self.select)).filter(|names| !names.is_empty()),
            levels: levels
                .into_iter()
                .flat_map(|(flag, names, level)| {
                    by(flag, names).into_iter().map(move |name| (name, Some(level)))
                })
                .collect(),
            ..target.choices()
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl From<FailOn> for policy::FailOn {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Info => Self::Info,
            FailOn::Never => Self::Never,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum EditionArg {
    Ce,
    Ee,
}

impl From<EditionArg> for Edition {
    fn from(edition: EditionArg) -> Self {
        match edition {
            EditionArg::Ce => Self::Community,
            EditionArg::Ee => Self::Enterprise,
        }
    }
}
