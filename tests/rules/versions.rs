//! What depends on the release and the edition: rule × gateway → reported or not.

use otel_lint::finding::Severity;
use otel_lint::linter::{self, Options};
use otel_lint::source::Source;
use otel_lint::target::{Edition, Version};

fn severity(text: &str, rule: &str, gateway: &str) -> Option<Severity> {
    let (version, edition) = match gateway.strip_suffix("ee") {
        Some(version) => (version, Edition::Enterprise),
        None => (gateway, Edition::Community),
    };
    let version: Version = version.parse().expect("a version");
    let options = Options { version: Some(version), edition, pedantic: true, ..Options::default() };
    let findings =
        linter::check(Source::new("k.json", text.as_bytes()), &options).analysis.findings;
    findings.iter().find(|finding| finding.rule == rule).map(|finding| finding.severity)
}

fn service(block: &str) -> String {
    format!("{{\"extra_config\":{{\"telemetry/opentelemetry\":{block}}}}}")
}

fn with(members: &str) -> String {
    service(&format!(
        "{{\"exporters\":{{\"otlp\":[{{\"name\":\"c\",\"host\":\"col\"}}]}},{members}}}"
    ))
}

fn exporter(members: &str) -> String {
    service(&format!("{{\"exporters\":{{\"otlp\":[{{\"name\":\"c\",{members}}}]}}}}"))
}

fn endpoint(block: &str) -> String {
    format!(
        r#"{{"extra_config":{{"telemetry/opentelemetry":{{"exporters":{{"otlp":[{{"name":"c","host":"col"}}]}}}}}},
        "endpoints":[{{"endpoint":"/a","extra_config":{{"telemetry/opentelemetry":{block}}},"backend":[]}}]}}"#
    )
}

fn backend(block: &str) -> String {
    format!(
        r#"{{"extra_config":{{"telemetry/opentelemetry":{{"exporters":{{"otlp":[{{"name":"c","host":"col"}}]}}}}}},
        "endpoints":[{{"endpoint":"/a","backend":[{{"extra_config":{{"telemetry/opentelemetry":{block}}}}}]}}]}}"#
    )
}

