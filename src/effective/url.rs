//! What Go's `net/url` refuses to parse, as far as it decides whether an exporter can be made.

use std::net::Ipv6Addr;

/// Whether `url.Parse` takes `text`, and the scheme it finds.
#[must_use]
pub(super) fn parse(text: &str) -> Option<Url<'_>> {
    let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
    if text.bytes().any(|byte| byte.is_ascii_control()) || !unescapes(fragment) {
        return None;
    }
    let (scheme, rest) = scheme(text)?;
    let (rest, _) = rest.split_once('?').unwrap_or((rest, ""));
    if !rest.starts_with('/') {
        let first = rest.split('/').next().unwrap_or_default();
        // With a scheme the rest is opaque; without one it would look like a scheme.
        let is_taken = !scheme.is_empty() || !first.contains(':') && unescapes(rest);
        return is_taken.then_some(Url { scheme, host: String::new() });
    }
    let has_authority = rest.starts_with("//") && (!scheme.is_empty() || !rest.starts_with("///"));
    if !has_authority {
        return unescapes(rest).then_some(Url { scheme, host: String::new() });
    }
    let rest = &rest[2..];
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let is_user = |c: char| c.is_ascii_alphanumeric() || "-._~:!$&'()*+,;=%@".contains(c);
    if !user.chars().all(is_user) || !unescapes(user) || !unescapes(path) {
        return None;
    }
    Some(Url { scheme, host: parse_host(host)? })
}

/// What is asked of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Url<'t> {
    /// Its scheme as written; empty for none.
    pub scheme: &'t str,
    /// Its host and port, without escapes.
    pub host: String,
}

/// Whether a request can be made to `http://` and `authority`: it is escaped, then parsed again.
#[must_use]
pub(super) fn can_request(authority: &str) -> bool {
    let mut escaped = String::new();
    for byte in authority.bytes() {
        if byte < 0x80 && is_host_character(byte) {
            escaped.push(char::from(byte));
        } else {
            escaped += &format!("%{byte:02X}");
        }
    }
    parse_host(&escaped).is_some()
}

fn scheme(text: &str) -> Option<(&str, &str)> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return None,
            b':' => return Some((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Some(("", text))
}

/// The host and port without escapes; `None` if Go refuses them.
fn parse_host(host: &str) -> Option<String> {
    if let Some(open) = host.rfind('[') {
        let close = host.rfind(']').filter(|&close| close > open)?;
        let (inner, port) = (&host[open + 1..close], &host[close + 1..]);
        let (address, zone) = inner.split_at(inner.find("%25").unwrap_or(inner.len()));
        if open > 0 || !is_optional_port(port) || address.parse::<Ipv6Addr>().is_err() {
            return None;
        }
        return Some(format!("[{address}{}]{port}", zone.replacen("%25", "%", 1)));
    }
    if host.rfind(':').is_some_and(|colon| !is_optional_port(&host[colon..])) {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = host.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte == b'%' {
            let &[high, low, ref after @ ..] = after else { return None };
            let (high, low) = (char::from(high).to_digit(16)?, char::from(low).to_digit(16)?);
            // Only what is not ASCII is escaped in a host, and the percent sign itself.
            if high < 8 && (high, low) != (2, 5) {
                return None;
            }
            bytes.push((high * 16 + low) as u8);
            rest = after;
        } else if *byte < 0x80 && !is_host_character(*byte) {
            return None;
        } else {
            bytes.push(*byte);
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn is_optional_port(text: &str) -> bool {
    text.strip_prefix(':').map_or(text.is_empty(), |port| port.bytes().all(|b| b.is_ascii_digit()))
}

fn is_host_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte)
}

/// Whether each percent sign is followed by two hexadecimal digits.
fn unescapes(text: &str) -> bool {
    text.match_indices('%').all(|(at, _)| {
        let digits = text.as_bytes().get(at + 1..at + 3);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_parsed_as_go_does() {
        for (text, host) in [
            ("http://c:4317", Some("c:4317")),
            ("http://u:p@c:1", Some("c:1")),
            ("https://c#f:4317", Some("c")),
            ("http://c?x:1", Some("c")),
            ("http://[::1]:1", Some("[::1]:1")),
            ("http://::1:1", Some("::1:1")),
            ("http://:4317", Some(":4317")),
            ("http://<c>:1", Some("<c>:1")),
            ("http://c%25:1", Some("c%:1")),
            ("http://t%C3%A9st:1", Some("tést:1")),
            ("http://c%zz:1", None),
            ("http://c%20:1", None),
            ("http://c:-1", None),
            ("http://c :1", None),
            ("http://c\\d:1", None),
            ("http://{c}:1", None),
            ("http://[::1:1", None),
            ("http://[c]:1", None),
            ("http://c\n:1", None),
            ("http://<u>@c:1", None),
            ("http://c/%zz:1", None),
            ("http://c#%zz", None),
            (":c", None),
            ("c%zz", None),
            ("c:%zz", Some("")),
        ] {
            assert_eq!(parse(text).map(|url| url.host).as_deref(), host, "{text}");
        }
    }

    #[test]
    fn what_must_be_escaped_cannot_be_requested() {
        for text in
            ["c:1", "tést:1", "a%b:1", "[::1]:1", "[fe80::1%eth0]:1", "::1:1", "<c>:1", ":1"]
        {
            assert!(can_request(text), "{text}");
        }
        for at in " #/?@[\\^`{|}\n\u{7f}".chars() {
            assert!(!can_request(&format!("a{at}b:4317")), "{at:?}");
        }
        assert!(!can_request("c:-1"));
    }
}
