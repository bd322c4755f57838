//! Every format on the same set of runs. Each is read back by a reader of its own, which knows the
//! format's rules and nothing of ours: the shape is right, nothing is lost, and what a region cuts out of
//! the source is what the finding is about.

mod regions;
mod runs;
mod shapes;
mod xml;

use otel_lint::analysis::CheckedFile;
use otel_lint::finding::{Finding, Severity};
use otel_lint::report::{Report, checkstyle, github, gitlab, json, junit, markdown, sarif};
use runs::Run;

/// A format and its writer.
type Writer = (&'static str, fn(&Report<'_>) -> String);

const FORMATS: &[Writer] = &[
    ("json", json::render),
    ("jsonl", json::render_lines),
    ("sarif", sarif::render),
    ("github", github::render),
    ("gitlab", gitlab::render),
    ("junit", junit::render),
    ("checkstyle", checkstyle::render),
    ("markdown", markdown::render),
];

/// What a reader of a format saw of a finding.
#[derive(Debug, Default)]
struct Seen {
    path: String,
    rule: String,
    /// `error`, `warning`, `info`; empty if the format does not tell.
    severity: &'static str,
    ignored: bool,
    /// What the place is in the text of the file; `None` if the format does not tell places.
    cut: Option<Cut>,
}

/// A place as a format tells it, cut out of the source.
#[derive(Debug)]
enum Cut {
    /// Start and end.
    Exact(String),
    /// Start: the rest of the source from there.
    From(String),
    /// Lines: all of them.
    Within(String),
}

/// The source of the file that a format calls `path`.
fn source<'r>(run: &'r Run, path: &str) -> &'r CheckedFile {
    let is_it = |file: &&CheckedFile| run.base.path(file.source.name()) == path;
    run.files.iter().find(is_it).unwrap_or_else(|| panic!("{}: no file {path}", run.name))
}

fn severity(word: &str) -> &'static str {
    match word {
        "error" | "critical" => "error",
        "warning" | "minor" => "warning",
        "info" | "notice" | "note" => "info",
        word => panic!("no severity: {word}"),
    }
}

/// What `format` says of a run, by the format's own rules.
fn read(format: &str, text: &str, run: &Run) -> Option<Vec<Seen>> {
    Some(match format {
        "json" => shapes::json(text, run),
        "jsonl" => shapes::jsonl(text, run),
        "sarif" => shapes::sarif(text, run),
        "gitlab" => shapes::gitlab(text, run),
        "github" => regions::github(text, run),
        "junit" => xml::junit(text, run),
        "checkstyle" => xml::checkstyle(text, run),
        // Markdown is for eyes.
        _ => return None,
    })
}

#[test]
fn every_format_tells_every_finding_at_its_place() {
    for run in runs::all() {
        let report = run.report();
        for (format, write) in FORMATS {
            let text = write(&report);
            let Some(seen) = read(format, &text, &run) else { continue };
            let keeps_ignored = matches!(*format, "json" | "jsonl" | "sarif" | "junit");
            let mut seen = seen.into_iter();
            for file in &report.files {
                let shown = file.findings.iter().map(|finding| (finding, false));
                let ignored = file.suppressed.iter().map(|ignored| (&ignored.finding, true));
                for (finding, is_ignored) in shown.chain(ignored.filter(|_| keeps_ignored)) {
                    let context = format!("{}, {format}: {finding:?}", run.name);
                    let seen = seen.next().unwrap_or_else(|| panic!("{context} is lost"));
                    let path = run.base.path(file.source.name());
                    let told = (seen.path.as_str(), seen.rule.as_str(), seen.ignored);
                    assert_eq!(told, (path.as_str(), finding.rule, is_ignored), "{context}");
                    if !seen.severity.is_empty() {
                        assert_eq!(seen.severity, finding.severity.as_str(), "{context}");
                    }
                    let about = String::from_utf8_lossy(file.source.slice(finding.primary.span));
                    // A byte order mark is in the file, but not in its text.
                    let about = about.trim_start_matches('\u{FEFF}');
                    match seen.cut {
                        Some(Cut::Exact(cut)) => assert_eq!(cut, about, "{context}"),
                        Some(Cut::From(rest)) => assert!(rest.starts_with(about), "{context}"),
                        Some(Cut::Within(lines)) => assert!(lines.contains(about), "{context}"),
                        None => {}
                    }
                }
            }
            assert!(seen.next().is_none(), "{}, {format}: more than there is", run.name);
        }
    }
}

