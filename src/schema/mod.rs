//! JSON Schemas of the telemetry blocks: generated from the [model](crate::model), one per scope and
//! minor release, and compiled into the program.
//!
//! All are written in draft 07, also for releases whose official schema uses 2019-09: they use no
//! keyword that differs between the two, and every editor knows draft 07. Subschemas are inlined,
//! because draft 07 ignores a title or description beside a `$ref`.

mod error;
mod file;
mod generate;
mod misplaced;
pub(crate) mod pass;
mod site;
pub(crate) mod unknown;
mod validators;

pub use crate::model::Scope;
pub use error::{ShapeError, ShapeKind, Step};
pub use generate::{generate, pretty};
pub use pass::check;
pub use validators::{compiled_schemas, errors, is_valid};

use crate::target::Version;

/// The published schema of `scope` for the minor release of `version`, as text.
#[must_use]
pub fn text(scope: Scope, version: Version) -> String {
    pretty(&generate(scope, version))
}
