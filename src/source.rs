//! A file as it was read: its bytes, its name, and the way from a byte offset to a line and column.
//!
//! Nothing here knows a format. Offsets are bytes into the source; columns are counted only when a
//! position is shown, in the unit its reader counts: Unicode scalar values for people, UTF-16 code
//! units for editors.

mod format;
mod lines;

use std::ops::Range;
use std::sync::OnceLock;

pub use format::Format;
use lines::LineIndex;
use memchr::memmem;

/// A half-open range of bytes in a [`Source`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte; equal to `start` for a place between two bytes.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, and without, `end`.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    /// An empty span before the byte at `offset`.
    #[must_use]
    pub fn at(offset: usize) -> Self {
        Self::new(offset, offset)
    }

    /// The span as a range that indexes the source's bytes.
    #[must_use]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Whether `other` lies within this span.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }
}

/// A place in a source as people and editors name it. Lines and columns start at 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Bytes before the place.
    pub offset: u32,
    /// Line number; a line ends at LF or CRLF.
    pub line: u32,
    /// Column in Unicode scalar values; a tab is one, a combining mark is one.
    pub column: u32,
    /// Column in UTF-16 code units.
    pub utf16: u32,
    /// Column in bytes.
    pub byte: u32,
}

/// How a text names this tool.
pub const TOOL: &str = "otel-lint";

/// The largest source that 32-bit offsets can address, in bytes.
pub const MAX_LEN: usize = u32::MAX as usize;

/// The bytes of one file and the name it is shown under.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    format: Format,
    bytes: Vec<u8>,
    lines: OnceLock<LineIndex>,
    names_tool: OnceLock<bool>,
    has_braces: OnceLock<bool>,
}

