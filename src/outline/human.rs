//! An outline for a person at a terminal.

use std::fmt::Write;

use crate::report::{clean, name};

use super::{
    Exporter, From, HeadersForm, Layer, Outline, Place, SamplerForm, Service, SignalForm, Value,
};

/// Draws `outline`; origins are dimmed if `color`. Control characters are made visible.
#[must_use]
pub fn render(outline: &Outline, color: bool) -> String {
    let mut pen = Pen { text: String::new(), file: &outline.file, color };
    let status = match outline.status {
        "active" => "telemetry is on",
        "does-not-start" => "the gateway crashes at start-up (`otel-lint FILE` tells where)",
        "load-error" => {
            "the gateway does not load the configuration (`otel-lint FILE` tells where)"
        }
        "idle" => "the telemetry block is taken, but nothing is exported",
        "dropped" => "telemetry is off: the gateway drops the block and logs one error line",
        _ => "telemetry is off: there is no telemetry block",
    };
    pen.line(0, &format!("{}: {status}", name(&outline.file)));
    pen.line(0, &format!("checked against {}", outline.target.why));
    if let Some(service) = &outline.service {
        pen.service(service);
    }
    if !outline.exporters.is_empty() {
        pen.title("Exporters");
        for exporter in &outline.exporters {
            pen.exporter(exporter);
        }
    }
    if let Some(layers) = &outline.layers {
        pen.title("Layers");
        pen.layer("global", "clients to gateway", &layers.global);
        pen.layer("proxy", "work of an endpoint", &layers.proxy);
        pen.line(1, "backend (gateway to backends)");
        pen.signal("traces", &layers.backend.traces);
        pen.headers(&layers.backend.headers);
        pen.signal("metrics", &layers.backend.metrics);
    }
    if !outline.ports.is_empty() {
        pen.title("Ports");
    }
    for port in &outline.ports {
        let address = if port.address.is_empty() { "*" } else { &port.address };
        let others = outline.ports.iter().filter(|other| {
            port.clashes && !std::ptr::eq(*other, port) && other.port.value == port.port.value
        });
        let others: Vec<&str> = others.map(|other| other.owner).collect();
        let clash = if others.is_empty() {
            String::new()
        } else {
            format!(" (conflicts with {})", others.join(", "))
        };
        let text = format!("`{address}:{}` {}{clash}", port.port.value, port.owner);
        pen.valued(1, &text, &port.port.from);
    }
    if !outline.overrides.is_empty() {
        pen.title("Overrides");
    }
    for entry in &outline.overrides {
        let word = match entry.status {
            "dropped" => ": dropped silently, a value has the wrong type",
            "ignored" => ": ignored, nothing in it is read",
            _ if entry.changes.is_empty() => ": changes nothing",
            _ => "",
        };
        let origin = format!("{}:{}", entry.file.as_deref().unwrap_or(pen.file), entry.line);
        pen.sourced(1, &format!("{}{word}", entry.place), &origin);
        for change in &entry.changes {
            let text = format!("{}: {} instead of {}", change.setting, change.here, change.service);
            pen.valued(2, &text, &change.from);
        }
    }
    if !outline.environment.is_empty() {
        pen.title("May be changed by the environment of the gateway");
    }
    for variable in &outline.environment {
        pen.line(1, &format!("{}: {}", variable.name, variable.changes));
    }
    pen.text
}

struct Pen<'o> {
    text: String,
    file: &'o str,
    color: bool,
}

