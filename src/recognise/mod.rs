//! What a file is: a whole configuration, a part of one, another file that holds one, or something
//! else; and the reason, in words for people.
//!
//! Everything that has to know asks here: the search, hooks, named files, `effective`, embedded
//! documents and templates. A file that could be a configuration is not called one for that: an
//! error about its syntax needs certainty that the gateway would read this text.

mod configuration;
pub mod embedded;
mod foreign;
mod marks;
mod reason;
mod shape;

pub use self::configuration::Mark;
pub use self::foreign::Foreign;
pub use self::marks::Marks;
pub use self::reason::Reason;

use crate::document::template::{self, Template};
use crate::document::{Document, Kind, Parsed};
use crate::effective::fragment::{self, Found};
use crate::source::Format;

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Content {
    /// A gateway's configuration.
    #[default]
    Configuration,
    /// A part of one, with a telemetry block: settings or a partial of the flexible configuration.
    Fragment,
    /// Another kind of file with embedded configurations, such as a Kubernetes manifest.
    Carrier,
    /// A template, which becomes a configuration when it is rendered.
    Template,
    /// A file of a flexible configuration, which was rendered as a whole and checked as it will run.
    Rendered,
    /// Nothing that has to do with KrakenD's telemetry, or nothing that can be told from it.
    Unrecognised,
}

impl Content {
    /// The name in machine-readable output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Fragment => "fragment",
            Self::Carrier => "carrier",
            Self::Template => "template",
            Self::Rendered => "rendered",
            Self::Unrecognised => "unrecognised",
        }
    }
}

/// What a file is, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recognised {
    /// What it is.
    pub content: Content,
    /// What shows it; of a file that is not checked, why not.
    pub reason: Reason,
}

impl Recognised {
    pub(crate) fn new(content: Content, reason: Reason) -> Self {
        Self { content, reason }
    }

    fn none(reason: Reason) -> Self {
        Self::new(Content::Unrecognised, reason)
    }
}

/// What the document is that was read, without a look into its strings.
#[must_use]
pub fn of(parsed: &Parsed<'_>) -> Recognised {
    let doc = &parsed.document;
    let is_broken = !parsed.reliable || parsed.faults.iter().any(|fault| !fault.is_warning);
    if let Some(foreign) = Foreign::of(doc) {
        let found = foreign.is_carrier() && !is_broken && !blocks(doc).is_empty();
        return if found {
            Recognised::new(Content::Fragment, Reason::Blocks)
        } else if is_broken && foreign.is_carrier() {
            Recognised::none(Reason::Broken(doc.source().format()))
        } else {
            Recognised::none(Reason::Foreign(foreign))
        };
    }
    let mark = doc.root().and_then(|root| configuration::mark(doc, root));
    // A settings file has no version, and may hold anything under the names of a configuration.
    let is_part = |mark| {
        mark != Mark::Schema
            && doc.root().is_some_and(|root| doc.get(root, "version").is_none())
            && is_in(doc.source().name(), &["settings"])
    };
    if let Some(mark) = mark.filter(|&mark| !is_part(mark)) {
        if is_broken && is_included(doc.source().name()) {
            return Recognised::none(Reason::Included);
        }
        return Recognised::new(Content::Configuration, Reason::Configuration(mark));
    }
    // That its root is a list is not a fault of a part of a configuration.
    if is_broken && !is_list(parsed) {
        return broken(doc);
    }
    if blocks(doc).is_empty() {
        Recognised::none(Reason::NoMarks)
    } else {
        Recognised::new(Content::Fragment, Reason::Blocks)
    }
}

/// What a text with errors is, whose marks do not tell.
fn broken(doc: &Document<'_>) -> Recognised {
    let name = doc.source().name();
    if is_included(name) {
        Recognised::none(Reason::Included)
    } else if names_gateway(name) {
        Recognised::new(Content::Configuration, Reason::Name)
    } else {
        // Who named it wants to know; a search passes by.
        Recognised::new(Content::Configuration, Reason::Broken(doc.source().format()))
    }
}

/// Whether the root is a list and nothing else is wrong.
#[must_use]
pub fn is_list(parsed: &Parsed<'_>) -> bool {
    let doc = &parsed.document;
    doc.root().is_some_and(|root| {
        doc.kind(root) == Kind::Array
            && parsed.faults.iter().all(|fault| fault.span == doc.span(root) || fault.is_warning)
    })
}

