//! `otel-lint render`: what the gateway makes of a template.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, ValueEnum};
use otel_lint::files::FileError;
use otel_lint::report;
use otel_lint::source::Source;
use otel_lint::template::{
    Limits, Link, Located, Origin, Place, Project, Rendered, Role, UnknownKind, render,
};
use serde_json::{Value, json};

use crate::args::InputArgs;
use crate::exit::Outcome;
use crate::inputs::{self, InputError};
use crate::output;

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
}

/// What belongs to a template.
#[derive(Debug, Default, Args)]
#[expect(clippy::struct_field_names, reason = "they are the names of the flags")]
pub struct FlexibleArgs {
    /// The folder of the settings, `FC_SETTINGS` of the gateway
    #[arg(long, value_name = "DIR")]
    pub fc_settings: Option<PathBuf>,
    /// The folder of the partials, `FC_PARTIALS` of the gateway
    #[arg(long, value_name = "DIR")]
    pub fc_partials: Option<PathBuf>,
    /// The folder of the templates, `FC_TEMPLATES` of the gateway
    #[arg(long, value_name = "DIR")]
    pub fc_templates: Option<PathBuf>,
    /// A variable of the environment; repeatable. Nothing is taken from the environment of this
    /// process
    #[arg(long, value_name = "NAME=VALUE")]
    pub fc_env: Vec<Variable>,
}

impl FlexibleArgs {
    /// Whether a project is described at all.
    pub fn is_given(&self) -> bool {
        let folders = [&self.fc_settings, &self.fc_partials, &self.fc_templates];
        folders.iter().any(|folder| folder.is_some()) || !self.fc_env.is_empty()
    }
}

/// How origins are printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum OriginsFormat {
    /// One object with the text and its parts
    Json,
}

/// A variable of the environment.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub value: String,
}

impl FromStr for Variable {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once('=').ok_or("write NAME=VALUE")?;
        if name.is_empty() {
            return Err("the variable has no name");
        }
        Ok(Self { name: name.to_owned(), value: value.to_owned() })
    }
}

/// Renders, and prints the text or the errors.
pub fn run(args: &RenderArgs) -> Outcome {
    let project = match project(&args.base, &args.flexible) {
        Ok(project) => project,
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            return Outcome::Failed;
        }
    };
    let rendered = render(&project, &Limits::default());
    for (name, place) in &rendered.missing_partials {
        let place = shown(*place, &project);
        say(&format!("{place}: there is no partial `{name}`: the gateway inserts nothing"));
    }
    for unknown in &rendered.unknowns {
        let place = shown(unknown.place, &project);
        let what = match &unknown.kind {
            UnknownKind::Variable(name) => format!("the variable {name} is not given"),
            UnknownKind::Function(name) => format!("the result of `{name}` is not known"),
        };
        say(&format!("{place}: {what}: `{}` stands for it", unknown.stand_in));
    }
    for error in &rendered.errors {
        say(&format!("{}: {}", shown(error.place, &project), error.message));
    }
    if !rendered.errors.is_empty() {
        say("the text is not rendered; the gateway logs such an error and reads the raw file");
        return Outcome::Failed;
    }
    match args.origins {
        None => output::finish(&String::from_utf8_lossy(&rendered.text)),
        Some(OriginsFormat::Json) => {
            let text = serde_json::to_string_pretty(&origins(&rendered, &project));
            output::finish(&(text.expect("values are JSON") + "\n"))
        }
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

/// The files as the gateway finds them: settings and templates in one flat folder each, partials by
/// the path that `include` names.
pub fn project(base: &Path, args: &FlexibleArgs) -> Result<Project, InputError> {
    project_of(base, args, &|path| inputs::read(path, &InputArgs::default()))
}

/// How a file of a project is read.
type Read<'r> = &'r dyn Fn(&Path) -> Result<Source, InputError>;

/// The same with files that `read` reads.
pub fn project_of(base: &Path, args: &FlexibleArgs, read: Read<'_>) -> Result<Project, InputError> {
    let mut project = Project::new(name(base), read(base)?);
    if let Some(folder) = &args.fc_settings {
        for path in files(folder)? {
            if let Some(name) = name(&path).strip_suffix(".json") {
                project.add(Role::Settings, name, read(&path)?);
            }
        }
    }
    if let Some(folder) = &args.fc_templates {
        for path in files(folder)? {
            // The gateway minds the case.
            if path.extension().is_some_and(|extension| extension == "tmpl") {
                project.add(Role::Template, name(&path), read(&path)?);
            }
        }
    }
    if let Some(folder) = &args.fc_partials {
        for (name, source) in partials(folder, read)? {
            project.add(Role::Partial, name, source);
        }
    }
    for variable in &args.fc_env {
        let (name, value) = (variable.name.clone(), variable.value.clone());
        project.environment.variables.insert(name, value);
    }
    Ok(project)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What a folder holds, by name.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    let shown = folder.display().to_string();
    let failed = |error| InputError::File(shown.clone(), FileError::Io(error));
    let entries = fs::read_dir(folder).map_err(failed)?;
    let paths = entries.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = paths.collect::<Result<Vec<_>, _>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, InputError> {
    let mut paths = entries(folder)?;
    paths.retain(|path| path.is_file());
    Ok(paths)
}

/// All files below a folder, by their paths within it. Links to folders are not followed.
fn partials(root: &Path, read: Read<'_>) -> Result<BTreeMap<String, Source>, InputError> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder)? {
            if path.is_file() {
                let below = path.strip_prefix(root).unwrap_or(&path);
                let name = below.to_string_lossy().replace('\\', "/");
                found.insert(name, read(&path)?);
            } else if path.is_dir() && !path.is_symlink() {
                folders.push(path);
            }
        }
    }
    Ok(found)
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
