//! What fixes change: as a unified diff, and as the few lines below a finding.

use std::ops::Range;

use similar::{Algorithm, ChangeTag, TextDiff};

use super::cells::{cells, cells_of};
use super::visible::{VisibleSource, inside_quotes};
use crate::finding::{Replacement, Safety};
use crate::report::text::Marks;
use crate::source::{Source, Span};

/// Lines of a fix that are shown below a finding at most.
const MAX_LINES: usize = 8;

/// Lines of the source that one change may touch to be shown.
const MAX_TOUCHED: u32 = 200;

/// Lines of a unified diff around a change.
const CONTEXT: usize = 3;

/// The unified diff between two texts of the file called `name`; empty if they are the same. What
/// stands at the `secrets` of each is masked, and no control character but tabs and line ends is in it.
#[must_use]
pub fn unified(name: &str, old: (&Source, &[Span]), new: (&Source, &[Span])) -> String {
    between((name, name), old, new)
}

/// The same between two texts with names of their own.
#[must_use]
pub fn between(names: (&str, &str), old: (&Source, &[Span]), new: (&Source, &[Span])) -> String {
    if old.0.bytes() == new.0.bytes() {
        return String::new();
    }
    let (old, new) = (masked(old.0, old.1), masked(new.0, new.1));
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_lines(&old, &new);
    let [before, after] = [names.0, names.1].map(crate::report::clean);
    let mut out = diff.unified_diff();
    out.context_radius(CONTEXT).header(&before, &after).to_string()
}

/// The text of `source` as a terminal may have it, with stars for `secrets`.
fn masked(source: &Source, secrets: &[Span]) -> String {
    let mut bytes = source.bytes().to_vec();
    for secret in secrets {
        let range = inside_quotes(source.bytes(), *secret);
        for byte in &mut bytes[range] {
            if !matches!(*byte, b'\r' | b'\n') {
                *byte = b'*';
            }
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let marks = Marks::new(true);
    let visible = |c| if matches!(c, '\n' | '\r' | '\t') { c } else { marks.visible(c) };
    text.chars().map(visible).collect()
}

/// What to call a fix.
pub(super) fn title(title: &str, safety: Safety) -> String {
    match safety {
        Safety::Safe => title.to_owned(),
        Safety::Unsafe => format!("{title} (changes what the gateway does)"),
    }
}

/// A line of a small diff.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// `-` for a line that goes, `+` for one that comes, a blank for a remark.
    pub(super) sign: char,
    /// The line, in cells that fit.
    pub(super) text: String,
}

/// The lines that `replacements` change, those that go before those that come, in at most `room` cells.
pub(super) fn lines(
    source: &Source,
    visible: &VisibleSource<'_>,
    replacements: &[Replacement],
    room: usize,
) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = replacements;
    while !rest.is_empty() && lines.len() <= MAX_LINES {
        let hunk = Hunk::first(source, rest);
        lines.extend(hunk.lines(source, visible, room));
        rest = &rest[hunk.replacements.len()..];
    }
    if lines.len() > MAX_LINES || !rest.is_empty() {
        lines.truncate(MAX_LINES - 1);
        lines.push(Line { sign: ' ', text: visible.marks.ellipsis.to_owned() });
    }
    lines
}

/// Replacements on neighbouring lines.
struct Hunk<'r> {
    replacements: &'r [Replacement],
    first: u32,
    last: u32,
}

impl<'r> Hunk<'r> {
    fn first(source: &Source, replacements: &'r [Replacement]) -> Self {
        let lines = |replacement: &Replacement| {
            let Span { start, end } = replacement.span;
            (source.position(start).line, source.position(end).line)
        };
        let (first, mut last) = lines(&replacements[0]);
        let mut count = 1;
        for replacement in &replacements[1..] {
            let (begins, ends) = lines(replacement);
            if begins > last + 1 {
                break;
            }
            last = ends;
            count += 1;
        }
        Self { replacements: &replacements[..count], first, last }
    }

