//! What makes a gateway refuse a configuration: the types of its own fields, as its loader decodes
//! them, and what it checks before it starts. Nothing of its components is looked at.
//!
//! The loader decodes loosely: it makes a number of `"8080"`, text of `1`, and a list of one item of
//! anything that is not a list. What is left to refuse is certain.
//!
//! Upstream: lura `config/config.go` (`ServiceConfig`, `Init`), `config/uri.go`; krakend-koanf
//! `parser.go`; go-viper/mapstructure v2 `mapstructure.go`.

mod fields;
mod scalars;

use self::fields::{SERVICE, Type};
use super::decode::same_key;
use super::is_filled_in_later;
use crate::document::{Document, Kind, Member, NodeId};
use crate::spelling::is_misspelling;

/// The version of the configuration that every gateway since 2.0 wants.
pub const CONFIG_VERSION: i64 = 3;

/// What makes a gateway refuse a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// A value that its field cannot hold; what it can, with its article: "a number".
    WrongType {
        /// The value.
        node: NodeId,
        /// What the field holds.
        expected: &'static str,
    },
    /// `null` where an endpoint, an agent or a backend should be.
    NullItem(NodeId),
    /// A `version` that is not the one wanted, or none.
    Version(Option<NodeId>),
    /// An endpoint without a backend, and its `backend`, if it is written.
    NoBackend {
        /// The endpoint.
        endpoint: NodeId,
        /// Its empty list.
        list: Option<NodeId>,
    },
    /// A host that is none.
    Host(NodeId),
}

/// The member of `object` that the gateway takes for the field `name`: the last one that is called
/// so; if there is none, the last one that is when case is ignored.
#[must_use]
pub fn field(doc: &Document<'_>, object: NodeId, name: &str) -> Option<Member> {
    doc.get(object, name)
        .or_else(|| doc.members(object).filter(|member| is_called(doc, member.key, name)).last())
}

/// Whether `key` is `name` when case is ignored.
fn is_called(doc: &Document<'_>, key: NodeId, name: &str) -> bool {
    match doc.plain(key) {
        Some(key) => key.eq_ignore_ascii_case(name.as_bytes()),
        None => same_key(&doc.key(key), name),
    }
}

/// The objects of the list `node`: an object that should be in a list counts as a list of it.
pub fn objects(doc: &Document<'_>, node: NodeId) -> impl Iterator<Item = NodeId> {
    let is_one = doc.kind(node) == Kind::Object && doc.members(node).next().is_some();
    let alone = is_one.then_some(node);
    let items = doc.items(node).filter(|&item| doc.kind(item) == Kind::Object);
    alone.into_iter().chain(items)
}

/// Why the gateway does not load the configuration with the root object `root`; nothing if that may be
/// a part of one, such as settings of the flexible configuration.
#[must_use]
pub fn errors(doc: &Document<'_>, root: NodeId) -> Vec<LoadError> {
    if field(doc, root, "version").is_none() && !is_whole(doc, root) {
        return Vec::new();
    }
    let mut loader = Loader { doc, errors: Vec::new() };
    loader.object(root, SERVICE);
    loader.version(root);
    loader.hosts(root);
    for list in ["endpoints", "async_agent"] {
        let Some(list_member) = field(doc, root, list) else { continue };
        for object in objects(doc, list_member.value) {
            let backends = field(doc, object, "backend").map(|member| member.value);
            if list == "endpoints" && backends.is_none_or(|list| is_empty(doc, list)) {
                loader.errors.push(LoadError::NoBackend { endpoint: object, list: backends });
            }
            for backend in backends.into_iter().flat_map(|list| objects(doc, list)) {
                let before = loader.errors.len();
                loader.hosts(backend);
                if loader.errors.len() > before && takes_any_host(doc, backend) {
                    loader.errors.truncate(before);
                }
            }
        }
    }
    loader.errors
}

