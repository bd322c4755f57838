//! `otel-lint migrate`: OpenTelemetry in the place of OpenCensus.

use clap::Args as ClapArgs;
use otel_lint::setup::{Refusal, opencensus};
use otel_lint::source::Source;
use otel_lint::{document, fix, report};

use crate::exit::Outcome;
use crate::propose::{Proposal, ProposeArgs};
use crate::{inputs, output};

#[derive(Debug, ClapArgs)]
pub struct MigrateArgs {
    /// Take the old block out as well
    #[arg(long)]
    pub remove: bool,
    #[command(flatten)]
    pub common: ProposeArgs,
}

pub fn run(args: &MigrateArgs) -> Outcome {
    let path = &args.common.file;
    let Some(options) = args.common.options() else { return Outcome::Failed };
    let failed = |why: &str| {
        output::say(&report::clean(&format!("otel-lint: {why}")));
        Outcome::Failed
    };
    let old = match inputs::read(path, &args.common.input) {
        Ok(source) => source,
        Err(error) => return failed(&error.to_string()),
    };
    let parsed = document::read(&old);
    let name = path.display();
    if document::template::is_template(&parsed) {
        return failed(&format!("{name}: a template is not changed: render it first"));
    }
    let migration = match opencensus::migrate(&parsed, args.remove) {
        Ok(migration) => migration,
        Err(why) => return failed(&format!("{name}: {why}")),
    };
    let Some(text) = fix::edited(&parsed.document, migration.edits) else {
        return failed(&format!("{name}: {}", Refusal::NoPlace));
    };
    let new = Source::new(old.name(), text).with_format(old.format());
    let remarks = &migration.remarks;
    Proposal { path, old: Some(&old), new, remarks, options }.present(&args.common)
}
