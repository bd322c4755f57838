//! Lines of a source, for formats in which a child has lines of its own.

use crate::document::Document;

/// The bytes of a source, asked for lines.
#[derive(Clone, Copy)]
pub(super) struct Lines<'s> {
    pub(super) bytes: &'s [u8],
}

impl<'s> Lines<'s> {
    pub(super) fn of(doc: &Document<'s>) -> Self {
        Self { bytes: doc.source().bytes() }
    }

    /// The beginning of the line that `at` is in, after a byte order mark.
    pub(super) fn start(self, at: usize) -> usize {
        let start = memchr::memrchr(b'\n', &self.bytes[..at]).map_or(0, |end| end + 1);
        if start == 0 && self.bytes.starts_with(b"\xEF\xBB\xBF") { 3.min(at) } else { start }
    }

    /// What is before `at` in its line.
    pub(super) fn before(self, at: usize) -> &'s [u8] {
        &self.bytes[self.start(at)..at]
    }

    /// Where the blanks end that begin at `at`, line ends among them.
    pub(super) fn skip_blanks(self, at: usize) -> usize {
        at + self.bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
    }

    /// The end of the line that `at` is in, before its line end, if nothing but blanks and a comment
    /// follow.
    pub(super) fn end_of_rest(self, at: usize) -> Option<usize> {
        let rest = &self.bytes[at..];
        let mut end = at + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        if end > at && self.bytes[end - 1] == b'\r' {
            end -= 1;
        }
        let rest = &self.bytes[at..end];
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        match rest.get(blanks) {
            None => Some(end),
            Some(b'#') if blanks > 0 || at == 0 => Some(end),
            _ => None,
        }
    }

    /// The beginning of the next line after `end`, which is before a line end or at the end of all.
    pub(super) fn next(self, end: usize) -> usize {
        match &self.bytes[end..] {
            [b'\r', b'\n', ..] => end + 2,
            [b'\n', ..] => end + 1,
            _ => end,
        }
    }

    /// The end of the line before the one that begins at `start`, before its line end.
    pub(super) fn end_before(self, start: usize) -> usize {
        match &self.bytes[..start] {
            [.., b'\r', b'\n'] => start - 2,
            [.., b'\n'] => start - 1,
            _ => start,
        }
    }
}

/// The lines of `text` after the first, `old` columns further out and `new` further in; what is less
/// far in than `old` is put at `new`.
pub(super) fn reindented(text: &str, old: usize, new: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for (nth, line) in text.split('\n').enumerate() {
        if nth == 0 {
            out.push_str(line);
            continue;
        }
        out.push('\n');
        let blanks = line.bytes().take_while(|byte| *byte == b' ').count();
        let rest = &line[blanks.min(old)..];
        if !rest.trim_end().is_empty() {
            out.extend(std::iter::repeat_n(' ', new));
        }
        out.push_str(rest);
    }
    out
}
