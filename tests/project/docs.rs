//! The committed documentation is what the rules say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use otel_lint::document::json;
use otel_lint::effective::Effective;
use otel_lint::outline::{Outline, mermaid};
use otel_lint::report::rules as pages;
use otel_lint::rule::Rule;
use otel_lint::source::Source;
use otel_lint::target::Target;
use otel_lint::{linter, rules, settings};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every rule that has a page: those about configurations, then those about our own settings and faults.
fn catalogue() -> Vec<&'static Rule> {
    rules::ALL.iter().copied().chain([&settings::RULE, &linter::INTERNAL_ERROR]).collect()
}

fn updating() -> bool {
    std::env::var_os("UPDATE_DOCS").is_some()
}

fn same(path: &Path, expected: &str) {
    if updating() {
        fs::write(path, expected).expect("a generated file");
    }
    let found = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        found == expected,
        "{} is stale: run `UPDATE_DOCS=1 cargo test --test project docs::`",
        path.display()
    );
}

#[test]
fn every_rule_has_its_page() {
    let folder = root().join("docs/rules");
    if updating() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the pages");
    }
    let catalogue = catalogue();
    for rule in &catalogue {
        same(&folder.join(format!("{}.md", rule.id)), &pages::page(rule));
    }
    let pages: BTreeSet<String> = fs::read_dir(&folder)
        .expect("docs/rules is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let expected: BTreeSet<String> =
        catalogue.iter().map(|rule| format!("{}.md", rule.id)).collect();
    assert_eq!(pages, expected, "a page without a rule");
}

/// One test, since both parts may be written.
#[test]
fn the_readme_is_what_the_program_says() {
    the_readme_lists_every_rule();
    the_readme_draws_the_seed();
}

fn the_readme_lists_every_rule() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md is there").replace("\r\n", "\n");
    let (begin, end) = ("<!-- rules: generated -->\n", "\n<!-- rules: end -->");
    let (before, rest) = readme.split_once(begin).expect("the mark before the table");
    let (_, after) = rest.split_once(end).expect("the mark after the table");
    let table = pages::markdown(&catalogue(), "docs/rules");
    same(&path, &format!("{before}{begin}{table}{end}{after}"));
}

fn the_readme_draws_the_seed() {
    let path = root().join("README.md");
    let readme = fs::read_to_string(&path).expect("README.md is there").replace("\r\n", "\n");
    let (begin, end) = ("<!-- chart: generated -->\n```mermaid\n", "```\n<!-- chart: end -->");
    let (before, rest) = readme.split_once(begin).expect("the mark before the chart");
    let (_, after) = rest.split_once(end).expect("the mark after the chart");
    let bytes = fs::read(root().join("fixtures/jaeger.json")).expect("the seed is there");
    let source = Source::new("fixtures/jaeger.json", bytes);
    let parsed = json::read(&source);
    let effective = Effective::new(&parsed.document, Target::default());
    let chart = mermaid::render(&Outline::new(&effective));
    same(&path, &format!("{before}{begin}{chart}{end}{after}"));
}
