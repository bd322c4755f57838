//! `otel-lint migrate`: OpenTelemetry in the place of OpenCensus.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use otel_lint::setup::{Refusal, opencensus};
use otel_lint::source::Source;
use otel_lint::{document, fix, report};

use crate::args::{Color, InputArgs, OutputFormat};
use crate::choices::{SettingsArgs, TargetArgs};
use crate::exit::Outcome;
use crate::propose::{Proposal, WriteArgs};
use crate::{inputs, output, settings};

#[derive(Debug, ClapArgs)]
pub struct MigrateArgs {
    /// Take the old block out as well
    #[arg(long)]
    pub remove: bool,
    #[command(flatten)]
    pub write: WriteArgs,
    /// The configuration; `-` is standard input, whose new text is printed
    #[arg(value_name = "FILE", default_value = inputs::DEFAULT)]
    pub file: PathBuf,
    #[command(flatten)]
    pub input: InputArgs,
    #[command(flatten)]
    pub gateway: TargetArgs,
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// When to use colour in what is said about wrong settings
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
}

pub fn run(args: &MigrateArgs) -> Outcome {
    let path = &args.file;
    let finder = settings::finder(&args.settings);
    let options = match finder.in_force(path, &args.gateway.choices()) {
        Ok(in_force) => in_force.options(),
        Err(error) => {
            settings::say(&error, OutputFormat::Human, args.color);
            return Outcome::Failed;
        }
    };
    let failed = |why: &str| {
        output::say(&report::clean(&format!("otel-lint: {why}")));
        Outcome::Failed
    };
    let old = match inputs::read(path, &args.input) {
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
    Proposal { path, old: Some(&old), new, remarks, options }.present(args.write)
}
