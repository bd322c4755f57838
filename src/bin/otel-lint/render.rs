//! `otel-lint render`: what the gateway makes of a template.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use otel_lint::flexible::{self, Environment};
use otel_lint::report::human::diff;
use otel_lint::source::{Format, Source};
use otel_lint::template::{
    Limits, Link, Located, Origin, Place, Project, Rendered, UnknownKind, render,
};
use otel_lint::{document, report, secrets};
use serde_json::{Map, Value, json};

use crate::choices::SettingsArgs;
use crate::exit::Outcome;
use crate::flexible_args::FlexibleArgs;
use crate::inputs::InputError;
use crate::projects;
use crate::{output, settings};

/// The arguments.
#[derive(Debug, Args)]
pub struct RenderArgs {
    /// The base template; `-` is standard input
    #[arg(value_name = "BASE")]
    pub base: PathBuf,
    #[command(flatten)]
    pub flexible: FlexibleArgs,
    /// Print where each part of the text comes from, and not the text alone
    #[arg(long, value_name = "FORMAT", value_enum)]
    pub origins: Option<OriginsFormat>,
    /// Print what differs between the telemetry of two environments, as a unified diff; secrets are
    /// masked
    #[arg(long, num_args = 2, value_names = ["ENVIRONMENT", "ENVIRONMENT"], conflicts_with = "origins")]
    pub diff: Option<Vec<String>>,
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Levels of a configuration that are compared: no telemetry block is that deep.
const DEPTH: usize = 128;

/// How origins are printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum OriginsFormat {
    /// One object with the text and its parts
    Json,
}

/// Renders, and prints the text or the errors.
pub fn run(args: &RenderArgs) -> Outcome {
    let environments = match environments(args) {
        Ok(environments) => environments,
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            return Outcome::Failed;
        }
    };
    if let [old, new] = args.diff.as_deref().unwrap_or_default() {
        return differences(&environments, old, new);
    }
    let [Environment { project, .. }] = &*environments else {
        let names: Vec<&str> = environments.iter().map(|it| it.name.as_str()).collect();
        say(&format!("choose an environment with --fc-environment: {}", names.join(", ")));
        return Outcome::Failed;
    };
    let Some(rendered) = rendered(project) else { return Outcome::Failed };
    match args.origins {
        None => output::finish(&String::from_utf8_lossy(&rendered.text)),
        Some(OriginsFormat::Json) => {
            let text = serde_json::to_string_pretty(&origins(&rendered, project));
            output::finish(&(text.expect("values are JSON") + "\n"))
        }
    }
}

/// The environments that are asked for.
fn environments(args: &RenderArgs) -> Result<Vec<Environment>, InputError> {
    let finder = Arc::new(settings::finder(&args.settings));
    let described = projects::of_base(&args.base, &finder, &args.flexible)?;
    if let Some(line) = &described.line {
        output::say(&report::clean(line));
    }
    described.read(&args.flexible)
}

/// Renders, and says what is wrong or unknown; `None` if there is no text.
pub fn rendered(project: &Project) -> Option<Rendered> {
    let rendered = render(project, &Limits::default());
    for (name, place) in &rendered.missing_partials {
        let place = shown(*place, project);
        say(&format!("{place}: there is no partial `{name}`: the gateway inserts nothing"));
    }
    for unknown in &rendered.unknowns {
        let place = shown(unknown.place, project);
        let what = match &unknown.kind {
            UnknownKind::Variable(name) => format!("the variable {name} is not given"),
            UnknownKind::Function(name) => format!("the result of `{name}` is not known"),
        };
        say(&format!("{place}: {what}: `{}` stands for it", unknown.stand_in));
    }
    for error in &rendered.errors {
        say(&format!("{}: {}", shown(error.place, project), error.message));
    }
    if !rendered.errors.is_empty() {
        say("the text is not rendered; the gateway logs such an error and reads the raw file");
        return None;
    }
    Some(rendered)
}

/// Prints what differs between the telemetry of two environments.
fn differences(environments: &[Environment], old: &str, new: &str) -> Outcome {
    let mut texts = Vec::new();
    for name in [old, new] {
        let Some(environment) = environments.iter().find(|it| it.name == name) else {
            let names: Vec<&str> = environments.iter().map(|it| it.name.as_str()).collect();
            let names = names.join(", ");
            say(&InputError::NoEnvironment(name.to_owned(), names).to_string());
            return Outcome::Failed;
        };
        let Some(rendered) = rendered(&environment.project) else { return Outcome::Failed };
        let source = flexible::source(&environment.project, rendered.text);
        let parsed = document::read(&source);
        let root = parsed.document.root().filter(|_| parsed.reliable);
        let Some(value) = root.map(|root| parsed.document.to_value(root, DEPTH)) else {
            let format = source.format().as_str();
            say(&format!("in the environment {name} the rendered text is not {format}"));
            return Outcome::Failed;
        };
        let telemetry = telemetry(&value).unwrap_or_default();
        let text = serde_json::to_string_pretty(&telemetry).expect("values are JSON") + "\n";
        texts.push(Source::new(name, text).with_format(Format::Json));
    }
    let secrets = |source: &Source| secrets::all(&document::read(source).document, &[]);
    let [before, after] = &*texts else { return Outcome::Failed };
    let masked = (secrets(before), secrets(after));
    output::finish(&diff::between((old, new), (before, &masked.0), (after, &masked.1)))
}

