//! Configurations with a canary in every position that can hold a secret.

use serde_json::{Map, Value, json};

/// What must not be shown.
pub const CANARY: &str = "cnry7Q4zX9";

/// Keys whose value is a secret.
const KEYS: &[&str] = &[
    "password",
    "PASSWORD",
    "passWord",
    "pa\u{17F}\u{17F}word",
    "pass",
    "pwd",
    "db_pass",
    "api-key",
    "API_KEY",
    "ApiKey",
    "apikey",
    "x-api-key",
    "Authorization",
    "basic_auth",
    "auth",
    "token",
    "to\u{212A}en",
    "access_token",
    "client_secret",
    "license",
    "license_key",
    "private_key",
    "cookie",
    "Set-Cookie",
    "signature",
    "sig",
    "credentials",
    "dsn",
    "connection_string",
    "jwt",
    "passphrase",
    "sasl_password",
    "DD_API_KEY",
    "secret_access_key",
];

/// Keys below which everything is secret.
const HEADERS: &[&str] = &[
    "headers",
    "Headers",
    "HEADERS",
    "header",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "otel_exporter_otlp_traces_headers",
    "custom_headers",
    "extraHeaders",
];

/// Texts with a secret in them, whatever they stand for.
pub fn looks() -> Vec<String> {
    [
        "https://u:{}@h",
        "https://{}@collector",
        "https:/u:{}@h",
        "//u:{}@h",
        "{}@h",
        "u:{}@h",
        "u:p/{}@h",
        "https:///u:{}@h",
        "https://u:a {}@h",
        "https://h:1/?key={}",
        "https://h/?a=b&sig={}",
        "https://h/?access_token={}",
        "/a/{x}?token={}",
        "bearer {}",
        "Bearer {}",
        "BASIC {}",
        "ApiKey {}",
        "Api-Token {}",
        "Token {}",
        "ghp_{}",
        "ghs_{}",
        "AIza{}",
        "glpat-{}",
        "eyJ{}.eyJ{}.{}",
        "API_TOKEN={}",
        "password: {}",
        "Authorization: Bearer {}",
        "authorization={}",
        "api-key={},other={}",
        "Cookie: a={}; b={}",
        "--password {}",
        "--api-key={}",
        "Server=h;Password={};Database=d",
        "https://hooks.slack.com/services/T0/B0/{}",
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
    ]
    .iter()
    .map(|look| look.replace("{}", CANARY))
    .collect()
}

/// A configuration with faults in many places, so that there are frames everywhere.
fn base() -> Value {
    json!({
        "version": 3,
        "name": "gateway",
        "extra_config": {
            "telemetry/opentelemetry": {
                "service_nam": "x",
                "trace_sample_rate": 0,
                "skip_paths": ["/nowhere"],
                "exporters": {
                    "otlp": [{ "name": "a", "host": "h:1", "prot": 1 }],
                    "prometheus": [{ "name": "b", "port": 8080 }, { "name": "b", "port": 8080 }]
                },
                "layers": {
                    "global": {
                        "report_headers": true,
                        "metrics_static_attributes": [{ "key": "", "value": "x" }]
                    },
                    "proxy": { "report_headers": "x", "disable_trace": true },
                    "backend": { "traces": { "disable_stag": true } }
                }
            }
        },
        "endpoints": [{
            "endpoint": "/a",
            "extra_config": {
                "telemetry/opentelemetry": { "proxy": { "disable_metrics": 1 }, "exporters_override": ["zz"] }
            },
            "backend": [{
                "url_pattern": "/b",
                "host": ["http://x"],
                "extra_config": {
                    "telemetry/opentelemetry": { "backend": { "metrics": { "stage": 1 } } }
                }
            }]
        }]
    })
}

/// JSON pointers of the objects that a secret may be a member of.
const OBJECTS: &[&str] = &[
    "",
    "/extra_config",
    "/extra_config/telemetry~1opentelemetry",
    "/extra_config/telemetry~1opentelemetry/exporters",
    "/extra_config/telemetry~1opentelemetry/exporters/otlp/0",
    "/extra_config/telemetry~1opentelemetry/exporters/prometheus/1",
    "/extra_config/telemetry~1opentelemetry/layers/global",
    "/extra_config/telemetry~1opentelemetry/layers/global/metrics_static_attributes/0",
    "/endpoints/0/extra_config/telemetry~1opentelemetry",
    "/endpoints/0/backend/0",
];

