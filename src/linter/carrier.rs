//! Files that carry configurations as text: manifests of Kubernetes, values of Helm charts.
//!
//! What a scalar carries is checked as a file of its own, and what is found there is said at its
//! place in the file around it. Fixes are left out: their edits are about the document inside.

use super::{Options, Verdict, judge, target_of};
use crate::content;
use crate::document::embedded::Embedded;
use crate::document::{self, Document, Kind, NodeId, Parsed, yaml};
use crate::finding::Finding;
use crate::report::{Content, FileReport, Suppressed};
use crate::source::{Format, Source, Span};
use crate::target::Target;
use crate::{identity, rules, secrets};

/// What was found in a carrier, before it is a report.
#[derive(Default)]
pub(super) struct Cargo {
    findings: Vec<Finding>,
    suppressed: Vec<Suppressed>,
    hidden: Vec<Finding>,
    secrets: Vec<Span>,
    target: Option<Target>,
    has_telemetry: bool,
    /// Where the texts are that were checked.
    opened: Vec<Span>,
    /// How many configurations and parts of one it carries.
    carried: usize,
    /// Whether it holds telemetry blocks as part of itself.
    native: bool,
}

impl Cargo {
    /// What `source` carries; `None` if that is nothing and it is no manifest either.
    pub(super) fn of(source: &Source, options: &Options) -> Option<Self> {
        if !content::is_plausible(source.bytes()) {
            return None;
        }
        let documents = match source.format() {
            Format::Yaml => yaml::documents(source),
            Format::Json => vec![document::read(source)],
            Format::Toml => return None,
        };
        let mut cargo = Self::default();
        for parsed in documents.iter().filter(|parsed| parsed.reliable) {
            cargo.unload(parsed, options);
        }
        let is_manifest = documents.iter().any(|parsed| is_manifest(&parsed.document));
        if cargo.carried == 0 && !is_manifest {
            return None;
        }
        for parsed in &documents {
            cargo.findings.extend(parsed.faults.iter().map(rules::of_fault));
        }
        for parsed in &documents {
            let near =
                secrets::near(&parsed.document, &cargo.findings, &options.policy.sensitive_headers);
            // A text that was checked has its secrets found one by one.
            cargo.secrets.extend(near.into_iter().filter(|span| !cargo.opened.contains(span)));
        }
        cargo.findings.sort_by_key(|finding| finding.primary.span);
        cargo.secrets.sort_unstable();
        cargo.secrets.dedup();
        Some(cargo)
    }

    /// The report on `source`, which this was found in.
    pub(super) fn report(self, source: Source, options: &Options) -> FileReport {
        let target =
            self.target.unwrap_or(Target { edition: options.edition, ..Target::default() });
        let content = if self.carried > 0 {
            Content::Carrier
        } else if self.native {
            Content::Fragment
        } else {
            Content::Unrecognised
        };
        FileReport {
            has_telemetry: self.has_telemetry,
            findings: self.findings,
            secrets: self.secrets,
            content,
            suppressed: self.suppressed,
            hidden: self.hidden,
            off: options.policy.off(),
            fail_on: options.policy.fail_on,
            ..FileReport::new(source, target)
        }
    }

    /// Checks what one document carries, and the telemetry blocks that it has itself.
    fn unload(&mut self, parsed: &Parsed<'_>, options: &Options) {
        let doc = &parsed.document;
        for node in doc.nodes().filter(|node| doc.kind(*node) == Kind::String) {
            if doc.uses(node).is_none() && self.open(doc, node, options) {
                self.opened.push(doc.span(node));
            }
        }
        self.inspect(parsed, options);
    }

    /// Judges the blocks that are no text but part of the document.
    fn inspect(&mut self, parsed: &Parsed<'_>, options: &Options) {
        let target = target_of(&parsed.document, options);
        let mut judged = judge(parsed, Content::Fragment, target, &options.policy);
        if !judged.has_telemetry {
            return;
        }
        judged.findings.retain(|finding| !rules::is_syntax(finding.rule));
        self.native = true;
        self.take(Verdict::on(parsed, Content::Fragment, target, judged, options));
    }

    /// Keeps what a verdict says.
    fn take(&mut self, verdict: Verdict) {
        self.has_telemetry |= verdict.has_telemetry;
        self.target.get_or_insert(verdict.target);
        self.findings.extend(verdict.findings);
        self.suppressed.extend(verdict.suppressed);
        self.hidden.extend(verdict.hidden);
        self.secrets.extend(verdict.secrets);
    }

    /// Checks the text of the scalar `node` if it is a configuration or a part of one.
    fn open(&mut self, doc: &Document<'_>, node: NodeId, options: &Options) -> bool {
        let is_text = doc.span(node).end - doc.span(node).start > 24;
        let Some(text) = doc.str(node).filter(|_| is_text) else { return false };
        if !text.contains(['\n', '{', '=']) || !content::is_plausible(text.as_bytes()) {
            return false;
        }
        let Some(embedded) = Embedded::new(doc, node) else { return false };
        let pointer = doc.pointer(node).to_string();
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
        let format = match extension.to_ascii_lowercase().as_str() {
            "json" | "yaml" | "yml" | "toml" => Format::of_name(name),
            _ => Format::of_text(text.as_bytes()),
        };
        let inside = Source::new(doc.source().name(), &*embedded.text).with_format(format);
        let mut verdict = Verdict::of(&mut document::read(&inside), options);
        let is_broken = verdict.findings.iter().any(|finding| rules::is_syntax(finding.rule));
        let is_ours = ["krakend", "telemetry/opentelemetry"]
            .iter()
            .any(|word| text.contains(word) || name.to_ascii_lowercase().contains(word));
        // What is broken is only said of what is certainly meant to be a configuration.
        if verdict.content == Content::Unrecognised
            || (is_broken && (!is_ours || text.contains("{{")))
        {
            return false;
        }
        self.carried += 1;
        let holder = identity::of(doc, &pointer);
        let moved = |finding: &mut Finding| {
            finding.fix = None;
            finding.pointer.insert_str(0, &pointer);
            finding.identity.insert_str(0, &holder);
            finding.primary.span = embedded.outer(finding.primary.span);
            for label in &mut finding.related {
                label.span = embedded.outer(label.span);
            }
        };
        verdict.findings.iter_mut().chain(&mut verdict.hidden).for_each(moved);
        verdict.suppressed.iter_mut().map(|one| &mut one.finding).for_each(moved);
        for span in &mut verdict.secrets {
            *span = embedded.outer(*span);
        }
        self.take(verdict);
        true
    }
}

/// Whether the root has the marks of a Kubernetes object.
fn is_manifest(doc: &Document<'_>) -> bool {
    doc.root()
        .is_some_and(|root| ["apiVersion", "kind"].iter().all(|name| doc.get(root, name).is_some()))
}
