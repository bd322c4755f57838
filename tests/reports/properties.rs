//! What holds of a report whatever the source and the finding are.

use otel_lint::analysis::{Analysis, CheckedFile};
use otel_lint::consequence::Consequence;
use otel_lint::finding::{Elsewhere, Finding, Label, RenderedLine, Severity};
use otel_lint::report::human::Style;
use otel_lint::report::{concise, human};
use otel_lint::source::{Position, Source, Span};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use unicode_width::UnicodeWidthChar;

const ESCAPE: char = '\u{1b}';
const MARK: char = '\u{301}';

/// Text with every character that has ever spoilt a frame.
fn nasty() -> impl Strategy<Value = Vec<u8>> {
    let pieces: Vec<&[u8]> = vec![
        b"\"use_http\": true",
        b" ",
        b"{",
        b"\n",
        b"\r\n",
        b"\r",
        b"\t",
        b"\0",
        b"\x1b[31m",
        b"\x7f",
        "é日本🐙".as_bytes(),
        "e\u{301}\u{301}".as_bytes(),
        "\u{85}\u{9b}\u{202E}\u{2067}\u{200D}\u{FEFF}".as_bytes(),
        b"\xFF",
        b"\xE2\x82",
        b"\xF0\x9F\x90",
        b"\x80\x80",
    ];
    let piece = (select(pieces), prop_oneof![9 => 1..4usize, 1 => 1..3000usize]);
    prop::collection::vec(piece, 0..20).prop_map(|pieces| {
        pieces.into_iter().flat_map(|(piece, times)| piece.repeat(times)).collect()
    })
}

fn nasty_text() -> impl Strategy<Value = String> {
    nasty().prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// Text of one line whose width is beyond doubt.
fn line() -> impl Strategy<Value = String> {
    let pieces = ["a", "B", "7", "\"key\": ", " ", "\t", "é", "e\u{301}", "日", "🐙"];
    let piece = (select(pieces.to_vec()), prop_oneof![9 => 1..4usize, 1 => 1..200usize]);
    prop::collection::vec(piece, 0..40)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, times)| piece.repeat(times)).collect())
}

/// A letter and its marks are one place, as their reader sees it.
fn is_place(text: &str, at: usize) -> bool {
    text.is_char_boundary(at) && !text[at..].starts_with(MARK)
}

/// Text as a frame shows it, but for combining marks, which take no cells.
fn shown(text: &str) -> String {
    text.replace('\t', "    ").replace(MARK, "")
}

/// The byte of `text` that begins in cell `cell`.
fn byte_in_cell(text: &str, cell: usize) -> usize {
    let mut cells = 0;
    let found = text.char_indices().find(|&(_, c)| {
        cells += c.width().unwrap_or(0);
        cells > cell
    });
    found.map_or(text.len(), |(at, _)| at)
}

fn style() -> impl Strategy<Value = Style> {
    (40..130usize, any::<bool>(), any::<bool>()).prop_map(|(width, color, unicode)| Style {
        width,
        color,
        links: false,
        unicode,
    })
}

/// A place in a source of unknown length.
type Place = (Index, Index);

fn span(len: usize, (start, end): Place) -> Span {
    let (start, end) = (start.index(len + 1), end.index(len + 1));
    Span::new(start.min(end), start.max(end))
}

fn report(text: impl Into<Vec<u8>>, finding: Finding) -> CheckedFile {
    CheckedFile {
        source: Source::new("krakend.json", text),
        analysis: Analysis { has_telemetry: true, findings: vec![finding], ..Analysis::default() },
    }
}

fn finding(message: &str, labels: &[Label]) -> Finding {
    let position = Position { offset: 0, line: 41, column: 7, utf16: 7, byte: 7 };
    let file = message.to_owned();
    let elsewhere = Elsewhere { file, start: position, end: position, text: message.to_owned() };
    let text = message.replace(['\r', '\n'], " ");
    let end = text.chars().take(5).map(char::len_utf8).sum();
    Finding {
        consequence: Consequence::NoEffect,
        rule: "otlp-http-without-port",
        severity: Severity::Warning,
        message: message.to_owned(),
        primary: labels[0].clone(),
        related: labels[1..].to_vec(),
        more_related: 0,
        elsewhere: vec![elsewhere],
        rendered: Some(RenderedLine { position, text, span: Span::new(0, end) }),
        pointer: String::new(),
        identity: String::new(),
        help: message.to_owned(),
        fix: None,
    }
}

fn cells(text: &str) -> usize {
    text.chars().filter_map(char::width).sum()
}

/// `text` without the sequences that set colours.
fn without_color(text: &str) -> String {
    let mut parts = text.split(ESCAPE);
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (codes, rest) = part.split_once('m').expect("a sequence ends");
        assert!(codes.trim_matches(|c: char| c.is_ascii_digit() || c == ';') == "[", "{codes:?}");
        plain.push_str(rest);
    }
    plain
}

