//! Static attributes: every list that is in force, with its place.
//!
//! Upstream: krakend-otel `http/server/server.go` and `router/gin/endpoint.go` (global layer),
//! `lura/proxy.go`, `lura/backend.go`, `lura/attributes.go`.

use super::layers::{Layer, SignalKind};
use super::places::{Backend, Endpoint, EndpointKind};
use super::{Block, Effective};
use crate::document::NodeId;
use crate::model::{self, Field};
use crate::releases;

/// One list of static attributes.
#[derive(Clone, Copy, Debug)]
pub struct AttributeList<'e> {
    /// The layer they are added to.
    pub layer: Layer,
    /// Whether they are added to metrics or to spans.
    pub signal: SignalKind,
    /// The items as written.
    pub items: &'e [Field<model::Attribute>],
}

/// The lists of one block: the service's, or those of one override.
#[derive(Clone, Copy, Debug)]
pub struct AttributeBlock<'e>([Option<AttributeList<'e>>; 6]);

/// A pair that is really added: it has both a key and a value.
#[derive(Clone, Copy, Debug)]
pub struct Pair<'e> {
    /// The layer it is added to.
    pub layer: Layer,
    /// Whether it is added to metrics or to spans.
    pub signal: SignalKind,
    /// Its item in the list.
    pub item: NodeId,
    /// Its key.
    pub key: &'e str,
    /// Where the key is written.
    pub key_at: NodeId,
    /// Its value.
    pub value: &'e str,
    /// Where the value is written.
    pub value_at: NodeId,
}

type List = Field<Vec<Field<model::Attribute>>>;

impl<'e> AttributeList<'e> {
    fn of(layer: Layer, signal: SignalKind, list: &'e List) -> Option<Self> {
        let items = list.get().filter(|items| !items.is_empty())?;
        Some(Self { layer, signal, items })
    }

    /// The pairs that are really added: one without key or without value is dropped.
    pub fn pairs(&self) -> impl Iterator<Item = Pair<'e>> + use<'e> {
        let Self { layer, signal, items } = *self;
        items.iter().filter_map(move |item| {
            let attribute = item.get()?;
            let key = attribute.key.get().filter(|key| !key.is_empty())?;
            let value = attribute.value.get().filter(|value| !value.is_empty())?;
            Some(Pair {
                layer,
                signal,
                item: item.at()?.node,
                key,
                key_at: attribute.key.at()?.node,
                value,
                value_at: attribute.value.at()?.node,
            })
        })
    }
}

impl<'e> AttributeBlock<'e> {
    /// The lists, in the order of the model.
    pub fn lists(&self) -> impl Iterator<Item = &AttributeList<'e>> {
        self.0.iter().flatten()
    }

    /// Its pairs that have a key and a value.
    pub fn pairs(&self) -> impl Iterator<Item = Pair<'e>> {
        self.lists().flat_map(AttributeList::pairs)
    }

    /// The pairs of all lists that `test` picks, in the order of the document. Those with the same key
    /// and value stand together: the same attribute is often given to several layers.
    #[must_use]
    pub fn alike(&self, test: impl Fn(&Pair<'e>) -> bool) -> Vec<Vec<Pair<'e>>> {
        let mut picked: Vec<Pair<'e>> = self.pairs().filter(|pair| test(pair)).collect();
        picked.sort_by_key(|pair| pair.item);
        let mut groups: Vec<Vec<Pair<'e>>> = Vec::new();
        for pair in picked {
            let same = |group: &&mut Vec<Pair<'e>>| {
                group.first().is_some_and(|one| (one.key, one.value) == (pair.key, pair.value))
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.push(pair),
                None => groups.push(vec![pair]),
            }
        }
        groups
    }
}

