//! The command line: parse, dispatch, exit.

mod args;
mod baseline;
mod check;
mod effective;
mod exit;
mod inputs;
mod output;
mod rules;
mod schema;
mod summary;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Args, Command};

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        None => check::run(&args.check),
        Some(Command::Effective(options)) => effective::run(&options),
        Some(Command::Rules(options)) => rules::list(&options),
        Some(Command::Explain(options)) => rules::explain(&options),
        Some(Command::Schema(options)) => schema::run(&options),
    };
    outcome.into()
}
