//! What the terminal can show, as far as the environment tells.

use std::ffi::OsStr;

/// Programs that are known to make links of the escape sequence OSC 8, as `TERM_PROGRAM` names them.
const WITH_LINKS: [&str; 7] =
    ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "Tabby", "rio"];

/// Variables that only terminals with such links set.
const MARKS: [&str; 4] = ["WT_SESSION", "KITTY_WINDOW_ID", "KONSOLE_VERSION", "DOMTERM"];

/// The environment of a process: the value of a variable, if it is set and not empty.
pub struct Environment<F>(pub F);

/// The environment of this process.
pub fn environment() -> Environment<impl Fn(&str) -> Option<String>> {
    Environment(|name: &str| std::env::var_os(name).map(|value| lossy(&value)))
}

fn lossy(value: &OsStr) -> String {
    value.to_string_lossy().into_owned()
}

impl<F: Fn(&str) -> Option<String>> Environment<F> {
    fn get(&self, name: &str) -> Option<String> {
        (self.0)(name).filter(|value| !value.is_empty())
    }

    /// Whether output is coloured if no flag says so: never with `NO_COLOR`; else always with
    /// `FORCE_COLOR` or `CLICOLOR_FORCE`, unless it is `0`; else on a terminal that is not dumb.
    pub fn wants_color(&self, terminal: bool) -> bool {
        if self.get("NO_COLOR").is_some() {
            return false;
        }
        let forced = ["FORCE_COLOR", "CLICOLOR_FORCE"].map(|name| self.get(name));
        if let Some(forced) = forced.into_iter().flatten().next() {
            return forced != "0" || (terminal && !self.is_dumb());
        }
        terminal && !self.is_dumb()
    }

    /// Whether the terminal understands no escape sequences.
    pub fn is_dumb(&self) -> bool {
        self.get("TERM").is_some_and(|term| term == "dumb")
    }

    /// The columns that `COLUMNS` names: people set it where no terminal tells its size.
    pub fn columns(&self) -> Option<usize> {
        self.get("COLUMNS")?.trim().parse().ok().filter(|columns| *columns > 0)
    }

    /// Whether links can be written: `FORCE_HYPERLINK` says so, or the terminal is known for it. Not
    /// within a multiplexer, whose own terminal sets these variables.
    pub fn has_links(&self) -> bool {
        if let Some(forced) = self.get("FORCE_HYPERLINK") {
            return forced != "0";
        }
        let term = self.get("TERM").unwrap_or_default();
        if term.starts_with("screen") || term.starts_with("tmux") || self.is_dumb() {
            return false;
        }
        let program = self.get("TERM_PROGRAM").unwrap_or_default();
        let vte = self.get("VTE_VERSION").and_then(|version| version.parse::<u32>().ok());
        WITH_LINKS.contains(&program.as_str())
            || MARKS.iter().any(|name| self.get(name).is_some())
            || matches!(term.as_str(), "xterm-kitty" | "alacritty" | "foot" | "xterm-ghostty")
            || vte.is_some_and(|version| version >= 5000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An environment of `NAME=value` pairs.
    fn of(pairs: &'static str) -> Environment<impl Fn(&str) -> Option<String>> {
        Environment(move |name: &str| {
            let mut pairs = pairs.split_whitespace().filter_map(|pair| pair.split_once('='));
            pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
        })
    }

    #[test]
    fn colour_can_be_forced_and_refused() {
        for (pairs, terminal, expected) in [
            ("", true, true),
            ("", false, false),
            ("TERM=dumb", true, false),
            ("NO_COLOR=1", true, false),
            ("NO_COLOR=", true, true),
            ("FORCE_COLOR=1", false, true),
            ("FORCE_COLOR=0", false, false),
            ("CLICOLOR_FORCE=1", false, true),
            ("CLICOLOR_FORCE=1 TERM=dumb", true, true),
            ("NO_COLOR=1 FORCE_COLOR=1", true, false),
        ] {
            assert_eq!(of(pairs).wants_color(terminal), expected, "{pairs} {terminal}");
        }
    }

    #[test]
    fn only_terminals_that_can_get_links() {
        for (pairs, expected) in [
            ("TERM=xterm-256color", false),
            ("TERM=xterm-256color TERM_PROGRAM=vscode", true),
            ("TERM=screen-256color TERM_PROGRAM=vscode", false),
            ("TERM=xterm-256color VTE_VERSION=7200", true),
            ("TERM=xterm-256color VTE_VERSION=4200", false),
            ("TERM=xterm-kitty", true),
            ("TERM=xterm-kitty FORCE_HYPERLINK=0", false),
            ("TERM=xterm FORCE_HYPERLINK=1", true),
        ] {
            assert_eq!(of(pairs).has_links(), expected, "{pairs}");
        }
    }

    #[test]
    fn columns_are_a_number() {
        for (pairs, expected) in
            [("COLUMNS=100", Some(100)), ("COLUMNS=0", None), ("COLUMNS=wide", None), ("", None)]
        {
            assert_eq!(of(pairs).columns(), expected, "{pairs}");
        }
    }
}
