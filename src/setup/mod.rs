//! Writing telemetry into a configuration: a block for a destination, or in the place of OpenCensus.
//!
//! Both give edits of the document, which [`crate::fix`] lowers to bytes in the style of the file, and
//! what is to be said about each setting.

pub mod destination;
pub mod opencensus;
pub mod partial;

use serde_json::{Value, json};

pub use destination::Destination;

use crate::document::{Document, Kind, NodeId, Parsed};
use crate::effective::{NAMESPACE, SECURITY_NAMESPACE, headers};
use crate::finding::Edit;
use crate::releases;
use crate::setup::destination::Way;
use crate::source::Format;
use crate::target::{Edition, Target};

/// What is wanted.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where telemetry goes.
    pub destination: &'static Destination,
    /// Whether OTLP goes over HTTP; `None` for what suits the destination.
    pub http: Option<bool>,
    /// The host of the exporter; `None` for that of the destination.
    pub host: Option<String>,
    /// The port of the exporter; `None` for that of the protocol.
    pub port: Option<u16>,
    /// What the gateway is called in traces and metrics.
    pub service_name: String,
    /// The share of requests that are traced, above 0 and at most 1.
    pub sample_rate: f64,
    /// The gateway it is for.
    pub target: Target,
}

/// What is to be written into an `extra_config`.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// Namespaces and their blocks.
    pub blocks: Vec<(&'static str, Value)>,
    /// Settings, as paths in the first block, and what each is for.
    pub remarks: Vec<Remark>,
}

/// A setting or another thing, and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The setting, as a path with dots.
    pub setting: String,
    /// A sentence.
    pub text: String,
}

impl Remark {
    fn new(setting: &str, text: impl Into<String>) -> Self {
        Self { setting: setting.to_owned(), text: text.into() }
    }
}

/// Why nothing can be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The syntax is broken.
    #[error("it cannot be read: correct its syntax first")]
    Broken,
    /// It is neither a configuration nor the content of an `extra_config`.
    #[error("it is neither a KrakenD configuration nor the content of an `extra_config`")]
    Foreign,
    /// There is a block already, at this line.
    #[error("it has `{NAMESPACE}` already, in line {0}")]
    Present(u32),
    /// There is nothing to replace.
    #[error("it has no `telemetry/opencensus`")]
    NoOpenCensus,
    /// A value stands where an object is needed, at this line.
    #[error("the value in line {0} is not an object")]
    NoObject(u32),
    /// The text around the place cannot be edited.
    #[error("there is no place to write it: write it by hand")]
    NoPlace,
}

impl Request {
    /// What to write.
    #[must_use]
    pub fn telemetry(&self) -> Telemetry {
        let mut remarks = vec![Remark::new(
            "service_name",
            format!("the name of the gateway in traces and metrics: {}", self.service_name),
        )];
        let mut block = json!({ "service_name": self.service_name });
        let mut blocks = Vec::new();
        let way = self.way();
        if way != Way::Prometheus {
            block["trace_sample_rate"] = self.sample_rate.into();
            let percent = (self.sample_rate * 1000.0).round() / 10.0;
            let text = format!("{percent} % of the requests are traced; 1 traces all, 0 as well");
            remarks.push(Remark::new("trace_sample_rate", text));
        }
        block["exporters"] = self.exporters(way, &mut remarks);
        if way != Way::Prometheus {
            block["layers"] = self.layers(&mut remarks);
        }
        blocks.push((NAMESPACE, block));
        if let Way::Vendor { header, variable, .. } = way {
            let headers = json!({ header: format!("${{{variable}}}") });
            let credentials = json!([{ "name": self.destination.id, "headers": headers }]);
            blocks.push((SECURITY_NAMESPACE, json!({ "otlp": credentials })));
            let text = format!(
                "the key, which `envsubst` or Flexible Configuration puts there from ${variable}; \
                 never write it into the file"
            );
            remarks.push(Remark::new(SECURITY_NAMESPACE, text));
        }
        Telemetry { blocks, remarks }
    }

    /// How telemetry gets there. Only the Enterprise Edition can send credentials itself.
    fn way(&self) -> Way {
        match self.destination.way {
            Way::Vendor { .. } if self.target.edition == Edition::Community => Way::Collector,
            way => way,
        }
    }

