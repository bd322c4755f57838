//! The catalogue of rules as text: a table, a page per rule, JSON.
//!
//! Everything here follows from the [`Rule`] values; `docs/rules/` and the README's table are these
//! texts, committed, and a test compares them.

use std::fmt::Write;

use serde::Serialize;

use crate::evidence::{self, Shown};
use crate::rule::{Applies, Availability, Group, Rule};
use crate::rules::{self, Example, ExampleKind};
use crate::source::Format;
use crate::target::{Edition, Version};

/// The catalogue as a table for a terminal, one group after the other.
#[must_use]
pub fn table(rules: &[&Rule]) -> String {
    let id_width = rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for group in Group::ALL {
        let members = rules.iter().filter(|rule| rule.group == group);
        let mut members = members.peekable();
        if members.peek().is_none() {
            continue;
        }
        let _ = writeln!(text, "{group}");
        for rule in members {
            let fix = if rule.fix == Availability::Never { ' ' } else { '*' };
            let _ = writeln!(
                text,
                "  {:id_width$}  {:7} {fix} {}",
                rule.id, rule.severity, rule.summary
            );
        }
    }
    text.push_str(
        "\n* a fix is available, at least sometimes; `otel-lint explain RULE` tells more\n",
    );
    text
}

/// The catalogue as Markdown tables, with links to the pages in `folder`.
#[must_use]
pub fn markdown(rules: &[&Rule], folder: &str) -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let members: Vec<_> = rules.iter().filter(|rule| rule.group == group).collect();
        if members.is_empty() {
            continue;
        }
        let _ = write!(
            text,
            "\n### {group}\n\n| rule | what it finds | severity | fix |\n|---|---|---|---|\n"
        );
        for rule in members {
            let Rule { id, severity, summary, .. } = rule;
            let fix = rule.fix.as_str();
            let _ =
                writeln!(text, "| [`{id}`]({folder}/{id}.md) | {summary} | {severity} | {fix} |");
        }
    }
    text
}

/// The catalogue as JSON: an array of objects with the metadata of each rule and its page.
///
/// # Panics
/// Never: the metadata has no value that JSON cannot hold.
#[must_use]
pub fn json(rules: &[&Rule]) -> String {
    let entries: Vec<Entry<'_>> = rules.iter().map(|rule| Entry::new(rule)).collect();
    let text = serde_json::to_string_pretty(&entries).expect("metadata is plain text");
    text + "\n"
}

#[derive(Serialize)]
struct Entry<'r> {
    id: &'r str,
    summary: &'r str,
    group: &'r str,
    severity: &'r str,
    consequence: &'r str,
    since: String,
    until: Option<String>,
    editions: Vec<&'r str>,
    fix: &'r str,
    evidence: &'r [&'r str],
    examples: Vec<ExampleEntry<'r>>,
    page: String,
}

/// An example for programs that run it; its text is a whole configuration.
#[derive(Serialize)]
struct ExampleEntry<'r> {
    kind: &'r str,
    format: &'r str,
    version: Option<&'r str>,
    edition: &'r str,
    text: &'r str,
}

impl<'r> From<Example<'r>> for ExampleEntry<'r> {
    fn from(example: Example<'r>) -> Self {
        Self {
            kind: match example.kind {
                ExampleKind::Bad => "bad",
                ExampleKind::Fixed => "fixed",
                ExampleKind::Good => "good",
            },
            format: match example.format {
                Format::Json => "json",
                Format::Yaml => "yaml",
                Format::Toml => "toml",
            },
            version: example.version,
            edition: example.edition.short(),
            text: example.text,
        }
    }
}

impl<'r> Entry<'r> {
    fn new(rule: &'r Rule) -> Self {
        Self {
            id: rule.id,
            summary: rule.summary,
            group: rule.group.as_str(),
            severity: rule.severity.as_str(),
            consequence: rule.consequence.as_str(),
            since: rule.applies.since.to_string(),
            until: rule.applies.until.map(|until| until.to_string()),
            editions: rule.applies.editions.iter().map(|edition| edition.short()).collect(),
            fix: rule.fix.as_str(),
            evidence: rule.evidence,
            examples: rules::examples(rule).into_iter().map(ExampleEntry::from).collect(),
            page: page(rule),
        }
    }
}

