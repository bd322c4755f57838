//! What is found: rules and their examples, schemas, and what depends on release and edition.

mod blocks;
mod conformance;
mod effective;
mod examples;
mod fixtures;
mod messages;
mod projects;
mod schemas;
mod signals;
mod versions;

#[path = "../support/edits.rs"]
mod edits;
