//! Where telemetry can go, and what is known of each destination.

/// A system that takes telemetry.
#[derive(Debug, PartialEq, Eq)]
pub struct Destination {
    /// What it is called on the command line, and the name of its exporter.
    pub id: &'static str,
    /// What it is called in texts.
    pub title: &'static str,
    /// How telemetry gets there.
    pub way: Way,
    /// The host it usually has in the network of the gateway; empty if it has none.
    pub host: &'static str,
    /// Whether it takes metrics over OTLP.
    pub takes_metrics: bool,
    /// What else to know.
    pub remark: &'static str,
}

/// How telemetry gets to a destination.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By OTLP, without credentials.
    Otlp,
    /// By OTLP to a collector that sends it on.
    Collector,
    /// By OTLP over HTTP and TLS, with a key in a header.
    Vendor {
        /// The host, with its scheme.
        host: &'static str,
        /// The header that takes the key.
        header: &'static str,
        /// The environment variable for the key.
        variable: &'static str,
    },
    /// It asks the gateway.
    Prometheus,
}

/// All destinations.
pub static ALL: [Destination; 11] = [
    Destination {
        id: "jaeger",
        title: "Jaeger",
        way: Way::Otlp,
        host: "jaeger",
        takes_metrics: false,
        remark: "since 1.35 Jaeger takes OTLP itself",
    },
    Destination {
        id: "tempo",
        title: "Grafana Tempo",
        way: Way::Otlp,
        host: "tempo",
        takes_metrics: false,
        remark: "its distributor needs the `otlp` receiver",
    },
    Destination {
        id: "collector",
        title: "an OpenTelemetry Collector",
        way: Way::Otlp,
        host: "otel-collector",
        takes_metrics: true,
        remark: "its `otlp` receiver must listen on more than localhost",
    },
    Destination {
        id: "alloy",
        title: "Grafana Alloy",
        way: Way::Otlp,
        host: "alloy",
        takes_metrics: true,
        remark: "it needs an `otelcol.receiver.otlp`",
    },
    Destination {
        id: "datadog",
        title: "a Datadog agent",
        way: Way::Otlp,
        host: "datadog-agent",
        takes_metrics: true,
        remark: "its OTLP receiver is off unless `otlp_config` switches it on",
    },
    Destination {
        id: "newrelic",
        title: "New Relic",
        way: Way::Vendor {
            host: "https://otlp.nr-data.net",
            header: "api-key",
            variable: "NEW_RELIC_LICENSE_KEY",
        },
        host: "",
        takes_metrics: true,
        remark: "the Community Edition sends no credentials of its own: the collector adds the key",
    },
    Destination {
        id: "honeycomb",
        title: "Honeycomb",
        way: Way::Vendor {
            host: "https://api.honeycomb.io",
            header: "x-honeycomb-team",
            variable: "HONEYCOMB_API_KEY",
        },
        host: "",
        takes_metrics: true,
        remark: "the Community Edition sends no credentials of its own: the collector adds the key",
    },
    Destination {
        id: "grafana-cloud",
        title: "Grafana Cloud",
        way: Way::Collector,
        host: "",
        takes_metrics: true,
        remark: "its OTLP address has a path, which the gateway drops: a collector or Alloy sends it on",
    },
    Destination {
        id: "dynatrace",
        title: "Dynatrace",
        way: Way::Collector,
        host: "",
        takes_metrics: true,
        remark: "its OTLP address has a path, which the gateway drops: a collector sends it on",
    },
    Destination {
        id: "zipkin",
        title: "Zipkin",
        way: Way::Collector,
        host: "",
        takes_metrics: false,
        remark: "it takes no OTLP: a collector translates",
    },
    Destination {
        id: "prometheus",
        title: "Prometheus",
        way: Way::Prometheus,
        host: "",
        takes_metrics: true,
        remark: "metrics only, which Prometheus asks the gateway for",
    },
];

/// The destination called `id`, in any case.
#[must_use]
pub fn get(id: &str) -> Option<&'static Destination> {
    ALL.iter().find(|destination| destination.id.eq_ignore_ascii_case(id))
}
