//! Drawing: the few lines of the source, or parts of lines, that show a finding's labels.
//!
//! Labels on lines that fit the width share a frame with the lines around them. A line that does not
//! fit is shown in windows, each a frame of its own: in such a line it is the column that says where
//! to look. Whatever the source is, there are few frames, of few lines, of bounded width.

use std::iter;
use std::ops::Range;

use super::cells::{cells, wrap};
use super::placed::{self, MAX_TEXT, PlacedLabel};
use super::visible::VisibleSource;
use crate::finding::{Elsewhere, Finding, Label, RenderedLine};
use crate::report::text::{MAX_PATH, Marks};
use crate::source::{Position, Source};

/// Related labels that are drawn at most: more would hide the code they are about.
const MAX_RELATED: usize = 5;
/// Drawing of a finding at most.
const MAX_FRAMES: usize = 3;
/// Places named below the frames at most.
const MAX_ELSEWHERE: usize = 4;
/// Cells of `╰── `, from which a label's text hangs.
const STEM: usize = 4;

/// A piece of source to draw.
#[derive(Debug)]
pub(super) struct Frame {
    /// `path:line:column` of the primary label, or of the first if that is elsewhere.
    pub(super) name: String,
    /// The number of its first line.
    pub(super) line: u32,
    /// Its lines, each with its line feed, without tabs and other control characters.
    pub(super) text: String,
    /// What to point at, sorted; none overlaps another or crosses a line end.
    pub(super) pointers: Vec<Pointer>,
}

/// A labelled part of a frame's text.
#[derive(Debug)]
pub(super) struct Pointer {
    /// The part, in bytes of the frame's text; may be empty.
    pub(super) span: Range<usize>,
    /// What to say there, in lines that fit; may be empty.
    pub(super) text: String,
    /// Whether this is the place of the finding.
    pub(super) primary: bool,
}

/// Everything that shows where a finding is.
#[derive(Debug)]
pub(super) struct Drawing {
    /// The frames, the one with the primary label first.
    pub(super) frames: Vec<Frame>,
    /// Labels that no frame has room for: `path:line:column`, and what to say there.
    pub(super) elsewhere: Vec<(String, String)>,
    /// How many labels are not even there.
    pub(super) omitted: usize,
}

impl Frame {
    /// A line that a template is rendered to, with what the finding is about.
    pub(super) fn of_rendered(rendered: &RenderedLine, marks: Marks, width: usize) -> Option<Self> {
        let source = Source::new("rendered", rendered.text.as_bytes());
        let visible = VisibleSource::new(&source, &[], marks);
        let label = Label::new(rendered.span, "rendered");
        let labels = [PlacedLabel::new(&source, &visible, &label, true)];
        let Position { line, column, .. } = rendered.position;
        let room = width - (line.ilog10() as usize + 1) - 4;
        let canvas = Canvas { source: &source, visible: &visible, labels: &labels, room };
        let mut frame = canvas.frame(canvas.groups().first()?);
        frame.name = format!("rendered:{line}:{column}");
        frame.line = line;
        Some(frame)
    }
}

impl Drawing {
    /// Draws the labels of `finding` on lines of at most `width` cells, which are 40 at least.
    pub(super) fn new(
        source: &Source,
        visible: &VisibleSource<'_>,
        finding: &Finding,
        width: usize,
    ) -> Self {
        let labels = iter::once(&finding.primary).chain(&finding.related);
        let mut drawn: Vec<_> = labels
            .take(1 + MAX_RELATED + MAX_ELSEWHERE)
            .enumerate()
            .map(|(nth, label)| PlacedLabel::new(source, visible, label, nth == 0))
            .collect();
        let undrawn = drawn.split_off(drawn.len().min(1 + MAX_RELATED));
        let labels = placed::disjoint(drawn);
        let digits = labels.last().map_or(0, |last| (last.line + 1).ilog10() as usize + 1);
        // Before each line stands its number, ` 12 │ `.
        let canvas = Canvas { source, visible, labels: &labels, room: width - digits - 4 };

        let mut groups = canvas.groups();
        groups.sort_by_key(|group| !labels[group.labels.clone()].iter().any(|label| label.primary));
        let unframed = groups.split_off(groups.len().min(MAX_FRAMES));
        let undrawn = unframed
            .iter()
            .flat_map(|group| &labels[group.labels.clone()])
            .chain(&undrawn)
            .map(|label| (label.name.clone(), label.text.clone()));
        let others = finding.elsewhere.iter().map(|place| named(place, visible.marks));
        let mut elsewhere: Vec<_> = others.chain(undrawn).collect();
        let unnamed = elsewhere.split_off(elsewhere.len().min(MAX_ELSEWHERE)).len();
        let unseen = finding.related.len().saturating_sub(MAX_RELATED + MAX_ELSEWHERE)
            + finding.more_related;
        let rendered = finding.rendered.as_ref();
        let rendered = rendered.and_then(|line| Frame::of_rendered(line, visible.marks, width));
        Self {
            frames: groups.iter().map(|group| canvas.frame(group)).chain(rendered).collect(),
            elsewhere,
            omitted: unnamed + unseen,
        }
    }
}

