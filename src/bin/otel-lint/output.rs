//! Writing to the standard streams. A reader that has gone away is not an error: the exit status still
//! tells what was found.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use otel_lint::report::human::Style;
use terminal_size::{Height, Width};

use crate::common_args::Color;
use crate::exit::Outcome;
use crate::{system, terminal};

/// Columns when standard output is not a terminal: what CI logs and reviews have.
pub const WIDTH: usize = 80;
/// Columns past which lines of text are hard to read.
const WIDEST: usize = 120;

/// Whether standard output was found to have no reader.
static CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether the reader of standard output has gone away.
pub fn is_closed() -> bool {
    CLOSED.load(Ordering::Relaxed)
}

/// Writes `text` to standard output. Fails on anything but a closed pipe: a full disk, say.
pub fn print(text: &str) -> io::Result<()> {
    print_bytes(text.as_bytes())
}

fn print_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            CLOSED.store(true, Ordering::Relaxed);
            Ok(())
        }
        result => result,
    }
}

/// Writes the whole output of a command, and says so if that fails.
pub fn finish(text: &str) -> Outcome {
    finish_bytes(text.as_bytes())
}

/// The same for bytes that need not be UTF-8: those of a file, as they are.
pub fn finish_bytes(bytes: &[u8]) -> Outcome {
    match print_bytes(bytes) {
        Ok(()) => Outcome::Clean,
        Err(error) => {
            say(&format!("otel-lint: cannot write to standard output: {}", system::reason(&error)));
            Outcome::Failed
        }
    }
}

/// Writes a line, or more at once, to standard error, where nobody may be listening.
pub fn say(lines: &str) {
    // In one piece: standard error is not buffered.
    let _ = io::stderr().write_all(format!("{lines}\n").as_bytes());
}

/// How findings are shown on standard output.
pub fn style(color: Color) -> Style {
    let size = terminal_size::terminal_size_of(io::stdout());
    style_on(io::stdout().is_terminal(), size, color)
}

/// How wrong settings are shown on standard error.
pub fn style_of_errors(color: Color) -> Style {
    let size = terminal_size::terminal_size_of(io::stderr());
    style_on(io::stderr().is_terminal(), size, color)
}

/// Whether the locale, if one is set, has more than ASCII. Without any, as in many containers, it is
/// what terminals and logs of today have.
fn locale_has_unicode() -> bool {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
    locale.is_none_or(|locale| has_unicode(&locale))
}

/// Whether the character set of `locale` is UTF-8, as far as its name tells.
fn has_unicode(locale: &str) -> bool {
    let locale = locale.split('@').next().unwrap_or_default();
    match locale.split_once('.') {
        Some((_, charset)) => charset.to_ascii_lowercase().replace('-', "") == "utf8",
        None => !matches!(locale, "C" | "POSIX"),
    }
}

fn style_on(terminal: bool, size: Option<(Width, Height)>, color: Color) -> Style {
    let environment = terminal::environment();
    let measured = || size.map(|(width, _)| usize::from(width.0));
    let width = environment.columns().or_else(measured).unwrap_or(WIDTH);
    Style {
        width: width.clamp(40, WIDEST),
        color: match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => environment.wants_color(terminal),
        },
        links: terminal && environment.has_links(),
        unicode: !(terminal && environment.is_dumb()) && locale_has_unicode(),
    }
}

#[cfg(test)]
mod tests {
    use super::has_unicode;

    #[test]
    fn the_locale_tells_the_character_set() {
        for locale in ["C.UTF-8", "en_US.utf8", "de_AT.UTF-8@euro", "en_US"] {
            assert!(has_unicode(locale), "{locale}");
        }
        for locale in ["C", "POSIX", "en_US.ISO-8859-1", "de_DE.iso885915@euro"] {
            assert!(!has_unicode(locale), "{locale}");
        }
    }
}
