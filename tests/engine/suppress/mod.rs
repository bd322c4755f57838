//! Suppressions in place: every finding of every rule can be ignored where the issue says so, and
//! the key that does it is nowhere taken for something else.

mod everywhere;

use std::path::Path;
use std::sync::Arc;

use everywhere::KEY;
use otel_lint::analysis::CheckedFile;
use otel_lint::document;
use otel_lint::finding::Edit;
use otel_lint::linter::{self, Options};
use otel_lint::policy::{Level, Policy};
use otel_lint::rules::{self, ExampleKind};
use otel_lint::source::{Format, Source};
use otel_lint::target::{Edition, Version};
use serde_json::{Map, Value, json};

use crate::edits;
use crate::program::Folder;

fn report(text: &str) -> CheckedFile {
    linter::check(Source::new("k.json", text), &Options::default())
}

fn rules_of(report: &CheckedFile) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.rule).collect()
}

/// A configuration with a finding of `otlp-port-protocol-mismatch`, and `key` in the exporter.
fn with_key(key: &str) -> String {
    format!(
        r#"{{"version": 3, "extra_config": {{"telemetry/opentelemetry": {{"exporters": {{"otlp": [
            {{"name": "c", "host": "collector", "port": 4318, "@otel-lint": {key}}}]}}}}}}}}"#
    )
}

