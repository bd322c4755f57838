//! Writing to the standard streams. A reader that has gone away is no error: the exit status still
//! tells what was found.

use std::io::{self, IsTerminal, Write};

use otel_lint::report::human::Style;

use crate::args::Color;
use crate::exit::Outcome;

/// Columns when standard output is no terminal: what CI logs and reviews have.
pub const WIDTH: usize = 80;
/// Columns past which lines of text are hard to read.
const WIDEST: usize = 120;

/// Writes `text` to standard output. Fails on anything but a closed pipe: a full disk, say.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes the whole output of a command, and says so if that fails.
pub fn finish(text: &str) -> Outcome {
    match print(text) {
        Ok(()) => Outcome::Clean,
        Err(error) => {
            say(&format!("otel-lint: cannot write to standard output: {error}"));
            Outcome::Failed
        }
    }
}

/// Writes a line to standard error, where nobody may be listening.
pub fn say(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}

/// How findings are shown on standard output.
pub fn style(color: Color) -> Style {
    let terminal = io::stdout().is_terminal();
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    let width = terminal_size::terminal_size_of(io::stdout())
        .map_or(WIDTH, |(width, _)| usize::from(width.0));
    Style {
        width: width.clamp(40, WIDEST),
        color: match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => terminal && wanted && !dumb,
        },
        unicode: !(terminal && dumb),
    }
}
