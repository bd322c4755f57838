//! The telemetry block as types: the only definition of its shape.
//!
//! serde reads a block into them, with the place of every setting ([`Field`]); schemars turns them
//! into the published schemas, whose descriptions are the doc comments found here. What a setting
//! needs beyond that stands beside it as an annotation, which the generator consumes:
//!
//! | annotation | meaning |
//! |---|---|
//! | `x-since` | first minor release whose official schema lists it; `{}`: none does |
//! | `x-until` | last minor release whose official schema lists it |
//! | `x-works-since` | first release of the Community Edition that reads it, if that is later; `never` |
//! | `x-edition` | `ee`: only the Enterprise Edition has it |
//!
//! A value is one text for all scopes, or an object with a text per scope; in an `x-since` of the
//! second kind a scope without a text does not have the setting. What is not annotated is as its
//! parent. Some fields are in no schema of a scope and are here all the same, because the gateway
//! decodes them: a wrong type in one spoils its whole block.
//!
//! Upstream: the structs of krakend-otel `config/config.go`, and krakend-schema
//! `v2.*/telemetry/opentelemetry*.json` for what those structs lack.

pub(crate) mod annotation;
mod exporters;
mod field;
pub mod known;
mod layers;
pub mod names;
mod overrides;
mod scope;
mod security;
mod service;

pub use exporters::{Exporters, OtlpExporter, PrometheusExporter};
pub use field::{FIELD, FIELD_PARTS, Field, Place};
pub use layers::{Attribute, BackendLayer, BackendMetrics, BackendTraces, Global, Layers, Proxy};
pub use overrides::{BackendOverride, EndpointOverride, ExportersOverride};
pub use scope::{NAMESPACE, NAMESPACES, SECURITY_NAMESPACE, Scope, ScopeError};
pub use security::{Credentials, Security};
pub use service::{Histograms, Service};

/// Whether `key` is a comment: the gateway ignores keys that it does not know, and the official schemas
/// let those with these first characters pass (krakend-schema `patternProperties`).
#[must_use]
pub fn is_comment(key: &str) -> bool {
    key.starts_with(['@', '$', '_', '#'])
}
