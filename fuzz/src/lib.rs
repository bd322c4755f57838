//! What the fuzz targets try: any bytes, and what must hold whatever they are. `fuzz/run` runs them all.
//!
//! A panic is a fault, and so is what an assertion here says; where there is an independent reader of a
//! format, it is asked too.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use otel_lint::analysis::CheckedFile;
use otel_lint::document::{self, Document, Kind, Parsed};
use otel_lint::effective::Effective;
use otel_lint::files::{FileError, Files};
use otel_lint::finding::Replacement;
use otel_lint::fix;
use otel_lint::linter::{self, Options};
use otel_lint::outline::{self, Outline};
use otel_lint::report::{
    Base, Report, checkstyle, concise, github, gitlab, human, json as json_report, junit, markdown,
    sarif,
};
use otel_lint::settings::{Choices, Finder, Search, SettingsError};
use otel_lint::source::{Format, Source};
use otel_lint::suppress::Suppressions;
use otel_lint::target::{Edition, Version};
use serde_json::Value;

/// Bytes of an input at most: what is larger finds nothing new, and takes long.
const MOST: usize = 1 << 16;

/// JSON: a tape that fits its source, and the same values, or the same refusal, as of another reader.
pub fn json(data: &[u8]) {
    let source = Source::new("krakend.json", data);
    let parsed = document::read(&source);
    fits(&parsed);
    let read = serde_json::from_slice::<Value>(data);
    if let Ok(value) = &read
        && value.is_object()
    {
        let faults: Vec<_> = parsed.faults.iter().filter(|fault| !fault.is_warning).collect();
        assert!(faults.is_empty() && parsed.reliable, "another reader takes it: {faults:?}");
        assert!(alike(value, &value_of(&parsed.document)), "{value} is read as another value");
    } else if read.is_err() && parsed.faults.is_empty() {
        // It takes any number and any bytes in strings, as Go does.
        let taken = serde_json::from_slice::<serde::de::IgnoredAny>(data);
        assert!(taken.is_ok(), "another reader refuses it: {taken:?}");
    }
}

/// YAML: a tape that fits its source; what is JSON too has the same values, if it is taken.
pub fn yaml(data: &[u8]) {
    let source = Source::new("krakend.yaml", data).with_format(Format::Yaml);
    let parsed = document::read(&source);
    fits(&parsed);
    // A key `<<` merges.
    let is_plain = parsed.faults.is_empty() && !data.windows(2).any(|pair| pair == b"<<");
    if is_plain && let Ok(value) = serde_json::from_slice::<Value>(data) {
        assert!(alike(&value, &value_of(&parsed.document)), "{value} is read as another value");
    }
}

/// TOML: a tape that fits its source; a fault in what is not UTF-8, but for comments; the same values as of another reader
/// where both take it.
pub fn toml(data: &[u8]) {
    let source = Source::new("krakend.toml", data).with_format(Format::Toml);
    let parsed = document::read(&source);
    fits(&parsed);
    let Ok(text) = std::str::from_utf8(data) else {
        let mut rest = data.to_vec();
        for comment in parsed.document.comments() {
            rest[comment.range()].fill(b' ');
        }
        let is_told = !parsed.faults.is_empty() || std::str::from_utf8(&rest).is_ok();
        assert!(is_told, "it is not UTF-8");
        return;
    };
    if parsed.faults.is_empty()
        && let Ok(table) = text.parse::<toml::Table>()
    {
        let value = value_of(&parsed.document);
        assert!(alike_in_toml(&table.into(), &value), "it is read as another value: {value}");
    }
}

/// The value of a whole document, of which both readers know no deeper one.
fn value_of(doc: &Document<'_>) -> Value {
    doc.root().map_or(Value::Null, |root| doc.to_value(root, 200))
}

