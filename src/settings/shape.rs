//! The shape of a settings file as types, from which its schema is generated.

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::Selector;
use super::read::LEVELS;
use crate::HOME;
use crate::policy::FailOn;
use crate::target::Edition;

/// The keys of a settings file.
pub(super) const FILE_KEYS: [&str; 12] = [
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

/// The settings of otel-lint: `otel-lint.toml` or `.otel-lint.toml`, in the folder of the
/// configurations or above it.
#[derive(JsonSchema)]
#[schemars(title = "Settings of otel-lint", rename_all = "kebab-case")]
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
}

/// What holds for some files.
#[derive(JsonSchema)]
#[schemars(title = "Override", rename_all = "kebab-case")]
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
    /// The release the configurations are judged for, X.Y or X.Y.Z; X.Y means its newest patch.
    /// Without it: the release that `$schema` names, else the newest.
    #[schemars(
        title = "KrakenD release",
        regex(pattern = r"^v?[0-9]+\.[0-9]+(\.[0-9]+)?$"),
        extend("examples" = ["2.11", "2.13.8"])
    )]
    krakend_version: Option<String>,
    /// The edition the configurations are judged for.
    #[schemars(title = "KrakenD edition", schema_with = "editions", extend("default" = "ce"))]
    edition: Option<String>,
    /// Whether infos are shown as well: advice that is not certain to apply.
    #[schemars(title = "Pedantic", extend("default" = false))]
    pedantic: Option<bool>,
    /// The least severity of a finding that makes the exit status 1.
    #[schemars(title = "Fail on", schema_with = "fail_ons", extend("default" = "error"))]
    fail_on: Option<String>,
    /// The only rules to check: ids, groups, or `all`.
    #[schemars(title = "Select", extend("examples" = [["exporters", "privacy"]]))]
    select: Option<Vec<Selector>>,
    /// Rules to leave out: ids or groups.
    #[schemars(title = "Ignore", extend("examples" = [["loopback-exporter"]]))]
    ignore: Vec<Selector>,
    /// How bad the findings of rules and groups are.
    #[schemars(
        title = "Levels of rules",
        schema_with = "levels",
        extend("examples" = [{ "privacy": "error", "sample-rate-full": "off" }])
    )]
    rules: BTreeMap<String, String>,
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

fn levels(_: &mut SchemaGenerator) -> Schema {
    let words = LEVELS.map(|(word, _)| word);
    let names: Map<String, Value> = Selector::names()
        .map(|name| {
            let mut level = json!({ "type": "string", "enum": words });
            if let Ok(Selector::Rule(rule)) = name.parse() {
                level["description"] = rule.summary.into();
            }
            (name.to_owned(), level)
        })
        .collect();
    json_schema!({ "type": "object", "properties": names, "additionalProperties": false })
}

/// The JSON Schema of a settings file, for editors that know TOML: as `schemas/settings.json` has it.
#[must_use]
pub fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let generated = settings.into_generator().into_root_schema_for::<SettingsFile>();
    let mut schema = generated.to_value();
    close(&mut schema, &[]);
    close(&mut schema["properties"]["overrides"]["items"], &["paths"]);
    let mut file = Map::new();
    file.insert("$schema".into(), "http://json-schema.org/draft-07/schema#".into());
    file.insert("$id".into(), format!("{HOME}/raw/main/schemas/settings.json").into());
    file.extend(schema.as_object().cloned().unwrap_or_default());
    Value::Object(file)
}

/// Allows no other keys, and demands none but `required`.
fn close(schema: &mut Value, required: &[&str]) {
    schema["additionalProperties"] = false.into();
    if required.is_empty() {
        schema.as_object_mut().map(|schema| schema.shift_remove("required"));
    } else {
        schema["required"] = required.into();
    }
}
