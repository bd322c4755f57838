//! The OTLP exporters whose host is wrong, for the rules on hosts.

use super::Service;
use super::exporters::Otlp;
use super::fault::Fault;
use super::host::Host;
use crate::document::NodeId;

/// A host with a fault.
#[derive(Clone, Copy, Debug)]
pub struct FaultyHost<'s> {
    /// The exporter.
    pub exporter: &'s Otlp,
    /// The value it is written as.
    pub node: NodeId,
    /// The host.
    pub host: Host<'s>,
    /// What is wrong with it.
    pub fault: Fault,
}

impl FaultyHost<'_> {
    /// The host alone: with its scheme, without port and path.
    #[must_use]
    pub fn bare(&self) -> String {
        match self.host.scheme {
            Some(scheme) => format!("{scheme}://{}", self.host.name),
            None => self.host.name.to_owned(),
        }
    }

    /// The port that the host brings, if there can be such a one.
    #[must_use]
    pub fn own_port(&self) -> Option<u16> {
        self.host.port?.parse().ok().filter(|&port| port > 0)
    }

    /// Whether the host brings another port than the one that is written beside it.
    #[must_use]
    pub fn ports_differ(&self) -> bool {
        let written = self.exporter.port;
        written.node.is_some() && self.own_port().map(i64::from) != Some(written.value)
    }
}

impl Service {
    /// The hosts that are written and have a fault, in their order.
    pub fn faulty_hosts(&self) -> impl Iterator<Item = FaultyHost<'_>> {
        self.otlp.iter().filter_map(|exporter| {
            let fault = exporter.fault?;
            let (value, at) = exporter.written.host.written()?;
            Some(FaultyHost { exporter, node: at.node, host: Host::parse(value), fault })
        })
    }
}
