//! The command line: parse, dispatch, exit.

mod args;
mod baseline;
mod check;
mod choices;
mod config;
mod discovery;
mod disk;
mod effective;
mod exit;
mod fixes;
mod inputs;
mod output;
mod progress;
mod render;
mod reports;
mod rules;
mod save;
mod schema;
mod settings;
mod statistics;
mod summary;
mod suppress;
mod terminal;
mod threads;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, CheckArgs, Command};
use crate::exit::Outcome;

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        None => check(args.check),
        Some(Command::Check(options)) => check(*options),
        Some(Command::Config(options)) => config::run(&options),
        Some(Command::Effective(options)) => effective::run(&options),
        Some(Command::Render(options)) => render::run(&options),
        Some(Command::Rules(options)) => rules::list(&options),
        Some(Command::Explain(options)) => rules::explain(&options),
        Some(Command::Suppress(options)) => suppress::run(&options),
        Some(Command::Schema(options)) => schema::run(&options),
    };
    outcome.into()
}

/// The main job, with or without the word `check`.
fn check(args: CheckArgs) -> Outcome {
    let args = args.with_output_as_report();
    let outcome = if args.watch { watch::run(&args) } else { check::run(&args) };
    if args.exit_zero && outcome == Outcome::Findings { Outcome::Clean } else { outcome }
}
