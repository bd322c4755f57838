//! Secrets in text that is read line by line: YAML where the reader stopped, and its comments, in
//! which somebody may have parked a token.

use super::{ALL_SECRET, is_secret, names_secret};
use crate::source::Span;

/// The secrets of `bytes`, which begin at `offset` of the source, found by keys, colons and
/// indentation alone.
pub(super) fn secrets(bytes: &[u8], offset: usize) -> Vec<Span> {
    let mut secrets = Vec::new();
    // The indentation of the key below which all is secret.
    let mut hidden: Option<usize> = None;
    let mut start = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let entry = entry(line);
        let at = line.len() - entry.len();
        let entry = entry.trim_ascii_end();
        let span =
            |from: usize| Span::new(offset + start + from, offset + start + at + entry.len());
        if !entry.is_empty() && hidden.is_some_and(|indent| at <= indent) {
            hidden = None;
        }
        let colon = entry.iter().position(|byte| matches!(byte, b':' | b'='));
        let key = colon.map_or(&b""[..], |colon| &entry[..colon]).trim_ascii();
        let key = String::from_utf8_lossy(key);
        let key = key.trim_matches(['"', '\'']);
        let value_at = colon.map_or(0, |colon| {
            let value = entry[colon + 1..].trim_ascii_start();
            entry.len() - value.len()
        });
        let value = &entry[value_at..];
        let opens = ALL_SECRET.contains(&key) || names_secret(key);
        if value.is_empty() || matches!(value, b"|" | b">" | b"|-" | b">-") {
            if opens && hidden.is_none() {
                hidden = Some(at);
            }
        } else if opens
            || (hidden.is_some() && key != "name")
            || is_secret(String::from_utf8_lossy(value).trim_matches(['"', '\'']))
        {
            secrets.push(span(at + value_at));
        }
        start += line.len();
    }
    secrets
}

/// What follows the dashes and number signs that a line may begin with.
fn entry(line: &[u8]) -> &[u8] {
    let first = line.iter().position(|byte| !b"-# \t".contains(byte));
    &line[first.unwrap_or(line.len())..]
}
