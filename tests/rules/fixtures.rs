//! Whole configurations. A file `fixtures/invalid/<rule>[.variant].json` gives a finding of that
//! rule (for the Enterprise Edition if the variant begins with `ee-`), shown as the snapshot has it at 80 columns; one in `fixtures/valid` gives no error.

use std::fs;
use std::path::{Path, PathBuf};

use otel_lint::analysis::CheckedFile;
use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::report::concise;
use otel_lint::report::human::{self, Style};
use otel_lint::source::Source;
use otel_lint::target::Edition;

const STYLE: Style = Style { width: 80, color: false, links: false, unicode: true };

fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("a folder of fixtures")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(files.len() >= 5);
    files
}

fn name(file: &Path) -> String {
    file.file_stem().expect("a name").to_string_lossy().into_owned()
}

fn check(file: &Path) -> CheckedFile {
    let source = Source::new(format!("{}.json", name(file)), fs::read(file).expect("readable"));
    let enterprise = name(file).contains(".ee");
    let edition = if enterprise { Edition::Enterprise } else { Edition::Community };
    linter::check(source, &Options { edition, ..Options::default() })
}

#[test]
fn an_invalid_fixture_shows_its_fault() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("snapshots/fixtures");
    settings.bind(|| {
        for file in fixtures("invalid") {
            let name = name(&file);
            let rule = name.split('.').next().expect("a part");
            let report = check(&file);
            let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
            assert!(rules.contains(&rule), "{name}: {rules:?}");
            insta::assert_snapshot!(name.as_str(), human::render(&report, STYLE));
        }
    });
}

#[test]
fn a_valid_fixture_has_no_error() {
    for file in fixtures("valid") {
        let report = check(&file);
        let errors = report.findings.iter().any(|f| f.severity == Severity::Error);
        assert!(!errors, "{}", concise::render(&report));
    }
}

#[test]
fn no_output_shows_a_secret() {
    let file = fixtures("invalid")
        .into_iter()
        .find(|file| name(file) == "unknown-field.ee-beside-a-secret")
        .expect("the fixture is there");
    let report = check(&file);
    let shown = human::render(&report, STYLE) + &concise::render(&report);
    assert!(shown.contains("api-key"), "{shown}");
    assert!(!shown.contains("0123456789abcdef"), "{shown}");
}
