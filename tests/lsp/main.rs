//! The server for editors: what it answers, over the protocol and without it.

mod client;
mod completion;
mod editor;
mod edits;
mod in_force;
mod places;
mod positions;
mod projects;
mod protocol;
mod session;
mod settings;
mod workspace;

#[path = "../support/program.rs"]
#[allow(dead_code, reason = "the tests of the command line use all of it")]
mod program;
