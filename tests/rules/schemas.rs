//! The published schemas: up to date, valid, complete, in own words, and the same as what is
//! compiled into the program.
//!
//! `UPDATE_SCHEMAS=1 cargo test --test rules schemas::` writes `schemas/` anew. The compiled validators read
//! it, so build again afterwards; a new release needs copies of the last one's files to begin with.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use otel_lint::report::json;
use otel_lint::schema::{self, Scope};
use otel_lint::target::Version;
use serde_json::{Value, json};

use super::blocks::{self, Random};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn published() -> impl Iterator<Item = (Version, Scope, PathBuf)> {
    Version::PATCHES.into_iter().flat_map(|version| {
        Scope::ALL.into_iter().map(move |scope| {
            let file = format!("schemas/{}/{scope}.json", version.minor());
            (version, scope, root().join(file))
        })
    })
}

/// Every property of a schema, with its pointer.
fn properties(schema: &Value) -> Vec<(String, &Value)> {
    fn collect<'a>(schema: &'a Value, at: &str, found: &mut Vec<(String, &'a Value)>) {
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let at = format!("{at}/{name}");
            collect(property, &at, found);
            found.push((at, property));
        }
        collect_if(schema.get("items"), at, found);
        for (name, definition) in schema["definitions"].as_object().into_iter().flatten() {
            collect(definition, &format!("#{name}"), found);
        }
    }
    fn collect_if<'a>(schema: Option<&'a Value>, at: &str, found: &mut Vec<(String, &'a Value)>) {
        if let Some(schema) = schema {
            collect(schema, &format!("{at}[]"), found);
        }
    }
    let mut found = Vec::new();
    collect(schema, "", &mut found);
    found
}

#[test]
fn the_committed_files_are_what_the_model_says() {
    let update = std::env::var_os("UPDATE_SCHEMAS").is_some();
    let mut expected = HashSet::new();
    for (version, scope, path) in published() {
        let text = schema::pretty(&schema::generate(scope, version));
        if update {
            fs::create_dir_all(path.parent().expect("in a folder")).expect("schemas/ is writable");
            fs::write(&path, &text).expect("schemas/ is writable");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{} is stale: set UPDATE_SCHEMAS=1", path.display());
        expected.insert(path);
    }
    for (name, schema) in schema::compiled_schemas() {
        let path = root().join("schemas").join(name);
        let text = schema::pretty(&schema);
        if update {
            fs::create_dir_all(path.parent().expect("in a folder")).expect("schemas/ is writable");
            fs::write(&path, &text).expect("schemas/ is writable");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{} is stale: set UPDATE_SCHEMAS=1", path.display());
        expected.insert(path);
    }
    for folder in fs::read_dir(root().join("schemas")).expect("schemas/ is there") {
        let folder = folder.expect("readable").path();
        for file in fs::read_dir(&folder).into_iter().flatten() {
            let file = file.expect("readable").path();
            assert!(expected.contains(&file), "{} is of no known release", file.display());
        }
    }
}

#[test]
fn the_schemas_of_reports_are_up_to_date() {
    let update = std::env::var_os("UPDATE_SCHEMAS").is_some();
    for (file, title, mut schema) in [
        ("report.json", "A report of otel-lint", json::schema()),
        ("report-lines.json", "A line of a report of otel-lint", json::line_schema()),
    ] {
        schema.insert("title".to_owned(), title.into());
        if let Err(error) = jsonschema::meta::validate(schema.as_value()) {
            panic!("{file}: {error}");
        }
        let text = schema::pretty(schema.as_value());
        let path = root().join("schemas").join(file);
        if update {
            fs::write(&path, &text).expect("schemas/ is writable");
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == text, "{file} is stale: set UPDATE_SCHEMAS=1");
    }
}

#[test]
fn every_schema_is_one() {
    for (version, scope, _) in published() {
        let schema = schema::generate(scope, version);
        if let Err(error) = jsonschema::meta::validate(&schema) {
            panic!("{scope} {version}: {error}");
        }
    }
}

#[test]
fn no_annotation_of_the_model_is_published() {
    const UNKNOWN: [&str; 2] = ["\"x-", "\"format\""];
    for (version, scope, _) in published() {
        let text = schema::pretty(&schema::generate(scope, version));
        assert!(UNKNOWN.iter().all(|keyword| !text.contains(keyword)), "{scope} {version}");
    }
}

#[test]
fn every_property_is_explained() {
    for (version, scope, _) in published() {
        let schema = schema::generate(scope, version);
        assert!(schema["title"].is_string() && schema["description"].is_string());
        for (at, property) in properties(&schema) {
            if property["$ref"].is_string() {
                continue;
            }
            assert!(property["title"].is_string(), "{scope} {version} {at} has no title");
            let description = property["description"].as_str().unwrap_or_default();
            assert!(description.ends_with('.'), "{scope} {version} {at}: `{description}`");
        }
    }
}

#[test]
fn defaults_and_examples_are_valid() {
    let mut tried = 0;
    for (version, scope, _) in published().filter(|(_, scope, _)| *scope != Scope::File) {
        let schema = schema::generate(scope, version);
        for (at, property) in properties(&schema) {
            let validator = jsonschema::draft7::new(property).expect("a part of a valid schema");
            let examples = property["examples"].as_array().into_iter().flatten();
            for value in examples.chain(property.get("default")) {
                assert!(validator.is_valid(value), "{scope} {version} {at}: {value}");
                tried += 1;
            }
        }
    }
    assert!(tried > 500);
}

/// The official schemas, if they are there; see `conformance.rs`.
fn official() -> Vec<Value> {
    let folders = fs::read_dir(root().join("../shared/reference/schemas")).into_iter().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.expect("readable").path()));
    let texts = files.flatten().map(|file| fs::read_to_string(file.expect("readable").path()));
    texts.map(|text| serde_json::from_str(&text.expect("text")).expect("JSON")).collect()
}

