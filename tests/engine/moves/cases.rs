//! Configurations with a key in the wrong place.

use otel_lint::target::Edition;
use serde_json::{Value, json};

/// A configuration with a key in the wrong place.
pub struct Case {
    pub rule: &'static str,
    pub edition: Edition,
    pub before: Value,
    /// After the fix; `None` if there is none.
    pub after: Option<Value>,
}

/// Blocks of a service, and what becomes of them. Where no exporters are written, there is one.
const SERVICE: &[(&str, Option<&str>)] = &[
    // Too low.
    (
        r#"{"layers": {"global": {"skip_paths": ["/x"], "disable_traces": true}}}"#,
        Some(r#"{"layers": {"global": {"disable_traces": true}}, "skip_paths": ["/x"]}"#),
    ),
    (
        r#"{"exporters": {"otlp": [{"name": "c", "host": "c"}], "layers": {"proxy": {}}}}"#,
        Some(r#"{"layers": {"proxy": {}}}"#),
    ),
    (
        r#"{"exporters": {"otlp": [{"name": "c", "host": "c", "service_name": "s"}]}}"#,
        Some(r#"{"service_name": "s"}"#),
    ),
    // Too high, with and without the objects on the way.
    (
        r#"{"proxy": {"disable_traces": true}}"#,
        Some(r#"{"layers": {"proxy": {"disable_traces": true}}}"#),
    ),
    (
        r#"{"layers": {"global": {}}, "proxy": {"disable_traces": true}}"#,
        Some(r#"{"layers": {"global": {}, "proxy": {"disable_traces": true}}}"#),
    ),
    (
        r#"{"exporters": {"prometheus": [{"name": "p"}]}, "otlp": [{"name": "c", "host": "c"}]}"#,
        Some(
            r#"{"exporters": {"prometheus": [{"name": "p"}], "otlp": [{"name": "c", "host": "c"}]}}"#,
        ),
    ),
    (
        r#"{"use_http": true}"#,
        Some(r#"{"exporters": {"otlp": [{"name": "c", "host": "c", "use_http": true}]}}"#),
    ),
    (
        r#"{"layers": {"semantic_convention": "1.27"}}"#,
        Some(r#"{"layers": {"global": {"semantic_convention": "1.27"}}}"#),
    ),
    // Which of several?
    (
        r#"{"exporters": {"otlp": [{"name": "c", "host": "c"}, {"name": "d", "host": "d"}]}, "use_http": true}"#,
        None,
    ),
    (
        r#"{"exporters": {"otlp": [{"name": "c", "host": "c"}, {"name": "d", "host": "d", "trace_sample_rate": 0.5}]}}"#,
        None,
    ),
    (r#"{"disable_traces": true}"#, None),
    (r#"{"layers": {"proxy": {"metrics": {"disable_stage": true}}}}"#, None),
    // It is there already, in another case too; or what is on the way is no object, or not there.
    (r#"{"skip_paths": [], "layers": {"global": {"skip_paths": ["/x"]}}}"#, None),
    (r#"{"layers": {"Proxy": {}}, "proxy": {"disable_traces": true}}"#, None),
    (r#"{"layers": 1, "proxy": {"disable_traces": true}}"#, None),
    (r#"{"exporters": {"prometheus": [{"name": "p"}]}, "use_http": true}"#, None),
    // The gateway would drop the whole block for its value.
    (r#"{"layers": {"global": {"skip_paths": "/x"}}}"#, None),
    // Its object would turn off all that it does not name.
    (r#"{"layers": {"backend": {"skip_headers": ["Cookie"]}}}"#, None),
];

/// The overrides of an endpoint and of its backends, and what becomes of them.
type Overrides = (&'static str, &'static [&'static str]);

const OVERRIDES: &[(&str, Overrides, Option<Overrides>)] = &[
    // From a backend to its endpoint, if that has no other.
    (
        "override-misplaced-key",
        ("", &[r#"{"proxy": {"disable_metrics": true}}"#]),
        Some((r#"{"proxy": {"disable_metrics": true}}"#, &[""])),
    ),
    (
        "override-misplaced-key",
        (r#"{"global": {}}"#, &[r#"{"proxy": {}, "backend": {"traces": {}}}"#]),
        Some((r#"{"global": {}, "proxy": {}}"#, &[r#"{"backend": {"traces": {}}}"#])),
    ),
    ("override-misplaced-key", ("", &[r#"{"proxy": {}}"#, ""]), None),
    (
        "override-misplaced-key",
        (r#"{"proxy": {}}"#, &[r#"{"proxy": {"disable_traces": true}}"#]),
        None,
    ),
    ("override-misplaced-key", ("", &[r#"{"proxy": {"disable_metrics": 1}}"#]), None),
    // An override has no `layers`.
    (
        "override-misplaced-key",
        (r#"{"layers": {"proxy": {"disable_metrics": true}, "global": {}}}"#, &[""]),
        Some((r#"{"proxy": {"disable_metrics": true}, "global": {}}"#, &[""])),
    ),
    (
        "override-misplaced-key",
        ("", &[r#"{"layers": {"backend": {"traces": {"round_trip": true}}}}"#]),
        Some(("", &[r#"{"backend": {"traces": {"round_trip": true}}}"#])),
    ),
    ("override-misplaced-key", (r#"{"layers": {"backend": {"traces": {}}}}"#, &[""]), None),
    // Without `traces` the gateway crashes.
    ("override-misplaced-key", ("", &[r#"{"layers": {"backend": {"metrics": {}}}}"#]), None),
    ("unknown-field", ("", &[r#"{"metrics": {"round_trip": true}}"#]), None),
    // What belongs to the service is no part of an override.
    ("override-misplaced-key", (r#"{"trace_sample_rate": 0.5}"#, &[""]), None),
    (
        "unknown-field",
        (r#"{"disable_metrics": true}"#, &[""]),
        Some((r#"{"proxy": {"disable_metrics": true}}"#, &[""])),
    ),
    (
        "endpoint-backend-override-ee-only",
        (r#"{"backend": {"traces": {"round_trip": true}}}"#, &[""]),
        Some(("", &[r#"{"backend": {"traces": {"round_trip": true}}}"#])),
    ),
];

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// A configuration whose service has this block.
pub fn service(block: &str) -> Value {
    let mut block = read(block);
    if block.get("exporters").is_none() {
        block["exporters"] = json!({"otlp": [{"name": "c", "host": "c"}]});
    }
    json!({"version": 3, "extra_config": {"telemetry/opentelemetry": block}})
}

/// A configuration whose endpoint has these overrides.
fn endpoint((own, backends): Overrides) -> Value {
    let overridden = |mut object: Value, block: &str| {
        if !block.is_empty() {
            object["extra_config"] = json!({"telemetry/opentelemetry": read(block)});
        }
        object
    };
    let backend =
        |block: &&str| overridden(json!({"url_pattern": "/", "host": ["http://b"]}), block);
    let backends: Vec<Value> = backends.iter().map(backend).collect();
    let mut value = service("{}");
    value["endpoints"] = json!([overridden(json!({"endpoint": "/a", "backend": backends}), own)]);
    value
}

/// All of them.
pub fn all() -> Vec<Case> {
    let case = |rule, before, after| Case { rule, edition: Edition::Community, before, after };
    let of_service = SERVICE
        .iter()
        .map(|(before, after)| case("unknown-field", service(before), after.map(service)));
    let of_overrides = OVERRIDES
        .iter()
        .map(|(rule, before, after)| case(rule, endpoint(*before), after.map(endpoint)));
    of_service.chain(of_overrides).chain(below_service()).collect()
}

/// Exporters and credentials in an endpoint: they belong to the service.
fn below_service() -> Vec<Case> {
    let case = |edition, before, after| Case { rule: "otel-wrong-scope", edition, before, after };
    let twice = |value: &Value| {
        let mut value = value.clone();
        let again = value["endpoints"][0].clone();
        value["endpoints"].as_array_mut().expect("a list").push(again);
        value
    };
    let whole = endpoint(("", &[""]));
    let mut exporters = whole.clone();
    let moved = exporters.as_object_mut().expect("an object").remove("extra_config");
    exporters["endpoints"][0]["extra_config"] = moved.expect("it is there");
    let mut cases = vec![
        case(Edition::Community, twice(&exporters), None),
        case(Edition::Community, exporters, Some(whole.clone())),
    ];
    let name = "telemetry/opentelemetry-security";
    let security = json!({"otlp": [{"name": "c", "headers": {"k": "$v"}}]});
    let mut inside = whole.clone();
    inside["endpoints"][0]["extra_config"][name] = security.clone();
    let mut beside = whole.clone();
    beside["endpoints"][0]["backend"][0][name] = security.clone();
    let mut after = whole;
    after["extra_config"][name] = security;
    for before in [inside, beside] {
        // The Community Edition reads it nowhere.
        cases.push(case(Edition::Community, before.clone(), None));
        cases.push(case(Edition::Enterprise, twice(&before), None));
        cases.push(case(Edition::Enterprise, before, Some(after.clone())));
    }
    cases
}
