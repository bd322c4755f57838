//! `otel-lint init`: writes a telemetry block for a destination into a configuration.

use std::path::Path;

use clap::Args as ClapArgs;
use otel_lint::document::{self, Kind};
use otel_lint::files::FileError;
use otel_lint::flexible::find;
use otel_lint::setup::{self, Destination, Refusal, Remark, Request, Telemetry, destination};
use otel_lint::source::{Format, Source};
use otel_lint::target::Target;
use otel_lint::{fix, linter, report, spelling};

use crate::exit::Outcome;
use crate::inputs::{self, InputError};
use crate::output;
use crate::propose::{Proposal, ProposeArgs, ask};

/// A configuration on one line up to this length is written anew on several, which nobody minds.
const SHORT: usize = 1000;

#[derive(Debug, ClapArgs)]
pub struct InitArgs {
    /// Where telemetry goes: jaeger, tempo, collector, alloy, datadog, newrelic, honeycomb,
    /// grafana-cloud, dynatrace, zipkin or prometheus; asked for on a terminal
    #[arg(long, value_name = "NAME", value_parser = target)]
    pub target: Option<&'static Destination>,
    /// OTLP over HTTP, to port 4318, instead of gRPC
    #[arg(long)]
    pub http: bool,
    /// The host of the exporter [default: what the target is usually called]
    #[arg(long, value_name = "HOST")]
    pub host: Option<String>,
    /// Its port [default: that of the protocol]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub port: Option<u16>,
    /// The name of the gateway in traces and metrics [default: the `name` of the configuration]
    #[arg(long, value_name = "NAME")]
    pub service_name: Option<String>,
    /// The share of requests that are traced, above 0 and at most 1
    #[arg(long, value_name = "RATE", default_value_t = 0.15, value_parser = rate)]
    pub sample_rate: f64,
    /// Only print the block as JSON, for a template or a partial
    #[arg(long, conflicts_with = "write")]
    pub print: bool,
    #[command(flatten)]
    pub common: ProposeArgs,
}

/// Reads the name of a destination.
fn target(name: &str) -> Result<&'static Destination, String> {
    destination::get(name).ok_or_else(|| {
        match spelling::nearest(name, destination::ALL.iter().map(|known| known.id)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are {}", names()),
        }
    })
}

fn names() -> String {
    destination::ALL.iter().map(|known| known.id).collect::<Vec<_>>().join(", ")
}

/// Reads a sample rate. 0 is none: it means 100 % to the gateway.
fn rate(text: &str) -> Result<f64, String> {
    let rate = text.parse::<f64>().ok().filter(|rate| *rate > 0.0 && *rate <= 1.0);
    rate.ok_or_else(|| "a number above 0 and at most 1, such as 0.15 for 15 %".to_owned())
}

pub fn run(args: &InitArgs) -> Outcome {
    let Some(destination) = args.target.or_else(asked) else {
        output::say(&format!(
            "otel-lint: --target: where does telemetry go? Known are {}",
            names()
        ));
        return Outcome::Failed;
    };
    match propose(args, destination) {
        Ok(outcome) => outcome,
        Err(why) => {
            output::say(&report::clean(&format!("otel-lint: {why}")));
            Outcome::Failed
        }
    }
}

/// The destination that somebody at a terminal names.
fn asked() -> Option<&'static Destination> {
    loop {
        let answer = ask(&format!("Where does telemetry go ({})? ", names()))?;
        match target(&answer) {
            Ok(destination) => return Some(destination),
            Err(_) if answer.is_empty() => return None,
            Err(hint) => output::say(&report::clean(&format!("{answer}: {hint}"))),
        }
    }
}

fn propose(args: &InitArgs, destination: &'static Destination) -> Result<Outcome, String> {
    let path = &args.common.file;
    let Some(options) = args.common.options() else { return Ok(Outcome::Failed) };
    let options = linter::Options { pedantic: true, ..options };
    let old = match inputs::read(path, &args.common.input) {
        Ok(source) => Some(source),
        Err(InputError::File(_, FileError::NotFound)) => None,
        Err(error) => return Err(error.to_string()),
    };
    let base = base(path, old.as_ref(), &options);
    let parsed = document::read(&base);
    let target = linter::target_of(&parsed.document, &options);
    let request = request(args, destination, target, &parsed.document);
    let Telemetry { blocks, mut remarks } = request.telemetry();
    if args.print {
        let members = blocks.into_iter().map(|(name, block)| (name.to_owned(), block));
        let text = serde_json::Value::Object(members.collect());
        return Ok(output::finish(&format!("{text:#}\n")));
    }
    let name = path.display();
    let refused = |why| format!("{name}: {why}");
    if let Some(text) = part(path, old.as_ref(), &blocks) {
        remarks.push(Remark {
            setting: find::action_for(&name.to_string()),
            text: "belongs into the `extra_config` at the root of the base, with a comma between it and others".to_owned(),
        });
        let new = Source::new(base.name(), text.map_err(refused)?).with_format(base.format());
        let proposal = Proposal { path, old: old.as_ref(), new, remarks: &remarks, options };
        return Ok(proposal.present(&args.common));
    }
    if has_actions(&parsed) {
        return Err(format!("{name}: a template: take the block from `otel-lint init --print`"));
    }
    if let Some(old) = &old {
        // What is refused is told at its place in the file as it is.
        setup::edits(&document::read(old), &blocks).map_err(refused)?;
    }
    let edits = setup::edits(&parsed, &blocks).map_err(refused)?;
    let text = fix::edited(&parsed.document, edits);
    let text = text.ok_or_else(|| format!("{name}: {}", Refusal::NoPlace))?;
    let new = Source::new(base.name(), text).with_format(base.format());
    let proposal = Proposal { path, old: old.as_ref(), new, remarks: &remarks, options };
    Ok(proposal.present(&args.common))
}