/// A configuration, a rule, the gateways for which it speaks, and those for which it is silent.
type Row = (&'static str, String, &'static [&'static str], &'static [&'static str]);

#[allow(clippy::too_many_lines)] // A table.
fn rows() -> Vec<Row> {
    let attributes = r#"[{"key":"team","value":"shop"}]"#;
    let late = "field-not-in-version";
    vec![
        // Table 1.0: when a setting works.
        (late, with(r#""service_version":"1""#), &["2.6.0"], &["2.6.1", "2.13", "2.6.0ee"]),
        (
            late,
            with(&format!(r#""layers":{{"proxy":{{"metrics_static_attributes":{attributes}}}}}"#)),
            &["2.6", "2.7.0"],
            &["2.7.1", "2.13"],
        ),
        (
            late,
            with(r#""layers":{"global":{"semantic_convention":"1.27"}}"#),
            &["2.7", "2.8"],
            &["2.9", "2.13"],
        ),
        (late, with(r#""deploy_env":"prod""#), &["2.6", "2.9"], &["2.10", "2.13"]),
        (
            late,
            exporter(r#""host":"col","custom_metric_reporting_period":5"#),
            &["2.9"],
            &["2.10", "2.13"],
        ),
        (
            late,
            endpoint(r#"{"proxy":{"disable_metrics":true}}"#),
            &["2.6", "2.7"],
            &["2.8", "2.13"],
        ),
        (
            late,
            backend(r#"{"backend":{"metrics":{"round_trip":true},"traces":{"round_trip":true}}}"#),
            &["2.7"],
            &["2.8", "2.13"],
        ),
        (
            late,
            endpoint(&format!(r#"{{"global":{{"traces_static_attributes":{attributes}}}}}"#)),
            &["2.7", "2.8"],
            &["2.9", "2.13"],
        ),
        // Section 4: what came and went.
        (
            "override-misplaced-key",
            backend(r#"{"proxy":{"disable_metrics":true}}"#),
            &["2.7", "2.13"],
            &[],
        ),
        (
            "unknown-field",
            backend(
                r#"{"backend":{"traces":{"static_attributes":[{"key":"a","value":"b","x":1}]}}}"#,
            ),
            &["2.7", "2.12", "2.13"],
            &[],
        ),
        // What depends on the loader.
        ("key-case", exporter(r#""Host":"col""#), &["2.12", "2.13"], &["2.6", "2.11"]),
        // Faults of releases.
        (
            "backend-override-panics",
            backend(r#"{"backend":{"metrics":{"round_trip":true}}}"#),
            &["2.12.0", "2.12", "2.13"],
            &["2.11", "2.8", "2.13ee"],
        ),
        (
            "otlp-http-implies-tls",
            exporter(r#""host":"col","use_http":true,"port":4318"#),
            &["2.6", "2.9"],
            &["2.10", "2.13"],
        ),
        (
            "otlp-exporter-refused",
            exporter(r#""host":"http://col","use_http":true,"port":4318"#),
            &["2.6", "2.9"],
            &["2.10", "2.13"],
        ),
        (
            "otlp-host-scheme",
            exporter(r#""host":"http://col""#),
            &["2.6", "2.9"],
            &["2.10", "2.13"],
        ),
        (
            "otlp-grpc-https-is-plaintext",
            exporter(r#""host":"https://col""#),
            &["2.10", "2.13"],
            &["2.9", "2.13ee"],
        ),
        (
            "skip-headers-unsupported",
            with(r#""layers":{"global":{"report_headers":true,"skip_headers":["Cookie"]}}"#),
            &["2.11"],
            &["2.12", "2.13"],
        ),
        (
            "skip-headers-not-canonical",
            with(r#""layers":{"global":{"report_headers":true,"skip_headers":["cookie"]}}"#),
            &["2.12", "2.13"],
            &["2.11"],
        ),
        (
            "backend-flags-implicitly-off",
            with(r#""layers":{"backend":{"metrics":{}}}"#),
            &["2.12", "2.13"],
            &["2.11"],
        ),
        (
            "propagation-to-backends-off",
            with(r#""layers":{"backend":{"traces":{"report_headers":true}}}"#),
            &["2.9", "2.13"],
            &["2.8"],
        ),
        (
            "custom-period-negative",
            exporter(r#""host":"col","custom_metric_reporting_period":-1"#),
            &["2.10", "2.13"],
            &["2.9"],
        ),
        (
            "known-broken-release",
            with(r#""trace_sample_rate":0.1"#),
            &["2.6.0", "2.6.1"],
            &["2.6.2", "2.13"],
        ),
        ("override-replaces-not-merges", endpoint(r#"{"proxy":{}}"#), &[], &["2.13"]),
        // Editions.
        (
            "ee-only-setting",
            with(r#""histograms":{"time_buckets":[1]}"#),
            &["2.8", "2.13"],
            &["2.13ee"],
        ),
        (
            "prometheus-listen-ip-ignored",
            service(r#"{"exporters":{"prometheus":[{"name":"p","listen_ip":"127.0.0.1"}]}}"#),
            &["2.6", "2.13"],
            &["2.13ee"],
        ),
        (
            "endpoint-backend-override-ee-only",
            endpoint(r#"{"backend":{"traces":{"round_trip":true}}}"#),
            &["2.13"],
            &["2.13ee"],
        ),
        (
            "prometheus-host-undocumented",
            service(r#"{"exporters":{"prometheus":[{"name":"p","host":"127.0.0.1"}]}}"#),
            &["2.13"],
            &["2.13ee"],
        ),
        (
            "sample-rate-zero",
            endpoint(r#"{"exporters_override":{"trace_sample_rate":0}}"#),
            &["2.13ee"],
            &["2.13"],
        ),
        (
            "override-wrong-type",
            endpoint(r#"{"proxy":{"disable_metrics":"true"}}"#),
            &["2.8", "2.13"],
            &["2.13ee"],
        ),
        ("wrong-type", endpoint(r#"{"proxy":{"disable_metrics":"true"}}"#), &["2.13ee"], &["2.13"]),
    ]
}

#[test]
fn a_rule_speaks_for_the_gateways_it_is_about() {
    let mut failures = Vec::new();
    for (rule, text, speaks, silent) in rows() {
        for gateway in speaks {
            if severity(&text, rule, gateway).is_none() {
                failures.push(format!("{rule} is silent for {gateway}: {text}"));
            }
        }
        for gateway in silent {
            if severity(&text, rule, gateway).is_some() {
                failures.push(format!("{rule} speaks for {gateway}: {text}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn an_error_of_a_release_that_only_schema_names_is_a_warning() {
    let text = |schema: &str| {
        let block = backend(r#"{"backend":{"metrics":{"round_trip":true}}}"#);
        block.replacen(
            '{',
            &format!("{{\"$schema\":\"https://www.krakend.io/schema/{schema}\","),
            1,
        )
    };
    let check = |text: String, version: Option<&str>| {
        let version = version.map(|version| version.parse().expect("a version"));
        let options = Options { version, ..Options::default() };
        linter::check(Source::new("k.json", text), &options).analysis.findings
    };
    // Up to 2.11 headers leak in spite of `skip_headers`: certain if told, a warning if only
    // `$schema` says so.
    let leak = |schema: &str| {
        let block =
            with(r#""layers":{"global":{"report_headers":true,"skip_headers":["Cookie"]}}"#);
        block.replacen(
            '{',
            &format!("{{\"$schema\":\"https://www.krakend.io/schema/{schema}\","),
            1,
        )
    };
    let of = |findings: &[otel_lint::finding::Finding]| {
        let found = findings.iter().find(|finding| finding.rule == "skip-headers-unsupported");
        found.map(|finding| finding.severity)
    };
    assert_eq!(of(&check(leak("krakend.json"), Some("2.11"))), Some(Severity::Error));
    assert_eq!(of(&check(leak("v2.11/krakend.json"), None)), Some(Severity::Warning));
    assert_eq!(of(&check(leak("krakend.json"), None)), None);
    // What every release refuses stays an error.
    let old = |version| {
        let unknown = with(r#""trace_sample_rat":1"#);
        check(
            unknown.replacen(
                '{',
                r#"{"$schema":"https://www.krakend.io/schema/v2.6/krakend.json","#,
                1,
            ),
            version,
        )
    };
    let severities = |findings: &[otel_lint::finding::Finding]| -> Vec<(&'static str, Severity)> {
        findings.iter().map(|finding| (finding.rule, finding.severity)).collect()
    };
    assert!(severities(&old(None)).contains(&("unknown-field", Severity::Error)));
    // The panic of 2.12 is reported for 2.12 and for the newest release alike.
    let panics = check(text("v2.12/krakend.json"), None);
    assert!(severities(&panics).contains(&("backend-override-panics", Severity::Error)));
    // Not for 2.11, which does not panic.
    assert!(
        !severities(&check(text("v2.11/krakend.json"), None))
            .iter()
            .any(|(rule, _)| *rule == "backend-override-panics")
    );
}

/// What a release to come reads is not a certain error as long as nobody names a release.
#[test]
fn a_later_version_of_the_format_is_an_error_only_for_a_known_release() {
    let with = |version: &str, schema: &str| {
        let schema = format!("https://www.krakend.io/schema/{schema}krakend.json");
        service("{}").replacen('{', &format!(r#"{{"version":{version},"$schema":"{schema}","#), 1)
    };
    let open = |text: &str| {
        let source = Source::new("k.json", text.as_bytes());
        let findings = linter::check(source, &Options::default()).analysis.findings;
        let finding = findings.iter().find(|finding| finding.rule == "config-version");
        finding.map(|finding| finding.severity)
    };
    let (warning, error) = (Some(Severity::Warning), Some(Severity::Error));
    for (version, schema, expected) in [
        ("4", "", warning),
        ("4", "v3.0/", warning),
        ("4", "v2.13/", error),
        ("2", "", error),
        ("2", "v3.0/", error),
        ("3", "v3.0/", None),
    ] {
        let text = with(version, schema);
        assert_eq!(open(&text), expected, "{version} {schema}");
        let told = severity(&text, "config-version", "2.13");
        assert_eq!(told, if version == "3" { None } else { error }, "{version} {schema}");
    }
}
