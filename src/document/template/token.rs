//! The tokens of JSON text with template actions in it.

use super::action::{Action, Word};
use crate::source::Span;

/// One token. What an action puts into the text belongs to the token around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub span: Span,
    pub kind: TokenKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `{` or `[`.
    Open {
        object: bool,
    },
    /// `}` or `]`.
    Close,
    Comma,
    Colon,
    /// A string, `dynamic` if there is an action in it.
    String {
        dynamic: bool,
    },
    /// Anything else that JSON may or may not have: a number, `true`.
    Word,
    /// One or more actions, with words that touch them: text that nobody knows.
    Text,
    /// An action that puts nothing there, but says what stays or comes again.
    Control(Word),
}

/// The tokens of `bytes`, and the actions that are in no string; `None` if it is not JSON even so.
pub(super) fn tokens(bytes: &[u8], actions: &[Action]) -> Option<(Vec<Token>, Vec<Action>)> {
    let mut lexer = Lexer { bytes, actions, at: 0, next: 0 };
    let (mut tokens, mut outside) = (Vec::new(), Vec::new());
    if bytes.starts_with(b"\xEF\xBB\xBF") {
        lexer.at = 3;
    }
    while let Some(&byte) = bytes.get(lexer.at) {
        let start = lexer.at;
        let kind = match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                lexer.at += 1;
                continue;
            }
            b'"' => lexer.string()?,
            _ => match lexer.action() {
                Some(action) => {
                    outside.push(action);
                    match action.word {
                        Word::Text => lexer.rest_of_word(true, &mut outside),
                        word => TokenKind::Control(word),
                    }
                }
                None => match punctuation(byte) {
                    Some(kind) => {
                        lexer.at += 1;
                        kind
                    }
                    None => lexer.rest_of_word(false, &mut outside),
                },
            },
        };
        tokens.push(Token { span: Span::new(start, lexer.at), kind });
    }
    Some((tokens, outside))
}

fn punctuation(byte: u8) -> Option<TokenKind> {
    Some(match byte {
        b'{' | b'[' => TokenKind::Open { object: byte == b'{' },
        b'}' | b']' => TokenKind::Close,
        b',' => TokenKind::Comma,
        b':' => TokenKind::Colon,
        _ => return None,
    })
}

struct Lexer<'t> {
    bytes: &'t [u8],
    actions: &'t [Action],
    at: usize,
    /// Index of the first action that has not been passed.
    next: usize,
}

impl Lexer<'_> {
    /// Passes over the action here, if there is one.
    fn action(&mut self) -> Option<Action> {
        let action = *self.actions.get(self.next)?;
        (action.span.start as usize == self.at).then(|| {
            self.next += 1;
            self.at = action.span.end as usize;
            action
        })
    }

    /// Passes over the string here. One that goes on in the next line is none: JSON has no such
    /// string, and whatever follows would be read inside out.
    fn string(&mut self) -> Option<TokenKind> {
        let mut dynamic = false;
        self.at += 1;
        loop {
            if self.action().is_some() {
                dynamic = true;
                continue;
            }
            match *self.bytes.get(self.at)? {
                b'"' => {
                    self.at += 1;
                    return Some(TokenKind::String { dynamic });
                }
                b'\n' => return None,
                b'\\' if !self.bytes[self.at + 1..].starts_with(b"{{") => self.at += 2,
                _ => self.at += 1,
            }
        }
    }

    /// Passes over words and actions that put text there, as long as they touch; `dynamic` if there
    /// was such an action before.
    fn rest_of_word(&mut self, mut dynamic: bool, outside: &mut Vec<Action>) -> TokenKind {
        loop {
            let before = (self.at, self.next);
            match self.action() {
                Some(action) if action.word == Word::Text => {
                    outside.push(action);
                    dynamic = true;
                    continue;
                }
                Some(_) => (self.at, self.next) = before,
                None => {}
            }
            let is_control =
                self.actions.get(self.next).is_some_and(|a| a.span.start as usize == self.at);
            match self.bytes.get(self.at) {
                Some(&byte) if !is_control && is_word(byte) => self.at += 1,
                _ => break,
            }
        }
        if dynamic { TokenKind::Text } else { TokenKind::Word }
    }
}

fn is_word(byte: u8) -> bool {
    punctuation(byte).is_none() && !matches!(byte, b'"' | b' ' | b'\t' | b'\r' | b'\n')
}

#[cfg(test)]
mod tests {
    use super::super::action::actions;
    use super::*;

    fn kinds(text: &str) -> Option<Vec<(&str, TokenKind)>> {
        let actions = actions(text.as_bytes()).expect("every action has an end");
        let (tokens, _) = tokens(text.as_bytes(), &actions)?;
        Some(tokens.iter().map(|token| (&text[token.span.range()], token.kind)).collect())
    }

    #[test]
    fn actions_belong_to_the_token_around_them() {
        use TokenKind::{Close, Colon, Comma, Control, Open, String, Text, Word as Plain};
        let text = "\u{feff}{\"a{{ env \"B\" }}\": {{ .x }}{{ .y }}s,\r\n\"\\\"é\": 4{{ .z }}{{ if .q }},{{ end }}1{{ else }}2}";
        assert_eq!(
            kinds(text).expect("JSON but for its actions"),
            [
                ("{", Open { object: true }),
                ("\"a{{ env \"B\" }}\"", String { dynamic: true }),
                (":", Colon),
                ("{{ .x }}{{ .y }}s", Text),
                (",", Comma),
                ("\"\\\"é\"", String { dynamic: false }),
                (":", Colon),
                ("4{{ .z }}", Text),
                ("{{ if .q }}", Control(Word::If)),
                (",", Comma),
                ("{{ end }}", Control(Word::End)),
                ("1", Plain),
                ("{{ else }}", Control(Word::Else { last: true })),
                ("2", Plain),
                ("}", Close),
            ]
        );
    }

    #[test]
    fn a_string_ends_with_its_line() {
        assert_eq!(kinds("{\"a\n\": 1}"), None);
        assert_eq!(kinds("{\"a"), None);
        assert_eq!(kinds("\"a\\"), None);
    }
}
