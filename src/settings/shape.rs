//! The shape of a settings file as types, from which its schema is generated.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::choices::LEVELS;
use super::{Flexible, Selector};
use crate::HOME;
use crate::policy::FailOn;
use crate::target::Edition;

/// The keys of a settings file.
pub(super) const FILE_KEYS: [&str; 13] = [
    "krakend-version",
    "edition",
    "pedantic",
    "fail-on",
    "select",
    "ignore",
    "rules",
    "sensitive-headers",
    "port-exempt-hosts",
    "include",
    "exclude",
    "overrides",
    "flexible",
];

/// The keys of an override.
pub(super) const OVERRIDE_KEYS: [&str; 10] = [
    "paths",
    "krakend-version",
    "edition",
    "pedantic",
    "fail-on",
    "select",
    "ignore",
    "rules",
    "sensitive-headers",
    "port-exempt-hosts",
];

/// The settings file as a whole.
#[derive(JsonSchema)]
#[schemars(
    title = "Settings of otel-lint",
    description = "otel-lint.toml or .otel-lint.toml, in the folder of the configurations or above it.",
    rename_all = "kebab-case"
)]
#[expect(dead_code, reason = "it is the fields' types that count")]
struct SettingsFile {
    #[schemars(flatten)]
    choices: Choices,
    /// Files that a search of folders looks at, as patterns of `.gitignore`. Without it: those that
    /// end in `.json`, `.yaml`, `.yml`, `.toml` or `.tmpl`.
    #[schemars(title = "Include", extend("examples" = [["gateway/**/*.json"]]))]
    include: Vec<String>,
    /// Files and folders that a search of folders leaves out, as patterns of `.gitignore`. A file
    /// named on the command line is checked all the same.
    #[schemars(title = "Exclude", extend("examples" = [["examples/", "*.generated.json"]]))]
    exclude: Vec<String>,
    /// What holds for some files beside. Of two that hold for a file the later wins.
    #[schemars(title = "Overrides")]
    overrides: Vec<Override>,
    /// Bases of flexible configurations, and what is rendered with them.
    #[schemars(title = "Flexible configurations")]
    flexible: Vec<Flexible>,
}

/// What holds for some files.
#[derive(JsonSchema)]
#[schemars(title = "Override", rename_all = "kebab-case", inline)]
#[expect(dead_code, reason = "it is the fields' types that count")]
struct Override {
    /// The files, as patterns of `.gitignore`, relative to the folder of the settings file.
    #[schemars(title = "Paths", extend("examples" = [["staging/", "*.dev.json"]]))]
    paths: Vec<String>,
    #[schemars(flatten)]
    choices: Choices,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[expect(dead_code, reason = "it is the fields' types that count")]
struct Choices {
    /// The release the configurations are checked against, X.Y or X.Y.Z; X.Y means its newest patch.
    /// Without it: the release that `$schema` names, else the newest.
    #[schemars(
        title = "KrakenD release",
        regex(pattern = r"^v?[0-9]+\.[0-9]+(\.[0-9]+)?$"),
        extend("examples" = ["2.11", "2.13.8"])
    )]
    krakend_version: String,
    /// The edition the configurations are checked against.
    #[schemars(title = "KrakenD edition", schema_with = "editions", extend("default" = "ce"))]
    edition: String,
    /// Whether infos are shown as well: advice that is not certain to apply.
    #[schemars(title = "Pedantic", extend("default" = false))]
    pedantic: bool,
    /// The least severity of a finding that makes the exit status 1.
    #[schemars(title = "Fail on", schema_with = "fail_ons", extend("default" = "error"))]
    fail_on: String,
    /// The only rules to check: ids, groups, or `all`.
    #[schemars(title = "Select", extend("examples" = [["exporters", "privacy"]]))]
    select: Vec<Selector>,
    /// Rules to leave out: ids or groups.
    #[schemars(title = "Ignore", extend("examples" = [["loopback-exporter"]]))]
    ignore: Vec<Selector>,
    /// How bad the findings of rules and groups are.
    #[schemars(
        title = "Levels of rules",
        extend("examples" = [{ "privacy": "error", "sample-rate-full": "off" }])
    )]
    rules: Levels,
    /// Names of your own headers that carry secrets, beside Authorization and the like. Rules about
    /// headers look for them, and their values are not shown.
    #[schemars(title = "Sensitive headers", extend("examples" = [["X-Session-Id"]]))]
    sensitive_headers: Vec<String>,
    /// Hosts whose ports do not tell the protocol, such as a collector that takes HTTP on port 4317.
    /// `*.` before a domain stands for every host in it.
    #[schemars(title = "Port-exempt hosts", extend("examples" = [["*.telemetry.internal"]]))]
    port_exempt_hosts: Vec<String>,
}

fn editions(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": Edition::ALL.map(Edition::short) })
}

fn fail_ons(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": FailOn::ALL.map(FailOn::as_str) })
}

/// The table of rules and groups with their levels.
struct Levels;

impl JsonSchema for Levels {
    fn schema_name() -> Cow<'static, str> {
        "Levels".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words = LEVELS.map(|(word, _)| word);
        let names: Map<String, Value> = Selector::names()
            .map(|name| {
                let mut level = json!({ "enum": words });
                if let Ok(Selector::Rule(rule)) = name.parse() {
                    level["description"] = rule.summary.into();
                }
                (name.to_owned(), level)
            })
            .collect();
        json_schema!({ "type": "object", "properties": names, "additionalProperties": false })
    }
}

/// The JSON Schema of a settings file, for editors that know TOML: as `schemas/settings.json` has it.
#[must_use]
pub fn schema() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<SettingsFile>().to_value();
    close(&mut schema, &[]);
    close(&mut schema["properties"]["overrides"]["items"], &["paths"]);
    let flexible = &mut schema["properties"]["flexible"]["items"];
    close(flexible, &["base"]);
    close(&mut flexible["properties"]["environments"]["items"], &["name"]);
    let mut file = Map::new();
    file.insert("$schema".into(), "http://json-schema.org/draft-07/schema#".into());
    file.insert("$id".into(), format!("{HOME}/raw/main/schemas/settings.json").into());
    file.extend(schema.as_object().cloned().unwrap_or_default());
    Value::Object(file)
}

/// Allows no other keys, demands none but `required`, and puts each description on one line.
fn close(schema: &mut Value, required: &[&str]) {
    let Some(schema) = schema.as_object_mut() else { return };
    schema.insert("additionalProperties".into(), false.into());
    schema.shift_remove("required");
    if !required.is_empty() {
        schema.insert("required".into(), required.into());
    }
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    let all = properties.into_iter().flat_map(Map::values_mut);
    for property in all {
        if let Some(Value::String(text)) = property.get_mut("description") {
            *text = text.replace('\n', " ");
        }
    }
}
