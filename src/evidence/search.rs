//! From a line of a gateway's log to the rules whose evidence has that line, or one like it.

use super::{Shown, all};

/// A rule whose evidence has a line like the one looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The rule and its evidence.
    pub shown: &'static Shown,
    /// The line of the evidence that is most like it.
    pub line: &'static str,
    /// How much of the words the two lines have in common, in percent; 100 if one is a part of the
    /// other.
    pub likeness: usize,
}

/// Below this likeness two lines are about different things.
const ALIKE: usize = 60;

/// Words of a line that are compared: no line of a gateway has more that tell something.
const WORDS: usize = 200;

/// The rules whose evidence has a line like one of the lines of `log`, the most alike first; names,
/// hosts and ports may differ. What a gateway writes before its messages does not count: the date, the
/// level, the component.
#[must_use]
pub fn search(log: &str) -> Vec<Match> {
    let wanted: Vec<&str> = log.lines().map(message).filter(|line| !line.is_empty()).collect();
    let mut matches: Vec<Match> = Vec::new();
    for shown in all() {
        let likest = shown
            .log
            .iter()
            .flat_map(|line| wanted.iter().map(|wanted| (likeness(wanted, message(line)), *line)))
            // The first of equals, so that the order of the table decides.
            .reduce(|best, other| if other.0 > best.0 { other } else { best });
        if let Some((likeness, line)) = likest.filter(|(likeness, _)| *likeness >= ALIKE) {
            matches.push(Match { shown, line, likeness });
        }
    }
    matches.sort_by_key(|found| std::cmp::Reverse(found.likeness));
    matches
}

/// The line without date, level and component.
fn message(line: &str) -> &str {
    let line = line.trim().trim_end_matches(['…', '.']).trim_end();
    if let Some((_, message)) = line.split_once("[SERVICE: OpenTelemetry]") {
        return message.trim();
    }
    for mark in ["[SERVICE: kotel] ", "ERROR: ", "ERROR ", "CRITICAL: ", "FATAL: ", "WARNING: "] {
        if let Some((_, message)) = line.split_once(mark) {
            return message.trim();
        }
    }
    line
}

/// How alike two messages are, in percent.
fn likeness(wanted: &str, known: &str) -> usize {
    let (wanted, known) = (wanted.to_lowercase(), known.to_lowercase());
    let words =
        |text: &str| text.split_whitespace().take(WORDS).map(str::to_owned).collect::<Vec<_>>();
    let (wanted_words, known_words) = (words(&wanted), words(&known));
    // A word alone is in too many lines to mean one of them.
    let part = |words: &[String], text: &str, of: &str| words.len() > 1 && of.contains(text);
    if part(&wanted_words, &wanted, &known) || part(&known_words, &known, &wanted) {
        return 100;
    }
    let longer = wanted_words.len().max(known_words.len()).max(1);
    common(&wanted_words, &known_words) * 100 / longer
}

/// How many words `a` and `b` have in common, in the same order.
fn common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for word in a {
        let mut diagonal = 0;
        for (index, other) in b.iter().enumerate() {
            let above = row[index + 1];
            row[index + 1] = if word == other { diagonal + 1 } else { above.max(row[index]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_before_a_message_does_not_count() {
        let line = "cannot register exporters: x";
        for before in
            ["2026/11/28 19:38:13 KRAKEND ERROR: [SERVICE: OpenTelemetry] ", "[GW] ERROR: ", "  "]
        {
            assert_eq!(message(&format!("{before}{line}")), line);
        }
    }

    #[test]
    fn names_may_differ() {
        let known = "traces export: dial tcp: lookup collector:4318: no such host";
        let other = "traces export: dial tcp: lookup otel.internal:4318: no such host";
        assert!(likeness(other, known) >= ALIKE);
        assert!(likeness("[ENDPOINT: /orders] no such file or directory", known) < ALIKE);
        assert_eq!(likeness("Lookup collector:4318", known), 100);
        assert_eq!(likeness(&format!("{known} (and more)"), known), 100);
        assert_eq!(likeness("", known), 0);
        assert_eq!(likeness("traces", known), 11, "a word is not a match");
    }

    #[test]
    fn a_long_line_is_compared_in_time() {
        let long = "word ".repeat(1_000_000);
        assert!(search(&long).is_empty());
    }
}
