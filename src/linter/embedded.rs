//! Embedded documents: configurations that are a string in another file, such as a Kubernetes manifest
//! or the values of a Helm chart.
//!
//! Each is checked like a file of its own, and its findings are moved to their place in the file around
//! it, and its fixes are written as the text around it needs them.

use super::{Host, Options, judge, outcome, target_of};
use crate::analysis::Analysis;
use crate::content::{self, Content};
use crate::document::embedded::Embedded;
use crate::document::{self, Document, Kind, NodeId, Parsed, yaml};
use crate::finding::Finding;
use crate::source::{Format, Source, Span};
use crate::target::Target;
use crate::{fix, identity, rules, secrets};

/// What was found in a file with embedded documents.
struct Carrier<'o> {
    options: &'o Options,
    host: Host<'o>,
    analysis: Analysis,
    /// The target of the first document found.
    target: Option<Target>,
    /// The scalars whose text was checked.
    opened: Vec<Span>,
    /// Whether it holds telemetry blocks as part of itself.
    has_own_blocks: bool,
}

/// Checks what `source` embeds. The inner `None` means that it embeds nothing and is no manifest
/// either, the outer one that the host cancelled.
#[expect(clippy::option_option, reason = "the outer one is for `?`")]
pub(super) fn check(
    source: &Source,
    options: &Options,
    host: Host<'_>,
) -> Option<Option<Analysis>> {
    if !content::is_plausible(source.bytes()) {
        return Some(None);
    }
    let documents = match source.format() {
        Format::Yaml => yaml::documents(source),
        Format::Json => vec![document::read(source)],
        Format::Toml => return Some(None),
    };
    let mut carrier = Carrier {
        options,
        host,
        analysis: Analysis::default(),
        target: None,
        opened: Vec::new(),
        has_own_blocks: false,
    };
    for parsed in documents.iter().filter(|parsed| parsed.reliable) {
        carrier.check(parsed)?;
    }
    let is_manifest = documents.iter().any(|parsed| is_manifest(&parsed.document));
    if carrier.opened.is_empty() && !is_manifest {
        return Some(None);
    }
    Some(Some(carrier.finish(&documents)))
}

impl Carrier<'_> {
    /// The analysis, with the syntax faults of the file itself.
    fn finish(self, documents: &[Parsed<'_>]) -> Analysis {
        let Self { options, mut analysis, target, opened, has_own_blocks, .. } = self;
        for parsed in documents {
            analysis.findings.extend(parsed.faults.iter().map(rules::of_fault));
        }
        let headers = &options.policy.sensitive_headers;
        for parsed in documents {
            let near = secrets::near(&parsed.document, &analysis.findings, headers);
            // A text that was checked has its secrets found one by one.
            analysis.secrets.extend(near.into_iter().filter(|span| !opened.contains(span)));
        }
        analysis.findings.sort_by_key(|finding| finding.primary.span);
        analysis.secrets.sort_unstable();
        analysis.secrets.dedup();
        Analysis {
            target: target.unwrap_or(Target { edition: options.edition, ..Target::default() }),
            content: if !opened.is_empty() {
                Content::Carrier
            } else if has_own_blocks {
                Content::Fragment
            } else {
                Content::Unrecognised
            },
            off: options.policy.off(),
            fail_on: options.policy.fail_on,
            ..analysis
        }
    }

    /// Checks what one document embeds, and the telemetry blocks that are part of it.
    fn check(&mut self, parsed: &Parsed<'_>) -> Option<()> {
        let doc = &parsed.document;
        for node in doc.nodes().filter(|node| doc.kind(*node) == Kind::String) {
            if doc.alias(node).is_none() && self.open(doc, node)? {
                self.opened.push(doc.span(node));
            }
        }
        self.check_own(parsed)
    }

    /// Checks the blocks that are no text but part of the document.
    fn check_own(&mut self, parsed: &Parsed<'_>) -> Option<()> {
        let target = target_of(&parsed.document, self.options);
        let policy = &self.options.policy;
        let mut judged = judge(parsed, Content::Fragment, target, policy, self.host)?;
        if judged.has_telemetry {
            judged.findings.retain(|finding| !rules::is_syntax(finding.rule));
            self.has_own_blocks = true;
            let (options, host) = (self.options, self.host);
            self.take(outcome::settled(parsed, Content::Fragment, target, judged, options, host)?);
        }
        Some(())
    }

    fn take(&mut self, analysis: Analysis) {
        self.target.get_or_insert(analysis.target);
        self.analysis.absorb(analysis);
    }

    /// Checks the text of the scalar `node` if it is a configuration or a part of one.
    fn open(&mut self, doc: &Document<'_>, node: NodeId) -> Option<bool> {
        let is_text = doc.span(node).end - doc.span(node).start > 24;
        let Some(text) = doc.str(node).filter(|_| is_text) else { return Some(false) };
        if !text.contains(['\n', '{', '=']) || !content::is_plausible(text.as_bytes()) {
            return Some(false);
        }
        let Some(embedded) = Embedded::new(doc, node) else { return Some(false) };
        let pointer = doc.pointer(node).to_string();
        let name = pointer.rsplit('/').next().unwrap_or_default();
        let format = Format::named(name).unwrap_or_else(|| Format::of_text(text.as_bytes()));
        let inside = Source::new(doc.source().name(), &*embedded.text).with_format(format);
        let mut inner = outcome::of(&mut document::read(&inside), self.options, self.host)?;
        let is_broken = inner.findings.iter().any(|finding| rules::is_syntax(finding.rule));
        let is_ours = ["krakend", "telemetry/opentelemetry"]
            .iter()
            .any(|word| text.contains(word) || name.to_ascii_lowercase().contains(word));
        // What is broken is only said of what is certainly meant to be a configuration.
        if inner.content == Content::Unrecognised
            || (is_broken && (!is_ours || text.contains("{{")))
        {
            return Some(false);
        }
        let holder = identity::of(doc, &pointer);
        let moved = |finding: &mut Finding| {
            finding.fix.take_if(|fix| fix::embed(doc, &embedded, fix).is_none());
            finding.pointer.insert_str(0, &pointer);
            finding.identity.insert_str(0, &holder);
            finding.primary.span = embedded.outer(finding.primary.span);
            for label in &mut finding.related {
                label.span = embedded.outer(label.span);
            }
        };
        inner.findings.iter_mut().chain(&mut inner.hidden).for_each(moved);
        inner.suppressed.iter_mut().map(|one| &mut one.finding).for_each(moved);
        for span in &mut inner.secrets {
            *span = embedded.outer(*span);
        }
        self.take(inner);
        Some(true)
    }
}

/// Whether the root has the marks of a Kubernetes object.
fn is_manifest(doc: &Document<'_>) -> bool {
    doc.root()
        .is_some_and(|root| ["apiVersion", "kind"].iter().all(|name| doc.get(root, name).is_some()))
}
