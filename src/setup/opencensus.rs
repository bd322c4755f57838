//! From `telemetry/opencensus` to `telemetry/opentelemetry`, by the correspondences that the vendor
//! documents (krakend-documentation telemetry/opencensus.md).

use serde_json::{Map, Value, json};

use super::{Place, Refusal, Remark, line};
use crate::document::{Document, Kind, Member, NodeId, Parsed};
use crate::effective::NAMESPACE;
use crate::effective::components::OPENCENSUS;
use crate::finding::Edit;

/// The port on which everything takes OTLP over gRPC.
const OTLP: u16 = 4317;

/// What a migration does.
#[derive(Clone, Debug)]
pub struct Migration {
    /// The new block, which goes beside the old one or in its place.
    pub edits: Vec<Edit>,
    /// What became of each setting: of those that have no counterpart, why.
    pub remarks: Vec<Remark>,
    /// The settings that have no counterpart, as paths.
    pub lost: Vec<String>,
}

/// The edits that write an OpenTelemetry block for the OpenCensus block of the service; `removes` says
/// whether that one goes.
pub fn migrate(parsed: &Parsed<'_>, removes: bool) -> Result<Migration, Refusal> {
    let doc = &parsed.document;
    let Place::ExtraConfig(object) = Place::of(parsed)? else {
        return Err(Refusal::NoOpenCensus);
    };
    let old = OPENCENSUS.iter().find_map(|name| doc.get(object, name));
    let old = old.ok_or(Refusal::NoOpenCensus)?;
    if let Some(block) = doc.get(object, NAMESPACE) {
        return Err(Refusal::Present(line(doc, block.key)));
    }
    if doc.kind(old.value) != Kind::Object {
        return Err(Refusal::NoObject(line(doc, old.value)));
    }
    let mut writer =
        Writer { doc, remarks: Vec::new(), lost: Vec::new(), name: None, has_traces: true };
    let block = writer.block(old.value);
    let key = NAMESPACE.to_owned();
    let mut edits = vec![Edit::Insert { object, key, value: block }];
    if removes {
        edits.push(Edit::Remove { node: old.key });
    }
    Ok(Migration { edits, remarks: writer.remarks, lost: writer.lost })
}

/// Collects what is said while a block is written.
struct Writer<'d> {
    doc: &'d Document<'d>,
    remarks: Vec<Remark>,
    lost: Vec<String>,
    /// The first `service_name` of an exporter.
    name: Option<String>,
    /// Whether any request is traced.
    has_traces: bool,
}

