//! What a settings file says of flexible configurations: `[[flexible]]`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use toml::de::{DeTable, DeValue};

use super::reader::{FieldReader, Value};

/// A base and what is rendered with it. Paths are relative to the folder of the settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(title = "Flexible configuration", rename_all = "kebab-case", inline)]
pub struct Flexible {
    /// The file that the gateway is given, relative to the folder of the settings file.
    #[schemars(title = "Base", extend("examples" = ["krakend.tmpl"]))]
    pub base: String,
    /// The folder of the settings, `FC_SETTINGS` of the gateway; for environments that name none.
    #[schemars(title = "Settings", extend("examples" = ["config/settings/prod"]))]
    pub settings: Option<String>,
    /// The folder of the partials, `FC_PARTIALS` of the gateway.
    #[schemars(title = "Partials", extend("examples" = ["config/partials"]))]
    pub partials: Option<String>,
    /// The folder of the templates, `FC_TEMPLATES` of the gateway.
    #[schemars(title = "Templates", extend("examples" = ["config/templates"]))]
    pub templates: Option<String>,
    /// Variables of the environment, for all environments.
    #[schemars(title = "Variables", extend("examples" = [{ "OTEL_HOST": "collector" }]))]
    pub variables: BTreeMap<String, String>,
    /// A file with a `NAME=VALUE` on each line.
    #[schemars(title = "Variables in a file", extend("examples" = [".env"]))]
    pub env_file: Option<String>,
    /// The ways in which the base is rendered, each with its settings and variables. All of them are
    /// checked, and equal findings are told once.
    #[schemars(title = "Environments")]
    pub environments: Vec<FlexibleEnvironment>,
}

/// One of the ways in which a base is rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq, JsonSchema)]
#[schemars(title = "Environment", rename_all = "kebab-case", inline)]
pub struct FlexibleEnvironment {
    /// What findings call it.
    #[schemars(title = "Name", extend("examples" = ["prod"]))]
    pub name: String,
    /// The folder of its settings.
    #[schemars(title = "Settings", extend("examples" = ["config/settings/prod"]))]
    pub settings: Option<String>,
    /// Its variables, beside those of all.
    #[schemars(title = "Variables", extend("examples" = [{ "OTEL_HOST": "collector" }]))]
    pub variables: BTreeMap<String, String>,
    /// A file with a `NAME=VALUE` on each line.
    #[schemars(title = "Variables in a file", extend("examples" = [".env.prod"]))]
    pub env_file: Option<String>,
}

/// The keys of a flexible configuration.
pub(super) const KEYS: [&str; 7] =
    ["base", "settings", "partials", "templates", "variables", "env-file", "environments"];

/// The keys of an environment.
pub(super) const ENVIRONMENT_KEYS: [&str; 4] = ["name", "settings", "variables", "env-file"];

/// Reads the list.
pub(super) fn read(reader: &mut FieldReader<'_>, value: &Value<'_>) -> Vec<Flexible> {
    let wanted = "a list of tables: write `[[flexible]]` above each";
    let mut all = Vec::new();
    for item in reader.items("flexible", wanted, value) {
        let Some(table) = table(reader, "flexible", wanted, item) else { continue };
        let mut one = Flexible::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "base" => one.base = text(reader, "base", value).unwrap_or_default(),
                "settings" => one.settings = text(reader, "settings", value),
                "partials" => one.partials = text(reader, "partials", value),
                "templates" => one.templates = text(reader, "templates", value),
                "variables" => one.variables = variables(reader, value),
                "env-file" => one.env_file = text(reader, "env-file", value),
                "environments" => one.environments = environments(reader, value),
                _ => reader.unknown(key, &KEYS),
            }
        }
        if !table.contains_key("base") {
            let help = "Say which file the gateway is given, such as `base = \"krakend.tmpl\"`.";
            reader.say(item.span(), "this flexible configuration has no `base`", help);
        }
        all.push(one);
    }
    all
}

fn environments(reader: &mut FieldReader<'_>, value: &Value<'_>) -> Vec<FlexibleEnvironment> {
    let wanted = "a list of tables: write `[[flexible.environments]]` above each";
    let mut all: Vec<FlexibleEnvironment> = Vec::new();
    for item in reader.items("environments", wanted, value) {
        let Some(table) = table(reader, "environments", wanted, item) else { continue };
        let mut one = FlexibleEnvironment::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "name" => one.name = text(reader, "name", value).unwrap_or_default(),
                "settings" => one.settings = text(reader, "settings", value),
                "variables" => one.variables = variables(reader, value),
                "env-file" => one.env_file = text(reader, "env-file", value),
                _ => reader.unknown(key, &ENVIRONMENT_KEYS),
            }
        }
        if !table.contains_key("name") {
            let help = "Findings call it by its name, such as `name = \"prod\"`.";
            reader.say(item.span(), "this environment has no `name`", help);
        } else if all.iter().any(|known| known.name == one.name) {
            let message = format!("there are two environments called `{}`", one.name);
            reader.say(item.span(), message, "Give each a name of its own.");
        }
        all.push(one);
    }
    all
}

fn table<'v, 't>(
    reader: &mut FieldReader<'_>,
    name: &str,
    wanted: &str,
    item: &'v Value<'t>,
) -> Option<&'v DeTable<'t>> {
    let DeValue::Table(table) = item.get_ref() else {
        reader.wrong_type(name, wanted, item);
        return None;
    };
    Some(table)
}

fn text(reader: &mut FieldReader<'_>, name: &str, value: &Value<'_>) -> Option<String> {
    let parse = |text: &str| match text {
        "" => Err(format!("`{name}` is empty")),
        text => Ok(text.to_owned()),
    };
    reader.parsed(name, value, parse).map(|given| given.value)
}

fn variables(reader: &mut FieldReader<'_>, value: &Value<'_>) -> BTreeMap<String, String> {
    let wanted = "a table of strings";
    let Some(table) = table(reader, "variables", wanted, value) else { return BTreeMap::new() };
    let mut variables = BTreeMap::new();
    for (key, value) in table {
        let parsed = reader.parsed(key.get_ref(), value, |text| Ok(text.to_owned()));
        if let Some(given) = parsed {
            variables.insert(key.get_ref().to_string(), given.value);
        }
    }
    variables
}