/// Whether an object without a `version` is a whole configuration all the same: it says so, has a key
/// that is meant as `version`, or has both endpoints and other fields of a service.
fn is_whole(doc: &Document<'_>, root: NodeId) -> bool {
    let is_meant = |member: Member| is_misspelling(&doc.key(member.key), "version");
    let schema = doc.get(root, "$schema").and_then(|member| doc.str(member.value));
    let mut others =
        fields::SERVICE.iter().map(|(name, _)| *name).filter(|name| *name != "endpoints");
    schema.is_some_and(|url| url.to_ascii_lowercase().ends_with("/krakend.json"))
        || doc.members(root).any(is_meant)
        || (field(doc, root, "endpoints").is_some()
            && others.any(|name| field(doc, root, name).is_some()))
}

/// Whether the hosts of `backend` are not looked at.
fn takes_any_host(doc: &Document<'_>, backend: NodeId) -> bool {
    let switch = field(doc, backend, "disable_host_sanitize");
    switch.is_some_and(|member| scalars::is_true(doc, member.value))
}

/// Whether the loader makes a list without items of `node`.
fn is_empty(doc: &Document<'_>, node: NodeId) -> bool {
    match doc.kind(node) {
        Kind::Null => true,
        Kind::Array => doc.items(node).next().is_none(),
        Kind::Object => doc.members(node).next().is_none(),
        Kind::String | Kind::Bool(_) | Kind::Number => false,
    }
}

struct Loader<'d> {
    doc: &'d Document<'d>,
    errors: Vec<LoadError>,
}

impl Loader<'_> {
    fn wrong(&mut self, node: NodeId, expected: &'static str) {
        let is_template = self.doc.str(node).is_some_and(|text| is_filled_in_later(&text));
        if !is_template {
            self.errors.push(LoadError::WrongType { node, expected });
        }
    }

    fn object(&mut self, object: NodeId, fields: &'static [(&'static str, Type)]) {
        let doc = self.doc;
        for member in doc.members(object) {
            let is_it = |(name, _): &&(&str, Type)| is_called(doc, member.key, name);
            let Some((name, kind)) = fields.iter().find(is_it) else { continue };
            // Of several members for one field the others are not looked at.
            if field(doc, object, name) == Some(member) {
                self.value(member.value, *kind);
            }
        }
    }

    /// Checks the value `node` of a field of type `kind`. `null` leaves every field as it is.
    fn value(&mut self, node: NodeId, kind: Type) {
        let doc = self.doc;
        let written = doc.kind(node);
        let holds = |fits: bool| written == Kind::Null || fits;
        match kind {
            Type::Text => {
                if matches!(written, Kind::Array | Kind::Object) {
                    self.wrong(node, "text");
                }
            }
            Type::Integer => {
                if !holds(scalars::is_integer(doc, node)) {
                    self.wrong(node, "an integer");
                }
            }
            Type::Number => {
                if !holds(scalars::is_number(doc, node)) {
                    self.wrong(node, "a number");
                }
            }
            Type::Bool => {
                if !holds(scalars::is_bool(doc, node)) {
                    self.wrong(node, "a boolean");
                }
            }
            Type::Duration => {
                if !holds(scalars::is_duration(doc, node)) {
                    self.wrong(node, "a duration such as \"3s\"");
                }
            }
            Type::Texts => self.texts(node),
            Type::Map => self.map(node),
            Type::TextMap => match written {
                Kind::Null | Kind::Array => {}
                Kind::Object => {
                    for member in doc.members(node) {
                        self.value(member.value, Type::Text);
                    }
                }
                _ => self.wrong(node, "an object"),
            },
            Type::Object(fields) => match written {
                Kind::Null => {}
                Kind::Object => self.object(node, fields),
                _ => self.wrong(node, "an object"),
            },
            Type::Objects(fields) => self.objects(node, fields),
        }
    }

    fn texts(&mut self, node: NodeId) {
        let doc = self.doc;
        match doc.kind(node) {
            Kind::Array => {
                for item in doc.items(node) {
                    self.value(item, Type::Text);
                }
            }
            Kind::Object if !is_empty(doc, node) => self.wrong(node, "a list of texts"),
            _ => {}
        }
    }

    /// A map of anything; of a list of maps the loader makes one.
    fn map(&mut self, node: NodeId) {
        let doc = self.doc;
        match doc.kind(node) {
            Kind::Null | Kind::Object => {}
            Kind::Array => {
                for item in doc.items(node) {
                    self.map(item);
                }
            }
            _ => self.wrong(node, "an object"),
        }
    }

    fn objects(&mut self, node: NodeId, fields: &'static [(&'static str, Type)]) {
        let doc = self.doc;
        match doc.kind(node) {
            Kind::Null => {}
            Kind::Object if is_empty(doc, node) => {}
            Kind::Object => self.object(node, fields),
            Kind::Array => {
                for item in doc.items(node) {
                    match doc.kind(item) {
                        Kind::Null => self.errors.push(LoadError::NullItem(item)),
                        Kind::Object => self.object(item, fields),
                        _ => self.wrong(item, "an object"),
                    }
                }
            }
            _ => self.wrong(node, "a list of objects"),
        }
    }

    fn version(&mut self, root: NodeId) {
        let doc = self.doc;
        match field(doc, root, "version").map(|member| member.value) {
            None => self.errors.push(LoadError::Version(None)),
            Some(node) => {
                let is_template = doc.str(node).is_some_and(|text| is_filled_in_later(&text));
                // What is not a number at all has the wrong type already.
                let is_wrong = doc.kind(node) == Kind::Null
                    || (scalars::is_integer(doc, node)
                        && scalars::integer(doc, node) != Some(CONFIG_VERSION));
                if is_wrong && !is_template {
                    self.errors.push(LoadError::Version(Some(node)));
                }
            }
        }
    }

    /// Checks the hosts of the service or a backend. A text that is not a list is parted at commas.
    fn hosts(&mut self, object: NodeId) {
        let doc = self.doc;
        let Some(hosts) = field(doc, object, "host").map(|member| member.value) else { return };
        let is_list = doc.kind(hosts) == Kind::Array;
        let items = doc.items(hosts);
        for node in items.chain((!is_list && !is_empty(doc, hosts)).then_some(hosts)) {
            let text = match doc.kind(node) {
                Kind::Null => "".into(),
                Kind::String => doc.text(node),
                // Its type is wrong, or it is made to text that is a name.
                _ => continue,
            };
            let mut hosts: Vec<&str> = vec![&text];
            if !is_list {
                hosts = text.split(',').collect();
            }
            if !is_filled_in_later(&text) && !hosts.into_iter().all(is_host) {
                self.errors.push(LoadError::Host(node));
            }
        }
    }
}

