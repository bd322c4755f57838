//! What is in force without being written: small notes at the ends of lines, for those who ask for
//! them.

use std::collections::BTreeMap;

use super::in_force::percent;
use super::part::{self, Part};
use crate::document::NodeId;
use crate::effective::layers::Signal;
use crate::effective::{Effective, Sampler, Status};
use crate::linter::Options;
use crate::source::Source;

/// A note at the end of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The end of the line, without its line end.
    pub offset: u32,
    /// A few words.
    pub text: String,
}

/// What is in force in `source` without being written there, in the order of the lines.
#[must_use]
pub fn hints(source: &Source, options: &Options) -> Vec<Hint> {
    let mut notes: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    part::ask::<()>(source, &mut |part| {
        for effective in part.effective(part.target(options)) {
            if effective.block.is_some() && effective.status() != Status::Dropped {
                of_service(source, part, &effective, &mut notes);
            }
            for backend in effective.endpoints.iter().flat_map(|endpoint| &endpoint.backends) {
                if backend.written().is_some() {
                    let layer = effective.backend_of(backend);
                    for signal in layer.signals() {
                        signal_off(source, part, signal, &mut notes);
                    }
                }
            }
        }
        if part.is_template { Some(()) } else { None }
    });
    let hints = notes.into_iter().map(|(offset, texts)| Hint { offset, text: texts.join(", ") });
    hints.collect()
}

type Notes = BTreeMap<u32, Vec<String>>;

/// Adds a note at the end of the line on which `node` begins.
fn note(source: &Source, part: &Part<'_>, node: NodeId, text: String, notes: &mut Notes) {
    let opening = part.outer(part.doc.opening(node));
    let line = source.line(source.position(opening.start).line);
    let texts = notes.entry(line.end).or_default();
    if !texts.contains(&text) {
        texts.push(text);
    }
}

fn of_service(source: &Source, part: &Part<'_>, effective: &Effective<'_>, notes: &mut Notes) {
    let service = &effective.service;
    if let Some(block) = &effective.block {
        if service.sampler.node.is_none() && service.has_traces() {
            let text = match service.sampler.value {
                Sampler::Always => "every trace is kept".to_owned(),
                Sampler::Ratio(ratio) => format!("{} of new traces are kept", percent(ratio)),
            };
            note(source, part, block.node, text, notes);
        }
        if service.period.node.is_none() && service.has_otlp_metrics() {
            let text = format!("metrics every {} s", service.period.value);
            note(source, part, block.node, text, notes);
        }
    }
    for exporter in &service.otlp {
        if exporter.port.node.is_none() && exporter.gets_something() {
            let text = format!("port {}", exporter.port.value);
            note(source, part, exporter.node, text, notes);
        }
    }
    for exporter in &service.prometheus {
        if exporter.port.node.is_none() {
            let text = format!("port {}", exporter.port.value);
            note(source, part, exporter.node, text, notes);
        }
    }
    for signal in service.layers.backend.signals() {
        signal_off(source, part, signal, notes);
    }
}

/// A signal of the backend layer that is written has nothing on but what is written.
fn signal_off(source: &Source, part: &Part<'_>, signal: &Signal, notes: &mut Notes) {
    let Some(node) = signal.node else { return };
    let flags = [
        ("round_trip", &signal.round_trip),
        ("read_payload", &signal.read_payload),
        ("detailed_connection", &signal.detailed_connection),
    ];
    let off = flags.into_iter().filter(|(_, flag)| flag.node.is_none() && !flag.value);
    let off: Vec<_> = off.map(|(name, _)| name).collect();
    if !off.is_empty() {
        note(source, part, node, format!("{} off", off.join(", ")), notes);
    }
}
