//! What is being written at the cursor: the word there, and ways to finish the text around it so that
//! it can be read.
//!
//! A text that is half typed has no node at the cursor. So a marker is put in the place of the word,
//! as a key or as a value, with the commas that are missing; where the reader finds the marker, there
//! the word belongs.

use crate::source::{Format, Source, Span};

/// The text that stands for the word at the cursor.
pub(super) const MARKER: &str = "otel_lint_cursor";

/// The word at the cursor, and what is around it.
#[derive(Clone, Copy, Debug)]
pub(in crate::editor) struct Cursor<'s> {
    source: &'s Source,
    /// The word, with its quotes.
    pub(super) word: Span,
    /// The quote that it begins with.
    pub(in crate::editor) quote: Option<u8>,
}

/// A way to finish the text.
#[derive(Clone, Debug)]
pub(in crate::editor) struct Finished {
    /// The text with the marker in it.
    pub(in crate::editor) source: Source,
    /// What was replaced.
    pub(super) word: Span,
    /// Where a comma is missing before the word.
    pub(super) comma_before: Option<u32>,
    /// Whether a comma is missing after it.
    pub(super) comma_after: bool,
    /// Whether the word has a value already, so that it is a key alone.
    pub(in crate::editor) has_value: bool,
}

impl<'s> Cursor<'s> {
    /// The word around `offset` of `source`.
    pub(in crate::editor) fn new(source: &'s Source, offset: u32) -> Self {
        let bytes = source.bytes();
        let offset = (offset as usize).min(bytes.len());
        let line = bytes[..offset].iter().rposition(|&b| b == b'\n' || b == b'\r');
        let begin = line.map_or(0, |at| at + 1);
        if let Some((at, quote)) = open_quote(&bytes[begin..offset], source.format()) {
            let start = begin + at;
            let end = close_quote(bytes, offset, quote).unwrap_or(offset);
            return Self { source, word: Span::new(start, end), quote: Some(quote) };
        }
        let before = bytes[begin..offset].iter().rev().take_while(|b| is_word(**b)).count();
        let after = bytes[offset..].iter().take_while(|b| is_word(**b)).count();
        let word = Span::new(offset - before, offset + after);
        Self { source, word, quote: None }
    }

    /// The file.
    pub(super) fn source(&self) -> &'s Source {
        self.source
    }

    /// Every way to finish the text that may be worth reading.
    pub(in crate::editor) fn finished(&self) -> Vec<Finished> {
        let mut words = vec![self.word];
        // Without its closing quote, the word ends before what is taken for its rest.
        if self.quote.is_some() {
            let bytes = self.source.bytes();
            let rest = &bytes[self.word.start as usize + 1..self.word.end as usize];
            let len = rest.iter().take_while(|b| is_word(**b)).count();
            let end = self.word.start + 1 + len as u32;
            if end + 1 < self.word.end {
                words.push(Span { end, ..self.word });
            }
        }
        let mut ways = Vec::new();
        for word in words {
            match self.source.format() {
                Format::Json => self.with_brackets(word, &mut ways),
                Format::Yaml => {
                    self.with_lines(word, b':', &mut ways);
                    self.with_brackets(word, &mut ways);
                }
                Format::Toml => {
                    self.with_lines(word, b'=', &mut ways);
                    self.with_brackets(word, &mut ways);
                }
            }
        }
        ways
    }

    /// As in JSON, where commas separate and brackets enclose.
    fn with_brackets(&self, word: Span, ways: &mut Vec<Finished>) {
        let bytes = self.source.bytes();
        let (start, end) = (word.start as usize, word.end as usize);
        let last = bytes[..start].iter().rposition(|b| !b.is_ascii_whitespace());
        let next = bytes[end..].iter().copied().find(|b| !b.is_ascii_whitespace());
        let sign = if self.source.format() == Format::Toml { '=' } else { ':' };
        let is_value = last.is_some_and(|at| bytes[at] == sign as u8);
        let has_value = !is_value && next == Some(sign as u8);
        let follows = last.is_some_and(|at| !b"{[,".contains(&bytes[at])) && !is_value;
        let comma_before = last.filter(|_| follows).map(|at| at as u32 + 1);
        let comma_after = !has_value && next.is_some_and(|b| !b"}],".contains(&b));
        let quoted = format!("\"{MARKER}\"");
        let member = match self.source.format() {
            Format::Toml => format!("{MARKER} = 0"),
            _ => format!("{quoted}: null"),
        };
        let forms = if is_value || has_value { vec![quoted] } else { vec![member, quoted] };
        for form in forms {
            ways.push(self.way(word, &form, comma_before, comma_after, has_value));
        }
    }

    /// As in block YAML and TOML, where each member has a line of its own.
    fn with_lines(&self, word: Span, sign: u8, ways: &mut Vec<Finished>) {
        let bytes = self.source.bytes();
        let end = word.end as usize;
        let rest = bytes[end..].iter().copied().find(|b| !matches!(b, b' ' | b'\t'));
        let has_value = rest == Some(sign);
        let begin = bytes[..word.start as usize].iter().rposition(|&b| b == b'\n');
        let before = &bytes[begin.map_or(0, |at| at + 1)..word.start as usize];
        let is_value = before.trim_ascii_end().last() == Some(&sign);
        let plain = match (self.quote, sign) {
            (Some(quote), _) => format!("{0}{MARKER}{0}", quote as char),
            (None, b'=') if is_value => format!("\"{MARKER}\""),
            (None, _) => MARKER.to_owned(),
        };
        let member = if sign == b'=' { format!("{MARKER} = 0") } else { format!("{plain}: null") };
        let forms = match (is_value || has_value, sign) {
            (true, _) => vec![plain],
            (false, b'=') => vec![member],
            (false, _) => vec![member, plain],
        };
        for form in forms {
            ways.push(self.way(word, &form, None, false, has_value));
        }
    }

    fn way(
        &self,
        word: Span,
        form: &str,
        comma_before: Option<u32>,
        comma_after: bool,
        has_value: bool,
    ) -> Finished {
        let bytes = self.source.bytes();
        let mut text = Vec::with_capacity(bytes.len() + form.len() + 2);
        text.extend_from_slice(&bytes[..word.start as usize]);
        text.extend(comma_before.map(|_| b','));
        text.extend_from_slice(form.as_bytes());
        text.extend(comma_after.then_some(b','));
        text.extend_from_slice(&bytes[word.end as usize..]);
        let source = Source::new(self.source.name(), text).with_format(self.source.format());
        Finished { source, word, comma_before, comma_after, has_value }
    }
}

/// What a word is made of that is written without quotes.
fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-./@$".contains(&byte) || byte >= 0x80
}

/// Where the string begins in which `line` ends, and its quote.
fn open_quote(line: &[u8], format: Format) -> Option<(usize, u8)> {
    let mut open = None;
    let mut at = 0;
    while at < line.len() {
        let byte = line[at];
        match open {
            Some((_, b'"')) if byte == b'\\' => at += 1,
            Some((_, quote)) if byte == quote => open = None,
            None if byte == b'"' || (byte == b'\'' && format != Format::Json) => {
                open = Some((at, byte));
            }
            Some(_) | None => {}
        }
        at += 1;
    }
    open
}

/// Where the string ends that is open at `offset`, if it does on the same line.
fn close_quote(bytes: &[u8], offset: usize, quote: u8) -> Option<usize> {
    let mut at = offset;
    while at < bytes.len() && !matches!(bytes[at], b'\n' | b'\r') {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            byte if byte == quote => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}