impl Pen<'_> {
    fn line(&mut self, indent: usize, text: &str) {
        let _ = writeln!(self.text, "{:1$}{2}", "", indent * 2, clean(text));
    }

    /// A line and, dimmed, where what it says comes from.
    fn sourced(&mut self, indent: usize, text: &str, origin: &str) {
        let origin = clean(origin);
        let origin =
            if self.color { format!("\u{1b}[2m{origin}\u{1b}[0m") } else { format!("({origin})") };
        let _ = writeln!(self.text, "{:1$}{2}  {origin}", "", indent * 2, clean(text));
    }

    fn title(&mut self, text: &str) {
        self.text.push('\n');
        self.line(0, text);
    }

    fn origin(&self, from: &From) -> String {
        match from {
            From::Default => "default".to_owned(),
            From::Written(Place { file, line, .. }) => {
                format!("{}:{line}", file.as_deref().unwrap_or(self.file))
            }
        }
    }

    fn valued(&mut self, indent: usize, text: &str, from: &From) {
        let origin = self.origin(from);
        self.sourced(indent, text, &origin);
    }

    fn service(&mut self, service: &Service) {
        self.title("Service");
        self.valued(1, &format!("name: {}", service.name.value), &service.name.from);
        if !service.environment.value.is_empty() {
            let environment = &service.environment;
            self.valued(1, &format!("environment: {}", environment.value), &environment.from);
        }
        self.valued(
            1,
            &format!("sampler: {}", sampler(service.sampler.value)),
            &service.sampler.from,
        );
        let joins = &service.joins_incoming_traces;
        let text = if joins.value { "joined" } else { "ignored: each request begins a trace" };
        self.valued(1, &format!("traces of clients: {text}"), &joins.from);
        let sent = if service.propagates_to_backends { "sent" } else { "not sent" };
        self.line(1, &format!("traceparent to backends: {sent}"));
        let paths = &service.skip_paths;
        self.valued(1, &format!("not reported: {}", paths.value.join(", ")), &paths.from);
    }

    fn exporter(&mut self, exporter: &Exporter) {
        match exporter {
            Exporter::Otlp {
                name,
                protocol,
                address,
                host_from,
                port_from,
                tls,
                possible,
                traces,
                metrics,
                metric_period,
            } => {
                self.valued(1, &format!("{} (otlp)", or_unnamed(&name.value)), &name.from);
                let scheme = match (protocol.value, tls) {
                    ("http", true) => "https",
                    (protocol, _) => protocol,
                };
                let secrecy = if *tls { "TLS" } else { "plaintext" };
                let fault = if *possible { "" } else { ", which cannot be reached" };
                let (host, port) = (self.origin(host_from), self.origin(port_from));
                let origin = if host == port { host } else { format!("{host}, port {port}") };
                self.sourced(2, &format!("{scheme}://{address}, {secrecy}{fault}"), &origin);
                self.switch(2, "traces", traces);
                self.switch(2, "metrics", metrics);
                if metrics.value {
                    let period = format!("metrics every {} s", metric_period.value);
                    self.valued(2, &period, &metric_period.from);
                }
            }
            Exporter::Prometheus { name, listen, port, metrics, process_metrics, go_metrics } => {
                self.valued(1, &format!("{} (prometheus)", or_unnamed(&name.value)), &name.from);
                let address = if listen.value.is_empty() { "all addresses" } else { &listen.value };
                let text = format!("listens on port {} of {address}", port.value);
                self.valued(2, &text, &port.from);
                self.switch(2, "metrics", metrics);
                self.switch(2, "process metrics", process_metrics);
                self.switch(2, "Go metrics", go_metrics);
            }
        }
    }

    fn layer(&mut self, name: &str, meaning: &str, layer: &Layer) {
        self.line(1, &format!("{name} ({meaning})"));
        self.switch(2, "traces", &layer.traces);
        self.headers(&layer.headers);
        self.attributes("on traces", &layer.traces_attributes);
        self.switch(2, "metrics", &layer.metrics);
        self.attributes("on metrics", &layer.metrics_attributes);
    }

    fn signal(&mut self, name: &str, signal: &SignalForm) {
        self.switch(2, &format!("{name}: stage"), &signal.stage);
        self.switch(2, &format!("{name}: round trip"), &signal.round_trip);
        self.switch(2, &format!("{name}: reading the body"), &signal.read_payload);
        let instrumented = signal.round_trip.value || signal.read_payload.value;
        let details = &signal.detailed_connection;
        if details.value && !instrumented {
            self.valued(2, &format!("{name}: connection: on, without effect"), &details.from);
        } else {
            self.switch(2, &format!("{name}: connection"), details);
        }
        self.attributes(&format!("on {name}"), &signal.attributes);
    }

    fn headers(&mut self, headers: &HeadersForm) {
        let text = match (headers.reported.value, headers.skipped.is_empty()) {
            (false, _) => "headers: not reported".to_owned(),
            (true, true) => "headers: all reported".to_owned(),
            (true, false) => format!("headers: reported, but {}", headers.skipped.join(", ")),
        };
        self.valued(2, &text, &headers.reported.from);
    }

    fn attributes(&mut self, on: &str, attributes: &[String]) {
        if !attributes.is_empty() {
            self.line(2, &format!("attributes {on}: {}", attributes.join(", ")));
        }
    }

    fn switch(&mut self, indent: usize, name: &str, value: &Value<bool>) {
        let word = if value.value { "on" } else { "off" };
        self.valued(indent, &format!("{name}: {word}"), &value.from);
    }
}

fn or_unnamed(name: &str) -> &str {
    if name.is_empty() { "without a name" } else { name }
}

/// The sampler in words.
fn sampler(sampler: SamplerForm) -> String {
    match sampler {
        SamplerForm::Always => "all traces, even those that the caller does not sample".to_owned(),
        SamplerForm::Ratio { ratio } => {
            // Four digits are more than anybody means; they hide the noise of binary fractions.
            let percent = (ratio * 1_000_000.0).round() / 10_000.0;
            format!("{percent} % of new traces, callers' decisions respected")
        }
    }
}
