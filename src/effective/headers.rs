//! Headers as attributes of spans: where they are reported, and which ones get that far.
//!
//! Upstream: krakend-otel `http/server/{server,traces}.go`, `lura/proxy_tracer.go`,
//! `http/client/transport_traces.go`; lura `router/gin/endpoint.go` and `proxy/http_response.go`
//! (which headers get to a layer).

use super::Effective;
use super::layers::{Layer, Matching};
use super::overrides::Written;
use super::places::{Backend, Endpoint};
use crate::document::NodeId;
use crate::model::{self, Field, Place};

/// Headers that carry credentials, in their canonical form.
pub const CREDENTIALS: [&str; 5] =
    ["Authorization", "Proxy-Authorization", "Cookie", SET_COOKIE, "X-Api-Key"];

/// The one of them that comes with responses.
const SET_COOKIE: &str = "Set-Cookie";

/// What one layer does with headers.
#[derive(Clone, Copy, Debug)]
pub struct HeaderSettings<'e> {
    /// The layer.
    pub layer: Layer,
    /// The object that holds the two settings.
    pub object: NodeId,
    /// Where the places of the two are counted from.
    /// Whether headers are reported.
    pub report: &'e Field<bool>,
    /// Those that are not.
    pub skip: &'e Field<Vec<Field<String>>>,
    /// Whether the layer makes spans at all.
    pub has_spans: bool,
    /// How the release compares the entries of `skip`.
    pub matching: Matching,
    /// The endpoint, and the backend, whose override this is; `None` for the service.
    pub of: Option<(&'e Endpoint, Option<&'e Backend>)>,
}

/// What an entry of `skip_headers` is as the name of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// In the canonical form, such as `X-Api-Key`.
    Canonical,
    /// In another form that a release may or may not take for the same.
    OtherCase,
    /// Nothing at all.
    Empty,
    /// With a star, as if there were wildcards.
    Wildcard,
    /// With blanks around it, or a colon after it.
    Padded,
    /// With a byte that no name of a header has.
    Invalid,
}

impl Entry {
    /// What `text` is.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let bare = bare(text);
        if bare.is_empty() {
            Self::Empty
        } else if text.contains('*') {
            Self::Wildcard
        } else if !bare.bytes().all(is_token) {
            Self::Invalid
        } else if bare != text {
            Self::Padded
        } else if canonical(text) == text {
            Self::Canonical
        } else {
            Self::OtherCase
        }
    }

    /// Whether no header is called like this.
    #[must_use]
    pub fn is_malformed(self) -> bool {
        !matches!(self, Self::Canonical | Self::OtherCase)
    }
}

impl<'e> HeaderSettings<'e> {
    /// Whether headers become attributes of spans, given that spans are exported.
    #[must_use]
    pub fn reports(&self) -> bool {
        self.has_spans && self.report.get() == Some(&true)
    }

