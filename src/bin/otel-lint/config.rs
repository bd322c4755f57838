//! `otel-lint config`: what is in force for a file, and who said so.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use otel_lint::document;
use otel_lint::linter;
use otel_lint::policy::Level;
use otel_lint::report;
use otel_lint::settings::{Given, InForce, Origin, RuleInForce};
use otel_lint::target::{self, Target};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::args::{ConfigArgs, ConfigFormat};
use crate::common_args::{Color, InputArgs, OutputFormat};
use crate::exit::Outcome;
use crate::{inputs, output, settings};

pub fn run(args: &ConfigArgs) -> Outcome {
    let file = args.file.clone().unwrap_or_else(|| PathBuf::from(inputs::DEFAULT));
    let finder = settings::finder(&args.settings);
    let flags = args.rules.choices(&args.target);
    let in_force = match finder.in_force(&file, &flags) {
        Ok(in_force) => in_force,
        Err(error) => {
            settings::say(&error, OutputFormat::Human, Color::Auto);
            return Outcome::Failed;
        }
    };
    let target = match target(&file, args.file.is_some(), &in_force) {
        Ok(target) => target,
        Err(error) => {
            output::say(&report::clean(&format!("otel-lint: {error}")));
            return Outcome::Failed;
        }
    };
    let settings = finder.of_file(&file).ok().flatten().map(|found| found.name.clone());
    let shown = Shown { file: &file, settings, in_force: &in_force, target };
    output::finish(&match args.output_format {
        ConfigFormat::Human => shown.human(),
        ConfigFormat::Json => report::json::harmless(&format!("{:#}\n", shown.json())),
    })
}

/// The gateway that `file` is checked against. A file that nobody named need not be there.
fn target(file: &Path, must_exist: bool, in_force: &InForce) -> Result<Target, inputs::InputError> {
    let source = match inputs::read(file, &InputArgs::default()) {
        Ok(source) => source,
        Err(error) if must_exist => return Err(error),
        Err(_) => otel_lint::source::Source::new("", "{}"),
    };
    let parsed = document::read(&source);
    Ok(linter::target_of(&parsed.document, &in_force.options()))
}

struct Shown<'a> {
    file: &'a Path,
    settings: Option<String>,
    in_force: &'a InForce,
    target: Target,
}

impl Shown<'_> {
    /// The release with its origin.
    fn version(&self) -> Given<String> {
        let value = self.target.version.to_string();
        let origin = match self.target.origin {
            target::Origin::Flag | target::Origin::Settings => {
                self.in_force.version.as_ref().map(|version| version.origin.clone())
            }
            target::Origin::Schema => Some(Origin::Schema),
            target::Origin::Default => None,
        };
        Given { value, origin: origin.unwrap_or(Origin::Default) }
    }

    fn values(&self) -> [(&'static str, Given<Value>); 4] {
        let InForce { edition, pedantic, fail_on, .. } = self.in_force;
        let given = |value: Value, origin: &Origin| Given { value, origin: origin.clone() };
        let version = self.version();
        [
            ("krakend-version", given(version.value.into(), &version.origin)),
            ("edition", given(edition.value.short().into(), &edition.origin)),
            ("pedantic", given(pedantic.value.into(), &pedantic.origin)),
            ("fail-on", given(fail_on.value.as_str().into(), &fail_on.origin)),
        ]
    }

    fn lists(&self) -> [(&'static str, &[Given<String>]); 2] {
        [
            ("sensitive-headers", &self.in_force.sensitive_headers),
            ("port-exempt-hosts", &self.in_force.port_exempt_hosts),
        ]
    }

    fn human(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "file      {}", report::clean(&self.file.display().to_string()));
        let settings = self.settings.as_deref().map_or("none".into(), report::clean);
        let _ = writeln!(text, "settings  {settings}\n");
        let mut rows: Vec<[String; 3]> = Vec::new();
        for (name, Given { value, origin }) in self.values() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            rows.push([name.to_owned(), value, origin.to_string()]);
        }
        for (name, list) in self.lists() {
            for one in list {
                rows.push([name.to_owned(), one.value.clone(), one.origin.to_string()]);
            }
        }
        table(&mut text, &rows);
        let changed = self.in_force.rules.iter().filter(|rule| rule.origin != Origin::Default);
        let rows: Vec<[String; 3]> = changed
            .map(|one| [one.rule.id.to_owned(), level(one), one.origin.to_string()])
            .collect();
        if rows.is_empty() {
            text.push_str("\nEvery rule is as `otel-lint rules` lists it.\n");
        } else {
            text.push_str(
                "\nRules that somebody decided about; `otel-lint rules` lists the others:\n",
            );
            table(&mut text, &rows);
        }
        text
    }

    fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("file".into(), self.file.display().to_string().into());
        object.insert("settings".into(), json!(self.settings));
        for (name, given) in self.values() {
            object.insert(name.into(), with_origin(&given.value, &given.origin));
        }
        for (name, list) in self.lists() {
            let list: Vec<Value> =
                list.iter().map(|one| with_origin(&one.value, &one.origin)).collect();
            object.insert(name.into(), list.into());
        }
        let rules: Map<String, Value> = (self.in_force.rules.iter())
            .map(|one| (one.rule.id.to_owned(), with_origin(&word(one), &one.origin)))
            .collect();
        object.insert("rules".into(), rules.into());
        object.into()
    }
}

/// The level of a rule in one word.
fn word(one: &RuleInForce) -> &'static str {
    match one.level {
        Some(Level::Off) => "off",
        Some(Level::At(severity)) => severity.as_str(),
        None => one.rule.severity.as_str(),
    }
}

fn level(one: &RuleInForce) -> String {
    let shown = if one.wanted { ", shown" } else { "" };
    format!("{}{shown}", word(one))
}

fn with_origin(value: &impl Serialize, origin: &Origin) -> Value {
    let origin = match origin {
        Origin::Flag(flag) => json!({ "kind": "flag", "flag": flag }),
        Origin::Settings { file, line } => {
            json!({ "kind": "settings", "file": &**file, "line": line })
        }
        Origin::Schema => json!({ "kind": "schema" }),
        Origin::Default => json!({ "kind": "default" }),
    };
    json!({ "value": value, "origin": origin })
}

/// Rows in columns; what is in them comes from outside, too.
fn table(text: &mut String, rows: &[[String; 3]]) {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let (first, second) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
    for [name, value, origin] in rows {
        let (value, origin) = (report::clean(value), report::clean(origin));
        let _ = writeln!(text, "  {name:first$}  {value:second$}  {origin}");
    }
}