impl Effective<'_> {
    /// Every block with lists of static attributes that the gateway looks at and that passes `test`:
    /// the service's first, then the overrides in the order of the document. A service block that is
    /// dropped for another fault counts: its attributes are checked all the same.
    pub fn attribute_blocks<'e>(
        &'e self,
        test: &dyn Fn(&AttributeBlock<'e>) -> bool,
    ) -> Vec<AttributeBlock<'e>> {
        let service = self.block.as_ref().map(|block| self.service_attributes(block));
        let are_read = self.block.is_some() && self.takes_overrides();
        let endpoints = if are_read { &*self.endpoints } else { &[] };
        let endpoints = endpoints.iter().filter(|endpoint| endpoint.is_reported);
        let overrides = endpoints.flat_map(|endpoint| {
            let own = self.endpoint_attributes(endpoint);
            own.into_iter().chain(endpoint.backends.iter().filter_map(backend_attributes))
        });
        service.into_iter().chain(overrides).filter(|block| test(block)).collect()
    }

    fn service_attributes<'e>(&self, block: &'e Block<model::Service>) -> AttributeBlock<'e> {
        let Some(layers) = block.written.layers.get() else { return AttributeBlock([None; 6]) };
        let known = self.target.version >= releases::LAYER_ATTRIBUTES;
        let [global_metrics, global_traces] =
            layers.global.get().filter(|_| known).map_or([None; 2], global_lists);
        let [proxy_metrics, proxy_traces] =
            layers.proxy.get().filter(|_| known).map_or([None; 2], proxy_lists);
        let [metrics, traces] = layers.backend.get().map_or([None; 2], backend_lists);
        AttributeBlock([
            global_metrics,
            global_traces,
            proxy_metrics,
            proxy_traces,
            metrics,
            traces,
        ])
    }

    fn endpoint_attributes<'e>(&self, endpoint: &'e Endpoint) -> Option<AttributeBlock<'e>> {
        let block = endpoint.block.as_ref().filter(|block| block.errors.is_empty())?;
        // The global layer is that of the HTTP server; no message of an agent passes it.
        let served = endpoint.kind == EndpointKind::Endpoint
            && self.target.version >= releases::ENDPOINT_ATTRIBUTES;
        let global = block.written.global.get().filter(|_| served);
        let [global_metrics, global_traces] =
            global.map_or([None; 2], |global| global_lists(global));
        let [proxy_metrics, proxy_traces] =
            block.written.proxy.get().map_or([None; 2], |proxy| proxy_lists(proxy));
        let backend = block.written.backend.get().filter(|_| !self.is_community());
        let [metrics, traces] = backend.map_or([None; 2], |backend| backend_lists(backend));
        Some(AttributeBlock([
            global_metrics,
            global_traces,
            proxy_metrics,
            proxy_traces,
            metrics,
            traces,
        ]))
    }
}

type Lists<'e> = [Option<AttributeList<'e>>; 2];

fn global_lists(global: &model::Global) -> Lists<'_> {
    let list = |signal, list| AttributeList::of(Layer::Global, signal, list);
    [
        list(SignalKind::Metrics, &global.metrics_static_attributes),
        list(SignalKind::Traces, &global.traces_static_attributes),
    ]
}

fn proxy_lists(proxy: &model::Proxy) -> Lists<'_> {
    let list = |signal, list| AttributeList::of(Layer::Proxy, signal, list);
    [
        list(SignalKind::Metrics, &proxy.metrics_static_attributes),
        list(SignalKind::Traces, &proxy.traces_static_attributes),
    ]
}

fn backend_lists(backend: &model::BackendLayer) -> Lists<'_> {
    let list = |signal, list| AttributeList::of(Layer::Backend, signal, list);
    let metrics = backend.metrics.get();
    let traces = backend.traces.get();
    [
        metrics.and_then(|metrics| list(SignalKind::Metrics, &metrics.static_attributes)),
        traces.and_then(|traces| list(SignalKind::Traces, &traces.static_attributes)),
    ]
}

fn backend_attributes(backend: &Backend) -> Option<AttributeBlock<'_>> {
    let own = backend.written()?;
    let [metrics, traces] = backend_lists(own.layer);
    Some(AttributeBlock([None, None, None, None, metrics, traces]))
}