    /// The entries of `skip_headers` with their places; `null` is none.
    pub fn entries(&self) -> impl Iterator<Item = (NodeId, &'e str)> + use<'e> {
        let entries = self.skip.get().into_iter().flatten();
        entries.filter_map(move |entry| Some((entry.at()?.node, entry.get()?.as_str())))
    }

    /// Where `report_headers` is written.
    #[must_use]
    pub fn report_at(&self) -> Option<Place> {
        self.report.at()
    }

    /// Where `skip_headers` is written.
    #[must_use]
    pub fn skip_at(&self) -> Option<Place> {
        self.skip.at()
    }

    /// Whether an entry means the header `name`, well or badly written. Whether the release
    /// understands it so is another question.
    #[must_use]
    pub fn means(&self, name: &str) -> bool {
        self.entries().any(|(_, entry)| match entry.split_once('*') {
            Some((start, _)) => {
                name.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
            }
            None => bare(entry).eq_ignore_ascii_case(name),
        })
    }

    /// Whether a request of `endpoint` to `backend` meets this setting, given that of an override the
    /// endpoint is the right one.
    fn governs(&self, endpoint: &Endpoint, backend: &Backend) -> bool {
        match (self.of, self.layer) {
            (None, Layer::Global) => true,
            (None, Layer::Proxy) => !endpoint.is_overridden,
            (None, Layer::Backend) => !backend.is_overridden,
            (Some((_, only)), _) => only.is_none_or(|only| only.node == backend.node),
        }
    }
}

impl Effective<'_> {
    /// What layers do with headers: the service's, then those of each override that is in force and
    /// writes something about headers. Layers that are not written report none, and are left out.
    pub fn header_blocks(&self) -> impl Iterator<Item = Vec<HeaderSettings<'_>>> {
        let service = std::iter::once_with(|| self.service_headers());
        let overrides = self.block.is_some() && self.takes_overrides();
        let endpoints = self.endpoints.iter().filter(move |it| overrides && it.is_reported);
        let overrides = endpoints.flat_map(move |endpoint| {
            // Most overrides say nothing of headers: no layer is computed for them.
            let says = |report: &Field<bool>, skip: &Field<Vec<Field<String>>>| {
                report.is_written() || skip.is_written()
            };
            let proxy = endpoint.written();
            let proxy =
                proxy.filter(|own| says(&own.layer.report_headers, &own.layer.skip_headers));
            let proxy = proxy.map(|own| {
                let has_spans = self.proxy_of(endpoint).traces.value;
                self.settings_of_proxy(&own, has_spans, Some((endpoint, None)))
            });
            let backends = endpoint.backends.iter().filter_map(move |backend| {
                let own = backend.written()?;
                let traces = own.layer.traces.get()?;
                if !says(&traces.report_headers, &traces.skip_headers) {
                    return None;
                }
                let reports = self.backend_of(backend).traces.reports();
                self.settings_of_backend(own.layer, reports, Some((endpoint, Some(backend))))
            });
            proxy.into_iter().chain(backends)
        });
        service.chain(overrides.map(|settings| vec![settings]))
    }

    fn service_headers(&self) -> Vec<HeaderSettings<'_>> {
        let layers = self.block.as_ref().and_then(|block| block.written.layers.get());
        let Some(layers) = layers else { return Vec::new() };
        let in_force = &self.service.layers;
        let global =
            layers.global.get().zip(layers.global.at()).map(|(written, at)| HeaderSettings {
                layer: Layer::Global,
                object: at.node,
                report: &written.report_headers,
                skip: &written.skip_headers,
                has_spans: in_force.global.traces.value,
                matching: in_force.global.headers.matching,
                of: None,
            });
        let proxy = layers.proxy.get().zip(layers.proxy.at()).map(|(layer, at)| {
            let own = Written { node: at.node, layer };
            self.settings_of_proxy(&own, in_force.proxy.traces.value, None)
        });
        let backend = layers.backend.get().and_then(|written| {
            self.settings_of_backend(written, in_force.backend.traces.reports(), None)
        });
        let mut settings: Vec<_> = [global, proxy, backend].into_iter().flatten().collect();
        settings.sort_by_key(|settings| settings.object);
        settings
    }

    fn settings_of_proxy<'e>(
        &self,
        own: &Written<'e, model::Proxy>,
        has_spans: bool,
        of: Option<(&'e Endpoint, Option<&'e Backend>)>,
    ) -> HeaderSettings<'e> {
        HeaderSettings {
            layer: Layer::Proxy,
            object: own.node,
            report: &own.layer.report_headers,
            skip: &own.layer.skip_headers,
            has_spans,
            matching: Matching::of(self.target),
            of,
        }
    }

    fn settings_of_backend<'e>(
        &self,
        written: &'e model::BackendLayer,
        has_spans: bool,
        of: Option<(&'e Endpoint, Option<&'e Backend>)>,
    ) -> Option<HeaderSettings<'e>> {
        let traces = written.traces.get()?;
        Some(HeaderSettings {
            layer: Layer::Backend,
            object: written.traces.at()?.node,
            report: &traces.report_headers,
            skip: &traces.skip_headers,
            has_spans,
            matching: Matching::of(self.target),
            of,
        })
    }

    /// Whether the header `name` of a client gets to the layer of `settings`: all do at the global
    /// layer; behind it only those that `input_headers` lets through.
    #[must_use]
    pub fn reaches(&self, settings: &HeaderSettings<'_>, name: &str) -> bool {
        let sees = |endpoint: &Endpoint, backend: &Backend| {
            endpoint.forwards(self.doc, name)
                && (settings.layer != Layer::Backend || backend.accepts(self.doc, name))
        };
        settings.layer == Layer::Global || self.meets(settings, sees)
    }

    /// Whether the layer of `settings` can see the header `name` of [`CREDENTIALS`]: one of a client,
    /// or `Set-Cookie` of a response. The proxy layer sees the headers of a response only if a
    /// backend hands it on as it is (`no-op`).
    #[must_use]
    pub fn exposes(&self, settings: &HeaderSettings<'_>, name: &str) -> bool {
        match settings.layer {
            Layer::Global => true,
            _ if name != SET_COOKIE => self.reaches(settings, name),
            Layer::Proxy => {
                self.meets(settings, |endpoint, backend| self.hands_on_responses(endpoint, backend))
            }
            Layer::Backend => self.meets(settings, |_, _| true),
        }
    }

    /// Whether `endpoint` hands on what `backend` answers as it is, headers included. A `no-op` of the
    /// endpoint is also one of its backend (lura `config/config.go`).
    fn hands_on_responses(&self, endpoint: &Endpoint, backend: &Backend) -> bool {
        let written = |object: NodeId, key| self.doc.get(object, key).map(|member| member.value);
        let is_no_op = |value| self.doc.str(value).is_some_and(|text| text == "no-op");
        let output = written(endpoint.node, "output_encoding")
            .or_else(|| self.root.and_then(|root| written(root, "output_encoding")));
        output.is_some_and(is_no_op) || written(backend.node, "encoding").is_some_and(is_no_op)
    }

    /// Whether some request that meets `settings` passes `test`.
    fn meets(
        &self,
        settings: &HeaderSettings<'_>,
        test: impl Fn(&Endpoint, &Backend) -> bool,
    ) -> bool {
        let endpoints = match settings.of {
            Some((own, _)) => std::slice::from_ref(own),
            None => &self.endpoints,
        };
        endpoints.iter().filter(|endpoint| endpoint.is_reported).any(|endpoint| {
            let mut met = endpoint.backends.iter().filter(|it| settings.governs(endpoint, it));
            met.any(|backend| test(endpoint, backend))
        })
    }
}

