//! What a hover says is in force, for each setting.

use otel_lint::editor;
use otel_lint::linter::Options;
use otel_lint::source::Source;

/// What is in force, by the line of `text` that each key is on.
fn in_force(text: &str) -> Vec<(usize, String)> {
    let source = Source::new("krakend.json", text);
    let mut told = Vec::new();
    let mut start = 0;
    for (number, line) in text.lines().enumerate() {
        if let Some(at) = line.find('"') {
            let hover = editor::hover(&source, (start + at + 1) as u32, &Options::default());
            if let Some((_, text)) =
                hover.as_ref().and_then(|it| it.markdown.split_once("**In force:** "))
            {
                told.push((number + 1, text.to_owned()));
            }
        }
        start += line.len() + 1;
    }
    told
}

/// A configuration whose block of telemetry begins on line 1 and whose members are on the lines after.
fn service(members: &str) -> String {
    format!(
        "{{\"version\": 3, \"name\": \"shop\", \"extra_config\": {{\"telemetry/opentelemetry\": {{\n{members}}}}}}}"
    )
}

#[test]
fn each_setting_of_the_service_says_what_is_in_force() {
    let members = r#""trace_sample_rate": 0.125,
"metric_reporting_period": 7,
"deploy_env": "live",
"service_name": "front",
"skip_paths": ["/a", "", "/b"],
"layers": {
"global": {
"disable_metrics": true,
"disable_traces": false,
"disable_propagation": true,
"report_headers": false},
"proxy": {
"disable_metrics": false,
"disable_traces": true,
"report_headers": true,
"skip_headers": ["Cookie"]},
"backend": {"metrics": {
"disable_stage": false,
"round_trip": true,
"read_payload": false,
"detailed_connection": true},
"traces": {
"disable_stage": true,
"detailed_connection": true,
"report_headers": true,
"skip_headers": []}}},
"exporters": {"otlp": [
{"name": "plain", "host": "collector"},
{"name": "web", "host": "collector", "port": 4318, "use_http": true, "disable_metrics": true},
{"name": "tls", "host": "https://c:4318", "port": 4318, "use_http": true, "disable_traces": true},
{"name": "none", "host": "collector", "disable_metrics": true, "disable_traces": true},
{"name": "wrong", "host": "collector", "port": 70000}],
"prometheus": [
{"name": "a", "port": 9091, "listen_ip": "::1"},
{"name": "b", "disable_metrics": true}]}
"#;
    let told = in_force(&service(members));
    let expected = [
        (2, "12.5 % of new traces; from line 2"),
        (3, "every 7 seconds; from line 3"),
        (4, "`live`; from line 4"),
        (5, "`front`; from line 5"),
        (6, "`/a`, `/b`; from line 6"),
        (9, "metrics: not reported; from line 9"),
        (10, "spans: reported; from line 10"),
        (11, "a trace that a client sends along is not joined; from line 11"),
        (12, "headers: not reported; from line 12"),
        (14, "metrics: reported; from line 14"),
        (15, "spans: not reported; from line 15"),
        (16, "headers: reported; from line 16"),
        (17, "`Cookie`; from line 17"),
        (19, "the call as a whole: reported; from line 19"),
        (20, "the HTTP request: reported; from line 20"),
        (21, "reading the body: not reported; from line 21"),
        (22, "details of the connection: reported; from line 22"),
        (24, "the call as a whole: not reported; from line 24"),
        (25, "details of the connection: on, without effect here; from line 25"),
        (26, "headers: reported; from line 26"),
        (27, "no header is left out; from line 27"),
        (
            29,
            "traces and metrics go to `collector:4317` by OTLP over gRPC, without encryption; the port is a default",
        ),
        (
            30,
            "traces go to `http://collector:4318/v1/traces` by OTLP over HTTP, without encryption",
        ),
        (
            31,
            "metrics go to `https://c:4318:4318/v1/metrics` by OTLP over HTTP, with TLS; **no such address can be dialled**",
        ),
        (32, "nothing is sent: traces and metrics are off"),
        (
            33,
            "traces and metrics go to `collector:70000` by OTLP over gRPC, without encryption; **no such address can be dialled**",
        ),
        (35, "`/metrics` is served on port 9091 of every address"),
        (
            36,
            "`/metrics` is served on port 9090 of every address; the port is a default; it has no metrics, and each request logs an error",
        ),
    ];
    let told: Vec<(usize, &str)> = told.iter().map(|(line, text)| (*line, &**text)).collect();
    assert_eq!(told, expected);
}

#[test]
fn an_override_says_what_it_changes() {
    let endpoint = |members: &str| {
        format!(
            "{{\"endpoint\": \"/e\", \"backend\": [{{\"url_pattern\": \"/\"}}], \"extra_config\": {{\n\
             \"telemetry/opentelemetry\": {{{members}}}}}}}"
        )
    };
    let with = |service: &str, members: &str| {
        format!(
            "{{\"version\": 3, \"endpoints\": [{}], \"extra_config\": {{{service}}}}}",
            endpoint(members)
        )
    };
    let ours =
        r#""telemetry/opentelemetry": {"exporters": {"otlp": [{"name": "c", "host": "c"}]}}"#;
    for (service, members, expected) in [
        (
            ours,
            r#""proxy": {"disable_traces": true}"#,
            "for GET /e:\n- `proxy.traces`: off instead of on",
        ),
        (ours, r#""proxy": {"disable_traces": false}"#, "as the service, for GET /e"),
        (ours, r#""proxy": {"disable_traces": 1}"#, "nothing: the gateway drops this override"),
        ("", r#""proxy": {"disable_traces": true}"#, "nothing: without a block of the service"),
    ] {
        let told = in_force(&with(service, members));
        assert_eq!(told.len(), 1, "{members}: {told:?}");
        assert!(told[0].1.starts_with(expected), "{members}: {told:?}");
    }
}

#[test]
fn what_the_gateway_does_not_take_is_not_in_force() {
    let told = in_force(&service(
        "\"service_name\": null,\n\"exporters\": {\"prometheus\": [{\"name\": \"a\"}]}\n",
    ));
    assert_eq!(told, [(2, "`shop`; from line 1".to_owned())]);
    let told = in_force(&service("\"trace_sample_rate\": \"x\",\n\"exporters\": {}\n"));
    assert!(told[0].1.starts_with("Nothing: the gateway drops this block"), "{told:?}");
    let unloaded = service("\"trace_sample_rate\": 1\n").replacen('3', "[]", 1);
    let told = in_force(&unloaded);
    assert!(told[0].1.starts_with("Nothing: the gateway does not load"), "{told:?}");
}
