//! One recorded configuration, and where `effective` says something else.

use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use otel_lint::document;
use otel_lint::effective::Effective;
use otel_lint::outline::Outline;
use otel_lint::source::{Format, Source};
use otel_lint::target::{Edition, Origin, Target, Version};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// A configuration, and what the gateway makes of it.
#[derive(Debug, Deserialize)]
pub struct Record {
    /// `json`, `yaml` or `toml`.
    pub format: String,
    /// The text.
    pub config: String,
    /// What the gateway says, in the words of `effective`.
    pub gateway: Value,
}

/// One place at which the two differ.
#[derive(Debug)]
pub struct Difference {
    /// Where, as a path.
    pub at: String,
    /// What the gateway says.
    pub theirs: Value,
    /// What `effective` says.
    pub ours: Value,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: gateway {}, here {}", self.at, self.theirs, self.ours)
    }
}

/// The records of a file, a JSON object a line.
pub fn read(path: &Path) -> Vec<Record> {
    let file = File::open(path).expect("the file can be opened");
    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
    let lines: Box<dyn Read> =
        if is_packed { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let lines = BufReader::new(lines);
    let record = |line: std::io::Result<String>| {
        serde_json::from_str(&line.expect("text")).expect("a record")
    };
    lines.lines().map(record).collect()
}

/// The release in the name of a file: `json-2.13.8.jsonl.gz`.
pub fn version_of(name: &str) -> Version {
    let name = name.trim_end_matches(".gz").trim_end_matches(".jsonl");
    let (_, version) = name.rsplit_once('-').expect("a release in the name");
    version.parse().expect("a release")
}

/// Where `effective` says something else than the gateway.
pub fn differences(record: &Record, version: Version) -> Vec<Difference> {
    let ours = ours(record, version);
    let mut found = Vec::new();
    compare("", &theirs(&record.gateway), &ours, &mut found);
    found
}

/// The record, on a line, of what `effective` says of `config`, in JSON.
pub fn recorded(config: &str, version: Version) -> String {
    let mut record =
        Record { format: "json".into(), config: config.to_owned(), gateway: Value::Null };
    record.gateway = ours(&record, version);
    let Record { format, config, gateway } = record;
    json!({ "format": format, "config": config, "gateway": gateway }).to_string() + "\n"
}

/// What the gateway says, without what has no counterpart.
fn theirs(gateway: &Value) -> Value {
    let mut gateway = gateway.as_object().expect("an object").clone();
    gateway.remove("error");
    Value::Object(gateway)
}

fn ours(record: &Record, version: Version) -> Value {
    let format =
        Format::ALL.into_iter().find(|format| format.word() == record.format).expect("a format");
    let source = Source::new(format!("krakend.{}", record.format), record.config.as_bytes())
        .with_format(format);
    let parsed = document::read(&source);
    if !parsed.reliable || parsed.faults.iter().any(|fault| !fault.is_warning) {
        return json!({ "status": "load-error" });
    }
    let target = Target { edition: Edition::Community, version, origin: Origin::Flag };
    let outline = Outline::new(&Effective::new(&parsed.document, target));
    let whole: Value = serde_json::from_str(&outline.json()).expect("the outline is JSON");
    plain(&whole)
}

/// The outline in the words of the records: values without origins, changes as pairs.
fn plain(outline: &Value) -> Value {
    let mut plain = Map::new();
    plain.insert("status".into(), outline["status"].clone());
    if outline["service"].is_null() {
        return Value::Object(plain);
    }
    let mut service = without_origins(&outline["service"]);
    drop_keys(&mut service, &["propagates_to_backends"]);
    plain.insert("service".into(), service);
    let exporters = outline["exporters"].as_array().into_iter().flatten().map(|exporter| {
        let mut exporter = without_origins(exporter);
        drop_keys(&mut exporter, &["host_from", "port_from", "possible"]);
        exporter
    });
    plain.insert("exporters".into(), exporters.collect());
    plain.insert("layers".into(), without_origins(&outline["layers"]));
    let overrides = outline["overrides"].as_array().into_iter().flatten().map(|entry| {
        let changes = entry["changes"].as_array().into_iter().flatten();
        let changes: Value =
            changes.map(|change| json!([change["setting"], change["here"]])).collect();
        let is_backend = entry["place"].as_str().is_some_and(|place| place.contains(" → "));
        let kind = if is_backend { "backend" } else { "endpoint" };
        json!({ "kind": kind, "status": entry["status"], "changes": changes })
    });
    plain.insert("overrides".into(), overrides.collect());
    Value::Object(plain)
}

fn drop_keys(value: &mut Value, keys: &[&str]) {
    if let Some(object) = value.as_object_mut() {
        for key in keys {
            object.remove(*key);
        }
    }
}

fn without_origins(value: &Value) -> Value {
    match value {
        Value::Object(object) => match object.get("value") {
            Some(inner) if object.contains_key("from") => without_origins(inner),
            _ => object.iter().map(|(key, value)| (key.clone(), without_origins(value))).collect(),
        },
        Value::Array(items) => items.iter().map(without_origins).collect(),
        other => other.clone(),
    }
}

/// Adds each place at which `theirs` and `ours` differ; numbers are compared by value.
fn compare(at: &str, theirs: &Value, ours: &Value, found: &mut Vec<Difference>) {
    match (theirs, ours) {
        (Value::Object(left), Value::Object(right)) => {
            if left.get("status") != right.get("status") {
                compare(&format!("{at}/status"), &left["status"], &right["status"], found);
                return;
            }
            let keys: std::collections::BTreeSet<&String> =
                left.keys().chain(right.keys()).collect();
            for key in keys {
                let value =
                    |side: &Map<String, Value>| side.get(key).cloned().unwrap_or(Value::Null);
                compare(&format!("{at}/{key}"), &value(left), &value(right), found);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                compare(&format!("{at}/{index}"), left, right, found);
            }
        }
        (Value::Number(left), Value::Number(right)) if left.as_f64() == right.as_f64() => {}
        _ if theirs == ours => {}
        _ => {
            found.push(Difference {
                at: at.to_owned(),
                theirs: theirs.clone(),
                ours: ours.clone(),
            });
        }
    }
}
