//! What must not be shown: values of headers, tokens, passwords, credentials in URLs.
//!
//! A frame around a finding shows the lines of the configuration as they are, and those may hold
//! secrets that have nothing to do with the finding. They are found by the name of their key or by
//! the look of their value; too much hidden is no harm.

use crate::document::{Document, Kind, NodeId};
use crate::effective::SECURITY_NAMESPACE;
use crate::finding::Finding;
use crate::source::Span;

/// Bytes to both sides of a label in which secrets are looked for: more than any frame shows.
const REACH: u32 = 4096;

/// Words in the name of a key, in lower case and without separators, whose value is a secret.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "apikey",
    "authorization",
    "credential",
    "privatekey",
    "cookie",
    "accesskey",
    "signature",
    "bearer",
];

/// How values begin that are secrets whatever their key is called.
const PREFIXES: &[&str] = &[
    "Bearer ",
    "Basic ",
    "ghp_",
    "gho_",
    "github_pat_",
    "glpat-",
    "sk-",
    "sk_live_",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "eyJ",
    "NRAK-",
    "glc_",
    "dt0c01.",
    "-----BEGIN",
];

/// Keys below which all is secret: headers in whatever shape, and the block of credentials.
const ALL_SECRET: [&str; 3] = ["headers", "header", SECURITY_NAMESPACE];

/// The rules whose findings tell that a part of the source may be on no tape.
const UNREAD: [&str; 2] = ["invalid-json", "unjudged-template"];

/// The secrets of `doc` near the places of `findings`, sorted.
#[must_use]
pub fn near(doc: &Document<'_>, findings: &[Finding]) -> Vec<Span> {
    let windows = windows(findings);
    let mut secrets = Vec::new();
    let mut rest: Vec<Visit> =
        doc.root().map(|node| Visit { node, key: None, hidden: false }).into_iter().collect();
    while let Some(visit) = rest.pop() {
        let span = doc.span(visit.node);
        if !overlaps(&windows, span) {
            continue;
        }
        match doc.kind(visit.node) {
            Kind::Object => {
                let pair = is_secret_pair(doc, visit.node);
                rest.extend(doc.members(visit.node).map(|member| Visit {
                    node: member.value,
                    key: Some(member.key),
                    hidden: (visit.hidden
                        || is_all_secret(doc, member.key)
                        || (pair && doc.is_called(member.key, "value")))
                        && !doc.is_called(member.key, "name"),
                }));
            }
            Kind::Array => {
                rest.extend(doc.items(visit.node).map(|node| Visit { node, ..visit }));
            }
            Kind::Bool(_) | Kind::Null => {}
            Kind::Number | Kind::String => {
                let named = || visit.key.is_some_and(|key| names_secret(&doc.key(key)));
                let looks = || doc.str(visit.node).is_some_and(|text| is_secret(&text));
                if visit.hidden || named() || looks() {
                    secrets.push(span);
                }
            }
        }
    }
    if findings.iter().any(|finding| UNREAD.contains(&finding.rule)) || has_actions(doc) {
        // The reader may have stopped or skipped: what it left out is on no tape, but in a frame. So
        // is what stands in the action of a template.
        let unread = lexical(doc.source().bytes());
        secrets.extend(unread.into_iter().filter(|span| overlaps(&windows, *span)));
    }
    joined(secrets)
}

/// `secrets` sorted, those that overlap as one.
#[must_use]
pub fn joined(mut secrets: Vec<Span>) -> Vec<Span> {
    secrets.sort_unstable();
    secrets.dedup_by(|next, last| {
        let joins = next.start < last.end;
        if joins {
            last.end = last.end.max(next.end);
        }
        joins
    });
    secrets
}

fn has_actions(doc: &Document<'_>) -> bool {
    memchr::memmem::find(doc.source().bytes(), b"{{").is_some()
}

/// The secrets of a text that is no JSON, found by its quotes, brackets and colons alone.
fn lexical(bytes: &[u8]) -> Vec<Span> {
    let mut secrets = Vec::new();
    let mut key = String::new();
    // How many brackets are open, and the number at which all began to be secret.
    let (mut depth, mut hidden) = (0_usize, None);
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += 1;
        match bytes[start] {
            b'{' | b'[' => {
                depth += 1;
                if hidden.is_none() && ALL_SECRET.contains(&key.as_str()) {
                    hidden = Some(depth);
                }
            }
            b'}' | b']' => {
                if hidden == Some(depth) {
                    hidden = None;
                }
                depth = depth.saturating_sub(1);
                key.clear();
            }
            b':' | b',' | b' ' | b'\t' | b'\r' | b'\n' => {}
            first => {
                at = token_end(bytes, start, first);
                let raw = String::from_utf8_lossy(&bytes[start..at]);
                let text = raw.trim_matches(['"', '\'']);
                if bytes[at..].trim_ascii_start().first() == Some(&b':') {
                    text.clone_into(&mut key);
                } else if (hidden.is_some() && key != "name")
                    || ALL_SECRET.contains(&key.as_str())
                    || names_secret(&key)
                    || is_secret(text)
                {
                    secrets.push(Span::new(start, at));
                }
            }
        }
    }
    secrets
}

