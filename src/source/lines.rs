//! Lines and columns of offsets, without a table of all lines.

use std::ops::Range;

use super::{Position, Span};

/// Bytes between two checkpoints of the [`LineIndex`].
const STRIDE: usize = 1024;

/// Bytes that are counted at once, which registers of any size divide.
const BLOCK: usize = 128;

/// Running totals of lines and characters every [`STRIDE`] bytes, so that a column costs the same at the
/// end of a line of megabytes as at its beginning. Built when first asked for: a file without findings
/// never pays for it.
#[derive(Clone, Debug)]
pub(super) struct LineIndex {
    checkpoints: Vec<Totals>,
    /// Line ends in all of the source.
    line_ends: u32,
    /// Whether all of the source is UTF-8, which is counted faster.
    is_utf8: bool,
}

/// What is before a place, from the beginning of the source.
#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    chars: u32,
    utf16: u32,
    line_ends: u32,
    /// Where the line of the place begins.
    line: u32,
}

impl LineIndex {
    pub(super) fn new(bytes: &[u8]) -> Self {
        let is_utf8 = str::from_utf8(bytes).is_ok();
        let count = if is_utf8 { count_utf8 } else { count };
        let mut checkpoints = Vec::with_capacity(bytes.len() / STRIDE + 1);
        let mut totals = Totals::default();
        // The last checkpoint is at or before the end, for a place at the end.
        for from in (0..=bytes.len()).step_by(STRIDE) {
            checkpoints.push(totals);
            totals = count(bytes, from..bytes.len().min(from + STRIDE), totals);
        }
        Self { checkpoints, line_ends: totals.line_ends, is_utf8 }
    }

    /// The number of lines.
    pub(super) fn count(&self) -> u32 {
        self.line_ends + 1
    }

    pub(super) fn position(&self, bytes: &[u8], offset: u32) -> Position {
        let offset = offset.min(bytes.len() as u32);
        let here = self.totals(bytes, offset);
        let before = self.totals(bytes, here.line);
        Position {
            offset,
            line: here.line_ends + 1,
            column: here.chars - before.chars + 1,
            utf16: here.utf16 - before.utf16 + 1,
            byte: offset - here.line + 1,
        }
    }

    pub(super) fn line(&self, bytes: &[u8], line: u32) -> Span {
        let before = line.saturating_sub(1);
        let Some(start) = self.after_line_ends(bytes, before) else { return Span::at(bytes.len()) };
        // Nearly every line is short. Where a long one ends is known from the checkpoints.
        let near = &bytes[start..bytes.len().min(start + STRIDE)];
        let next = match near.iter().position(|&byte| is_line_end(byte)) {
            Some(at) => Some(start + at + 1),
            None => self.after_line_ends(bytes, before + 1),
        };
        let Some(next) = next else { return Span::new(start, bytes.len()) };
        let mut end = next - 1;
        if end > start && bytes[end - 1] == b'\r' {
            end -= 1;
        }
        Span::new(start, end)
    }

    /// The place after so many line ends, if there are as many.
    fn after_line_ends(&self, bytes: &[u8], many: u32) -> Option<usize> {
        if many == 0 {
            return Some(0);
        }
        if many > self.line_ends {
            return None;
        }
        // The first checkpoint has none before it.
        let index = self.checkpoints.partition_point(|totals| totals.line_ends < many) - 1;
        let from = index * STRIDE;
        let mut rest = many - self.checkpoints[index].line_ends;
        for (nth, block) in bytes[from..].chunks(BLOCK).enumerate() {
            let here = line_ends(block);
            if here >= rest {
                let mut ends = (1..).zip(block).filter(|&(_, &byte)| is_line_end(byte));
                let end = ends.nth(rest as usize - 1);
                return end.map(|(len, _)| from + nth * BLOCK + len);
            }
            rest -= here;
        }
        None
    }

    fn totals(&self, bytes: &[u8], offset: u32) -> Totals {
        let checkpoint = offset as usize / STRIDE;
        let count = if self.is_utf8 { count_utf8 } else { count };
        count(bytes, checkpoint * STRIDE..offset as usize, self.checkpoints[checkpoint])
    }
}

/// Adds the characters that begin within `range`, and its line ends, to `totals`. A byte that belongs to
/// no UTF-8 sequence counts as one character, as the U+FFFD that an editor shows in its place.
fn count(bytes: &[u8], range: Range<usize>, mut totals: Totals) -> Totals {
    for at in range {
        if !continues(bytes, at) {
            totals.chars += 1;
            totals.utf16 += if sequence_len(&bytes[at..]) == 4 { 2 } else { 1 };
        }
        if bytes[at] == b'\n' {
            totals.line_ends += 1;
            totals.line = at as u32 + 1;
        }
    }
    totals
}

/// The same for a source that is UTF-8.
fn count_utf8(bytes: &[u8], range: Range<usize>, mut totals: Totals) -> Totals {
    let mut from = range.start;
    for block in bytes[range].chunks(BLOCK) {
        let (mut starts, mut pairs) = (block.len() as u32, 0);
        if !block.is_ascii() {
            starts = sum(block, |byte| byte & 0xC0 != 0x80);
            pairs = sum(block, |byte| byte >= 0xF0);
        }
        totals.chars += starts;
        totals.utf16 += starts + pairs;
        let ends = line_ends(block);
        if ends > 0 {
            totals.line_ends += ends;
            let last = block.iter().rposition(|&byte| is_line_end(byte)).unwrap_or_default();
            totals.line = (from + last) as u32 + 1;
        }
        from += block.len();
    }
    totals
}

fn is_line_end(byte: u8) -> bool {
    byte == b'\n'
}

/// How many line ends are in `block`.
fn line_ends(block: &[u8]) -> u32 {
    sum(block, is_line_end)
}

/// How many of `block` are so. The sum of so few bytes fits a byte, and then a register holds many.
fn sum(block: &[u8], is: impl Fn(u8) -> bool) -> u32 {
    u32::from(block.iter().map(|&byte| u8::from(is(byte))).sum::<u8>())
}

/// Whether the byte at `at` is inside a UTF-8 sequence that began before it.
fn continues(bytes: &[u8], at: usize) -> bool {
    bytes[at] & 0xC0 == 0x80
        && (1..=3.min(at))
            .any(|back| bytes[at - back] & 0xC0 == 0xC0 && sequence_len(&bytes[at - back..]) > back)
}

/// The length of the UTF-8 sequence at the front of `bytes`, or 1 if there is none.
fn sequence_len(bytes: &[u8]) -> usize {
    let len = match bytes[0] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return 1,
    };
    match bytes.get(..len).map(str::from_utf8) {
        Some(Ok(_)) => len,
        _ => 1,
    }
}
