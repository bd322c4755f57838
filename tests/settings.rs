//! Settings: who wins, what is refused and where, and that the docs, the schema and the reader know
//! the same keys.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::policy::{FailOn, Level};
use otel_lint::report::FileReport;
use otel_lint::rules;
use otel_lint::settings::{self, Choices, Given, InForce, Origin, Selector, Settings};
use otel_lint::source::Source;
use otel_lint::target::{Edition, Version};
use serde_json::Value;

fn read(text: &str) -> Result<Settings, Box<FileReport>> {
    settings::read(Source::new("otel-lint.toml", text))
}

fn good(text: &str) -> Settings {
    read(text).unwrap_or_else(|report| panic!("{text}: {:?}", report.findings))
}

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
        (&flags, Some(&settings), "old/k.json", "EE 2.12.1 (as told)"),
        (&none, Some(&settings), "old/k.json", "EE 2.9.4 (by the settings)"),
        (&none, Some(&settings), "new/k.json", "EE 2.11.2 (by the settings)"),
        (&none, None, "new/k.json", "CE 2.7.2 (named by $schema)"),
    ];
    for (flags, settings, path, expected) in table {
        let options = InForce::new(flags, *settings, Some(Path::new(path))).options();
        let report = linter::check(Source::new("k.json", doc.as_slice()), options);
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

/// A text with its one fault between `«` and `»`, a part of the message, and of the help.
const FAULTS: &[(&str, &str, &str)] = &[
    ("«krakend_version» = '2.11'", "no setting", "`krakend-version`"),
    ("«exlude» = []", "no setting", "`exclude`"),
    ("«paths» = []", "no setting", "There are krakend-version"),
    ("«xyzzy» = 1", "no setting", "There are"),
    ("krakend-version = «2.11»", "a string, not a float", "\"2.11\""),
    ("krakend-version = «'2.5'»", "KrakenD 2.5 has no OpenTelemetry", ""),
    ("krakend-version = «'new'»", "`new` is no version", ""),
    ("edition = «'CE'»", "did you mean \"ce\"?", ""),
    ("edition = «'oss'»", "\"ce\" or \"ee\"", ""),
    ("fail-on = «'warn'»", "did you mean \"warning\"?", ""),
    ("pedantic = «'yes'»", "true or false, not a string", ""),
    ("select = «'privacy'»", "a list", "['privacy']"),
    ("select = ['privacy', «'privvacy'»]", "no rule or group `privvacy`", "`privacy`"),
    ("ignore = ['sampling', «2»]", "not an integer", ""),
    ("ignore = [«'invalid-json'»]", "anything but an error", "mend it"),
    ("rules = «[]»", "a table", ""),
    ("[rules]\n«sample-rate-ful» = 'off'", "no rule or group", "`sample-rate-full`"),
    ("[rules]\nsampling = «'of'»", "did you mean \"off\"?", ""),
    ("[rules]\nsampling = «true»", "a string, not a boolean", ""),
    ("[rules]\ninvalid-json = «'warning'»", "anything but an error", ""),
    ("sensitive-headers = [«'X Session'»]", "no name of a header", ""),
    ("sensitive-headers = [«''»]", "no name of a header", ""),
    ("port-exempt-hosts = [«'http://x/'»]", "no host", ""),
    ("port-exempt-hosts = [«'a.*.b'»]", "no host", ""),
    ("exclude = ['ok', «'{a'»]", "no pattern", ".gitignore"),
    ("include = [«''»]", "no pattern", ""),
    ("overrides = «{ paths = ['a'] }»", "`[[overrides]]`", ""),
    ("«[[overrides]]»\nedition = 'ee'", "no `paths`", ""),
    ("[[overrides]]\npaths = ['a']\n«exclude» = []", "no setting", ""),
    ("edition = 'ce'\n«edition» = 'ee'", "duplicate key", ""),
    ("größe = 1\n«größe» = 2", "duplicate key", ""),
    ("# ü\r\n\tedition = «'oss'»\r\n", "\"ce\" or \"ee\"", ""),
];

#[test]
fn faults_are_told_with_their_exact_place() {
    for (marked, message, help) in FAULTS {
        let start = marked.find('«').expect("a mark");
        let end = marked.find('»').expect("a mark") - '«'.len_utf8();
        let text = marked.replace(['«', '»'], "");
        let report = read(&text).expect_err(marked);
        let spans: Vec<_> = report.findings.iter().map(|f| f.primary.span.range()).collect();
        assert!(spans.contains(&(start..end)), "{marked}: {:?}", report.findings);
        let finding = report.findings.iter().find(|f| f.primary.span.range() == (start..end));
        let finding = finding.expect("it was just there");
        assert!(finding.message.contains(message), "{marked}: {}", finding.message);
        assert!(finding.help.contains(help), "{marked}: {}", finding.help);
        assert_eq!(finding.rule, settings::RULE.id);
    }
}

#[test]
fn every_fault_of_a_file_is_told_at_once() {
    let all: String = FAULTS
        .iter()
        .filter(|(text, ..)| !text.contains('\n') && text.contains('\''))
        .enumerate()
        .map(|(nth, (text, ..))| {
            let table = "[[overrides]]\npaths = ['a']\n";
            format!("{table}# {nth}\n{}\n", text.replace(['«', '»'], ""))
        })
        .collect();
    let report = read(&all).expect_err("faults");
    assert!(report.findings.len() >= 15, "{:?}", report.findings);
    assert!(report.findings.is_sorted_by_key(|finding| finding.primary.span));
}

#[test]
fn odd_texts_are_read_or_refused_but_never_a_trouble() {
    for text in
        ["", "\n\r\n", "\u{feff}edition = 'ee'\n", "# nothing", "[rules]\r\nall = 'error'\r\n"]
    {
        good(text);
    }
    assert_eq!(
        good("\u{feff}edition = 'ee'").choices.edition.map(|e| e.value),
        Some(Edition::Enterprise)
    );
    let deep = format!("rules = {}{}", "[".repeat(100_000), "]".repeat(100_000));
    for text in
        ["\u{0}", "= =", "[", "edition = '", deep.as_str(), "a.b.c = 1", "[[rules]]", "1 = 2"]
    {
        let report = read(text).expect_err("no settings");
        let len = text.len() as u32;
        assert!(report.findings.iter().all(|finding| finding.primary.span.end <= len));
    }
    let latin = settings::read(Source::new("otel-lint.toml", b"# gr\xfc\xdfe".as_slice()));
    let report = latin.expect_err("not UTF-8");
    assert_eq!(report.findings[0].primary.span.range(), 4..5);
}

/// The texts of the `toml` blocks of the docs, with the heading each stands below.
fn examples() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    let docs = fs::read_to_string(path).expect("docs/settings.md").replace("\r\n", "\n");
    let mut examples = Vec::new();
    let (mut heading, mut block) = (String::new(), None::<String>);
    for line in docs.lines() {
        match (&mut block, line) {
            (Some(text), "```") => {
                examples.push((heading.clone(), std::mem::take(text)));
                block = None;
            }
            (Some(text), line) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, "```toml") => block = Some(String::new()),
            (None, line) if line.starts_with('#') => {
                line.trim_start_matches(['#', ' ', '`'])
                    .trim_end_matches('`')
                    .clone_into(&mut heading);
            }
            _ => {}
        }
    }
    examples
}

