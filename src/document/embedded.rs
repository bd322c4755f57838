//! A text inside a text: what a scalar holds, and where each byte of it is in the file around it.
//!
//! The content is what the reader says it is; the way back is found by laying it beside what is
//! written. Where the two cannot be brought together there is no way back, and no text.

use super::{Document, NodeId};
use crate::source::{Format, Span};

/// The content of a scalar, with the way back into the source it is written in.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// The content.
    pub text: String,
    /// Runs of the content and where they are written, in order and without gaps.
    pieces: Vec<Piece>,
    form: Form,
}

/// How the scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A literal block, its lines this far in.
    Literal { indent: usize },
    /// In double quotes, with escapes.
    Double,
    /// In single quotes.
    Single,
    /// Without quotes, or with its lines folded.
    Folded,
}

/// A run of the content and where it is written: byte for byte if both are as long.
#[derive(Clone, Copy, Debug)]
struct Piece {
    inner: Span,
    outer: Span,
}

impl Embedded {
    /// The content of the string `id` of a document in JSON or YAML.
    #[must_use]
    pub fn new(doc: &Document<'_>, id: NodeId) -> Option<Self> {
        let text = doc.str(id)?.into_owned();
        let span = doc.span(id);
        let written = doc.source().slice(span);
        let mut way =
            Way { written, content: text.as_bytes(), start: span.start, pieces: vec![], indent: 0 };
        let form = match (doc.source().format(), written.first()?) {
            (Format::Yaml, b'|') => {
                way.literal()?;
                Form::Literal { indent: way.indent }
            }
            (Format::Yaml, b'>') => {
                way.flowing(line_len(written), None)?;
                Form::Folded
            }
            (Format::Json | Format::Yaml, b'"') => {
                way.flowing(1, Some(b'"'))?;
                Form::Double
            }
            (Format::Yaml, b'\'') => {
                way.flowing(1, Some(b'\''))?;
                Form::Single
            }
            (Format::Yaml, _) => {
                way.flowing(0, None)?;
                Form::Folded
            }
            _ => return None,
        };
        let pieces = way.pieces;
        Some(Self { text, pieces, form })
    }

    /// Where `span` of the content is written if other text is to take its place. What belongs to the
    /// form of lines, such as their indentation, stays before what comes after the span.
    #[must_use]
    pub fn replaced(&self, span: Span) -> Span {
        let start = self.place(span.start, false);
        let end = if span.start == span.end { start } else { self.place(span.end, false) };
        Span { start, end: end.max(start) }
    }

    /// `text` as it is written in the scalar; `None` if the scalar has no way to write it there. In a
    /// block its lines get the indentation of the block and end as `line_end`.
    #[must_use]
    pub fn written(&self, text: &str, line_end: &str) -> Option<String> {
        let is_plain = |c: char| !c.is_control() && !matches!(c, '\u{85}' | '\u{FEFF}');
        match self.form {
            Form::Literal { indent } => {
                let is_writable = |c: char| is_plain(c) || matches!(c, '\n' | '\r' | '\t');
                if !text.chars().all(is_writable) {
                    return None;
                }
                let indentation = " ".repeat(indent);
                let mut out = String::with_capacity(text.len());
                let mut lines = text.split('\n');
                out.push_str(lines.next().unwrap_or_default());
                let mut lines = lines.peekable();
                while let Some(line) = lines.next() {
                    out.push_str(line_end);
                    // The last line goes on with what is there.
                    if !line.is_empty() || lines.peek().is_none() {
                        out.push_str(&indentation);
                    }
                    out.push_str(line);
                }
                Some(out)
            }
            Form::Double => {
                let quoted = serde_json::Value::from(text).to_string();
                text.chars().all(|c| is_plain(c) || c < '\x7F').then_some(())?;
                Some(quoted[1..quoted.len() - 1].to_owned())
            }
            Form::Single => text.chars().all(is_plain).then(|| text.replace('\'', "''")),
            Form::Folded => None,
        }
    }

    /// Whether text can be replaced at `span` of the content: where lines are folded, not over their
    /// ends.
    #[must_use]
    pub fn is_replaceable(&self, span: Span) -> bool {
        let is_one_line = !self.text.as_bytes()[span.range()].contains(&b'\n');
        match self.form {
            Form::Literal { .. } | Form::Double => true,
            Form::Single => is_one_line,
            Form::Folded => false,
        }
    }

    /// Where `span` of the content is written.
    #[must_use]
    pub fn outer(&self, span: Span) -> Span {
        let start = self.place(span.start, false);
        let end = if span.start == span.end { start } else { self.place(span.end, true) };
        Span { start, end: end.max(start) }
    }

