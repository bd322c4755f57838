//! crate docs to come
#![allow(missing_docs)]

pub mod document;
pub mod finding;
pub mod model;
pub mod rule;
pub mod schema;
pub mod source;
pub mod target;

/// Where the project lives; the published schemas are named after it.
pub const HOME: &str = "https://github.com/otel-lint/otel-lint";