#[test]
fn no_sentence_is_copied() {
    fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        const KEYWORDS: [&str; 2] = ["title", "description"];
        match value {
            Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            Value::Object(members) => {
                for (key, member) in members {
                    if let (true, Some(text)) = (KEYWORDS.contains(&key.as_str()), member.as_str())
                    {
                        found.push(text);
                    }
                    texts(member, found);
                }
            }
            _ => {}
        }
    }
    fn runs(text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        let words: Vec<_> =
            text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        words.windows(8).map(|run| run.join(" ")).collect()
    }
    let official = official();
    if official.is_empty() {
        eprintln!("the official schemas are not here: nothing to compare with");
        return;
    }
    let mut theirs = Vec::new();
    for schema in &official {
        texts(schema, &mut theirs);
    }
    let theirs: HashSet<String> = theirs.into_iter().flat_map(runs).collect();
    assert!(theirs.len() > 1000);
    for (version, scope, _) in published() {
        let schema = schema::generate(scope, version);
        let mut ours = Vec::new();
        texts(&schema, &mut ours);
        for run in ours.into_iter().flat_map(runs) {
            assert!(!theirs.contains(&run), "{scope} {version}: `{run}`");
        }
    }
}

#[test]
fn the_schema_of_a_file_finds_every_block() {
    let wrong = json!({ "telemetry/opentelemetry": { "surprise": 1 }, "other/namespace": 1 });
    let security = json!({ "telemetry/opentelemetry-security": { "surprise": 1 } });
    let backends = json!([{ "extra_config": wrong, "url_pattern": "/" }]);
    let parents = json!([{ "extra_config": wrong, "backend": backends, "else": {} }]);
    let mut root = wrong.clone();
    root["telemetry/opentelemetry-security"] = security["telemetry/opentelemetry-security"].clone();
    let file =
        json!({ "version": 3, "extra_config": root, "endpoints": parents, "async_agent": parents });
    let schema = schema::generate(Scope::File, Version::NEWEST);
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let faults = blocks::faults(&validator, &file);
    let found: Vec<&str> = faults
        .iter()
        .filter(|(_, fault)| *fault == "unknown")
        .filter_map(|(place, _)| place.strip_suffix("/surprise"))
        .map(|place| place.split("/telemetry").next().unwrap_or_default())
        .collect();
    assert_eq!(
        found,
        [
            "/async_agent/0/backend/0/extra_config",
            "/async_agent/0/extra_config",
            "/endpoints/0/backend/0/extra_config",
            "/endpoints/0/extra_config",
            "/extra_config",
            "/extra_config",
        ]
    );
    assert!(faults.iter().all(|(place, _)| place.contains("telemetry~1")));
}

#[test]
fn compiled_validators_agree_with_the_files() {
    let mut random = Random::new(1);
    let (mut valid, mut invalid) = (0, 0);
    let strange = Scope::BLOCKS.map(|scope| schema::generate(scope, Version::NEWEST));
    for (version, scope, path) in published().filter(|(_, scope, _)| *scope != Scope::File) {
        let text = fs::read_to_string(path).expect("published");
        let file: Value = serde_json::from_str(&text).expect("JSON");
        let at_run_time = jsonschema::validator_for(&file).expect("a schema");
        for round in 0..1000 {
            let fullness = 20 + random.below(81);
            let mut block = blocks::valid(&file, fullness, &mut random);
            let strange = blocks::valid(&strange[random.below(4)], 50, &mut random);
            if round > 0 {
                blocks::mutate(&mut block, &strange, &mut random);
            }
            let expected = blocks::faults(&at_run_time, &block);
            let errors = schema::errors(scope, version, &block);
            assert_eq!(blocks::compiled_faults(&errors), expected, "{scope} {version} {block}");
            assert_eq!(schema::is_valid(scope, version, &block), expected.is_empty());
            *(if expected.is_empty() { &mut valid } else { &mut invalid }) += 1;
        }
    }
    assert!(valid > 1_000 && invalid > 15_000, "{valid} valid, {invalid} invalid");
}