/// Whether two readers read the same: the last digit of a number may differ.
fn alike(theirs: &Value, ours: &Value) -> bool {
    match (theirs, ours) {
        (Value::Number(a), Value::Number(b)) => a == b || close(a.as_f64(), b.as_f64()),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| alike(a, b)))
        }
        _ => theirs == ours,
    }
}

/// The same of TOML: how we write a date is not compared.
fn alike_in_toml(theirs: &toml::Value, ours: &Value) -> bool {
    match (theirs, ours) {
        (toml::Value::String(a), Value::String(b)) => a == b,
        (toml::Value::Integer(a), Value::Number(b)) => close(Some(*a as f64), b.as_f64()),
        (toml::Value::Float(a), Value::Number(b)) => close(Some(*a), b.as_f64()),
        // Neither infinity nor what is not a number is a number of JSON.
        (toml::Value::Float(a), _) => !a.is_finite(),
        (toml::Value::Boolean(a), Value::Bool(b)) => a == b,
        (toml::Value::Datetime(_), ours) => ours.is_string(),
        (toml::Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| alike_in_toml(a, b))
        }
        (toml::Value::Table(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| alike_in_toml(a, b)))
        }
        _ => false,
    }
}

fn close(a: Option<f64>, b: Option<f64>) -> bool {
    a.zip(b).is_some_and(|(a, b)| a == b || (a - b).abs() <= a.abs() * 1e-14 || a.is_infinite())
}

/// Templates: checked, and rendered with a few settings.
pub fn template(data: &[u8]) {
    if data.len() > MOST / 8 {
        return;
    }
    let source = Source::new("krakend.tmpl", data);
    let file = linter::check(source.clone(), &Options::default());
    sensible(&file);
    let project = otel_lint::template::Project::new("krakend.tmpl", source);
    let limits = otel_lint::template::Limits {
        output: 1 << 20,
        steps: 200_000,
        ..otel_lint::template::Limits::default()
    };
    let rendered = otel_lint::template::render(&project, &limits);
    assert!(rendered.text.len() <= 1 << 21);
}

/// Whole runs: any bytes in any format, against any gateway.
pub fn whole(data: &[u8]) {
    let Some((options, format, text)) = choose(data) else { return };
    let file = linter::check(Source::new("krakend", text).with_format(format), &options);
    sensible(&file);
    let source = Source::new("krakend", text).with_format(format);
    let parsed = document::read(&source);
    let outline = Outline::new(&Effective::new(&parsed.document, file.target));
    let _: Value = serde_json::from_str(&outline.json()).expect("it is JSON");
    assert!(!outline::human::render(&outline, false).contains('\u{1b}'));
    let _ = outline::mermaid::render(&outline);
}

/// Edits: each fix changes nothing outside of what it is about, and all of them leave a text that can be
/// read if the first could be.
pub fn edits(data: &[u8]) {
    let Some((options, format, text)) = choose(data) else { return };
    let check = |source: Source| linter::check(source, &options);
    let before = check(Source::new("krakend", text).with_format(format));
    let parsed = document::read(&before.source);
    let was_whole = parsed.faults.iter().all(|fault| fault.is_warning);
    if was_whole && format == Format::Json {
        for fix in before.findings.iter().take(20).filter_map(|finding| finding.fix.as_ref()) {
            changes_only_there(&parsed.document, &fix.replacements);
        }
    }
    let bytes = before.source.bytes().to_vec();
    let fixed = linter::fix(before, data[0] & 0x80 == 0, check);
    if fixed.count == 0 {
        assert_eq!(
            fixed.file.source.bytes(),
            bytes,
            "nothing was fixed, and the text is another one"
        );
    }
    if was_whole {
        let after = document::read(&fixed.file.source);
        let faults: Vec<_> = after.faults.iter().filter(|fault| !fault.is_warning).collect();
        assert!(faults.is_empty(), "a fix broke the syntax: {faults:?}");
    }
}

