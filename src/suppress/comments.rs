//! Comments `# otel-lint: ignore[rule-a, rule-b] reason`, in the formats that have comments. One
//! holds for its own line; one that has its line for itself, for the next line that is not a comment.

use super::{Ignore, Mistake, Reach, Suppressions};
use crate::document::Pointer;
use crate::finding::Edit;
use crate::source::{Source, Span};

/// How such a comment looks, for those who got it wrong.
const SHAPE: &str = "# otel-lint: ignore[rule-id] reason";
/// What such a comment begins with, after its mark and blanks.
const BEGIN: &str = "otel-lint:";

/// Reads `comments` of `source`: from their mark to the end of their line.
pub(super) fn read(source: &Source, comments: &[Span], all: &mut Suppressions) {
    for &comment in comments {
        // Offsets count in the bytes: what is not UTF-8 is not a suppression either.
        let Ok(text) = std::str::from_utf8(source.slice(comment)) else { continue };
        let Some(rest) = text.trim_start_matches('#').trim_start().strip_prefix(BEGIN) else {
            continue;
        };
        let start = comment.start as usize + text.len() - rest.len();
        match Directive::parse(rest, start) {
            Ok(directive) => directive.add(source, comment, all),
            Err((message, label)) => all.mistakes.push(Mistake {
                message: message.to_owned(),
                span: trimmed(text, comment),
                label,
                pointer: Pointer::root(),
                help: format!("Write `{SHAPE}`."),
                removal: None,
            }),
        }
    }
}

/// What a well-written comment says.
struct Directive<'t> {
    /// The rules and where they are named.
    rules: Vec<(&'t str, Span)>,
    reason: &'t str,
}

impl<'t> Directive<'t> {
    /// Reads the text after the colon, which begins at the byte `start` of its source.
    fn parse(text: &'t str, start: usize) -> Result<Self, (&'static str, &'static str)> {
        let list = text.trim_start().strip_prefix("ignore").and_then(|rest| {
            let rest = rest.trim_start().strip_prefix('[')?;
            rest.split_once(']')
        });
        let Some((list, reason)) = list else {
            return Err((
                "this comment is not a suppression: nothing is ignored",
                "not understood",
            ));
        };
        let offset = |part: &str| start + (part.as_ptr() as usize - text.as_ptr() as usize);
        let mut rules = Vec::new();
        for part in list.split(',') {
            let rule = part.trim();
            if rule.is_empty() {
                let message = "a suppression that names no rule ignores nothing";
                return Err((message, "names no rule"));
            }
            let at = offset(rule);
            rules.push((rule, Span::new(at, at + rule.len())));
        }
        let reason = reason.trim().trim_start_matches(['-', ':', '–', '—']).trim_start();
        if reason.is_empty() {
            let message = "a rule is ignored without a reason, so it is not ignored";
            return Err((message, "no reason"));
        }
        Ok(Self { rules, reason })
    }

    fn add(self, source: &Source, comment: Span, all: &mut Suppressions) {
        let (line, whole) = place(source, comment);
        let group = all.group(Some(Edit::Delete { span: whole }));
        for (nth, (rule, span)) in self.rules.iter().enumerate() {
            // With the comma on the side where another rule remains.
            let removed = match (nth.checked_sub(1), self.rules.get(nth + 1)) {
                (_, Some((_, next))) => Span { start: span.start, end: next.start },
                (Some(last), None) => Span { start: self.rules[last].1.end, end: span.end },
                (None, None) => whole,
            };
            all.ignores.push(Ignore {
                rule: (*rule).to_owned(),
                reason: self.reason.to_owned(),
                span: *span,
                pointer: Pointer::root(),
                key: None,
                reach: Reach::Line(line),
                group,
                removal: Edit::Delete { span: removed },
            });
        }
    }
}

/// The line that a comment is about, and the bytes that go with it: its line if it has one for
/// itself, else the blanks before it.
fn place(source: &Source, comment: Span) -> (u32, Span) {
    let own = source.position(comment.start).line;
    let start = source.line(own).start;
    let before = source.slice(Span { start, end: comment.start });
    if !before.trim_ascii().is_empty() {
        let blanks = before.len() - before.trim_ascii_end().len();
        return (own, Span { start: comment.start - blanks as u32, end: comment.end });
    }
    let last = source.line_count();
    let is_comment = |line: u32| source.slice(source.line(line)).trim_ascii().starts_with(b"#");
    let next = (own + 1..=last).find(|&line| !is_comment(line)).unwrap_or(own);
    let end = if own < last { source.line(own + 1).start } else { comment.end };
    (next, Span { start, end })
}

