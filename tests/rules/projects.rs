//! What holds for the examples that are flexible configurations: a bad one gives one finding of its
//! rule and no other error, a good one none.

use otel_lint::analysis::CheckedFile;
use otel_lint::finding::{Finding, Severity};
use otel_lint::flexible;
use otel_lint::linter::{Host, Options};
use otel_lint::rules::{self, ExampleKind, ProjectExample};
use otel_lint::source::Source;
use otel_lint::template::{Project, Role};

/// What the files in a folder of an example are for.
fn role_of(folder: &str) -> Role {
    match folder {
        "settings" => Role::Settings,
        "partials" => Role::Partial,
        "templates" => Role::Template,
        other => panic!("{other} is not a folder of a project"),
    }
}

/// The files of the example with their findings.
pub fn check(example: &ProjectExample<'_>) -> Vec<CheckedFile> {
    let mut files = example.files.iter().map(|(path, text)| (*path, Source::new(*path, *text)));
    let (base, source) = files.next().expect("a base");
    let mut project = Project::new(base, source);
    for (path, source) in files {
        let (folder, name) = path.split_once('/').expect("a folder");
        if name.is_empty() {
            project.missing_folders.push((role_of(folder), folder.to_owned()));
            continue;
        }
        let role = role_of(folder);
        let is_settings = role == Role::Settings;
        let name = name.strip_suffix(".json").filter(|_| is_settings).unwrap_or(name);
        project.add(role, name, source);
    }
    let options = Options { pedantic: true, ..Options::default() };
    flexible::check(&project, &options, Host::PLAIN).expect("nobody cancels").files
}

fn describe(findings: &[&Finding]) -> String {
    let line = |f: &&Finding| format!("  {}[{}] {}", f.severity, f.rule, f.message);
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_bad_project_has_one_finding_of_its_rule_and_a_good_one_none() {
    let mut checked = 0;
    for rule in rules::ALL {
        for example in rules::project_examples(rule) {
            let files = check(&example);
            let findings: Vec<&Finding> = files.iter().flat_map(|file| &file.findings).collect();
            let own = findings.iter().filter(|finding| finding.rule == rule.id).count();
            let expected = usize::from(example.kind == ExampleKind::Bad);
            let context = format!("{}: {:?}\n{}", rule.id, example.kind, describe(&findings));
            assert_eq!(own, expected, "{context}");
            let others = findings.iter().filter(|finding| finding.rule != rule.id);
            let errors = others.filter(|finding| finding.severity == Severity::Error).count();
            assert_eq!(errors, 0, "{context}");
            checked += 1;
        }
    }
    assert!(checked >= 4, "{checked}");
}
