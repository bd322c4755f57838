//! Embedded documents: configurations that are a string in another file, such as a Kubernetes manifest
//! or the values of a Helm chart, at any depth.
//!
//! Each is checked like a file of its own, and its findings are moved to their place in the file around
//! it, and its fixes are written as the text around it needs them.

use std::collections::HashSet;

use super::kubernetes::{self, Ports};
use super::{Host, Options, RuleFindings, check_document, outcome, target_of, template};
use crate::analysis::Analysis;
use crate::document::template::{chart, is_template};
use crate::document::{self, Document, Parsed, yaml};
use crate::effective::Effective;
use crate::finding::{Finding, Severity};
use crate::recognise::embedded::{MOST_LEVELS, Text, texts};
use crate::recognise::{self, Content, Foreign, Mark, Marks, Reason};
use crate::source::{Format, Source, Span};
use crate::target::Target;
use crate::{fix, identity, rules, secrets};

/// What was found in a file with embedded documents.
struct Carrier<'o> {
    options: &'o Options,
    host: Host<'o>,
    /// How many texts the file is in.
    level: usize,
    /// Whether Helm renders it, and all that it embeds.
    is_chart: bool,
    analysis: Analysis,
    /// The target of the first document found.
    target: Option<Target>,
    /// The scalars whose text was checked.
    opened: Vec<Span>,
    /// Whether it holds telemetry blocks as part of itself.
    has_own_blocks: bool,
    /// Whether there is a text with marks of the gateway that cannot be read.
    has_unread: bool,
    /// The ports of the configurations found, if there are other documents that may scrape them.
    ports: Option<Ports>,
}

/// Checks what `source`, which is in `level` texts, embeds. The inner `None` means that it embeds
/// nothing and is not a file of another program either, the outer one that the host cancelled.
#[expect(clippy::option_option, reason = "the outer one is for `?`")]
pub(super) fn check(
    source: &Source,
    options: &Options,
    host: Host<'_>,
    level: usize,
) -> Option<Option<Analysis>> {
    let masked = chart::masked(source);
    let documents = match source.format() {
        Format::Yaml => yaml::documents(masked.as_ref().unwrap_or(source)),
        Format::Json => vec![document::read(source)],
        Format::Toml => return Some(None),
    };
    let mut carrier = Carrier {
        options,
        host,
        level,
        is_chart: masked.is_some(),
        analysis: Analysis::default(),
        target: None,
        opened: Vec::new(),
        has_own_blocks: false,
        has_unread: false,
        ports: (documents.len() > 1).then(Ports::default),
    };
    for parsed in documents.iter().filter(|parsed| parsed.reliable) {
        carrier.check(parsed)?;
    }
    carrier.check_scrapers(&documents)?;
    let foreign = documents.iter().find_map(|parsed| Foreign::of(&parsed.document));
    if carrier.opened.is_empty() && foreign.is_none() && !carrier.has_unread {
        return Some(None);
    }
    let mut analysis = carrier.finish(&documents, foreign);
    if masked.is_some() {
        // What stands in actions outside of block scalars is in no document.
        analysis.secrets.extend(secrets::in_text(source));
        analysis.secrets = secrets::joined(analysis.secrets);
    }
    Some(Some(analysis))
}

