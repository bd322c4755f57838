//! Which settings of a signal ask for something, and when nothing at all is reported.

use otel_lint::linter::{self, Options};
use otel_lint::source::Source;

const TRACES: &str = "traces-without-trace-exporter";
const METRICS: &str = "metrics-without-metric-exporter";

/// What `rule` points at in `text`, if it finds something.
fn found(rule: &str, text: &str) -> Vec<String> {
    let source = Source::new("krakend.json", text);
    let options = Options { pedantic: true, ..Options::default() };
    let findings = linter::check(source.clone(), &options).analysis.findings;
    let findings = findings.iter().filter(|finding| finding.rule == rule);
    let spans = findings.flat_map(|it| {
        let related = it.related.iter().map(|label| label.span);
        [it.primary.span].into_iter().chain(related).collect::<Vec<_>>()
    });
    spans.map(|span| String::from_utf8_lossy(source.slice(span)).into_owned()).collect()
}

fn gateway(block: &str, endpoint: &str) -> String {
    format!(
        r#"{{"version": 3, "extra_config": {{"telemetry/opentelemetry": {{{block}}}}},
            "endpoints": [{{"endpoint": "/e", "extra_config": {{{endpoint}}},
            "backend": [{{"url_pattern": "/b", "host": ["http://b"]}}]}}]}}"#
    )
}

#[test]
fn a_setting_without_an_exporter_of_its_signal_is_told_if_it_asks_for_something() {
    let attributes = r#"[{"key": "k", "value": "v"}]"#;
    let list = |key: &str| (format!(r#""{key}": {attributes}"#), format!(r#""{key}": []"#));
    let flag = |key: &str| (format!(r#""{key}": true"#), format!(r#""{key}": false"#));
    let pair = |key: &str, asks: &str, silent: &str| {
        (format!(r#""{key}": {asks}"#), format!(r#""{key}": {silent}"#))
    };
    let headers = || pair("skip_headers", r#"["a"]"#, "[]");
    let convention = pair("semantic_convention", r#""1.27""#, r#""""#);
    let traces = r#""exporters": {"prometheus": [{"name": "p"}]}"#;
    let metrics = r#""exporters": {"otlp": [{"name": "o", "host": "c", "disable_metrics": true}]}"#;
    let table = [
        (TRACES, "", vec![pair("trace_sample_rate", "0.5", "0")]),
        (
            TRACES,
            "global",
            vec![flag("report_headers"), headers(), list("traces_static_attributes")],
        ),
        (
            TRACES,
            "proxy",
            vec![flag("report_headers"), headers(), list("traces_static_attributes")],
        ),
        (
            TRACES,
            "traces",
            ["round_trip", "read_payload", "detailed_connection", "report_headers"]
                .map(flag)
                .into_iter()
                .chain([list("static_attributes")])
                .collect(),
        ),
        (METRICS, "global", vec![list("metrics_static_attributes"), convention]),
        (METRICS, "proxy", vec![list("metrics_static_attributes")]),
        (
            METRICS,
            "metrics",
            ["round_trip", "read_payload", "detailed_connection"]
                .map(flag)
                .into_iter()
                .chain([list("static_attributes")])
                .collect(),
        ),
    ];
    for (rule, layer, settings) in table {
        let exporters = if rule == TRACES { traces } else { metrics };
        for (asks, silent) in settings {
            let with = |setting: &str| match layer {
                "" => format!("{exporters}, {setting}"),
                "global" | "proxy" => {
                    format!(r#"{exporters}, "layers": {{"{layer}": {{{setting}}}}}"#)
                }
                kind => {
                    format!(r#"{exporters}, "layers": {{"backend": {{"{kind}": {{{setting}}}}}}}"#)
                }
            };
            // Of the backend layer the whole signal is told.
            let key = match layer {
                "" | "global" | "proxy" => asks.split(':').next().expect("a key").to_owned(),
                kind => format!("\"{kind}\""),
            };
            assert_eq!(found(rule, &gateway(&with(&asks), "")), [key], "{rule}: {layer} {asks}");
            let nothing = found(rule, &gateway(&with(&silent), ""));
            assert!(nothing.is_empty(), "{rule}: {layer} {silent}: {nothing:?}");
        }
    }
}

#[test]
fn a_signal_is_silent_if_no_layer_reports_it_anywhere() {
    let off = r#""disable_stage": true"#;
    let service = |layer: &str, other: &str| {
        let backend = format!(r#""{layer}": {{{off}}}"#);
        format!(
            r#""exporters": {{"otlp": [{{"name": "o", "host": "c", "disable_{other}": true}}]}},
               "layers": {{"global": {{"disable_{layer}": true}}, "proxy": {{"disable_{layer}": true}},
               "backend": {{{backend}}}}}"#
        )
    };
    for (kind, other) in [("traces", "metrics"), ("metrics", "traces")] {
        let all = service(kind, other);
        let is_found = |block: &str, endpoint: &str| {
            !found("all-layers-disabled", &gateway(block, endpoint)).is_empty()
        };
        assert!(is_found(&all, ""), "{kind}");
        for reporting in [
            all.replace(&format!(r#""global": {{"disable_{kind}": true}}"#), r#""global": {}"#),
            all.replace(&format!(r#""proxy": {{"disable_{kind}": true}}"#), r#""proxy": {}"#),
            all.replace(off, ""),
            all.replace(off, &format!(r#"{off}, "round_trip": true"#)),
            all.replace(off, &format!(r#"{off}, "read_payload": true"#)),
        ] {
            assert!(!is_found(&reporting, ""), "{kind}: {reporting}");
        }
        // An endpoint that reports it, in its own layer or in that of its backends.
        let block = |inner: &str| format!(r#""telemetry/opentelemetry": {{{inner}}}"#);
        assert!(
            is_found(&all, &block(&format!(r#""proxy": {{"disable_{kind}": true}}"#))),
            "{kind}"
        );
        assert!(
            !is_found(&all, &block(&format!(r#""proxy": {{"disable_{kind}": false}}"#))),
            "{kind}"
        );
        let with_backend = gateway(&all, "").replace(
            r#""host": ["http://b"]"#,
            &format!(
                r#""host": ["http://b"], "extra_config": {{{}}}"#,
                block(&format!(r#""backend": {{"{kind}": {{"round_trip": true}}}}"#))
            ),
        );
        assert!(found("all-layers-disabled", &with_backend).is_empty(), "{kind}");
    }
}
