//! Tokens of a template, by the rules of Go's `text/template/parse`.

use crate::source::Span;

use super::runes::{decode, is_alphanumeric, is_space};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    LeftDelimiter,
    RightDelimiter,
    LeftParen,
    RightParen,
    Space,
    Assign,
    Declare,
    Pipe,
    Comma,
    /// Another printable ASCII character; no grammar rule takes it.
    Other,
    Quoted,
    RawQuoted,
    Character,
    Number,
    Complex,
    Variable,
    Field,
    Dot,
    Nil,
    Bool,
    Identifier,
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Range,
    Template,
    With,
    EndOfFile,
    /// No token: what is wrong.
    Invalid(&'static str),
}

/// A token and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub span: Span,
}

const TRIMMED: &[u8] = b" \t\r\n";

/// Reads the tokens of one file.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    in_action: bool,
    /// Where the current action began.
    action: usize,
    parens: u32,
    failed: bool,
}

impl<'a> Lexer<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0, in_action: false, action: 0, parens: 0, failed: false }
    }

    /// The next token; after the end and after an error: the end of the file.
    pub fn next(&mut self) -> Token {
        if self.failed {
            return Token { kind: Kind::EndOfFile, span: Span::at(self.text.len()) };
        }
        let token = if self.in_action { self.inside() } else { self.outside() };
        self.failed = matches!(token.kind, Kind::Invalid(_));
        token
    }

    fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    fn token(&self, kind: Kind, start: usize) -> Token {
        Token { kind, span: Span::new(start, self.at) }
    }

    /// Text up to an action; comments are passed over.
    fn outside(&mut self) -> Token {
        loop {
            let start = self.at;
            let Some(delimiter) = memchr::memmem::find(self.rest(), b"{{") else {
                self.at = self.text.len();
                let kind = if start == self.at { Kind::EndOfFile } else { Kind::Text };
                return self.token(kind, start);
            };
            let delimiter = start + delimiter;
            let trims = has_left_trim(&self.text[delimiter + 2..]);
            let mut end = delimiter;
            if trims {
                while end > start && TRIMMED.contains(&self.text[end - 1]) {
                    end -= 1;
                }
            }
            if end > start {
                self.at = delimiter;
                return Token { kind: Kind::Text, span: Span::new(start, end) };
            }
            self.action = delimiter;
            self.at = delimiter + 2;
            let after = self.at + if trims { 2 } else { 0 };
            if !self.text[after..].starts_with(b"/*") {
                let token = self.token(Kind::LeftDelimiter, delimiter);
                self.at = after;
                self.in_action = true;
                self.parens = 0;
                return token;
            }
            if let Err(token) = self.comment(after) {
                return token;
            }
        }
    }

    fn comment(&mut self, start: usize) -> Result<(), Token> {
        let Some(end) = memchr::memmem::find(&self.text[start + 2..], b"*/") else {
            self.at = start + 2;
            return Err(self.token(Kind::Invalid("this comment has no `*/`"), start));
        };
        self.at = start + 2 + end + 2;
        let Some(trims) = right_delimiter(self.rest()) else {
            let message = "a comment has to end right before `}}`";
            return Err(Token { kind: Kind::Invalid(message), span: Span::new(start, self.at) });
        };
        self.pass_right_delimiter(trims);
        Ok(())
    }

    fn pass_right_delimiter(&mut self, trims: bool) {
        self.at += if trims { 4 } else { 2 };
        if trims {
            let spaces = self.rest().iter().take_while(|byte| TRIMMED.contains(byte)).count();
            self.at += spaces;
        }
    }

    fn inside(&mut self) -> Token {
        let start = self.at;
        if let Some(trims) = right_delimiter(self.rest()) {
            return self.end_of_action(start, trims);
        }
        let (rune, width) = decode(self.rest());
        if width == 0 {
            let span = Span::new(self.action, self.action + 2);
            return Token { kind: Kind::Invalid("this action has no `}}`"), span };
        }
        if is_space(rune) {
            return self.spaces(start);
        }
        self.at += width;
        let kind = match rune {
            '=' => Kind::Assign,
            ':' => {
                if self.rest().first() == Some(&b'=') {
                    self.at += 1;
                    Kind::Declare
                } else {
                    Kind::Invalid("`:` is only part of `:=`")
                }
            }
            '|' => Kind::Pipe,
            '"' => self.quoted(b'"', Kind::Quoted, "this text has no closing `\"` on its line"),
            '\'' => self.quoted(b'\'', Kind::Character, "this character has no closing `'`"),
            '`' => match memchr::memchr(b'`', self.rest()) {
                Some(end) => {
                    self.at += end + 1;
                    Kind::RawQuoted
                }
                None => Kind::Invalid("this text has no closing backquote"),
            },
            '$' => self.name(Kind::Variable, Kind::Variable),
            '.' if !self.rest().first().is_some_and(u8::is_ascii_digit) => {
                // At the very end Go takes the point for the start of a number.
                if self.rest().is_empty() {
                    self.number()
                } else {
                    self.name(Kind::Dot, Kind::Field)
                }
            }
            '.' | '+' | '-' | '0'..='9' => {
                self.at = start;
                self.number()
            }
            '(' => {
                self.parens += 1;
                Kind::LeftParen
            }
            ')' if self.parens == 0 => Kind::Invalid("this `)` closes nothing"),
            ')' => {
                self.parens -= 1;
                Kind::RightParen
            }
            ',' => Kind::Comma,
            _ if is_alphanumeric(rune) => self.identifier(start),
            ' '..='~' => Kind::Other,
            _ => Kind::Invalid("this character has no meaning in an action"),
        };
        self.token(kind, start)
    }

    fn end_of_action(&mut self, start: usize, trims: bool) -> Token {
        if self.parens > 0 {
            let message = "a `(` of this action is not closed";
            return Token { kind: Kind::Invalid(message), span: Span::new(start, start) };
        }
        let end = start + if trims { 4 } else { 2 };
        self.pass_right_delimiter(trims);
        self.in_action = false;
        Token { kind: Kind::RightDelimiter, span: Span::new(start, end) }
    }

    /// A run of spaces; the last of them may belong to ` -}}`.
    fn spaces(&mut self, start: usize) -> Token {
        let count = self.rest().iter().take_while(|byte| TRIMMED.contains(byte)).count();
        self.at += count;
        if self.text[self.at - 1..].get(1..4) == Some(b"-}}") {
            self.at -= 1;
            if count == 1 {
                return self.end_of_action(start, true);
            }
        }
        self.token(Kind::Space, start)
    }

    fn quoted(&mut self, end: u8, kind: Kind, message: &'static str) -> Kind {
        loop {
            match self.rest() {
                [] | [b'\n', ..] | [b'\\'] | [b'\\', b'\n', ..] => return Kind::Invalid(message),
                [b'\\', ..] => self.at += 2,
                [byte, ..] => {
                    self.at += 1;
                    if *byte == end {
                        return kind;
                    }
                }
            }
        }
    }

    /// What follows `$` or `.`: nothing (`alone`), or a name.
    fn name(&mut self, alone: Kind, named: Kind) -> Kind {
        if self.at_terminator() {
            return alone;
        }
        self.word();
        if self.at_terminator() { named } else { self.bad_character() }
    }

    fn word(&mut self) {
        loop {
            let (rune, width) = decode(self.rest());
            if width == 0 || !is_alphanumeric(rune) {
                return;
            }
            self.at += width;
        }
    }

    fn bad_character(&mut self) -> Kind {
        self.at += decode(self.rest()).1;
        Kind::Invalid("a name ends with a character that cannot follow it")
    }

    fn at_terminator(&self) -> bool {
        match self.rest() {
            [] | [b' ' | b'\t' | b'\r' | b'\n' | b'.' | b',' | b'|' | b':' | b')' | b'(', ..] => {
                true
            }
            rest => rest.starts_with(b"}}"),
        }
    }

    fn identifier(&mut self, start: usize) -> Kind {
        self.word();
        let word = &self.text[start..self.at];
        if !self.at_terminator() {
            return self.bad_character();
        }
        match word {
            b"block" => Kind::Block,
            b"break" => Kind::Break,
            b"continue" => Kind::Continue,
            b"define" => Kind::Define,
            b"else" => Kind::Else,
            b"end" => Kind::End,
            b"if" => Kind::If,
            b"range" => Kind::Range,
            b"nil" => Kind::Nil,
            b"template" => Kind::Template,
            b"with" => Kind::With,
            b"true" | b"false" => Kind::Bool,
            _ => Kind::Identifier,
        }
    }

    fn number(&mut self) -> Kind {
        const MESSAGE: &str = "this is not a number";
        if !self.scan_number() {
            return Kind::Invalid(MESSAGE);
        }
        if !matches!(self.rest(), [b'+' | b'-', ..]) {
            return Kind::Number;
        }
        if self.scan_number() && self.text[self.at - 1] == b'i' {
            return Kind::Complex;
        }
        Kind::Invalid(MESSAGE)
    }

    fn accept(&mut self, valid: &[u8]) -> bool {
        let accepted = self.rest().first().is_some_and(|byte| valid.contains(byte));
        self.at += usize::from(accepted);
        accepted
    }

    fn accept_run(&mut self, valid: &[u8]) {
        while self.accept(valid) {}
    }

    /// As generous as Go's scanner: what is not a number is found when it is converted.
    fn scan_number(&mut self) -> bool {
        const DECIMAL: &[u8] = b"0123456789_";
        const HEXADECIMAL: &[u8] = b"0123456789abcdefABCDEF_";
        self.accept(b"+-");
        let mut digits = DECIMAL;
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = HEXADECIMAL;
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        let exponent: &[u8] = if digits == DECIMAL {
            b"eE"
        } else if digits == HEXADECIMAL {
            b"pP"
        } else {
            b""
        };
        if self.accept(exponent) {
            self.accept(b"+-");
            self.accept_run(DECIMAL);
        }
        self.accept(b"i");
        let (rune, width) = decode(self.rest());
        if width > 0 && is_alphanumeric(rune) {
            self.at += width;
            return false;
        }
        true
    }
}

fn has_left_trim(text: &[u8]) -> bool {
    matches!(text, [b'-', b' ' | b'\t' | b'\r' | b'\n', ..])
}

/// Whether `text` begins with a right delimiter, and if so, whether it trims.
fn right_delimiter(text: &[u8]) -> Option<bool> {
    match text {
        [b'}', b'}', ..] => Some(false),
        [b' ' | b'\t' | b'\r' | b'\n', b'-', b'}', b'}', ..] => Some(true),
        _ => None,
    }
}
