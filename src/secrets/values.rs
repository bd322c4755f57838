//! What the look of a text says: the parts of it that are secret whatever it stands for.

use std::ops::Range;

use super::names::{hides, hides_all, hides_in_query, is_called_secret, names_secret};

/// How tokens begin.
const PREFIXES: &[&str] = &[
    "ghp_",
    "gho_",
    "ghs_",
    "ghu_",
    "ghr_",
    "github_pat_",
    "glpat-",
    "sk-",
    "sk_live_",
    "xoxa-",
    "xoxb-",
    "xoxp-",
    "AKIA",
    "ASIA",
    "AIza",
    "eyJ",
    "NRAK-",
    "glc_",
    "glsa_",
    "dt0c01.",
    "-----BEGIN",
];

/// More of them, too short or too common to be certain.
const MORE_PREFIXES: &[&str] = &[
    "sk_test_", "rk_live_", "xapp-", "xoxr-", "xoxs-", "hvs.", "hvb.", "npm_", "pypi-", "SG.",
    "ya29.", "dop_v1_", "shpat_", "NRII-", "NRJS-", "dt0s01.", "lin_api_", "phc_", "sntrys_",
];

/// Schemes of the header `Authorization`: what follows is the credential.
const SCHEMES: &[&str] = &[
    "bearer",
    "basic",
    "apikey",
    "api-key",
    "api-token",
    "token",
    "digest",
    "negotiate",
    "splunk",
    "hawk",
    "ntlm",
    "aws4-hmac-sha256",
    "genie",
    "sharedkey",
    "sharedaccesssignature",
];

/// Schemes that are certain enough for a finding.
const CERTAIN_SCHEMES: [&str; 2] = ["Bearer ", "Basic "];

/// The shortest rest after a prefix that can be a secret.
const LEAST: usize = 4;