/// The name of a header as Go's `net/textproto` writes it: `x-api-key` is `X-Api-Key`.
#[must_use]
pub fn canonical(name: &str) -> String {
    let mut begins = true;
    name.chars()
        .map(|c| {
            let c = if begins { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
            begins = c == '-';
            c
        })
        .collect()
}

/// An entry without blanks around it and without a colon after it.
#[must_use]
pub fn bare(entry: &str) -> &str {
    entry.trim().trim_end_matches(':').trim_end()
}

/// Whether `byte` may stand in the name of a header (RFC 9110, 5.6.2).
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_canonical_as_in_go() {
        assert_eq!(canonical("x-api-KEY"), "X-Api-Key");
        assert_eq!(canonical("ETag"), "Etag");
        assert_eq!(canonical("cookie"), "Cookie");
    }

    #[test]
    fn entries_are_told_apart() {
        let table = [
            ("Set-Cookie", Entry::Canonical),
            ("set-cookie", Entry::OtherCase),
            ("", Entry::Empty),
            (" : ", Entry::Empty),
            ("X-*", Entry::Wildcard),
            ("Cookie ", Entry::Padded),
            ("cookie:", Entry::Padded),
            ("Cookie, Set-Cookie", Entry::Invalid),
            ("Authorization: x", Entry::Invalid),
        ];
        for (text, entry) in table {
            assert_eq!(Entry::of(text), entry, "{text}");
        }
    }
}
