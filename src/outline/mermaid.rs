//! An outline as a Mermaid flow chart: client, layers, exporters and where they send.

use std::fmt::Write;

use super::{Exporter, Outline};

/// Draws `outline` for a README or a pull request.
#[must_use]
pub fn render(outline: &Outline) -> String {
    let mut text = String::from("flowchart LR\n");
    let Some((layers, service)) = outline.layers.as_ref().zip(outline.service.as_ref()) else {
        let _ = writeln!(text, "  gateway[\"{}<br/>no telemetry\"]", quoted(&outline.file));
        return text;
    };
    let _ = writeln!(text, "  client([client]) --> global");
    let _ = writeln!(text, "  subgraph gateway[\"{}\"]", quoted(&service.name.value));
    for (id, traces, metrics) in [
        ("global", layers.global.traces.value, layers.global.metrics.value),
        ("proxy", layers.proxy.traces.value, layers.proxy.metrics.value),
        ("backend", reports(&layers.backend.traces), reports(&layers.backend.metrics)),
    ] {
        let _ = writeln!(text, "    {id}[\"{id} layer<br/>{}\"]", signals(traces, metrics));
    }
    text.push_str("    telemetry{{telemetry}}\n    global --> proxy --> backend\n");
    text.push_str("    global & proxy & backend -.-> telemetry\n  end\n");
    let sent = if service.propagates_to_backends { "traceparent" } else { "no traceparent" };
    let _ = writeln!(text, "  backend -->|{sent}| backends([backends])");
    for (index, exporter) in outline.exporters.iter().enumerate() {
        match exporter {
            Exporter::Otlp { name, protocol, address, tls, traces, metrics, .. } => {
                let secrecy = if *tls { "TLS" } else { "plaintext" };
                let _ = writeln!(
                    text,
                    "  telemetry -.->|\"{}\"| exporter{index}[/\"{}<br/>OTLP over {}, {secrecy}\"/]",
                    signals(traces.value, metrics.value),
                    quoted(&name.value),
                    if protocol.value == "http" { "HTTP" } else { "gRPC" },
                );
                let _ = writeln!(
                    text,
                    "  exporter{index} --> target{index}[(\"{}\")]",
                    quoted(address)
                );
            }
            Exporter::Prometheus { name, port, metrics, .. } => {
                let _ = writeln!(
                    text,
                    "  telemetry -.->|\"{}\"| exporter{index}[/\"{}<br/>port {}\"/]",
                    signals(false, metrics.value),
                    quoted(&name.value),
                    port.value
                );
                let _ = writeln!(text, "  target{index}[(\"Prometheus\")] --> exporter{index}");
            }
        }
    }
    text
}

fn reports(signal: &super::SignalForm) -> bool {
    signal.stage.value || signal.round_trip.value || signal.read_payload.value
}

fn signals(traces: bool, metrics: bool) -> &'static str {
    match (traces, metrics) {
        (true, true) => "traces, metrics",
        (true, false) => "traces",
        (false, true) => "metrics",
        (false, false) => "nothing",
    }
}

/// Text as it may stand between the quotes of a Mermaid label. Mermaid decodes entities in some labels
/// only, so what has a meaning to it is replaced; this is a picture, not a record.
fn quoted(text: &str) -> String {
    let shown = |c: char| match c {
        '"' | '`' => '\'',
        c if c.is_alphanumeric() || " -_./:[]'()+,=@".contains(c) => c,
        _ => '_',
    };
    text.chars().map(shown).collect()
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_label_has_nothing_that_mermaid_would_read() {
        assert_eq!(quoted("a \"b\" <br> #1; \n|x|"), "a 'b' _br_ _1_ __x_");
        assert_eq!(quoted("größe [::1]:4317"), "größe [::1]:4317");
    }
}
