//! The ports that a gateway opens because of its configuration.
//!
//! Each OpenTelemetry exporter for Prometheus has one, also one that is disabled; so have the stats
//! of `telemetry/metrics` (krakend-metrics `metrics.go`, `gin/metrics.go`), the Prometheus exporter
//! of `telemetry/opencensus` (krakend-opencensus `exporter/prometheus/prometheus.go`), and the
//! gateway itself.

use std::net::{IpAddr, Ipv4Addr};

use super::Effective;
use super::components::{METRICS, OPENCENSUS, member};
use super::exporters::Prometheus;
use crate::document::{Document, Kind, NodeId};

/// The port of the gateway unless another is written (lura `config/config.go`).
pub const GATEWAY_PORT: i64 = 8080;
/// The port of the stats of `telemetry/metrics` unless another is written.
pub const STATS_PORT: i64 = 8090;

/// Somebody who listens.
#[derive(Clone, Debug)]
pub struct Listener {
    /// Who it is.
    pub owner: Owner,
    /// What to point at: the port as written, or else what it is the default of; `None` for the
    /// default port of the gateway.
    pub node: Option<NodeId>,
    /// The port.
    pub port: i64,
    bind: Bind,
}

/// Who listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The gateway.
    Gateway,
    /// The stats of `telemetry/metrics`.
    Stats,
    /// The Prometheus exporter of `telemetry/opencensus`.
    OpenCensus,
    /// A Prometheus exporter of OpenTelemetry.
    Exporter,
}

/// The addresses of the machine that are listened on.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Bind {
    /// All: Go opens the wildcard of either family for both.
    All,
    /// One.
    Address(IpAddr),
    /// Those that a name stands for.
    Name(String),
}

impl Owner {
    /// The name of it, in output.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gateway => "gateway",
            Self::Stats => "telemetry/metrics",
            Self::OpenCensus => "telemetry/opencensus",
            Self::Exporter => "prometheus exporter",
        }
    }
}

impl Bind {
    fn new(text: &str) -> Self {
        let bare = text.trim_start_matches('[').trim_end_matches(']');
        match bare.parse::<IpAddr>() {
            Ok(address) if address.is_unspecified() => Self::All,
            Ok(address) => Self::Address(address),
            Err(_) if bare.is_empty() => Self::All,
            Err(_) if bare.eq_ignore_ascii_case("localhost") => {
                Self::Address(Ipv4Addr::LOCALHOST.into())
            }
            Err(_) => Self::Name(bare.to_ascii_lowercase()),
        }
    }
}

impl Listener {
    /// The listener of an exporter; `None` if its port is none.
    #[must_use]
    pub fn of_exporter(exporter: &Prometheus) -> Option<Self> {
        let written = &exporter.written.port;
        if written.is_wrong() || exporter.port_is_impossible() {
            return None;
        }
        Some(Self {
            owner: Owner::Exporter,
            node: Some(written.at().map_or(exporter.node, |at| at.node)),
            port: exporter.port.value,
            bind: Bind::new(&exporter.listen.value),
        })
    }

    /// The address it listens on; empty for all.
    #[must_use]
    pub fn address(&self) -> String {
        match &self.bind {
            Bind::All => String::new(),
            Bind::Address(address) => address.to_string(),
            Bind::Name(name) => name.clone(),
        }
    }

    /// Whether it listens on every address of the machine: then nobody else can on the same port. Else
    /// nobody else can on the same [`address`](Self::address).
    #[must_use]
    pub fn is_everywhere(&self) -> bool {
        self.bind == Bind::All
    }

    /// An exporter on `port` of the address `text`.
    #[cfg(test)]
    pub(super) fn at(port: i64, text: &str) -> Self {
        Self { owner: Owner::Exporter, node: None, port, bind: Bind::new(text) }
    }
}

impl Effective<'_> {
    /// Who listens beside the exporters of OpenTelemetry.
    #[must_use]
    pub fn other_listeners(&self) -> Vec<Listener> {
        let (gateway, stats, census) = (self.gateway(), self.stats(), self.opencensus());
        [gateway, stats, census].into_iter().flatten().collect()
    }

    fn gateway(&self) -> Option<Listener> {
        let root = self.root?;
        let text = |name| self.doc.get(root, name).and_then(|member| self.doc.str(member.value));
        let bind = Bind::new(&text("listen_ip").unwrap_or_default());
        let written = self.doc.get(root, "port").map(|member| member.value);
        let (node, port) = match written.map(|node| (node, port(self.doc, node))) {
            Some((node, Some(port))) if port != 0 => (Some(node), port),
            Some((_, None)) => return None,
            // A part of a configuration says nothing of the port of the whole.
            _ if !self.is_whole() => return None,
            _ => (None, GATEWAY_PORT),
        };
        Some(Listener { owner: Owner::Gateway, node, port, bind })
    }

    fn stats(&self) -> Option<Listener> {
        let metrics = self.component(METRICS)?;
        if self.doc.kind(metrics.value) != Kind::Object {
            return None;
        }
        let field = |name| self.doc.get(metrics.value, name).map(|member| member.value);
        if field("endpoint_disabled").is_some_and(|off| self.doc.kind(off) == Kind::Bool(true)) {
            return None;
        }
        let owner = Owner::Stats;
        let written = field("listen_address").and_then(|node| Some((node, self.doc.str(node)?)));
        let Some((node, address)) = written else {
            let node = Some(metrics.key);
            return Some(Listener { owner, node, port: STATS_PORT, bind: Bind::All });
        };
        let (host, port) = address.rsplit_once(':')?;
        let port = port.parse().ok()?;
        Some(Listener { owner, node: Some(node), port, bind: Bind::new(host) })
    }

    fn opencensus(&self) -> Option<Listener> {
        let census = self.component(OPENCENSUS)?;
        let exporters = member(self.doc, census.value, "exporters")?;
        let prometheus = member(self.doc, exporters.value, "prometheus")?;
        let node = member(self.doc, prometheus.value, "port")?.value;
        // Port 0 is any that is free.
        let port = port(self.doc, node).filter(|&port| port != 0)?;
        Some(Listener { owner: Owner::OpenCensus, node: Some(node), port, bind: Bind::All })
    }
}

/// The port written as `node`, 0 included.
fn port(doc: &Document<'_>, node: NodeId) -> Option<i64> {
    let number = doc.number(node)?;
    (number.fract() == 0.0 && (0.0..=65535.0).contains(&number)).then_some(number as i64)
}
