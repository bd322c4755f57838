//! The engine for a page in a browser: text and choices in, JSON out.
//!
//! `check` is what `otel-lint FILE` and `otel-lint effective FILE` say, `fix` what `otel-lint --fix`
//! does. Nothing here knows a page; nothing in the page knows a rule.

use otel_lint::analysis::CheckedFile;
use otel_lint::finding::{Fix, Safety};
use otel_lint::fix::replace;
use otel_lint::linter::{self, Options};
use otel_lint::outline::{self, Outline, human};
use otel_lint::recognise::Content;
use otel_lint::report::{Base, Report, json};
use otel_lint::source::{Format, Source};
use otel_lint::target::{Edition, Version};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// What the person at the page chooses.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choices {
    /// The name of the file; empty if the text was typed or pasted.
    name: String,
    /// `json`, `yaml` or `toml`; empty to tell it by the name or the text.
    format: String,
    /// `ce` or `ee`.
    edition: String,
    /// The release, X.Y or X.Y.Z; empty to take the one that the text names, else the newest.
    version: String,
    /// Whether infos are shown.
    pedantic: bool,
}

/// What there is to choose from.
#[derive(Serialize)]
struct About {
    /// The newest patch of every release with OpenTelemetry, newest first.
    releases: Vec<String>,
}

/// What is said about a text.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    /// The report, as `--output-format json` writes it (`docs/json.md`), of one file.
    report: Box<RawValue>,
    /// The format that the text was read as, such as `JSON`.
    format: &'static str,
    /// Why the text was not checked; null if it was.
    not_checked: Option<String>,
    /// How many safe fixes there are.
    safe_fixes: usize,
    /// What the gateway will do with each configuration in the text.
    effective: Vec<InForce>,
    /// Why that is not known; null if it is.
    not_effective: Option<String>,
}

/// What the gateway will do with one configuration.
#[derive(Serialize)]
struct InForce {
    /// In words, as `otel-lint effective` writes it.
    text: String,
    /// As data (`docs/effective.md`).
    outline: Outline,
}

/// A text after fixes.
#[derive(Serialize)]
struct Fixed {
    /// The text.
    text: String,
    /// How many fixes were applied; 0 if the text is as before.
    count: usize,
}

/// What there is to choose from, as JSON.
///
/// # Errors
/// Never.
#[wasm_bindgen]
pub fn about() -> Result<String, JsError> {
    let releases = Version::PATCHES.iter().rev().map(Version::to_string).collect();
    Ok(serde_json::to_string(&About { releases })?)
}

/// Checks `text` with `choices` (JSON) and gives an answer (JSON).
///
/// # Errors
/// If the choices are not to be understood. Whatever the text is, the answer tells.
#[wasm_bindgen]
pub fn check(text: &str, choices: &str) -> Result<String, JsError> {
    let (source, options) = read(text, choices)?;
    let (effective, not_effective) = match outline::of_source(&source, source.name(), &options) {
        Ok(outlines) => (outlines, None),
        Err(none) => (Vec::new(), Some(none.to_string())),
    };
    let in_force = |outline| InForce { text: human::render(&outline, false), outline };
    let file = linter::check(source, &options);
    let is_safe = |fix: &&Fix| fix.safety == Safety::Safe && !fix.replacements.is_empty();
    let fixes = file.findings.iter().filter_map(|finding| finding.fix.as_ref());
    let answer = Answer {
        format: file.source.format().as_str(),
        not_checked: not_checked(&file),
        safe_fixes: fixes.filter(is_safe).count(),
        effective: effective.into_iter().map(in_force).collect(),
        not_effective,
        report: RawValue::from_string(json::render(&Report {
            files: vec![&file],
            unread: Vec::new(),
            base: Base::default(),
        }))?,
    };
    Ok(serde_json::to_string(&answer)?)
}

/// Applies the fix of one finding, counted from 0 in the order of the report, or without one all safe
/// fixes. Gives the text after that (JSON).
///
/// # Errors
/// If the choices are not to be understood.
#[wasm_bindgen]
pub fn fix(text: &str, choices: &str, finding: Option<usize>) -> Result<String, JsError> {
    let (source, options) = read(text, choices)?;
    let file = linter::check(source, &options);
    let fixed = match finding {
        None => {
            let fixed = linter::fix(file, false, |source| linter::check(source, &options));
            Fixed { text: text_of(fixed.file.source.into_bytes()), count: fixed.count }
        }
        Some(nth) => {
            let fix = file.findings.get(nth).and_then(|finding| finding.fix.as_ref());
            let changes = fix.map(|fix| fix.replacements.as_slice()).unwrap_or_default();
            let count = usize::from(!changes.is_empty());
            Fixed { text: text_of(replace(file.source.bytes(), changes)), count }
        }
    };
    Ok(serde_json::to_string(&fixed)?)
}

/// The text as the engine takes it, and how it is checked.
fn read(text: &str, choices: &str) -> Result<(Source, Options), JsError> {
    let choices: Choices = serde_json::from_str(choices)?;
    let format = match choices.format.as_str() {
        "" if choices.name.is_empty() => Format::of_text(text.as_bytes()),
        "" => Format::of_name(&choices.name),
        word => Format::ALL
            .into_iter()
            .find(|format| format.word() == word)
            .ok_or_else(|| JsError::new("there is no such format"))?,
    };
    let edition = Edition::ALL.into_iter().find(|edition| edition.short() == choices.edition);
    let options = Options {
        settings_version: match choices.version.as_str() {
            "" => None,
            version => Some(version.parse()?),
        },
        edition: edition.ok_or_else(|| JsError::new("there is no such edition"))?,
        pedantic: choices.pedantic,
        ..Options::default()
    };
    // Whoever pastes a text without a name means a configuration, even one that cannot be read.
    let name = match choices.name.as_str() {
        "" => format!("krakend.{}", format.word()),
        name => name.to_owned(),
    };
    Ok((Source::new(name, text).with_format(format), options))
}

/// Why `file` was not checked, in the words of the command line.
fn not_checked(file: &CheckedFile) -> Option<String> {
    if file.content == Content::Unrecognised {
        Some(format!("this is not a KrakenD configuration: {}", file.reason))
    } else if file.is_checked() {
        None
    } else {
        Some(file.reason.to_string())
    }
}

/// A text that was UTF-8 before fixes, which are UTF-8.
fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}