impl Carrier<'_> {
    /// The analysis. That something else in the file cannot be read is not an error: the gateway does
    /// not read it.
    fn finish(self, documents: &[Parsed<'_>], foreign: Option<Foreign>) -> Analysis {
        let Self { options, mut analysis, target, opened, has_own_blocks, has_unread, .. } = self;
        let (content, reason) = if !opened.is_empty() {
            (Content::Carrier, Reason::Embedded)
        } else if has_own_blocks {
            (Content::Fragment, Reason::Blocks)
        } else if documents.iter().any(|parsed| !parsed.reliable)
            && foreign.is_none_or(Foreign::is_carrier)
        {
            let format = documents.first().map_or(Format::Yaml, |it| it.document.source().format());
            (Content::Unrecognised, Reason::Broken(format))
        } else if has_unread {
            (Content::Unrecognised, Reason::UnreadText)
        } else {
            (Content::Unrecognised, foreign.map_or(Reason::NoMarks, Reason::Foreign))
        };
        if content != Content::Unrecognised {
            for fault in documents.iter().flat_map(|parsed| &parsed.faults) {
                let mut finding = rules::of_fault(fault);
                finding.severity = Severity::Warning;
                analysis.findings.push(finding);
            }
        }
        analysis.findings.sort_by_key(|finding| finding.primary.span);
        let (findings, suppressed) = (&mut analysis.findings, &mut analysis.suppressed);
        let docs: Vec<&Document<'_>> = documents.iter().map(|parsed| &parsed.document).collect();
        let near = outcome::protect(&docs, findings, suppressed, &options.policy);
        // A text that was checked has its secrets found one by one.
        let opened: HashSet<Span> = opened.into_iter().collect();
        analysis.secrets.extend(near.into_iter().filter(|span| !opened.contains(span)));
        analysis.secrets.sort_unstable();
        analysis.secrets.dedup();
        Analysis {
            target: target.unwrap_or(Target { edition: options.edition, ..Target::default() }),
            content,
            reason,
            off: options.policy.off(),
            fail_on: options.policy.fail_on,
            ..analysis
        }
    }

    /// Checks what one document embeds, and the telemetry blocks that are part of it.
    fn check(&mut self, parsed: &Parsed<'_>) -> Option<()> {
        let doc = &parsed.document;
        for text in texts(doc) {
            if let Some(inner) = self.inner(&text)? {
                self.opened.push(doc.span(text.node));
                self.take(moved(inner, doc, &text));
            }
        }
        self.check_own(parsed)
    }

    /// Checks the blocks that are not text but part of the document.
    fn check_own(&mut self, parsed: &Parsed<'_>) -> Option<()> {
        if recognise::blocks(&parsed.document).is_empty() {
            return Some(());
        }
        let target = target_of(&parsed.document, self.options);
        let policy = &self.options.policy;
        let mut found = check_document(parsed, Content::Fragment, target, policy, self.host)?;
        found.findings.retain(|finding| !rules::is_syntax(finding.rule));
        self.has_own_blocks = true;
        self.take(outcome::unprotected(parsed, found, self.options, self.host)?);
        Some(())
    }

    /// Checks the resources of Kubernetes beside the configurations that were found.
    fn check_scrapers(&mut self, documents: &[Parsed<'_>]) -> Option<()> {
        let Some(ports) = self.ports.take() else { return Some(()) };
        let docs: Vec<&Document<'_>> = documents.iter().map(|parsed| &parsed.document).collect();
        for (parsed, mut findings) in documents.iter().zip(kubernetes::check(&docs, &ports)) {
            findings.retain(|finding| self.options.policy.is_on(finding.rule));
            if findings.is_empty() {
                continue;
            }
            let (content, target) = (Content::Carrier, self.target.unwrap_or_default());
            let found = RuleFindings { content, target, findings, has_telemetry: false };
            self.take(outcome::unprotected(parsed, found, self.options, self.host)?);
        }
        Some(())
    }

    /// Takes note of the ports that the configuration in `text` opens.
    fn add_ports(&mut self, text: &Text, parsed: &Parsed<'_>) {
        let target = target_of(&parsed.document, self.options);
        if let Some(ports) = &mut self.ports {
            ports.add(&Effective::new(&parsed.document, target), |span| text.outer(span));
        }
    }

    fn take(&mut self, analysis: Analysis) {
        self.target.get_or_insert(analysis.target);
        self.analysis.absorb(analysis);
    }

    /// What is said about a text if it is a configuration, a part of one, or holds one.
    #[expect(clippy::option_option, reason = "the outer one is for `?`")]
    fn inner(&mut self, text: &Text) -> Option<Option<Analysis>> {
        let (options, host) = (self.options, self.host);
        let mut parsed = document::read(&text.source);
        let is_broken = parsed.faults.iter().any(|fault| !fault.is_warning);
        let names_gateway = Marks::of(text.source.bytes()).names_gateway();
        let variables = memchr::memmem::find(text.source.bytes(), b"${").is_some();
        let recognised = recognise::of(&parsed);
        let is_rendered = self.is_chart && text.source.has_braces();
        let analysis = if is_template(&parsed) || is_rendered {
            let analysis = template::check(&text.source, options, host)?;
            let is_ours = analysis.has_telemetry || text.is_named;
            is_ours.then_some(analysis)
        } else if is_broken && !recognise::is_list(&parsed) {
            let is_told = text.is_named && !(text.is_substituted && variables);
            if is_told { Some(outcome::of(&mut parsed, options, host)?) } else { None }
        } else if recognised.content == Content::Configuration
            && (text.is_named || recognised.reason != Reason::Configuration(Mark::Version))
        {
            self.add_ports(text, &parsed);
            Some(outcome::of(&mut parsed, options, host)?)
        } else if self.level + 1 < MOST_LEVELS {
            let nested = check(&text.source, options, host, self.level + 1)?;
            let nested = nested.filter(|nested| nested.content != Content::Unrecognised);
            let has_block = || recognise::blocks(&parsed.document).iter().any(|it| it.named);
            if nested.is_some() {
                return Some(nested);
            }
            let is_ours = recognised.content == Content::Fragment && (text.is_named || has_block());
            if is_ours { Some(outcome::of(&mut parsed, options, host)?) } else { None }
        } else {
            None
        };
        self.has_unread |= analysis.is_none() && is_broken && names_gateway;
        Some(analysis)
    }
}

/// `inner`, which is about `text`, as it is about the file around that: the text stands at `pointer`,
/// and is known by `holder`.
fn moved(mut inner: Analysis, doc: &Document<'_>, text: &Text) -> Analysis {
    let pointer = &doc.pointer(text.node).to_string();
    let holder = &identity::of(doc, pointer);
    let moved = |finding: &mut Finding| {
        finding.fix.take_if(|fix| {
            text.written().and_then(|embedded| fix::embed(doc, embedded, fix)).is_none()
        });
        finding.pointer.insert_str(0, pointer);
        finding.identity.insert_str(0, holder);
        if text.is_encoded() {
            let at = text.source.position(finding.primary.span.start);
            let place = format!(" (line {}, column {} of the decoded text)", at.line, at.column);
            finding.message.push_str(&place);
            finding.related.clear();
        }
        finding.primary.span = text.outer(finding.primary.span);
        for label in &mut finding.related {
            label.span = text.outer(label.span);
        }
    };
    if text.is_substituted {
        let is_kept = |finding: &Finding| finding.rule != rules::unrendered_placeholder::RULE.id;
        inner.findings.retain(is_kept);
        inner.hidden.retain(is_kept);
    }
    inner.findings.iter_mut().chain(&mut inner.hidden).for_each(moved);
    inner.suppressed.iter_mut().map(|one| &mut one.finding).for_each(moved);
    for span in &mut inner.secrets {
        *span = text.outer(*span);
    }
    if text.is_encoded() {
        // What is a Secret is shown to nobody.
        inner.secrets.push(text.outer(Span::at(0)));
    }
    inner
}