/// `path:line:column` of a place in another file, and what to say there.
fn named(place: &Elsewhere, marks: Marks) -> (String, String) {
    let Position { line, column, .. } = place.start;
    let name = format!("{}:{line}:{column}", marks.clean(&place.file, MAX_PATH));
    (name, marks.clean(&place.text, MAX_TEXT))
}

/// Neighbouring labels that share a frame.
struct Group {
    labels: Range<usize>,
    first_line: u32,
    last_line: u32,
    /// The part that is shown of a line that does not fit.
    window: Option<Range<usize>>,
}

/// What frames are drawn from.
struct Canvas<'a> {
    source: &'a Source,
    visible: &'a VisibleSource<'a>,
    labels: &'a [PlacedLabel],
    /// Cells for the text of a line.
    room: usize,
}

impl Canvas<'_> {
    /// Divides the labels into frames.
    fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        let mut next = 0;
        while let Some(first) = self.labels.get(next) {
            let same_line = self.labels[next..].iter().take_while(|label| label.line == first.line);
            let line_end = next + same_line.count();
            if !self.fit(&self.labels[next..line_end]) {
                let labels = next..self.cluster_end(next, line_end);
                next = labels.end;
                let window = Some(self.window(&self.labels[labels.clone()]));
                groups.push(Group {
                    labels,
                    first_line: first.line,
                    last_line: first.line,
                    window,
                });
                continue;
            }
            let (first_line, last_line) = self.around(first.line);
            match groups.last_mut() {
                // One line between two frames is shorter than the frame lines it would take.
                Some(last) if last.window.is_none() && last.last_line + 2 >= first_line => {
                    (last.labels.end, last.last_line) = (line_end, last_line);
                }
                _ => groups.push(Group {
                    labels: next..line_end,
                    first_line,
                    last_line,
                    window: None,
                }),
            }
            next = line_end;
        }
        groups
    }

    /// Whether the line of `labels` fits whole, carets and a fair part of each label included.
    fn fit(&self, labels: &[PlacedLabel]) -> bool {
        let line = self.source.line(labels[0].line).range();
        self.visible.forward(line.start, line.end, self.room).at == line.end
            && labels.iter().all(|label| {
                let before = self.visible.forward(line.start, label.start, self.room).cells;
                let under = self.visible.forward(label.start, label.end, self.room).cells;
                before + under.max(1) <= self.room
                    && before + middle(under) + self.needed(label) <= self.room
            })
    }

    /// Cells that a label wants right of the middle of its carets, to be broken into few lines.
    fn wanted(&self, label: &PlacedLabel) -> usize {
        if label.text.is_empty() { 0 } else { STEM + cells(&label.text).min(self.room / 3) }
    }

    /// Cells that it makes do with to leave its line whole: its longest word, and a fourth of it all.
    fn needed(&self, label: &PlacedLabel) -> usize {
        let word = label.text.split(' ').map(cells).max().unwrap_or(0);
        let least = STEM + word.max(cells(&label.text).div_ceil(4));
        least.min(self.wanted(label))
    }

    /// The lines to show around `line`: its neighbours, unless they are blank.
    fn around(&self, line: u32) -> (u32, u32) {
        let blank = |number| {
            let text = self.source.slice(self.source.line(number));
            text.len() <= self.room && text.iter().all(u8::is_ascii_whitespace)
        };
        let above = line > 1 && !blank(line - 1);
        let below = line < self.source.line_count() && !blank(line + 1);
        (line - u32::from(above), line + u32::from(below))
    }

    /// The end of the labels from `first` that one window of their line can show.
    fn cluster_end(&self, first: usize, line_end: usize) -> usize {
        let start = self.labels[first].start;
        let near = |label: &&PlacedLabel| {
            self.visible.forward(start, label.start, self.room / 3).at == label.start
        };
        first + self.labels[first..line_end].iter().take_while(near).count()
    }

    /// The part of their line that shows `labels`: some text before them, and what fits after them,
    /// so that there is room for the labels below.
    fn window(&self, labels: &[PlacedLabel]) -> Range<usize> {
        let (first, last) = (&labels[0], &labels[labels.len() - 1]);
        let line = self.source.line(first.line).range();
        let mark = cells(self.visible.marks.ellipsis);
        let budget = self.room - 2 * mark - 1;

        let shown = self.visible.forward(last.start, last.end, self.room / 2);
        let limit = if shown.at < last.end { shown.at } else { line.end };
        let reach = self.visible.forward(first.start, last.start, self.room).cells;
        let wanted = labels.iter().map(|label| self.wanted(label)).max().unwrap_or(0);
        let most_before = self.room.saturating_sub(mark + reach + middle(shown.cells) + wanted);

        let before = self.visible.backward(first.start, line.start, most_before.min(budget / 4));
        let after = self.visible.forward(first.start, limit, budget - before.cells);
        let spare = budget - before.cells - after.cells;
        let more = if after.at == limit { spare.min(most_before - before.cells) } else { 0 };
        self.visible.backward(before.at, line.start, more).at..after.at
    }

    fn frame(&self, group: &Group) -> Frame {
        let labels = &self.labels[group.labels.clone()];
        let chief = labels.iter().find(|label| label.primary).unwrap_or(&labels[0]);
        let mut frame = Frame {
            name: chief.name.clone(),
            line: group.first_line,
            text: String::new(),
            pointers: Vec::new(),
        };
        for number in group.first_line..=group.last_line {
            let line = self.source.line(number).range();
            let part = group.window.clone().unwrap_or_else(|| self.head(&line));
            self.draw(&mut frame, &line, part, labels.iter().filter(|label| label.line == number));
        }
        frame
    }

    /// As much of `line` as fits from its beginning.
    fn head(&self, line: &Range<usize>) -> Range<usize> {
        let mut reach = self.visible.forward(line.start, line.end, self.room);
        if reach.at < line.end {
            let room = self.room - cells(self.visible.marks.ellipsis);
            reach = self.visible.forward(line.start, line.end, room);
        }
        line.start..reach.at
    }

    /// Adds `part` of `line` to `frame`, with its labels.
    fn draw<'s>(
        &self,
        frame: &mut Frame,
        line: &Range<usize>,
        part: Range<usize>,
        labels: impl Iterator<Item = &'s PlacedLabel>,
    ) {
        let ellipsis = |cut| if cut { self.visible.marks.ellipsis } else { "" };
        let (cut_before, cut_after) = (part.start > line.start, part.end < line.end);
        let strip = self.visible.show(part);
        let text = format!("{}{}{}", ellipsis(cut_before), strip.text, ellipsis(cut_after));
        for label in labels {
            let place = |at| ellipsis(cut_before).len() + strip.place(at);
            let (start, end) = (place(label.start), place(label.end));
            let hang = cells(&text[..start]) + middle(cells(&text[start..end])) + STEM;
            let room = self.room.saturating_sub(hang);
            frame.pointers.push(Pointer {
                span: frame.text.len() + start..frame.text.len() + end,
                text: wrap(&label.text, room, room).join("\n"),
                primary: label.primary,
            });
        }
        frame.text.push_str(&text);
        frame.text.push('\n');
    }
}

/// Cells from the first caret to the middle one, where the label hangs, of those under `cells`.
fn middle(cells: usize) -> usize {
    cells.max(1) / 2
}
