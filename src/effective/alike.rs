//! Overrides that are written alike.
//!
//! They are often copied from one endpoint to the next, and those with the same text share what was
//! read of them. A question about what is written in one has the same answer for all, so it is asked of
//! the first of each text; only where that one gives cause are the others looked at.

use std::collections::HashSet;
use std::sync::Arc;

use foldhash::fast::FixedState;

use super::places::{Backend, Endpoint};
use super::{Block, Effective};
use crate::document::NodeId;

/// The first override of a text: that of an endpoint, or of one of its backends. Each is an index.
#[derive(Clone, Copy, Debug)]
pub(super) struct First {
    endpoint: usize,
    backend: Option<usize>,
}

impl First {
    /// The same where so many endpoints are before these.
    pub(super) fn after(self, endpoints: usize) -> Self {
        Self { endpoint: self.endpoint + endpoints, ..self }
    }
}

/// The first override of each text.
pub(super) fn firsts(endpoints: &[Endpoint]) -> Vec<First> {
    let mut seen = HashSet::with_hasher(FixedState::default());
    // What nobody shares needs no remembering.
    let mut is_new = |is_shared: bool, address: usize| !is_shared || seen.insert(address);
    let mut firsts = Vec::new();
    for (endpoint, at) in endpoints.iter().zip(0..) {
        if endpoint.block.as_ref().is_some_and(|block| is_new(is_shared(block), address(block))) {
            firsts.push(First { endpoint: at, backend: None });
        }
        for (backend, index) in endpoint.backends.iter().zip(0..) {
            if backend.block.as_ref().is_some_and(|block| is_new(is_shared(block), address(block)))
            {
                firsts.push(First { endpoint: at, backend: Some(index) });
            }
        }
    }
    firsts
}

/// Where what was read of `block` is kept: the same for those that share it.
fn address<T>(block: &Block<T>) -> usize {
    Arc::as_ptr(&block.written).addr()
}

fn is_shared<T>(block: &Block<T>) -> bool {
    Arc::strong_count(&block.written) > 1
}

impl Effective<'_> {
    /// One telemetry block of each text, wherever it is. To ask it is enough for what depends on
    /// nothing but the text.
    pub fn texts(&self) -> impl Iterator<Item = NodeId> {
        let service = self.block.iter().map(|block| block.node);
        let security = self.security.iter().map(|block| block.node);
        service.chain(security).chain(self.override_texts())
    }

    /// One override of each text.
    pub fn override_texts(&self) -> impl Iterator<Item = NodeId> {
        self.firsts.iter().filter_map(|first| {
            let endpoint = &self.endpoints[first.endpoint];
            Some(match first.backend {
                None => endpoint.block.as_ref()?.node,
                Some(index) => endpoint.backends[index].block.as_ref()?.node,
            })
        })
    }

    /// The first endpoint of each text of an endpoint's override.
    pub fn first_endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        let own = self.firsts.iter().filter(|first| first.backend.is_none());
        own.map(|first| &self.endpoints[first.endpoint])
    }

    /// The first backend of each text of a backend's override.
    pub fn first_backends(&self) -> impl Iterator<Item = &Backend> {
        let backends = self.firsts.iter();
        backends.filter_map(|first| Some(&self.endpoints[first.endpoint].backends[first.backend?]))
    }
}
