//! The formats that are JSON: held against a schema, then read.

use otel_lint::analysis::CheckedFile;
use otel_lint::fix;
use serde_json::Value;

use super::regions::{Unit, lines, offset, text};
use super::runs::Run;
use super::{Cut, Seen, severity, source};

/// `text` as JSON, valid by the schema in the file `path`.
fn valid(text: &str, path: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = std::fs::read_to_string(root.join(path)).expect("the schema is there");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    if let Some(error) = validator.iter_errors(&value).next() {
        panic!("{path}: {error} at {}", error.instance_path());
    }
    value
}

fn str(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

pub fn fingerprints(json: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(json).expect("JSON");
    let files = list(&report["files"]).iter();
    let findings = files.flat_map(|file| list(&file["findings"]));
    findings.map(|finding| str(&finding["fingerprint"]).to_owned()).collect()
}

pub fn json(text: &str, run: &Run) -> Vec<Seen> {
    let report = valid(text, "schemas/report.json");
    let mut seen = Vec::new();
    let mut files = 0;
    for file in list(&report["files"]) {
        if file["error"].is_string() {
            continue;
        }
        files += 1;
        let path = str(&file["path"]);
        for finding in list(&file["findings"]) {
            seen.push(finding_of(finding, path, run));
        }
        for ignored in list(&file["suppressed"]) {
            assert!(ignored["reason"].is_string());
            seen.push(Seen { ignored: true, ..finding_of(&ignored["finding"], path, run) });
        }
    }
    assert_eq!(files, run.files.len());
    assert_eq!(number(&report["summary"]["files"]), run.files.len() as u64);
    assert_eq!(number(&report["summary"]["unread"]), run.unread.len() as u64);
    seen
}

pub fn jsonl(text: &str, run: &Run) -> Vec<Seen> {
    let schema = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/report-lines.json");
    let schema = std::fs::read_to_string(schema).expect("the schema is there");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let (mut seen, mut kinds) = (Vec::new(), Vec::new());
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("JSON on each line");
        if let Some(error) = validator.iter_errors(&line).next() {
            panic!("{error}: {line}");
        }
        let path = line["path"].as_str().unwrap_or_default();
        match str(&line["type"]) {
            "finding" => seen.push(finding_of(&line, path, run)),
            "suppressed" => {
                seen.push(Seen { ignored: true, ..finding_of(&line["finding"], path, run) });
            }
            _ => {}
        }
        kinds.push(str(&line["type"]).to_owned());
    }
    assert_eq!((kinds[0].as_str(), kinds[kinds.len() - 1].as_str()), ("run", "summary"));
    seen
}

/// A finding of our own form: its offsets, characters and UTF-16 units all name the same place.
fn finding_of(finding: &Value, path: &str, run: &Run) -> Seen {
    let file = source(run, path);
    let cut = place(&finding["place"], file);
    for related in list(&finding["related"]) {
        place(related, file);
    }
    let edits = list(&finding["fix"]["edits"]);
    if !edits.is_empty() {
        let edits = edits.iter().map(|edit| (bytes(edit), str(&edit["text"]).to_owned()));
        let wanted = str(&finding["fingerprint"]);
        assert_eq!(
            applied(file, edits),
            meant(file, &finding["rule"], &finding["pointer"]),
            "{wanted}"
        );
    }
    Seen {
        path: path.to_owned(),
        rule: str(&finding["rule"]).to_owned(),
        severity: severity(str(&finding["severity"])),
        cut: Some(Cut::Exact(cut.trim_start_matches('\u{FEFF}').to_owned())),
        ..Seen::default()
    }
}

fn place(place: &Value, file: &CheckedFile) -> String {
    let range = bytes(place);
    let content = text(file);
    for (name, at) in [("start", range.start), ("end", range.end)] {
        let position = &place[name];
        let line = number(&position["line"]);
        for (unit, column) in [(Unit::Characters, "column"), (Unit::Utf16, "utf16")] {
            let found = offset(&content, line, number(&position[column]), unit);
            let before = String::from_utf8_lossy(&file.source.bytes()[..at]).len();
            assert_eq!(found, before, "{place}");
        }
    }
    String::from_utf8_lossy(&file.source.bytes()[range]).into_owned()
}

fn bytes(place: &Value) -> std::ops::Range<usize> {
    let at = |name: &str| usize::try_from(number(&place[name]["offset"])).expect("small");
    at("start")..at("end")
}

/// The bytes of `file` after `edits`, from the last to the first.
fn applied(
    file: &CheckedFile,
    edits: impl DoubleEndedIterator<Item = (std::ops::Range<usize>, String)>,
) -> Vec<u8> {
    let mut bytes = file.source.bytes().to_vec();
    for (range, text) in edits.rev() {
        bytes.splice(range, text.into_bytes());
    }
    bytes
}