fn keys(schema: &Value) -> BTreeSet<String> {
    schema["properties"].as_object().expect("properties").keys().cloned().collect()
}

#[test]
fn every_key_has_an_example_in_the_docs_that_is_read() {
    let examples = examples();
    for (heading, text) in &examples {
        let settings = good(text);
        if settings::schema()["properties"].get(heading).is_some() {
            assert!(text.contains(heading.as_str()), "{heading}: {text}");
            assert_ne!(format!("{settings:?}"), format!("{:?}", Settings::default()), "{heading}");
        }
    }
    let shown: BTreeSet<String> = examples.into_iter().map(|(heading, _)| heading).collect();
    for key in keys(&settings::schema()) {
        assert!(shown.contains(&key), "docs/settings.md has no example of `{key}`");
    }
}

#[test]
fn the_schema_knows_the_keys_that_are_read() {
    let schema = settings::schema();
    let items = &schema["properties"]["overrides"]["items"];
    let prefix = "[[overrides]]\npaths = ['a']\n";
    for (part, before) in [(&schema, ""), (items, prefix)] {
        for key in keys(part) {
            // No key takes a date: so a key that is read says so, and no other.
            let text = if key == "paths" {
                "[[overrides]]\npaths = 2026-11-22\n".to_owned()
            } else {
                format!("{before}{key} = 2026-11-22\n")
            };
            let report = read(&text).expect_err("a date");
            let messages: Vec<_> = report.findings.iter().map(|f| f.message.as_str()).collect();
            assert!(messages.iter().any(|m| m.contains("not a datetime")), "{key}: {messages:?}");
            assert!(part["properties"][&key]["description"].is_string(), "{key} is not explained");
        }
    }
    let help = read("xyzzyx = 1").expect_err("no such key").findings[0].help.clone();
    for key in keys(&schema) {
        assert!(help.contains(&key), "`{key}` is never suggested");
    }
    let help =
        read(&format!("{prefix}xyzzyx = 1")).expect_err("no such key").findings[0].help.clone();
    for key in keys(items) {
        assert!(help.contains(&key), "`{key}` is never suggested in an override");
    }
}

#[test]
fn the_committed_schema_is_the_one_that_is_generated() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/settings.json");
    let text = otel_lint::schema::pretty(&settings::schema());
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        fs::write(&path, &text).expect("schemas/ is writable");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == text, "schemas/settings.json is stale: set UPDATE_SCHEMAS=1");
}

