//! The actions of a Go template: `{{ … }}`. Nothing here knows the format of the text around them.
//!
//! Upstream: Go `text/template/parse/lex.go` (delimiters, comments, quotes) and the keywords of
//! `text/template`.

use crate::source::Span;

/// One `{{ … }}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub span: Span,
    pub word: Word,
}

/// What an action does to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// `if`, `with`: what follows may be left out.
    If,
    /// `range`: what follows may be left out or come again and again.
    Range,
    /// `define`: what follows is used elsewhere.
    Define,
    /// `block`: what follows is used here and may be replaced elsewhere.
    Block,
    /// `else` and `else if`; `last` if nothing but `end` may follow.
    Else { last: bool },
    /// `end`.
    End,
    /// A comment, an assignment, `break`, `continue`: nothing is put there.
    Nothing,
    /// Anything else: some text is put there, and nobody knows which.
    Text,
}

/// Every action of `bytes`, in order; `None` if one has no end, so that it is not a template at all.
pub(super) fn actions(bytes: &[u8]) -> Option<Vec<Action>> {
    let mut actions = Vec::new();
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&bytes[at..], b"{{") {
        let start = at + found;
        at = end_of(bytes, start)?;
        let word = word(&bytes[start + 2..at - 2]);
        actions.push(Action { span: Span::new(start, at), word });
    }
    Some(actions)
}

/// The place after the `}}` of the action that begins at `start`.
fn end_of(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 2;
    if inside(&bytes[at..]).starts_with(b"/*") {
        at += memchr::memmem::find(&bytes[at..], b"*/")? + 2;
        return Some(at + memchr::memmem::find(&bytes[at..], b"}}")? + 2);
    }
    loop {
        let byte = *bytes.get(at)?;
        at += 1;
        match byte {
            b'}' if bytes.get(at) == Some(&b'}') => return Some(at + 1),
            b'`' => at += memchr::memchr(b'`', &bytes[at..])? + 1,
            b'"' | b'\'' => at = quote_end(bytes, at, byte)?,
            _ => {}
        }
    }
}

/// The place after the quote that ends the constant inside which `at` is; it ends with its line.
fn quote_end(bytes: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'\n' => return None,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// What an action says: without the mark that trims blanks before it, and without blanks.
fn inside(content: &[u8]) -> &[u8] {
    match content {
        [b'-', b' ' | b'\t' | b'\r' | b'\n', rest @ ..] => rest.trim_ascii(),
        _ => content.trim_ascii(),
    }
}

fn word(content: &[u8]) -> Word {
    let content = inside(content);
    let (first, rest) = split(content);
    match first {
        b"if" | b"with" => Word::If,
        b"range" => Word::Range,
        b"define" => Word::Define,
        b"block" => Word::Block,
        b"else" => Word::Else { last: !matches!(split(rest).0, b"if" | b"with") },
        b"end" => Word::End,
        b"break" | b"continue" => Word::Nothing,
        _ if content.starts_with(b"/*") || assigns(content) => Word::Nothing,
        _ => Word::Text,
    }
}

/// The first word of `content`, and what follows it.
fn split(content: &[u8]) -> (&[u8], &[u8]) {
    let content = content.trim_ascii_start();
    let end = content.iter().position(|b| !b.is_ascii_alphanumeric() && *b != b'_');
    content.split_at(end.unwrap_or(content.len()))
}

/// Whether an action only sets variables: `$x := …`, `$x = …`.
fn assigns(content: &[u8]) -> bool {
    let Some(rest) = content.strip_prefix(b"$") else { return false };
    let rest = split(rest).1.trim_ascii_start();
    rest.starts_with(b":=") || (rest.starts_with(b"=") && !rest.starts_with(b"=="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_is_found_whole() {
        let table: &[(&str, &[(&str, Word)])] = &[
            ("", &[]),
            ("a {{ .x }} b", &[("{{ .x }}", Word::Text)]),
            (r#"{{ env "}}" }}"#, &[(r#"{{ env "}}" }}"#, Word::Text)]),
            (r#"{{ env "\"}}" }}"#, &[(r#"{{ env "\"}}" }}"#, Word::Text)]),
            ("{{ `}}\n\"` }}", &[("{{ `}}\n\"` }}", Word::Text)]),
            (
                "{{- /* }} */ -}}{{end}}",
                &[("{{- /* }} */ -}}", Word::Nothing), ("{{end}}", Word::End)],
            ),
            ("{{-3}}", &[("{{-3}}", Word::Text)]),
            ("{{\nif .x\n}}", &[("{{\nif .x\n}}", Word::If)]),
            (
                "{{- else if .y -}}{{else}}{{ else with .z }}",
                &[
                    ("{{- else if .y -}}", Word::Else { last: false }),
                    ("{{else}}", Word::Else { last: true }),
                    ("{{ else with .z }}", Word::Else { last: false }),
                ],
            ),
            (
                "{{ $x := 1 }}{{ $x = 2 }}{{ $x }}",
                &[
                    ("{{ $x := 1 }}", Word::Nothing),
                    ("{{ $x = 2 }}", Word::Nothing),
                    ("{{ $x }}", Word::Text),
                ],
            ),
            ("{{ range $i, $x := .l }}", &[("{{ range $i, $x := .l }}", Word::Range)]),
            ("{{ iffy }}{{ end_of }}", &[("{{ iffy }}", Word::Text), ("{{ end_of }}", Word::Text)]),
            (
                "{{define \"x\"}}{{block \"y\" .}}{{break}}",
                &[
                    ("{{define \"x\"}}", Word::Define),
                    ("{{block \"y\" .}}", Word::Block),
                    ("{{break}}", Word::Nothing),
                ],
            ),
        ];
        for (text, expected) in table {
            let found = actions(text.as_bytes()).expect("every action has an end");
            let found: Vec<_> = found.iter().map(|a| (&text[a.span.range()], a.word)).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }

    #[test]
    fn an_action_without_end_is_none() {
        for text in ["{{", "{{ .x }", "{{ /* }}", "{{ \"}}", "{{ `}}", "{{ \"a\n\" }}", "{{ \"\\"] {
            assert_eq!(actions(text.as_bytes()), None, "{text}");
        }
    }
}