/// The span of `text`, which stands at `at`, without blanks and line ends after it.
fn trimmed(text: &str, at: Span) -> Span {
    Span { start: at.start, end: at.start + text.trim_end().len() as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The comments of a text in which `#` begins nothing else.
    fn comments(source: &Source) -> Vec<Span> {
        let lines = (1..=source.line_count()).map(|line| source.line(line));
        let comment = |line: Span| {
            let at = source.slice(line).iter().position(|&byte| byte == b'#')?;
            Some(Span { start: line.start + at as u32, end: line.end })
        };
        lines.filter_map(comment).collect()
    }

    fn read_all(text: &str) -> (Source, Suppressions) {
        let source = Source::new("k.yaml", text);
        let mut all = Suppressions::default();
        read(&source, &comments(&source), &mut all);
        (source, all)
    }

    /// `text` without the bytes of `edit`.
    fn without(text: &str, edit: &Edit) -> String {
        let Edit::Delete { span } = edit else { panic!("not a deletion: {edit:?}") };
        format!("{}{}", &text[..span.start as usize], &text[span.end as usize..])
    }

    #[test]
    fn a_comment_names_rules_a_reason_and_a_line() {
        for (text, rules, reason, line) in [
            ("a: 1 # otel-lint: ignore[x] why not", vec!["x"], "why not", 1),
            ("# otel-lint: ignore[x] why\na: 1", vec!["x"], "why", 2),
            ("# otel-lint: ignore[x] why\r\na: 1\r\n", vec!["x"], "why", 2),
            ("##otel-lint:ignore [ x , y-z ]: größer\na: 1", vec!["x", "y-z"], "größer", 2),
            ("  # otel-lint: ignore[x] — why\n  # about a\n\ta: 1", vec!["x"], "why", 3),
            ("ä: 1\t# otel-lint: ignore[x] a [b] c\n", vec!["x"], "a [b] c", 1),
            ("# otel-lint: ignore[x] at the end", vec!["x"], "at the end", 1),
        ] {
            let (source, all) = read_all(text);
            assert!(all.mistakes.is_empty(), "{text}: {:?}", all.mistakes);
            let found: Vec<_> = all.ignores.iter().map(|ignore| ignore.rule.as_str()).collect();
            assert_eq!(found, rules, "{text}");
            for ignore in &all.ignores {
                assert_eq!(ignore.reason, reason, "{text}");
                assert_eq!(ignore.reach, Reach::Line(line), "{text}");
                assert_eq!(source.slice(ignore.span), ignore.rule.as_bytes(), "{text}");
            }
        }
    }

    #[test]
    fn what_is_meant_as_one_and_is_none_is_a_mistake() {
        for (text, label) in [
            ("# otel-lint: ignore[x]", "no reason"),
            ("# otel-lint: ignore[x] -- \r", "no reason"),
            ("# otel-lint: ignore[] why", "names no rule"),
            ("# otel-lint: ignore[x,] why", "names no rule"),
            ("# otel-lint: ignore x why", "not understood"),
            ("# otel-lint: ignore[x why", "not understood"),
            ("# otel-lint: disable[x] why", "not understood"),
            ("# otel-lint:", "not understood"),
        ] {
            let (source, all) = read_all(text);
            assert!(all.ignores.is_empty(), "{text}");
            assert_eq!(all.mistakes.len(), 1, "{text}");
            assert_eq!(all.mistakes[0].label, label, "{text}");
            assert_eq!(source.slice(all.mistakes[0].span), text.trim_end().as_bytes());
        }
        for text in ["# otel-lint checks this file", "# see otel-lint: ignore[x] y", "# todo"] {
            let (_, all) = read_all(text);
            assert!(all.ignores.is_empty() && all.mistakes.is_empty(), "{text}");
        }
    }

    #[test]
    fn a_removal_leaves_the_rest_as_it_was() {
        for (text, unused, left) in [
            ("a: 1 # otel-lint: ignore[x] y\nb: 2\n", vec![0], "a: 1\nb: 2\n"),
            ("a: 1\n  # otel-lint: ignore[x] y\r\nb: 2\n", vec![0], "a: 1\nb: 2\n"),
            ("a: 1\n# otel-lint: ignore[x] y", vec![0], "a: 1\n"),
            ("# otel-lint: ignore[x, y] z\na: 1", vec![0, 1], "a: 1"),
            ("# otel-lint: ignore[x, y] z\na: 1", vec![0], "# otel-lint: ignore[y] z\na: 1"),
            ("# otel-lint: ignore[x, y] z\na: 1", vec![1], "# otel-lint: ignore[x] z\na: 1"),
        ] {
            let (_, all) = read_all(text);
            let unused: Vec<Span> =
                unused.iter().map(|&nth: &usize| all.ignores[nth].span).collect();
            let first = all.ignores.iter().position(|ignore| ignore.span == unused[0]);
            let is_unused = |ignore: &Ignore| unused.contains(&ignore.span);
            let edit = all.removal(first.expect("it is there"), is_unused);
            assert_eq!(without(text, &edit), left, "{text}");
        }
    }
}
