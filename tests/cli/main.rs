//! The program as it is run: arguments, files and folders, streams, exit status.

mod bases;
mod commands;
mod discovery;
mod faults;
mod files;
mod fixes;
mod flexible;
mod large;
mod limits;
mod reports;
mod safety;
mod setup;
mod shells;
mod watch;

#[path = "../support/program.rs"]
mod program;
