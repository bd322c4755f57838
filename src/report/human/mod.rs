//! What people read in a terminal or a log: each finding with the code it is about.
//!
//! The frames are miette's, drawn over a small prepared text instead of the source: its own source
//! types read the whole file for each label and panic on a column past 65,535. The lines around the
//! frames are ours, and so is every decision about colour and characters, which must not depend on
//! the terminal of whoever calls.

mod cells;
pub mod diff;
mod frame;
mod placed;
mod visible;

use std::error::Error;
use std::fmt::{self, Write as _};
use std::iter;
use std::ops::Range;

use miette::{
    Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError,
    MietteSpanContents, SourceCode, SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};

use self::cells::{cells, wrap};
use self::diff::Line;
use self::frame::{Drawing, Frame};
use self::visible::VisibleSource;
use super::most;
use super::text::{MAX_HELP_LINES, MAX_MESSAGE, MAX_PATH, Marks};
use crate::analysis::CheckedFile;
use crate::finding::{Finding, Severity};

/// How the output may look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Cells of a line. Less than 40 is taken as 40, more than 200 as 200.
    pub width: usize,
    /// Whether escape sequences for colours may be written.
    pub color: bool,
    /// Whether escape sequences for links (OSC 8) may be written.
    pub links: bool,
    /// Whether more than ASCII may be drawn; the text of the source is shown as it is either way.
    pub unicode: bool,
}

/// Every finding of `report`, each followed by an empty line; nothing if there are none.
///
/// The output of one finding is bounded, whatever is in the file, and holds no control character of
/// it. The values of [`secrets`](crate::analysis::Analysis::secrets) are masked in the code.
#[must_use]
pub fn render(report: &CheckedFile, style: Style) -> String {
    render_most(report, style, 0)
}

/// The same with `most` findings of each rule at most, and how many more there are; 0 is all.
#[must_use]
pub fn render_most(report: &CheckedFile, style: Style, most: usize) -> String {
    let visible = VisibleSource::new(&report.source, &report.secrets, Marks::new(style.unicode));
    let width = style.width.clamp(40, 200);
    let mut out = String::new();
    let (shown, more) = most::shown(report, most);
    for finding in shown {
        let frames = Drawing::new(&report.source, &visible, finding, width);
        let page = Page {
            marks: visible.marks,
            styles: styles(finding.severity, style.color),
            links: style.links,
            width,
        };
        // Writing to a string cannot fail, and no label is outside of its frame.
        let fix = Preview::of(report, &visible, finding, width);
        let _ = page.write(&mut out, finding, (frames, fix), characters(style.unicode));
    }
    for (rule, more) in more {
        let name = visible.marks.clean(report.source.name(), MAX_PATH);
        let remark = format!("{name}: {}", most::remark(rule, more));
        out.extend(wrap(&remark, width, width).iter().flat_map(|line| [line.trim_end(), "\n"]));
        out.push('\n');
    }
    out
}

/// What one finding is laid out with.
struct Page {
    marks: Marks,
    styles: ThemeStyles,
    links: bool,
    width: usize,
}

impl Page {
    fn write(
        &self,
        out: &mut String,
        finding: &Finding,
        (frames, fix): (Drawing, Option<Preview>),
        characters: ThemeCharacters,
    ) -> fmt::Result {
        let head = format!("{}[{}]:", finding.severity, finding.rule);
        let mut painted = self.styles.error.style(&head).to_string();
        if self.links {
            painted =
                format!("\x1b]8;;{}\x1b\\{painted}\x1b]8;;\x1b\\", super::page_url(finding.rule));
        }
        let message = self.marks.clean(&finding.message, MAX_MESSAGE);
        self.paragraph(out, (&head, &painted), 2, &message);

        let Drawing { frames, elsewhere, omitted } = frames;
        out.push_str(&draw(&Sheet::new(frames), &self.styles, characters)?);

        for (name, text) in elsewhere {
            let colon = if text.is_empty() { "" } else { ": " };
            self.note(out, "  also:", &format!("{name}{colon}{text}"));
        }
        if omitted > 0 {
            self.note(out, "  also:", &format!("{omitted} more places"));
        }
        let help = finding.help.lines().take(MAX_HELP_LINES);
        for (head, line) in iter::once("  help:").chain(iter::repeat("       ")).zip(help) {
            self.note(out, head, &self.marks.clean(line, MAX_MESSAGE));
        }
        if let Some(Preview { title, lines }) = fix {
            self.note(out, "  fix:", &self.marks.clean(&title, MAX_MESSAGE));
            for Line { sign, text } in lines {
                let line = format!("{sign} {text}");
                let style = match sign {
                    '-' => self.styles.highlights.first(),
                    _ => self.styles.highlights.get(1),
                };
                let line = line.trim_end();
                match style.filter(|_| sign != ' ') {
                    Some(style) => writeln!(out, "        {}", style.style(line))?,
                    None => writeln!(out, "        {line}")?,
                }
            }
        }
        let more = self.styles.help.style("  more:");
        writeln!(out, "{more} otel-lint explain {}\n", finding.rule)
    }

