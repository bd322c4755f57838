//! Arguments that several commands have.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use otel_lint::source::Format;

use crate::disk;

/// What the files are.
#[derive(Debug, ClapArgs)]
pub struct InputArgs {
    /// The format of the files [default: by extension, JSON if it is unknown; of standard input by
    /// its first line]
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub input_format: Option<InputFormat>,
    /// The name that standard input has in messages, and whose extension tells its format
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<PathBuf>,
    /// The largest file that is read, in MB; a larger one is an error
    #[arg(long, value_name = "MB", default_value_t = disk::MOST_MB,
        value_parser = clap::value_parser!(u64).range(1..=4095))]
    pub max_file_size: u64,
}

impl Default for InputArgs {
    fn default() -> Self {
        Self { input_format: None, stdin_filename: None, max_file_size: disk::MOST_MB }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum InputFormat {
    Json,
    Yaml,
    Toml,
}

impl From<InputFormat> for Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Json => Self::Json,
            InputFormat::Yaml => Self::Yaml,
            InputFormat::Toml => Self::Toml,
        }
    }
}

/// What is to be done with fixes.
#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct FixArgs {
    /// Apply the safe fixes to the files, and report what is left; the text of standard input is
    /// printed
    #[arg(long, conflicts_with_all = ["watch", "list", "write_baseline"])]
    pub fix: bool,
    /// With --fix or --diff: also the fixes that change what the gateway does
    #[arg(long)]
    pub unsafe_fixes: bool,
    /// Print what --fix would change as a unified diff, change nothing, and exit with 1 if there is
    /// something; secrets are masked
    #[arg(long, conflicts_with_all = ["watch", "list", "write_baseline", "reports"])]
    pub diff: bool,
    /// With --fix: the same as --diff
    #[arg(long, requires = "fix")]
    pub dry_run: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum OutputFormat {
    /// With the lines of the file, for people
    #[default]
    Human,
    /// `path:line:col: severity[rule] message`, a line each
    Concise,
    /// The documented form, for programs
    Json,
    /// The same, an object a line
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// Code Quality of GitLab
    Gitlab,
    /// JUnit XML, for CI servers
    Junit,
    /// Checkstyle XML
    Checkstyle,
    /// A summary for a pull request
    Markdown,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// The shells that can complete arguments.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[expect(clippy::enum_variant_names, reason = "it is called so")]
pub enum Shell {
    Bash,
    Elvish,
    Fish,
    Nushell,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
}
