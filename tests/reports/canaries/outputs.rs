//! Everything that otel-lint shows of a text.

use otel_lint::analysis::CheckedFile;
use otel_lint::baseline::Baseline;
use otel_lint::effective::Effective;
use otel_lint::linter::{self, Options};
use otel_lint::outline::{self, Outline};
use otel_lint::report::{
    Base, Report, checkstyle, concise, github, gitlab, human, json, junit, markdown, sarif,
};
use otel_lint::source::{Format, Source};
use otel_lint::target::Edition;
use otel_lint::{document, recognise};

/// What a text looks like in every output: the name of the output and its text.
pub fn of(text: &str, format: Format, options: &Options) -> Vec<(&'static str, String)> {
    let source = || Source::new("krakend", text).with_format(format);
    let file = linter::check(source(), options);
    let mut shown = of_report(&file);
    let source = source();
    let parsed = document::read(&source);
    if parsed.reliable && recognise::of(&parsed).content == recognise::Content::Configuration {
        let target = linter::target_of(&parsed.document, options);
        let outline = Outline::new(&Effective::new(&parsed.document, target));
        shown.push(("effective", outline::human::render(&outline, false)));
        shown.push(("effective json", outline.json()));
        shown.push(("effective mermaid", outline::mermaid::render(&outline)));
    }
    shown
}

fn of_report(file: &CheckedFile) -> Vec<(&'static str, String)> {
    let unicode = human::Style { width: 100, color: false, links: false, unicode: true };
    let ascii = human::Style { width: 40, color: true, links: true, unicode: false };
    let files = std::slice::from_ref(file);
    let report = Report::new(files, Vec::new(), Base::new("/work", None));
    let mut baseline = Baseline::default();
    baseline.record("krakend", file);
    vec![
        ("human", human::render(file, unicode)),
        ("human in ASCII", human::render(file, ascii)),
        ("concise", concise::render(file)),
        ("json", json::render(&report)),
        ("jsonl", json::render_lines(&report)),
        ("sarif", sarif::render(&report)),
        ("github", github::render(&report)),
        ("gitlab", gitlab::render(&report)),
        ("junit", junit::render(&report)),
        ("checkstyle", checkstyle::render(&report)),
        ("markdown", markdown::render(&report)),
        ("baseline", baseline.text()),
    ]
}

/// Options that show as much as possible.
pub fn options(edition: Edition, version: Option<&str>) -> Options {
    let version = version.map(|version| version.parse().expect("a release"));
    Options { version, edition, pedantic: true, ..Options::default() }
}
