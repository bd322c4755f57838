//! The sample that every clone has: configurations drawn here, always the same, with what
//! `effective` says of them.
//!
//! `UPDATE_DECODED=1 cargo test --test decoded` writes it. What is recorded is our own word, which is
//! worth something only because the same program agrees with the gateway on the records beside the
//! checkout: the sample keeps it so where those are absent.

use serde_json::{Value, json};

/// Configurations of each format.
pub const COUNT: usize = 300;

/// Draws values; the same seed gives the same ones (Marsaglia's xorshift).
pub struct Draw(u64);

impl Draw {
    pub fn new(seed: u64) -> Self {
        Self(0x9E37_79B9_7F4A_7C15 ^ (seed.wrapping_mul(0x2545_F491_4F6C_DD1D) | 1))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).expect("53 bits") % limit
    }

    fn one_in(&mut self, limit: usize) -> bool {
        self.below(limit) == 0
    }

    fn pick(&mut self, options: &[Value]) -> Value {
        options[self.below(options.len())].clone()
    }
}

/// A value of the wrong type, once in a while, else `right`.
fn or_wrong(draw: &mut Draw, right: Value) -> Value {
    if draw.one_in(60) {
        draw.pick(&[
            json!(7),
            json!("off"),
            json!([]),
            json!({}),
            json!(true),
            json!(1.25),
            Value::Null,
        ])
    } else {
        right
    }
}

/// `name`, sometimes in another case, with the letters that fold into ASCII as well.
fn key(draw: &mut Draw, name: &str) -> String {
    match draw.below(40) {
        0 => name.to_uppercase(),
        1 => name.replacen('s', "ſ", 1),
        2 => name.replacen('k', "\u{212A}", 1),
        _ => name.to_owned(),
    }
}

/// An object with some of `members`, a key now and then twice in different cases.
fn object(draw: &mut Draw, members: Vec<(&str, Value)>) -> Value {
    let mut object = serde_json::Map::new();
    for (name, value) in members {
        if draw.one_in(3) {
            continue;
        }
        let value = or_wrong(draw, value);
        if draw.one_in(25) {
            object.insert(name.to_uppercase(), or_wrong(draw, value.clone()));
        }
        object.insert(key(draw, name), value);
    }
    Value::Object(object)
}

fn flag(draw: &mut Draw) -> Value {
    json!(draw.one_in(2))
}

fn attributes(draw: &mut Draw) -> Value {
    (0..draw.below(4))
        .map(|_| {
            let key = draw.pick(&[json!("zone"), json!("unit"), json!(""), json!("größe")]);
            let value = draw.pick(&[json!("west"), json!("42"), json!("")]);
            object(draw, vec![("key", key), ("value", value)])
        })
        .collect()
}

fn headers(draw: &mut Draw) -> Value {
    (0..draw.below(3)).map(|_| draw.pick(&[json!("Cookie"), json!("X-Trace"), json!("")])).collect()
}

fn otlp(draw: &mut Draw, index: usize) -> Value {
    let hosts = [
        "otel",
        "http://otel",
        "https://otel",
        "https://otel/v1",
        "HTTP://otel",
        "otel:4317",
        "[fe80::2]",
        "fe80::2",
        "ot el",
        "otel/",
        "otel?a",
        "https://ot%el",
        "dns:///otel",
        "grpc://otel",
        "${OTEL}",
        "http://a:b@otel",
        "ot%el",
        "ötel",
        "",
    ];
    let host = json!(hosts[draw.below(hosts.len())]);
    let port =
        draw.pick(&[json!(4317), json!(4318), json!(0), json!(-2), json!(70000), json!(443.0)]);
    let name = json!(if draw.one_in(12) { "same".to_owned() } else { format!("o{index}") });
    let period = draw.pick(&[json!(0), json!(5), json!(20_000_000_000_u64), json!(-1)]);
    let (http, traces, metrics) = (flag(draw), flag(draw), flag(draw));
    let mut exporter = object(
        draw,
        vec![
            ("host", host),
            ("port", port),
            ("use_http", http),
            ("disable_traces", traces),
            ("disable_metrics", metrics),
        ],
    );
    exporter["name"] = name;
    if draw.one_in(5) {
        exporter["custom_metric_reporting_period"] = period;
    }
    exporter
}

fn layer(draw: &mut Draw) -> Value {
    let members = vec![
        ("disable_metrics", flag(draw)),
        ("disable_traces", flag(draw)),
        ("report_headers", flag(draw)),
        ("skip_headers", headers(draw)),
        ("metrics_static_attributes", attributes(draw)),
        ("traces_static_attributes", attributes(draw)),
    ];
    object(draw, members)
}

fn backend_layer(draw: &mut Draw) -> Value {
    let signal = |draw: &mut Draw| {
        let members = vec![
            ("disable_stage", flag(draw)),
            ("round_trip", flag(draw)),
            ("read_payload", flag(draw)),
            ("detailed_connection", flag(draw)),
            ("static_attributes", attributes(draw)),
        ];
        object(draw, members)
    };
    let members = vec![("metrics", signal(draw)), ("traces", signal(draw))];
    object(draw, members)
}

/// A configuration.
pub fn configuration(draw: &mut Draw) -> Value {
    let exporters: Value = (0..draw.below(3)).map(|index| otlp(draw, index)).collect();
    let prometheus: Value = (0..draw.below(2))
        .map(|index| json!({ "name": format!("p{index}"), "port": 9090 + index }))
        .collect();
    let members =
        vec![("global", layer(draw)), ("proxy", layer(draw)), ("backend", backend_layer(draw))];
    let layers = object(draw, members);
    let rate = draw.pick(&[json!(0), json!(0.25), json!(1), json!(-3.5)]);
    let period = draw.pick(&[json!(0), json!(15), json!(-1), json!(10_000_000_000_u64)]);
    let paths = draw.pick(&[json!([]), json!(["/in"]), json!([""])]);
    let mut block = object(
        draw,
        vec![
            ("service_name", json!("laden")),
            ("deploy_env", json!("test")),
            ("trace_sample_rate", rate),
            ("metric_reporting_period", period),
            ("skip_paths", paths),
            ("layers", layers),
        ],
    );
    block["exporters"] = object(draw, vec![("otlp", exporters), ("prometheus", prometheus)]);
    let (proxy, global, backend) = (layer(draw), layer(draw), backend_layer(draw));
    let of_endpoint = object(draw, vec![("proxy", proxy), ("global", global)]);
    let of_backend = object(draw, vec![("backend", backend)]);
    json!({
        "version": 3,
        "name": "kasse",
        "extra_config": { "telemetry/opentelemetry": block },
        "endpoints": [{
            "endpoint": "/in",
            "extra_config": { "telemetry/opentelemetry": of_endpoint },
            "backend": [{
                "url_pattern": "/out",
                "host": ["http://out"],
                "extra_config": { "telemetry/opentelemetry": of_backend },
            }],
        }],
    })
}
