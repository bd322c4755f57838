//! The exporters in force: where they send, how, and which signals.
//!
//! Upstream: krakend-otel `exporter/otelcollector/otelcollector.go`, `exporter/prometheus/
//! prometheus.go`, `otel.go` (which signals are attached).

use super::Sourced;
use super::fault::Fault;
use super::host::Host;
use super::refusal::Refusal;
use crate::document::NodeId;
use crate::model::{self, Field};
use crate::releases;
use crate::target::{Edition, Target};

/// The default port of every OTLP exporter, also of those that use HTTP.
pub const OTLP_PORT: i64 = 4317;
/// The port on which collectors take OTLP over HTTP; nothing defaults to it.
pub const OTLP_HTTP_PORT: i64 = 4318;
/// The default port of a Prometheus exporter.
pub const PROMETHEUS_PORT: i64 = 9090;

/// An exporter that pushes spans and metrics to a collector.
#[derive(Clone, Debug)]
pub struct Otlp {
    /// The item of the list.
    pub node: NodeId,
    /// Its name; empty if none is written.
    pub name: Sourced<String>,
    /// Its host as written; `localhost` if it is empty or missing.
    pub host: Sourced<String>,
    /// What is wrong with the host that is written.
    pub fault: Option<Fault>,
    /// Why the gateway cannot make it, and drops the whole block.
    pub refusal: Option<Refusal>,
    /// Its port; 0 and no port mean 4317, whatever the protocol.
    pub port: Sourced<i64>,
    /// HTTP instead of gRPC.
    pub use_http: Sourced<bool>,
    /// Whether it gets metrics.
    pub metrics: Sourced<bool>,
    /// Whether it gets spans.
    pub traces: Sourced<bool>,
    /// Seconds between two exports of metrics.
    pub period: Sourced<u64>,
    /// Whether that is its own, and not the service's.
    pub has_own_period: bool,
    /// What is written.
    pub written: model::OtlpExporter,
}

/// An exporter that opens a port for Prometheus to read.
#[derive(Clone, Debug)]
pub struct Prometheus {
    /// The item of the list.
    pub node: NodeId,
    /// Its name; empty if none is written.
    pub name: Sourced<String>,
    /// The address it listens on; empty for all.
    pub listen: Sourced<String>,
    /// Its port; 0 and no port mean 9090.
    pub port: Sourced<i64>,
    /// Whether it gets metrics; it listens even if not.
    pub metrics: Sourced<bool>,
    /// Whether it adds metrics of the process.
    pub process_metrics: Sourced<bool>,
    /// Whether it adds metrics of the Go runtime.
    pub go_metrics: Sourced<bool>,
    /// What is written.
    pub written: model::PrometheusExporter,
}

/// Where an OTLP exporter really connects to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Whether the connection is encrypted.
    pub tls: bool,
    /// Host and port as they are dialled.
    pub address: String,
    /// Whether an address like this can be reached at all.
    pub broken: bool,
}

impl Otlp {
    /// The exporter that the gateway makes of `written`. `period` is the service's, in seconds.
    #[must_use]
    pub fn new(
        node: NodeId,
        written: &model::OtlpExporter,
        period: Sourced<u64>,
        target: Target,
    ) -> Self {
        // It counts only if it is positive as Go's duration, which overflows.
        let custom = Sourced::of(&written.custom_metric_reporting_period, 0)
            .map(|seconds| whole_seconds(seconds.cast_signed()).unwrap_or(0));
        let has_custom = target.version >= releases::CUSTOM_PERIOD && custom.value > 0;
        let use_http = Sourced::of(&written.use_http, false);
        let host = non_empty(&written.host, "localhost");
        let port = non_zero(&written.port, OTLP_PORT);
        Self {
            node,
            name: Sourced::of(&written.name, String::new()),
            refusal: Refusal::of(&host.value, port.value, use_http.value, target),
            host,
            fault: written
                .host
                .get()
                .and_then(|host| Host::parse(host).fault(use_http.value, target)),
            port,
            use_http,
            metrics: Sourced::of(&written.disable_metrics, false).map(|off| !off),
            traces: Sourced::of(&written.disable_traces, false).map(|off| !off),
            period: if has_custom { custom } else { period },
            has_own_period: has_custom,
            written: written.clone(),
        }
    }

    /// Where it connects to in the gateway `target`.
    #[must_use]
    pub fn endpoint(&self, target: Target) -> Endpoint {
        let host = Host::parse(&self.host.value);
        let http = self.use_http.value;
        let broken = self.fault.is_some_and(|fault| fault.breaks(&host, target));
        if target.version < releases::URL_SCHEMES {
            return Endpoint {
                tls: http,
                address: format!("{}:{}", host.text, self.port.value),
                broken,
            };
        }
        // A community gateway passes `WithInsecure` to every gRPC exporter.
        let grpc_tls = target.edition == Edition::Enterprise;
        let tls = host.is_https() && (http || grpc_tls);
        let address = if host.drops_port(target) {
            // gRPC knows one default port, whatever the scheme (grpc-go `resolver/dns`).
            let default = if http && !host.is_https() { "80" } else { "443" };
            format!("{}:{}", host.name, host.port.unwrap_or(default))
        } else {
            let text = if host.has_known_scheme() { host.authority } else { host.text };
            format!("{text}:{}", self.port.value)
        };
        Endpoint { tls, address, broken }
    }