/// The page of `rule`, as Markdown.
#[must_use]
pub fn page(rule: &Rule) -> String {
    let mut text = format!("# {}\n\n{}.\n\n", rule.id, sentence(rule.summary));
    let rows = [
        ("Severity", rule.severity.as_str().to_owned()),
        ("What happens", rule.consequence.sentence().to_owned()),
        ("Applies to", applies(&rule.applies)),
        ("Fix", availability(rule.fix).to_owned()),
        ("Group", rule.group.as_str().to_owned()),
    ];
    text.push_str("| | |\n|---|---|\n");
    for (name, value) in rows {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    text.push('\n');
    text.push_str(&captions(rule.docs.trim()));
    text.push('\n');
    if evidence::of(rule.id).is_some() || !rule.evidence.is_empty() {
        text.push_str("\n## Evidence\n");
    }
    if let Some(shown) = evidence::of(rule.id) {
        let _ = write!(text, "\nShown on {}.", releases(shown));
        if !shown.log.is_empty() {
            text.push_str(" The gateway logs:\n\n```text\n");
            for line in shown.log {
                let _ = writeln!(text, "{line}");
            }
            text.push_str("```");
        }
        text.push('\n');
    }
    if !rule.evidence.is_empty() {
        text.push_str("\nFrom the source of the gateway:\n\n");
        for evidence in rule.evidence {
            let _ = writeln!(text, "- {evidence}");
        }
    }
    text
}

/// The releases on which something was shown.
fn releases(shown: &Shown) -> String {
    format!("KrakenD CE {}", shown.releases.join(", "))
}

/// What the log of a gateway says where `rule` finds something, in a sentence; empty if nothing was
/// seen in one.
#[must_use]
pub fn logged(rule: &Rule) -> String {
    match evidence::of(rule.id) {
        Some(shown) if !shown.log.is_empty() => {
            let lines: Vec<String> = shown.log.iter().map(|line| format!("`{line}`")).collect();
            format!("{} logs: {}", releases(shown), lines.join(" "))
        }
        _ => String::new(),
    }
}

/// The rules whose evidence has a line like `log`, the most alike first, for people; empty if there is
/// none.
#[must_use]
pub fn by_log(log: &str) -> String {
    let mut text = String::new();
    for found in evidence::search(log) {
        let Some(rule) = rules::get(found.shown.rule) else { continue };
        let _ = writeln!(text, "{}: {}", rule.id, rule.summary);
        let _ = writeln!(text, "  {} logs:\n  {}\n", releases(found.shown), found.line);
    }
    if !text.is_empty() {
        text.push_str("`otel-lint explain RULE` tells more.\n");
    }
    text
}

/// Adds `line`, broken between words where it is longer than a terminal is wide; items of lists hang.
fn wrapped(text: &mut String, line: &str) {
    const WIDEST: usize = 110;
    let indent = if line.starts_with("- ") { "  " } else { "" };
    let mut used = 0;
    for word in line.split(' ') {
        let width = word.chars().count();
        if used > indent.len() && used + 1 + width > WIDEST {
            text.push('\n');
            text.push_str(indent);
            used = indent.len();
        } else if used > 0 {
            text.push(' ');
            used += 1;
        }
        text.push_str(word);
        used += width;
    }
    text.push('\n');
}

/// The page of `rule` for a terminal: without tables and marks of Markdown.
#[must_use]
pub fn explain(rule: &Rule) -> String {
    let mut text = format!("{}: {}\n\n", rule.id, rule.summary);
    let rows = [
        ("severity", rule.severity.as_str().to_owned()),
        ("what happens", rule.consequence.sentence().to_owned()),
        ("applies to", applies(&rule.applies)),
        ("fix", availability(rule.fix).to_owned()),
    ];
    for (name, value) in rows {
        let _ = writeln!(text, "  {name:13} {value}");
    }
    text.push('\n');
    for line in captions(rule.docs.trim()).lines() {
        if line.starts_with("```") {
            continue;
        }
        let line = line.strip_prefix("**").and_then(|line| line.strip_suffix("**")).unwrap_or(line);
        wrapped(&mut text, line);
    }
    if let Some(shown) = evidence::of(rule.id) {
        let _ = writeln!(text, "\nShown on {}.", releases(shown));
        if !shown.log.is_empty() {
            text.push_str("\nThe gateway logs:\n");
            for line in shown.log {
                let _ = writeln!(text, "  {line}");
            }
        }
    }
    if !rule.evidence.is_empty() {
        text.push_str("\nFrom the source of the gateway:\n");
        for evidence in rule.evidence {
            let _ = writeln!(text, "  {evidence}");
        }
    }
    text
}

/// The documentation with words in the place of what only the tests read in its fences.
fn captions(docs: &str) -> String {
    let mut text = String::with_capacity(docs.len());
    for line in docs.lines() {
        if let Some((format, info)) = line.strip_prefix("```").and_then(|i| i.split_once(' ')) {
            let mut words = info.split_whitespace();
            let title = match words.next() {
                Some("bad") => "Bad",
                Some("fixed") => "Fixed",
                _ => "Good",
            };
            let mut context = String::new();
            for word in words {
                match word.split_once('=') {
                    Some(("version", version)) => {
                        let _ = write!(context, ", KrakenD {version}");
                    }
                    Some(("edition", _)) => context.push_str(", Enterprise Edition"),
                    _ => {}
                }
            }
            let _ = write!(text, "**{title}{context}:**\n\n```{format}\n");
        } else {
            text.push_str(line);
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn sentence(summary: &str) -> String {
    let mut chars = summary.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn applies(applies: &Applies) -> String {
    let releases = match (applies.since, applies.until) {
        (since, None) if since == Version::FIRST => "every KrakenD with OpenTelemetry".to_owned(),
        (since, None) => format!("KrakenD {since} and newer"),
        (since, Some(until)) if since == Version::FIRST => format!("KrakenD up to {until}"),
        (since, Some(until)) => format!("KrakenD {since} to {until}"),
    };
    match applies.editions {
        [Edition::Community] => format!("{releases}, Community Edition"),
        [Edition::Enterprise] => format!("{releases}, Enterprise Edition"),
        _ => releases,
    }
}

fn availability(fix: Availability) -> &'static str {
    match fix {
        Availability::Never => "none",
        Availability::Sometimes => "sometimes",
        Availability::Always => "always",
    }
}
