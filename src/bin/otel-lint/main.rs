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
mod inputs;
mod output;
mod render;
mod reports;
mod rules;
mod schema;
mod settings;
mod summary;
mod threads;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        None if args.check.watch => watch::run(&args.check),
        None => check::run(&args.check),
        Some(Command::Config(options)) => config::run(&options),
        Some(Command::Effective(options)) => effective::run(&options),
        Some(Command::Render(options)) => render::run(&options),
        Some(Command::Rules(options)) => rules::list(&options),
        Some(Command::Explain(options)) => rules::explain(&options),
        Some(Command::Schema(options)) => schema::run(&options),
    };
    outcome.into()
}