/// What is outside of the innermost value around `replacements` is the same after them.
fn changes_only_there(doc: &Document<'_>, replacements: &[Replacement]) {
    let (Some(first), Some(last)) = (replacements.first(), replacements.last()) else { return };
    let (start, end) = (first.span.start, last.span.end);
    let holds = |node: &document::NodeId| {
        let span = doc.span(*node);
        matches!(doc.kind(*node), Kind::Array | Kind::Object)
            && span.start < start
            && end < span.end
    };
    let Some(holder) = doc.nodes().filter(holds).last() else { return };
    let pointer = doc.pointer(holder).to_string();
    let text = fix::replace(doc.source().bytes(), replacements);
    let source = Source::new("krakend", text).with_format(doc.source().format());
    let parsed = document::read(&source);
    let outside = |doc: &Document<'_>| {
        let mut value = value_of(doc);
        let taken = value.pointer_mut(&pointer).map(Value::take);
        (value, taken.is_some())
    };
    let (old, new) = (outside(doc), outside(&parsed.document));
    // Of two equal keys a pointer names one only.
    if old.1 {
        assert_eq!(old.0, new.0, "a fix changed more than what is at {pointer}");
    }
}

/// Files that are not on a disk.
struct Memory(Vec<u8>);

impl Files for Memory {
    fn read(&self, path: &Path) -> Result<Vec<u8>, FileError> {
        if self.is_file(path) { Ok(self.0.clone()) } else { Err(FileError::NotFound) }
    }

    fn is_file(&self, path: &Path) -> bool {
        path.file_name().is_some_and(|name| name == "otel-lint.toml")
    }

    fn exists(&self, path: &Path) -> bool {
        self.is_file(path)
    }

    fn canonical(&self, path: &Path) -> PathBuf {
        path.to_owned()
    }
}

/// Settings: taken or refused with a place.
pub fn settings(data: &[u8]) {
    let finder = Finder::new(Box::new(Memory(data.to_vec())), &Search::Above);
    match finder.in_force(Path::new("/a/krakend.json"), &Choices::default()) {
        Ok(in_force) => {
            let text = r#"{"version": 3, "extra_config": {"telemetry/opentelemetry": {}}}"#;
            sensible(&linter::check(Source::new("krakend.json", text), &in_force.options()));
            let text = std::str::from_utf8(data).expect("what is not UTF-8 is refused");
            assert!(text.parse::<toml::Table>().is_ok(), "another reader refuses it");
        }
        Err(error) => match &*error {
            SettingsError::Invalid(file) => {
                assert!(!file.findings.is_empty(), "refused without a reason");
                sensible(file);
            }
            SettingsError::Unreadable(name, why) => panic!("{name}: {why:?}"),
        },
    }
}

/// Suppressions: those that are read are in the text, and what takes one out leaves a text that is read.
pub fn suppressions(data: &[u8]) {
    let Some((options, format, text)) = choose(data) else { return };
    let comment =
        if format == Format::Json { "" } else { "# otel-lint: ignore[unknown-field] x\n" };
    let text = [comment.as_bytes(), text].concat();
    let source = Source::new("krakend", text).with_format(format);
    let parsed = document::read(&source);
    let all = Suppressions::read(&parsed.document);
    let len = source.bytes().len() as u32;
    for ignore in &all.ignores {
        assert!(ignore.span.start <= ignore.span.end && ignore.span.end <= len);
        assert!(!ignore.reason.trim().is_empty());
    }
    for mistake in &all.mistakes {
        assert!(mistake.span.end <= len);
    }
    sensible(&linter::check(source.clone(), &options));
}

