//! What must not be shown: values of headers, tokens, passwords, credentials in URLs.
//!
//! A frame around a finding shows the lines of the configuration as they are, and those may hold
//! secrets that have nothing to do with the finding. They are found by the name of their key or by
//! the look of their value; too much hidden is no harm.

mod lexical;
mod lines;
mod written;

use serde_json::Value;

use crate::document::Document;
use crate::effective::SECURITY_NAMESPACE;
use crate::finding::Finding;
use crate::source::{Format, Source, Span};

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
const UNREAD: [&str; 4] = ["invalid-json", "invalid-yaml", "invalid-toml", "unjudged-template"];

/// The secrets of `doc` near the places of `findings`, sorted. Values of keys called like one of
/// `headers` are among them.
#[must_use]
pub fn near(doc: &Document<'_>, findings: &[Finding], headers: &[String]) -> Vec<Span> {
    if findings.is_empty() {
        return Vec::new();
    }
    let names_secret = |name: &str| {
        names_secret(name) || headers.iter().any(|header| header.eq_ignore_ascii_case(name))
    };
    let windows = windows(findings);
    let mut secrets = written::secrets(doc, &windows, names_secret);
    if findings.iter().any(|finding| UNREAD.contains(&finding.rule)) || has_actions(doc) {
        // The reader may have stopped or skipped: what it left out is on no tape, but in a frame. So
        // is what stands in the action of a template.
        let mut unread = lexical::secrets(doc.source(), names_secret);
        if doc.source().format() != Format::Json {
            unread.extend(lines::secrets(doc.source().bytes(), 0));
        }
        secrets.extend(unread.into_iter().filter(|span| overlaps(&windows, *span)));
    }
    for comment in doc.comments().iter().filter(|comment| overlaps(&windows, **comment)) {
        secrets.extend(lines::secrets(doc.source().slice(*comment), comment.start as usize));
    }
    joined(secrets)
}

/// All secrets of `doc`, sorted, what looks like one anywhere in its text among them: for showing all of
/// it.
#[must_use]
pub fn all(doc: &Document<'_>, headers: &[String]) -> Vec<Span> {
    let names_secret = |name: &str| {
        names_secret(name) || headers.iter().any(|header| header.eq_ignore_ascii_case(name))
    };
    let whole = Span::new(0, doc.source().bytes().len());
    let mut secrets = written::secrets(doc, &[whole], names_secret);
    secrets.extend(lexical::secrets(doc.source(), names_secret));
    if doc.source().format() == Format::Json {
        for comment in doc.comments() {
            secrets.extend(lines::secrets(doc.source().slice(*comment), comment.start as usize));
        }
    } else {
        secrets.extend(lines::secrets(doc.source().bytes(), 0));
    }
    joined(secrets)
}

/// Whether a value of `doc` in `span` is a secret.
#[must_use]
pub(crate) fn any_in(doc: &Document<'_>, span: Span) -> bool {
    !written::secrets(doc, &[span], names_secret).is_empty()
}

/// Whether `value`, which is to be written somewhere, has a secret in it.
#[must_use]
pub(crate) fn in_value(value: &Value) -> bool {
    let mut rest = vec![(value, false)];
    while let Some((value, hidden)) = rest.pop() {
        match value {
            Value::Object(members) => rest.extend(members.iter().map(|(key, value)| {
                (value, hidden || ALL_SECRET.contains(&key.as_str()) || names_secret(key))
            })),
            Value::Array(items) => rest.extend(items.iter().map(|item| (item, hidden))),
            Value::String(text) if hidden || is_secret(text) => return true,
            Value::Number(_) if hidden => return true,
            _ => {}
        }
    }
    false
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
    doc.source().has_braces()
}

/// The secrets of a text that is not read as a document, sorted.
#[must_use]
pub fn in_text(source: &Source) -> Vec<Span> {
    let mut secrets = lexical::secrets(source, names_secret);
    secrets.sort_unstable();
    secrets
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
    let mut plain = String::with_capacity(name.len());
    plain.extend(name.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase()));
    plain
}

/// Whether an attribute `key` with this `value` gives a secret away: the value looks like one, or the
/// key ends in the name of one and the value is no word, no sentence and no placeholder.
#[must_use]
pub fn is_secret_attribute(key: &str, value: &str) -> bool {
    let is_placeholder = || ["${", "{{", "<"].iter().any(|mark| value.contains(mark));
    (is_secret(value) || (is_opaque(value) && is_called_secret(key))) && !is_placeholder()
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
    if !value.as_bytes().contains(&b'@') {
        return false;
    }
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
    use super::written::may_be_secret;
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
            "https://host/?api_key=abc",
        ] {
            assert!(is_secret(value) && may_be_secret(value.as_bytes()), "{value}");
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
