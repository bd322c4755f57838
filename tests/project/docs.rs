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
    same(&folder.join("README.md"), &(INTRODUCTION.to_owned() + &pages::markdown(&catalogue, ".")));
    let pages: BTreeSet<String> = fs::read_dir(&folder)
        .expect("docs/rules is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let own = catalogue.iter().map(|rule| format!("{}.md", rule.id));
    let expected: BTreeSet<String> = own.chain(["README.md".to_owned()]).collect();
    assert_eq!(pages, expected, "a page without a rule");
}

/// What stands above the list of all rules.
const INTRODUCTION: &str = "\
# Rules

Each page says why the fault matters, and shows a bad and a good example, the releases on which real gateways were
seen to behave so, and the lines that they log. The column \"fix\" says whether findings carry a [fix](../fixes.md).
";

/// Puts `text` between the marks of a generated part of `path`.
fn same_between(path: &Path, begin: &str, end: &str, text: &str) {
    let whole = fs::read_to_string(path).expect("it is there").replace("\r\n", "\n");
    let (before, rest) = whole.split_once(begin).expect("the mark before the generated part");
    let (_, after) = rest.split_once(end).expect("the mark after the generated part");
    same(path, &format!("{before}{begin}{text}{end}{after}"));
}

#[test]
fn the_list_of_pages_has_every_rule() {
    let mut text = String::from("\n- [All rules](rules/README.md)\n");
    for rule in catalogue() {
        text.push_str(&format!("  - [{id}](rules/{id}.md)\n", id = rule.id));
    }
    let path = root().join("docs/SUMMARY.md");
    same_between(&path, "<!-- rules: generated -->\n", "\n<!-- rules: end -->", &text);
}

#[test]
fn the_page_about_effective_draws_the_seed() {
    let bytes = fs::read(root().join("fixtures/jaeger.json")).expect("the seed is there");
    let source = Source::new("fixtures/jaeger.json", bytes);
    let parsed = json::read(&source);
    let effective = Effective::new(&parsed.document, Target::default());
    let chart = mermaid::render(&Outline::new(&effective));
    let (begin, end) = ("<!-- chart: generated -->\n```mermaid\n", "```\n<!-- chart: end -->");
    same_between(&root().join("docs/effective.md"), begin, end, &chart);
}
