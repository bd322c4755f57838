//! Texts in a document that may be configurations: strings of a Kubernetes manifest, of the values of
//! a Helm chart, of a Compose file.
//!
//! Such a text is a configuration if it reads as one and has the marks of one. Only where its key
//! says that it is meant to be one (`krakend.json: |`) is something said about its syntax.

use data_encoding::BASE64;

use super::{Foreign, Marks};
use crate::document::embedded::Embedded;
use crate::document::{Document, Kind, NodeId};
use crate::source::{Format, Source, Span};

/// How deep texts lie in texts before nobody looks any more.
pub const MOST_LEVELS: usize = 4;

/// Texts shorter than this hold no telemetry block.
const SHORTEST: usize = 24;

/// The extension of templates of the flexible configuration.
const TEMPLATE: &str = "tmpl";

/// A text that may be a configuration.
#[derive(Clone, Debug)]
pub struct Text {
    /// The string it is the content of.
    pub node: NodeId,
    /// The text, under the name that its key gives it.
    pub source: Source,
    /// Whether its key says that it is a configuration of the gateway.
    pub is_named: bool,
    /// Whether `${…}` in it is replaced before the gateway reads it.
    pub is_substituted: bool,
    way: Way,
}

/// The way from a text to the file around it.
#[derive(Clone, Debug)]
enum Way {
    /// It is written there.
    Written(Embedded),
    /// It is written there in base64, at this place.
    Encoded(Span),
}

impl Text {
    /// How the text is written in the file around it; `None` if it is encoded there.
    pub(crate) fn written(&self) -> Option<&Embedded> {
        match &self.way {
            Way::Written(embedded) => Some(embedded),
            Way::Encoded(_) => None,
        }
    }

    /// Where `span` of the text is written in the file around it.
    #[must_use]
    pub fn outer(&self, span: Span) -> Span {
        match &self.way {
            Way::Written(embedded) => embedded.outer(span),
            Way::Encoded(place) => *place,
        }
    }

    /// Whether no place of the text can be pointed at, only all of it.
    #[must_use]
    pub fn is_encoded(&self) -> bool {
        matches!(self.way, Way::Encoded(_))
    }
}

/// The texts in `doc` that may be configurations of the gateway or hold some, in the order of the
/// document.
pub fn texts<'d>(doc: &'d Document<'d>) -> impl Iterator<Item = Text> + use<'d> {
    let foreign = Foreign::of(doc);
    let candidates =
        if foreign.is_none_or(Foreign::is_carrier) { strings(doc) } else { Vec::new() };
    candidates.into_iter().filter_map(move |candidate| candidate.open(doc, foreign))
}

/// An object or array, its key, and what it stands in.
struct Holder {
    node: NodeId,
    key: Option<NodeId>,
    outer: Option<usize>,
}

/// A string of a document, and what its place says about it.
struct Candidate {
    node: NodeId,
    /// The name under which it stands.
    name: Option<NodeId>,
    /// Whether it is a file of a `ConfigMap`, `Secret` or Compose configuration.
    is_file: bool,
    is_encoded: bool,
}

/// The strings of `doc` that are long enough, in the order of the document.
fn strings(doc: &Document<'_>) -> Vec<Candidate> {
    let Some(root) = doc.root() else { return Vec::new() };
    let mut holders: Vec<Holder> = Vec::new();
    let mut found = Vec::new();
    let mut rest = vec![(root, None, None)];
    while let Some((node, key, outer)) = rest.pop() {
        match doc.kind(node) {
            Kind::Object => {
                holders.push(Holder { node, key, outer });
                let holder = Some(holders.len() - 1);
                let members = doc.members(node);
                rest.extend(members.map(|member| (member.value, Some(member.key), holder)));
            }
            Kind::Array => {
                holders.push(Holder { node, key, outer });
                let holder = Some(holders.len() - 1);
                rest.extend(doc.items(node).map(|item| (item, key, holder)));
            }
            Kind::String => {
                let span = doc.span(node);
                if doc.alias(node).is_none() && (span.end - span.start) as usize > SHORTEST {
                    found.push(Candidate::new(doc, &holders, node, key, outer));
                }
            }
            _ => {}
        }
    }
    found.sort_unstable_by_key(|candidate| candidate.node);
    found
}