    fn lines(&self, source: &Source, visible: &VisibleSource<'_>, room: usize) -> Vec<Line> {
        if self.last - self.first > MAX_TOUCHED {
            let count = self.last - self.first + 1;
            return vec![Line { sign: ' ', text: format!("{count} lines change") }];
        }
        let whole = source.line(self.first).start as usize..source.line(self.last).range().end;
        let part = self.window(source, visible, whole.clone(), room);
        let mark = |cut: bool| if cut { visible.marks.ellipsis } else { "" };
        let (before, after) = (mark(part.start > whole.start), mark(part.end < whole.end));
        let mut old = Text::new(before);
        old.source(source, visible, part.clone());
        let mut new = Text::new(before);
        let mut at = part.start;
        for Replacement { span, text } in self.replacements {
            new.source(source, visible, at..(span.start as usize).max(at));
            new.text(text, visible.marks);
            at = span.end as usize;
        }
        new.source(source, visible, at..part.end.max(at));
        let (old, new) = (old.finish(after), new.finish(after));
        let shorten = |line: &String| shortened(line, room, visible.marks);
        let old: Vec<String> = old.iter().map(shorten).collect();
        let new: Vec<String> = new.iter().map(shorten).collect();
        let (old, new) = (borrowed(&old), borrowed(&new));
        let diff = TextDiff::from_slices(&old, &new);
        let sign = |tag| match tag {
            ChangeTag::Delete => Some('-'),
            ChangeTag::Insert => Some('+'),
            ChangeTag::Equal => None,
        };
        let changes = diff.iter_all_changes();
        let kept = changes.filter_map(|change| {
            Some(Line { sign: sign(change.tag())?, text: change.value().to_owned() })
        });
        kept.collect()
    }

    /// The part of `whole` to show: of one line that does not fit, what is around the changes.
    fn window(
        &self,
        source: &Source,
        visible: &VisibleSource<'_>,
        whole: Range<usize>,
        room: usize,
    ) -> Range<usize> {
        let (Some(first), Some(last)) = (self.replacements.first(), self.replacements.last())
        else {
            return whole;
        };
        let is_one_line = self.first == self.last && source.line_count() > 0;
        if !is_one_line || visible.forward(whole.start, whole.end, room).at == whole.end {
            return whole;
        }
        let (start, end) = (first.span.start as usize, last.span.end as usize);
        let start = visible.backward(start, whole.start, room / 4).at;
        let end = visible.forward(end.min(whole.end), whole.end, room / 4).at;
        start..end
    }
}

/// Lines that are put together of parts.
struct Text {
    lines: Vec<String>,
}

impl Text {
    fn new(begin: &str) -> Self {
        Self { lines: vec![begin.to_owned()] }
    }

    fn push(&mut self, text: &str) {
        if let Some(last) = self.lines.last_mut() {
            last.push_str(text);
        }
    }

    /// Adds a part of the source, its secrets masked.
    fn source(&mut self, source: &Source, visible: &VisibleSource<'_>, range: Range<usize>) {
        let mut at = range.start;
        for (nth, line) in source.bytes()[range].split(|byte| *byte == b'\n').enumerate() {
            if nth > 0 {
                self.lines.push(String::new());
            }
            let shown = line.strip_suffix(b"\r").unwrap_or(line);
            self.push(&visible.show(at..at + shown.len()).text);
            at += line.len() + 1;
        }
    }

    /// Adds new text.
    fn text(&mut self, text: &str, marks: Marks) {
        for (nth, line) in text.split('\n').enumerate() {
            if nth > 0 {
                self.lines.push(String::new());
            }
            let line = line.strip_suffix('\r').unwrap_or(line);
            let shown = line.chars().map(|c| if c == '\t' { ' ' } else { marks.visible(c) });
            self.push(&shown.collect::<String>());
        }
    }

    fn finish(mut self, end: &str) -> Vec<String> {
        self.push(end);
        self.lines
    }
}

fn borrowed(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

/// `line` in at most `room` cells.
fn shortened(line: &str, room: usize, marks: Marks) -> String {
    let line = line.trim_end();
    if cells(line) <= room {
        return line.to_owned();
    }
    let mut left = room - cells(marks.ellipsis);
    let fits = |c: &char| {
        let fits = cells_of(*c) <= left;
        left -= if fits { cells_of(*c) } else { left };
        fits
    };
    let head: String = line.chars().take_while(fits).collect();
    head + marks.ellipsis
}
