//! Secrets in text that is read line by line: where the reader stopped, and comments, in which
//! somebody may have parked a token.

use super::names::hides_all;
use super::values;
use crate::source::Span;

/// The secrets of `bytes`, which begin at `offset` of the source, found by keys, marks and indentation
/// alone; `hides` tells the keys whose values are secrets.
pub(super) fn secrets(bytes: &[u8], offset: usize, hides: impl Fn(&str) -> bool) -> Vec<Span> {
    let mut secrets = Vec::new();
    // The indentation of the key below which all is secret.
    let mut hidden: Option<usize> = None;
    let mut start = offset;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let (indent, at) = entry(line);
        let entry = line[at..].trim_ascii_end();
        if !entry.is_empty() && hidden.is_some_and(|of_key| indent <= of_key) {
            hidden = None;
        }
        let (key, value) = split(entry);
        let opens = hides_all(&key) || hides(&key);
        let is_name = key == "name";
        // More keys on the line belong to other values; those are told by brackets and looks.
        let is_alone = memchr::memmem::find(value, b"\":").is_none();
        if !value.is_empty() && ((opens && is_alone) || (hidden.is_some() && !is_name)) {
            let end = start + at + entry.len();
            secrets.push(Span::new(end - value.len(), end));
        }
        if opens && hidden.is_none() {
            // The value may begin or go on in the lines below: those that are indented more.
            hidden = Some(indent);
        }
        start += line.len();
    }
    // By the look of words. Bytes that are not UTF-8 end what can be read; what is around them is whole.
    let mut start = offset;
    for chunk in bytes.utf8_chunks() {
        let parts = values::parts(chunk.valid()).into_iter();
        secrets.extend(parts.map(|part| Span::new(start + part.start, start + part.end)));
        start += chunk.valid().len() + chunk.invalid().len();
    }
    secrets
}

/// The key and the value of `entry`; all of it is the value if there is no mark between the two.
fn split(entry: &[u8]) -> (String, &[u8]) {
    let Some(mark) = entry.iter().position(|byte| matches!(byte, b':' | b'=')) else {
        return (String::new(), entry);
    };
    let key = String::from_utf8_lossy(&entry[..mark]);
    let key = key.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '{' | ','));
    (key.to_owned(), entry[mark + 1..].trim_ascii_start())
}

/// How far a line is indented, and where it begins after the dashes and the marks of comments. What a
/// comment of several lines begins with is indented as its mark is: the lines below need not have one.
fn entry(line: &[u8]) -> (usize, usize) {
    let (mut at, mut opened) = (0, None);
    loop {
        at +=
            line[at..].iter().position(|byte| !b"-# \t".contains(byte)).unwrap_or(line.len() - at);
        match &line[at..] {
            [b'/', b'/', ..] => at += 2,
            [b'/', b'*', ..] => {
                opened.get_or_insert(at);
                at += 2;
            }
            [b'*', b' ' | b'\t', ..] => at += 1,
            _ => return (opened.unwrap_or(at), at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::hides;
    use super::secrets;

    fn of(text: &str) -> Vec<&str> {
        let spans = super::super::joined(secrets(text.as_bytes(), 0, hides));
        spans.iter().map(|span| &text[span.range()]).collect()
    }

    #[test]
    fn keys_and_indentation_tell() {
        for (text, hidden) in [
            ("password: a\nhost: b\n", &["a"][..]),
            ("password: |\n  a\n  b\nhost: c\n", &["|", "a", "b"]),
            ("# headers:\n#   x: a\n# host: b\n", &["a"]),
            ("headers:\n- name: x\n  value: a\n", &["a"]),
            ("// headers:\n//   x: a\n// host: b\n", &["a"]),
            ("/* headers:\n   x: a */\n", &["a */"]),
            ("/* headers:\n *   x: a\n */\n", &["a", "*/"]),
            ("{\"password\": \"a\",\n\"host\": \"b\"}\n", &["\"a\","]),
            ("a = 1\npwd = \"b\"\n", &["\"b\""]),
            ("{\"token\": \"a\", \"host\": \"b\"}\n", &["a"]),
            ("see https://u:a@h\n", &["u:a"]),
            (
                "# -----BEGIN KEY-----\n# a\n# -----END KEY-----\n",
                &["-----BEGIN KEY-----\n# a\n# "],
            ),
            ("password: \"a\n  b\"\nhost: c", &["\"a", "b\""]),
        ] {
            assert_eq!(of(text), hidden, "{text}");
        }
    }
}
