//! What is in force for a setting, whether it is written or not, and where that comes from.

use super::part::{BlockAt, Part};
use crate::effective::exporters::{Otlp, Prometheus};
use crate::effective::layers::{Headers, Signal};
use crate::effective::{Effective, Sampler, Sourced, Status};
use crate::model::Scope;
use crate::outline::Outline;
use crate::secrets::masked;
use crate::source::Source;

/// Tells what is in force in one document.
pub(super) struct InForce<'p> {
    pub(super) source: &'p Source,
    pub(super) part: &'p Part<'p>,
    pub(super) effective: &'p Effective<'p>,
}

impl InForce<'_> {
    /// What is in force for the setting at `path` of `block`, at `node`; `None` if there is nothing to
    /// tell.
    pub(super) fn of(
        &self,
        block: BlockAt,
        path: &[&str],
        node: crate::document::NodeId,
    ) -> Option<String> {
        match block.scope {
            Scope::Service => match self.off() {
                Some(off) => Some(off.to_owned()),
                None => self.service(path, node),
            },
            Scope::Endpoint | Scope::Backend => Some(self.changes(block)),
            Scope::Security | Scope::File => None,
        }
    }

    /// Why nothing of the service's block is in force.
    fn off(&self) -> Option<&'static str> {
        match self.effective.status() {
            _ if !self.effective.load_errors.is_empty() => {
                Some("Nothing: the gateway does not load this configuration.")
            }
            Status::Dropped => Some("Nothing: the gateway drops this block, and logs one line."),
            _ => None,
        }
    }

    fn service(&self, path: &[&str], node: crate::document::NodeId) -> Option<String> {
        let service = &self.effective.service;
        let layers = &service.layers;
        Some(match path {
            ["trace_sample_rate"] => self.sourced(&service.sampler, |sampler| match sampler {
                Sampler::Always => "every trace, whatever the caller decided".to_owned(),
                Sampler::Ratio(ratio) => format!("{} of new traces", percent(*ratio)),
            }),
            ["metric_reporting_period"] => self.sourced(&service.period, seconds),
            ["deploy_env"] => self.sourced(&service.deploy_env, |name| quoted(name)),
            ["service_name"] => match (&service.name.value, self.effective.gateway_name()) {
                (Some(name), _) => self.sourced(&service.name, |_| quoted(name)),
                (None, Some(name)) if !name.value.is_empty() => {
                    self.sourced(&name, |name| quoted(name))
                }
                (None, _) => "`KrakenD`, a default".to_owned(),
            },
            ["skip_paths"] => self.sourced(&service.skip_paths, |paths| {
                let paths = paths.iter().filter(|path| !path.is_empty());
                let paths: Vec<_> = paths.map(quoted).collect();
                if paths.is_empty() { "no path is skipped".to_owned() } else { paths.join(", ") }
            }),
            ["exporters", "otlp", ..] => {
                let exporters = &service.otlp;
                let one =
                    exporters.iter().find(|it| self.effective.doc.is_within(node, it.node))?;
                self.otlp(one)
            }
            ["exporters", "prometheus", ..] => {
                let exporters = &service.prometheus;
                let one =
                    exporters.iter().find(|it| self.effective.doc.is_within(node, it.node))?;
                Self::prometheus(one)
            }
            ["layers", "global", name] => match *name {
                "disable_metrics" => self.reports("metrics", layers.global.metrics),
                "disable_traces" => self.reports("spans", layers.global.traces),
                "disable_propagation" => self.sourced(&layers.global.propagation, |joins| {
                    let what = if *joins { "joined" } else { "not joined" };
                    format!("a trace that a client sends along is {what}")
                }),
                _ => self.headers(name, &layers.global.headers)?,
            },
            ["layers", "proxy", name] => match *name {
                "disable_metrics" => self.reports("metrics", layers.proxy.metrics),
                "disable_traces" => self.reports("spans", layers.proxy.traces),
                _ => self.headers(name, &layers.proxy.headers)?,
            },
            ["layers", "backend", kind, name] => {
                let backend = &layers.backend;
                let signal = if *kind == "traces" { &backend.traces } else { &backend.metrics };
                match self.flag(signal, name) {
                    Some(text) => text,
                    None => self.headers(name, &backend.headers)?,
                }
            }
            _ => return None,
        })
    }

    fn flag(&self, signal: &Signal, name: &str) -> Option<String> {
        let (what, value) = match name {
            "disable_stage" => ("the call as a whole", signal.stage),
            "round_trip" => ("the HTTP request", signal.round_trip),
            "read_payload" => ("reading the body", signal.read_payload),
            "detailed_connection" if signal.detailed_connection.value => {
                let works = signal.instruments_client();
                let what = if works { "reported" } else { "on, without effect here" };
                let text = format!("details of the connection: {what}");
                return Some(self.sourced(&signal.detailed_connection, |_| text.clone()));
            }
            "detailed_connection" => ("details of the connection", signal.detailed_connection),
            _ => return None,
        };
        Some(self.reports(what, value))
    }

    fn headers(&self, name: &str, headers: &Headers) -> Option<String> {
        match name {
            "report_headers" => Some(self.reports("headers", headers.reported)),
            "skip_headers" => Some(self.sourced(&headers.skipped, |skipped| {
                let names: Vec<_> = skipped.iter().map(|entry| quoted(&entry.value)).collect();
                if names.is_empty() { "no header is left out".to_owned() } else { names.join(", ") }
            })),
            _ => None,
        }
    }

    fn reports(&self, what: &str, value: Sourced<bool>) -> String {
        self.sourced(&value, |on| {
            if *on { format!("{what}: reported") } else { format!("{what}: not reported") }
        })
    }

    pub(super) fn otlp(&self, exporter: &Otlp) -> String {
        let endpoint = exporter.endpoint(self.effective.target);
        let what = match (exporter.traces.value, exporter.metrics.value) {
            (true, true) => "traces and metrics go",
            (true, false) => "traces go",
            (false, true) => "metrics go",
            (false, false) => return "nothing is sent: traces and metrics are off".to_owned(),
        };
        let address = masked(&endpoint.address);
        let encrypted = if endpoint.tls { "with TLS" } else { "without encryption" };
        let mut text = if exporter.use_http.value {
            let scheme = if endpoint.tls { "https" } else { "http" };
            let path = if exporter.traces.value { "/v1/traces" } else { "/v1/metrics" };
            format!("{what} to `{scheme}://{address}{path}` by OTLP over HTTP, {encrypted}")
        } else {
            format!("{what} to `{address}` by OTLP over gRPC, {encrypted}")
        };
        if exporter.port.node.is_none() {
            text.push_str("; the port is a default");
        }
        if endpoint.broken || exporter.port_is_impossible() {
            text.push_str("; **no such address can be dialled**");
        }
        text
    }

    fn prometheus(exporter: &Prometheus) -> String {
        let address = if exporter.listens_everywhere() {
            "every address".to_owned()
        } else {
            quoted(&exporter.listen.value)
        };
        let port = exporter.port.value;
        let mut text = format!("`/metrics` is served on port {port} of {address}");
        if exporter.port.node.is_none() {
            text.push_str("; the port is a default");
        }
        if !exporter.metrics.value {
            text.push_str("; it has no metrics, and each request logs an error");
        }
        text
    }

    /// What an override changes.
    fn changes(&self, block: BlockAt) -> String {
        let pointer = self.effective.doc.pointer(block.node).to_string();
        let outline = Outline::new(self.effective);
        let Some(one) = outline.overrides.iter().find(|one| one.pointer == pointer) else {
            return "nothing: without a block of the service that is taken, overrides are not \
                    looked at"
                .to_owned();
        };
        match one.status {
            "dropped" => "nothing: the gateway drops this override, without a log line".to_owned(),
            "ignored" => "nothing: the gateway reads nothing of this override".to_owned(),
            _ if one.changes.is_empty() => format!("as the service, for {}", one.place),
            _ => {
                let changes = one.changes.iter().map(|change| {
                    let (setting, here) = (&change.setting, &change.here);
                    format!("\n- `{setting}`: {here} instead of {}", change.service)
                });
                format!("for {}:{}", one.place, changes.collect::<String>())
            }
        }
    }

    /// What `show` says of a value, and where it comes from.
    fn sourced<T>(&self, value: &Sourced<T>, show: impl Fn(&T) -> String) -> String {
        let text = show(&value.value);
        match value.node {
            Some(node) => format!("{text}; from line {}", self.part.line(self.source, node)),
            None => format!("{text}; a default"),
        }
    }
}

/// A ratio in percent, with as many digits as it needs.
pub(super) fn percent(ratio: f64) -> String {
    let text = format!("{:.6}", ratio * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "it is called through `sourced`")]
fn seconds(seconds: &u64) -> String {
    format!("every {seconds} seconds")
}

fn quoted(text: impl AsRef<str>) -> String {
    format!("`{}`", masked(text.as_ref()).replace('`', "'"))
}