/// What of `value` is telemetry, with the names of the endpoints and backends around it; `None` if
/// nothing is.
fn telemetry(value: &Value) -> Option<Value> {
    match value {
        Value::Object(members) => {
            let mut kept = Map::new();
            for (key, member) in members {
                if key.starts_with("telemetry/open") {
                    kept.insert(key.clone(), member.clone());
                } else if let Some(below) = telemetry(member) {
                    kept.insert(key.clone(), below);
                }
            }
            if kept.is_empty() {
                return None;
            }
            for name in ["endpoint", "method", "url_pattern"] {
                kept.extend(members.get(name).map(|value| (name.to_owned(), value.clone())));
            }
            Some(Value::Object(kept))
        }
        Value::Array(items) => {
            let kept: Vec<Value> = items.iter().filter_map(telemetry).collect();
            (!kept.is_empty()).then_some(Value::Array(kept))
        }
        _ => None,
    }
}

fn say(line: &str) {
    output::say(&report::clean(&format!("otel-lint: {line}")));
}

fn shown(place: Place, project: &Project) -> String {
    let source = &project.file(place.file).source;
    let position = source.position(place.span.start);
    format!("{}:{}:{}", source.name(), position.line, position.column)
}

/// The map of origins, for programs.
fn origins(rendered: &Rendered, project: &Project) -> Value {
    let segments = rendered.origins.iter(project);
    let segments: Vec<Value> =
        segments.map(|located| segment(&located, rendered, project)).collect();
    let unknowns = rendered.unknowns.iter().map(|unknown| {
        json!({
            "unknown": unknown_name(&unknown.kind),
            "standIn": unknown.stand_in,
            "at": place(unknown.place, project),
            "decides": places(&unknown.decides, project),
        })
    });
    json!({
        "text": String::from_utf8_lossy(&rendered.text),
        "segments": segments,
        "unknowns": unknowns.collect::<Vec<_>>(),
    })
}

fn segment(located: &Located, rendered: &Rendered, project: &Project) -> Value {
    let sources = located.sources.iter().map(|source| {
        let mut object = match &source.origin {
            Origin::Template => json!({"from": "template"}),
            Origin::Literal => json!({"from": "literal"}),
            Origin::Action => json!({"from": "action"}),
            Origin::Setting(pointer) => json!({"from": "setting", "pointer": pointer}),
            Origin::Key(pointer) => json!({"from": "key", "pointer": pointer}),
            Origin::Partial => json!({"from": "partial"}),
            Origin::Variable(name) => json!({"from": "variable", "name": name}),
            Origin::Unknown(index) => {
                let unknown = &rendered.unknowns[*index];
                json!({"from": "unknown", "name": unknown_name(&unknown.kind)})
            }
        };
        object["exact"] = json!(source.exact);
        if let Some(at) = source.place {
            object["at"] = place(at, project);
        }
        object
    });
    let chain = located.chain.iter().map(|link| self::link(link, project));
    let mut object = json!({
        "start": located.rendered.start,
        "end": located.rendered.end,
        "sources": sources.collect::<Vec<_>>(),
        "chain": chain.collect::<Vec<_>>(),
    });
    if let Some(action) = located.action {
        object["action"] = place(action, project);
    }
    object
}

fn link(link: &Link, project: &Project) -> Value {
    let mut object = json!({"at": place(link.place, project)});
    if let Some(iteration) = link.iteration {
        object["iteration"] = json!(iteration);
    }
    if let Some((file, pointer)) = &link.collection {
        let source = &project.file(*file).source;
        object["over"] = json!({"file": source.name(), "pointer": pointer});
    }
    object
}

fn unknown_name(kind: &UnknownKind) -> String {
    match kind {
        UnknownKind::Variable(name) => name.clone(),
        UnknownKind::Function(name) => (*name).to_owned(),
    }
}

fn places(places: &[Place], project: &Project) -> Vec<Value> {
    places.iter().map(|at| place(*at, project)).collect()
}

fn place(place: Place, project: &Project) -> Value {
    let source = &project.file(place.file).source;
    let position = source.position(place.span.start);
    json!({
        "file": source.name(),
        "start": place.span.start,
        "end": place.span.end,
        "line": position.line,
        "column": position.column,
    })
}
