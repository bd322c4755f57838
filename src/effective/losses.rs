//! What an override leaves behind of the service's settings.
//!
//! It replaces a whole layer (krakend-otel `state/config.go`), so a setting that it does not repeat
//! falls back to its default. Only what makes a difference counts: a setting that does something for
//! the service, in a signal that the override does not turn off and that some exporter takes.

use super::layers::{Headers, Matching, Signal};
use super::{Backend, Effective, Endpoint};
use crate::document::NodeId;
use crate::model::{self, Attribute, Field, Place};
use crate::releases;

/// A setting of the service that an override loses.
#[derive(Clone, Copy, Debug)]
pub struct Loss {
    /// The object of the override that lacks it.
    pub object: NodeId,
    /// Its name.
    pub name: &'static str,
    /// Where the service has it.
    pub at: Place,
}

impl Effective<'_> {
    /// What the `proxy` override of `endpoint` loses of the service's `layers.proxy`.
    #[must_use]
    pub fn lost_by_endpoint(&self, endpoint: &Endpoint) -> Vec<Loss> {
        let mut losses = Losses::new();
        let Some(own) = endpoint.written() else { return losses.found };
        let (object, own) = (own.node, own.layer);
        let Some(written) = self.layers().and_then(|layers| layers.proxy.get()) else {
            return losses.found;
        };
        let (all, one) = (&self.service.layers.proxy, &*self.proxy_of(endpoint));
        let (w, o) = (written, own);
        if self.service.has_traces() && one.traces.value {
            let off = !all.traces.value;
            if !losses.note(object, "disable_traces", off, &w.disable_traces, &o.disable_traces) {
                let written = (&w.report_headers, &w.skip_headers);
                let own = (&o.report_headers, &o.skip_headers);
                losses.headers(object, (&all.headers, &one.headers), written, own);
                let (name, some) = ("traces_static_attributes", !all.traces_attributes.is_empty());
                let (w, o) = (&w.traces_static_attributes, &o.traces_static_attributes);
                losses.note(object, name, some, w, o);
            }
        }
        if self.service.has_metrics() && one.metrics.value {
            let off = !all.metrics.value;
            if !losses.note(object, "disable_metrics", off, &w.disable_metrics, &o.disable_metrics)
            {
                let name = "metrics_static_attributes";
                let some = !all.metrics_attributes.is_empty();
                let (w, o) = (&w.metrics_static_attributes, &o.metrics_static_attributes);
                losses.note(object, name, some, w, o);
            }
        }
        losses.found
    }

    /// What the override of `backend` loses of the service's `layers.backend`. Nothing where the
    /// gateway crashes because of it.
    #[must_use]
    pub fn lost_by_backend(&self, backend: &Backend) -> Vec<Loss> {
        let mut losses = Losses::new();
        let Some(own) = backend.written() else { return losses.found };
        let (object, own) = (own.node, own.layer);
        let Some(written) = self.layers().and_then(|layers| layers.backend.get()) else {
            return losses.found;
        };
        if self.target.version >= releases::BACKEND_OVERRIDE_PANICS && !own.traces.is_written() {
            return losses.found;
        }
        let (all, one) = (&self.service.layers.backend, &*self.backend_of(backend));
        if self.service.has_traces() {
            let signals = (&all.traces, &one.traces);
            match (written.traces.get(), own.traces.get(), own.traces.at()) {
                (Some(w), Some(o), Some(at)) if one.traces.stage.value => {
                    losses.flags(at.node, signals.0, w.into(), o.into());
                    let written = (&w.report_headers, &w.skip_headers);
                    let own = (&o.report_headers, &o.skip_headers);
                    losses.headers(at.node, (&all.headers, &one.headers), written, own);
                }
                _ => {
                    let differs = differ(signals) || all.headers.reported.value;
                    losses.note(object, "traces", differs, &written.traces, &own.traces);
                }
            }
        }
        if self.service.has_metrics() {
            let signals = (&all.metrics, &one.metrics);
            match (written.metrics.get(), own.metrics.get(), own.metrics.at()) {
                (Some(w), Some(o), Some(at)) if one.metrics.stage.value => {
                    losses.flags(at.node, signals.0, w.into(), o.into());
                }
                _ => {
                    let differs = differ(signals);
                    losses.note(object, "metrics", differs, &written.metrics, &own.metrics);
                }
            }
        }
        losses.found
    }

    /// The service's `layers` as written.
    fn layers(&self) -> Option<&model::Layers> {
        self.block.as_ref()?.written.layers.get()
    }
}

