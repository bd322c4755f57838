//! Marks in the bytes of a file: whether it may have to do with KrakenD's telemetry at all, at the
//! price of one look. Most of the files that a search passes by need not be parsed.

use memchr::memmem;

/// What is looked for, and the mark that it leaves.
const TABLE: [(&[u8], u16); 18] = [
    (b"telemetry/open", Marks::GATEWAY),
    (br"telemetry\/open", Marks::GATEWAY),
    (b"extra_config", Marks::GATEWAY),
    (b"url_pattern", Marks::GATEWAY),
    (b"async_agent", Marks::GATEWAY),
    (b"trace_sample_rate", Marks::GATEWAY),
    (b"metric_reporting_period", Marks::GATEWAY),
    // `telemetry/open` in base64, at each of its three alignments.
    (b"dGVsZW1ldHJ5L29w", Marks::GATEWAY),
    (b"RlbGVtZXRyeS9vcGVu", Marks::GATEWAY),
    (b"0ZWxlbWV0cnkvb3Bl", Marks::GATEWAY),
    (b"krakend", Marks::NAME),
    (b"exporters", Marks::EXPORTERS),
    (b"otlp", Marks::SIGNALS),
    (b"prometheus", Marks::SIGNALS),
    (b"\"endpoints\"", Marks::ENDPOINTS),
    (b"endpoints:", Marks::ENDPOINTS),
    (b"[endpoints]", Marks::ENDPOINTS),
    (b"version", Marks::VERSION),
];

/// Which marks a file has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u16);

impl Marks {
    /// A word that hardly any other file has.
    const GATEWAY: u16 = 1;
    const EXPORTERS: u16 = 2;
    const SIGNALS: u16 = 4;
    const ENDPOINTS: u16 = 8;
    const VERSION: u16 = 16;
    /// The gateway's name, which many files have that are not its own.
    const NAME: u16 = 32;

    /// The length of the longest mark: how far two windows of a stream must overlap.
    pub const LONGEST: usize = 23;

    /// The marks in `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut marks = Self::default();
        marks.add(bytes);
        marks
    }

    /// Adds the marks in `bytes`, another part of the same file.
    pub fn add(&mut self, bytes: &[u8]) {
        for (word, mark) in TABLE {
            let is_whole = |at| !word.starts_with(b"telemetry") || begins(&bytes[..at]);
            if self.0 & mark == 0 && memmem::find_iter(bytes, word).any(is_whole) {
                self.0 |= mark;
            }
        }
    }

    /// Whether the file is worth parsing.
    #[must_use]
    pub fn is_plausible(self) -> bool {
        let has = |mark| self.0 & mark == mark;
        self.names_gateway()
            || has(Self::NAME)
            || has(Self::EXPORTERS | Self::SIGNALS)
            || has(Self::ENDPOINTS | Self::VERSION)
    }

    /// Whether the file has a word that hardly any other file has. If it is not checked after all,
    /// the user is told why.
    #[must_use]
    pub fn names_gateway(self) -> bool {
        self.0 & Self::GATEWAY != 0
    }
}

/// Whether a name may begin behind `before`: `open-telemetry/opentelemetry-demo` is another name. In a
/// string, an escaped line break stands before it.
fn begins(before: &[u8]) -> bool {
    match before {
        [] | [.., b'\\', b'n' | b't' | b'r'] => true,
        [.., last] => !last.is_ascii_alphanumeric() && !b"-._".contains(last),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_called_open_telemetry_is_no_mark() {
        assert!(!Marks::of(b"image: ghcr.io/open-telemetry/opentelemetry-demo").is_plausible());
        assert!(!Marks::of(b"https://github.com/x/opentelemetry/opentelemetry-js").is_plausible());
        assert!(Marks::of(b"telemetry/opentelemetry: {}").names_gateway());
        assert!(Marks::of(br"x: \n  \ntelemetry/opentelemetry: {}").names_gateway());
        assert!(
            Marks::of(br#"open-telemetry/opentelemetry {\"telemetry/opentelemetry"#)
                .names_gateway()
        );
    }

    #[test]
    fn the_longest_mark_is_known() {
        assert_eq!(TABLE.iter().map(|(word, _)| word.len()).max(), Some(Marks::LONGEST));
    }

    #[test]
    fn a_mark_is_seen_through_base64() {
        let words = [
            "eyJ0ZWxlbWV0cnkvb3BlbnRlbGVtZXRyeSI6e319",
            "eyAidGVsZW1ldHJ5L29wZW50ZWxlbWV0cnkiOnt9fQ==",
            "eyAgInRlbGVtZXRyeS9vcGVudGVsZW1ldHJ5Ijp7fX0=",
        ];
        for word in words {
            assert!(Marks::of(word.as_bytes()).names_gateway(), "{word}");
        }
    }
}
