//! The form of `json` and `jsonl`: our own, documented in `docs/json.md`, and apart from the types
//! inside, which may change when it may not. Its schemas are `schemas/report.json` and
//! `schemas/report-lines.json`.

use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;

use super::run::{Entry, Region};
use super::{Report, Unread, page_url};
use crate::analysis::CheckedFile;
use crate::finding::{Finding, Safety};
use crate::source::{Position, Source, Span};
use crate::target::{Origin, Target};

/// Version of the form. It changes when a field changes its meaning or goes away, not when one comes.
const FORM: u32 = 1;

/// The report of a run of otel-lint.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunData<'r> {
    /// The form of this report: 1.
    pub(super) form: u32,
    /// The tool.
    pub(super) tool: ToolData,
    /// Every file that was named, sorted by name; those that could not be read last.
    pub(super) files: Vec<FileData<'r>>,
    /// How much there is.
    pub(super) summary: SummaryData,
}

/// A line of the report of a run.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "camelCase")]
pub(super) enum LineData<'r> {
    /// The first line.
    Run {
        /// The form of this report: 1.
        form: u32,
        /// The tool.
        tool: ToolData,
    },
    /// A file, before its findings. Its own lists of findings are empty.
    File(FileData<'r>),
    /// A finding.
    Finding {
        /// The file, as in the line of the file.
        path: String,
        /// The finding.
        #[serde(flatten)]
        finding: FindingData<'r>,
    },
    /// A finding that its file says to ignore.
    Suppressed {
        /// The file, as in the line of the file.
        path: String,
        /// The finding and the reason.
        #[serde(flatten)]
        suppressed: SuppressedData<'r>,
    },
    /// The last line.
    Summary(SummaryData),
}

/// The tool that wrote the report.
#[derive(Serialize, JsonSchema)]
pub(super) struct ToolData {
    /// Its name.
    name: &'static str,
    /// Its version.
    version: &'static str,
}

/// A file and what was found in it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FileData<'r> {
    /// The path from the root of the repository, with slashes; absolute if it is not below that.
    pub(super) path: String,
    /// What the file is: `configuration`, `fragment`, `carrier`, `template`, `rendered` or
    /// `unrecognised`; null if it could not be read.
    content: Option<&'static str>,
    /// The gateway it was checked against; null if it could not be read.
    target: Option<TargetData>,
    /// Whether it has a telemetry block.
    has_telemetry: bool,
    /// Why it could not be read; null if it could.
    error: Option<&'r str>,
    /// What was found, sorted by place.
    pub(super) findings: Vec<FindingData<'r>>,
    /// What was found and the file says to ignore, sorted by place.
    pub(super) suppressed: Vec<SuppressedData<'r>>,
}

/// The gateway that a file was checked against.
#[derive(Serialize, JsonSchema)]
struct TargetData {
    /// `ce`: Community Edition; `ee`: Enterprise Edition.
    edition: &'static str,
    /// The release, as in 2.13.8.
    version: String,
    /// Why this release: `told` on the command line, or by the `settings`; named by `$schema`
    /// (`schema`); or the newest (`default`).
    origin: &'static str,
}

/// A finding that its file says to ignore.
#[derive(Serialize, JsonSchema)]
pub(super) struct SuppressedData<'r> {
    /// Why, in the words of whoever wrote so.
    reason: &'r str,
    /// The finding.
    finding: FindingData<'r>,
}

/// One fault.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FindingData<'r> {
    /// The rule that found it.
    rule: &'static str,
    /// `error`, `warning` or `info`.
    severity: &'static str,
    /// What is wrong, in one line.
    message: &'r str,
    /// What to do; a line or more.
    help: &'r str,
    /// What happens to a gateway that runs with it.
    consequence: ConsequenceData,
    /// JSON pointer of what is checked; for something missing, of what should be there.
    pointer: &'r str,
    /// The place.
    place: PlaceData<'r>,
    /// Other places that have to do with it.
    related: Vec<PlaceData<'r>>,
    /// How many more such places there are: `related` has sixteen at most.
    more_related: usize,
    /// Places in other files that have to do with it, such as the call of the template that it is in.
    elsewhere: Vec<ElsewhereData<'r>>,
    /// Of a finding in what a template is rendered to: where in the rendered text it is; else null.
    rendered: Option<PositionData>,
    /// What would fix it.
    fix: Option<FixData<'r>>,
    /// The same in every run as long as the finding is the same, wherever in the file it stands.
    fingerprint: String,
    /// The page of the rule.
    url: String,
}

/// What happens to a gateway.
#[derive(Serialize, JsonSchema)]
struct ConsequenceData {
    /// A name: `does-not-start`, `telemetry-off-logged`, `telemetry-off-silently`, `export-errors`,
    /// `wrong-data`, `data-leaks`, `no-effect` or `works`.
    kind: &'static str,
    /// A sentence.
    text: &'static str,
}

/// A part of the file, and what is to be said about it.
#[derive(Serialize, JsonSchema)]
struct PlaceData<'r> {
    /// Where it begins.
    start: PositionData,
    /// Where it ends: before the character here.
    end: PositionData,
    /// A few words; may be empty.
    label: &'r str,
}

/// A part of another file, and what is to be said about it.
#[derive(Serialize, JsonSchema)]
struct ElsewhereData<'r> {
    /// The path, as that of the file.
    path: String,
    /// Where it begins.
    start: PositionData,
    /// Where it ends: before the character here.
    end: PositionData,
    /// A few words; may be empty.
    label: &'r str,
}

/// A place before a character.
#[derive(Serialize, JsonSchema)]
struct PositionData {
    /// Bytes before it.
    offset: u32,
    /// Line, from 1. Lines end with LF or CRLF.
    line: u32,
    /// Column, from 1, in characters (Unicode scalar values).
    column: u32,
    /// Column, from 1, in UTF-16 code units.
    utf16: u32,
}

