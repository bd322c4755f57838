//! The work that the benchmarks measure is what docs/benchmarks.md says of it.

use std::collections::BTreeSet;

use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::source::{Format, Source};
use serde_json::Value;

use crate::generator::{REAL, SMALL, WARNED, configuration};

const ENDPOINTS: usize = 2_000;

/// The telemetry overrides of an endpoint and its backends.
fn overrides(endpoint: &Value) -> Vec<String> {
    let backends = endpoint["backend"].as_array().into_iter().flatten();
    let holders = std::iter::once(endpoint).chain(backends);
    let block = |holder: &Value| holder.pointer("/extra_config/telemetry~1opentelemetry").cloned();
    holders.filter_map(block).map(|block| block.to_string()).collect()
}

#[test]
fn no_two_endpoints_and_no_two_overrides_are_the_same() {
    let text = configuration(0..ENDPOINTS, 0).pretty();
    let value: Value = serde_json::from_str(&text).expect("JSON");
    let endpoints = value["endpoints"].as_array().expect("a list");
    assert_eq!(endpoints.len(), ENDPOINTS);
    let texts: BTreeSet<String> = endpoints.iter().map(Value::to_string).collect();
    assert_eq!(texts.len(), ENDPOINTS);
    let without = endpoints.iter().filter(|endpoint| overrides(endpoint).is_empty()).count();
    assert_eq!(without, ENDPOINTS * 3 / 10);
    let all: Vec<String> = endpoints.iter().flat_map(overrides).collect();
    assert!(all.len() > ENDPOINTS);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    assert_eq!(configuration(0..ENDPOINTS, 0).pretty(), text, "the same in every run");
}

#[test]
fn sizes_are_as_told() {
    let size = |endpoints| configuration(0..endpoints, 0).pretty().len();
    assert!((65_000..75_000).contains(&size(REAL)), "{}", size(REAL));
    assert!((13_000..17_000).contains(&size(SMALL)), "{}", size(SMALL));
    let each = size(ENDPOINTS) / ENDPOINTS;
    assert!((1_350..1_500).contains(&each), "{each}");
}

#[test]
fn findings_are_as_told_in_every_notation() {
    for wrong in [0, 100, ENDPOINTS] {
        let value = configuration(0..ENDPOINTS, wrong);
        for (format, text) in [
            (Format::Json, value.pretty()),
            (Format::Json, value.minified()),
            (Format::Yaml, value.yaml()),
        ] {
            let source = Source::new("krakend", text).with_format(format);
            let findings = linter::check(source, &Options::default()).analysis.findings;
            let of = |severity| findings.iter().filter(|f| f.severity == severity).count();
            assert_eq!(of(Severity::Error), wrong, "{format:?}: {:?}", findings.first());
            assert_eq!(of(Severity::Warning), ENDPOINTS / WARNED, "{format:?}");
        }
    }
}