/// Whether `value` looks like a secret with the certainty that a finding needs: a known prefix, or
/// credentials in a URL.
#[must_use]
pub fn is_secret(value: &str) -> bool {
    let begins = |prefix: &&str| value.starts_with(prefix) && value.len() >= prefix.len() + LEAST;
    PREFIXES.iter().chain(&CERTAIN_SCHEMES).any(begins)
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

/// Whether `value` certainly holds credentials before the `@` of a URL; without a scheme only
/// `user:password@` counts, for `user@host` may be an address.
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

/// Whether an attribute `key` with this `value` gives a secret away: the value looks like one, or the
/// key ends in the name of one and the value is not a word, a sentence or a placeholder.
#[must_use]
pub fn is_secret_attribute(key: &str, value: &str) -> bool {
    let is_placeholder = || ["${", "{{", "<"].iter().any(|mark| value.contains(mark));
    (is_secret(value) || (is_opaque(value) && is_called_secret(key))) && !is_placeholder()
}

/// Whether `value` could be a token: eight characters or more without blanks, letters and digits.
fn is_opaque(value: &str) -> bool {
    value.len() >= 8
        && value.bytes().all(|b| b.is_ascii_graphic())
        && value.bytes().any(|b| b.is_ascii_digit())
        && value.bytes().any(|b| b.is_ascii_alphabetic())
}

/// The words of `text` that could be tokens, by one of the parts between their dots and dashes.
pub(super) fn tokens(text: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut next = 0;
    let words = text.split(|byte| ends_word(*byte)).map(move |word| {
        let start = next;
        next += word.len() + 1;
        (start..start + word.len(), word)
    });
    let could_be = |part: &[u8]| str::from_utf8(part).is_ok_and(is_opaque);
    let words =
        words.filter(move |(_, word)| word.split(|byte| b"-_.".contains(byte)).any(could_be));
    words.map(|(range, _)| range)
}

/// Whether a part of `value` may be a secret, so that it is not shown.
#[must_use]
pub fn may_be_secret(value: &str) -> bool {
    !parts(value).is_empty()
}

/// `value` as it may stand in a message: stars if it may be a secret.
#[must_use]
pub fn masked(value: &str) -> String {
    if may_be_secret(value) { super::STARS.to_owned() } else { value.to_owned() }
}

/// `text`, which somebody wrote freely, with stars in the place of what may be secret in it.
#[must_use]
pub fn redacted(text: &str) -> String {
    redacted_as(text, text).unwrap_or_else(|| text.to_owned())
}

/// `text` with stars where `seen`, which is as long in bytes, has something that may be secret; `None` if
/// nothing there may be.
pub(super) fn redacted_as(text: &str, seen: &str) -> Option<String> {
    let parts = parts(seen);
    if parts.is_empty() {
        return None;
    }
    let mut shown = String::with_capacity(text.len());
    let mut at = 0;
    for part in parts {
        shown.push_str(&text[at..part.start]);
        shown.push_str(super::STARS);
        at = part.end;
    }
    shown.push_str(&text[at..]);
    Some(shown)
}

/// The parts of `text` that may be secret, sorted and disjoint: tokens, credentials after their
/// scheme, user information of URLs and of what is nearly one, values after a name and `=` or `:`.
pub(super) fn parts(text: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    if !is_worth_a_look(text.as_bytes()) {
        return parts;
    }
    // A block in PEM has several lines.
    let mut from = 0;
    while let Some(start) = text[from..].find("-----BEGIN").map(|at| from + at) {
        let end = text[start..].find("-----END").map_or(text.len(), |len| start + len);
        parts.push(start..end);
        from = end;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let mut found = Vec::new();
        user_information(line, &mut found);
        words(line, &mut found);
        pairs(line, &mut found);
        parts.extend(found.into_iter().map(|part| start + part.start..start + part.end));
        start += line.len();
    }
    parts.retain(|part| !part.is_empty());
    parts.sort_unstable_by_key(|part| (part.start, part.end));
    parts.dedup_by(|next, last| {
        let joins = next.start <= last.end;
        if joins {
            last.end = last.end.max(next.end);
        }
        joins
    });
    parts
}

/// Whether a text of these bytes can have a part that is secret: next to none can.
pub(super) fn is_worth_a_look(text: &[u8]) -> bool {
    let begins = text.first().is_some_and(|&first| BEGINS_PREFIX[first as usize]);
    begins || text.iter().any(|byte| matches!(byte, b'@' | b'=' | b':') || ends_word(*byte))
}

/// The first bytes of all prefixes.
const BEGINS_PREFIX: [bool; 256] = {
    let mut begins = [false; 256];
    let mut nth = 0;
    while nth < PREFIXES.len() {
        begins[PREFIXES[nth].as_bytes()[0] as usize] = true;
        nth += 1;
    }
    nth = 0;
    while nth < MORE_PREFIXES.len() {
        begins[MORE_PREFIXES[nth].as_bytes()[0] as usize] = true;
        nth += 1;
    }
    begins
};

/// Whether a token cannot go on over `byte`.
fn ends_word(byte: u8) -> bool {
    is_quote(byte) || byte.is_ascii_whitespace() || b",;:=&?/()[]{}<>|#\\".contains(&byte)
}

fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// What stands before an `@`, from the scheme on if there is something like one, else from the
/// beginning of the word.
fn user_information(line: &str, found: &mut Vec<Range<usize>>) {
    let bytes = line.as_bytes();
    if memchr::memchr(b'@', bytes).is_none() {
        return;
    }
    let mut start = 0;
    for stretch in bytes.split(|&byte| is_quote(byte)) {
        let at = memchr::memrchr(b'@', stretch);
        if let Some(at) = at.filter(|&at| at > 0) {
            let scheme = match memchr::memmem::find(&stretch[..at], b":/") {
                Some(colon) => Some(colon + 1),
                None => stretch.starts_with(b"//").then_some(0),
            };
            if let Some(slashes) = scheme {
                // A password may have blanks and slashes in it.
                let rest = &stretch[slashes..at];
                let skipped = rest.iter().take_while(|&&byte| byte == b'/').count();
                found.push(start + slashes + skipped..start + at);
            }
            // Up to the scheme it is read word by word.
            let end = scheme.unwrap_or(stretch.len());
            let mut from = 0;
            for word in stretch.split(u8::is_ascii_whitespace) {
                let at = memchr::memrchr(b'@', word).filter(|_| from + word.len() <= end);
                // `/users/@me` is a path.
                let is_path = word.first() == Some(&b'/') && memchr::memchr(b':', word).is_none();
                if let Some(at) = at.filter(|_| !is_path) {
                    found.push(start + from..start + from + at);
                }
                from += word.len() + 1;
            }
        }
        start += stretch.len() + 1;
    }
}

/// Tokens by how they begin, and what follows a scheme of authentication or a flag such as
/// `--password`.
fn words(line: &str, found: &mut Vec<Range<usize>>) {
    let bytes = line.as_bytes();
    let mut at = 0;
    // Whether the word before tells that this one is a secret.
    let mut follows = false;
    while at < bytes.len() {
        if ends_word(bytes[at]) {
            follows &= matches!(bytes[at], b' ' | b'\t');
            at += 1;
            continue;
        }
        let len = bytes[at..].iter().position(|&byte| ends_word(byte));
        let end = len.map_or(bytes.len(), |len| at + len);
        let word = &line[at..end];
        if follows {
            let blank = |byte: &u8| byte.is_ascii_whitespace() || is_quote(*byte);
            let len = bytes[at..].iter().position(blank);
            found.push(at..len.map_or(bytes.len(), |len| at + len));
        }
        let begins = |prefix: &&str| word.starts_with(prefix) && word.len() >= prefix.len() + LEAST;
        if BEGINS_PREFIX[bytes[at] as usize] && PREFIXES.iter().chain(MORE_PREFIXES).any(begins) {
            found.push(at..end);
        }
        if word == "hooks.slack.com" {
            let blank = |byte: &u8| byte.is_ascii_whitespace() || is_quote(*byte);
            let len = bytes[end..].iter().position(blank);
            found.push(end..len.map_or(bytes.len(), |len| end + len));
        }
        follows = SCHEMES.iter().any(|scheme| word.eq_ignore_ascii_case(scheme))
            || word.strip_prefix("--").is_some_and(hides);
        at = end;
    }
}

/// Values that follow a name and `=` or `:`.
fn pairs(line: &str, found: &mut Vec<Range<usize>>) {
    let bytes = line.as_bytes();
    let mut done = 0;
    for mark in memchr::memchr2_iter(b'=', b':', bytes) {
        if mark < done {
            continue;
        }
        let is_filler = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | '\\');
        let before = line[done..mark].trim_end_matches(is_filler);
        let name_len: usize = before
            .chars()
            .rev()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '%'))
            .map(char::len_utf8)
            .sum();
        let name = &before[before.len() - name_len..];
        done = mark;
        if name.is_empty() {
            continue;
        }
        let is_query = before[..before.len() - name_len].ends_with(['?', '&', ';', '#']);
        let all = hides_all(name);
        if !(all || hides(name) || (is_query && bytes[mark] == b'=' && hides_in_query(name))) {
            continue;
        }
        let rest = &line[mark + 1..];
        let opens = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | '[' | '{');
        let value = rest.trim_start_matches(|c| opens(c) || matches!(c, ':' | '=' | '\\'));
        let start = line.len() - value.len();
        let ends = |byte: &u8| match bytes[mark] {
            _ if is_quote(*byte) => true,
            _ if all => false,
            b'=' => byte.is_ascii_whitespace() || b"&,".contains(byte),
            _ => false,
        };
        let len = value.bytes().position(|byte| ends(&byte)).unwrap_or(value.len());
        let value = value[..len].trim_end();
        // `auth:4317` is a host and a port.
        let is_port = bytes[mark] == b':'
            && start == mark + 1
            && value.len() <= 5
            && value.bytes().all(|byte| byte.is_ascii_digit());
        if !is_port && !value.is_empty() {
            found.push(start..start + value.len());
            done = start + value.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_certainly_secret() {
        for value in [
            "Bearer abcdef",
            "ghp_0123456789",
            "http://u:p@host",
            "user:pw@host:4317",
            "http://u:p@",
            "https://token@host",
            "https://host/?api_key=abc",
        ] {
            assert!(is_secret(value) && may_be_secret(value), "{value}");
        }
        for value in ["collector", "http://host:4318", "a@b", "https://host/@x:y", "Basic"] {
            assert!(!is_secret(value), "{value}");
        }
    }

    #[test]
    fn parts_that_are_masked() {
        for (text, shown) in [
            ("https:/u:PW@h", "https:/***@h"),
            ("//u:PW@h", "//***@h"),
            ("TOKEN@h", "***@h"),
            ("u:p/w@h", "***@h"),
            ("https:///u:PW@h/x", "https:///***@h/x"),
            ("https://u:p w@h", "https://***@h"),
            ("https://u:p@w@h", "https://***@h"),
            ("/a/{id}?token=X&b=c", "/a/{id}?token=***&b=c"),
            ("https://h/?b=c&sig=X", "https://h/?b=c&sig=***"),
            ("https://h/?key=X#a", "https://h/?key=***"),
            ("Authorization: Bearer X", "Authorization: ***"),
            ("bearer X and more", "bearer *** and more"),
            ("ApiKey X", "ApiKey ***"),
            ("API_TOKEN=X", "API_TOKEN=***"),
            ("password: 1234", "password: ***"),
            ("API_TOKEN=1234", "API_TOKEN=***"),
            ("Endpoint=sb://h;SharedAccessKey=a+b/c=", "Endpoint=sb://h;SharedAccessKey=***"),
            ("run --password X now", "run --password *** now"),
            ("h/ghs_0123456789", "h/***"),
            ("see https://u:X@h", "see https://***@h"),
            ("Cookie: a=b; c=d", "Cookie: ***"),
            ("OTEL_EXPORTER_OTLP_HEADERS=a=b,c=d e", "OTEL_EXPORTER_OTLP_HEADERS=***"),
            ("-----BEGIN KEY-----\nabc\n-----END KEY-----", "***-----END KEY-----"),
        ] {
            assert_eq!(redacted(text), shown, "{text}");
        }
    }

    #[test]
    fn words_that_could_be_tokens() {
        for (text, found) in [
            ("\"pass: \"a1b2c3d4\"", &["a1b2c3d4"][..]),
            ("x 6f1d2c3b-aaaa-bbbb, y", &["6f1d2c3b-aaaa-bbbb"]),
            ("\"telemetry/opentelemetry\": {\"x-b3-traceid\": \"2026-11-29\"}", &[]),
            ("\"trace_sample_rate\": 12345678, \"k8s_cluster\": \"collector\"", &[]),
        ] {
            let words: Vec<_> = tokens(text.as_bytes()).map(|range| &text[range]).collect();
            assert_eq!(words, found);
        }
    }

    #[test]
    fn what_is_plain_stays() {
        for text in [
            "collector",
            "http://host:4318",
            "auth:4317",
            "/users/@me",
            "@otel-lint",
            "/orders/{id}?page=2",
            "key=value",
            "a: b",
            "Basic",
            "",
            "größe: 3",
        ] {
            assert_eq!(redacted(text), text);
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