    /// A line below the frames, and its continuation.
    fn note(&self, out: &mut String, head: &str, text: &str) {
        self.paragraph(out, (head, &self.styles.help.style(head).to_string()), 8, text);
    }

    /// `text` after a head, given plain and painted; further lines are indented by `indent`.
    fn paragraph(
        &self,
        out: &mut String,
        (head, painted): (&str, &str),
        indent: usize,
        text: &str,
    ) {
        let first = self.width.saturating_sub(cells(head) + 1);
        for (nth, line) in wrap(text, first, self.width - indent).iter().enumerate() {
            let (head, blanks) = if nth == 0 { (painted, 1) } else { ("", indent) };
            let line = line.trim_end();
            if line.is_empty() {
                out.push_str(head.trim_end());
            } else {
                out.push_str(head);
                out.extend(iter::repeat_n(' ', blanks));
                out.push_str(line);
            }
            out.push('\n');
        }
    }
}

/// The fix of a finding, ready to be shown.
struct Preview {
    title: String,
    lines: Vec<Line>,
}

impl Preview {
    fn of(
        report: &CheckedFile,
        visible: &VisibleSource<'_>,
        finding: &Finding,
        width: usize,
    ) -> Option<Self> {
        let fix = finding.fix.as_ref().filter(|fix| !fix.replacements.is_empty())?;
        let title = diff::title(&fix.title, fix.safety);
        let lines = diff::lines(&report.source, visible, fix.shown(), width - 10);
        Some(Self { title, lines })
    }
}

/// Has miette draw the frames of `sheet`.
fn draw(
    sheet: &Sheet,
    styles: &ThemeStyles,
    characters: ThemeCharacters,
) -> Result<String, fmt::Error> {
    let style = |primary| if primary { styles.error } else { styles.advice };
    let highlights = sheet.labels.iter().map(|label| style(label.primary())).collect();
    let theme = GraphicalTheme { characters, styles: ThemeStyles { highlights, ..styles.clone() } };
    let mut drawn = String::new();
    GraphicalReportHandler::new_themed(theme)
        .with_context_lines(1)
        .without_primary_span_start()
        .without_syntax_highlighting()
        .render_report(&mut drawn, sheet)?;
    // miette begins with an icon and the message, on a line that is empty here: ours is above.
    let frames = drawn.lines().skip(1);
    Ok(frames.flat_map(|line| [line.trim_end(), "\n"]).collect())
}

/// Drawing put together to one text for miette, which knows places as offsets into one source.
#[derive(Debug)]
struct Sheet {
    text: String,
    pieces: Vec<Piece>,
    labels: Vec<LabeledSpan>,
}

/// One frame of a [`Sheet`].
#[derive(Debug)]
struct Piece {
    range: Range<usize>,
    line: u32,
    name: String,
}

impl Sheet {
    fn new(frames: Vec<Frame>) -> Self {
        let mut sheet = Self { text: String::new(), pieces: Vec::new(), labels: Vec::new() };
        for frame in frames {
            let start = sheet.text.len();
            sheet.text.push_str(&frame.text);
            sheet.labels.extend(frame.pointers.into_iter().map(|pointer| {
                let span = start + pointer.span.start..start + pointer.span.end;
                let text = (!pointer.text.is_empty()).then_some(pointer.text);
                if pointer.primary {
                    LabeledSpan::new_primary_with_span(text, span)
                } else {
                    LabeledSpan::new_with_span(text, span)
                }
            }));
            let range = start..sheet.text.len();
            sheet.pieces.push(Piece { range, line: frame.line, name: frame.name });
        }
        sheet
    }
}

impl SourceCode for Sheet {
    /// The whole frame that `span` is in. miette also asks for spans over two frames, to join them:
    /// there are none.
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let holds = |piece: &&Piece| piece.range.contains(&start) && end <= piece.range.end;
        let piece = self.pieces.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let text = &self.text[piece.range.clone()];
        Ok(Box::new(MietteSpanContents::new_named(
            piece.name.clone(),
            text.as_bytes(),
            piece.range.clone().into(),
            piece.line as usize - 1,
            0,
            text.lines().count(),
        )))
    }
}

impl Diagnostic for Sheet {
    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl Error for Sheet {}

impl fmt::Display for Sheet {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

/// The styles for a finding: `error` is that of its own severity, `advice` that of related labels.
fn styles(severity: Severity, color: bool) -> ThemeStyles {
    let plain = ThemeStyles::none();
    if !color {
        return plain;
    }
    let bold = plain.error.bold();
    ThemeStyles {
        error: match severity {
            Severity::Error => bold.red(),
            Severity::Warning => bold.yellow(),
            Severity::Info => bold.cyan(),
        },
        advice: bold.bright_blue(),
        help: bold,
        link: bold,
        highlights: vec![plain.error.red(), plain.error.green()],
        linum: plain.linum.dimmed(),
        ..plain
    }
}

/// miette's characters with an unbroken margin, and carets that look the same in ASCII.
fn characters(unicode: bool) -> ThemeCharacters {
    if unicode {
        ThemeCharacters { vbar_break: '│', ..ThemeCharacters::unicode() }
    } else {
        ThemeCharacters { vbar_break: '|', underbar: '^', ..ThemeCharacters::ascii() }
    }
}
