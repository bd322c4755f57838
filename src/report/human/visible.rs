//! Visible text: parts of a line as a frame shows them, and the way from the source's bytes to them.
//!
//! Everything here walks from a given byte for a given number of cells, so that a place in a line of
//! megabytes costs what a place in a short line does.

use std::ops::Range;

use super::cells::cells_of;
use crate::report::text::{Marks, is_command};
use crate::source::{Source, Span};

/// Cells a tab takes: always as many, since where a window begins in its line is not counted.
const TAB: usize = 4;

/// Characters shown for each cell at most: a letter and two combining marks. Without a limit, a
/// million combining marks would fit one cell.
const PER_CELL: usize = 3;

/// Combining marks that are taken to belong to one letter.
const MAX_MARKS: usize = 16;

/// A source as frames show it.
#[derive(Debug)]
pub(super) struct VisibleSource<'s> {
    bytes: &'s [u8],
    /// Disjoint and sorted, without the quotes.
    secrets: Vec<Range<usize>>,
    /// What is shown in the place of what is not.
    pub(super) marks: Marks,
}

/// How far a walk got.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// The byte before which it stopped, or the first it included if it walked back.
    pub(super) at: usize,
    /// The cells it took.
    pub(super) cells: usize,
}

/// A part of a line, fit for a terminal.
#[derive(Debug)]
pub(super) struct VisibleText {
    /// What is shown.
    pub(super) text: String,
    /// Where each character of the source begins, and where it begins in `text`; and their ends.
    starts: Vec<(usize, usize)>,
}

impl VisibleText {
    /// Where the first character from the byte `at` of the source on is in the text. So a place
    /// inside of a character is its end.
    pub(super) fn place(&self, at: usize) -> usize {
        let index = self.starts.partition_point(|&(source, _)| source < at);
        self.starts.get(index).map_or(self.text.len(), |&(_, text)| text)
    }
}

/// One character of the source: its bytes there, what is shown for it, how often and how wide.
struct Glyph {
    len: usize,
    shown: char,
    times: usize,
    cells: usize,
}

impl<'s> VisibleSource<'s> {
    /// The visible form of `source`, which masks `secrets`.
    pub(super) fn new(source: &'s Source, secrets: &[Span], marks: Marks) -> Self {
        let bytes = source.bytes();
        let mut masked: Vec<_> = secrets.iter().map(|&span| inside_quotes(bytes, span)).collect();
        masked.sort_unstable_by_key(|range| range.start);
        masked.dedup_by(|later, earlier| {
            let touch = later.start <= earlier.end;
            if touch {
                earlier.end = earlier.end.max(later.end);
            }
            touch
        });
        Self { bytes, secrets: masked, marks }
    }

    /// The first byte of the character that the byte at `at` belongs to.
    pub(super) fn start_of(&self, at: usize) -> usize {
        (1..=3.min(at))
            .map(|back| at - back)
            .find(|&start| start + char_at(self.bytes, start).1 > at)
            .unwrap_or(at)
    }

    /// The first byte of the character in whose cells the byte at `at` of `line` is drawn: of a
    /// combining mark, that of its letter.
    pub(super) fn cell_of(&self, at: usize, line: &Range<usize>) -> usize {
        let mut start = self.start_of(at).clamp(line.start, line.end);
        for _ in 0..MAX_MARKS {
            if start == line.start || start == line.end || self.glyph(start).cells > 0 {
                break;
            }
            start = self.start_of(start - 1);
        }
        start
    }

    /// Walks from `from` towards `end` over as many characters as fit `room` cells.
    pub(super) fn forward(&self, from: usize, end: usize, room: usize) -> Reach {
        let mut reach = Reach { at: from, cells: 0 };
        for _ in 0..room * PER_CELL {
            if reach.at >= end {
                break;
            }
            let glyph = self.glyph(reach.at);
            if reach.cells + glyph.cells > room {
                break;
            }
            reach = Reach { at: reach.at + glyph.len, cells: reach.cells + glyph.cells };
        }
        reach
    }

    /// Walks back from `from` towards `start` over as many characters as fit `room` cells.
    pub(super) fn backward(&self, from: usize, start: usize, room: usize) -> Reach {
        let mut reach = Reach { at: from, cells: 0 };
        for _ in 0..room * PER_CELL {
            if reach.at <= start {
                break;
            }
            let at = self.start_of(reach.at - 1);
            let glyph = self.glyph(at);
            if reach.cells + glyph.cells > room {
                break;
            }
            reach = Reach { at, cells: reach.cells + glyph.cells };
        }
        reach
    }

    /// Shows the bytes of `range`.
    pub(super) fn show(&self, range: Range<usize>) -> VisibleText {
        let len = range.len();
        let mut strip =
            VisibleText { text: String::with_capacity(len), starts: Vec::with_capacity(len) };
        let mut at = range.start;
        while at < range.end {
            let glyph = self.glyph(at);
            strip.starts.push((at, strip.text.len()));
            strip.text.extend(std::iter::repeat_n(glyph.shown, glyph.times));
            at += glyph.len;
        }
        strip
    }

    fn glyph(&self, at: usize) -> Glyph {
        let secret = self.secrets.partition_point(|secret| secret.end <= at);
        let is_secret = self.secrets.get(secret).is_some_and(|secret| secret.start <= at);
        let (c, len) = char_at(self.bytes, at);
        let (shown, times, cells) = match c {
            _ if is_secret => ('*', 1, 1),
            '#' if is_command(&self.bytes[at..]) => (self.marks.visible('\u{FFFD}'), 1, 1),
            ' '..='~' => (c, 1, 1),
            '\t' => (' ', TAB, TAB),
            _ => {
                let shown = self.marks.visible(c);
                (shown, 1, cells_of(shown))
            }
        };
        Glyph { len, shown, times, cells }
    }
}

/// The character at `at` and its length; U+FFFD for a byte that begins none.
fn char_at(bytes: &[u8], at: usize) -> (char, usize) {
    let len = match bytes[at] {
        byte @ 0..=0x7F => return (char::from(byte), 1),
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 0,
    };
    let text = bytes.get(at..at + len).map(str::from_utf8);
    match text.and_then(|text| text.ok()?.chars().next()) {
        Some(c) => (c, len),
        None => (char::REPLACEMENT_CHARACTER, 1),
    }
}

/// The bytes of `span`, without its quotes if it has two.
pub(super) fn inside_quotes(bytes: &[u8], span: Span) -> Range<usize> {
    let range = span.range();
    match bytes.get(range.clone()) {
        Some([b'"', .., b'"'] | [b'\'', .., b'\'']) => range.start + 1..range.end - 1,
        _ => range,
    }
}