/// Members of a telemetry block and around it that hold a text, or a list of texts.
const TEXTS: &[(&str, &str)] = &[
    ("", "name"),
    ("", "$schema"),
    ("", "version"),
    ("", "@otel-lint"),
    ("", "plain"),
    ("/extra_config", "plain"),
    ("/extra_config/telemetry~1opentelemetry", "service_name"),
    ("/extra_config/telemetry~1opentelemetry", "service_version"),
    ("/extra_config/telemetry~1opentelemetry", "deployment_environment"),
    ("/extra_config/telemetry~1opentelemetry", "deploy_env"),
    ("/extra_config/telemetry~1opentelemetry", "skip_paths"),
    ("/extra_config/telemetry~1opentelemetry", "trace_sample_rate"),
    ("/extra_config/telemetry~1opentelemetry", "exporters"),
    ("/extra_config/telemetry~1opentelemetry", "plain"),
    ("/extra_config/telemetry~1opentelemetry/exporters", "otlp"),
    ("/extra_config/telemetry~1opentelemetry/exporters/otlp/0", "host"),
    ("/extra_config/telemetry~1opentelemetry/exporters/otlp/0", "name"),
    ("/extra_config/telemetry~1opentelemetry/exporters/otlp/0", "port"),
    ("/extra_config/telemetry~1opentelemetry/exporters/otlp/0", "use_http"),
    ("/extra_config/telemetry~1opentelemetry/exporters/otlp/0", "env"),
    ("/extra_config/telemetry~1opentelemetry/exporters/prometheus/0", "name"),
    ("/extra_config/telemetry~1opentelemetry/exporters/prometheus/0", "listen_ip"),
    ("/extra_config/telemetry~1opentelemetry/exporters/prometheus/0", "port"),
    ("/extra_config/telemetry~1opentelemetry/layers/global", "skip_headers"),
    ("/extra_config/telemetry~1opentelemetry/layers/global", "report_headers"),
    ("/extra_config/telemetry~1opentelemetry/layers/global/metrics_static_attributes/0", "key"),
    ("/extra_config/telemetry~1opentelemetry/layers/global/metrics_static_attributes/0", "value"),
    ("/endpoints/0", "endpoint"),
    ("/endpoints/0", "method"),
    ("/endpoints/0/extra_config/telemetry~1opentelemetry", "exporters_override"),
    ("/endpoints/0/extra_config/telemetry~1opentelemetry", "skip_paths"),
    ("/endpoints/0/backend/0", "url_pattern"),
    ("/endpoints/0/backend/0", "host"),
];

fn object<'v>(value: &'v mut Value, pointer: &str) -> &'v mut Map<String, Value> {
    value.pointer_mut(pointer).and_then(Value::as_object_mut).expect("an object of the base")
}

/// Each position by a name, and the configuration.
pub fn all() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let mut add = |at: &str, key: &str, value: Value| {
        let mut config = base();
        let name = format!("{at}/{key}: {value}");
        object(&mut config, at).insert(key.to_owned(), value);
        all.push((name, config));
    };
    for at in OBJECTS {
        for key in KEYS {
            add(at, key, json!(CANARY));
        }
        for key in HEADERS {
            add(at, key, json!({ "x-a": CANARY, "x-b": [CANARY] }));
            add(at, key, json!([{ "name": "x-a", "value": CANARY }]));
        }
        add(at, "tokens", json!([CANARY, [CANARY]]));
        add(at, "env", json!([{ "name": "API_TOKEN", "value": CANARY }]));
        add(at, "attributes", json!([{ "key": "password", "value": CANARY }]));
        add(at, "auth/api-keys", json!({ "keys": [{ "key": CANARY }, { "key": CANARY }] }));
        add(at, "auth/basic", json!({ "users": { "ann": CANARY } }));
        add(at, "telemetry/newrelic", json!({ "license": CANARY }));
        let security = json!({ "otlp": [{ "name": "a", "headers": { "x-a": CANARY } }] });
        add(at, "telemetry/opentelemetry-security", security);
    }
    for look in looks() {
        for (at, key) in TEXTS {
            add(at, key, json!(look));
            add(at, key, json!([look, look]));
            add(at, key, json!({ "plain": look }));
        }
        // As a key, and as what is ignored and why.
        for at in OBJECTS {
            add(at, &look, json!(1));
            add(at, &look, json!({ "a": 1, "prot": 2 }));
        }
        add("", "@otel-lint", json!({ "ignore": { "sample-rate-zero": look } }));
        add("", "@otel-lint", json!({ "ignore": { "no-such-rule": look } }));
        let key = look.as_str();
        add("", "@otel-lint", json!({ "ignore": { key: "because" } }));
        add("", "@otel-lint", json!({ key: { "sample-rate-zero": "because" } }));
    }
    all
}

/// Members with a secret as JSON, which faults are made in: all keys are plain ASCII.
pub fn members() -> Vec<String> {
    let mut members: Vec<String> = ["password", "api-key", "pwd", "Headers"]
        .iter()
        .map(|key| format!("{}: {}", Value::from(*key), Value::from(CANARY)))
        .collect();
    members.push(format!("\"headers\": {{\"x-a\": \"{CANARY}\"}}"));
    members.push(format!("\"tokens\": [\"{CANARY}\"]"));
    members.push(format!("\"host\": \"https://u:{CANARY}@h\""));
    members.push(format!("\"x\": \"Bearer {CANARY}\""));
    members.push(format!("\"token\": {{\"name\": \"x\", \"value\": \"{CANARY}\"}}"));
    members
}
