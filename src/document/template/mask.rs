//! From the tokens of a template to JSON of the same length: what stays keeps its place, so every
//! span of the tape is a span of the template.
//!
//! Text that nobody knows becomes a string in the place of a value, and nothing in the place of
//! members or items. Commas next to an action are as many as JSON needs: how the loops of a template
//! set them is its author's business.

use super::action::Word;
use super::token::{Token, TokenKind};
use crate::source::Span;

/// What stands around the text of a template where it is a part of a configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// Nothing: it holds one value.
    Nothing,
    /// The brackets of the object or array whose members or items it holds.
    Brackets { object: bool },
}

/// JSON made of a template.
#[derive(Clone, Debug)]
pub(super) struct Masked {
    /// As long as the template; blank where that has an action.
    pub text: Vec<u8>,
    pub around: Around,
    /// Where the text has a string that stands for something unknown; true if that is a string or a
    /// key in the template too.
    pub unknown: Vec<(Span, bool)>,
    /// Where objects and arrays begin that may have more in them, sorted.
    pub open: Vec<u32>,
    /// Whether there may be more in what is around it.
    pub around_open: bool,
}

/// The JSON of a template of `len` bytes that has these tokens; `None` if it cannot be any.
pub(super) fn mask(bytes: &[u8], tokens: &[Token]) -> Option<Masked> {
    let around = around(tokens);
    let root =
        Frame { object: around == Around::Brackets { object: true }, ..Frame::new(None, false) };
    let mut mask = Mask {
        bytes,
        out: Masked {
            text: vec![b' '; bytes.len()],
            around,
            unknown: Vec::new(),
            open: Vec::new(),
            around_open: false,
        },
        frames: vec![root],
        soft: None,
    };
    for (index, token) in tokens.iter().enumerate() {
        mask.take(*token, &tokens[index + 1..])?;
    }
    mask.finish()
}

/// What is missing around `tokens`.
fn around(tokens: &[Token]) -> Around {
    let (mut depth, mut values, mut comma) = (0_usize, 0, false);
    for token in tokens {
        match token.kind {
            TokenKind::Open { .. } => depth += 1,
            TokenKind::Close => {
                depth = depth.saturating_sub(1);
                values += usize::from(depth == 0);
            }
            TokenKind::Colon if depth == 0 => return Around::Brackets { object: true },
            TokenKind::Comma if depth == 0 => comma = true,
            TokenKind::String { .. } | TokenKind::Word if depth == 0 => values += 1,
            _ => {}
        }
    }
    if comma || values > 1 { Around::Brackets { object: false } } else { Around::Nothing }
}

/// What the last token in an object or array was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Nothing,
    /// A comma, and where it is.
    Comma(u32),
    Key,
    Colon,
    Value,
}

#[derive(Clone, Copy, Debug)]
struct Frame {
    /// Where its bracket is; `None` for the text as a whole.
    start: Option<u32>,
    object: bool,
    last: Last,
    open: bool,
}

impl Frame {
    fn new(start: Option<u32>, object: bool) -> Self {
        Self { start, object, last: Last::Nothing, open: false }
    }
}

struct Mask<'t> {
    bytes: &'t [u8],
    out: Masked,
    frames: Vec<Frame>,
    /// The last action since the last token that stays: what is missing may be written over it.
    soft: Option<Span>,
}

