//! The text of an open document: what an editor says of it, in lines and columns of its own unit, and
//! the edits that it sends.
//!
//! A line ends at LF, CRLF or a lone CR, as the Language Server Protocol counts; for [`Source`] and for
//! people a lone CR is a character like others.

use crate::source::{Format, MAX_LEN, Position, Source};

/// The unit in which an editor counts columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, which every editor knows.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// Every encoding, the one that costs least first.
    pub const ALL: [Self; 3] = [Self::Utf8, Self::Utf16, Self::Utf32];

    /// The name in the protocol.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16 => "utf-16",
            Self::Utf32 => "utf-32",
        }
    }

    /// The place of a position, in a file whose lines end as those of a [`Source`] do.
    #[must_use]
    pub fn place(self, position: Position) -> Place {
        let column = match self {
            Self::Utf8 => position.byte,
            Self::Utf16 => position.utf16,
            Self::Utf32 => position.column,
        };
        Place { line: position.line - 1, character: column - 1 }
    }

    /// The width of a character.
    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A place as an editor names it, both counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The line.
    pub line: u32,
    /// The column, in the unit of the [`Encoding`].
    pub character: u32,
}

/// The places between which some text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// The first place.
    pub start: Place,
    /// The place after the last character.
    pub end: Place,
}

/// The text of an open document.
#[derive(Clone, Debug)]
pub struct Text {
    encoding: Encoding,
    source: Source,
    /// Where each line begins.
    lines: Vec<u32>,
}

/// An edit that would make a text longer than offsets can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text is larger than 4 GiB")]
pub struct TooLarge;

impl Text {
    /// The document called `name`.
    ///
    /// # Errors
    /// If it is too large.
    pub fn new(
        name: &str,
        format: Format,
        text: String,
        encoding: Encoding,
    ) -> Result<Self, TooLarge> {
        if text.len() > MAX_LEN {
            return Err(TooLarge);
        }
        let mut lines = vec![0];
        lines.extend(line_starts(text.as_bytes(), 0, text.len()));
        Ok(Self { encoding, source: Source::new(name, text).with_format(format), lines })
    }

    /// The text as the engine takes it.
    #[must_use]
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The unit of its columns.
    #[must_use]
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The number of lines.
    #[must_use]
    pub fn line_count(&self) -> usize {
        self.lines.len()
    }

    /// Puts `new` in the place of `range`, or of all there is. What is past the end of a line is its
    /// end, and what is past the last line is the end of the text, as the protocol has it.
    ///
    /// # Errors
    /// If the text would become too large; it is then as before.
    pub fn edit(&mut self, range: Option<Range>, new: &str) -> Result<(), TooLarge> {
        let (name, format) = (self.source.name().to_owned(), self.source.format());
        let Some(range) = range else {
            *self = Self::new(&name, format, new.to_owned(), self.encoding)?;
            return Ok(());
        };
        let start = self.offset(range.start) as usize;
        let end = (self.offset(range.end) as usize).max(start);
        if self.source.bytes().len() - (end - start) + new.len() > MAX_LEN {
            return Err(TooLarge);
        }
        let old = std::mem::replace(&mut self.source, Source::new("", ""));
        let mut bytes = old.into_bytes();
        bytes.splice(start..end, new.bytes());
        self.move_lines(&bytes, start, end, new.len());
        self.source = Source::new(name, bytes).with_format(format);
        Ok(())
    }

    /// Brings the table of lines up to date: `len` bytes are now in the place of `start..end`.
    fn move_lines(&mut self, bytes: &[u8], start: usize, end: usize, len: usize) {
        // A CR before the edit ends a line of its own or one with a LF after it, and so does one at the
        // end of what is new: the line starts up to one byte past the edit are found again.
        let first = self.lines.partition_point(|&line| line as usize <= start.saturating_sub(1));
        let first = first.max(1);
        let last = self.lines.partition_point(|&line| line as usize <= end + 1).max(first);
        let from = start.saturating_sub(2);
        let until = bytes.len().min(start + len + 1);
        let known = self.lines[first - 1];
        let found: Vec<u32> =
            line_starts(bytes, from, until).into_iter().filter(|&line| line > known).collect();
        let shift = |line: u32| (line as usize + len - (end - start)) as u32;
        for line in &mut self.lines[last..] {
            *line = shift(*line);
        }
        self.lines.splice(first..last, found);
    }

    /// The offset of `place`.
    #[must_use]
    pub fn offset(&self, place: Place) -> u32 {
        let bytes = self.source.bytes();
        let Some(&start) = self.lines.get(place.line as usize) else { return bytes.len() as u32 };
        let line = self.line(place.line as usize);
        if self.encoding == Encoding::Utf8 {
            let mut at = (place.character as usize).min(line.len());
            while !line.is_char_boundary(at) {
                at -= 1;
            }
            return start + at as u32;
        }
        let wanted = place.character as usize;
        // Where all is ASCII, characters are bytes.
        let near = wanted.min(line.len());
        if line.as_bytes()[..near].is_ascii() {
            return start + near as u32;
        }
        let mut column = 0;
        for (at, c) in line.char_indices() {
            let next = column + self.encoding.width(c);
            // Within a character is before it.
            if next > wanted {
                return start + at as u32;
            }
            column = next;
        }
        start + line.len() as u32
    }

