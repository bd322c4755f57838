//! Templates of Helm charts: YAML with actions between its values, whose block scalars may hold a
//! configuration.

use super::action::{self, Action};
use crate::source::{Format, Source};

/// Whether actions of `bytes` use what only Helm has: the values, the release, the files of a chart.
#[must_use]
pub fn is_chart(bytes: &[u8]) -> bool {
    const OBJECTS: [&[u8]; 5] =
        [b".Values", b".Release", b".Chart", b".Files.Get", b".Capabilities"];
    let has = |action: &Action| {
        let text = &bytes[action.span.range()];
        OBJECTS.iter().any(|object| memchr::memmem::find(text, object).is_some())
    };
    action::actions(bytes).is_some_and(|actions| actions.iter().any(has))
}

/// The template `source` as YAML of the same length, so that each place stays what it is: outside of block
/// scalars, an action on lines of its own is a comment, and any other a plain word. Block scalars stay as
/// they are. `None` if `source` is not YAML of a chart, or if an action would end a block scalar that goes
/// on behind it.
#[must_use]
pub fn masked(source: &Source) -> Option<Source> {
    let bytes = source.bytes();
    if source.format() != Format::Yaml || !is_chart(bytes) {
        return None;
    }
    let actions = action::actions(bytes)?;
    let mut out = bytes.to_vec();
    let mut next = actions.iter().peekable();
    // The indentation of the line whose block scalar the current line may be in.
    let mut scalar: Option<usize> = None;
    // Whether an action stood between the scalar and what follows.
    let mut is_interrupted = false;
    let (mut start, mut action_end) = (0, 0);
    for line in bytes.split_inclusive(|&byte| byte == b'\n') {
        let end = start + line.len();
        let mut here = Vec::new();
        // The lines of an action of several lines are masked with the first of them.
        let goes_on = action_end > start;
        while let Some(action) = next.next_if(|action| (action.span.start as usize) < end) {
            here.push(action);
            action_end = action.span.end as usize;
        }
        if goes_on && here.is_empty() {
            start = end;
            continue;
        }
        let (indent, is_blank) = (indentation(line), line.trim_ascii().is_empty());
        let is_alone = is_alone(line, start, &here);
        match scalar {
            Some(outer) if is_blank || indent > outer => {
                if is_interrupted && !is_blank && !is_alone {
                    return None;
                }
            }
            Some(_) if is_alone => {
                is_interrupted = true;
                for action in &here {
                    comment(&mut out, action);
                }
            }
            _ => {
                is_interrupted = false;
                for action in &here {
                    if is_alone { comment(&mut out, action) } else { word(&mut out, action) }
                }
                scalar = opens_scalar(&out[start..end]).then(|| key_column(line));
            }
        }
        start = end;
    }
    Some(Source::new(source.name(), out).with_format(Format::Yaml))
}

/// Whether nothing but `actions` stands on `line`, which begins at `start`.
fn is_alone(line: &[u8], start: usize, actions: &[&Action]) -> bool {
    let mut rest = start;
    let mut is_alone = !actions.is_empty();
    for action in actions {
        let before = line.get(rest - start..action.span.start as usize - start);
        is_alone &= before.is_some_and(|text| text.trim_ascii().is_empty());
        rest = action.span.end as usize;
    }
    is_alone && line.get(rest - start..).is_none_or(|text| text.trim_ascii().is_empty())
}

/// Makes a comment of each line of `action`.
fn comment(out: &mut [u8], action: &Action) {
    let mut is_first = true;
    for byte in &mut out[action.span.range()] {
        match byte {
            b'\n' => is_first = true,
            b'\r' => {}
            _ => {
                *byte = if is_first { b'#' } else { b'-' };
                is_first = false;
            }
        }
    }
}

/// Makes a plain word of `action`.
fn word(out: &mut [u8], action: &Action) {
    out[action.span.range()].fill(b'x');
}

/// The bytes before what is no blank.
fn indentation(line: &[u8]) -> usize {
    line.iter().take_while(|&&byte| byte == b' ').count()
}

/// The column of the key or value on `line`, behind the dashes of lists.
fn key_column(line: &[u8]) -> usize {
    let mut column = indentation(line);
    while line[column..].starts_with(b"- ") {
        column += 1 + indentation(&line[column + 1..]);
    }
    column
}

/// Whether `line` ends with the mark of a block scalar, after a key, a dash or alone.
fn opens_scalar(line: &[u8]) -> bool {
    let line = match memchr::memmem::rfind(line, b" #") {
        Some(at) => &line[..at],
        None => line,
    };
    let line = line.trim_ascii();
    let begin = line.iter().rposition(u8::is_ascii_whitespace).map_or(0, |blank| blank + 1);
    let (before, mark) = line.split_at(begin);
    let is_value = matches!(before.trim_ascii_end(), [.., b':' | b'-'] | []);
    is_value
        && matches!(mark, [b'|' | b'>', signs @ ..] if signs.len() <= 2
            && signs.iter().all(|sign| matches!(sign, b'+' | b'-' | b'1'..=b'9')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<String> {
        let source = Source::new("t.yaml", text).with_format(Format::Yaml);
        let masked = masked(&source)?;
        assert_eq!(masked.bytes().len(), text.len());
        Some(String::from_utf8(masked.bytes().to_vec()).expect("it was UTF-8"))
    }

    #[test]
    fn actions_outside_of_block_scalars_are_comments_and_words() {
        let text = "name: {{ .Values.n }}\n{{- /* a\nb */}}\n  {{- if x }}\nd:\n  - k: |-\n      { {{ .a }} }\n    l: \"{{ .b }}\"\n{{ end }}\n";
        let expected = "name: xxxxxxxxxxxxxxx\n#-------\n#-----\n  #----------\nd:\n  - k: |-\n      { {{ .a }} }\n    l: \"xxxxxxxx\"\n#--------\n";
        assert_eq!(of(text).as_deref(), Some(expected));
    }

    #[test]
    fn a_block_scalar_that_goes_on_behind_an_action_is_not_read() {
        assert!(of("k: |\n  {\n{{- if .Values.a }}\n  b\n{{- end }}\n  }\n").is_none());
        assert!(of("k: |\n  {\n  }\n{{- if .Values.a }}\nl: m\n{{- end }}\n").is_some());
        assert!(of("k: |\n  {\n  {{- if .Values.a }}\n  b\n  {{- end }}\n  }\n").is_some());
        assert!(of("k: |\n  {\n{{- /* a .Values\nb */}}\n  {{ b }}\n  }\n").is_none());
        assert!(of("a: {{ .service.x }} # .Values\n").is_none(), "nothing of Helm");
    }

    #[test]
    fn what_looks_like_the_mark_of_a_block_scalar_is_text() {
        let text = "a: b |\n  {{ .Values.c }}\n";
        assert_eq!(of(text).as_deref(), Some("a: b |\n  #--------------\n"));
    }
}
