//! crate docs to come
#![allow(missing_docs)]

pub mod document;
pub mod effective;
pub mod finding;
pub mod linter;
pub mod model;
pub mod report;
pub mod rule;
pub mod rules;
pub mod schema;
pub mod secrets;
pub mod source;
pub mod target;

/// The project's home: the only place that names it.
pub const HOME: &str = "https://github.com/otel-lint/otel-lint";
