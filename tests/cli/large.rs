//! What is read, checked and shown on all cores is what a single one reads, checks and shows.

use std::fs::File;
use std::process::Stdio;

use otel_lint::finding::Finding;
use otel_lint::linter::{self, Options};
use otel_lint::report::human::{self, Style};
use otel_lint::source::Source;

use crate::program::{Folder, out};

/// A configuration of several megabytes, each endpoint another one, and each twentieth with a fault.
fn configuration() -> String {
    let endpoints: Vec<String> = (0..12_000)
        .map(|nth| {
            let off = if nth % 20 == 7 { "\"yes\"" } else { "false" };
            format!(
                r#"    {{
      "endpoint": "/größe-{nth}",
      "backend": [{{ "url_pattern": "/{nth}/{padding}" }}],
      "extra_config": {{
        "telemetry/opentelemetry": {{ "proxy": {{ "disable_metrics": {off} }} }}
      }}
    }}"#,
                padding = "x".repeat(nth % 97)
            )
        })
        .collect();
    format!(
        r#"{{
  "version": 3,
  "extra_config": {{
    "telemetry/opentelemetry": {{
      "exporters": {{ "otlp": [{{ "name": "collector", "host": "collector" }}] }}
    }}
  }},
  "endpoints": [
{}
  ]
}}
"#,
        endpoints.join(",\n")
    )
}

#[test]
fn a_large_file_is_the_same_as_a_pipe() {
    let folder = Folder::new("large");
    let (name, text) = ("krakend.json", configuration());
    assert!(text.len() > 2 << 20, "large enough to be read in pieces");
    folder.write(name, &text);
    let run = |args: &[&str], input: Stdio| {
        let mut command = folder.command(&["--output-format", "concise", "--max-findings", "0"]);
        out(&command.args(args).stdin(input).output().expect("the program runs"))
    };
    let from_file = run(&[name], Stdio::null());
    let pipe = File::open(folder.path(name)).expect("the file for the test");
    let from_pipe = run(&["-", "--stdin-filename", name], pipe.into());
    assert_eq!(from_file, from_pipe);
    // Each fault at its place, which is found here by looking for it.
    let wrong = text.lines().zip(1..).filter_map(|(line, number)| {
        let column = line[..line.find("\"yes\"")?].chars().count() + 1;
        Some(format!("{name}:{number}:{column}: "))
    });
    let wrong: Vec<String> = wrong.collect();
    assert_eq!(wrong.len(), 600);
    let told: Vec<&str> = from_file.lines().filter(|line| line.contains("wrong-type")).collect();
    assert_eq!(told.len(), wrong.len(), "{:?}", told.first());
    for (told, place) in told.iter().zip(&wrong) {
        assert!(told.starts_with(place), "{place} {told}");
    }
}

#[test]
fn many_findings_are_shown_as_each_is_alone() {
    let endpoints: Vec<String> = (0..300)
        .map(|nth| {
            format!(
                r#"{{ "endpoint": "/{nth}", "backend": [{{ "url_pattern": "/" }}],
  "extra_config": {{
    "a": {{ "url": "http://me:pass{nth}@host" }},
    "telemetry/opentelemetry": {{ "proxy": {{ "disable_metrics": "yes" }} }},
    "b": {{ "api_key": "hunter{nth}" }} }} }}"#
            )
        })
        .collect();
    let text = format!(
        r#"{{ "version": 3, "extra_config": {{ "telemetry/opentelemetry": {{
  "exporters": {{ "otlp": [{{ "name": "collector", "host": "collector" }}] }} }} }},
  "endpoints": [{}] }}"#,
        endpoints.join(",\n")
    );
    let mut report = linter::check(Source::new("krakend.json", text), &Options::default());
    let findings: Vec<Finding> = report.findings.clone();
    assert_eq!(findings.len(), 300);
    let style = Style { width: 120, color: false, links: false, unicode: true };
    let all = human::render(&report, style);
    // Each frame shows the line with the secrets, and none of them.
    assert_eq!(all.matches("\"api_key\": ").count(), 300);
    assert!(!all.contains("hunter") && !all.contains("pass"), "{all}");
    let mut alone = String::new();
    for finding in findings {
        report.findings = vec![finding];
        alone += &human::render(&report, style);
    }
    assert!(all == alone, "they differ");
}