#[test]
fn the_schema_takes_the_examples_and_refuses_the_faults() {
    let schema = settings::schema();
    jsonschema::meta::validate(&schema).expect("a schema");
    let validator = jsonschema::draft7::new(&schema).expect("a schema");
    let json = |text: &str| -> Option<Value> {
        serde_json::to_value(toml::from_str::<toml::Table>(text).ok()?).ok()
    };
    for (heading, text) in examples() {
        let value = json(&text).expect("TOML");
        assert!(validator.is_valid(&value), "{heading}: {:?}", validator.validate(&value));
    }
    // What only the reader knows: what a version, a host or a pattern may be, and what always speaks.
    let finer = ["'2.5'", "invalid-json", "'{a'", "''", "X Session", "http://x/", "a.*.b"];
    for (marked, ..) in FAULTS.iter().filter(|(text, ..)| !finer.iter().any(|f| text.contains(f))) {
        if let Some(value) = json(&marked.replace(['«', '»'], "")) {
            assert!(!validator.is_valid(&value), "{marked}");
        }
    }
}

const LEAKY: &str = r#"{
  "version": 3,
  "extra_config": {
    "telemetry/opentelemetry": {
      "service_name": "gw",
      "layers": { "global": { "report_headers": true, "skip_headers": [
        "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key"] } },
      "exporters": { "otlp": [
        { "name": "c", "host": "otlp.corp.example", "port": 4317, "use_http": true }] }
    }
  },
  "X-Session": "hush"
}"#;

fn found(text: &str, settings: &str) -> Vec<(&'static str, Severity)> {
    let options = InForce::new(&Choices::default(), Some(&good(settings)), None).options();
    let report = linter::check(Source::new("k.json", text), options);
    report.findings.iter().map(|finding| (finding.rule, finding.severity)).collect()
}

#[test]
fn headers_and_hosts_of_the_settings_reach_the_rules() {
    let (port, leak) = ("otlp-port-protocol-mismatch", "report-headers-leaks-credentials");
    assert_eq!(found(LEAKY, ""), [(port, Severity::Warning)]);
    assert_eq!(found(LEAKY, "port-exempt-hosts = ['*.corp.example']"), []);
    assert_eq!(found(LEAKY, "port-exempt-hosts = ['corp.example']"), [(port, Severity::Warning)]);
    let both = found(LEAKY, "sensitive-headers = ['x-session']");
    assert_eq!(both, [(leak, Severity::Warning), (port, Severity::Warning)]);
}

#[test]
fn a_value_under_the_name_of_a_sensitive_header_is_hidden() {
    let near = LEAKY.replace("\"service_name\": \"gw\"", "\"x-session\": \"hush\"");
    let shown = |settings: &str| {
        let options = InForce::new(&Choices::default(), Some(&good(settings)), None).options();
        let report = linter::check(Source::new("k.json", near.as_str()), options);
        report.secrets.iter().any(|span| report.source.slice(*span) == b"\"hush\"")
    };
    assert!(!shown(""));
    assert!(shown("sensitive-headers = ['X-Session']"));
}

#[test]
fn a_level_holds_for_every_finding_of_a_rule() {
    let settings = |level: &str| format!("[rules]\nall = '{level}'");
    for rule in rules::ALL {
        for example in rules::examples(rule) {
            let text = example.text;
            let of = |level: &str| {
                let choices = Choices::default();
                let in_force = InForce::new(&choices, Some(&good(&settings(level))), None);
                let options = Options {
                    version: example.version.map(|text| text.parse().expect("a version")),
                    edition: example.edition,
                    pedantic: true,
                    ..in_force.options()
                };
                linter::check(Source::new("k.json", text), options).findings
            };
            let (own, mut off, mut info) = (of("default"), of("off"), of("info"));
            // A file that cannot be read stays an error.
            let unreadable = own.into_iter().filter(|finding| finding.rule == "invalid-json");
            let unreadable: Vec<_> = unreadable.collect();
            off.retain(|finding| !unreadable.contains(finding));
            info.retain(|finding| !unreadable.contains(finding));
            assert_eq!(off, [], "{}", rule.id);
            assert!(info.iter().all(|finding| finding.severity == Severity::Info), "{}", rule.id);
        }
    }
}

#[test]
fn a_rule_that_is_off_silences_no_other() {
    let superseding = rules::ALL.iter().filter(|rule| !rule.supersedes.is_empty());
    let mut spoke = 0;
    for rule in superseding {
        for example in rules::examples(rule) {
            let check = |off: &str| {
                let settings = good(&format!("ignore = [{off}]"));
                let in_force = InForce::new(&Choices::default(), Some(&settings), None);
                let options = Options {
                    version: example.version.map(|text| text.parse().expect("a version")),
                    edition: example.edition,
                    pedantic: true,
                    ..in_force.options()
                };
                linter::check(Source::new("k.json", example.text), options).findings
            };
            if rule.id == "invalid-json" {
                continue;
            }
            let before: BTreeSet<_> = check("").iter().map(|finding| finding.rule).collect();
            let after: BTreeSet<_> =
                check(&format!("'{}'", rule.id)).iter().map(|finding| finding.rule).collect();
            assert!(!after.contains(rule.id));
            assert!(before.iter().all(|one| *one == rule.id || after.contains(one)), "{}", rule.id);
            spoke += after.difference(&before).count();
        }
    }
    assert!(spoke > 0, "no superseded rule ever spoke for one that is off");
}
