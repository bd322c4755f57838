//! The engine of `otel-lint`: what a KrakenD gateway will really do with the OpenTelemetry settings
//! of its configuration, and what is wrong with that.
//!
//! ```text
//! bytes ─► Source ─► Document ─┬─► schema pass ──────────────┐
//!         text, lines, one tape │   generated schema, per      ├─► findings ─► settle ─► Analysis ─► reporter ─► text
//!                     with      │   release and scope          │   (who gives way, sort)
//!                     spans     └─► Effective ─► rules ────────┘
//!                                   what the gateway will really do
//! ```
//!
//! One direction; no stage reaches back. What a user wrote can only ever produce findings: never an
//! `Err`, never a panic.
//!
//! # A tour
//!
//! - [`source`]: bytes, and the way from an offset to a line and a column.
//! - [`document`]: one flat tape of nodes with their exact places; [`document::json`] and
//!   [`document::yaml`] fill it.
//! - [`target`]: which gateway is meant: edition, release, and why this one.
//! - [`model`]: the telemetry block as types, the only definition of its shape.
//! - [`effective`]: decoder, defaults and overrides of the gateway: the settings in force.
//! - [`schema`]: the schemas generated from the model, and the pass that checks against them.
//! - [`rule`] and [`rules`]: what a rule is, and all of them, one file each.
//! - [`finding`]: what is said about a fault, and the edits that fix it.
//! - [`moves`]: the edits that move a key to where it belongs.
//! - [`suppress`]: what a file itself says to ignore, and why.
//! - [`evidence`]: what real gateways did with the examples of the rules.
//! - [`identity`]: what a finding is about, in words that survive edits elsewhere.
//! - [`fix`]: from those edits to bytes.
//! - [`policy`]: what the users decide: severities, secrets and hosts of their own.
//! - [`recognise`]: what a file is: a configuration, a fragment of one, or something else, and why.
//! - [`linter`]: the engine that runs all this.
//! - [`settings`]: the settings file, and what is in force for a file.
//! - [`setup`]: telemetry written into a configuration: for a destination, or instead of OpenCensus.
//! - [`report`]: the outputs.
//! - [`baseline`]: findings that are known and not to be told again.
//! - [`parallel`]: work on all cores, its results in order.
//! - [`template`]: a renderer of Go's templates that knows where each byte comes from.
//! - [`editor`]: what an editor asks about an open file, as data.
//! - [`outline`]: the effective configuration as plain data, text, JSON and diagram.
//!
//! # Example
//!
//! ```
//! use otel_lint::linter::{self, Options};
//! use otel_lint::source::Source;
//!
//! let text = r#"{
//!   "extra_config": {
//!     "telemetry/opentelemetry": {
//!       "exporters": {"otlp": [{"name": "c", "host": "collector", "use_http": true}]}
//!     }
//!   }
//! }"#;
//! let report = linter::check(Source::new("krakend.json", text), &Options::default());
//! assert_eq!(report.findings[0].rule, "otlp-http-without-port");
//! assert_eq!(report.source.position(report.findings[0].primary.span.start).line, 4);
//! ```

pub mod analysis;
pub mod baseline;
pub mod consequence;
pub mod document;
pub mod editor;
pub mod effective;
pub mod evidence;
pub mod files;
pub mod finding;
pub mod fix;
pub mod flexible;
pub mod identity;
pub mod linter;
pub mod model;
pub mod moves;
pub mod outline;
pub mod parallel;
pub mod policy;
pub mod recognise;
pub mod releases;
pub mod report;
pub mod rule;
pub mod rules;
pub mod schema;
pub mod secrets;
#[cfg(feature = "settings")]
pub mod settings;
pub mod setup;
pub mod source;
pub mod spelling;
pub mod suppress;
pub mod target;
pub mod template;

/// The project's home, of which `Cargo.toml` tells.
pub const HOME: &str = env!("CARGO_PKG_REPOSITORY");
