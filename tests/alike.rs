//! Overrides with the same text share what was read of them, and large files are judged on all cores.
//! Nobody may see either: findings are those of a reader that reads every override by itself.

use otel_lint::finding::Finding;
use otel_lint::linter::{self, Options};
use otel_lint::rules::{self, Example};
use otel_lint::source::{Format, Source};
use serde_json::Value;

/// How often each endpoint stands in a configuration.
const COPIES: usize = 3;

/// The examples of all rules that have endpoints, with each of these `copies` times.
fn examples(copies: usize) -> Vec<(Example<'static>, String)> {
    let examples = rules::ALL.iter().flat_map(|rule| rules::examples(rule));
    let mut found = Vec::new();
    for example in examples.filter(|example| example.format == Format::Json) {
        let Ok(mut value) = serde_json::from_str::<Value>(example.text) else { continue };
        let Some(endpoints) = value.get_mut("endpoints").and_then(Value::as_array_mut) else {
            continue;
        };
        *endpoints = vec![endpoints.as_slice(); copies].concat();
        found.push((example, serde_json::to_string_pretty(&value).expect("JSON")));
    }
    found
}

fn findings(text: impl Into<Vec<u8>>, example: &Example<'_>) -> Vec<Finding> {
    let version = example.version.map(|version| version.parse().expect("a release"));
    let options =
        Options { version, edition: example.edition, pedantic: true, ..Options::default() };
    linter::check(Source::new("krakend.json", text), options).findings
}

/// The same with a fault that changes nothing, but after which no reader takes two texts for alike.
fn blurred(text: &str) -> Vec<u8> {
    let end = text.rfind('}').expect("an object");
    let mut blurred = text.as_bytes()[..end].to_vec();
    blurred.extend(b", \"@blurred\": \"\xFF\"}");
    blurred
}

#[test]
fn what_is_shared_is_found_at_every_place() {
    let mut below = 0;
    for (example, text) in examples(COPIES) {
        let shared = findings(text.as_str(), &example);
        let mut alone = findings(blurred(&text), &example);
        let before = alone.len();
        alone.retain(|finding| finding.rule != "invalid-json");
        assert_eq!(alone.len() + 1, before, "the fault is there: {text}");
        assert_eq!(format!("{shared:#?}"), format!("{alone:#?}"), "{text}");
        below += shared.iter().filter(|it| it.pointer.starts_with("/endpoints/2/")).count();
    }
    assert!(below > 10, "only {below} findings are about the last copy of an endpoint");
}

#[test]
fn what_is_judged_on_all_cores_is_what_is_judged_on_one() {
    let mut tried = 0;
    for ((example, one), (_, many)) in examples(1).into_iter().zip(examples(4_000)).step_by(2) {
        // Only what is said of each endpoint by itself.
        let of_endpoint = |text: &str| {
            let mut findings = findings(text, &example);
            findings.retain(|finding| {
                finding.pointer.starts_with("/endpoints/") && finding.related.is_empty()
            });
            findings
        };
        let (one, many) = (of_endpoint(&one), of_endpoint(&many));
        if one.is_empty() || many.len() != 4_000 * one.len() {
            continue; // Nothing, or what is told depends on the others.
        }
        assert!(many.is_sorted_by_key(|finding| finding.primary.span.start));
        tried += 1;
    }
    assert!(tried > 3, "{tried}");
}

/// Names that are, or are not, nearly those of the namespaces: with slips of the pen at every place.
fn names() -> Vec<String> {
    let mut names: Vec<String> = [
        "telemetry/otel",
        "github.com/krakend/krakend-otel",
        "OTEL",
        "TELEMETRY/OPENTELEMETRY",
        "Telemetry/OpenTelemetry-Security",
        "telemetry/opentelemetrie2s",
        "tel\\u0065metry/opentelemetri",
        "qos/ratelimit/router",
        "telemetry/logging",
        "größe",
        "",
    ]
    .map(String::from)
    .to_vec();
    for name in ["telemetry/opentelemetry", "telemetry/opentelemetry-security"] {
        for at in 0..=name.len() {
            let (before, after) = name.split_at(at);
            names.push(format!("{before}x{after}"));
            names.push(format!("x{before}y{after}"));
            names.extend(after.get(1..).map(|rest| format!("{before}{rest}")));
            names.extend(after.get(2..).map(|rest| format!("{before}zz{rest}")));
            names.extend(after.get(3..).map(|rest| format!("{before}{rest}")));
            // A slip here and one further on, so that no part of the name is left whole.
            let ends = (1..after.len()).map(|end| after.split_at(end));
            names.extend(
                ends.map(|(between, rest)| format!("{before}{}{}", &between[1..], &rest[1..])),
            );
        }
    }
    names
}

#[test]
fn a_namespace_that_is_nearly_right_is_found_wherever_it_stands() {
    // Of endpoints and backends only names that may be meant are looked at closer; of the service all.
    let mut found = 0;
    for name in names() {
        let is_found = |service: &str, endpoint: &str, backend: &str| {
            let text = format!(
                r#"{{ "version": 3, "extra_config": {{ {service} }}, "endpoints": [{{
                    "endpoint": "/", "extra_config": {{ {endpoint} }},
                    "backend": [{{ "url_pattern": "/", "extra_config": {{ {backend} }} }}]
                }}] }}"#
            );
            let report = linter::check(Source::new("krakend.json", text), Options::default());
            report.findings.iter().any(|finding| finding.rule == "otel-namespace-typo")
        };
        let member = format!(r#""{name}": {{}}"#);
        let of_service = is_found(&member, "", "");
        assert_eq!(is_found("", &member, ""), of_service, "{name}");
        assert_eq!(is_found("", "", &member), of_service, "{name}");
        found += usize::from(of_service);
    }
    assert!(found > 700, "only {found} names are nearly right");
}
