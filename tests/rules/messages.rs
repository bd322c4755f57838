//! What each rule says: one snapshot a rule, of the finding of each of its bad examples. A message, a
//! place or a help text that changes shows in the difference, to be read before it is committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use otel_lint::analysis::CheckedFile;
use otel_lint::finding::{Finding, Safety};
use otel_lint::linter::{self, Options};
use otel_lint::rule::Rule;
use otel_lint::rules::{self, Example, ExampleKind};
use otel_lint::source::{Source, Span};

use crate::projects;

fn check(example: &Example<'_>) -> CheckedFile {
    let source = Source::new("example", example.text.as_bytes()).with_format(example.format);
    let version = example.version.map(|version| version.parse().expect("a version"));
    let options =
        Options { version, edition: example.edition, pedantic: true, ..Options::default() };
    linter::check(source, &options)
}

/// `text` on one line.
fn line(text: &str) -> String {
    let visible =
        |c: char| if c.is_control() { c.escape_default().to_string() } else { c.to_string() };
    text.chars().map(visible).collect()
}

/// `3:9-3:14` and what stands there, the middle of a long text left out.
fn place(source: &Source, span: Span) -> String {
    let [start, end] = [span.start, span.end].map(|offset| source.position(offset));
    let text: Vec<char> = line(&String::from_utf8_lossy(source.slice(span))).chars().collect();
    let text: String = match text.len() {
        ..=60 => text.iter().collect(),
        len => text[..29].iter().chain(&['…']).chain(&text[len - 30..]).collect(),
    };
    format!("{}:{}-{}:{}  {text}", start.line, start.column, end.line, end.column)
}

fn describe(out: &mut String, source: &Source, finding: &Finding) {
    let Finding { severity, message, primary, related, help, pointer, .. } = finding;
    let mut add = |text: String| {
        let _ = writeln!(out, "{}", text.trim_end());
    };
    add(format!("{severity}: {message}"));
    add(format!("  at      {}", place(source, primary.span)));
    add(format!("  label   {}", primary.text));
    for label in related {
        add(format!("  at      {}", place(source, label.span)));
        add(format!("  label   {}", label.text));
    }
    add(format!("  pointer {pointer}"));
    add(format!("  help    {}", help.replace('\n', "\n          ")));
    if let Some(fix) = &finding.fix {
        let safety = if fix.safety == Safety::Safe { "safe" } else { "unsafe" };
        add(format!("  fix     {} ({safety})", fix.title));
        for replacement in fix.shown() {
            add(format!("          {}", place(source, replacement.span)));
            add(format!("          becomes  {}", line(&replacement.text)));
        }
    }
}

/// What the bad examples of `rule` give, the findings of other rules in one line each.
fn snapshot(rule: &Rule) -> String {
    let mut out = String::new();
    let bad = rules::examples(rule).into_iter().filter(|e| e.kind == ExampleKind::Bad);
    for (example, number) in bad.zip(1..) {
        let edition = example.edition;
        let release = example.version.unwrap_or("newest");
        let format = example.format.as_str();
        let _ = writeln!(out, "## bad example {number}: {format}, {release}, {edition:?}\n");
        let report = check(&example);
        let (own, others): (Vec<_>, Vec<_>) =
            report.findings.iter().partition(|finding| finding.rule == rule.id);
        for finding in own {
            describe(&mut out, &report.source, finding);
        }
        for Finding { severity, rule, primary, .. } in others {
            let at = report.source.position(primary.span.start);
            let _ = writeln!(out, "also {}:{}: {severity}[{rule}]", at.line, at.column);
        }
        out.push('\n');
    }
    let projects = rules::project_examples(rule).into_iter();
    for (example, number) in projects.filter(|e| e.kind == ExampleKind::Bad).zip(1..) {
        let _ = writeln!(out, "## bad project {number}\n");
        for file in projects::check(&example) {
            for finding in file.findings.iter().filter(|finding| finding.rule == rule.id) {
                let _ = writeln!(out, "in {}", file.source.name());
                describe(&mut out, &file.source, finding);
            }
        }
        out.push('\n');
    }
    out
}

/// One test, since the snapshots may be written.
#[test]
fn each_rule_says_what_its_snapshot_has() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots/messages");
    settings.bind(|| {
        for rule in rules::ALL {
            insta::assert_snapshot!(rule.id, snapshot(rule));
        }
    });
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/snapshots/messages");
    let files: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("a folder of snapshots")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.contains(".snap.new"))
        .collect();
    let rules = rules::ALL.iter().map(|rule| format!("{}.snap", rule.id)).collect();
    assert_eq!(files, rules, "a snapshot without a rule");
}
