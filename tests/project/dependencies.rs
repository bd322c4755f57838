//! What the dependency tree must never hold: an async runtime, TLS, or a way to the network.

/// Crates that are one of these, or that exist to reach one.
const NONE_OF: &[&str] = &[
    "async-global-executor",
    "async-io",
    "async-std",
    "aws-lc-rs",
    "aws-lc-sys",
    "boring",
    "curl",
    "futures-executor",
    "h2",
    "hickory-resolver",
    "hyper",
    "isahc",
    "mbedtls",
    "mio",
    "native-tls",
    "openssl",
    "openssl-sys",
    "quinn",
    "reqwest",
    "ring",
    "rustls",
    "schannel",
    "security-framework",
    "smol",
    "socket2",
    "surf",
    "tokio",
    "trust-dns-resolver",
    "tungstenite",
    "ureq",
];

/// The names of all packages in the lock file, those of tests and of other systems included.
fn locked() -> Vec<&'static str> {
    let lock = include_str!("../../Cargo.lock");
    let names = lock.lines().filter_map(|line| line.strip_prefix("name = \""));
    names.map(|name| name.trim_end_matches('"')).collect()
}

#[test]
fn no_runtime_no_tls_no_network() {
    let locked = locked();
    assert!(locked.contains(&"serde_json"), "the lock file is not read as it is written");
    let found: Vec<_> = locked.iter().filter(|name| NONE_OF.contains(name)).collect();
    assert!(found.is_empty(), "{found:?}");
}
