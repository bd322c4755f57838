//! The fields of a configuration that the loader decodes, and their types.

/// The type of a field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Type {
    Text,
    Integer,
    Number,
    Bool,
    /// A text such as `3s`, or nanoseconds.
    Duration,
    /// A list of texts; also of small numbers, which are not looked at more closely.
    Texts,
    /// An object with anything in it.
    Map,
    /// An object of texts.
    TextMap,
    Object(&'static [(&'static str, Type)]),
    Objects(&'static [(&'static str, Type)]),
}

use Type::{Bool, Duration, Integer, Map, Number, Object, Objects, Text, TextMap, Texts};

pub(super) const SERVICE: &[(&str, Type)] = &[
    ("name", Text),
    ("endpoints", Objects(ENDPOINT)),
    ("async_agent", Objects(AGENT)),
    ("timeout", Duration),
    ("cache_ttl", Duration),
    ("host", Texts),
    ("port", Integer),
    ("listen_ip", Text),
    ("version", Integer),
    ("output_encoding", Text),
    ("extra_config", Map),
    ("read_timeout", Duration),
    ("write_timeout", Duration),
    ("idle_timeout", Duration),
    ("read_header_timeout", Duration),
    ("disable_keep_alives", Bool),
    ("disable_compression", Bool),
    ("max_idle_connections", Integer),
    ("max_idle_connections_per_host", Integer),
    ("idle_connection_timeout", Duration),
    ("response_header_timeout", Duration),
    ("expect_continue_timeout", Duration),
    ("dialer_timeout", Duration),
    ("dialer_fallback_delay", Duration),
    ("dialer_keep_alive", Duration),
    ("disable_rest", Bool),
    ("plugin", Object(&[("folder", Text), ("pattern", Text)])),
    ("tls", Object(TLS)),
    ("debug_endpoint", Bool),
    ("echo_endpoint", Bool),
    ("sequential_start", Bool),
    ("allow_insecure_connections", Bool),
];

const TLS: &[(&str, Type)] = &[
    ("disabled", Bool),
    ("public_key", Text),
    ("private_key", Text),
    ("min_version", Text),
    ("max_version", Text),
    ("prefer_server_cipher_suites", Bool),
    ("enable_mtls", Bool),
];

const ENDPOINT: &[(&str, Type)] = &[
    ("endpoint", Text),
    ("method", Text),
    ("backend", Objects(BACKEND)),
    ("concurrent_calls", Integer),
    ("timeout", Duration),
    ("cache_ttl", Duration),
    ("input_query_strings", Texts),
    ("extra_config", Map),
    ("input_headers", Texts),
    ("output_encoding", Text),
];

const AGENT: &[(&str, Type)] = &[
    ("name", Text),
    (
        "connection",
        Object(&[
            ("max_retries", Integer),
            ("backoff_strategy", Text),
            ("health_interval", Duration),
        ]),
    ),
    (
        "consumer",
        Object(&[
            ("timeout", Duration),
            ("workers", Integer),
            ("topic", Text),
            ("max_rate", Number),
        ]),
    ),
    ("encoding", Text),
    ("backend", Objects(BACKEND)),
    ("extra_config", Map),
];

const BACKEND: &[(&str, Type)] = &[
    ("group", Text),
    ("method", Text),
    ("host", Texts),
    ("disable_host_sanitize", Bool),
    ("url_pattern", Text),
    ("allow", Texts),
    ("deny", Texts),
    ("mapping", TextMap),
    ("encoding", Text),
    ("is_collection", Bool),
    ("target", Text),
    ("sd", Text),
    ("sd_scheme", Text),
    ("extra_config", Map),
];