impl Mask<'_> {
    fn take(&mut self, token: Token, rest: &[Token]) -> Option<()> {
        let frame = *self.frames.last()?;
        match token.kind {
            TokenKind::Control(word) => {
                if word == Word::Range {
                    self.frame()?.open = true;
                }
                self.soft = Some(token.span);
                return Some(());
            }
            TokenKind::Text => return self.text(token.span, frame, rest),
            TokenKind::Comma => self.comma(token.span, frame)?,
            TokenKind::Colon => {
                self.frame()?.last = Last::Colon;
                self.keep(token.span);
            }
            TokenKind::String { dynamic: true } => {
                self.value(frame, token.span)?;
                if frame.object && frame.last != Last::Colon {
                    self.frame()?.open = true;
                }
                self.unknown(token.span, true);
            }
            TokenKind::String { dynamic: false } | TokenKind::Word => {
                self.value(frame, token.span)?;
                self.keep(token.span);
            }
            TokenKind::Open { object } => {
                self.value(frame, token.span)?;
                self.keep(token.span);
                self.frames.push(Frame::new(Some(token.span.start), object));
            }
            TokenKind::Close => {
                self.end(frame)?;
                self.keep(token.span);
                self.frames.pop();
            }
        }
        self.soft = None;
        Some(())
    }

    /// A comma, unless an action leaves nothing before it.
    fn comma(&mut self, span: Span, frame: Frame) -> Option<()> {
        match frame.last {
            Last::Nothing | Last::Comma(_) if self.soft.is_some() => return Some(()),
            Last::Colon => self.give_value()?,
            _ => {}
        }
        self.frame()?.last = Last::Comma(span.start);
        self.keep(span);
        Some(())
    }

    /// Makes room for a key, a value or an item that begins at `span`.
    fn value(&mut self, frame: Frame, span: Span) -> Option<()> {
        if frame.last == Last::Value && self.is_inside(frame) {
            let before = span.start.saturating_sub(1) as usize;
            if let Some(soft) = self.soft {
                self.out.text[soft.start as usize] = b',';
            } else if frame.start.is_none() && self.bytes[before].is_ascii_whitespace() {
                // One file after the other is included: what is between them is the template's.
                self.out.text[before] = b',';
            }
        }
        let is_key = frame.object && frame.last != Last::Colon;
        self.frame()?.last = if is_key { Last::Key } else { Last::Value };
        Some(())
    }

    /// Text that nobody knows, outside of strings.
    fn text(&mut self, span: Span, frame: Frame, rest: &[Token]) -> Option<()> {
        let next = rest.iter().find(|token| !matches!(token.kind, TokenKind::Control(_)));
        let is_key = frame.object
            && !matches!(frame.last, Last::Colon | Last::Key)
            && next.is_some_and(|token| token.kind == TokenKind::Colon);
        let is_value = match frame.last {
            Last::Colon => true,
            Last::Nothing | Last::Comma(_) => !frame.object && self.is_inside(frame),
            Last::Key | Last::Value => false,
        };
        if !is_value || !frame.object {
            // It may be nothing, or one of them, or many.
            self.frame()?.open = true;
        }
        if is_key || is_value {
            self.value(frame, span)?;
            self.unknown(span, is_key);
            self.soft = None;
        } else {
            self.soft = Some(span);
        }
        Some(())
    }

    /// Whether `frame` has brackets, written or not.
    fn is_inside(&self, frame: Frame) -> bool {
        frame.start.is_some() || self.out.around != Around::Nothing
    }

    /// What is left to do where an object or array ends.
    fn end(&mut self, frame: Frame) -> Option<()> {
        match frame.last {
            // What follows the text of a part is the business of whoever includes it.
            Last::Comma(at) if self.soft.is_some() || frame.start.is_none() => {
                self.out.text[at as usize] = b' ';
            }
            Last::Colon => self.give_value()?,
            _ => {}
        }
        if let (Some(start), true) = (frame.start, self.frame()?.open) {
            self.out.open.push(start);
        }
        Some(())
    }

    /// A value in the place of an action that may put none there.
    fn give_value(&mut self) -> Option<()> {
        let soft = self.soft?;
        self.unknown(soft, false);
        Some(())
    }

    fn keep(&mut self, span: Span) {
        self.out.text[span.range()].copy_from_slice(&self.bytes[span.range()]);
    }

    fn unknown(&mut self, span: Span, string: bool) {
        let text = &mut self.out.text[span.range()];
        text.fill(b'x');
        for end in [0, text.len() - 1] {
            text[end] = b'"';
        }
        self.out.unknown.push((span, string));
    }

    fn frame(&mut self) -> Option<&mut Frame> {
        self.frames.last_mut()
    }

    fn finish(mut self) -> Option<Masked> {
        let [root] = self.frames[..] else { return None };
        if self.is_inside(root) {
            self.end(root)?;
        }
        self.out.around_open = root.open;
        self.out.open.sort_unstable();
        Some(self.out)
    }
}
