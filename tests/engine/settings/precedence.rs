//! Who wins: command line, overrides, settings, defaults.

use std::path::Path;

use otel_lint::finding::Severity;
use otel_lint::linter;
use otel_lint::policy::{FailOn, Level};
use otel_lint::settings::{Choices, Given, InForce, Origin, Selector, Settings};
use otel_lint::source::Source;
use otel_lint::target::{Edition, Version};

use super::good;

fn flags(select: &[&str], levels: &[(&str, Level)]) -> Choices {
    let selector = |flag, name: &str| {
        Given::by_flag(flag, name.parse::<Selector>().expect("the name of a rule"))
    };
    Choices {
        select: (!select.is_empty())
            .then(|| select.iter().map(|name| selector("--select", name)).collect()),
        levels: levels
            .iter()
            .map(|(name, level)| (selector("--level", name), Some(*level)))
            .collect(),
        ..Choices::default()
    }
}

const OFF: Level = Level::Off;
const ERROR: Level = Level::At(Severity::Error);
const WARN: Level = Level::At(Severity::Warning);

/// What each place says, and what that makes of `static-attribute-secret` (a warning, in privacy) in
/// `staging/k.json`. The origin is a line, 0 for a flag, `None` for the default.
type Case = (
    &'static str,
    &'static [&'static str],
    &'static [(&'static str, Level)],
    &'static str,
    Option<u32>,
);

const PRECEDENCE: &[Case] = &[
    // The default, then each place alone.
    ("", &[], &[], "warning", None),
    ("[rules]\nstatic-attribute-secret = 'error'", &[], &[], "error", Some(2)),
    (
        "[[overrides]]\npaths = ['staging/']\nrules = { privacy = 'error' }",
        &[],
        &[],
        "error",
        Some(3),
    ),
    ("[[overrides]]\npaths = ['other/']\nrules = { privacy = 'error' }", &[], &[], "warning", None),
    ("", &[], &[("static-attribute-secret", ERROR)], "error", Some(0)),
    // An override over the settings, the later override over the earlier.
    (
        "ignore = ['privacy']\n[[overrides]]\npaths = ['staging/']\nrules = { privacy = 'error' }",
        &[],
        &[],
        "error",
        Some(4),
    ),
    (
        "[rules]\nstatic-attribute-secret = 'off'\n[[overrides]]\npaths = ['*.json']\nrules = { all = 'error' }",
        &[],
        &[],
        "error",
        Some(5),
    ),
    (
        "[[overrides]]\npaths = ['staging/']\nrules = { privacy = 'error' }\n[[overrides]]\npaths = ['k.json']\nignore = ['privacy']",
        &[],
        &[],
        "off",
        Some(6),
    ),
    (
        "[rules]\nprivacy = 'error'\n[[overrides]]\npaths = ['staging/']\nrules = { privacy = 'default' }",
        &[],
        &[],
        "warning",
        Some(5),
    ),
    // A flag over all, even one that is wider.
    ("[rules]\nstatic-attribute-secret = 'error'", &[], &[("all", OFF)], "off", Some(0)),
    (
        "[[overrides]]\npaths = ['staging/']\nignore = ['privacy']",
        &[],
        &[("privacy", ERROR)],
        "error",
        Some(0),
    ),
    // Within a place: the closer name, then the graver level.
    ("ignore = ['privacy']\n[rules]\nstatic-attribute-secret = 'info'", &[], &[], "info", Some(3)),
    (
        "ignore = ['static-attribute-secret']\n[rules]\nstatic-attribute-secret = 'error'",
        &[],
        &[],
        "off",
        Some(1),
    ),
    ("[rules]\nall = 'off'\nprivacy = 'error'", &[], &[], "error", Some(3)),
    ("", &[], &[("privacy", OFF), ("static-attribute-secret", ERROR)], "error", Some(0)),
    ("", &[], &[("privacy", WARN), ("privacy", ERROR)], "error", Some(0)),
    // Selecting turns on what a weaker place turned off, and all else off.
    ("select = ['exporters']", &[], &[], "off", Some(1)),
    ("select = ['privacy']\n[rules]\nprivacy = 'error'", &[], &[], "error", Some(3)),
    ("ignore = ['privacy']", &["static-attribute-secret"], &[], "warning", Some(0)),
    ("[rules]\nprivacy = 'error'", &["privacy"], &[], "error", Some(0)),
    ("select = ['privacy']", &["exporters"], &[], "off", Some(0)),
    ("select = ['exporters']", &["all"], &[("privacy", OFF)], "off", Some(0)),
];

#[test]
fn who_wins() {
    for (text, select, levels, expected, line) in PRECEDENCE {
        let settings = good(text);
        let path = Path::new("staging/k.json");
        let in_force = InForce::new(&flags(select, levels), Some(&settings), Some(path));
        let rule = in_force.rules.iter().find(|rule| rule.rule.id == "static-attribute-secret");
        let rule = rule.expect("the rule is there");
        let level = match rule.level {
            Some(Level::Off) => "off",
            Some(Level::At(severity)) => severity.as_str(),
            None => rule.rule.severity.as_str(),
        };
        assert_eq!(level, *expected, "{text} {select:?} {levels:?}");
        let origin = match &rule.origin {
            Origin::Flag(_) => Some(0),
            Origin::Settings { line, .. } => Some(*line),
            Origin::Schema => panic!("a schema says nothing about rules"),
            Origin::Default => None,
        };
        assert_eq!(origin, *line, "{text} {select:?} {levels:?}");
    }
}

#[test]
fn who_wins_about_the_rest() {
    let settings = good(
        "krakend-version = '2.11'\nedition = 'ee'\nsensitive-headers = ['x-a', 'X-A']\n\
         [[overrides]]\npaths = ['old/']\nkrakend-version = '2.9'\nfail-on = 'info'\n\
         sensitive-headers = ['x-b']\n",
    );
    let flags = Choices {
        krakend_version: Some(Given::by_flag("--krakend-version", "2.12".parse().expect("2.12"))),
        ..Choices::default()
    };
    let none = Choices::default();
    let doc = br#"{"$schema": "https://www.krakend.io/schema/v2.7/krakend.json"}"#;
    let table: &[(&Choices, Option<&Settings>, &str, &str)] = &[
        (&flags, Some(&settings), "old/k.json", "EE 2.12.1 (--krakend-version)"),
        (&none, Some(&settings), "old/k.json", "EE 2.9.4 (settings)"),
        (&none, Some(&settings), "new/k.json", "EE 2.11.2 (settings)"),
        (&none, None, "new/k.json", "CE 2.7.2 ($schema)"),
    ];
    for (flags, settings, path, expected) in table {
        let options = InForce::new(flags, *settings, Some(Path::new(path))).options();
        let report = linter::check(Source::new("k.json", doc.as_slice()), &options);
        assert_eq!(report.target.to_string(), format!("KrakenD {expected}"), "{path}");
    }
    let old = InForce::new(&none, Some(&settings), Some(Path::new("old/k.json")));
    assert_eq!((old.fail_on.value, old.pedantic.value), (FailOn::Info, true));
    let headers: Vec<&str> = old.sensitive_headers.iter().map(|one| one.value.as_str()).collect();
    assert_eq!(headers, ["X-A", "X-B"]);
    assert_eq!(old.edition.value, Edition::Enterprise);
    // Standard input has no path that an override could match.
    let stdin = InForce::new(&none, Some(&settings), None);
    assert_eq!(stdin.version.map(|version| version.value), Version::newest_patch(2, 11));
}