/// Whether lura finds exactly one host in `text`: perhaps a scheme, a name, perhaps a port of two to
/// six digits, perhaps a slash. It does not ask what stands before and after it.
#[must_use]
pub fn is_host(text: &str) -> bool {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
    let length_of = |bytes: &[u8]| bytes.iter().take_while(|byte| is_name(byte)).count();
    let bytes = text.as_bytes();
    let (mut at, mut found) = (0, 0);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let scheme = [&b"https://"[..], b"http://"].into_iter().find(|it| rest.starts_with(it));
        let scheme = scheme.map_or(0, <[u8]>::len);
        let mut name = length_of(&rest[scheme..]);
        let start = if name > 0 { scheme } else { 0 };
        if name == 0 {
            name = length_of(rest);
        }
        if name == 0 {
            at += 1;
            continue;
        }
        found += 1;
        at += start + name;
        if let Some((b':', digits)) = bytes[at..].split_first() {
            let digits = digits.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
            if digits >= 2 {
                at += 1 + digits;
            }
        }
        if bytes.get(at) == Some(&b'/') {
            at += 1;
        }
    }
    found == 1
}

#[cfg(test)]
mod tests {
    use super::is_host;

    #[test]
    fn a_host_is_what_lura_finds_once() {
        for host in
            ["http://backend", "backend:8080", "https://b.example.com/", "a_b", "${HOST}", "[b]"]
        {
            assert!(is_host(host), "{host}");
        }
        // Of a scheme alone the name is the scheme.
        assert!(is_host("http://"));
        for host in ["", "http://b/path", "b:8", "a b", "http://b:8080/x", "[::1]:80"] {
            assert!(!is_host(host), "{host}");
        }
    }
}
