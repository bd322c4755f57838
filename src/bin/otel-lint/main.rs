//! The command line: parse, dispatch, exit.

mod args;
mod baseline;
mod check;
mod choices;
mod common_args;
mod config;
mod described;
mod discovery;
mod disk;
mod effective;
mod exit;
mod fixes;
mod flexible_args;
mod folders;
mod init;
mod inputs;
#[cfg(feature = "lsp")]
mod lsp;
mod migrate;
mod output;
mod overwrite;
mod progress;
mod project;
mod projects;
mod propose;
mod render;
mod reports;
mod rules;
mod save;
mod schema;
mod settings;
mod shell;
mod statistics;
mod summary;
mod suppress;
mod system;
mod terminal;
mod threads;
mod watch;

use std::panic;
use std::process::ExitCode;

use clap::Parser;
use otel_lint::report;

use crate::args::{Args, CheckArgs, Command};
use crate::exit::Outcome;

/// Shows what clap says of the arguments, which it repeats as they are: somebody else may have chosen
/// them. Help and version are not errors.
fn refuse(error: &clap::Error) -> ExitCode {
    let text = error.render().to_string();
    let harmless = report::page(&text);
    if !error.use_stderr() || harmless == text.trim_end_matches('\n') {
        error.exit();
    }
    output::say(&harmless);
    Outcome::Failed.into()
}

fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        // What it says may quote the file.
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        output::say(&format!("otel-lint: a fault of otel-lint itself, at {place}"));
    }));
    shell::answer();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return refuse(&error),
    };
    let outcome = match args.command {
        None => check(args.check),
        Some(Command::Check(options)) => check(*options),
        Some(Command::Config(options)) => config::run(&options),
        Some(Command::Effective(options)) => effective::run(&options),
        Some(Command::Render(options)) => render::run(&options),
        Some(Command::Rules(options)) => rules::list(&options),
        Some(Command::Explain(options)) => rules::explain(&options),
        Some(Command::Suppress(options)) => suppress::run(&options),
        Some(Command::Init(options)) => init::run(&options),
        Some(Command::Migrate(options)) => migrate::run(&options),
        Some(Command::Schema(options)) => schema::run(&options),
        Some(Command::Completions(options)) => shell::completions(&options),
        Some(Command::Man(options)) => shell::manual(&options),
        #[cfg(feature = "lsp")]
        Some(Command::Lsp(options)) => lsp::run(&options),
    };
    outcome.into()
}

/// The main job, with or without the word `check`.
fn check(args: CheckArgs) -> Outcome {
    let args = args.with_output_as_report();
    let outcome = if args.watch { watch::run(&args) } else { check::run(&args) };
    if args.exit_zero && outcome == Outcome::Findings { Outcome::Clean } else { outcome }
}