/// Whether a terminal shows `c` and does nothing else.
fn harmless(c: char) -> bool {
    let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let hides = matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}');
    !(c.is_control() || turns || hides)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn output_is_harmless_and_bounded(
        source in nasty(),
        message in nasty_text(),
        labels in prop::collection::vec((any::<Place>(), nasty_text()), 1..14),
        secrets in prop::collection::vec(any::<Place>(), 0..4),
        style in style(),
    ) {
        let labels: Vec<_> = labels
            .into_iter()
            .map(|(place, text)| Label::new(span(source.len(), place), text))
            .collect();
        let secrets = secrets.into_iter().map(|place| span(source.len(), place)).collect();
        let mut report = report(source, finding(&message, &labels));
        report.secrets = secrets;

        let colored = human::render(&report, style);
        prop_assert!(colored.len() < 32 * 1024, "{} bytes", colored.len());
        prop_assert!(style.color || !colored.contains(ESCAPE));
        let plain = without_color(&colored);
        for line in plain.lines() {
            prop_assert!(line.chars().all(harmless), "{line:?}");
            // A command is not broken: it is there to be copied.
            let fits = cells(line) <= style.width || line.starts_with("  more: ");
            prop_assert!(fits, "{} > {}: {line:?}", cells(line), style.width);
        }
        let uncolored = human::render(&report, Style { color: false, ..style });
        let plain: Vec<_> = plain.lines().map(str::trim_end).collect();
        prop_assert_eq!(plain, uncolored.lines().collect::<Vec<_>>());

        let concise = concise::render(&report);
        prop_assert!(concise.len() < 4096);
        prop_assert!(concise.strip_suffix('\n').expect("a line").chars().all(harmless));
    }

    #[test]
    fn carets_are_under_the_label(
        text in line(),
        place in any::<Place>(),
        label in select(vec!["", "here", "a label that is too long for what is left of most lines"]),
        style in style(),
    ) {
        let place = span(text.len(), place).range();
        let start = (0..=place.start).rev().find(|&at| is_place(&text, at)).unwrap_or(0);
        let end = (place.end..text.len()).find(|&at| is_place(&text, at)).unwrap_or(text.len());
        let labels = [Label::new(Span::new(start, end), label)];
        let style = Style { color: false, ..style };
        let output = human::render(&report(text.as_str(), finding("message", &labels)), style);

        let name = format!("[krakend.json:1:{}]", text[..start].chars().count() + 1);
        prop_assert!(output.contains(&name), "{name} is not in\n{output}");
        prop_assert!(label.len() > 4 || output.contains(label));
        let margin = if style.unicode { '│' } else { '|' };
        let mut lines = output.lines().filter_map(|line| Some(line.split_once(margin)?.1));
        // White space at the end of a line is not shown.
        let code = shown(lines.next().expect("the code")) + &" ".repeat(style.width);
        let carets = lines.next().expect("the carets");

        let from = byte_in_cell(&code, cells(carets) - cells(carets.trim_start()));
        let to = if start == end { from } else { byte_in_cell(&code, cells(carets)) };
        let (before, under, after) = (&code[1..from], &code[from..to], code[to..].trim_end());
        let ellipsis = if style.unicode { "…" } else { "..." };
        let rest = shown(&text[..start]);
        if let Some(part) = before.strip_prefix(ellipsis) {
            prop_assert!(rest.ends_with(part), "{output}");
        } else {
            prop_assert_eq!(rest, before, "{}", output);
        }
        if after == ellipsis {
            prop_assert!(!under.is_empty() || start == end, "{output}");
            prop_assert!(shown(&text[start..end]).starts_with(under), "{output}");
        } else {
            prop_assert_eq!(shown(&text[start..end]), under, "{}", output);
            let rest = shown(&text[end..]);
            if let Some(part) = after.strip_suffix(ellipsis) {
                prop_assert!(rest.starts_with(part), "{output}");
            } else {
                prop_assert_eq!(rest.trim_end(), after, "{}", output);
            }
        }
    }

    #[test]
    fn no_secret_is_shown(
        parts in prop::collection::vec(("[a-z \n]{0,40}", "[A-Z\n\t\"\\\\]{0,90}"), 1..6),
        place in any::<Place>(),
        related in any::<Place>(),
        style in style(),
    ) {
        let mut text = String::new();
        let mut secrets = Vec::new();
        for (open, secret) in parts {
            text.push_str(&open);
            secrets.push(Span::new(text.len(), text.len() + secret.len()));
            text.push_str(&secret);
        }
        let labels = [place, related].map(|place| Label::new(span(text.len(), place), "here"));
        let mut report = report(text, finding("message", &labels));
        report.secrets = secrets;
        let output = human::render(&report, Style { color: false, ..style });
        prop_assert!(!output.contains(|c: char| c.is_ascii_uppercase()), "{output}");
    }
}