/// What would fix a finding.
#[derive(Serialize, JsonSchema)]
struct FixData<'r> {
    /// What it does.
    title: &'r str,
    /// `safe`: only one meaning is possible; `unsafe`: probably what is meant, but it changes what the
    /// gateway does.
    safety: &'static str,
    /// What to replace, sorted, without overlaps, all or nothing. Empty where the format of the file has
    /// no such edits yet, and where they would show a secret.
    edits: Vec<EditData<'r>>,
}

/// Text to put in the place of a part of the file.
#[derive(Serialize, JsonSchema)]
struct EditData<'r> {
    /// Where the part begins.
    start: PositionData,
    /// Where it ends.
    end: PositionData,
    /// The text.
    text: &'r str,
}

/// How much there is.
#[derive(Serialize, JsonSchema)]
pub(super) struct SummaryData {
    /// Files that were checked.
    files: usize,
    /// Files that could not be read.
    unread: usize,
    /// Errors.
    errors: usize,
    /// Warnings.
    warnings: usize,
    /// Infos.
    infos: usize,
    /// Findings that their files say to ignore.
    suppressed: usize,
}

/// The schema of a report in the format `json`.
#[must_use]
pub fn schema() -> Schema {
    schema_for!(RunData<'_>)
}

/// The schema of a line of a report in the format `jsonl`.
#[must_use]
pub fn line_schema() -> Schema {
    schema_for!(LineData<'_>)
}

impl<'r> RunData<'r> {
    pub(super) fn new(report: &'r Report<'r>) -> Self {
        let counts = report.counts();
        let files = report.files.iter().map(|file| FileData::new(report, file));
        let unread = report.unread.iter().map(|unread| FileData::unread(report, unread));
        Self {
            form: FORM,
            tool: ToolData { name: "otel-lint", version: env!("CARGO_PKG_VERSION") },
            files: files.chain(unread).collect(),
            summary: SummaryData {
                files: report.files.len(),
                unread: report.unread.len(),
                errors: counts.errors,
                warnings: counts.warnings,
                infos: counts.infos,
                suppressed: counts.suppressed,
            },
        }
    }
}

impl<'r> FileData<'r> {
    fn new(report: &Report<'r>, file: &'r CheckedFile) -> Self {
        let (mut findings, mut suppressed) = (Vec::new(), Vec::new());
        for (Entry { finding, reason }, fingerprint) in report.entries(file) {
            let finding = FindingData::new(report, &file.source, finding, fingerprint);
            match reason {
                None => findings.push(finding),
                Some(reason) => suppressed.push(SuppressedData { reason, finding }),
            }
        }
        Self {
            path: report.base.path(file.source.name()),
            content: Some(file.content.as_str()),
            target: Some(TargetData::new(file.target)),
            has_telemetry: file.has_telemetry,
            error: None,
            findings,
            suppressed,
        }
    }

    fn unread(report: &Report<'_>, unread: &'r Unread) -> Self {
        Self {
            path: report.base.path(&unread.name),
            content: None,
            target: None,
            has_telemetry: false,
            error: Some(&unread.error),
            findings: Vec::new(),
            suppressed: Vec::new(),
        }
    }
}

impl TargetData {
    fn new(target: Target) -> Self {
        Self {
            edition: target.edition.short(),
            version: target.version.to_string(),
            origin: match target.origin {
                Origin::Flag => "told",
                Origin::Settings => "settings",
                Origin::Schema => "schema",
                Origin::Default => "default",
            },
        }
    }
}

impl<'r> FindingData<'r> {
    fn new(
        report: &Report<'_>,
        source: &Source,
        finding: &'r Finding,
        fingerprint: String,
    ) -> Self {
        let place = |label: &'r crate::finding::Label| {
            let (start, end) = positions(source, label.span);
            PlaceData { start, end, label: &label.text }
        };
        Self {
            rule: finding.rule,
            severity: finding.severity.as_str(),
            message: &finding.message,
            help: &finding.help,
            consequence: ConsequenceData {
                kind: finding.consequence.as_str(),
                text: finding.consequence.sentence(),
            },
            pointer: &finding.pointer,
            place: place(&finding.primary),
            related: finding.related.iter().map(place).collect(),
            more_related: finding.more_related,
            elsewhere: (finding.elsewhere.iter())
                .map(|place| ElsewhereData {
                    path: report.base.path(&place.file),
                    start: PositionData::new(place.start),
                    end: PositionData::new(place.end),
                    label: &place.text,
                })
                .collect(),
            rendered: finding.rendered.as_ref().map(|line| PositionData::new(line.position)),
            fix: finding.fix.as_ref().map(|fix| FixData {
                title: &fix.title,
                safety: match fix.safety {
                    Safety::Safe => "safe",
                    Safety::Unsafe => "unsafe",
                },
                edits: fix.shown().iter().map(|edit| EditData::new(source, edit)).collect(),
            }),
            fingerprint,
            url: page_url(finding.rule),
        }
    }
}

impl PositionData {
    fn new(position: Position) -> Self {
        let Position { offset, line, column, utf16, .. } = position;
        Self { offset, line, column, utf16 }
    }
}

impl<'r> EditData<'r> {
    fn new(source: &Source, edit: &'r crate::finding::Replacement) -> Self {
        let (start, end) = positions(source, edit.span);
        Self { start, end, text: &edit.text }
    }
}

fn positions(source: &Source, span: Span) -> (PositionData, PositionData) {
    let region = Region::new(source, span);
    (PositionData::new(region.start), PositionData::new(region.end))
}
