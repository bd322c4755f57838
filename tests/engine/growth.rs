//! What a check costs grows with the size of the file, whatever there are many of: a check that looked
//! at all endpoints for each of them would not come to an end here.

use std::time::{Duration, Instant};

use otel_lint::linter::{self, Options};
use otel_lint::source::Source;

/// Many of them: their square is too many for any machine.
const MANY: usize = 30_000;

/// Far more than a loaded machine needs for the size, far less than any needs for its square.
const LIMIT: Duration = Duration::from_secs(40);

fn list(item: impl Fn(usize) -> String) -> String {
    (0..MANY).map(item).collect::<Vec<_>>().join(",")
}

/// A configuration with these members in the service's block, and these endpoints.
fn configuration(block: &str, endpoints: &str) -> String {
    let exporters = r#""exporters": {"otlp": [{"name": "c", "host": "collector"}]}"#;
    format!(
        r#"{{"version": 3, "extra_config": {{"telemetry/opentelemetry": {{{exporters}{block}}}}},
            "endpoints": [{endpoints}]}}"#
    )
}

fn endpoint(index: usize, extra_config: &str) -> String {
    format!(
        r#"{{"endpoint": "/e{index}", "input_headers": ["Accept"], "extra_config": {{{extra_config}}},
            "backend": [{{"url_pattern": "/", "host": ["http://b"]}}]}}"#
    )
}

#[test]
fn many_are_no_more_than_their_number() {
    let paths = list(|index| format!("\"/e{index}\""));
    let misspelt = r#""telemetry/opentelemetri": {}"#;
    let reporting = r#""telemetry/opentelemetry": {"proxy": {"report_headers": true}}"#;
    let attribute = |index| format!(r#"{{"key": "k{index}", "value": "v"}}"#);
    let attributes = format!(
        r#", "layers": {{"global": {{"metrics_static_attributes": [{}]}}}}"#,
        list(attribute)
    );
    for (what, findings, text) in [
        ("findings", MANY, configuration("", &list(|index| endpoint(index, misspelt)))),
        ("overrides", 0, configuration("", &list(|index| endpoint(index, reporting)))),
        (
            "skipped paths",
            0,
            configuration(
                &format!(r#", "skip_paths": ["/__health", {paths}]"#),
                &list(|index| endpoint(index, "")),
            ),
        ),
        ("attributes", 0, configuration(&attributes, &endpoint(0, ""))),
    ] {
        let start = Instant::now();
        let report = linter::check(Source::new("krakend.json", text), &Options::default());
        assert!(start.elapsed() < LIMIT, "{what}: {:?}", start.elapsed());
        assert_eq!(report.findings.len(), findings, "{what}: {:?}", report.findings.first());
    }
}