    fn exporters(&self, way: Way, remarks: &mut Vec<Remark>) -> Value {
        let destination = self.destination;
        if way == Way::Prometheus {
            let port = self.port.unwrap_or(9090);
            let text = format!("Prometheus scrapes http://<gateway>:{port}/metrics");
            remarks.push(Remark::new("exporters.prometheus[0].port", text));
            return json!({ "prometheus": [{ "name": destination.id, "port": port }] });
        }
        let host = match (&self.host, way) {
            (Some(host), _) => host.as_str(),
            (None, Way::Vendor { host, .. }) => host,
            (None, Way::Collector) => "otel-collector",
            (None, _) => destination.host,
        };
        let is_vendor = matches!(way, Way::Vendor { .. });
        let http = is_vendor || self.http.unwrap_or(false);
        let port = self.port.unwrap_or(match (is_vendor, http) {
            (true, _) => 443,
            (false, true) => 4318,
            (false, false) => 4317,
        });
        let mut exporter = json!({ "name": destination.id, "host": host, "port": port });
        let text = match way {
            Way::Collector => format!("{}: {}", destination.title, destination.remark),
            Way::Vendor { .. } => format!("where {} takes OTLP", destination.title),
            _ => format!("where {} is; {}", destination.title, destination.remark),
        };
        remarks.push(Remark::new("exporters.otlp[0].host", text));
        let protocol = if http { "HTTP" } else { "gRPC" };
        let text =
            format!("OTLP over {protocol}; the gateway's default is 4317 for both protocols");
        remarks.push(Remark::new("exporters.otlp[0].port", text));
        if http {
            exporter["use_http"] = true.into();
        }
        if !destination.takes_metrics && way != Way::Collector {
            exporter["disable_metrics"] = true.into();
            let text = format!("{} takes traces only", destination.title);
            remarks.push(Remark::new("exporters.otlp[0].disable_metrics", text));
        }
        json!({ "otlp": [exporter] })
    }

    /// The layers with all detail, without the headers that hold credentials. Releases that cannot leave
    /// headers out report none.
    fn layers(&self, remarks: &mut Vec<Remark>) -> Value {
        let mut traces = json!({
            "round_trip": true,
            "read_payload": true,
            "detailed_connection": true,
        });
        let text =
            "spans of the request to the backend, of reading its answer, and of the connection";
        remarks.push(Remark::new("layers.backend.traces", text));
        let is_skipped = self.target.version >= releases::SKIP_HEADERS;
        if !is_skipped {
            return json!({ "backend": { "traces": traces } });
        }
        let layer = json!({ "report_headers": true, "skip_headers": headers::CREDENTIALS });
        let text = "headers become attributes of spans, but for those with credentials";
        remarks.push(Remark::new("layers.….skip_headers", text));
        for (name, value) in layer.as_object().into_iter().flatten() {
            traces[name] = value.clone();
        }
        json!({ "global": layer, "proxy": layer, "backend": { "traces": traces } })
    }
}

/// The text of a new configuration for `target`, in `format`.
#[must_use]
pub fn new_file(format: Format, target: Target) -> String {
    let schema = format!("https://www.krakend.io/schema/v{}/krakend.json", target.version.minor());
    match format {
        Format::Json => format!("{{\n  \"$schema\": \"{schema}\",\n  \"version\": 3\n}}\n"),
        Format::Yaml => format!("$schema: {schema}\nversion: 3\n"),
        Format::Toml => format!("\"$schema\" = \"{schema}\"\nversion = 3\n"),
    }
}

/// The edits that write `blocks` into a configuration, or into the content of an `extra_config`.
pub fn edits(parsed: &Parsed<'_>, blocks: &[(&'static str, Value)]) -> Result<Vec<Edit>, Refusal> {
    let place = Place::of(parsed)?;
    let doc = &parsed.document;
    match place {
        Place::Root(root) => {
            let members = blocks.iter().map(|(name, block)| ((*name).to_owned(), block.clone()));
            let value = Value::Object(members.collect());
            Ok(vec![Edit::Insert { object: root, key: "extra_config".to_owned(), value }])
        }
        Place::ExtraConfig(object) => {
            if let Some(block) = doc.get(object, NAMESPACE) {
                return Err(Refusal::Present(line(doc, block.key)));
            }
            let insert = |(name, value): &(&str, Value)| Edit::Insert {
                object,
                key: (*name).to_owned(),
                value: value.clone(),
            };
            Ok(blocks.iter().map(insert).collect())
        }
    }
}

/// Where blocks of the service go.
#[derive(Clone, Copy, Debug)]
enum Place {
    /// The root of a configuration, which has no `extra_config`.
    Root(NodeId),
    /// An `extra_config`.
    ExtraConfig(NodeId),
}

impl Place {
    fn of(parsed: &Parsed<'_>) -> Result<Self, Refusal> {
        let doc = &parsed.document;
        if !parsed.reliable || parsed.faults.iter().any(|fault| !fault.is_warning) {
            return Err(Refusal::Broken);
        }
        let root = doc.root().filter(|&root| doc.kind(root) == Kind::Object);
        let root = root.ok_or(Refusal::Foreign)?;
        if let Some(member) = doc.get(root, "extra_config") {
            let is_object = doc.kind(member.value) == Kind::Object;
            let refusal = Refusal::NoObject(line(doc, member.value));
            return is_object.then_some(Self::ExtraConfig(member.value)).ok_or(refusal);
        }
        let has = |name| doc.get(root, name).is_some();
        if has("version") || has("endpoints") {
            return Ok(Self::Root(root));
        }
        let is_content = doc.members(root).any(|member| doc.key(member.key).contains('/'));
        is_content.then_some(Self::ExtraConfig(root)).ok_or(Refusal::Foreign)
    }
}

/// The line of `node`.
fn line(doc: &Document<'_>, node: NodeId) -> u32 {
    doc.source().position(doc.span(node).start).line
}