/// The bytes of `file` after the fix of the finding that is called so.
fn meant(file: &CheckedFile, rule: &Value, pointer: &Value) -> Vec<u8> {
    let ignored = file.suppressed.iter().map(|suppressed| &suppressed.finding);
    let finding = file
        .findings
        .iter()
        .chain(ignored)
        .find(|finding| {
            *rule == finding.rule && (pointer.is_null() || *pointer == *finding.pointer)
        })
        .expect("it is there");
    let fix = finding.fix.as_ref().expect("a fix");
    fix::replace(file.source.bytes(), &fix.replacements)
}

pub fn gitlab(text: &str, run: &Run) -> Vec<Seen> {
    let report = valid(text, "tests/reports/outputs/gitlab.schema.json");
    let mut seen = Vec::new();
    for issue in list(&report) {
        let (place, rule) = (&issue["location"], str(&issue["check_name"]));
        if rule == "unreadable" {
            continue;
        }
        let path = str(&place["path"]);
        let range = (number(&place["lines"]["begin"]), number(&place["lines"]["end"]));
        let content = self::text(source(run, path));
        seen.push(Seen {
            path: path.to_owned(),
            rule: rule.to_owned(),
            severity: severity(str(&issue["severity"])),
            cut: Some(Cut::Within(lines(&content, range.0, range.1))),
            ..Seen::default()
        });
    }
    seen
}

pub fn sarif(text: &str, run: &Run) -> Vec<Seen> {
    let log = valid(text, "tests/reports/outputs/sarif.schema.json");
    let result_run = &log["runs"][0];
    let rules = list(&result_run["tool"]["driver"]["rules"]);
    let successful = result_run["invocations"][0]["executionSuccessful"].as_bool();
    assert_eq!(successful, Some(run.unread.is_empty()));
    let mut seen = Vec::new();
    for result in list(&result_run["results"]) {
        let rule = str(&result["ruleId"]);
        let index = number(&result["ruleIndex"]) as usize;
        assert_eq!(rules[index]["id"], rule);
        let place = &result["locations"][0]["physicalLocation"];
        let path = path_of(&place["artifactLocation"]);
        let file = source(run, &path);
        for related in list(&result["relatedLocations"]) {
            assert!(related["message"]["text"].is_string());
            cut(&related["physicalLocation"]["region"], file);
        }
        for fix in list(&result["fixes"]) {
            let content = self::text(file);
            let edits = list(&fix["artifactChanges"][0]["replacements"]).iter().map(|edit| {
                let range = range(&edit["deletedRegion"], &content);
                (range, str(&edit["insertedContent"]["text"]).to_owned())
            });
            // A byte order mark is not text: what would take it out takes out nothing.
            if !content.starts_with('\u{FEFF}') {
                // The pointer tells apart what has the same rule.
                let pointer = &result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
                assert_eq!(applied(file, edits), meant(file, &result["ruleId"], pointer));
            }
        }
        seen.push(Seen {
            path,
            rule: rule.to_owned(),
            severity: severity(str(&result["level"])),
            ignored: !list(&result["suppressions"]).is_empty(),
            cut: Some(Cut::Exact(cut(&place["region"], file))),
        });
    }
    seen
}

/// The path that a URI reference names.
fn path_of(location: &Value) -> String {
    let uri = str(&location["uri"]);
    let is_absolute = uri.starts_with("file:///");
    assert_eq!(location["uriBaseId"].is_null(), is_absolute, "{uri}");
    let path = uri.strip_prefix("file://").unwrap_or(uri);
    assert!(path.bytes().all(|b| b.is_ascii_graphic() && !b"\\:?#<>\"".contains(&b)), "{uri}");
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = |hex: &[u8]| u8::from_str_radix(str::from_utf8(hex).expect("ASCII"), 16);
        (byte == b'%').then(|| bytes.push(code(&after[..2]).expect("two digits")));
        (byte != b'%').then(|| bytes.push(byte));
        rest = if byte == b'%' { &after[2..] } else { after };
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn cut(region: &Value, file: &CheckedFile) -> String {
    let content = text(file);
    content[range(region, &content)].trim_start_matches('\u{FEFF}').to_owned()
}

/// The bytes of a region of SARIF in `content`. A byte order mark is not counted.
fn range(region: &Value, content: &str) -> std::ops::Range<usize> {
    let plain = content.strip_prefix('\u{FEFF}').unwrap_or(content);
    let at = |line: &str, column: &str| {
        offset(plain, number(&region[line]), number(&region[column]), Unit::Utf16)
            + (content.len() - plain.len())
    };
    at("startLine", "startColumn")..at("endLine", "endColumn")
}
