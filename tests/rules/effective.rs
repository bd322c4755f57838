//! What the gateway will do, row by row: a block of the service (or a whole configuration), a
//! gateway, and what must stand in the outline. Each row is one fact about the gateway.

use otel_lint::document::json;
use otel_lint::effective::Effective;
use otel_lint::outline::Outline;
use otel_lint::source::Source;
use otel_lint::target::{Edition, Origin, Target, Version};
use serde_json::{Value, json};

fn outline(text: &str, version: &str, edition: Edition) -> Value {
    let source = Source::new("k.json", text.as_bytes());
    let parsed = json::read(&source);
    assert!(parsed.errors.is_empty(), "{text}");
    let version: Version = version.parse().expect("a version");
    let target = Target { edition, version, origin: Origin::Flag };
    let outline = Outline::new(&Effective::new(&parsed.document, target));
    serde_json::from_str(&outline.json()).expect("the outline is JSON")
}

fn service(block: &str) -> String {
    format!(
        "{{\"name\":\"gw\",\"extra_config\":{{\"telemetry/opentelemetry\":{block}}},\"version\":3}}"
    )
}

/// A block with one OTLP exporter and `members` beside it.
fn with(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    service(&format!(
        "{{\"exporters\":{{\"otlp\":[{{\"name\":\"c\",\"host\":\"col\"}}]}}{comma}{members}}}"
    ))
}

fn exporter(members: &str) -> String {
    service(&format!("{{\"exporters\":{{\"otlp\":[{{{members}}}]}}}}"))
}

fn prometheus(members: &str) -> String {
    service(&format!("{{\"exporters\":{{\"prometheus\":[{{{members}}}]}}}}"))
}

/// A service with one exporter and `layers`, an endpoint with `endpoint` as its block, and a backend
/// with `backend` as its own.
fn overridden(layers: &str, endpoint: &str, backend: &str) -> String {
    format!(
        r#"{{"extra_config":{{"telemetry/opentelemetry":{{"layers":{layers},
        "exporters":{{"otlp":[{{"name":"c","host":"col"}}]}}}}}},
        "endpoints":[{{"endpoint":"/a/{{id}}","extra_config":{{"telemetry/opentelemetry":{endpoint}}},
        "backend":[{{"url_pattern":"/b","extra_config":{{"telemetry/opentelemetry":{backend}}}}}]}}],"version":3}}"#
    )
}

struct Row {
    fact: &'static str,
    text: String,
    version: &'static str,
    edition: Edition,
    expected: Vec<(&'static str, Value)>,
}

fn row(fact: &'static str, text: String, expected: Vec<(&'static str, Value)>) -> Row {
    Row { fact, text, version: "2.13", edition: Edition::Community, expected }
}

