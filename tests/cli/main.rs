//! The program as it is run: arguments, files and folders, streams, exit status.

mod commands;
mod discovery;
mod files;
mod fixes;
mod flexible;
mod large;
mod reports;
mod safety;
mod setup;
mod shells;
mod watch;

#[path = "../support/program.rs"]
mod program;
