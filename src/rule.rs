//! What a rule is: a value that carries its own words, examples and check.
//!
//! Everything that is said about a rule anywhere (its tests, `explain`, its page, its row in the
//! README, its name on the command line) follows from its one [`Rule`] value.

use std::fmt;

use crate::document::{Document, NodeId, Pointer};
use crate::effective::Effective;
use crate::effective::decode::same_key;
use crate::effective::headers::CREDENTIALS;
use crate::effective::host::Host;
use crate::finding::{Edit, Finding, Label, Severity};
use crate::policy::Policy;
use crate::target::{Edition, Target, Version};

pub use crate::consequence::Consequence;

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case name of the problem; reads well after "allow".
    pub id: &'static str,
    /// The problem in one line.
    pub summary: &'static str,
    /// What part of the configuration it is about.
    pub group: Group,
    /// How bad it is, unless its page says that this depends on the target.
    pub severity: Severity,
    /// What happens to a gateway that runs with it.
    pub consequence: Consequence,
    /// The gateways it is about.
    pub applies: Applies,
    /// Whether its findings come with a fix.
    pub fix: Availability,
    /// Rules that give way where this one speaks: of a finding of theirs at the same place, or
    /// below it, nothing is said. Section 3.5 of the catalogue, as data.
    pub supersedes: &'static [&'static str],
    /// Whether it needs a whole configuration, because it is about what is missing or about how two
    /// parts go together: its findings are dropped for a fragment.
    pub needs_whole: bool,
    /// Why, in the user's terms, as Markdown, with executable examples: fences whose info string is
    /// `json bad`, `json fixed` or `json good` (or `yaml …`, `toml …`), optionally with `version=X.Y`
    /// and `edition=ee`.
    pub docs: &'static str,
    /// Upstream files that show it.
    pub evidence: &'static [&'static str],
    /// Who finds it.
    pub check: Check,
}

/// Who produces the findings of a rule.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// The reader of the document's format.
    Reader,
    /// The validation against the generated schemas.
    Schema,
    /// The linter, once all others have spoken.
    Linter,
    /// The rule itself.
    Semantic(fn(&mut Context<'_>)),
}

/// What part of the configuration a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Syntax and shape.
    Shape,
    /// Exporters and how they are reached.
    Exporters,
    /// Sampling and reporting periods.
    Sampling,
    /// What the layers report.
    Layers,
    /// Attributes and headers that leave the gateway.
    Privacy,
    /// Prometheus exporters.
    Prometheus,
    /// Where a block stands, and what an override replaces.
    Scopes,
    /// Enterprise Edition.
    Enterprise,
    /// Releases and deprecations.
    Versions,
    /// What the file says about findings.
    Suppressions,
}

impl Group {
    /// Every group, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::Shape,
        Self::Exporters,
        Self::Sampling,
        Self::Layers,
        Self::Privacy,
        Self::Prometheus,
        Self::Scopes,
        Self::Enterprise,
        Self::Versions,
        Self::Suppressions,
    ];

    /// The name, in lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shape => "shape",
            Self::Exporters => "exporters",
            Self::Sampling => "sampling",
            Self::Layers => "layers",
            Self::Privacy => "privacy",
            Self::Prometheus => "prometheus",
            Self::Scopes => "scopes",
            Self::Enterprise => "enterprise",
            Self::Versions => "versions",
            Self::Suppressions => "suppressions",
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The gateways a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applies {
    /// The first release.
    pub since: Version,
    /// The last release; `None` if there is no end yet.
    pub until: Option<Version>,
    /// The editions.
    pub editions: &'static [Edition],
}

impl Applies {
    /// Every release with OpenTelemetry, both editions.
    pub const ALWAYS: Self = Self { since: Version::FIRST, until: None, editions: &Edition::ALL };
    /// Every release of the Community Edition.
    pub const COMMUNITY: Self = Self { editions: &[Edition::Community], ..Self::ALWAYS };
    /// Every release of the Enterprise Edition.
    pub const ENTERPRISE: Self = Self { editions: &[Edition::Enterprise], ..Self::ALWAYS };

    /// The same editions, from release `since` on.
    #[must_use]
    pub const fn since(self, since: Version) -> Self {
        Self { since, ..self }
    }

    /// The same editions, up to and with release `until`.
    #[must_use]
    pub const fn until(self, until: Version) -> Self {
        Self { until: Some(until), ..self }
    }