/// Where the token ends that begins at `start`: a string at its closing quote or the end of its line,
/// anything else at the next delimiter.
fn token_end(bytes: &[u8], start: usize, first: u8) -> usize {
    let mut at = start + 1;
    if first != b'"' && first != b'\'' {
        let ends = |byte: &u8| b"{}[]:,\"' \t\r\n".contains(byte);
        return bytes[at..].iter().position(ends).map_or(bytes.len(), |len| at + len);
    }
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => return at,
            b'\\' => at += 1,
            byte if byte == first => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// A value to look at, the key it or its list stands under, and whether all in it is secret.
#[derive(Clone, Copy)]
struct Visit {
    node: NodeId,
    key: Option<NodeId>,
    hidden: bool,
}

/// Whether all below `key` is secret: headers in whatever shape, and the block of credentials.
fn is_all_secret(doc: &Document<'_>, key: NodeId) -> bool {
    ALL_SECRET.iter().any(|name| doc.is_called(key, name))
}

/// Whether the object is a static attribute whose key, a value of its own, names a secret.
fn is_secret_pair(doc: &Document<'_>, object: NodeId) -> bool {
    let key = doc.get(object, "key").and_then(|member| doc.str(member.value));
    key.is_some_and(|key| names_secret(&key))
}

/// The parts of the source that a frame may show, sorted, overlapping ones joined.
fn windows(findings: &[Finding]) -> Vec<Span> {
    let labels = findings
        .iter()
        .flat_map(|finding| std::iter::once(&finding.primary).chain(&finding.related));
    let mut around: Vec<Span> = labels
        .map(|label| Span {
            start: label.span.start.saturating_sub(REACH),
            end: label.span.end.min(label.span.start.saturating_add(REACH)).saturating_add(REACH),
        })
        .collect();
    around.sort_unstable();
    let mut joined: Vec<Span> = Vec::new();
    for window in around {
        match joined.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            _ => joined.push(window),
        }
    }
    joined
}

fn overlaps(windows: &[Span], span: Span) -> bool {
    let first = windows.partition_point(|window| window.end < span.start);
    windows.get(first).is_some_and(|window| window.start <= span.end)
}

/// Whether the value of a key called `name` is a secret.
#[must_use]
pub fn names_secret(name: &str) -> bool {
    let plain = plain(name);
    // `key` alone is a field of an attribute; `license_key` is a secret.
    (plain.len() > 3 && plain.ends_with("key")) || WORDS.iter().any(|word| plain.contains(word))
}

/// `name` in lower case and without separators.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether an attribute `key` with this `value` gives a secret away: the value looks like one, or the
/// key ends in the name of one and the value is no word, no sentence and no placeholder.
#[must_use]
pub fn is_secret_attribute(key: &str, value: &str) -> bool {
    let is_placeholder = ["${", "{{", "<"].iter().any(|mark| value.contains(mark));
    !is_placeholder && (is_secret(value) || (is_called_secret(key) && is_opaque(value)))
}

/// Whether `name` ends in the name of a secret: `db.password` does, `token_version` does not.
fn is_called_secret(name: &str) -> bool {
    let plain = plain(name);
    WORDS.iter().any(|word| plain.ends_with(word))
}

/// Whether `value` could be a token: eight characters or more without blanks, letters and digits.
fn is_opaque(value: &str) -> bool {
    value.len() >= 8
        && value.bytes().all(|b| b.is_ascii_graphic())
        && value.bytes().any(|b| b.is_ascii_digit())
        && value.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Whether `value` looks like a secret: a known prefix, or credentials in a URL.
#[must_use]
pub fn is_secret(value: &str) -> bool {
    PREFIXES.iter().any(|prefix| value.starts_with(prefix) && value.len() > prefix.len() + 3)
        || has_userinfo(value)
        || has_secret_query(value)
}

/// Whether `value` has a query with a secret in it: `…?api_key=…`.
fn has_secret_query(value: &str) -> bool {
    value.split_once('?').is_some_and(|(_, query)| {
        let mut pairs = query.split(['&', ';']).filter_map(|pair| pair.split_once('='));
        pairs.any(|(name, value)| !value.is_empty() && names_secret(name))
    })
}

/// Whether `value` holds credentials before the `@` of a URL; without a scheme only `user:password@`
/// counts, for `user@host` may be an address.
#[must_use]
pub fn has_userinfo(value: &str) -> bool {
    let (scheme, rest) = value.split_once("://").map_or(("", value), |parts| parts);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').is_some_and(|(userinfo, _)| {
        !userinfo.is_empty()
            && !userinfo.contains(char::is_whitespace)
            && (!scheme.is_empty() || userinfo.contains(':'))
    })
}

/// `value` as it may stand in a message: stars if it looks like a secret.
#[must_use]
pub fn masked(value: &str) -> String {
    if is_secret(value) { "***".to_owned() } else { value.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_name_secrets() {
        for name in
            ["api-key", "X-Api-Key", "Authorization", "client_secret", "dbPassword", "license_key"]
        {
            assert!(names_secret(name), "{name}");
        }
        for name in ["host", "port", "key", "trace_sample_rate", "skip_headers", "name"] {
            assert!(!names_secret(name), "{name}");
        }
    }

    #[test]
    fn values_that_look_like_secrets() {
        for value in [
            "Bearer abcdef",
            "ghp_0123456789",
            "http://u:p@host",
            "user:pw@host:4317",
            "http://u:p@",
            "https://token@host",
        ] {
            assert!(is_secret(value), "{value}");
        }
        for value in ["collector", "http://host:4318", "a@b", "https://host/@x:y", "Basic"] {
            assert!(!is_secret(value), "{value}");
        }
    }

    #[test]
    fn attributes_that_give_secrets_away() {
        for (key, value) in
            [("k", "ghp_0123456789"), ("api_key", "a81f00c2"), ("db.password", "hunter22")]
        {
            assert!(is_secret_attribute(key, value), "{key}");
        }
        for (key, value) in [
            ("team", "payments-42"),
            ("token_version", "v2-2026-11"),
            ("api_key", "${API_KEY_2}"),
            ("auth", "Bearer {{ .token }}"),
            ("password", "required"),
        ] {
            assert!(!is_secret_attribute(key, value), "{key}");
        }
    }
}
