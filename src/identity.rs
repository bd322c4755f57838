//! What a finding is about, in words that survive edits elsewhere: the basis of fingerprints.
//!
//! A JSON pointer changes when an endpoint is put before another one. An identity names the items of
//! lists by what they are: an endpoint by its method and path, a backend by its `url_pattern`, an
//! exporter by its name. What looks like a secret is masked, for identities are recorded in baselines.

use std::borrow::Cow;

use crate::document::unescaped;
use crate::document::{Document, Kind, NodeId};
use crate::effective::SECURITY_NAMESPACE;
use crate::finding::Finding;
use crate::secrets;

/// The identity of what `pointer`, an RFC 6901 pointer into `doc`, points at. The part of it that is
/// not written in `doc` is taken as it is.
#[must_use]
pub fn of(doc: &Document<'_>, pointer: &str) -> String {
    let mut identity = String::with_capacity(pointer.len() + 16);
    let mut at = doc.root();
    // Whether a key tells that everything below it is a secret.
    let mut hides = false;
    for part in pointer.split('/').skip(1) {
        identity.push('/');
        let node = at.map(|node| (node, doc.kind(node)));
        at = None;
        match node {
            Some((list, Kind::Array)) => {
                at = part.parse().ok().and_then(|index| doc.item(list, index));
                let name = match at {
                    Some(_) if hides => Cow::Borrowed("[***]"),
                    Some(item) => name(doc, item),
                    None => Cow::Borrowed("[]"),
                };
                identity.push_str(&name);
            }
            Some((object, Kind::Object)) => {
                let key = unescaped(part);
                at = doc.get(object, &key).map(|member| member.value);
                identity.push_str(if secrets::may_be_secret(&key) { "***" } else { part });
                // The exporters that get credentials are known by their names.
                hides |=
                    key != SECURITY_NAMESPACE && (secrets::hides(&key) || secrets::hides_all(&key));
            }
            _ => identity.push_str(part),
        }
    }
    identity
}

/// What the list item `item` is called.
fn name<'s>(doc: &Document<'s>, item: NodeId) -> Cow<'s, str> {
    let text = |key| doc.get(item, key).and_then(|member| doc.str(member.value));
    if let Some(path) = text("endpoint") {
        let method = text("method").unwrap_or(Cow::Borrowed("GET"));
        let path = secrets::masked(&path);
        return Cow::Owned(format!("[{} {path}]", secrets::masked(&method).to_uppercase()));
    }
    let named = ["name", "url_pattern", "key"].into_iter().find_map(text);
    match named.or_else(|| doc.str(item)) {
        Some(name) => Cow::Owned(format!("[{}]", secrets::masked(&name))),
        None => Cow::Borrowed("[]"),
    }
}

/// The identity of the member `key` of some item of a list, `list` being a pointer to that list, where
/// the fault is what several items have in `common`: which of them it is told of depends on their
/// order, and that is nothing to be known by.
#[must_use]
pub fn among(doc: &Document<'_>, list: &str, common: &str, key: &str) -> String {
    format!("{}/[{}]/{key}", of(doc, list), secrets::masked(common))
}

/// The fingerprint of `finding` in the file called `file`: the same as long as the finding is the
/// same, wherever in the file it stands and whatever its message says. A [`digest`] of file, rule and
/// identity.
#[must_use]
pub fn fingerprint(file: &str, finding: &Finding) -> String {
    digest(&[file, finding.rule, &finding.identity])
}

/// 128 bits of FNV-1a over `parts`, with a zero byte between them, as 32 hexadecimal digits.
#[must_use]
pub fn digest(parts: &[&str]) -> String {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    let joined = parts.join("\0");
    let hash =
        joined.bytes().fold(OFFSET, |hash, byte| (hash ^ u128::from(byte)).wrapping_mul(PRIME));
    format!("{hash:032x}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::source::Source;

    #[test]
    fn items_are_named_by_what_they_are() {
        let source = Source::new(
            "t",
            r#"{"endpoints": [{"endpoint": "/a", "backend": [{"url_pattern": "/b"}, 1]},
                {"endpoint": "/a", "method": "post"}], "otlp": [{"name": "c"}], "x~y": ["s"]}"#,
        );
        let parsed = document::read(&source);
        for (pointer, identity) in [
            ("", ""),
            ("/endpoints/0/backend/0/host", "/endpoints/[GET /a]/backend/[/b]/host"),
            ("/endpoints/0/backend/1", "/endpoints/[GET /a]/backend/[]"),
            ("/endpoints/1/missing/0", "/endpoints/[POST /a]/missing/0"),
            ("/otlp/0", "/otlp/[c]"),
            ("/x~0y/0", "/x~0y/[s]"),
        ] {
            assert_eq!(of(&parsed.document, pointer), identity);
        }
    }

    #[test]
    fn no_secret_is_in_an_identity() {
        let source = Source::new(
            "t",
            r#"{"endpoints": [{"endpoint": "/a?token=SECRET", "backend": [
                {"url_pattern": "http://u:SECRET@h/b"}]}], "otlp": [{"name": "ghp_SECRET"}],
                "headers": {"Bearer SECRET": 1}, "list": ["Basic SECRET"], "tokens": ["SECRET"],
                "auth/api-keys": {"keys": [{"key": "SECRET"}]}}"#,
        );
        let parsed = document::read(&source);
        let doc = &parsed.document;
        for node in doc.nodes() {
            let identity = of(doc, doc.pointer(node).as_str());
            assert!(!identity.contains("SECRET"), "{identity}");
        }
        assert_eq!(of(doc, "/endpoints/0/backend/0"), "/endpoints/[GET ***]/backend/[***]");
        assert_eq!(among(doc, "/otlp", "u:SECRET@h", "host"), "/otlp/[***]/host");
    }
}