#[test]
fn every_format_tells_what_could_not_be_read() {
    for run in runs::all() {
        for (format, write) in FORMATS {
            let text = write(&run.report());
            for unread in &run.unread {
                let path = run.base.path(&unread.name);
                let shown = text.contains(&path) || text.contains(&path.replace(' ', "%20"));
                assert!(shown && text.contains("cannot be read"), "{format}: {text}");
            }
        }
    }
}

#[test]
fn no_format_has_a_character_that_a_terminal_obeys() {
    for run in runs::all() {
        for (format, write) in FORMATS {
            let text = write(&run.report());
            let bad = text.chars().find(|&c| {
                (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{FEFF}')
            });
            assert_eq!(bad, None, "{}, {format}", run.name);
        }
    }
}

#[test]
fn the_same_run_gives_the_same_bytes_in_whatever_order_it_went() {
    for run in runs::all() {
        let mut turned = run.clone();
        turned.files.reverse();
        turned.unread.reverse();
        for (format, write) in FORMATS {
            assert_eq!(write(&run.report()), write(&turned.report()), "{}, {format}", run.name);
        }
    }
}

#[test]
fn no_format_shows_a_secret() {
    let run = runs::secrets();
    let count: usize = run.files.iter().map(|file| file.findings.len()).sum();
    assert!(count > 2 && run.files.iter().any(|file| file.findings.iter().any(moves)));
    for (format, write) in FORMATS {
        let text = write(&run.report());
        assert!(!text.contains("hunter2"), "{format}: {text}");
    }
}

fn moves(finding: &Finding) -> bool {
    finding.fix.as_ref().is_some_and(|fix| fix.is_secret && !fix.replacements.is_empty())
}

#[test]
fn fingerprints_are_unique_and_stay_when_lines_move() {
    let run = runs::many(2500);
    let prints = shapes::fingerprints(&json::render(&run.report()));
    let unique: std::collections::HashSet<&String> = prints.iter().collect();
    assert_eq!(unique.len(), prints.len());
    let moved = runs::moved(&run);
    assert_eq!(shapes::fingerprints(&json::render(&moved.report())), prints);
    let changed = shapes::fingerprints(&json::render(&runs::renamed(&run).report()));
    assert!(changed.iter().all(|print| !unique.contains(print)));
}

#[test]
fn a_summary_fits_a_comment() {
    let run = runs::many(2500);
    assert!(run.files[0].findings.len() > 2000);
    let text = markdown::render(&run.report());
    assert!(text.len() < 65_536 && text.len() > 50_000, "{}", text.len());
    assert!(text.contains("more lines"), "{}", &text[text.len() - 200..]);
}

#[test]
fn markdown_takes_nothing_in_a_file_for_markup() {
    let run = runs::markup();
    let text = markdown::render(&run.report());
    assert!(!text.contains("<script"), "{text}");
    let rows: Vec<&str> = text.lines().filter(|line| line.starts_with("| ")).collect();
    assert!(rows.len() > 2, "{text}");
    for row in rows {
        let bars = row.replace("\\|", "").matches('|').count();
        assert_eq!(bars, 5, "{row}");
    }
}

#[test]
fn every_severity_is_in_the_set() {
    let severities: std::collections::BTreeSet<Severity> = runs::all()
        .iter()
        .flat_map(|run| run.files.clone())
        .flat_map(|file| file.analysis.findings)
        .map(|finding| finding.severity)
        .collect();
    assert_eq!(severities.len(), 3);
}