/// Outputs: each is read back by a reader that knows nothing of ours. The last byte chooses which one: all
/// of them cost ten times what the check before them does.
pub fn outputs(data: &[u8]) {
    let Some((options, format, text)) = choose(data) else { return };
    let name = String::from_utf8_lossy(&data[..data.len().min(12)]).into_owned();
    let file = linter::check(Source::new(name, text).with_format(format), &options);
    let count = file.findings.len();
    let files = [file];
    let report = Report::new(&files, Vec::new(), Base::new("/", None));
    let read = |text: &str| -> Value { serde_json::from_str(text).expect("it is JSON") };
    match data[data.len() - 1] % 8 {
        0 => {
            let whole = read(&json_report::render(&report));
            assert_eq!(whole["files"][0]["findings"].as_array().map(Vec::len), Some(count));
        }
        1 => json_report::render_lines(&report).lines().for_each(|line| drop(read(line))),
        2 => assert!(read(&sarif::render(&report))["runs"][0]["results"].is_array()),
        3 => assert!(read(&gitlab::render(&report)).is_array()),
        4 => is_xml(&junit::render(&report)),
        5 => is_xml(&checkstyle::render(&report)),
        6 => {
            for line in github::render(&report).lines() {
                assert!(line.is_empty() || line.starts_with("::"), "{line}");
            }
            let _ = markdown::render(&report);
        }
        _ => {
            for text in shown(&files[0]) {
                let is_hidden = |c: char| c.is_control() && c != '\n';
                assert!(!text.contains(is_hidden), "a control character is shown");
            }
        }
    }
}

fn is_xml(text: &str) {
    roxmltree::Document::parse(text).expect("it is XML");
}

fn shown(file: &CheckedFile) -> [String; 2] {
    let style = human::Style { width: 80, color: false, links: false, unicode: true };
    [human::render(file, style), concise::render(file)]
}

/// The target, the format and the text that `data` chooses.
fn choose(data: &[u8]) -> Option<(Options, Format, &[u8])> {
    let (&first, text) = data.split_first()?;
    if text.len() > MOST {
        return None;
    }
    let versions: Vec<Version> = ["2.6", "2.8", "2.10", "2.11", "2.12", "2.13"]
        .iter()
        .filter_map(|text| text.parse().ok())
        .collect();
    let version = versions.get(usize::from(first >> 3) % (versions.len() + 1)).copied();
    let edition = if first & 4 == 0 { Edition::Community } else { Edition::Enterprise };
    let format = [Format::Json, Format::Yaml, Format::Toml, Format::Json][usize::from(first & 3)];
    let options =
        Options { version, edition, pedantic: true, policy: Arc::default(), ..Options::default() };
    Some((options, format, text))
}

/// The tape fits its source: every node has its place, and pointers lead back.
fn fits(parsed: &Parsed<'_>) {
    let doc = &parsed.document;
    let len = doc.source().bytes().len() as u32;
    for (nth, node) in doc.nodes().enumerate() {
        let span = doc.span(node);
        assert!(span.start <= span.end && span.end <= len);
        if doc.kind(node).with_article().is_empty() || nth > 2000 {
            break;
        }
        leads_back(doc, node);
    }
    for fault in &parsed.faults {
        assert!(fault.span.start <= fault.span.end && fault.span.end <= len);
        assert!(!fault.message.is_empty());
    }
}

fn leads_back(doc: &Document<'_>, node: otel_lint::document::NodeId) {
    let pointer = doc.pointer(node);
    assert!(pointer.as_str().is_empty() || pointer.as_str().starts_with('/'));
    assert!(doc.nearest(pointer.as_str()).is_some());
}

/// What holds of every file that was checked.
fn sensible(file: &CheckedFile) {
    let len = file.source.bytes().len() as u32;
    for finding in &file.findings {
        assert_ne!(finding.rule, linter::INTERNAL_ERROR.id, "{}", finding.message);
        for label in std::iter::once(&finding.primary).chain(&finding.related) {
            assert!(label.span.start <= label.span.end && label.span.end <= len, "{finding:?}");
        }
        let replacements = finding.fix.iter().flat_map(|fix| &fix.replacements);
        let mut end = 0;
        for Replacement { span, .. } in replacements {
            assert!(end <= span.start && span.start <= span.end && span.end <= len, "{finding:?}");
            end = span.end;
        }
    }
    shown(file);
}
