//! crate docs to come
#![allow(missing_docs)]

pub mod document;
pub mod finding;
pub mod report;
pub mod rule;
pub mod source;
pub mod target;
