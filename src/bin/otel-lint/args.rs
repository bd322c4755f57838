//! The arguments.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use otel_lint::finding::Severity;
use otel_lint::schema::Scope;
use otel_lint::source::Format;
use otel_lint::target::{Edition, Version};

const EXAMPLES: &str = "\
Examples:
  otel-lint                               check ./krakend.json
  otel-lint gateway/*.json                check several files
  otel-lint --krakend-version 2.11 FILE   judge for the newest KrakenD 2.11
  otel-lint --fail-on warning FILE        also fail on warnings
  jq . FILE | otel-lint -                 check standard input
  otel-lint effective FILE                what the gateway will really do
  otel-lint explain sample-rate-zero      why that is a fault
  otel-lint schema --scope file           print a schema for your editor

Exit status:
  0  no finding at or above --fail-on
  1  findings at or above --fail-on
  2  called wrongly, or some file could not be read";

/// Finds what is wrong with the OpenTelemetry settings of a KrakenD configuration before the
/// gateway does.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(flatten)]
    pub check: CheckArgs,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show what the gateway will really do with a configuration
    Effective(EffectiveArgs),
    /// Explain a rule: what it finds, what happens without it, what to do
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Print a JSON schema of the telemetry settings
    Schema(SchemaArgs),
}

#[derive(Debug, ClapArgs)]
pub struct CheckArgs {
    /// Configurations to check; `-` is standard input [default: krakend.json]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub input: InputArgs,
    /// Skip files that are no KrakenD configuration and hold no telemetry block, instead of failing
    #[arg(long, visible_alias = "skip-unrecognized")]
    pub skip_unrecognised: bool,
    /// How to print findings
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: OutputFormat,
    #[command(flatten)]
    pub target: TargetArgs,
    /// The least severity that makes the exit status 1
    #[arg(long, value_name = "SEVERITY", value_enum, default_value_t)]
    pub fail_on: FailOn,
    /// Show infos as well: advice that is not certain to apply
    #[arg(long)]
    pub pedantic: bool,
    /// When to use colour; `auto` is: on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
    /// Print findings only, no summary
    #[arg(short, long)]
    pub quiet: bool,
}

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

#[derive(Debug, ClapArgs)]
pub struct TargetArgs {
    /// The gateway's release, X.Y or X.Y.Z; X.Y means its newest patch [default: what $schema
    /// names, else the newest]
    #[arg(long, value_name = "X.Y[.Z]")]
    pub krakend_version: Option<Version>,
    /// The gateway's edition: community or enterprise
    #[arg(long, value_enum, default_value_t)]
    pub edition: EditionArg,
}

#[derive(Debug, ClapArgs)]
pub struct SchemaArgs {
    /// Which part of a configuration the schema is for
    #[arg(long, value_enum, default_value_t)]
    pub scope: ScopeArg,
    /// The gateway's release, X.Y or X.Y.Z
    #[arg(long, value_name = "X.Y[.Z]", default_value_t = Version::NEWEST)]
    pub krakend_version: Version,
}

#[derive(Debug, ClapArgs)]
pub struct EffectiveArgs {
    /// The configuration; `-` is standard input [default: krakend.json]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    #[command(flatten)]
    pub input: InputArgs,
    /// How to show it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: EffectiveFormat,
    #[command(flatten)]
    pub target: TargetArgs,
    /// When to use colour; `auto` is: on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum EffectiveFormat {
    /// For people, each value with its origin
    #[default]
    Human,
    /// The documented form, for programs
    Json,
    /// A flow chart for a README or a pull request
    Mermaid,
}

#[derive(Debug, ClapArgs)]
pub struct ExplainArgs {
    /// The id of the rule, as findings show it
    pub rule: String,
    /// How to print it
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: PageFormat,
}

#[derive(Debug, ClapArgs)]
pub struct RulesArgs {
    /// How to print them
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: RulesFormat,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum PageFormat {
    /// Plain text
    #[default]
    Human,
    /// Markdown
    Markdown,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum RulesFormat {
    /// A table
    #[default]
    Human,
    /// An array of objects, with the page of each rule
    Json,
    /// Tables with links to the pages
    Markdown,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum OutputFormat {
    /// With the lines of the file, for people
    #[default]
    Human,
    /// `path:line:col: severity[rule] message`, a line each
    Concise,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum FailOn {
    #[default]
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    /// Whether a finding this bad fails the run.
    pub fn fails(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Info => true,
            Self::Never => false,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum EditionArg {
    #[default]
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

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ScopeArg {
    /// `telemetry/opentelemetry` of the service
    Service,
    /// `telemetry/opentelemetry` of an endpoint or async agent
    Endpoint,
    /// `telemetry/opentelemetry` of a backend
    Backend,
    /// `telemetry/opentelemetry-security` of the service
    Security,
    /// A whole configuration, for editors
    #[default]
    File,
}

impl From<ScopeArg> for Scope {
    fn from(scope: ScopeArg) -> Self {
        match scope {
            ScopeArg::Service => Self::Service,
            ScopeArg::Endpoint => Self::Endpoint,
            ScopeArg::Backend => Self::Backend,
            ScopeArg::Security => Self::Security,
            ScopeArg::File => Self::File,
        }
    }
}
