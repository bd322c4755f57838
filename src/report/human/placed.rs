//! Labels placed for drawing: each within one line, and none over another.

use super::visible::VisibleSource;
use crate::finding::Label;
use crate::report::text::MAX_PATH;
use crate::source::Source;

/// Characters of a label at most.
pub(super) const MAX_TEXT: usize = 160;

/// A label cut to the first of its lines.
#[derive(Clone, Debug)]
pub(super) struct PlacedLabel {
    /// Whether this is the place of the finding.
    pub(super) primary: bool,
    /// The byte before which it starts, at most the end of its line.
    pub(super) start: usize,
    /// The byte before which it ends, in the same line.
    pub(super) end: usize,
    /// The number of its line.
    pub(super) line: u32,
    /// `path:line:column` of its start.
    pub(super) name: String,
    /// What to say there; may be empty.
    pub(super) text: String,
}

impl PlacedLabel {
    /// Places `label`. Its name is that of the label's own place, whatever is shown of it.
    pub(super) fn new(
        source: &Source,
        visible: &VisibleSource<'_>,
        label: &Label,
        primary: bool,
    ) -> Self {
        let position = source.position(label.span.start);
        let line = source.line(position.line).range();
        // A line end is not part of its line, so what points at it points behind the line.
        let start = visible.cell_of(position.offset as usize, &line);
        let mut end = (label.span.end as usize).clamp(start, source.bytes().len());
        if end > line.end {
            end = line.end;
            let blanks = source.bytes()[start..end].iter().rev();
            end -= blanks.take_while(|byte| byte.is_ascii_whitespace()).count();
        }
        Self {
            primary,
            start,
            end,
            line: position.line,
            name: format!(
                "{}:{}:{}",
                visible.marks.clean(source.name(), MAX_PATH),
                position.line,
                position.column
            ),
            text: visible.marks.clean(&label.text, MAX_TEXT),
        }
    }
}

/// Sorts placed labels. Of two that start together the first given remains, with both texts; one
/// that overlaps the next ends where that begins, so that every start is drawn where it is.
pub(super) fn disjoint(mut labels: Vec<PlacedLabel>) -> Vec<PlacedLabel> {
    labels.sort_by_key(|label| label.start);
    labels.dedup_by(|later, earlier| {
        let same = later.start == earlier.start;
        if same && later.text != earlier.text {
            let both = [earlier.text.as_str(), later.text.as_str()];
            earlier.text =
                both.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ");
        }
        same
    });
    for at in 1..labels.len() {
        let next = labels[at].start;
        labels[at - 1].end = labels[at - 1].end.min(next);
    }
    labels
}