/// The attributes that the gateway itself gives to the metrics or spans of a layer.
///
/// Upstream: krakend-otel `http/server/{server,metrics,traces}.go`, `http/attributes.go`,
/// `lura/{proxy,proxy_meter,proxy_tracer,attributes}.go`, `http/client/transport_*.go`.
#[must_use]
pub fn built_in(layer: Layer, signal: SignalKind) -> &'static [&'static str] {
    match (layer, signal) {
        (Layer::Global, SignalKind::Metrics) => {
            &["http.route", "http.request.method", "http.response.status_code", "url.scheme"]
        }
        (Layer::Global, SignalKind::Traces) => &[
            "krakend.stage",
            "http.route",
            "http.request.method",
            "http.request.body.size",
            "http.response.status_code",
            "http.response.body.size",
            "server.address",
            "client.address",
            "user_agent.original",
        ],
        (Layer::Proxy, SignalKind::Metrics) => {
            &["http.route", "http.request.method", "error", "complete", "canceled"]
        }
        (Layer::Proxy, SignalKind::Traces) => &[
            "krakend.stage",
            "http.route",
            "http.request.method",
            "http.response.status_code",
            "error",
            "complete",
            "canceled",
        ],
        (Layer::Backend, SignalKind::Metrics) => &[
            "http.route",
            "http.request.method",
            "http.response.status_code",
            "krakend.endpoint.route",
            "krakend.endpoint.method",
            "server.address",
            "server.port",
            "clientname",
            "error",
            "complete",
            "canceled",
        ],
        (Layer::Backend, SignalKind::Traces) => &[
            "krakend.stage",
            "http.route",
            "http.request.method",
            "http.request.body.size",
            "http.response.status_code",
            "http.response.body.size",
            "krakend.endpoint.route",
            "krakend.endpoint.method",
            "server.address",
            "server.port",
            "user_agent.original",
            "error",
            "complete",
            "canceled",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::source::Source;
    use crate::target::Target;

    /// Lists for both signals, of pairs with the value `value`, as the layers of an agent have them.
    fn lists(value: &str) -> String {
        let list = format!(r#"[{{ "key": "k", "value": "{value}" }}]"#);
        format!(r#""metrics_static_attributes": {list}, "traces_static_attributes": {list}"#)
    }

    /// The same as the backend layer has them.
    fn of_backend(value: &str) -> String {
        let list = format!(r#"{{ "static_attributes": [{{ "key": "k", "value": "{value}" }}] }}"#);
        format!(r#""backend": {{ "metrics": {list}, "traces": {list} }}"#)
    }

    #[test]
    fn the_attributes_of_every_block_are_found_at_every_place() {
        let block = |text: &str| {
            format!(r#""extra_config": {{ "telemetry/opentelemetry": {{ {text} }} }}"#)
        };
        let service = format!(
            r#""exporters": {{}}, "layers": {{ "global": {{ {} }}, "proxy": {{ {} }}, {} }}"#,
            lists("global"),
            lists("proxy"),
            of_backend("backend"),
        );
        let layers = format!(
            r#""global": {{ {} }}, "proxy": {{ {} }}"#,
            lists("global of endpoint"),
            lists("proxy of endpoint"),
        );
        let endpoint = format!(
            r#"{{ "endpoint": "/", {}, "backend": [{{ "url_pattern": "/", {} }}] }}"#,
            block(&layers),
            block(&of_backend("backend of backend")),
        );
        let text = format!(
            r#"{{ "version": 3, {}, "endpoints": [{endpoint}, {{ "endpoint": "/x" }}, {endpoint}] }}"#,
            block(&service),
        );
        let source = Source::new("t", text);
        let parsed = document::read(&source);
        let effective = Effective::new(&parsed.document, Target::default());
        let values = |test: &dyn Fn(&AttributeBlock<'_>) -> bool| -> Vec<&str> {
            let blocks = effective.attribute_blocks(test);
            blocks.iter().flat_map(AttributeBlock::pairs).map(|pair| pair.value).collect()
        };
        let twice = |values: &[&'static str]| values.iter().flat_map(|it| [*it; 2]).collect();
        let [service, endpoint, backend]: [Vec<&str>; 3] = [
            twice(&["global", "proxy", "backend"]),
            twice(&["global of endpoint", "proxy of endpoint"]),
            twice(&["backend of backend"]),
        ];
        assert_eq!(
            values(&|_| true),
            [&*service, &endpoint, &backend, &endpoint, &backend].concat()
        );
        // Those that one of their values tells apart.
        let with = |value| values(&move |block| block.pairs().any(|pair| pair.value == value));
        assert_eq!(with("proxy"), service);
        assert_eq!(with("proxy of endpoint"), endpoint.repeat(2));
        assert_eq!(with("backend of backend"), backend.repeat(2));
        assert_eq!(with("nothing"), [""; 0]);
    }
}
