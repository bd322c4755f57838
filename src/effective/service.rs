//! The settings of the service in force.
//!
//! Upstream: krakend-otel `config/lura.go` and `config/config.go` (defaults), `state/state.go`
//! (sampler, period).

use std::collections::HashSet;

use super::exporters::{Otlp, Prometheus, whole_seconds};
use super::layers::Layers;
use super::{Block, Sourced};
use crate::document::NodeId;
use crate::model::{self, Field};
use crate::releases;
use crate::target::Target;

/// The paths that are skipped unless `skip_paths` has an entry (`config/config.go`).
pub const DEFAULT_SKIP_PATHS: [&str; 4] = ["/__health", "/__debug/", "/__echo/", "/__stats/"];

/// Seconds between two exports of metrics unless something else is written.
pub const DEFAULT_PERIOD: i64 = 30;

/// What the SDK falls back to for a period that is not positive, in seconds, unless the environment
/// has `OTEL_METRIC_EXPORT_INTERVAL` (opentelemetry-go `sdk/metric/periodic_reader.go`).
pub const SDK_PERIOD: u64 = 60;

/// The settings of the service in force.
#[derive(Clone, Debug)]
pub struct Service {
    /// Where the places of what is written in its block are counted from.
    /// Its name in every span and metric, if the block has one. The gateway's own `name` is next,
    /// then "KrakenD".
    pub name: Sourced<Option<String>>,
    /// Its environment; empty for none.
    pub deploy_env: Sourced<String>,
    /// Seconds between two exports of metrics.
    pub period: Sourced<u64>,
    /// Which traces are kept.
    pub sampler: Sourced<Sampler>,
    /// Paths that report nothing.
    pub skip_paths: Sourced<Vec<String>>,
    /// What each layer reports.
    pub layers: Layers,
    /// The OTLP exporters.
    pub otlp: Vec<Otlp>,
    /// The Prometheus exporters.
    pub prometheus: Vec<Prometheus>,
}

/// Which traces are kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sampler {
    /// All, even those the caller decided not to sample.
    Always,
    /// This part of the traces that begin here; the caller's decision for others.
    Ratio(f64),
}

impl Sampler {
    /// The sampler for a `trace_sample_rate`: only between 0 and 1, both left out, is it a ratio
    /// (`state/state.go`).
    #[must_use]
    pub fn of_rate(rate: f64) -> Self {
        if rate > 0.0 && rate < 1.0 { Self::Ratio(rate) } else { Self::Always }
    }
}

impl Service {
    /// What the gateway makes of `block`; the defaults if there is none.
    #[must_use]
    pub fn new(block: Option<&Block<model::Service>>, target: Target) -> Self {
        let none = model::Service::default();
        let written = block.map_or(&none, |block| &block.written);
        // Without a block nothing is written, and no place is asked for.
        let period = Sourced::of(&written.metric_reporting_period, DEFAULT_PERIOD)
            .map(|seconds| whole_seconds(seconds).unwrap_or(SDK_PERIOD));
        let exporters = written.exporters.get();
        let otlp = exporters.and_then(|exporters| exporters.otlp.get());
        let prometheus = exporters.and_then(|exporters| exporters.prometheus.get());
        Self {
            name: match written.service_name.get() {
                Some(name) if !name.is_empty() => {
                    Sourced::of(&written.service_name, String::new()).map(Some)
                }
                _ => Sourced::default_of(None),
            },
            deploy_env: if target.version >= releases::DEPLOY_ENV {
                Sourced::of(&written.deploy_env, String::new())
            } else {
                Sourced::default_of(String::new())
            },
            period,
            sampler: Sourced::of(&written.trace_sample_rate, 1.0).map(Sampler::of_rate),
            skip_paths: skip_paths(&written.skip_paths),
            layers: Layers::new(&written.layers, target),
            otlp: items(otlp)
                .map(|(node, written)| Otlp::new(node, written, period, target))
                .collect(),
            prometheus: items(prometheus)
                .map(|(node, written)| Prometheus::new(node, written, target))
                .collect(),
        }
    }

    /// Whether some exporter gets spans.
    #[must_use]
    pub fn has_traces(&self) -> bool {
        self.otlp.iter().any(|exporter| exporter.traces.value)
    }

    /// Whether some exporter gets metrics.
    #[must_use]
    pub fn has_metrics(&self) -> bool {
        self.has_otlp_metrics() || self.prometheus.iter().any(|exporter| exporter.metrics.value)
    }

    /// Whether some exporter pushes metrics.
    #[must_use]
    pub fn has_otlp_metrics(&self) -> bool {
        self.otlp.iter().any(|exporter| exporter.metrics.value)
    }

    /// The names of all exporters, in the order in which the gateway checks them.
    pub fn names(&self) -> impl Iterator<Item = &Sourced<String>> {
        let otlp = self.otlp.iter().map(|exporter| &exporter.name);
        otlp.chain(self.prometheus.iter().map(|exporter| &exporter.name))
    }

    /// Whether two exporters share a name, which makes the gateway drop the block.
    #[must_use]
    pub fn shares_names(&self) -> bool {
        let mut seen = HashSet::new();
        !self.names().all(|name| seen.insert(&name.value))
    }

    /// Whether the written list skips no path at all, as `[""]` does on purpose.
    #[must_use]
    pub fn skips_nothing(&self) -> bool {
        self.skip_paths.node.is_some() && self.skip_paths.value.iter().all(String::is_empty)
    }

    /// Whether a path, in the form in which the gateway compares it, reports nothing.
    #[must_use]
    pub fn skips(&self, path: &str) -> bool {
        self.skip_paths.value.iter().any(|skipped| skipped == path)
    }
}

/// The items of a list of exporters with their nodes. One that is `null` is an exporter with
/// nothing written; one of another wrong type never gets this far, for its block is dropped.
fn items<T>(list: Option<&Vec<Field<T>>>) -> impl Iterator<Item = (NodeId, &T)> {
    list.into_iter().flatten().filter_map(move |item| Some((item.at()?.node, item.get()?)))
}

fn skip_paths(field: &Field<Vec<Field<String>>>) -> Sourced<Vec<String>> {
    match field.get() {
        Some(paths) if !paths.is_empty() => Sourced::of(field, Vec::new()).map(|paths| {
            paths.iter().map(|path| path.get().cloned().unwrap_or_default()).collect()
        }),
        _ => Sourced::default_of(DEFAULT_SKIP_PATHS.map(str::to_owned).to_vec()),
    }
}