/// The text with `blocks` of a part of a flexible configuration that has members without braces, or is to
/// have them: a new template that is not called as a base is; `None` if it is none.
fn part(
    path: &Path,
    old: Option<&Source>,
    blocks: &[(&'static str, serde_json::Value)],
) -> Option<Result<Vec<u8>, Refusal>> {
    let name = path.display().to_string();
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = document::template::stem(&file);
    if stem.len() == file.len() || Format::of_name(stem) != Format::Json {
        return None;
    }
    let Some(old) = old else {
        let is_part = find::is_part(&name) || !stem.to_ascii_lowercase().starts_with("krakend");
        return is_part.then(|| Ok(setup::partial::new(blocks).into_bytes()));
    };
    let is_object = old.bytes().trim_ascii_start().starts_with(b"{");
    let text = (!is_object).then(|| setup::partial::extended(old, blocks))?;
    // What has actions between its members is no text to edit.
    (text != Err(Refusal::Broken)).then_some(text)
}

/// Whether the text that was `read` has actions that its format does not read as text.
fn has_actions(read: &document::Parsed<'_>) -> bool {
    let source = read.document.source();
    let is_readable = read.faults.iter().all(|fault| fault.is_warning);
    let has_braces = source.bytes().windows(2).any(|pair| pair == b"{{");
    document::template::is_template(read)
        && if source.format() == Format::Json { !is_readable } else { has_braces }
}

/// What the block is written into: the file, or a new one. A short object on one line becomes one on
/// several: a block would make it a long one.
fn base(path: &Path, old: Option<&Source>, options: &linter::Options) -> Source {
    let Some(old) = old else {
        let name = path.display().to_string();
        let format = Format::of_name(&name);
        let version = options.version.or(options.settings_version);
        let known = Target::default();
        let target = Target { version: version.unwrap_or(known.version), ..known };
        return Source::new(name, setup::new_file(format, target)).with_format(format);
    };
    let text = old.bytes().trim_ascii();
    let is_short = text.len() <= SHORT && !text.contains(&b'\n') && old.format() == Format::Json;
    let value = is_short.then(|| serde_json::from_slice::<serde_json::Value>(text).ok()).flatten();
    match value {
        // Not where a number would be written otherwise, or a repeated key be lost.
        Some(value) if value.is_object() && value.to_string().as_bytes() == compact(text) => {
            let long = format!("{value:#}\n");
            Source::new(old.name(), long).with_format(Format::Json)
        }
        _ => old.clone(),
    }
}

/// JSON without the white space between its tokens.
fn compact(text: &[u8]) -> Vec<u8> {
    let (mut in_string, mut is_escaped) = (false, false);
    let mut compact = text.to_vec();
    compact.retain(|&byte| {
        let ends = in_string && byte == b'"' && !is_escaped;
        is_escaped = in_string && byte == b'\\' && !is_escaped;
        let is_kept = in_string || !byte.is_ascii_whitespace();
        in_string = if in_string { !ends } else { byte == b'"' };
        is_kept
    });
    compact
}

fn request(
    args: &InitArgs,
    destination: &'static Destination,
    target: Target,
    doc: &document::Document<'_>,
) -> Request {
    let root = doc.root().filter(|&root| doc.kind(root) == Kind::Object);
    let name = root.and_then(|root| doc.str(doc.get(root, "name")?.value));
    let name = name.map(std::borrow::Cow::into_owned).filter(|name| !name.is_empty());
    Request {
        destination,
        http: args.http.then_some(true),
        host: args.host.clone(),
        port: args.port,
        service_name: args.service_name.clone().or(name).unwrap_or_else(|| "krakend".to_owned()),
        sample_rate: args.sample_rate,
        target,
    }
}