impl Writer<'_> {
    fn block(&mut self, old: NodeId) -> Value {
        let doc = self.doc;
        let mut block = Map::new();
        let mut layers = None;
        let mut exporters = None;
        let mut rate = None;
        let mut period = None;
        for member in doc.members(old) {
            let name = doc.key(member.key);
            match &*name {
                "sample_rate" => rate = doc.number(member.value),
                "reporting_period" => {
                    period = doc.number(member.value).filter(|seconds| *seconds >= 1.0);
                }
                "enabled_layers" => layers = Some(member.value),
                "exporters" => exporters = Some(member.value),
                other => self.lose(other, "OpenTelemetry has no such setting"),
            }
        }
        let percent = rate.unwrap_or(0.0);
        self.has_traces = percent > 0.0;
        let exporters = exporters.map(|node| self.exporters(node));
        if let Some(name) = self.name.take() {
            block.insert("service_name".to_owned(), name.into());
        }
        if let Some(period) = period {
            let seconds = period as i64;
            self.remark(
                "reporting_period",
                format!("`metric_reporting_period`: {seconds} seconds"),
            );
            block.insert("metric_reporting_period".to_owned(), seconds.into());
        }
        if self.has_traces {
            let fraction = (percent / 100.0).min(1.0);
            let text = format!("`trace_sample_rate`: {percent} % as a fraction, {fraction}");
            self.remark("sample_rate", text);
            block.insert("trace_sample_rate".to_owned(), fraction.into());
        } else {
            let text =
                "0 % is `disable_traces` of each exporter: a `trace_sample_rate` of 0 traces all";
            self.remark("sample_rate", text);
        }
        if let Some(layers) = layers.and_then(|node| self.layers(node)) {
            block.insert("layers".to_owned(), layers);
        }
        block.insert("exporters".to_owned(), exporters.unwrap_or_else(|| json!({})));
        Value::Object(block)
    }

    /// The layers that are off: without a list all are on, and those that a list leaves out are not.
    fn layers(&mut self, node: NodeId) -> Option<Value> {
        let doc = self.doc;
        let is_on =
            |name| doc.get(node, name).is_some_and(|on| doc.kind(on.value) == Kind::Bool(true));
        let off = json!({ "disable_metrics": true, "disable_traces": true });
        let stage = json!({ "disable_stage": true });
        let backend = json!({ "metrics": stage, "traces": stage });
        let mut layers = Map::new();
        for (old, new, off) in
            [("router", "global", &off), ("pipe", "proxy", &off), ("backend", "backend", &backend)]
        {
            let text = format!("the layer `{new}`");
            if is_on(old) {
                self.remark(&format!("enabled_layers.{old}"), format!("{text}, which is on"));
            } else {
                self.remark(&format!("enabled_layers.{old}"), format!("{text}, switched off"));
                layers.insert(new.to_owned(), off.clone());
            }
        }
        (!layers.is_empty()).then_some(Value::Object(layers))
    }

    fn exporters(&mut self, node: NodeId) -> Value {
        let doc = self.doc;
        let (mut otlp, mut prometheus) = (Vec::new(), Vec::new());
        for Member { key, value } in doc.members(node) {
            let name = doc.key(key).into_owned();
            if let Some(service) = self.text(value, "service_name").or(self.text(value, "service"))
                && !service.is_empty()
            {
                self.name.get_or_insert(service);
            }
            let path = format!("exporters.{name}");
            match name.as_str() {
                "prometheus" => {
                    let port = doc.get(value, "port").and_then(|port| doc.number(port.value));
                    let mut exporter = json!({ "name": "prometheus" });
                    if let Some(port) = port {
                        exporter["port"] = (port as i64).into();
                    }
                    prometheus.push(exporter);
                    self.remark(&path, "a Prometheus exporter on the same port; metrics get other names");
                    self.lose_members(value, &path, &["port"]);
                }
                "jaeger" => {
                    let endpoint = self.text(value, "endpoint");
                    let endpoint = endpoint.or(self.text(value, "agent_endpoint"));
                    let host = endpoint.and_then(|it| host_of(&it)).unwrap_or("jaeger".to_owned());
                    let text = format!("Jaeger takes OTLP on port {OTLP} of {host}; metrics it takes none");
                    self.remark(&path, text);
                    otlp.push(self.otlp("jaeger", &host, false));
                    self.lose_members(value, &path, &["endpoint", "agent_endpoint", "service_name"]);
                }
                "ocagent" => {
                    let host = self.text(value, "address").and_then(|it| host_of(&it));
                    let host = host.unwrap_or("otel-collector".to_owned());
                    let text = format!("the `otlp` receiver of the same collector, on port {OTLP} of {host}");
                    self.remark(&path, text);
                    otlp.push(self.otlp("ocagent", &host, true));
                    self.lose_members(value, &path, &["address", "service_name", "insecure"]);
                }
                "datadog" => {
                    let host = self.text(value, "trace_address").and_then(|it| host_of(&it));
                    let host = host.unwrap_or("datadog-agent".to_owned());
                    let text = format!("the OTLP receiver of the Datadog agent, on port {OTLP} of {host}");
                    self.remark(&path, text);
                    otlp.push(self.otlp("datadog", &host, true));
                    let known = ["trace_address", "stats_address", "service", "namespace"];
                    self.lose_members(value, &path, &known);
                }
                "logger" => self.lose(&path, "there is no exporter to the log: the collector's `debug` exporter prints what it gets"),
                "zipkin" | "influxdb" | "stackdriver" | "xray" => {
                    let text = "through an OpenTelemetry Collector, which sends it on";
                    self.remark(&path, text);
                    otlp.push(self.otlp(&name, "otel-collector", name != "zipkin" && name != "xray"));
                }
                _ => self.lose(&path, "OpenTelemetry has no such exporter"),
            }
        }
        let mut exporters = Map::new();
        if !otlp.is_empty() {
            exporters.insert("otlp".to_owned(), Value::Array(otlp));
        }
        if !prometheus.is_empty() {
            exporters.insert("prometheus".to_owned(), Value::Array(prometheus));
        }
        Value::Object(exporters)
    }

    fn otlp(&self, name: &str, host: &str, metrics: bool) -> Value {
        let mut exporter = json!({ "name": name, "host": host, "port": OTLP });
        if !metrics {
            exporter["disable_metrics"] = true.into();
        }
        if !self.has_traces {
            exporter["disable_traces"] = true.into();
        }
        exporter
    }

    fn text(&self, node: NodeId, name: &str) -> Option<String> {
        Some(self.doc.str(self.doc.get(node, name)?.value)?.into_owned())
    }

    /// Names the members of `node` that have no counterpart; those `known` were dealt with.
    fn lose_members(&mut self, node: NodeId, path: &str, known: &[&str]) {
        let doc = self.doc;
        for member in doc.members(node) {
            let name = doc.key(member.key);
            if !known.contains(&&*name) {
                self.lose(&format!("{path}.{name}"), "OpenTelemetry has no such setting");
            }
        }
    }

    fn remark(&mut self, setting: &str, text: impl Into<String>) {
        self.remarks.push(Remark::new(setting, text));
    }

    fn lose(&mut self, setting: &str, why: &str) {
        self.remark(setting, format!("no counterpart: {why}"));
        self.lost.push(setting.to_owned());
    }
}

/// The host in an address with or without scheme, user, port and path.
fn host_of(address: &str) -> Option<String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, rest)| rest);
    let host = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => format!("[{address}]"),
        None => authority.split(':').next().unwrap_or_default().to_owned(),
    };
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::host_of;

    #[test]
    fn the_host_of_an_address() {
        for (address, host) in [
            ("http://jaeger:14268/api/traces", Some("jaeger")),
            ("jaeger:6831", Some("jaeger")),
            ("user:secret@collector:55678", Some("collector")),
            ("[::1]:55678", Some("[::1]")),
            ("collector", Some("collector")),
            (":55678", None),
            ("", None),
        ] {
            assert_eq!(host_of(address).as_deref(), host, "{address}");
        }
    }
}