impl Candidate {
    fn new(
        doc: &Document<'_>,
        holders: &[Holder],
        node: NodeId,
        key: Option<NodeId>,
        outer: Option<usize>,
    ) -> Self {
        let is_called =
            |key: Option<NodeId>, name: &str| key.is_some_and(|key| doc.is_called(key, name));
        let parent = outer.map(|outer| &holders[outer]);
        let around = parent.and_then(|parent| parent.outer).map(|outer| &holders[outer]);
        let kind = around.and_then(|object| doc.get(object.node, "kind"));
        let kind = kind.and_then(|kind| doc.str(kind.value));
        let is_in = |name| parent.is_some_and(|parent| is_called(parent.key, name));
        let (is_map, is_secret) =
            (kind.as_deref() == Some("ConfigMap"), kind.as_deref() == Some("Secret"));
        // `configs.NAME.content` of Compose.
        let is_content =
            is_called(key, "content") && around.is_some_and(|it| is_called(it.key, "configs"));
        Self {
            node,
            name: if is_content { parent.and_then(|parent| parent.key) } else { key },
            is_file: is_content
                || (is_map && is_in("data"))
                || (is_secret && (is_in("stringData") || is_in("data"))),
            is_encoded: (is_secret && is_in("data")) || (is_map && is_in("binaryData")),
        }
    }

    /// The text, if it may be a configuration or hold one.
    fn open(&self, doc: &Document<'_>, foreign: Option<Foreign>) -> Option<Text> {
        let node = self.node;
        let name = self.name.and_then(|key| doc.str(key)).unwrap_or_default();
        let (bytes, way) = if self.is_encoded {
            let text = doc.str(node)?;
            let packed: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
            (BASE64.decode(&packed).ok()?, Way::Encoded(doc.span(node)))
        } else {
            let written = doc.str(node).filter(|text| text.contains(['\n', '{', '=']))?;
            if !is_named(&name) && !Marks::of(written.as_bytes()).is_plausible() {
                return None;
            }
            let embedded = Embedded::new(doc, node)?;
            (embedded.text.clone().into_bytes(), Way::Written(embedded))
        };
        let marks = Marks::of(&bytes);
        let begins = bytes.trim_ascii_start().first().copied();
        let has_extension = format(&name).is_some();
        let is_named = if is_named(&name) {
            begins == Some(b'{') || marks.names_gateway()
        } else {
            self.is_file && has_extension && marks.names_gateway() && has_key(&bytes)
        };
        if !is_named && !marks.is_plausible() {
            return None;
        }
        let format = format(&name).unwrap_or_else(|| Format::of_text(&bytes));
        let is_substituted = foreign.is_some_and(Foreign::replaces_variables);
        let source = Source::new(name.into_owned(), bytes).with_format(format);
        Some(Text { node, source, is_named, is_substituted, way })
    }
}

/// The format that the key of a text says it has.
fn format(name: &str) -> Option<Format> {
    let (_, extension) = name.rsplit_once('.')?;
    let is_template = extension.eq_ignore_ascii_case(TEMPLATE);
    if is_template { Some(Format::Json) } else { Format::named(name) }
}

/// Whether a key says that its text is a configuration of the gateway: `krakend.json`,
/// `krakendJson`, `krakend`, but not `krakend.sh`.
fn is_named(name: &str) -> bool {
    name.to_ascii_lowercase().contains("krakend") && (!name.contains('.') || format(name).is_some())
}

/// Whether a text that cannot be read has the namespace of telemetry as a key, and does not only
/// talk about it.
fn has_key(bytes: &[u8]) -> bool {
    let keys = ["telemetry/opentelemetry", "extra_config", "url_pattern"];
    keys.iter().any(|key| {
        memchr::memmem::find_iter(bytes, key).any(|at| {
            let rest = &bytes[at + key.len()..];
            let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
            rest.trim_ascii_start().first() == Some(&b':')
        })
    })
}
