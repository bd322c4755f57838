//! The comments that belong to a member or item: on lines of their own above it, and behind it on its
//! line. JSON has none.

use super::{Document, NodeId};
use crate::source::Span;

impl Document<'_> {
    /// The comments above the line that begins with the key or item `head`, as far in as it is and without
    /// an empty line between them. What the file begins with is about the file.
    #[must_use]
    pub fn comments_above(&self, head: NodeId) -> &[Span] {
        let bytes = self.source.bytes();
        let mut next = self.span(head).start as usize;
        let Some(indent) = blanks_before(bytes, next) else { return &[] };
        let comments = self.comments();
        let end = comments.partition_point(|comment| comment.range().end <= next);
        let mut first = end;
        while let Some(comment) = first.checked_sub(1).map(|at| comments[at].range()) {
            let line_end = next - indent.len();
            let between = bytes.get(comment.end..line_end).unwrap_or_default();
            let is_above = matches!(between, b"\n" | b"\r\n")
                && blanks_before(bytes, comment.start) == Some(indent);
            if !is_above {
                break;
            }
            next = comment.start;
            first -= 1;
        }
        let before = bytes[..next].strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes[..next]);
        let is_about_the_file = before.trim_ascii_start().is_empty();
        if is_about_the_file { &[] } else { &comments[first..end] }
    }

    /// The comment between `end` and the end of its line, with nothing but blanks and a comma before it.
    #[must_use]
    pub fn comment_behind(&self, end: u32) -> Option<Span> {
        let comments = self.comments();
        // A block scalar ends where the next line begins.
        if end == 0 || self.source.bytes()[end as usize - 1] == b'\n' {
            return None;
        }
        let comment = *comments.get(comments.partition_point(|comment| comment.start < end))?;
        let between = self.source.slice(Span { start: end, end: comment.start });
        between.iter().all(|byte| matches!(byte, b' ' | b'\t' | b',')).then_some(comment)
    }
}

/// What is before `at` in its line, if it is blanks only.
fn blanks_before(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let line = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |end| end + 1);
    let before = &bytes[line..at];
    before.iter().all(|byte| matches!(byte, b' ' | b'\t')).then_some(before)
}
