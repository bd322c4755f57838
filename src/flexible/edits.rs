//! Fixes of a rendered text become fixes of the file that its bytes come from, where the same bytes
//! stand there once and are rendered once: otherwise an edit would change something else, too.

use std::collections::BTreeMap;

use crate::finding::{Fix, Replacement, Touched};
use crate::source::{Source, Span};
use crate::template::{FileId, Origin, Place, Project, Rendered};

/// What is rendered where: how often each byte of a file is.
#[derive(Default)]
pub(super) struct Uses {
    /// Where runs of bytes of a file begin and end, each sorted.
    files: BTreeMap<FileId, (Vec<u32>, Vec<u32>)>,
}

impl Uses {
    pub(super) fn new(project: &Project, rendered: &Rendered) -> Self {
        let mut uses = Self::default();
        for place in rendered.origins.exact_places(project) {
            let (starts, ends) = uses.files.entry(place.file).or_default();
            starts.push(place.span.start);
            ends.push(place.span.end);
        }
        for (starts, ends) in uses.files.values_mut() {
            starts.sort_unstable();
            ends.sort_unstable();
        }
        uses
    }

    /// Whether the bytes of `place` are rendered no more than once.
    pub(super) fn is_single(&self, place: Place) -> bool {
        let Some((starts, ends)) = self.files.get(&place.file) else { return false };
        // An insertion touches the byte before it.
        let (start, end) = (place.span.start, place.span.end.max(place.span.start + 1));
        let one = |at: u32| {
            let begun = starts.partition_point(|&start| start <= at);
            let over = ends.partition_point(|&end| end <= at);
            begun - over <= 1
        };
        one(start.saturating_sub(1)) && one(start) && {
            // Nor does another run begin in between that overlaps.
            let inside =
                starts.partition_point(|&at| at < end) - starts.partition_point(|&at| at <= start);
            (0..inside).all(|nth| one(starts[starts.partition_point(|&at| at <= start) + nth]))
        }
    }
}

/// The way of a fix from the rendered text to the file `file`.
pub(super) struct Mover<'p> {
    pub project: &'p Project,
    pub rendered: &'p Rendered,
    pub text: &'p Source,
    pub uses: &'p Uses,
}

impl Mover<'_> {
    /// `fix` as one of `file`; `None` if not all of it can be written there.
    pub(super) fn moved(&self, mut fix: Fix, file: FileId) -> Option<Fix> {
        for replacement in &mut fix.replacements {
            let (place, text) = self.replacement(replacement)?;
            if place.file != file || !self.uses.is_single(place) {
                return None;
            }
            *replacement = Replacement { span: place.span, text };
        }
        fix.replacements.sort_by_key(|replacement| replacement.span);
        let all = Span::new(0, self.project.file(file).source.bytes().len());
        for touched in &mut fix.containers {
            let place =
                self.exact(Span::new(touched.span.start as usize, touched.span.start as usize + 1));
            // Of an object whose place is not known nothing else is fixed at the same time.
            *touched = match place {
                Some(place) => Touched { span: place.span, removes: touched.removes },
                None => Touched { span: all, removes: true },
            };
        }
        fix.edits.clear();
        (!fix.replacements.is_empty()).then_some(fix)
    }

    fn replacement(&self, replacement: &Replacement) -> Option<(Place, String)> {
        let Replacement { span, text } = replacement;
        if span.start == span.end {
            // Both neighbours stand in one text, so that no action is between them.
            let around = Span { start: span.start.checked_sub(1)?, end: span.end + 1 };
            let place = self.exact(around)?;
            let span = Span::at(place.span.start as usize + 1);
            return Some((Place { file: place.file, span }, text.clone()));
        }
        if let Some(place) = self.exact(*span) {
            return Some((place, text.clone()));
        }
        // The quotes are of the template, what is between them of a setting.
        let written = self.text.slice(*span);
        let (b'"', b'"') = (*written.first()?, *written.last()?) else { return None };
        let inner = text.strip_prefix('"')?.strip_suffix('"')?;
        if written.len() < 3 || inner.contains(['"', '\\']) {
            return None;
        }
        let place = self.exact(Span { start: span.start + 1, end: span.end - 1 })?;
        Some((place, inner.to_owned()))
    }

    /// The bytes of a file that `span` is, if they are text of a template or partial, or a setting.
    fn exact(&self, span: Span) -> Option<Place> {
        let located = self.rendered.origins.at(span.start, self.project)?;
        let is_text = located.sources.first().is_some_and(|source| {
            matches!(source.origin, Origin::Template | Origin::Partial | Origin::Setting(_))
        });
        self.rendered.origins.exact(span, self.project).filter(|_| is_text)
    }
}