    /// Where the place before the byte `at` of the content is; or, the same place seen from the byte
    /// before it.
    fn place(&self, at: u32, from_before: bool) -> u32 {
        let ends_before = |piece: &Piece| {
            if from_before { piece.inner.end < at } else { piece.inner.end <= at }
        };
        let index = self.pieces.partition_point(ends_before);
        let Some(piece) = self.pieces.get(index) else {
            return self.pieces.last().map_or(0, |piece| piece.outer.end);
        };
        if at >= piece.inner.end {
            return piece.outer.end;
        }
        (piece.outer.start + at.saturating_sub(piece.inner.start)).min(piece.outer.end)
    }
}

/// The length of the first line of `bytes`, with its end.
fn line_len(bytes: &[u8]) -> usize {
    memchr::memchr(b'\n', bytes).map_or(bytes.len(), |end| end + 1)
}

/// The number of blanks and line ends at the front of `bytes`.
fn blank_len(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| b" \t\r\n".contains(byte)).count()
}

/// The two texts that are laid side by side.
struct Way<'t> {
    written: &'t [u8],
    content: &'t [u8],
    /// Where `written` begins in the source.
    start: u32,
    pieces: Vec<Piece>,
    /// The indentation of a literal block.
    indent: usize,
}

impl Way<'_> {
    /// Says that the `inner` bytes of the content at `at` are the `outer` ones written at `from`.
    fn pair(&mut self, at: usize, inner: usize, from: usize, outer: usize) {
        let start = self.start as usize + from;
        let piece =
            Piece { inner: Span::new(at, at + inner), outer: Span::new(start, start + outer) };
        let is_plain = |piece: &Piece| {
            piece.inner.end - piece.inner.start == piece.outer.end - piece.outer.start
        };
        match self.pieces.last_mut() {
            Some(last)
                if is_plain(last) && is_plain(&piece) && last.outer.end == piece.outer.start =>
            {
                last.inner.end = piece.inner.end;
                last.outer.end = piece.outer.end;
            }
            _ => self.pieces.push(piece),
        }
    }

    /// A literal block: each line of the content is the end of a line that is written.
    fn literal(&mut self) -> Option<()> {
        let content = self.content;
        let mut from = line_len(self.written);
        let mut at = 0;
        for line in content.split(|byte| *byte == b'\n') {
            let raw = &self.written[from..from + line_len(&self.written[from..])];
            let end = raw.strip_suffix(b"\n").unwrap_or(raw);
            let end =
                if line.ends_with(b"\r") { end } else { end.strip_suffix(b"\r").unwrap_or(end) };
            let indent = end.strip_suffix(line)?.len();
            if !line.is_empty() && self.indent == 0 {
                self.indent = indent;
            }
            self.pair(at, line.len(), from + indent, line.len());
            at += line.len();
            if at < content.len() {
                let len = raw.len() - indent - line.len();
                self.pair(at, 1, from + indent + line.len(), len);
                at += 1;
            }
            from += raw.len();
        }
        Some(())
    }

    /// Any other scalar, from offset `from` on: lines are folded, escapes stand for characters.
    fn flowing(&mut self, mut from: usize, quote: Option<u8>) -> Option<()> {
        let (written, content) = (self.written, self.content);
        let mut at = 0;
        if quote.is_none() && content.first().is_some_and(|byte| *byte != b' ') {
            from += blank_len(&written[from..]);
        }
        while at < content.len() {
            let rest = &written[from..];
            let blanks = rest.iter().take_while(|byte| b" \t".contains(byte)).count();
            let folds = matches!(rest.get(blanks), Some(b'\r' | b'\n'));
            let (inner, outer) = match rest {
                [] => (content.len() - at, 0),
                [b'\\', ..] if quote == Some(b'"') => {
                    let broken = blank_len(&rest[1..]);
                    if matches!(rest.get(1), Some(b'\r' | b'\n')) {
                        from += 1 + broken;
                        continue;
                    }
                    (character_len(&content[at..]), escape_len(rest))
                }
                [b'\'', b'\'', ..] if quote == Some(b'\'') => (1, 2),
                _ if folds => (blank_len(&content[at..]), blank_len(rest)),
                [byte, ..] if *byte == content[at] => (1, 1),
                _ => return None,
            };
            if inner == 0 || outer > rest.len() || (outer == 0 && blank_len(&content[at..]) < inner)
            {
                return None;
            }
            self.pair(at, inner, from, outer);
            at += inner;
            from += outer;
        }
        Some(())
    }
}

/// The length of the character at the front of `bytes`.
fn character_len(bytes: &[u8]) -> usize {
    let more = bytes.iter().skip(1).take_while(|byte| **byte & 0xC0 == 0x80).count();
    1 + more.min(3)
}

/// The length of the escape at the front of `bytes`, both halves of a surrogate pair together.
fn escape_len(bytes: &[u8]) -> usize {
    match bytes {
        [_, b'x', ..] => 4,
        [_, b'u', b'd' | b'D', b'8' | b'9' | b'a' | b'b' | b'A' | b'B', _, _, b'\\', b'u', ..] => {
            12
        }
        [_, b'u', ..] => 6,
        [_, b'U', ..] => 10,
        _ => 2,
    }
}
