//! The arguments.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use otel_lint::report::MOST_FINDINGS;
use otel_lint::schema::Scope;
use otel_lint::target::Version;

use crate::choices::{RuleArgs, SettingsArgs, TargetArgs};
use crate::common_args::{Color, FixArgs, InputArgs, OutputFormat, Shell};
use crate::flexible_args::FlexibleArgs;
use crate::render::RenderArgs;

const EXAMPLES: &str = "\
Examples:
  otel-lint                               check ./krakend.json
  otel-lint gateway/*.json                check several files
  otel-lint .                             check what is found in this folder
  otel-lint --watch                       check again whenever a file changes
  otel-lint --krakend-version 2.11 FILE   check against the newest 2.11
  otel-lint --fail-on warning FILE        also fail on warnings
  otel-lint --fix FILE                    apply the safe fixes
  otel-lint --diff --unsafe-fixes FILE    show what all fixes would change
  otel-lint --ignore sampling FILE        leave out a rule or a group of them
  otel-lint --report sarif=out.sarif .    write a report for code scanning as well
  jq . FILE | otel-lint -                 check standard input
  otel-lint effective FILE                what the gateway will really do
  otel-lint render BASE                   what Flexible Configuration makes of a template
  otel-lint init --target jaeger FILE     write a telemetry block
  otel-lint config FILE                   which settings apply to it, and where from
  otel-lint explain sample-rate-zero      why that is a problem
  otel-lint explain --log LINE            which fault makes the gateway log that line
  otel-lint schema --scope file           print a schema for your editor
  otel-lint lsp                           serve an editor: docs/editors.md tells how

Exit status:
  0  no finding at or above --fail-on
  1  findings at or above --fail-on; with --diff: something would be fixed
  2  called wrongly, some file could not be read, the settings are wrong, or a search found
     no configuration";

/// What `--version` prints after the name: also which releases of the gateway are known.
fn version() -> String {
    let (own, first, newest) = (env!("CARGO_PKG_VERSION"), Version::FIRST, Version::NEWEST);
    format!("{own}\nknows KrakenD {first} to {newest}")
}

/// Finds what is wrong with the OpenTelemetry settings of a KrakenD configuration before the
/// gateway does.
#[derive(Debug, Parser)]
#[command(version, long_version = version(), after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(flatten)]
    pub check: CheckArgs,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check configurations, as without a command: `otel-lint check .` is `otel-lint .`
    Check(Box<CheckArgs>),
    /// Show what the gateway will really do with a configuration
    Effective(EffectiveArgs),
    /// Show which settings apply to a configuration, and where each comes from
    Config(ConfigArgs),
    /// Render a template as the gateway's Flexible Configuration does, and tell where the text comes
    /// from
    Render(RenderArgs),
    /// Write into a file that its findings of a rule are to be ignored, and why
    Suppress(SuppressArgs),
    /// Write a telemetry block for a destination into a configuration, new or not
    Init(crate::init::InitArgs),
    /// Write `telemetry/opentelemetry` for the settings of `telemetry/opencensus`
    Migrate(crate::migrate::MigrateArgs),
    /// Explain a rule: what it finds, what happens without it, what to do; or list a group
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Print a JSON schema of the telemetry settings
    Schema(SchemaArgs),
    /// Print the script that makes a shell complete the arguments, names of rules included
    Completions(CompletionsArgs),
    /// Print the manual page of the program or of one of its commands, for `man`
    Man(ManArgs),
    /// Serve an editor over standard input and output, with the Language Server Protocol
    #[cfg(feature = "lsp")]
    Lsp(crate::lsp::LspArgs),
}

#[derive(Debug, ClapArgs)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub struct CheckArgs {
    /// Configurations to check, and folders to search for them; `-` is standard input [default:
    /// krakend.json]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub input: InputArgs,
    /// How to print findings
    #[arg(short = 'f', long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: OutputFormat,
    /// Write the findings to this file instead of printing them
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Count the findings of each rule instead of printing them
    #[arg(long, conflicts_with_all = ["output", "output_format"])]
    pub statistics: bool,
    /// Exit with status 0 whatever is found; what cannot be checked still gives 2
    #[arg(long)]
    pub exit_zero: bool,
    /// Also exit with status 1 if a file that is or may be a configuration was not checked
    #[arg(long)]
    pub fail_on_unchecked: bool,
    #[command(flatten)]
    pub report: ReportArgs,
    /// When to use colour; `auto` is: on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
    /// Report only findings that are not recorded in this baseline
    #[arg(long, value_name = "FILE", conflicts_with = "write_baseline")]
    pub baseline: Option<PathBuf>,
    /// Record today's findings in a baseline, so that from now on only new ones are reported
    #[arg(long, value_name = "FILE", conflicts_with = "watch")]
    pub write_baseline: Option<PathBuf>,
    /// Findings of one rule in one file that `human` and `concise` show at most; 0 shows all. Formats for
    /// programs have all
    #[arg(long, value_name = "N", default_value_t = MOST_FINDINGS)]
    pub max_findings: usize,
    /// Print findings only, no summary
    #[arg(short, long)]
    pub quiet: bool,
    /// Say of each file what it is and what it was checked against
    #[arg(short, long, conflicts_with = "quiet")]
    pub verbose: bool,
    /// Check again whenever a file changes, until Ctrl-C
    #[arg(long, conflicts_with = "list")]
    pub watch: bool,
    #[command(flatten, next_help_heading = "Fixes")]
    pub fix: FixArgs,
    #[command(flatten, next_help_heading = "Gateway")]
    pub target: TargetArgs,
    #[command(flatten, next_help_heading = "Rules")]
    pub rules: RuleArgs,
    #[command(flatten, next_help_heading = "Settings")]
    pub settings: SettingsArgs,
    #[command(flatten, next_help_heading = "Files")]
    pub choice: ChoiceArgs,
    #[command(flatten, next_help_heading = "Flexible Configuration")]
    pub flexible: FlexibleArgs,
}

/// Which files are checked.
#[derive(Debug, ClapArgs)]
pub struct ChoiceArgs {
    /// In folders, leave out what matches this pattern, written as in .gitignore; repeatable
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// Skip files that are not KrakenD configuration and hold no telemetry block, instead of failing
    #[arg(long, visible_alias = "skip-unrecognized")]
    pub skip_unrecognised: bool,
    /// List what each file is and why, also of those that are not checked; a line each: name, kind
    /// and reason, with tabs between them. Print no findings
    #[arg(long = "show-files", visible_alias = "files")]
    pub list: bool,
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
    #[arg(short = 'f', long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: EffectiveFormat,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// When to use colour; `auto` is: on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
    #[command(flatten, next_help_heading = "Flexible Configuration")]
    pub flexible: FlexibleArgs,
}

#[derive(Debug, ClapArgs)]
pub struct ConfigArgs {
    /// The configuration [default: krakend.json, which need not be there]
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// How to print it
    #[arg(short = 'f', long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: ConfigFormat,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub rules: RuleArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub enum ConfigFormat {
    /// What differs from the defaults, and where it comes from
    #[default]
    Human,
    /// Everything, for programs
    Json,
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
pub struct SuppressArgs {
    /// The id of the rule, as findings show it
    pub rule: String,
    /// Why its findings are all right here, for whoever reads the file next
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The configurations; `-` is standard input, whose text is printed [default: krakend.json]
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub target: TargetArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// When to use colour in what is said about wrong settings
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
}

#[derive(Debug, ClapArgs)]
pub struct ExplainArgs {
    /// The id of the rule, as findings show it
    #[arg(required_unless_present = "log")]
    pub rule: Option<String>,
    /// Instead of a rule, a line of the gateway's log: show the rules whose examples made a gateway
    /// log such a line
    #[arg(long, value_name = "LINE", conflicts_with_all = ["rule", "output_format"])]
    pub log: Option<String>,
    /// How to print it
    #[arg(short = 'f', long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: PageFormat,
}

#[derive(Debug, ClapArgs)]
pub struct RulesArgs {
    /// How to print them
    #[arg(short = 'f', long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output_format: RulesFormat,
}

#[derive(Debug, ClapArgs)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

#[derive(Debug, ClapArgs)]
pub struct ManArgs {
    /// The command [default: the program as a whole]
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
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

impl CheckArgs {
    /// The same with `--output FILE` as one more report, which is what it is: reports are written
    /// whole, and never over an input.
    pub fn with_output_as_report(mut self) -> Self {
        if let Some(file) = &self.output {
            if file.as_os_str() == "-" {
                self.output = None;
            } else {
                let (format, file) = (self.output_format, file.clone());
                self.report.reports.push(ReportFile { format, file });
            }
        }
        self
    }
}

/// What is written beside the findings.
#[derive(Debug, ClapArgs)]
pub struct ReportArgs {
    /// Write a report to a file as well, whole or not at all; may be repeated
    #[arg(long = "report", value_name = "FORMAT=FILE")]
    pub reports: Vec<ReportFile>,
    /// In GitHub Actions, print no annotations after the findings: for those who upload SARIF
    #[arg(long)]
    pub no_annotations: bool,
}

/// A format and the file to write it to.
#[derive(Clone, Debug)]
pub struct ReportFile {
    pub format: OutputFormat,
    pub file: PathBuf,
}

impl FromStr for ReportFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (format, file) =
            text.split_once('=').ok_or("write FORMAT=FILE, as in sarif=report.sarif")?;
        let format = OutputFormat::from_str(format, false).map_err(|_| {
            let known =
                OutputFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            let names: Vec<_> = known.map(|value| value.get_name().to_owned()).collect();
            format!("there is no format `{format}`; there are {}", names.join(", "))
        })?;
        match file {
            "" => Err("the file has no name".to_owned()),
            "-" => Err("for standard output there is --output-format".to_owned()),
            file => Ok(Self { format, file: PathBuf::from(file) }),
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
    /// The settings of this program: otel-lint.toml
    Settings,
}

impl ScopeArg {
    /// The part of a configuration; `None` for the settings of this program.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Self::Service => Some(Scope::Service),
            Self::Endpoint => Some(Scope::Endpoint),
            Self::Backend => Some(Scope::Backend),
            Self::Security => Some(Scope::Security),
            Self::File => Some(Scope::File),
            Self::Settings => None,
        }
    }
}
