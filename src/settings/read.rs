//! From the text of a settings file to settings, or to everything that is wrong with it.

use toml::de::{DeTable, DeValue};

use super::choices::LEVELS;
use super::reader::{FieldReader, Value};
use super::{Choices, Given, Override, Patterns, Selector, Settings, flexible, shape};
use crate::analysis::{Analysis, CheckedFile};
use crate::effective::headers::{Entry, bare, canonical};
use crate::finding::Severity;
use crate::policy::{FailOn, Level};
use crate::secrets;
use crate::source::Source;
use crate::target::Edition;

/// Reads a settings file.
///
/// # Errors
/// A report of everything that is wrong with it, for any reporter.
pub fn read(source: Source) -> Result<Settings, Box<CheckedFile>> {
    let mut reader = FieldReader::new(&source);
    let settings = file(&mut reader);
    let mut findings = reader.faults();
    if findings.is_empty() {
        return Ok(settings);
    }
    // Somebody may have named another file than meant, and it may hold anything.
    let secrets = secrets::protect_text(&source, &mut findings);
    let analysis = Analysis { findings, secrets, ..Analysis::default() };
    Err(Box::new(CheckedFile { source, analysis }))
}

fn file(reader: &mut FieldReader<'_>) -> Settings {
    let mut settings = Settings::default();
    let Some(text) = reader.text() else { return settings };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        reader.syntax(error);
    }
    if !errors.is_empty() {
        // What half a file seems to say would be guesses.
        return settings;
    }
    for (key, value) in table.get_ref() {
        match key.get_ref().as_ref() {
            "include" => settings.include = patterns(reader, "include", value),
            "exclude" => settings.exclude = patterns(reader, "exclude", value),
            "flexible" => settings.flexible = flexible::read(reader, value),
            "overrides" => settings.overrides = overrides(reader, value),
            name if choice(reader, &mut settings.choices, name, value) => {}
            _ => reader.unknown(key, &shape::FILE_KEYS),
        }
    }
    settings
}

fn overrides(reader: &mut FieldReader<'_>, value: &Value<'_>) -> Vec<Override> {
    let wanted = "a list of tables: write `[[overrides]]` above each";
    let mut overrides = Vec::new();
    for item in reader.items("overrides", wanted, value) {
        let DeValue::Table(table) = item.get_ref() else {
            reader.wrong_type("overrides", wanted, item);
            continue;
        };
        let mut one = Override::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "paths" => one.paths = patterns(reader, "paths", value),
                name if choice(reader, &mut one.choices, name, value) => {}
                _ => reader.unknown(key, &shape::OVERRIDE_KEYS),
            }
        }
        if !table.contains_key("paths") {
            let help = "Say for which files, such as `paths = [\"staging/\"]`.";
            reader.say(item.span(), "this override has no `paths`", help);
        }
        overrides.push(one);
    }
    overrides
}

/// Reads one choice; false if there is none called `name`.
fn choice(
    reader: &mut FieldReader<'_>,
    choices: &mut Choices,
    name: &str,
    value: &Value<'_>,
) -> bool {
    match name {
        "krakend-version" => {
            let parse = |text: &str| text.parse().map_err(|error| format!("{error}"));
            choices.krakend_version = reader.parsed(name, value, parse);
        }
        "edition" => {
            choices.edition = reader.one_of(name, value, &Edition::ALL.map(|e| (e.short(), e)));
        }
        "fail-on" => {
            choices.fail_on = reader.one_of(name, value, &FailOn::ALL.map(|f| (f.as_str(), f)));
        }
        "pedantic" => match value.get_ref() {
            DeValue::Boolean(on) => choices.pedantic = Some(reader.given(value, *on)),
            _ => reader.wrong_type(name, "true or false", value),
        },
        "select" => choices.select = Some(selectors(reader, name, value)),
        "ignore" => {
            let off = Some(Level::Off);
            let names = selectors(reader, name, value).into_iter();
            choices.levels.extend(names.map(|selector| (selector, off)));
            for item in reader.items(name, "a list of names", value) {
                let selector = item.as_ref().as_str().and_then(|name| name.parse().ok());
                refuse_silence(reader, item, selector, off);
            }
        }
        "rules" => levels(reader, choices, value),
        "sensitive-headers" => {
            choices.sensitive_headers = reader.strings(name, value, |text| {
                if Entry::of(text).is_malformed() {
                    return Err(format!("`{text}` is not a header name"));
                }
                Ok(canonical(bare(text)))
            });
        }
        "port-exempt-hosts" => {
            choices.port_exempt_hosts = reader.strings(name, value, |text| {
                let host = text.strip_prefix("*.").unwrap_or(text);
                if host.is_empty()
                    || host.contains(|c: char| c.is_whitespace() || "*/?#@".contains(c))
                {
                    return Err(
                        "this is not a host: write its name alone, or `*.` and a domain".into()
                    );
                }
                Ok(text.to_lowercase())
            });
        }
        _ => return false,
    }
    true
}

fn levels(reader: &mut FieldReader<'_>, choices: &mut Choices, value: &Value<'_>) {
    let DeValue::Table(table) = value.get_ref() else {
        return reader.wrong_type("rules", "a table: write `[rules]` above it", value);
    };
    for (key, value) in table {
        let selector = reader.selector(key.get_ref(), key.span());
        let level = reader.one_of(key.get_ref(), value, &LEVELS);
        if let (Some(selector), Some(level)) = (selector, level) {
            refuse_silence(reader, value, Some(selector), level.value);
            let selector = Given { value: selector, origin: level.origin };
            choices.levels.push((selector, level.value));
        }
    }
}

/// Refuses to make less than an error of a file that cannot be read.
fn refuse_silence(
    reader: &mut FieldReader<'_>,
    at: &Value<'_>,
    selector: Option<Selector>,
    level: Option<Level>,
) {
    let harmless = matches!(level, None | Some(Level::At(Severity::Error)));
    if let Some(selector) = selector.filter(|one| one.is_indispensable() && !harmless) {
        let help = "A file that cannot be read cannot be checked: correct it, or exclude it.";
        reader.say(at.span(), format!("`{selector}` cannot be anything but an error"), help);
    }
}

fn selectors(reader: &mut FieldReader<'_>, name: &str, value: &Value<'_>) -> Vec<Given<Selector>> {
    let mut selectors = Vec::new();
    for item in reader.items(name, "a list of names of rules and groups", value) {
        match item.get_ref() {
            DeValue::String(text) => {
                let selector = reader.selector(text, item.span());
                selectors.extend(selector.map(|selector| reader.given(item, selector)));
            }
            _ => reader.wrong_type(name, "a list of names of rules and groups", item),
        }
    }
    selectors
}

fn patterns(reader: &mut FieldReader<'_>, name: &str, value: &Value<'_>) -> Patterns {
    let mut texts = Vec::new();
    for item in reader.items(name, "a list of patterns", value) {
        match item.get_ref() {
            DeValue::String(text) => match Patterns::new([text.as_ref()]) {
                Ok(_) => texts.push(text.as_ref()),
                Err(reason) => {
                    let help = "Patterns are written as in `.gitignore`.";
                    reader.say(item.span(), format!("this is not a pattern: {reason}"), help);
                }
            },
            _ => reader.wrong_type(name, "a list of patterns", item),
        }
    }
    Patterns::new(texts).unwrap_or_default()
}
