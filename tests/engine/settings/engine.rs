//! What settings say reaches the rules, and what is hidden.

use std::collections::BTreeSet;

use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::rules;
use otel_lint::settings::{Choices, InForce};
use otel_lint::source::Source;

use super::good;

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
  "X-Tenant": "hush"
}"#;

fn found(text: &str, settings: &str) -> Vec<(&'static str, Severity)> {
    let options = InForce::new(&Choices::default(), Some(&good(settings)), None).options();
    let report = linter::check(Source::new("k.json", text), &options);
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
    let near = LEAKY.replace("\"service_name\": \"gw\"", "\"x-tenant\": \"hush\"");
    let shown = |settings: &str| {
        let options = InForce::new(&Choices::default(), Some(&good(settings)), None).options();
        let report = linter::check(Source::new("k.json", near.as_str()), &options);
        report.secrets.iter().any(|span| report.source.slice(*span) == b"\"hush\"")
    };
    assert!(!shown(""));
    assert!(shown("sensitive-headers = ['X-Tenant']"));
}

const SYNTAX: [&str; 3] = ["invalid-json", "invalid-yaml", "invalid-toml"];

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
                let source = Source::new("k", text).with_format(example.format);
                linter::check(source, &options).analysis.findings
            };
            let (own, mut off, mut info) = (of("default"), of("off"), of("info"));
            // A file that cannot be read stays an error.
            let unreadable = own.into_iter().filter(|finding| SYNTAX.contains(&finding.rule));
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
                linter::check(Source::new("k.json", example.text), &options).analysis.findings
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
