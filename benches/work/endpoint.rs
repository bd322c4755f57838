//! One endpoint with its backends, unlike every other.

use super::WARNED;
use super::random::Random;
use super::value::{Value, list, object};

const AREAS: [&str; 8] =
    ["shops", "offers", "orders", "carts", "users", "größen", "payments", "reviews"];
const TEAMS: [&str; 5] = ["checkout", "search", "identity", "catalogue", "logistics"];
const HEADERS: [&str; 5] =
    ["Accept-Language", "Traceparent", "Content-Type", "X-Request-Id", "If-None-Match"];
const QUERIES: [&str; 4] = ["page", "limit", "sort", "größe"];

type Member = (&'static str, Value);

/// The endpoint of this number. `is_wrong`: a setting of its override has the wrong type.
pub fn new(index: usize, is_wrong: bool) -> Value {
    let random = &mut Random::new(index);
    let area = random.one_of(&AREAS);
    let is_warned = index % WARNED == WARNED / 2;
    let has_overrides = is_wrong || is_warned || index % 10 < 7;
    let method = random.one_of(&["GET", "GET", "GET", "POST", "PUT", "DELETE"]);
    let version = random.below(4) + 1;
    let mut members = vec![
        ("endpoint", format!("/v{version}/{area}/{{id}}/items-{index}/{{item}}").into()),
        ("method", method.into()),
    ];
    if random.chance(40) {
        members.push(("timeout", format!("{}ms", 500 + random.below(9_500)).into()));
    }
    if random.chance(60) {
        let headers = random.some_of(&HEADERS).into_iter().map(Value::from);
        members.push(("input_headers", list(headers)));
    }
    if random.chance(50) {
        let queries = random.some_of(&QUERIES).into_iter().map(Value::from);
        members.push(("input_query_strings", list(queries)));
    }
    let count = random.one_of(&[1, 1, 1, 1, 1, 2]);
    let backends = (0..count)
        .map(|nth| backend(random, (index, nth), has_overrides, is_warned && nth == 0))
        .collect::<Vec<_>>();
    members.push(("backend", list(backends)));
    let mut extra = limits(random);
    if has_overrides {
        let proxy = proxy(random, index, is_wrong);
        extra.push(("telemetry/opentelemetry", object([("proxy", object(proxy))])));
    }
    if !extra.is_empty() {
        members.push(("extra_config", object(extra)));
    }
    object(members)
}

/// Settings of an endpoint that have nothing to do with telemetry.
fn limits(random: &mut Random) -> Vec<Member> {
    let mut extra = Vec::new();
    if random.chance(30) {
        extra.push((
            "qos/ratelimit/router",
            object([
                ("max_rate", number(random, 1_000)),
                ("client_max_rate", number(random, 50)),
                ("strategy", random.one_of(&["ip", "header"]).into()),
            ]),
        ));
    }
    if random.chance(20) {
        let issuer = format!("https://id-{}.example.com", random.below(1_000));
        extra.push((
            "auth/validator",
            object([
                ("alg", "RS256".into()),
                ("jwk_url", format!("{issuer}/.well-known/jwks.json").into()),
                ("issuer", issuer.into()),
                ("cache", random.chance(50).into()),
                ("roles", list(random.some_of(&TEAMS).into_iter().map(Value::from))),
            ]),
        ));
    }
    extra
}

/// The override of the endpoint's layer.
fn proxy(random: &mut Random, index: usize, is_wrong: bool) -> Vec<Member> {
    let mut members = Vec::new();
    if is_wrong {
        members.push(("disable_metrics", "yes".into()));
    } else if random.chance(40) {
        members.push(("disable_metrics", false.into()));
    }
    if random.chance(30) {
        members.push(("disable_traces", random.chance(30).into()));
    }
    members.push(("metrics_static_attributes", attributes(random, format!("items-{index}"))));
    members
}

fn backend(
    random: &mut Random,
    (index, nth): (usize, usize),
    has_override: bool,
    is_warned: bool,
) -> Value {
    let service = random.below(5_000);
    let path = format!("/internal/items-{index}/{nth}/{{item}}?owner={{id}}");
    let mut members = vec![
        ("url_pattern", path.into()),
        ("host", list([format!("http://service-{service}:{}", 8_000 + random.below(900)).into()])),
    ];
    if random.chance(30) {
        members.push(("group", format!("part_{nth}").into()));
    }
    if random.chance(25) {
        members.push(("encoding", random.one_of(&["json", "safejson", "xml"]).into()));
    }
    let mut extra = Vec::new();
    if random.chance(20) {
        let limit = [("max_rate", number(random, 2_000)), ("capacity", number(random, 2_000))];
        extra.push(("qos/ratelimit/proxy", object(limit)));
    }
    if has_override && (is_warned || nth == 0 || random.chance(50)) {
        let owner = format!("items-{index}-{nth}");
        let metrics = stage(random, !is_warned, &owner);
        let traces = stage(random, true, &owner);
        let layer = object([("metrics", object(metrics)), ("traces", object(traces))]);
        extra.push(("telemetry/opentelemetry", object([("backend", layer)])));
    }
    if !extra.is_empty() {
        members.push(("extra_config", object(extra)));
    }
    object(members)
}

/// The metrics or traces of a backend's layer. Without the round trip its details do nothing.
fn stage(random: &mut Random, round_trip: bool, owner: &str) -> Vec<Member> {
    let mut members = vec![("disable_stage", false.into())];
    if round_trip {
        members.push(("round_trip", true.into()));
        if random.chance(50) {
            members.push(("read_payload", random.chance(50).into()));
        }
        if random.chance(50) {
            members.push(("detailed_connection", random.chance(50).into()));
        }
    } else {
        members.push(("detailed_connection", true.into()));
    }
    members.push(("static_attributes", attributes(random, owner.to_owned())));
    members
}

/// One or two attributes; the first says whose they are and differs from all others.
fn attributes(random: &mut Random, owner: String) -> Value {
    let mut all = vec![("owner", owner)];
    if random.chance(40) {
        all.push(("team", random.one_of(&TEAMS).to_owned()));
    }
    list(all.into_iter().map(|(key, value)| object([("key", key.into()), ("value", value.into())])))
}

fn number(random: &mut Random, limit: usize) -> Value {
    u32::try_from(1 + random.below(limit)).expect("a small limit").into()
}