struct Losses {
    /// Where the places of the service's settings are counted from.
    found: Vec<Loss>,
}

impl Losses {
    fn new() -> Self {
        Self { found: Vec::new() }
    }

    /// Takes note of `name` if it matters to the service and the override does not write it. Whether
    /// it is lost.
    fn note<T>(
        &mut self,
        object: NodeId,
        name: &'static str,
        matters: bool,
        written: &Field<T>,
        own: &Field<T>,
    ) -> bool {
        let place = written.at().filter(|_| matters && !own.is_written());
        self.found.extend(place.map(|at| Loss { object, name, at }));
        place.is_some()
    }

    /// Reporting headers, and which not. The list matters where headers are reported, or will be
    /// once the setting is repeated.
    fn headers(
        &mut self,
        object: NodeId,
        (all, one): (&Headers, &Headers),
        written: (&Field<bool>, &Field<Vec<Field<String>>>),
        own: (&Field<bool>, &Field<Vec<Field<String>>>),
    ) {
        let reported = all.reported.value;
        let again = self.note(object, "report_headers", reported, written.0, own.0);
        let matters = all.matching != Matching::Ignored
            && !all.skipped.value.is_empty()
            && (again || one.reported.value);
        self.note(object, "skip_headers", matters, written.1, own.1);
    }

    fn flags(&mut self, at: NodeId, all: &Signal, w: Flags<'_>, o: Flags<'_>) {
        let detailed = all.detailed_connection.value && all.instruments_client();
        self.note(at, "disable_stage", !all.stage.value, w.stage, o.stage);
        self.note(at, "round_trip", all.round_trip.value, w.round_trip, o.round_trip);
        self.note(at, "read_payload", all.read_payload.value, w.read_payload, o.read_payload);
        self.note(at, "detailed_connection", detailed, w.connection, o.connection);
        let some = !all.attributes.is_empty();
        self.note(at, "static_attributes", some, w.attributes, o.attributes);
    }
}

/// What both signals of the backend layer have in common.
#[derive(Clone, Copy)]
struct Flags<'m> {
    stage: &'m Field<bool>,
    round_trip: &'m Field<bool>,
    read_payload: &'m Field<bool>,
    connection: &'m Field<bool>,
    attributes: &'m Field<Vec<Field<Attribute>>>,
}

impl<'m> From<&'m model::BackendTraces> for Flags<'m> {
    fn from(written: &'m model::BackendTraces) -> Self {
        Self {
            stage: &written.disable_stage,
            round_trip: &written.round_trip,
            read_payload: &written.read_payload,
            connection: &written.detailed_connection,
            attributes: &written.static_attributes,
        }
    }
}

impl<'m> From<&'m model::BackendMetrics> for Flags<'m> {
    fn from(written: &'m model::BackendMetrics) -> Self {
        Self {
            stage: &written.disable_stage,
            round_trip: &written.round_trip,
            read_payload: &written.read_payload,
            connection: &written.detailed_connection,
            attributes: &written.static_attributes,
        }
    }
}

/// Whether two signals report different things; attributes are the service's to lose.
fn differ((all, one): (&Signal, &Signal)) -> bool {
    let flags = |signal: &Signal| {
        let Signal { stage, round_trip, read_payload, detailed_connection, .. } = signal;
        [stage.value, round_trip.value, read_payload.value, detailed_connection.value]
    };
    flags(all) != flags(one) || !all.attributes.is_empty()
}