/// The key under which the root of `doc` belongs, if it is only the value of that key: exporters on
/// their own.
#[must_use]
pub fn key_of(doc: &Document<'_>) -> Option<&'static str> {
    let root = doc.root().filter(|&root| doc.kind(root) == Kind::Object)?;
    fragment::are_exporters(doc, root).then_some("exporters")
}

/// The telemetry blocks of a document that is not a whole configuration. In a file of another program
/// only those under the name of their namespace are meant for the gateway.
#[must_use]
pub fn blocks(doc: &Document<'_>) -> Vec<Found> {
    let foreign = Foreign::of(doc);
    if foreign.is_some_and(|foreign| !foreign.is_carrier()) {
        return Vec::new();
    }
    let mut found = fragment::find(doc);
    found.retain(|found| found.named || foreign.is_none());
    found
}

/// What one reading of a template is.
#[must_use]
pub(crate) fn of_reading(doc: &Document<'_>) -> Content {
    if Foreign::of(doc).is_some() {
        return Content::Unrecognised;
    }
    if doc.root().is_some_and(|root| configuration::mark(doc, root).is_some()) {
        Content::Configuration
    } else if !fragment::find(doc).is_empty() {
        Content::Fragment
    } else {
        Content::Unrecognised
    }
}

/// The text that was `read` as what a template includes, if it is not JSON on its own but members
/// without braces, or values one after the other.
#[must_use]
pub fn spliced<'s>(read: &Parsed<'s>) -> Option<Template<'s>> {
    let source = read.document.source();
    let is_broken = read.faults.iter().any(|fault| !fault.is_warning);
    if source.format() != Format::Json || !is_broken || is_list(read) {
        return None;
    }
    let template = template::read_spliced(source)?;
    let mut readings = template.readings.iter();
    readings.all(|reading| may_be_included(&reading.document)).then_some(template)
}

/// Whether members or items may be what a template includes: none of them is a whole configuration.
fn may_be_included(doc: &Document<'_>) -> bool {
    if names_gateway(doc.source().name()) && !is_included(doc.source().name()) {
        return false;
    }
    let Some(root) = doc.root() else { return false };
    let whole = |node| {
        let is_whole = doc.get(node, "version").is_some() || doc.get(node, "endpoints").is_some();
        doc.kind(node) == Kind::Object && is_whole
    };
    match doc.kind(root) {
        Kind::Object => !whole(root),
        Kind::Array => !doc.items(root).any(whole),
        _ => false,
    }
}

/// Whether the file called `name` stands in a folder from which templates include text.
fn is_included(name: &str) -> bool {
    is_in(name, &["partials", "partial", "templates", "template"])
}

/// Whether the file called `name` stands in a folder with one of these names, at any depth.
fn is_in(name: &str, names: &[&str]) -> bool {
    let mut folders = name.split(['/', '\\']).rev().skip(1);
    folders.any(|folder| names.contains(&folder.to_ascii_lowercase().as_str()))
}

/// Words that may stand beside `krakend` in the name of a configuration.
const BESIDE: [&str; 26] = [
    "api",
    "base",
    "ce",
    "cfg",
    "conf",
    "config",
    "configuration",
    "default",
    "dev",
    "development",
    "ee",
    "example",
    "flexible",
    "gateway",
    "gw",
    "json",
    "local",
    "main",
    "otel",
    "prod",
    "production",
    "qa",
    "sample",
    "staging",
    "test",
    "uat",
];

/// Whether a file is a configuration by its name: `krakend.json`, `krakend-prod.yaml`, but not
/// `krakend-values.yaml`.
#[must_use]
pub fn names_gateway(name: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name).to_ascii_lowercase();
    let Some((stem, _)) = file.rsplit_once('.').filter(|_| Format::named(&file).is_some()) else {
        return false;
    };
    let mut words = stem.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    stem.contains("krakend")
        && words.all(|word| {
            let rest = word.strip_prefix("krakend").unwrap_or(word);
            rest.is_empty() || BESIDE.contains(&rest)
        })
}

#[cfg(test)]
mod tests {
    use super::names_gateway;

    #[test]
    fn a_name_is_that_of_a_configuration_or_of_something_else() {
        for name in [
            "krakend.json",
            "a/b/KrakenD-prod.2.yaml",
            "c:\\x\\krakendConfig.toml",
            "dev.krakend.json",
        ] {
            assert!(names_gateway(name), "{name}");
        }
        for name in [
            "krakend",
            "krakend/package.json",
            "krakend-values.yaml",
            "krakend.sh",
            "krakend.schema.json",
        ] {
            assert!(!names_gateway(name), "{name}");
        }
    }
}
