//! Settings: who wins, what is refused and where, and that the docs, the schema and the reader know
//! the same keys.

mod docs;
mod engine;
mod faults;
mod precedence;

use otel_lint::analysis::CheckedFile;
use otel_lint::settings::{self, Settings};
use otel_lint::source::Source;

fn read(text: &str) -> Result<Settings, Box<CheckedFile>> {
    settings::read(Source::new("otel-lint.toml", text))
}

fn good(text: &str) -> Settings {
    read(text).unwrap_or_else(|report| panic!("{text}: {:?}", report.findings))
}