    /// Whether `target` is one of these gateways.
    #[must_use]
    pub fn to(&self, target: Target) -> bool {
        self.since <= target.version
            && self.until.is_none_or(|until| target.version <= until)
            && self.editions.contains(&target.edition)
    }
}

/// Whether the findings of a rule come with a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    /// None ever does.
    Never,
    /// Some do.
    Sometimes,
    /// Each does.
    Always,
}

impl Availability {
    /// The word in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Sometimes => "sometimes",
            Self::Always => "always",
        }
    }
}

/// What a rule sees, and where it leaves its findings.
pub struct Context<'a> {
    /// The configuration as written.
    pub doc: &'a Document<'a>,
    /// What the gateway makes of it.
    pub effective: &'a Effective<'a>,
    /// What the users decided.
    pub policy: &'a Policy,
    rule: &'static Rule,
    findings: &'a mut Vec<Finding>,
}

impl<'a> Context<'a> {
    /// A context for one run of `rule`.
    pub(crate) fn new(
        doc: &'a Document<'a>,
        effective: &'a Effective<'a>,
        policy: &'a Policy,
        rule: &'static Rule,
        findings: &'a mut Vec<Finding>,
    ) -> Self {
        Self { doc, effective, policy, rule, findings }
    }

    /// The gateway the configuration is checked against.
    #[must_use]
    pub fn target(&self) -> Target {
        self.effective.target
    }

    /// The headers that carry secrets, in their canonical form: the well-known ones, then those that
    /// the users name.
    pub fn credentials(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        CREDENTIALS.into_iter().chain(self.policy.sensitive_headers.iter().map(String::as_str))
    }

    /// Whether the port of an exporter that sends to `host` tells nothing about its protocol.
    #[must_use]
    pub fn takes_any_port(&self, host: &Host<'_>) -> bool {
        host.takes_both_protocols() || self.policy.exempts_ports_of(host.name)
    }

    /// A finding at the node `at`: a value with its quotes, or a key.
    #[must_use]
    pub fn at(&self, at: NodeId, message: impl Into<String>) -> Finding {
        self.finding(at, message)
    }

    /// A finding at what begins `object`, its brace or first key, about its missing member `key`.
    #[must_use]
    pub fn missing(&self, object: NodeId, key: &str, message: impl Into<String>) -> Finding {
        let mut finding = self.finding(object, message);
        finding.primary.span = self.doc.opening(object);
        finding.pointer = self.doc.pointer(object).key(key).to_string();
        finding
    }

    fn finding(&self, at: NodeId, message: impl Into<String>) -> Finding {
        Finding::new(self.rule, self.doc.span(at), &self.doc.pointer(at), message)
    }

    /// The edit that gives the member `key` of `object` this value, whether it is written or not, and
    /// in whichever case.
    #[must_use]
    pub fn set(&self, object: NodeId, key: &str, value: impl Into<serde_json::Value>) -> Edit {
        let value = value.into();
        // Of keys that differ in case the gateway takes the last one by its bytes.
        let members = self.doc.members(object);
        let written = members.filter(|m| same_key(&self.doc.key(m.key), key));
        let in_force = written.max_by(|one, other| {
            self.doc.key(one.key).as_bytes().cmp(self.doc.key(other.key).as_bytes())
        });
        match in_force {
            Some(member) => Edit::Replace { node: member.value, value },
            None => Edit::Insert { object, key: key.to_owned(), value },
        }
    }

    /// Another place to point at: a node, with a few words.
    #[must_use]
    pub fn label(&self, at: NodeId, text: impl Into<String>) -> Label {
        Label::new(self.doc.span(at), text)
    }

    /// Hands a finding in.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

impl Finding {
    /// A finding of `rule` with the rule's severity, no help and no fix yet.
    #[must_use]
    pub fn new(
        rule: &'static Rule,
        span: crate::source::Span,
        pointer: &Pointer,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule: rule.id,
            severity: rule.severity,
            consequence: rule.consequence,
            message: message.into(),
            primary: Label::new(span, ""),
            related: Vec::new(),
            more_related: 0,
            elsewhere: Vec::new(),
            rendered: None,
            pointer: pointer.to_string(),
            identity: String::new(),
            help: String::new(),
            fix: None,
        }
    }
}
