//! What a file is: a whole configuration, a part of one, or something else.
//!
//! A file that could be a configuration is taken for one: a mark that only gateways have is enough.
//! What has none, but holds a telemetry block somewhere, is a fragment: settings and partials of the
//! flexible configuration, an endpoint on its own, a configuration inside the values of a chart.

use crate::document::{Document, Kind, NodeId};
use crate::effective::fragment;
use crate::effective::load::field;

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
    /// Nothing that has to do with KrakenD's telemetry.
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
            Self::Unrecognised => "unrecognised",
        }
    }
}

/// Words of which every file that has to do with KrakenD's telemetry holds one.
const WORDS: [&str; 5] = ["opentelemetry", "krakend", "extra_config", "endpoint", "exporters"];

/// Whether a file with these bytes may have to do with KrakenD at all, at the price of one look: of
/// thousands of files that a search comes by, the others need not be read.
#[must_use]
pub fn is_plausible(bytes: &[u8]) -> bool {
    WORDS.iter().any(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some())
}

/// What the file that was read into `doc` is.
#[must_use]
pub fn of(doc: &Document<'_>) -> Content {
    if doc.root().is_some_and(|root| is_configuration(doc, root)) {
        Content::Configuration
    } else if !fragment::find(doc).is_empty() {
        Content::Fragment
    } else {
        Content::Unrecognised
    }
}

/// Whether the object `root` has a mark of a gateway's configuration.
fn is_configuration(doc: &Document<'_>, root: NodeId) -> bool {
    let value = |name| field(doc, root, name).map(|member| member.value);
    let is = |name, kind| value(name).is_some_and(|node| doc.kind(node) == kind);
    let names_schema = value("$schema")
        .and_then(|url| doc.str(url))
        .is_some_and(|url| url.to_ascii_lowercase().contains("krakend"));
    // A manifest of Kubernetes or a file of Docker Compose has a version, too.
    let is_foreign = value("apiVersion").is_some() || value("services").is_some();
    let has_version = value("version")
        .and_then(|version| doc.number(version))
        .is_some_and(|version| (1.0..=3.0).contains(&version));
    // An endpoint on its own has an `extra_config` and no other mark.
    let is_part = ["endpoint", "url_pattern"].iter().any(|name| is(name, Kind::String));
    let has_block = is("extra_config", Kind::Object) && !is_part;
    names_schema
        || (!is_foreign
            && (has_version
                || has_block
                || is("endpoints", Kind::Array)
                || is("async_agent", Kind::Array)))
}
