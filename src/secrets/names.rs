//! What the name of a key, a header or a variable says about its value.

use crate::effective::SECURITY_NAMESPACE;

/// Words in the name of a key, in lower case and without separators, whose value is a secret.
pub(super) const WORDS: &[&str] = &[
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

/// More of them, which are not certain enough for a finding, but are for masking.
const MORE_WORDS: &[&str] = &["passcode", "connectionstring", "webhook"];

/// Short words that are only one if they stand alone: `db_pass` and `dbPass` have one, `compass` has
/// none.
const SHORT_WORDS: &[&str] = &[
    "pass", "pwd", "pw", "auth", "oauth", "sig", "jwt", "dsn", "cred", "creds", "license",
    "licence", "salt", "hmac", "sas", "otp", "session", "sid",
];

/// Names of query parameters that carry secrets, beside those that do so everywhere.
const QUERY: &[&str] = &["key", "code", "k", "p", "ticket", "state", "nonce"];

/// Keys below which everything is secret: the credentials of the Enterprise Edition, and KrakenD's
/// components that list API keys and users.
const ALL_SECRET: [&str; 3] = [SECURITY_NAMESPACE, "auth/api-keys", "auth/basic"];

/// Words that make a list of the names of headers of what would be headers with values.
const NAMES_ONLY: [&str; 12] = [
    "report",
    "skip",
    "allow",
    "allowed",
    "expose",
    "exposed",
    "input",
    "forward",
    "propagate",
    "ignore",
    "ignored",
    "max",
];

/// Whether the value of a key called `name` is a secret, with the certainty that a finding needs.
#[must_use]
pub fn names_secret(name: &str) -> bool {
    let plain = plain(name);
    // `key` alone is a field of an attribute; `license_key` is a secret.
    (plain.len() > 3 && plain.ends_with("key")) || WORDS.iter().any(|word| plain.contains(word))
}

/// Whether the value of a key called `name` is masked: everything that may be a secret.
#[must_use]
pub fn hides(name: &str) -> bool {
    names_secret(name)
        || {
            let plain = plain(name);
            MORE_WORDS.iter().any(|word| plain.contains(word))
        }
        || {
            // KrakenD's components of authentication, such as `auth/validator`, have keys of their own.
            let mut words = words(name.strip_prefix("auth/").unwrap_or(name)).peekable();
            // `headers_to_pass` lists names.
            let mut last = String::new();
            words.any(|word| {
                let found = SHORT_WORDS.contains(&word.as_str()) && last != "to";
                last = word;
                found
            })
        }
}

/// Whether everything below a key called `name` is a secret: headers in whatever shape, such as
/// `OTEL_EXPORTER_OTLP_HEADERS`, and blocks of credentials.
#[must_use]
pub fn hides_all(name: &str) -> bool {
    let folded: String = name.chars().map(fold).collect();
    if ALL_SECRET.contains(&folded.as_str()) {
        return true;
    }
    if !folded.contains("header") {
        return false;
    }
    let words: Vec<String> = words(name).collect();
    let ends = words.last().is_some_and(|last| last.ends_with("headers") || last == "header");
    ends && !words.iter().any(|word| NAMES_ONLY.contains(&word.as_str()))
}

/// Whether the query parameter `name` carries a secret.
pub(super) fn hides_in_query(name: &str) -> bool {
    let folded: String = name.chars().map(fold).collect();
    QUERY.contains(&folded.as_str()) || hides(name)
}

/// Whether `name` ends in the name of a secret: `db.password` does, `token_version` does not.
pub(super) fn is_called_secret(name: &str) -> bool {
    let plain = plain(name);
    WORDS.iter().any(|word| plain.ends_with(word))
}

/// `name` without separators, as Go's decoder compares the names of fields.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    plain.extend(name.chars().filter(|c| c.is_alphanumeric()).map(fold));
    plain
}

/// `c` in lower case, with the two characters outside of ASCII that Go takes for letters in it (Go
/// `encoding/json/fold.go`).
pub(super) fn fold(c: char) -> char {
    match c {
        '\u{17F}' => 's',
        '\u{212A}' => 'k',
        c => c.to_ascii_lowercase(),
    }
}

/// The words of `name` in lower case: `dbPass`, `db_pass` and `DB-PASS` have two.
fn words(name: &str) -> impl Iterator<Item = String> {
    let mut before_is_lower = false;
    let mut parts: Vec<String> = vec![String::new()];
    for c in name.chars() {
        let starts = c.is_uppercase() && before_is_lower;
        before_is_lower = c.is_lowercase() || c.is_ascii_digit();
        if (starts || !c.is_alphanumeric()) && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(part) = parts.last_mut()
        {
            part.push(fold(c));
        }
    }
    parts.into_iter().filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_name_secrets_for_certain() {
        for name in
            ["api-key", "X-Api-Key", "Authorization", "client_secret", "dbPassword", "license_key"]
        {
            assert!(names_secret(name) && hides(name), "{name}");
        }
        for name in ["host", "port", "key", "trace_sample_rate", "skip_headers", "name", "pass"] {
            assert!(!names_secret(name), "{name}");
        }
    }

    #[test]
    fn keys_whose_values_are_masked() {
        for name in [
            "pass",
            "pwd",
            "basic_auth",
            "dbPass",
            "DB_PASS",
            "license",
            "sig",
            "sasl-pw",
            "PA\u{17F}\u{17F}WORD",
            "to\u{212A}en",
            "connectionString",
            "smtp_pass_2",
        ] {
            assert!(hides(name), "{name}");
        }
        for name in [
            "compass",
            "author",
            "signal",
            "headers_to_pass",
            "bypass",
            "passive",
            "auth/validator",
            "sessions_on",
            "design",
            "host",
            "key",
            "level",
        ] {
            assert!(!hides(name), "{name}");
        }
    }

    #[test]
    fn keys_below_which_all_is_secret() {
        for name in [
            "headers",
            "Headers",
            "HEADERS",
            "header",
            "OTEL_EXPORTER_OTLP_HEADERS",
            "otel.exporter.otlp.traces.headers",
            "customHeaders",
            "auth/api-keys",
            "Auth/Basic",
            "telemetry/opentelemetry-security",
            "header\u{17F}",
        ] {
            assert!(hides_all(name), "{name}");
        }
        for name in [
            "skip_headers",
            "report_headers",
            "input_headers",
            "allow_headers",
            "max_header_bytes",
            "headers_to_pass",
            "auth/validator",
        ] {
            assert!(!hides_all(name), "{name}");
        }
    }
}