#[test]
fn a_suppression_that_is_none_is_a_finding_and_does_nothing() {
    let port = "otlp-port-protocol-mismatch";
    let both = vec![port, "invalid-suppression"];
    for (key, said) in [
        ("true", "must be an object, not a boolean"),
        (r#"["otlp-port-protocol-mismatch"]"#, "must be an object, not an array"),
        ("{}", "names no rule"),
        (r#"{"ignore": {}}"#, "names no rule"),
        (r#"{"ignore": "otlp-port-protocol-mismatch"}"#, "`ignore` must be an object"),
        (r#"{"disable": {"otlp-port-protocol-mismatch": "why"}}"#, "nothing else"),
        (r#"{"ignore": {"otlp-port-protocol-mismatch": ""}}"#, "without a reason"),
        (r#"{"ignore": {"otlp-port-protocol-mismatch": " \t\n"}}"#, "without a reason"),
        (r#"{"ignore": {"otlp-port-protocol-mismatch": true}}"#, "without a reason"),
        (r#"{"ignore": {"otlp-port-protocol": "why"}}"#, "there is no rule `otlp-port-protocol`"),
        (r#"{"ignore": {"": "why"}}"#, "there is no rule ``"),
        (r#"{"ignore": {"*": "why"}}"#, "there is no rule `*`"),
        (r#"{"ignore": {"invalid-json": "why"}}"#, "cannot be ignored"),
        (r#"{"ignore": {"unused-suppression": "why"}}"#, "cannot be ignored"),
        (r#"{"ignore": {"Bearer abcdefghijkl": "why"}}"#, "there is no rule `***`"),
    ] {
        let report = report(&with_key(key));
        let mut found = rules_of(&report);
        found.sort_unstable();
        let mut expected = both.clone();
        expected.sort_unstable();
        assert_eq!(found, expected, "{key}");
        assert!(report.suppressed.is_empty(), "{key}");
        let finding = report.findings.iter().find(|f| f.rule == "invalid-suppression");
        let finding = finding.expect("it is there");
        assert!(finding.message.contains(said), "{key}: {}", finding.message);
        assert!(finding.message.len() <= 120 && !finding.help.is_empty(), "{key}");
    }
}

/// A pointer does not tell what is this deep apart, so that one reason would silence other places too.
#[test]
fn a_suppression_below_the_levels_of_a_pointer_is_not_read() {
    let text = |outer: usize| {
        let pair = r#""k": 1, "k": 2"#;
        let inner =
            format!(r#"{{"@otel-lint": {{"ignore": {{"duplicate-key": "known"}}}}, {pair}}}"#);
        let beside = format!("[{{{pair}}}]");
        let deep = format!(r"{}[{inner}, {beside}]{}", "[".repeat(outer), "]".repeat(outer));
        with_key(&format!(r#"{{}}}}]}}, "x": {deep}, "y": {{"z": [{{"w": 1"#))
    };
    let found = |text: &str| {
        let report = report(text);
        let count = |rule| report.findings.iter().filter(|finding| finding.rule == rule).count();
        (report.suppressed.len(), count("duplicate-key"), count("invalid-suppression"))
    };
    // One of the two mistakes is `{}` in the exporter.
    assert_eq!(found(&text(100)), (1, 1, 1));
    assert_eq!(found(&text(200)), (0, 2, 2));
}

#[test]
fn a_misspelt_rule_is_suggested() {
    let report = report(&with_key(r#"{"ignore": {"otlp-port-protocol-mismach": "why"}}"#));
    let finding = report.findings.iter().find(|f| f.rule == "invalid-suppression");
    let finding = finding.expect("it is there");
    assert_eq!(finding.help, "Did you mean `otlp-port-protocol-mismatch`?");
    let text = report.source.bytes();
    let at = finding.primary.span.range();
    assert_eq!(&text[at], br#""otlp-port-protocol-mismach""#);
}

#[test]
fn comments_are_welcome_in_the_key() {
    let key = r#"{"@by": "ops", "ignore": {"otlp-port-protocol-mismatch": "größer 🐙"}}"#;
    let report = report(&with_key(key));
    assert_eq!(rules_of(&report), Vec::<&str>::new());
    assert_eq!(report.suppressed[0].reason, "größer 🐙");
}

#[test]
fn a_key_holds_for_its_object_only() {
    let text = r#"{"version": 3, "extra_config": {"telemetry/opentelemetry": {"exporters": {"otlp": [
        {"name": "c", "host": "one", "port": 4318,
         "@otel-lint": {"ignore": {"otlp-port-protocol-mismatch": "why"}}},
        {"name": "d", "host": "two", "port": 4318}]}}}}"#;
    let report = report(text);
    assert_eq!(rules_of(&report), ["otlp-port-protocol-mismatch"]);
    assert!(report.findings[0].pointer.contains("/otlp/1/"), "{}", report.findings[0].pointer);
    assert_eq!(report.suppressed.len(), 1);
    assert!(!report.suppressed[0].finding.identity.is_empty());
}

#[test]
fn the_nearest_reason_counts_and_no_key_that_covers_is_unused() {
    let rule = "otlp-port-protocol-mismatch";
    let text = with_key(&format!(r#"{{"ignore": {{"{rule}": "near"}}}}"#));
    let outer = format!(r#"{{"@otel-lint": {{"ignore": {{"{rule}": "far"}}}}, "#);
    let report = report(&text.replacen('{', &outer, 1));
    assert_eq!(rules_of(&report), Vec::<&str>::new());
    assert_eq!(report.suppressed[0].reason, "near");
}

#[test]
fn ignores_a_duplicate_key() {
    let text =
        r#"{"@otel-lint": {"ignore": {"duplicate-key": "why"}}, "version": 3, "version": 3}"#;
    let report = report(text);
    assert_eq!(rules_of(&report), Vec::<&str>::new());
    assert_eq!(report.suppressed.len(), 1);
}

#[test]
fn the_key_given_twice_counts_twice() {
    let text = r#"{"version": 3, "version": 3, "name": "a", "name": "b",
        "@otel-lint": {"ignore": {"duplicate-key": "why"}},
        "@otel-lint": {"ignore": {"otlp-port-protocol-mismatch": "why"}}}"#;
    let report = report(text);
    assert_eq!(rules_of(&report), ["unused-suppression"]);
    assert_eq!(report.suppressed.len(), 2);
}

#[test]
fn a_suppression_that_only_the_pedantic_or_another_release_need_is_used() {
    let info = r#"{"version": 3, "extra_config": {"telemetry/opentelemetry": {"exporters": {
        "otlp": [{"name": "c", "host": "collector"}],
        "prometheus": [{"name": "p", "host": "127.0.0.1",
            "@otel-lint": {"ignore": {"prometheus-host-undocumented": "why"}}}]}}}}"#;
    let quiet = report(info);
    assert_eq!(rules_of(&quiet), Vec::<&str>::new());
    assert_eq!(quiet.suppressed.len(), 0, "nobody asked for infos");
    let options = Options { pedantic: true, ..Options::default() };
    assert_eq!(linter::check(Source::new("k", info), &options).suppressed.len(), 1);
    for edition in Edition::ALL {
        for version in Version::PATCHES {
            let options = Options { version: Some(version), edition, ..Options::default() };
            let report = linter::check(Source::new("k.json", info), &options);
            assert!(!rules_of(&report).contains(&"unused-suppression"), "{version} {edition:?}");
        }
    }
}

#[test]
fn a_suppression_of_a_rule_that_is_off_is_used() {
    let rule = "otlp-port-protocol-mismatch";
    let text = with_key(&json!({"ignore": {rule: "why"}}).to_string());
    for off in [rule, "unused-suppression"] {
        let levels = [(off, Level::Off)].into();
        let policy = Arc::new(Policy { levels, ..Policy::default() });
        let options = Options { policy, ..Options::default() };
        let report = linter::check(Source::new("k.json", text.as_bytes()), &options);
        assert_eq!(rules_of(&report), [""; 0], "{off}");
        let fixed = text.replace("4318", "4317");
        let report = linter::check(Source::new("k.json", fixed), &options);
        let unused: &[&str] = if off == rule { &["unused-suppression"] } else { &[] };
        assert_eq!(rules_of(&report), unused, "{off}");
    }
}

#[test]
fn nothing_is_unused_while_the_syntax_is_at_fault() {
    let whole = with_key(r#"{"ignore": {"sample-rate-zero": "why"}}"#);
    assert!(rules_of(&report(&whole)).contains(&"unused-suppression"));
    let half = whole.replace("\"version\": 3", "\"version\" 3");
    let broken = report(&half[..half.len() - 6]);
    assert!(!rules_of(&broken).contains(&"unused-suppression"), "{:?}", rules_of(&broken));
    assert!(rules_of(&broken).contains(&"invalid-json"));
}

#[test]
fn a_key_among_headers_is_one_finding_in_either_edition() {
    let text = r#"{"version": 3, "extra_config": {
        "telemetry/opentelemetry": {"exporters": {"otlp": [
            {"name": "c", "host": "collector", "port": 4318, "use_http": true}]}},
        "telemetry/opentelemetry-security": {"otlp": [{"name": "c", "headers": {
            "api-key": "${KEY}", "@otel-lint": {"ignore": {"sample-rate-zero": "why"}}}}]}}}"#;
    for (edition, rule) in [
        (Edition::Community, "invalid-suppression"),
        (Edition::Enterprise, "security-headers-invalid"),
    ] {
        let options = Options { edition, ..Options::default() };
        let report = linter::check(Source::new("k.json", text), &options);
        let about: Vec<_> =
            report.findings.iter().filter(|f| f.pointer.ends_with(KEY)).map(|f| f.rule).collect();
        assert_eq!(about, [rule], "{edition:?}");
    }
}

#[test]
fn a_key_in_a_static_attribute_is_a_finding() {
    let text = r#"{"version": 3, "extra_config": {"telemetry/opentelemetry": {
        "exporters": {"otlp": [{"name": "c", "host": "collector"}]},
        "layers": {"global": {"metrics_static_attributes": [{"key": "a", "value": "b",
            "@otel-lint": {"ignore": {"static-attribute-empty": "why"}}}]}}}}}"#;
    let report = report(text);
    assert!(rules_of(&report).contains(&"invalid-suppression"), "{:?}", rules_of(&report));
    assert!(!rules_of(&report).contains(&"unused-suppression"));
}

#[test]
fn removing_what_is_unused_ends() {
    let ids: Vec<_> = ["sample-rate-zero", "otlp-host-empty", "port-range"].to_vec();
    let one: Map<String, Value> = ids.iter().map(|id| ((*id).to_owned(), json!("why"))).collect();
    let mut text = with_key(&json!({"ignore": one}).to_string());
    for _ in 0..4 {
        let report = report(&text);
        let Some(finding) = report.findings.iter().find(|f| f.rule == "unused-suppression") else {
            break;
        };
        let edits = &finding.fix.as_ref().expect("a fix").edits;
        text = edits::apply(&document::read(&report.source).document, edits).to_string();
    }
    assert!(!text.contains("otel-lint"), "{text}");
    // With another one that is used, entry by entry.
    let mut one = one.clone();
    one.insert("otlp-port-protocol-mismatch".into(), json!("needed"));
    let report = report(&with_key(&json!({"ignore": one}).to_string()));
    assert_eq!(rules_of(&report), ["unused-suppression"; 3]);
    for finding in &report.findings {
        let [Edit::Remove { node }] = finding.fix.as_ref().expect("a fix").edits[..] else {
            panic!("{finding:?}");
        };
        let parsed = document::read(&report.source);
        assert_eq!(parsed.document.span(node), finding.primary.span);
    }
}

#[test]
fn examples_of_suppressions_show_what_is_suppressed() {
    for id in ["invalid-suppression", "unused-suppression"] {
        let rule = rules::get(id).expect("a rule");
        let good = rules::examples(rule).into_iter().find(|e| e.kind == ExampleKind::Good);
        let report = report(good.expect("a good example").text);
        assert_eq!(report.suppressed.len(), 1, "{id}");
    }
}

/// The examples in the documentation, in the fences that begin with `kind`.
fn examples(file: &str, kind: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
    let text = std::fs::read_to_string(path).expect("it is there").replace("\r\n", "\n");
    let begin = format!("```{kind}\n");
    let fences = text.split(&begin).skip(1);
    fences.map(|rest| rest.split("```").next().expect("a part").to_owned()).collect()
}

#[test]
fn the_documentation_shows_suppressions_that_are_used() {
    let whole = examples("suppressions.md", "json");
    assert_eq!(whole.len(), 2);
    for text in whole {
        let report = report(&text);
        assert!(!report.suppressed.is_empty(), "{text}");
        assert!(!rules_of(&report).iter().any(|rule| rule.ends_with("-suppression")), "{text}");
    }
    let part = examples("suppressions.md", "yaml").remove(0).replace('\n', "\n      ");
    let text = format!(
        "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      {part}"
    );
    let report = yaml(&text);
    assert_eq!(rules_of(&report), [""; 0]);
    // `otlp-host-scheme` speaks for older releases only; that it is not used here is not a fault.
    assert_eq!(report.suppressed.len(), 2);
}

fn yaml(text: &str) -> CheckedFile {
    linter::check(Source::new("k.yaml", text).with_format(Format::Yaml), &Options::default())
}

#[test]
fn comments_and_the_key_work_in_yaml() {
    let head = "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n";
    let rule = "otlp-port-protocol-mismatch";
    for (exporters, found, suppressed) in [
        (
            "      otlp:\n      - host: a\n        name: a\n        port: 4318 # otel-lint: ignore[RULE] why\n",
            vec![],
            1,
        ),
        (
            "      otlp:\n      - host: a\n        name: a\n        # otel-lint: ignore[RULE] why\n        port: 4318\n",
            vec![],
            1,
        ),
        (
            "      otlp:\n      - {host: a, name: a, port: 4318} # otel-lint: ignore[RULE] why\n",
            vec![],
            1,
        ),
        (
            "      otlp:\n      - host: a # otel-lint: ignore[RULE] why\n        name: a\n        port: 4318\n",
            vec!["unused-suppression", rule],
            0,
        ),
        (
            "      otlp:\n      - host: a\n        name: a\n        port: 4318 # otel-lint: ignore[RULE]\n",
            vec![rule, "invalid-suppression"],
            0,
        ),
        (
            "      otlp:\n      - host: a\n        name: a\n        port: 4318 # otel-lint: ignore[no-such-rule] why\n",
            vec![rule, "invalid-suppression"],
            0,
        ),
        (
            "      otlp:\n      - host: a\n        name: a\n        port: 4318\n        \"@otel-lint\":\n          ignore:\n            RULE: |\n              why\n              not\n",
            vec![],
            1,
        ),
        (
            "      otlp:\n      - host: a\n        name: a\n        port: 4318\n        \"@otel-lint\": {ignore: {RULE: }}\n",
            vec![rule, "invalid-suppression"],
            0,
        ),
    ] {
        for end in ["\n", "\r\n"] {
            let text = (head.to_owned() + &exporters.replace("RULE", rule)).replace('\n', end);
            let report = yaml(&text);
            assert_eq!(rules_of(&report), found, "{text}");
            assert_eq!(report.suppressed.len(), suppressed, "{text}");
        }
    }
}

#[test]
fn an_alias_repeats_a_suppression_and_needs_it_once() {
    let text = "version: 3\nextra_config:\n  telemetry/opentelemetry:\n    exporters:\n      otlp:\n\
        \x20     - {name: a, host: a, port: 4318, \"@otel-lint\": &why {ignore: \
        {otlp-port-protocol-mismatch: why}}}\n      - {name: b, host: b, \"@otel-lint\": *why}\n";
    let report = yaml(text);
    assert_eq!(rules_of(&report), [""; 0], "{text}");
    assert_eq!(report.suppressed.len(), 1);
}

#[test]
fn the_summary_counts_what_is_suppressed() {
    let folder = Folder::new("suppress");
    let key = json!({"ignore": {"otlp-port-protocol-mismatch": "why"}}).to_string();
    folder.write("k.json", with_key(&key));
    let (status, out, err) = folder.told(&["--fail-on", "warning", "k.json"]);
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("no findings in 1 file, 1 suppressed\n"), "{err}");
}
