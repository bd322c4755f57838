//! What differs between the releases of the gateway: since which one each behaviour is so.
//!
//! The settings themselves have their releases in the model.

use crate::target::{Version, v};

/// 2.6.2 no longer fails when a client aborts (krakend-otel v0.4.1): before, gateways broke.
pub const ABORTS_HANDLED: Version = v(2, 6, 2);
/// `skip_paths` also silences the global layer (krakend-otel v0.5.0).
pub const SKIP_PATHS_GLOBAL: Version = v(2, 6, 3);
/// The schema lists the `backend` settings of an endpoint.
pub const ENDPOINT_BACKEND_LISTED: Version = v(2, 7, 0);
/// Static attributes of the global and proxy layers are added (krakend-otel v0.6.0).
pub const LAYER_ATTRIBUTES: Version = v(2, 7, 1);
/// Overrides are read in the documented shape (krakend-otel v0.6.2).
pub const OVERRIDES: Version = v(2, 8, 0);
/// The Enterprise Edition takes `histograms`.
pub const HISTOGRAMS: Version = v(2, 8, 0);
/// A release that answers 500 to every request while telemetry is on.
pub const ANSWERS_500: Version = v(2, 9, 0);
/// Static attributes that an endpoint has for the global layer are added (krakend-otel v0.7.0).
pub const ENDPOINT_ATTRIBUTES: Version = v(2, 9, 0);
/// `semantic_convention` is read.
pub const SEMANTIC_CONVENTION: Version = v(2, 9, 0);
/// The HTTP client is instrumented for each signal on its own.
pub const CLIENT_PER_SIGNAL: Version = v(2, 9, 0);
/// The last release in which `use_http` without a scheme means TLS.
pub const LAST_HTTP_OVER_TLS: Version = v(2, 9, 4);
/// A scheme before the host of an exporter is understood.
pub const URL_SCHEMES: Version = v(2, 10, 0);
/// `custom_metric_reporting_period` is read.
pub const CUSTOM_PERIOD: Version = v(2, 10, 0);
/// `deploy_env` is read.
pub const DEPLOY_ENV: Version = v(2, 10, 0);
/// The last minor release whose loader is viper, which lower-cases keys and loses empty objects.
pub const LAST_VIPER: Version = v(2, 11, u16::MAX);
/// The loader is koanf, which keeps keys as they are written.
pub const KOANF: Version = v(2, 12, 0);
/// A backend override without `traces` panics at start (krakend-otel v0.13.0).
pub const BACKEND_OVERRIDE_PANICS: Version = v(2, 12, 0);
/// `skip_headers` is read; entries are compared letter by letter.
pub const SKIP_HEADERS: Version = v(2, 12, 0);
/// The schema lists nothing that the gateway of the same release does not read.
pub const SCHEMA_IN_STEP: Version = v(2, 12, 0);
/// Entries of `skip_headers` are compared in any case.
pub const SKIP_HEADERS_IN_ANY_CASE: Version = v(2, 13, 0);
/// A Prometheus exporter renames what is not a label instead of losing the metric (prometheus/common 0.67).
pub const LABELS_RENAMED: Version = v(2, 13, 5);
