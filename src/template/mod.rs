//! A renderer of Go's `text/template` that knows where each byte of its output comes from.
//!
//! ```text
//! Project ─► Templates ─► Execution ─► Rendered
//! files,      statements    values with   text, the origin of each byte,
//! variables                 origins       errors, what is unknown
//! ```
//!
//! It follows the rules of Go's `text/template` and of sprig, with the functions that a KrakenD
//! gateway has for its Flexible Configuration: `functions` is all it knows of the gateway. The text
//! is the same, byte for byte, unless something is unknown: see [`Rendered::unknowns`].
//!
//! Nothing is read but what the [`Project`] holds: no file, no variable of the process, no clock.
//!
//! # Example
//!
//! ```
//! use otel_lint::source::Source;
//! use otel_lint::template::{Limits, Origin, Project, Role, render};
//!
//! let base = r#"{"port": {{ .service.port }}}"#;
//! let mut project = Project::new("krakend.tmpl", Source::new("krakend.tmpl", base));
//! let settings = Source::new("settings/service.json", r#"{"port": 8080}"#);
//! let service = project.add(Role::Settings, "service", settings);
//!
//! let rendered = render(&project, &Limits::default());
//! assert_eq!(rendered.text, br#"{"port": 8080}"#);
//! let port = rendered.origins.at(9, &project).unwrap();
//! assert_eq!(port.sources[0].origin, Origin::Setting("/port".to_owned()));
//! assert_eq!(port.sources[0].place.unwrap().file, service);
//! ```

#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "numbers behave as those of Go do"
)]
#![allow(clippy::unnecessary_wraps, reason = "the functions of a table have one signature")]
#![allow(clippy::match_same_arms, reason = "the arms are a table of verbs and kinds")]

mod ast;
mod call;
mod error;
mod evaluate;
mod execute;
mod float;
mod functions;
mod json_read;
mod json_write;
mod lexer;
mod literal;
mod machine;
mod origin;
mod parser;
mod pipeline;
mod print;
mod printf;
mod project;
mod rendered;
mod runes;
mod value;

pub use error::{Error, ErrorKind};
pub use origin::{FileId, Place};
pub use project::{Environment, File, Project, Role};
pub use rendered::{Link, Located, Origin, Origins, Rendered, Source, Unknown, UnknownKind};

use std::collections::BTreeSet;

use execute::Execution;
use machine::Machine;
use parser::Templates;
use value::{Data, Map, Member};

/// What rendering may take. A limit that is reached is an error, [`ErrorKind::Limit`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the rendered text.
    pub output: usize,
    /// Statements, operands and calls that are executed, and what functions do for them.
    pub steps: u64,
    /// Bytes of all values that are made on the way.
    pub memory: u64,
    /// Calls of templates within calls of templates.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { output: 64 << 20, steps: 20_000_000, memory: 1 << 28, depth: 10_000 }
    }
}

/// Renders a project. What is wrong with it is in [`Rendered::errors`].
#[must_use]
pub fn render(project: &Project, limits: &Limits) -> Rendered {
    let mut machine = Machine::new(project, limits);
    let mut templates = Templates::default();
    let mut errors = Vec::new();
    let root = settings(project, &mut machine, &mut errors);
    parse_all(project, &mut templates, &mut machine, &mut errors);
    if !errors.is_empty() {
        return Rendered {
            text: Vec::new(),
            origins: Origins::new(),
            errors,
            unknowns: Vec::new(),
            missing_partials: Vec::new(),
            missing_values: Vec::new(),
            missing_settings: BTreeSet::new(),
        };
    }
    Execution::new(project, &templates, machine, limits).run(root)
}

/// The value that templates begin with: all settings by the names of their files.
fn settings(project: &Project, machine: &mut Machine<'_>, errors: &mut Vec<Error>) -> value::Value {
    let mut root = Map::default();
    for (name, file) in project.by_name(Role::Settings) {
        let text = project.file(file).source.bytes();
        let origins = Some((&mut machine.entries, file));
        let fault = match json_read::read(text, &mut machine.heap, origins) {
            Ok(value) => {
                let value = match value.data {
                    // A file with nothing but `null` is an empty map.
                    Data::Nil => {
                        let map = Map { is_nil: true, ..Map::default() };
                        machine.heap.add_map(map).with_origin(value.origin)
                    }
                    _ => value,
                };
                if matches!(value.data, Data::Map(_)) {
                    let member = Member { key: origin::OriginId::NONE, value };
                    root.members.insert(name.into(), member);
                    continue;
                }
                let start = crate::source::Span::at(0);
                let message = "settings are a JSON object, and this is something else";
                json_read::Fault { span: start, message, is_limit: false }
            }
            Err(fault) => fault,
        };
        let kind = if fault.is_limit { ErrorKind::Limit } else { ErrorKind::Settings };
        errors.push(Error::new(kind, Place::new(file, fault.span), fault.message));
    }
    machine.heap.add_map(root)
}

/// Parses the base and then the templates by name, as the gateway does; one error for each file.
fn parse_all(
    project: &Project,
    templates: &mut Templates,
    machine: &mut Machine<'_>,
    errors: &mut Vec<Error>,
) {
    let base = project.base();
    let others = project.by_name(Role::Template);
    let base_name = project.file(base).name.as_bytes();
    for (name, file) in std::iter::once((base_name, base)).chain(others) {
        let text = project.file(file).source.bytes();
        let parsed = parser::parse(file, name, text, templates, &mut machine.entries);
        errors.extend(parsed.err());
    }
}