    /// The place of the byte at `offset`.
    #[must_use]
    pub fn place(&self, offset: u32) -> Place {
        let bytes = self.source.bytes();
        let mut offset = offset.min(bytes.len() as u32);
        let nth = self.lines.partition_point(|&line| line <= offset) - 1;
        let start = self.lines[nth];
        // Between CR and LF there is no place.
        offset = offset.min(start + self.line_bytes(nth).len() as u32);
        let character = match self.encoding {
            Encoding::Utf8 => offset - start,
            Encoding::Utf16 => {
                self.source.position(offset).utf16 - self.source.position(start).utf16
            }
            Encoding::Utf32 => {
                self.source.position(offset).column - self.source.position(start).column
            }
        };
        Place { line: nth as u32, character }
    }

    /// The places of `span`.
    #[must_use]
    pub fn range(&self, span: crate::source::Span) -> Range {
        Range { start: self.place(span.start), end: self.place(span.end) }
    }

    /// Line `nth`, from 0, without its end.
    fn line(&self, nth: usize) -> &str {
        str::from_utf8(self.line_bytes(nth)).unwrap_or_default()
    }

    fn line_bytes(&self, nth: usize) -> &[u8] {
        let bytes = self.source.bytes();
        let start = self.lines[nth] as usize;
        let end = self.lines.get(nth + 1).map_or(bytes.len(), |&next| next as usize);
        let line = &bytes[start..end];
        let end = line.strip_suffix(b"\r\n").or_else(|| line.strip_suffix(b"\n"));
        end.or_else(|| line.strip_suffix(b"\r")).unwrap_or(line)
    }

    /// The text, for whoever wants to compare it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        str::from_utf8(self.source.bytes()).unwrap_or_default()
    }
}

/// Where lines begin behind the line ends in `bytes[from..until]`: after a LF, and after a CR without
/// a LF.
fn line_starts(bytes: &[u8], from: usize, until: usize) -> Vec<u32> {
    let ends = memchr::memchr2_iter(b'\n', b'\r', &bytes[from..until]).map(|at| from + at);
    let is_end = |at: &usize| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n');
    ends.filter(is_end).map(|at| at as u32 + 1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn text(content: &str, encoding: Encoding) -> Text {
        Text::new("t", Format::Json, content.to_owned(), encoding).expect("it is small")
    }

    fn at(line: u32, character: u32) -> Place {
        Place { line, character }
    }

    /// Lines as the protocol counts them, found one character after the other.
    fn plain_lines(text: &str) -> Vec<u32> {
        let mut lines = vec![0];
        let bytes = text.as_bytes();
        for (at, &byte) in bytes.iter().enumerate() {
            if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
                lines.push(at as u32 + 1);
            }
        }
        lines
    }

    #[test]
    fn columns_are_counted_in_the_unit_of_the_editor() {
        let content = "a\té😀b\r\nx\ry";
        let b = content.find('b').expect("it is there") as u32;
        for (encoding, column) in [(Encoding::Utf8, 8), (Encoding::Utf16, 5), (Encoding::Utf32, 4)]
        {
            let text = text(content, encoding);
            assert_eq!(text.place(b), at(0, column), "{encoding:?}");
            assert_eq!(text.offset(at(0, column)), b, "{encoding:?}");
            // A lone CR ends a line here.
            assert_eq!(text.place(content.len() as u32), at(2, 1), "{encoding:?}");
            // Past the end of a line is its end, past the last line the end of the text.
            assert_eq!(text.offset(at(0, 99)), b + 1, "{encoding:?}");
            assert_eq!(text.offset(at(9, 0)), content.len() as u32, "{encoding:?}");
            // Between CR and LF there is no place.
            assert_eq!(text.place(b + 2), at(0, column + 1), "{encoding:?}");
        }
        // Within a character is before it.
        assert_eq!(text(content, Encoding::Utf16).offset(at(0, 4)), 4);
        assert_eq!(text(content, Encoding::Utf8).offset(at(0, 5)), 4);
    }

    proptest! {
        #[test]
        fn an_edited_text_is_as_one_that_was_opened_so(
            content in "[a\r\né😀]{0,30}",
            edits in prop::collection::vec(("[b\r\n😀]{0,5}", 0u32..12, 0u32..8, 0u32..4, 0u32..8), 1..8),
            encoding in prop::sample::select(Encoding::ALL.to_vec()),
        ) {
            let mut edited = text(&content, encoding);
            let mut plain = content;
            for (new, line, character, lines, characters) in edits {
                let range = Range {
                    start: at(line, character),
                    end: at(line + lines, if lines == 0 { character + characters } else { characters }),
                };
                let (start, end) = (edited.offset(range.start), edited.offset(range.end));
                let (start, end) = (start as usize, end.max(start) as usize);
                plain.replace_range(start..end, &new);
                edited.edit(Some(range), &new).expect("it is small");
                prop_assert_eq!(edited.as_str(), &plain);
                prop_assert_eq!(&edited.lines, &plain_lines(&plain));
                for (offset, _) in plain.char_indices() {
                    let place = edited.place(offset as u32);
                    let back = edited.offset(place) as usize;
                    prop_assert!(back == offset || &plain[back..offset] == "\r");
                }
            }
        }
    }
}