    /// Whether it gets any signal.
    #[must_use]
    pub fn gets_something(&self) -> bool {
        self.metrics.value || self.traces.value
    }

    /// Whether its port is out of what TCP has.
    #[must_use]
    pub fn port_is_impossible(&self) -> bool {
        !(1..=65535).contains(&self.port.value)
    }
}

impl Prometheus {
    /// The exporter that the gateway makes of `written`.
    #[must_use]
    pub fn new(node: NodeId, written: &model::PrometheusExporter, target: Target) -> Self {
        // The struct of the Community Edition calls the address `host`; only the Enterprise
        // documentation and the schema call it `listen_ip`.
        let listen = match target.edition {
            Edition::Community => Sourced::of(&written.host, String::new()),
            Edition::Enterprise => Sourced::of(&written.listen_ip, String::new()),
        };
        Self {
            node,
            name: Sourced::of(&written.name, String::new()),
            listen,
            port: non_zero(&written.port, PROMETHEUS_PORT),
            metrics: Sourced::of(&written.disable_metrics, false).map(|off| !off),
            process_metrics: Sourced::of(&written.process_metrics, false),
            go_metrics: Sourced::of(&written.go_metrics, false),
            written: written.clone(),
        }
    }

    /// Whether its port is out of what TCP has.
    #[must_use]
    pub fn port_is_impossible(&self) -> bool {
        !(1..=65535).contains(&self.port.value)
    }

    /// Whether it listens on every address of the machine.
    #[must_use]
    pub fn listens_everywhere(&self) -> bool {
        matches!(self.listen.value.as_str(), "" | "0.0.0.0" | "::" | "[::]")
    }
}

/// What Go makes of `seconds` as a duration, in seconds: it counts nanoseconds in 64 bits, which overflow
/// beyond 292 years; `None` if nothing positive comes out.
#[must_use]
pub fn whole_seconds(seconds: i64) -> Option<u64> {
    let nanoseconds = seconds.wrapping_mul(1_000_000_000);
    u64::try_from(nanoseconds).ok().filter(|&it| it > 0).map(|it| (it / 1_000_000_000).max(1))
}

fn non_empty(field: &Field<String>, default: &str) -> Sourced<String> {
    match field.get() {
        Some(text) if !text.is_empty() => Sourced::of(field, String::new()),
        _ => Sourced::default_of(default.to_owned()),
    }
}

fn non_zero(field: &Field<i64>, default: i64) -> Sourced<i64> {
    match field.get() {
        Some(0) | None => Sourced::default_of(default),
        Some(_) => Sourced::of(field, default),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::{Origin, Version, v};

    fn endpoint(host: &str, use_http: bool, version: Version, edition: Edition) -> Endpoint {
        let target = Target { edition, version, origin: Origin::Flag };
        let exporter = Otlp {
            node: crate::document::NodeId::from_raw(0),
            name: Sourced::default_of(String::new()),
            host: Sourced::default_of(host.to_owned()),
            fault: Host::parse(host).fault(use_http, target),
            refusal: Refusal::of(host, OTLP_PORT, use_http, target),
            port: Sourced::default_of(OTLP_PORT),
            use_http: Sourced::default_of(use_http),
            metrics: Sourced::default_of(true),
            traces: Sourced::default_of(true),
            period: Sourced::default_of(30),
            has_own_period: false,
            written: model::OtlpExporter::default(),
        };
        exporter.endpoint(target)
    }

    /// The table of section 1.5 of the catalogue: (host, HTTP, address, TLS, broken).
    #[test]
    fn hosts_resolve_as_the_exporters_do() {
        let table: &[(&str, bool, &str, bool, bool)] = &[
            ("col", false, "col:4317", false, false),
            ("http://col", true, "col:4317", false, false),
            ("https://col", true, "col:4317", true, false),
            ("https://col", false, "col:4317", false, false),
            ("col:4317", false, "col:4317:4317", false, true),
            ("http://col:4318", true, "col:4318:4317", false, true),
            ("https://col/otlp", true, "col:443", true, false),
            ("http://col/", true, "col:80", false, false),
            ("https://col:8443/otlp", true, "col:8443", true, false),
            ("::1", false, "::1:4317", false, true),
            ("http://::1", false, "::1:4317", false, true),
            ("[::1]", false, "[::1]:4317", false, false),
            ("grpc://col", false, "grpc://col:4317", false, true),
            ("HTTP://col", true, "HTTP://col:4317", false, true),
            ("http://u:p@col", true, "col:4317", false, false),
            (" col", false, " col:4317", false, true),
            ("http://col/", false, "col:443", false, false),
            ("col/", true, "col/:4317", false, true),
            ("dns:///col", false, "dns:///col:4317", false, false),
            ("dns:///col", true, "dns:///col:4317", false, true),
        ];
        for &(host, http, address, tls, broken) in table {
            let expected = Endpoint { tls, address: address.to_owned(), broken };
            let found = endpoint(host, http, Version::NEWEST, Edition::Community);
            assert_eq!(found, expected, "{host} (use_http: {http})");
        }
    }

    #[test]
    fn old_releases_know_no_scheme_and_speak_tls_over_http() {
        let old = |host, http| endpoint(host, http, v(2, 9, 4), Edition::Community);
        assert!(old("http://col", true).broken);
        assert!(old("col", true).tls);
        assert!(!old("col", false).tls);
        assert!(endpoint("https://col", false, Version::NEWEST, Edition::Enterprise).tls);
    }
}
