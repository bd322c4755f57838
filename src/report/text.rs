//! Text that a terminal may have: no character of a configuration moves the cursor, turns the
//! order of reading or hides, and none of its keys fills the screen.

use crate::finding::{Elsewhere, Finding};
use crate::source::Position;

/// Characters of a message, or of a line of help, at most.
pub(super) const MAX_MESSAGE: usize = 400;
/// Lines of help at most.
pub(super) const MAX_HELP_LINES: usize = 8;
/// Characters of a path at most.
pub(super) const MAX_PATH: usize = 1000;

/// What is shown in the place of what is not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Marks {
    /// Stands for text left out.
    pub(super) ellipsis: &'static str,
    unicode: bool,
}

impl Marks {
    /// For terminals with Unicode, and without.
    pub(super) fn new(unicode: bool) -> Self {
        Self { ellipsis: if unicode { "…" } else { "..." }, unicode }
    }

    /// `c`, or its stand-in if it must not be shown: the picture of a control character, U+FFFD
    /// for others, `?` where neither can be drawn. A stand-in is one cell wide.
    pub(super) fn visible(self, c: char) -> char {
        match c {
            _ if !hidden(c) => c,
            _ if !self.unicode => '?',
            '\0'..='\x1F' => char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{FFFD}'),
            '\x7F' => '\u{2421}',
            _ => '\u{FFFD}',
        }
    }

    /// `text` on one line, harmless, and shortened in its middle to about `max` characters: the
    /// beginning says what it is about, the end what is wrong with it.
    pub(super) fn clean(self, text: &str, max: usize) -> String {
        if text.len() <= max && text.bytes().all(is_plain) && !text.contains("##") {
            return text.to_owned();
        }
        let shown = |text: &str| {
            let visible = |(at, c)| match c {
                '#' if is_command(&text.as_bytes()[at..]) => self.visible('\u{FFFD}'),
                c => self.visible(c),
            };
            text.char_indices().map(visible).collect::<String>()
        };
        if text.chars().nth(max).is_none() {
            return shown(text);
        }
        let tail = max / 3;
        let cut = |(at, _)| at;
        let head_end = text.char_indices().nth(max - tail).map_or(0, cut);
        let tail_start = text.char_indices().rev().nth(tail - 1).map_or(text.len(), cut);
        format!("{}{}{}", shown(&text[..head_end]), self.ellipsis, shown(&text[tail_start..]))
    }
}

/// Whether `text` begins like a command that CI servers obey wherever in a line it stands:
/// `##[group]`, `##vso[task.setvariable …]`, `##teamcity[…]`.
pub(super) fn is_command(text: &[u8]) -> bool {
    text.strip_prefix(b"##").is_some_and(|rest| {
        let word = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        rest.get(word) == Some(&b'[')
    })
}

/// Whether a CI server takes a line that begins like `line` for a command: `::stop-commands::…`.
pub(super) fn begins_command(line: &str) -> bool {
    line.trim_start().starts_with("::")
}

/// `name`, the name of a file, as a line may begin with it: without what a CI server would take for a
/// command, and still the name of the file.
pub(super) fn name(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_alphanumeric() || "._/~<\\".contains(c));
    let dot = if is_plain || name.is_empty() { "" } else { "./" };
    Marks::new(true).clean(&format!("{dot}{name}"), MAX_PATH)
}

/// `text`, which may have many lines, each made harmless.
pub(super) fn page(text: &str) -> String {
    let mark = |line: &str| if begins_command(line) { "\\" } else { "" };
    let marks = Marks::new(true);
    let clean = text.lines().map(|line| format!("{}{}", mark(line), marks.clean(line, MAX_PATH)));
    clean.collect::<Vec<_>>().join("\n")
}

/// `text` on one harmless line, shortened in its middle if it is very long: what reports for programs
/// say.
pub(super) fn line(text: &str) -> String {
    Marks::new(true).clean(text, MAX_MESSAGE)
}

/// The first lines of `text`, each harmless.
pub(super) fn lines(text: &str) -> String {
    text.lines().take(MAX_HELP_LINES).map(line).collect::<Vec<_>>().join("\n")
}

/// What to do about `finding`, and the places in other files, a line each: for formats that have no
/// place for them.
pub(super) fn advice(finding: &Finding) -> String {
    let mut text = lines(&finding.help);
    for place in &finding.elsewhere {
        let Elsewhere { file, start, text: said, .. } = place;
        text.push_str(&format!("\n{}:{}:{}: {}", name(file), start.line, start.column, line(said)));
    }
    if let Some(rendered) = &finding.rendered {
        let Position { line, column, .. } = rendered.position;
        text.push_str(&format!("\nRendered at line {line}, column {column}."));
    }
    text
}

/// Whether a terminal would obey `c`, hide it, or draw it over its neighbours. Emoji joiners,
/// selectors and skin tones count: how wide they make a sequence depends on the terminal.
pub(super) fn hidden(c: char) -> bool {
    c.is_control()
        || c > '\x7F'
            && matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}'
            | '\u{890}'..='\u{891}' | '\u{8E2}' | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFD}'
            | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1345F}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0000}'..='\u{E0FFF}')
}

/// Whether `byte` is a character of ASCII that is shown as it is, one cell wide: nearly all are.
pub(super) fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}
