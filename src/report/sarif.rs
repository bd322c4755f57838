//! SARIF 2.1.0, as GitHub code scanning wants it.

use serde_json::{Value, json};

use super::json::harmless;
use super::rules::{logged, page};
use super::run::{Entry, Region};
use super::text::{line, lines};
use super::{Report, page_url};
use crate::analysis::CheckedFile;
use crate::finding::{Elsewhere, Finding, Label, Severity};
use crate::rule::{Availability, Rule};
use crate::rules;
use crate::source::{Position, Span};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name that stands for the root of the repository.
const ROOT: &str = "%SRCROOT%";

/// Whether a file that begins with `text` is a report in SARIF, of whatever tool: the rules in it have
/// configurations as examples, and so it looks like something of ours.
#[must_use]
pub fn begins(text: &[u8]) -> bool {
    let head = &text[..text.len().min(512)];
    memchr::memmem::find(head, b"\"$schema\"").is_some()
        && memchr::memmem::find(head, b"sarif").is_some()
}

/// The run as a SARIF log. Every rule is in it, with its page. Lines and columns start at 1, columns
/// count UTF-16 code units.
#[must_use]
pub fn render(report: &Report<'_>) -> String {
    let results: Vec<Value> = report
        .files
        .iter()
        .flat_map(|file| {
            let place = Place { report, file };
            report.entries(file).map(move |(entry, print)| place.result(entry, &print))
        })
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "otel-lint",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": crate::HOME,
                "rules": rules::ALL.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "invocations": [invocation(report)],
            "originalUriBaseIds": {
                ROOT: {"description": {"text": "The root of the repository."}},
            },
            "columnKind": "utf16CodeUnits",
            "results": results,
        }],
    });
    harmless(&format!("{log:#}\n"))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// What there is to know of a rule.
fn descriptor(rule: &Rule) -> Value {
    let help = format!(
        "{} `otel-lint explain {}` tells more. {}",
        rule.consequence.sentence(),
        rule.id,
        logged(rule)
    );
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {
            "text": format!("{}. {}", rule.summary, rule.consequence.sentence()),
        },
        "help": {
            "text": help.trim_end(),
            "markdown": page(rule),
        },
        "helpUri": page_url(rule.id),
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {
            "tags": ["krakend", "opentelemetry", rule.group.as_str()],
            "problem.severity": match rule.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "recommendation",
            },
            "precision": if rule.severity == Severity::Error { "very-high" } else { "high" },
            "fixable": rule.fix != Availability::Never,
        },
    })
}

/// How the run went: badly if a file could not be read.
fn invocation(report: &Report<'_>) -> Value {
    let notifications: Vec<Value> = report
        .unread
        .iter()
        .map(|unread| {
            json!({
                "level": "error",
                "message": {"text": line(&unread.error)},
                "locations": [{"physicalLocation": {
                    "artifactLocation": artifact(report, &unread.name),
                }}],
            })
        })
        .collect();
    json!({
        "executionSuccessful": report.unread.is_empty(),
        "toolExecutionNotifications": notifications,
    })
}

fn artifact(report: &Report<'_>, name: &str) -> Value {
    match report.base.uri(name) {
        (uri, true) => json!({"uri": uri, "uriBaseId": ROOT}),
        (uri, false) => json!({"uri": uri}),
    }
}

/// The file that results are about.
#[derive(Clone, Copy)]
struct Place<'r> {
    report: &'r Report<'r>,
    file: &'r CheckedFile,
}

impl Place<'_> {
    fn result(self, Entry { finding, reason }: Entry<'_>, fingerprint: &str) -> Value {
        let mut location = self.location(&finding.primary);
        location["logicalLocations"] = json!([{"fullyQualifiedName": finding.pointer}]);
        let here = finding.related.iter().map(|label| self.location(label));
        let elsewhere = finding.elsewhere.iter().map(|place| self.elsewhere(place));
        let mut related: Vec<Value> = here.chain(elsewhere).collect();
        for (id, location) in related.iter_mut().enumerate() {
            location["id"] = Value::from(id);
            // GitHub shows no place without a text.
            if location.get("message").is_none() {
                location["message"] = json!({"text": "See also here"});
            }
        }
        let mut text = format!("{}.\n{}", line(&finding.message), lines(&finding.help));
        if finding.more_related > 0 {
            text.push_str(&format!("\nThere are {} more such places.", finding.more_related));
        }
        if let Some(rendered) = &finding.rendered {
            let Position { line, column, .. } = rendered.position;
            text.push_str(&format!("\nRendered at line {line}, column {column}."));
        }
        let suppressions: Vec<Value> = reason
            .iter()
            .map(|reason| json!({"kind": "inSource", "justification": line(reason)}))
            .collect();
        let mut result = json!({
            "ruleId": finding.rule,
            "level": level(finding.severity),
            "message": {"text": text.trim_end()},
            "locations": [location],
            "relatedLocations": related,
            "partialFingerprints": {"otelLint/v1": fingerprint},
            // Of all results or of none, says the standard (3.27.23).
            "suppressions": suppressions,
            "fixes": self.fixes(finding),
        });
        if let Some(index) = rules::ALL.iter().position(|rule| rule.id == finding.rule) {
            result["ruleIndex"] = Value::from(index);
        }
        result
    }

    fn location(self, label: &Label) -> Value {
        let mut location = json!({"physicalLocation": {
            "artifactLocation": artifact(self.report, self.file.source.name()),
            "region": self.region(label.span),
        }});
        if !label.text.is_empty() {
            location["message"] = json!({"text": line(&label.text)});
        }
        location
    }

    /// A place in another file.
    fn elsewhere(self, place: &Elsewhere) -> Value {
        let (start, end) = (place.start, place.end);
        json!({
            "physicalLocation": {
                "artifactLocation": artifact(self.report, &place.file),
                "region": {
                    "startLine": start.line,
                    "startColumn": start.utf16,
                    "endLine": end.line,
                    "endColumn": end.utf16,
                },
            },
            "message": {"text": line(&place.text)},
        })
    }

    fn region(self, span: Span) -> Value {
        let Region { start, end, .. } = Region::new(&self.file.source, span);
        json!({
            "startLine": start.line,
            "startColumn": self.column(start),
            "endLine": end.line,
            "endColumn": self.column(end),
        })
    }

    /// The column of `position`. A byte order mark is not part of the text (3.30.2).
    fn column(self, position: Position) -> u32 {
        let marked = position.line == 1 && self.file.source.bytes().starts_with(b"\xEF\xBB\xBF");
        (position.utf16 - u32::from(marked)).max(1)
    }

    fn fixes(self, finding: &Finding) -> Vec<Value> {
        let Some(fix) = &finding.fix else { return Vec::new() };
        let replacements: Vec<Value> = fix
            .shown()
            .iter()
            .map(|replacement| {
                json!({
                    "deletedRegion": self.region(replacement.span),
                    "insertedContent": {"text": replacement.text},
                })
            })
            .collect();
        if replacements.is_empty() {
            return Vec::new();
        }
        vec![json!({
            "description": {"text": fix.title},
            "artifactChanges": [{
                "artifactLocation": artifact(self.report, self.file.source.name()),
                "replacements": replacements,
            }],
        })]
    }
}