impl Source {
    /// A source in JSON called `name`. Bytes past [`MAX_LEN`] cannot be addressed; the caller refuses such a
    /// file before it gets here.
    ///
    /// # Panics
    /// If `bytes` is longer than [`MAX_LEN`].
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        assert!(bytes.len() <= MAX_LEN, "a source longer than 4 GiB is refused when it is read");
        Self {
            name: name.into(),
            format: Format::Json,
            bytes,
            lines: OnceLock::new(),
            names_tool: OnceLock::new(),
            has_braces: OnceLock::new(),
        }
    }

    /// The same in another format.
    #[must_use]
    pub fn with_format(self, format: Format) -> Self {
        Self { format, ..self }
    }

    /// The same without a text: its name and format.
    #[must_use]
    pub fn without_text(self) -> Self {
        Self::new(self.name, Vec::new()).with_format(self.format)
    }

    /// The format it is read in.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }

    /// The name it is shown under: the path as the user wrote it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes, of which nothing is copied.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// The bytes as they were read, which need not be UTF-8.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the text names this tool anywhere: if not, nothing in it is said to the tool.
    #[must_use]
    pub fn names_tool(&self) -> bool {
        *self.names_tool.get_or_init(|| memmem::find(&self.bytes, TOOL.as_bytes()).is_some())
    }

    /// Whether two opening braces stand side by side anywhere, as at the beginning of each action of a
    /// template.
    #[must_use]
    pub fn has_braces(&self) -> bool {
        *self.has_braces.get_or_init(|| memmem::find(&self.bytes, b"{{").is_some())
    }

    /// The bytes of `span`.
    #[must_use]
    #[inline]
    pub fn slice(&self, span: Span) -> &[u8] {
        &self.bytes[span.range()]
    }

    /// Line and columns of the place before the byte at `offset` (clamped to the end).
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        self.lines().position(&self.bytes, offset)
    }

    /// The number of lines; an empty source has one, and so has what follows a last line end.
    #[must_use]
    pub fn line_count(&self) -> u32 {
        self.lines().count()
    }

    /// The bytes of line `line` (from 1), without its line end. Lines past the last are empty.
    #[must_use]
    pub fn line(&self, line: u32) -> Span {
        self.lines().line(&self.bytes, line)
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &[u8], offset: u32) -> (u32, u32, u32) {
        let position = Source::new("t", text).position(offset);
        (position.line, position.column, position.utf16)
    }

    #[test]
    fn columns_count_scalars_and_utf16_units() {
        let text = "a\té\u{301}😀b\r\nc".as_bytes();
        let offset = |needle: &str| {
            let whole = std::str::from_utf8(text).expect("the text above is UTF-8");
            whole.find(needle).expect("the needle is in it") as u32
        };
        assert_eq!(at(text, offset("b")), (1, 6, 7));
        assert_eq!(at(text, offset("c")), (2, 1, 1));
        assert_eq!(at(text, 999), (2, 2, 2));
    }

    #[test]
    fn a_stray_byte_is_one_column() {
        assert_eq!(at(b"\xFF\x80\xE2\x82x", 4), (1, 5, 5));
        assert_eq!(at(b"\xF0\x9F\x98x", 3), (1, 4, 4));
    }

    #[test]
    fn every_offset_agrees_with_a_plain_count() {
        let text = "{\"ключ\": \"💥\tz\",\r\n \"日本\": 1}\n".repeat(200);
        let source = Source::new("t", text.as_bytes());
        for (offset, _) in text.char_indices() {
            let before = &text[..offset];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
            let position = source.position(offset as u32);
            assert_eq!((position.line as usize, position.column as usize), (line, column));
        }
    }

    #[test]
    fn every_line_agrees_with_a_plain_split() {
        // Lines of all lengths, also longer than what lies between two checkpoints, with and without
        // what is not UTF-8.
        for stray in [&b""[..], b"\xFF"] {
            let mut text = Vec::new();
            for len in (0..40).chain([1023, 1024, 1025, 5000, 0, 0, 3]) {
                text.extend(std::iter::repeat_n(b'x', len));
                text.extend(stray);
                text.push(b'\n');
            }
            let source = Source::new("t", text.as_slice());
            let lines: Vec<&[u8]> = text.split(|&byte| byte == b'\n').collect();
            assert_eq!(source.line_count() as usize, lines.len());
            for (index, line) in lines.iter().enumerate() {
                let span = source.line(index as u32 + 1);
                assert_eq!(source.slice(span), *line, "{index}");
                let position = source.position(span.end);
                assert_eq!(position.line as usize, index + 1);
                assert_eq!(position.column as usize, line.len() + 1);
            }
        }
    }

    #[test]
    fn large_sources_are_counted_in_shares() {
        // Lines and characters across all that is counted by itself, and lengths at each border.
        let share = 1024 * 1024;
        for (line, is_utf8) in [("1234567\n", true), ("é€😀 x\r\n", true), ("é€😀 x\n", false)]
        {
            for len in [share - 1, share, share + 1024, 2 * share + 5] {
                let mut text = line.repeat(len / line.len() + 1).into_bytes();
                text.truncate(len);
                // What was cut off within a character is none.
                let whole = text.utf8_chunks().map(|chunk| chunk.valid().len()).next().unwrap_or(0);
                text[whole..].fill(b'x');
                if !is_utf8 {
                    text[share / 2] = 0xFF;
                }
                let source = Source::new("t", text.as_slice());
                let ends = |text: &[u8]| memchr::memchr_iter(b'\n', text).count();
                assert_eq!(source.line_count() as usize, ends(&text) + 1, "{line:?} {len}");
                for offset in [0, share - 2, share - 1, share, share + 3, share + 1023, len] {
                    let offset = offset.min(len);
                    let before = &text[..offset];
                    let begin =
                        before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                    // Not within a character: there a count of what is before says another thing.
                    if text.get(offset).is_some_and(|byte| byte & 0xC0 == 0x80) {
                        continue;
                    }
                    let position = source.position(offset as u32);
                    let line = String::from_utf8_lossy(&text[begin..offset]);
                    let found =
                        (position.line as usize, position.column as usize, position.utf16 as usize);
                    let lines = ends(before) + 1;
                    let utf16 = line.encode_utf16().count() + 1;
                    assert_eq!(
                        found,
                        (lines, line.chars().count() + 1, utf16),
                        "{line:?} {len} {offset}"
                    );
                }
            }
        }
    }

    #[test]
    fn braces_are_seen_wherever_they_are() {
        let part = 1 << 20;
        for at in [0, 1, part - 2, part - 1, part, 2 * part + 7, 3 * part - 2] {
            let mut text = vec![b'x'; 3 * part];
            text[at] = b'{';
            assert!(!Source::new("t", text.as_slice()).has_braces(), "{at}");
            text[at + 1] = b'{';
            assert!(Source::new("t", text).has_braces(), "{at}");
        }
        assert!(!Source::new("t", "").has_braces());
    }

    #[test]
    fn a_line_has_no_line_end() {
        let source = Source::new("t", "ab\r\n\r\ncd\n");
        let line = |n| std::str::from_utf8(source.slice(source.line(n))).expect("ASCII");
        assert_eq!((line(1), line(2), line(3), line(4), line(9)), ("ab", "", "cd", "", ""));
        assert_eq!(source.line_count(), 4);
    }
}