impl Row {
    fn on(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    fn enterprise(self) -> Self {
        Self { edition: Edition::Enterprise, ..self }
    }
}

#[allow(clippy::too_many_lines)] // A table.
fn rows() -> Vec<Row> {
    let sampler = "/service/sampler/value";
    let round_trip = "/layers/backend/traces/round_trip/value";
    let skipped = "/layers/global/headers/skipped";
    let headers = r#""layers":{"global":{"report_headers":true,"skip_headers":["cookie"]}}"#;
    vec![
        // The block itself
        row("no block: off", r#"{"version":3}"#.into(), vec![("/status", json!("absent")), ("/service", Value::Null)]),
        row("null: on, without a provider", service("null"), vec![("/status", json!("idle"))]),
        row("{}: on, without a provider", service("{}"), vec![("/status", json!("idle"))]),
        row("a string: dropped", service("\"x\""), vec![("/status", json!("dropped"))]),
        row("an exporter: on", with(""), vec![("/status", json!("active"))]),
        row("one wrong type anywhere: dropped", with(r#""service_name":1"#), vec![("/status", json!("dropped")), ("/exporters", json!([]))]),
        row("a wrong type deep in the layers: dropped", with(r#""layers":{"proxy":{"metrics_static_attributes":[{"key":"a","value":1}]}}"#), vec![("/status", json!("dropped"))]),
        row("two exporters of one name: dropped", service(r#"{"exporters":{"otlp":[{"name":"x","host":"a"}],"prometheus":[{"name":"x"}]}}"#), vec![("/status", json!("dropped"))]),
        row("a wrong type the gateway does not read: nothing", prometheus(r#""name":"p","listen_ip":5"#), vec![("/status", json!("active"))]),
        row("histograms are not read", with(r#""histograms":"x""#), vec![("/status", json!("active"))]),
        row("Enterprise reads histograms", with(r#""histograms":"x""#), vec![("/status", json!("dropped"))]).enterprise(),
        row("of equal keys the last counts", exporter(r#""name":"c","host":"a","host":"b""#), vec![("/exporters/0/address", json!("b:4317"))]),
        row("keys in any case", exporter(r#""Name":"c","HOST":"a""#), vec![("/exporters/0/address", json!("a:4317"))]),
        row("of two cases the lower one counts", exporter(r#""name":"c","port":1,"Port":2,"host":"a""#), vec![("/exporters/0/address", json!("a:1"))]),
        row("objects of two cases merge", with(r#""Layers":{"proxy":{"disable_traces":true}},"layers":{"global":{"disable_traces":true}}"#), vec![("/layers/proxy/traces/value", json!(false)), ("/layers/global/traces/value", json!(false))]),
        // Names and environment
        row("the block's name", with(r#""service_name":"s""#), vec![("/service/name", json!({"value":"s","from":{"line":1,"column":121}}))]),
        row("else the gateway's name", with(""), vec![("/service/name/value", json!("gw"))]),
        row("an empty name counts as none", with(r#""service_name":"""#), vec![("/service/name/value", json!("gw"))]),
        row("else KrakenD", r#"{"version":3,"extra_config":{"telemetry/opentelemetry":{}}}"#.into(), vec![("/service/name", json!({"value":"KrakenD","from":"default"}))]),
        row("the environment", with(r#""deploy_env":"prod""#), vec![("/service/environment/value", json!("prod"))]),
        row("the environment is unknown to 2.9", with(r#""deploy_env":"prod""#), vec![("/service/environment/value", json!(""))]).on("2.9"),
        // Sampling
        row("no rate: all", with(""), vec![(sampler, json!({"kind":"always"}))]),
        row("a rate between 0 and 1", with(r#""trace_sample_rate":0.15"#), vec![(sampler, json!({"kind":"ratio","ratio":0.15}))]),
        row("0: all", with(r#""trace_sample_rate":0"#), vec![(sampler, json!({"kind":"always"}))]),
        row("1: all", with(r#""trace_sample_rate":1"#), vec![(sampler, json!({"kind":"always"}))]),
        row("negative: all", with(r#""trace_sample_rate":-0.5"#), vec![(sampler, json!({"kind":"always"}))]),
        row("null: all, by default", with(r#""trace_sample_rate":null"#), vec![("/service/sampler/from", json!("default"))]),
        // Periods
        row("no period: 30 s", with(""), vec![("/service/metric_period/value", json!(30))]),
        row("period 0: 60 s", with(r#""metric_reporting_period":0"#), vec![("/service/metric_period/value", json!(60))]),
        row("a negative period: 60 s", with(r#""metric_reporting_period":-5"#), vec![("/service/metric_period/value", json!(60))]),
        row("30.0 is an integer", with(r#""metric_reporting_period":15.0"#), vec![("/service/metric_period/value", json!(15))]),
        row("0.5 is none: dropped", with(r#""metric_reporting_period":0.5"#), vec![("/status", json!("dropped"))]),
        row("an exporter's own period", exporter(r#""name":"c","host":"a","custom_metric_reporting_period":5"#), vec![("/exporters/0/metric_period/value", json!(5))]),
        row("an own period of 0 is none", exporter(r#""name":"c","host":"a","custom_metric_reporting_period":0"#), vec![("/exporters/0/metric_period/value", json!(30))]),
        row("a negative own period: dropped", exporter(r#""name":"c","host":"a","custom_metric_reporting_period":-1"#), vec![("/status", json!("dropped"))]),
        row("2.9 has no own period", exporter(r#""name":"c","host":"a","custom_metric_reporting_period":5"#), vec![("/exporters/0/metric_period/value", json!(30))]).on("2.9"),
        // Skipped paths
        row("no paths: four defaults", with(""), vec![("/service/skip_paths/value", json!(["/__health","/__debug/","/__echo/","/__stats/"]))]),
        row("an empty list: four defaults", with(r#""skip_paths":[]"#), vec![("/service/skip_paths/from", json!("default"))]),
        row("a list replaces them", with(r#""skip_paths":["/x"]"#), vec![("/service/skip_paths/value", json!(["/x"]))]),
        row("an empty text skips nothing", with(r#""skip_paths":[""]"#), vec![("/service/skip_paths/value", json!([""]))]),
        // OTLP exporters
        row("gRPC to 4317 in plaintext", exporter(r#""name":"c","host":"a""#), vec![("/exporters/0/protocol/value", json!("grpc")), ("/exporters/0/address", json!("a:4317")), ("/exporters/0/tls", json!(false))]),
        row("HTTP goes to 4317 as well", exporter(r#""name":"c","host":"a","use_http":true"#), vec![("/exporters/0/protocol/value", json!("http")), ("/exporters/0/address", json!("a:4317"))]),
        row("port 0 is 4317", exporter(r#""name":"c","host":"a","port":0"#), vec![("/exporters/0/address", json!("a:4317")), ("/exporters/0/port_from", json!("default"))]),
        row("no host is localhost", exporter(r#""name":"c","host":"""#), vec![("/exporters/0/address", json!("localhost:4317"))]),
        row("https over HTTP", exporter(r#""name":"c","host":"https://a","use_http":true,"port":4318"#), vec![("/exporters/0/tls", json!(true)), ("/exporters/0/address", json!("a:4318"))]),
        row("https over gRPC is plaintext", exporter(r#""name":"c","host":"https://a""#), vec![("/exporters/0/tls", json!(false))]),
        row("2.9 speaks TLS over HTTP", exporter(r#""name":"c","host":"a","use_http":true"#), vec![("/exporters/0/tls", json!(true))]).on("2.9"),
        row("2.9 knows no scheme", exporter(r#""name":"c","host":"http://a""#), vec![("/exporters/0/possible", json!(false))]).on("2.9"),
        row("a path drops the port", exporter(r#""name":"c","host":"https://a/otlp","port":4318,"use_http":true"#), vec![("/exporters/0/address", json!("a:443"))]),
        row("a port in the host breaks it", exporter(r#""name":"c","host":"a:4317""#), vec![("/exporters/0/possible", json!(false))]),
        row("no such port", exporter(r#""name":"c","host":"a","port":70000"#), vec![("/exporters/0/possible", json!(false))]),
        row("signals off", exporter(r#""name":"c","host":"a","disable_traces":true,"disable_metrics":true"#), vec![("/status", json!("idle")), ("/exporters/0/traces/value", json!(false))]),
        row("a null exporter is one without a name", service(r#"{"exporters":{"otlp":[null]}}"#), vec![("/status", json!("active")), ("/exporters/0/address", json!("localhost:4317"))]),
        row("a text is not an exporter: dropped", service(r#"{"exporters":{"otlp":["a:4317"]}}"#), vec![("/status", json!("dropped"))]),
        // Prometheus exporters
        row("port 9090 on all addresses", prometheus(r#""name":"p""#), vec![("/exporters/0/port/value", json!(9090)), ("/exporters/0/listen/value", json!(""))]),
        row("listen_ip is not read", prometheus(r#""name":"p","listen_ip":"127.0.0.1""#), vec![("/exporters/0/listen/value", json!(""))]),
        row("host is", prometheus(r#""name":"p","host":"127.0.0.1""#), vec![("/exporters/0/listen/value", json!("127.0.0.1"))]),
        row("Enterprise reads listen_ip", prometheus(r#""name":"p","listen_ip":"127.0.0.1""#), vec![("/exporters/0/listen/value", json!("127.0.0.1"))]).enterprise(),
        row("Prometheus alone propagates nothing", prometheus(r#""name":"p""#), vec![("/service/propagates_to_backends", json!(false))]),
        // Ports
        row("the gateway's own port", r#"{"version":3}"#.into(), vec![("/ports", json!([{"port":{"value":8080,"from":"default"},"address":"","owner":"gateway","clashes":false}]))]),
        row("exporters listen before the gateway", r#"{"version":3,"port":9090,"extra_config":{"telemetry/opentelemetry":{"exporters":{"prometheus":[{"name":"p","disable_metrics":true}]}}}}"#.into(), vec![("/ports/0/owner", json!("prometheus exporter")), ("/ports/0/port/from", json!("default")), ("/ports/1/owner", json!("gateway")), ("/ports/1/port/from", json!({"line":1,"column":21})), ("/ports/1/clashes", json!(true))]),
        // Layers
        row("nothing written: all on", with(""), vec![(round_trip, json!(true)), ("/service/propagates_to_backends", json!(true)), ("/layers/global/traces/value", json!(true))]),
        row("an empty object: details off", with(r#""layers":{"backend":{"traces":{}}}"#), vec![(round_trip, json!(false)), ("/service/propagates_to_backends", json!(false)), ("/layers/backend/metrics/round_trip/value", json!(true))]),
        row("up to 2.11 an empty object counts as absent", with(r#""layers":{"backend":{"traces":{}}}"#), vec![(round_trip, json!(true))]).on("2.11"),
        row("a written flag turns the others off", with(r#""layers":{"backend":{"traces":{"report_headers":true}}}"#), vec![(round_trip, json!(false))]),
        row("disable_stage leaves the details", with(r#""layers":{"backend":{"traces":{"disable_stage":true,"round_trip":true}}}"#), vec![("/layers/backend/traces/stage/value", json!(false)), ("/service/propagates_to_backends", json!(true))]),
        row("reading the body is enough to propagate", with(r#""layers":{"backend":{"traces":{"read_payload":true}}}"#), vec![("/service/propagates_to_backends", json!(true))]),
        row("2.8 propagates if metrics are instrumented", with(r#""layers":{"backend":{"traces":{"report_headers":true}}}"#), vec![("/service/propagates_to_backends", json!(true))]).on("2.8"),
        row("incoming traces ignored", with(r#""layers":{"global":{"disable_propagation":true}}"#), vec![("/service/joins_incoming_traces/value", json!(false)), ("/service/propagates_to_backends", json!(true))]),
        row("skipped headers", with(headers), vec![(skipped, json!(["cookie"]))]),
        row("2.11 skips no header", with(headers), vec![(skipped, json!([]))]).on("2.11"),
        row("an attribute without value is dropped", with(r#""layers":{"proxy":{"traces_static_attributes":[{"key":"a","value":""},{"key":"b","value":"c"}]}}"#), vec![("/layers/proxy/traces_attributes", json!(["b=c"]))]),
        row("2.7.0 has no attributes yet", with(r#""layers":{"proxy":{"traces_static_attributes":[{"key":"b","value":"c"}]}}"#), vec![("/layers/proxy/traces_attributes", json!([]))]).on("2.7.0"),
        row("2.7.1 has", with(r#""layers":{"proxy":{"traces_static_attributes":[{"key":"b","value":"c"}]}}"#), vec![("/layers/proxy/traces_attributes", json!(["b=c"]))]).on("2.7.1"),
        // Overrides
        row("an override replaces the layer", overridden(r#"{"proxy":{"report_headers":true}}"#, r#"{"proxy":{"disable_metrics":true}}"#, "{}"), vec![("/overrides/0/status", json!("in-force")), ("/overrides/0/changes/0/setting", json!("proxy.metrics")), ("/overrides/0/changes/1/setting", json!("proxy.report_headers")), ("/overrides/0/changes/1/here", json!("off"))]),
        row("a wrong type drops the override", overridden("{}", r#"{"proxy":{"disable_metrics":"x"}}"#, "{}"), vec![("/status", json!("active")), ("/overrides/0/status", json!("dropped"))]),
        row("a wrong type in what is not read drops it too", overridden("{}", r#"{"proxy":{},"backend":{"traces":5}}"#, "{}"), vec![("/overrides/0/status", json!("dropped"))]),
        row("2.7 takes no override", overridden("{}", r#"{"proxy":{"disable_metrics":true}}"#, "{}"), vec![("/overrides/0/status", json!("ignored")), ("/overrides/0/changes", json!([]))]).on("2.7"),
        row("a backend's flags not written are off", overridden("{}", "{}", r#"{"backend":{"traces":{"round_trip":true},"metrics":{"round_trip":true}}}"#), vec![("/overrides/1/place", json!("GET /a/{id} → /b")), ("/overrides/1/changes/0/setting", json!("backend.traces.read_payload")), ("/overrides/1/changes/0/here", json!("off"))]),
        row("a backend override without traces: a crash", overridden("{}", "{}", r#"{"backend":{}}"#), vec![("/status", json!("does-not-start"))]),
        row("not in 2.11", overridden("{}", "{}", r#"{"backend":{}}"#), vec![("/status", json!("active"))]).on("2.11"),
        row("proxy of a backend is not read", overridden("{}", "{}", r#"{"proxy":{"disable_traces":true}}"#), vec![("/overrides/1/status", json!("ignored"))]),
        row("no override without a service", r#"{"endpoints":[{"endpoint":"/a","extra_config":{"telemetry/opentelemetry":{"proxy":{}}}}]}"#.into(), vec![("/status", json!("absent")), ("/overrides", json!([]))]),
        row("an agent is an endpoint", r#"{"extra_config":{"telemetry/opentelemetry":{"exporters":{"otlp":[{"name":"c","host":"a"}]}}},"async_agent":[{"name":"q","extra_config":{"telemetry/opentelemetry":{"proxy":{"disable_traces":true}}}}]}"#.into(), vec![("/overrides/0/place", json!("agent q")), ("/overrides/0/status", json!("in-force"))]),
    ]
}

#[test]
fn each_fact_about_the_gateway_holds() {
    let rows = rows();
    assert!(rows.len() >= 40);
    let mut failures = Vec::new();
    for Row { fact, text, version, edition, expected } in rows {
        let outline = outline(&text, version, edition);
        for (pointer, value) in expected {
            let found = outline.pointer(pointer).unwrap_or(&Value::Null);
            if *found != value {
                failures.push(format!("{fact}: {pointer} is {found}, not {value}\n  {text}"));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_form_is_documented_and_stable() {
    let text = overridden("{}", r#"{"proxy":{"disable_metrics":true}}"#, "{}");
    let found = outline(&text, "2.13", Edition::Community);
    let names: Vec<&String> = found.as_object().expect("an object").keys().collect();
    assert_eq!(
        names,
        [
            "form",
            "file",
            "target",
            "status",
            "service",
            "exporters",
            "layers",
            "ports",
            "overrides",
            "environment"
        ]
    );
    assert_eq!(found["form"], 1);
}
